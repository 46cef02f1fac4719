//! How many people are in which state.

use super::super::block::{Block, Cell, Folded, Group, Row, Table};
use super::super::words::Words;
use super::{people, quarter};
use crate::measure::{Attainment, States, WHOLE};
use crate::stats::Reason;

pub(super) fn blocks(words: &Words<'_>) -> Vec<Block> {
    let all = &words.published.assessed.states;
    let whole: Vec<&States> = all.iter().filter(|one| one.department == WHOLE).collect();
    let caption = words.say("report-states-caption", &[("quarter", quarter(words).into())]);
    let mut blocks = vec![
        Block::Heading(words.phrase("report-states")),
        Block::Table(table(words, caption, &whole, |one| name(words, one))),
        Block::Note(words.phrase("report-states-note")),
    ];
    let parts: Vec<Folded> =
        (0..).zip(&words.project.competencies).filter_map(|(place, _)| by_department(words, place)).collect();
    let rows = || all.iter().filter(|one| one.department != WHOLE && !one.heads);
    let withheld = rows().filter(|one| !is_told(one)).count();
    let args = [("withheld", withheld.into()), ("count", rows().count().into())];
    let note = words.say("report-states-departments-note", &args);
    if parts.is_empty() {
        blocks.extend((withheld > 0).then_some(Block::Note(note)));
    } else {
        let heading = words.phrase("report-states-departments");
        blocks.push(Block::Group(Group { heading, note: Some(note), parts }));
    }
    blocks
}

/// Says whether anything of a row is told.
fn is_told(row: &States) -> bool {
    row.people.is_ok()
}

fn name(words: &Words<'_>, one: &States) -> String {
    let name = words.competency(&words.project.competencies[one.competency as usize].code);
    if one.heads { words.say("report-states-heads", &[("name", name.into())]) } else { name }
}

fn by_department(words: &Words<'_>, competency: u32) -> Option<Folded> {
    let is_own = |one: &&States| one.competency == competency && one.department != WHOLE && !one.heads;
    let own = words.published.assessed.states.iter().filter(is_own).filter(|one| is_told(one));
    let own: Vec<&States> = own.collect();
    let name = words.competency(&words.project.competencies[competency as usize].code);
    let table = table(words, name.clone(), &own, |one| words.department(one.department));
    let summary = words.say("report-commitments-of", &[("name", name.into()), ("count", own.len().into())]);
    (!own.is_empty()).then(|| Folded { summary, blocks: vec![Block::Table(table)] })
}

fn table(words: &Words<'_>, caption: String, rows: &[&States], name: impl Fn(&States) -> String) -> Table {
    let heads = [
        "report-head-competency",
        "report-head-people#",
        "report-head-state-zero#",
        "report-head-state-below#",
        "report-head-state-levels#",
        "report-head-state-not-observed#",
        "report-head-state-contradictory#",
    ];
    let mut table = words.table(caption, &heads);
    for one in rows {
        let count = |wanted: Attainment| {
            let found = one.counts.iter().find(|(state, _)| *state == wanted);
            people(words, &found.map_or(Err(Reason::NotApplicable), |(_, count)| *count))
        };
        let mut row = vec![Cell::new(name(one)), people(words, &one.people)];
        row.extend([count(Attainment::Zero), count(Attainment::BelowFirst), levels(words, one)]);
        row.extend([count(Attainment::NotObserved), count(Attainment::Contradictory)]);
        table.rows.push(Row { strong: one.heads, ..Row::new(row) });
    }
    table
}

/// How many are at each level, one after the other.
fn levels(words: &Words<'_>, one: &States) -> Cell {
    let at = |(state, count): &(Attainment, Result<u64, Reason>)| {
        let Attainment::Level(level) = state else { return None };
        let args = [
            ("level", words.locale().decimal(f64::from(*level), 0).into()),
            ("count", people(words, count).text.into()),
        ];
        Some(words.say("report-states-level", &args))
    };
    Cell::new(one.counts.iter().filter_map(at).collect::<Vec<String>>().join(" · "))
}
