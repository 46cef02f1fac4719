//! Promises that are almost always kept: breaches as counts, departments by how much these surprise.

use super::block::{Block, Cell, Head, Row, Section, Table};
use super::words::Words;
use crate::measure::{NEARLY_ALWAYS, Rare, RareCell, Test};

/// Departments shown of a promise before the rest is folded; all that stand out are shown.
const SHOWN: usize = 5;
/// Months of the windows.
const QUARTER: i32 = 3;
const YEAR: i32 = 12;
/// Chances below this, or above the rest of 1, are not told more finely.
const FINEST: f64 = 0.01;

/// Returns the section; nothing for a project without such a promise.
pub(super) fn section(words: &Words<'_>) -> Option<Section> {
    let rare = &words.published.rare;
    if rare.is_empty() {
        return None;
    }
    let share = words.locale().share(NEARLY_ALWAYS, 0);
    let args = [("share", share.into()), ("months", year(words).into())];
    let mut blocks = vec![Block::Paragraph(words.say("report-rare-what", &args))];
    for one in rare {
        blocks.extend(promise(words, one));
    }
    let tests = rare.iter().flat_map(|one| &one.cells);
    let tests = tests.flat_map(|cell| cell.against_target.iter().chain(&cell.against_past)).count();
    let args = [("tests", tests.into()), ("months", year(words).into())];
    blocks.push(Block::Note(words.say("report-rare-note", &args)));
    Some(Section { id: "rare", title: words.phrase("report-rare"), blocks })
}

/// The months of the longer window, as far as there are any.
fn year(words: &Words<'_>) -> String {
    let month = words.published.month;
    let back = i32::try_from(there_are(words, YEAR)).unwrap_or(YEAR);
    words.locale().months(month.plus(1 - back), month)
}

/// How many of the last so many months there are.
pub(super) fn there_are(words: &Words<'_>, months: i32) -> usize {
    let published = words.published;
    let first = published.window.first().copied().unwrap_or(published.month);
    usize::try_from(months.min(published.month.0 - first.0 + 1)).unwrap_or_default()
}

fn promise(words: &Words<'_>, one: &Rare) -> Vec<Block> {
    let leaves = words.leaves();
    let cells: Vec<&RareCell> = one.cells.iter().filter(|cell| leaves.contains(&cell.department)).collect();
    let shown = SHOWN.max(cells.iter().filter(|cell| cell.stands_out()).count());
    let (first, rest) = cells.split_at(shown.min(cells.len()));
    let args = [
        ("name", words.promise(one.commitment).into()),
        ("broken", words.count(one.year.1).into()),
        ("cases", words.count(one.year.0).into()),
        ("months", year(words).into()),
    ];
    let mut blocks = vec![Block::Table(table(words, words.say("report-rare-caption", &args), first))];
    if !rest.is_empty() {
        let name = words.promise(one.commitment);
        let others = words.say("report-rare-others", &[("count", rest.len().into())]);
        blocks.push(Block::folded_table(others, table(words, name, rest)));
    }
    blocks
}

fn table(words: &Words<'_>, caption: String, cells: &[&RareCell]) -> Table {
    let heads = [
        "head-department",
        "report-head-since#",
        "rare-head-surprise#",
        "rare-head-shrunk#",
        "rare-head-chance-below#",
    ];
    let mut table = words.table(caption, &heads);
    let broken = |months: i32| Head {
        text: words.say("rare-head-broken", &[("months", there_are(words, months).into())]),
        numeric: true,
    };
    table.heads.splice(1..1, [QUARTER, YEAR].map(broken));
    table.rows = cells.iter().map(|cell| row(words, cell)).collect();
    table
}

fn row(words: &Words<'_>, cell: &RareCell) -> Row {
    let locale = words.locale();
    let target = cell
        .target
        .map(|target| words.say("report-rare-target", &[("target", locale.share(target, 1).into())]));
    let ends = cell.shrunk.lower.zip(cell.shrunk.upper);
    let interval = ends.map(|(lower, upper)| locale.share_interval(lower, upper, 1));
    Row::new(vec![
        Cell::new(words.department(cell.department)).note(target.unwrap_or_default()),
        Cell::new(of(words, cell.quarter)),
        Cell::new(of(words, cell.year)),
        since(words, cell),
        surprise(words, cell),
        Cell::new(locale.share(cell.shrunk.value, 1)).note(interval.unwrap_or_default()),
        chance(words, cell),
    ])
}

/// A chance, as finely as it matters.
fn chance(words: &Words<'_>, cell: &RareCell) -> Cell {
    let Some(chance) = cell.chance_below else { return Cell::missing("–") };
    let share = |share: f64| [("share", words.locale().share(share, 0).into())];
    match chance {
        little if little < FINEST => Cell::new(words.say("rare-less", &share(FINEST))),
        much if much > 1.0 - FINEST => Cell::new(words.say("rare-more", &share(1.0 - FINEST))),
        chance => Cell::new(words.locale().share(chance, 0)),
    }
}

/// Breaches of cases.
fn of(words: &Words<'_>, (n, broken): (u64, u64)) -> String {
    let args = [("broken", words.count(broken).into()), ("cases", words.count(n).into())];
    words.say("report-rare-of", &args)
}

fn since(words: &Words<'_>, cell: &RareCell) -> Cell {
    let (n, day) = cell.since;
    let day = day.map_or_else(|| words.phrase("report-never"), |day| words.locale().day(day));
    match cell.ended {
        None => Cell::new(words.count(n)).note(day),
        Some(run) => {
            let args = [("day", day.into()), ("run", words.count(run.cases).into())];
            Cell::new(words.count(n)).note(words.say("report-rare-ended", &args)).class("bad")
        }
    }
}

/// The smallest p value, with what was tested.
fn surprise(words: &Words<'_>, cell: &RareCell) -> Cell {
    let Some(test) = cell.surprise() else { return Cell::missing("–") };
    // Nothing is surprising about no breach.
    if test.recent.1 == 0 {
        return Cell::missing("–");
    }
    let told = words.p_value(Some(test.p_value)).note(tested(words, &test));
    if test.is_alarm() { told.class("bad") } else { told }
}

fn tested(words: &Words<'_>, test: &Test) -> String {
    let months = there_are(words, test.months);
    let key = if test.before.is_some() { "report-rare-than-before" } else { "report-rare-than-target" };
    words.say(key, &[("months", months.into())])
}
