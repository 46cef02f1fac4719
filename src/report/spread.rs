//! How steadily: standard deviation and bottom of the answers beside their mean, and months that differ beyond sampling.

use super::block::{Block, Cell, Row, Section, Table};
use super::words::Words;
use crate::measure::{Code, Kept, Monthly, Spread, WHOLE};
use crate::stats::Reason;

/// Returns the section; nothing without answers of customers in the window.
pub(super) fn section(words: &Words<'_>) -> Option<Section> {
    let of_whole: Vec<&Spread> =
        words.published.satisfaction.spreads.iter().filter(|one| one.department == WHOLE).collect();
    if of_whole.is_empty() {
        return None;
    }
    let mut blocks = Vec::new();
    let departments = departments(words);
    if !departments.rows.is_empty() {
        blocks.push(Block::Table(departments));
    }
    let whole = variables(words, &of_whole);
    blocks.push(Block::folded_table(whole.caption.clone(), whole));
    blocks.push(Block::Note(words.phrase("report-spread-note")));
    Some(Section { id: "spread", title: words.phrase("report-spread"), blocks })
}

fn months(words: &Words<'_>) -> String {
    words.locale().months(words.published.rolling_from, words.published.month)
}

fn deviation(words: &Words<'_>, own: &Spread) -> Cell {
    match own.deviation {
        Ok(points) => Cell::new(words.locale().points(points)),
        Err(reason) => Cell::missing(words.reason(reason)),
    }
}

fn shares(words: &Words<'_>, own: &Spread) -> [Cell; 3] {
    [
        words.figure(&own.code, Some(&own.mean)),
        deviation(words, own),
        words.figure(&Code::Commitment(Kept::Share, String::new()), Some(&own.bottom)),
    ]
}

fn between_months(words: &Words<'_>, monthly: Result<Monthly, Reason>) -> [Cell; 2] {
    match monthly {
        Err(reason) => [Cell::missing(words.reason(reason)), Cell::missing("–")],
        Ok(own) => {
            let months = words.say("report-spread-months", &[("count", own.months.into())]);
            [Cell::new(words.locale().points(own.deviation)).note(months), words.p_value(Some(own.p_value))]
        }
    }
}

fn departments(words: &Words<'_>) -> Table {
    let caption = words.say("report-spread-departments-caption", &[("months", months(words).into())]);
    let heads = [
        "head-department",
        "report-head-spread-mean#",
        "report-head-spread-deviation#",
        "report-head-spread-bottom#",
        "report-head-spread-months#",
        "report-head-spread-p#",
        "report-head-n#",
    ];
    let mut table = words.table(caption, &heads);
    for department in std::iter::once(WHOLE).chain(words.leaves()) {
        let is_own = |one: &&Spread| one.department == department && matches!(one.code, Code::Index(_));
        let Some(own) = words.published.satisfaction.spreads.iter().find(is_own) else { continue };
        let cells = [Cell::new(words.department(department))].into_iter().chain(shares(words, own));
        let cells =
            cells.chain(between_months(words, own.monthly)).chain([words.n(&own.code, Some(&own.mean))]);
        table.rows.push(Row { strong: department == WHOLE, ..Row::new(cells.collect()) });
    }
    table
}

fn variables(words: &Words<'_>, all: &[&Spread]) -> Table {
    let args = [("place", words.bank().into()), ("months", months(words).into())];
    let heads = [
        "report-head-measure",
        "report-head-spread-mean#",
        "report-head-spread-deviation#",
        "report-head-spread-bottom#",
        "report-head-n#",
    ];
    let mut table = words.table(words.say("report-spread-caption", &args), &heads);
    let row = |own: &&Spread| {
        let cells = [Cell::new(words.measure(&own.code))].into_iter().chain(shares(words, own));
        Row::new(cells.chain([words.n(&own.code, Some(&own.mean))]).collect())
    };
    table.rows = all.iter().map(row).collect();
    table
}
