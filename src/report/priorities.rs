//! Where to begin: importance minus satisfaction, item by item; what was perceived against what was expected.

use super::block::{Block, Cell, Folded, Row, Section, Table};
use super::words::Words;
use crate::measure::{Against, Code, Expectation, Priority, WHOLE};
use crate::stats::importance_performance::Quadrant;
use crate::stats::{Estimate, Figure};

/// Most priorities named of one department.
const NAMED_MAX: usize = 3;

/// Returns the section; nothing without an importance survey and without expectations.
pub(super) fn section(words: &Words<'_>) -> Option<Section> {
    let mut blocks = Vec::new();
    if let Some(whole) = words.published.satisfaction.priorities.get(&WHOLE) {
        blocks.push(Block::Table(items(words, whole)));
        blocks.push(Block::Note(words.phrase("report-priorities-note")));
        blocks.extend(departments(words).map(Block::Folded));
    }
    let of_whole = |one: &&Expectation| one.department == WHOLE;
    let expected: Vec<&Expectation> =
        words.published.satisfaction.expectations.iter().filter(of_whole).collect();
    if !expected.is_empty() {
        blocks.push(Block::Heading(words.phrase("report-expectations")));
        blocks.push(Block::Table(expectations(words, &expected)));
        blocks.push(Block::Note(words.phrase("report-expectations-note")));
    }
    blocks.extend(super::penalty::blocks(words));
    (!blocks.is_empty()).then(|| Section {
        id: "priorities",
        title: words.phrase("report-priorities"),
        blocks,
    })
}

fn months(words: &Words<'_>) -> String {
    words.locale().months(words.published.rolling_from, words.published.month)
}

fn points(words: &Words<'_>, figure: &Figure) -> Cell {
    words.figure(&Code::Variable(String::new()), Some(figure))
}

/// A difference with its sign, and its interval below.
fn gap(words: &Words<'_>, figure: &Figure) -> Cell {
    let locale = words.locale();
    match figure {
        Err(reason) => Cell::missing(words.reason(*reason)),
        Ok(Estimate { value, lower, upper, .. }) => {
            let range = |(lower, upper)| locale.range(&locale.change(lower, 1), &locale.change(upper, 1));
            Cell::new(locale.change(*value, 1)).note(lower.zip(*upper).map(range).unwrap_or_default())
        }
    }
}

fn items(words: &Words<'_>, whole: &[Priority]) -> Table {
    let args = [("place", words.bank().into()), ("months", months(words).into())];
    let heads = [
        "report-head-item-name",
        "report-head-importance#",
        "report-head-satisfaction#",
        "report-head-gap#",
        "report-head-against-mean",
        "report-head-quadrant",
    ];
    let mut table = words.table(words.say("report-priorities-caption", &args), &heads);
    let row = |one: &Priority| {
        Row::new(vec![
            Cell::new(words.asked("client", &one.item)),
            points(words, &one.importance),
            points(words, &one.satisfaction),
            gap(words, &one.gap),
            against(words, one.against_mean),
            placed(words, one),
        ])
    };
    table.rows = whole.iter().map(row).collect();
    table
}

fn against(words: &Words<'_>, against: Against) -> Cell {
    let cell = Cell::new(words.phrase(&format!("report-priority-{}", against.code())));
    match against {
        Against::Wider => cell.class("bad"),
        Against::Narrower => cell.class("good"),
        Against::CannotTell => cell.class("missing"),
    }
}

fn placed(words: &Words<'_>, one: &Priority) -> Cell {
    let key = match one.quadrant {
        None => return Cell::missing("–"),
        Some(_) if !one.is_decided => return Cell::missing(words.phrase("report-quadrant-undecided")),
        Some(Quadrant::ConcentrateHere) => "report-quadrant-concentrate",
        Some(Quadrant::KeepUp) => "report-quadrant-keep",
        Some(Quadrant::LowPriority) => "report-quadrant-low",
        Some(Quadrant::PossibleOverkill) => "report-quadrant-overkill",
    };
    Cell::new(words.phrase(key))
}

fn departments(words: &Words<'_>) -> Option<Folded> {
    let caption = words.say("report-priorities-departments-caption", &[("months", months(words).into())]);
    let mut table = words.table(caption, &["head-department", "report-head-priorities", "report-head-n#"]);
    for department in words.leaves() {
        let Some(own) = words.published.satisfaction.priorities.get(&department) else { continue };
        let n = own.iter().filter_map(|one| one.satisfaction.ok()).map(|one| one.n).max();
        let Some(n) = n else { continue };
        let cells =
            vec![Cell::new(words.department(department)), first(words, own), Cell::new(words.count(n))];
        table.rows.push(Row::new(cells));
    }
    if table.rows.is_empty() {
        return None;
    }
    let summary = words.say("report-priorities-departments", &[("count", table.rows.len().into())]);
    Some(Folded { summary, blocks: vec![Block::Table(table)] })
}

fn first(words: &Words<'_>, own: &[Priority]) -> Cell {
    let is_wider = |one: &&Priority| one.against_mean == Against::Wider;
    let named: Vec<String> = own
        .iter()
        .filter(is_wider)
        .take(NAMED_MAX)
        .filter_map(|one| {
            let gap = words.locale().change(one.gap.ok()?.value, 1);
            let args = [("item", words.asked("client", &one.item).into()), ("gap", gap.into())];
            Some(words.say("report-priority", &args))
        })
        .collect();
    if named.is_empty() {
        Cell::missing(words.phrase("report-priorities-none"))
    } else {
        Cell::new(named.join("; "))
    }
}

fn expectations(words: &Words<'_>, all: &[&Expectation]) -> Table {
    let args = [("place", words.bank().into()), ("months", months(words).into())];
    let heads = [
        "report-head-item-name",
        "report-head-expected#",
        "report-head-perceived#",
        "report-head-gap#",
        "report-head-n#",
    ];
    let mut table = words.table(words.say("report-expectations-caption", &args), &heads);
    let row = |one: &&Expectation| {
        Row::new(vec![
            Cell::new(words.asked("client", &one.item)),
            points(words, &one.expected),
            points(words, &one.perceived),
            gap(words, &one.gap),
            words.n(&Code::Variable(String::new()), Some(&one.perceived)),
        ])
    };
    table.rows = all.iter().map(row).collect();
    table
}
