//! What distinguishes those who stand out: behaviours an hour of interview, group by group.

use super::block::{Block, Cell, Row, Section, Table};
use super::words::Words;
use crate::measure::{Compared, Interviews};
use crate::stats::Reason;

/// Level at which a difference is told.
const LEVEL: f64 = 0.05;

/// Returns the section; nothing for a project without interviews.
pub(super) fn section(words: &Words<'_>) -> Option<Section> {
    let told = words.published.interviews.as_ref()?;
    let book = &words.project.interviews;
    let title = words.phrase("report-interviews");
    let mut blocks = Vec::new();
    if told.compared.iter().any(|one| one.contrast == Err(Reason::Suppressed)) {
        let least = words.count(words.project.privacy.min_people);
        let few = words.say("report-interviews-few", &[("least", least.into())]);
        return Some(Section { id: "interviews", title, blocks: vec![Block::Paragraph(few)] });
    }
    blocks.push(Block::Paragraph(summary(words, told)));
    blocks.push(Block::Table(table(words, told)));
    if let Some(fixed) = book.fixed {
        let criterion = book.criterion.get(words.language());
        let args = [("day", words.locale().day(fixed).into()), ("criterion", criterion.into())];
        blocks.push(Block::Note(words.say("report-interviews-criterion", &args)));
    }
    if told.in_both > 0 {
        let count = usize::try_from(told.in_both).unwrap_or(usize::MAX);
        blocks.push(Block::Note(words.say("report-interviews-in-both", &[("count", count.into())])));
    }
    blocks.push(Block::Note(words.phrase("report-interviews-note")));
    Some(Section { id: "interviews", title, blocks })
}

fn name<'w>(words: &'w Words<'_>, one: &Compared) -> &'w str {
    words.project.interviews.competencies[one.competency as usize].name.get(words.language())
}

fn is_told(one: &Compared) -> bool {
    one.p_holm.is_some_and(|p| p < LEVEL)
}

fn summary(words: &Words<'_>, told: &Interviews) -> String {
    let named: Vec<&str> =
        told.compared.iter().filter(|one| is_told(one)).map(|one| name(words, one)).collect();
    let group = |place: usize| words.project.interviews.groups[place].name.get(words.language());
    let args = [
        ("count", named.len().into()),
        ("total", told.compared.len().into()),
        ("interviews", words.count(told.interviews).into()),
        ("named", named.join(", ").into()),
        ("top", group(0).into()),
        ("others", group(1).into()),
    ];
    words.say("report-interviews-summary", &args)
}

/// The competencies, those with the largest ratio first.
fn table(words: &Words<'_>, told: &Interviews) -> Table {
    let has_levels = told.compared.iter().any(|one| one.levels.iter().any(Option::is_some));
    let mut heads = vec![
        "report-head-competency",
        "interviews-head-ratio#",
        "report-head-p#",
        "interviews-head-holm#",
        "interviews-head-agreement#",
    ];
    heads.extend(has_levels.then_some("interviews-head-level#"));
    let mut table = words.table(words.phrase("report-interviews-caption"), &heads);
    for place in [1, 0] {
        let name = words.project.interviews.groups[place].name.get(words.language());
        let args = [("name", name.into()), ("n", words.count(told.persons[place]).into())];
        let text = words.say("interviews-group", &args);
        table.heads.insert(1, super::block::Head { text, numeric: true });
    }
    let mut compared: Vec<&Compared> = told.compared.iter().collect();
    let ratio = |one: &Compared| one.contrast.map_or(f64::NEG_INFINITY, |contrast| contrast.ratio);
    compared.sort_by(|a, b| ratio(b).total_cmp(&ratio(a)));
    table.rows = compared.into_iter().map(|one| row(words, one, has_levels)).collect();
    table
}

fn row(words: &Words<'_>, one: &Compared, has_levels: bool) -> Row {
    let locale = words.locale();
    let mut cells = vec![Cell::new(name(words, one))];
    match one.contrast {
        Ok(contrast) => {
            cells.extend(contrast.rates.map(|rate| Cell::new(locale.decimal(rate, 1))));
            let interval = locale.interval(contrast.interval.0, contrast.interval.1, 2);
            let ratio = Cell::new(locale.decimal(contrast.ratio, 2)).note(interval);
            cells.push(if is_told(one) { ratio.class("good") } else { ratio });
        }
        Err(reason) => {
            cells.extend([Cell::missing("–"), Cell::missing("–"), Cell::missing(words.reason(reason))])
        }
    }
    cells.extend([words.p_value(one.p_value), words.p_value(one.p_holm)]);
    cells.push(match one.agreement {
        Err(reason) => Cell::missing(words.reason(reason)),
        Ok(icc) => {
            let ends = icc.lower.zip(icc.upper);
            let note = ends.map(|(lower, upper)| locale.interval(lower, upper, 2)).unwrap_or_default();
            Cell::new(locale.decimal(icc.value, 2)).note(note)
        }
    });
    if has_levels {
        let level =
            |place: usize| one.levels[place].map_or_else(|| "–".into(), |mean| locale.decimal(mean, 1));
        cells.push(Cell::new(format!("{} / {}", level(0), level(1))));
    }
    Row::new(cells)
}
