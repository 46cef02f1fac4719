//! What a dimension costs below the middle of its scale and gains above it: a part of where to begin.

use super::block::{Block, Cell, Row, Table};
use super::words::Words;
use crate::measure::{Bend, Code, Contrast, Contrasts};
use crate::stats::{Estimate, Figure};

/// Returns the blocks; none where no dimension has a figure.
pub(super) fn blocks(words: &Words<'_>) -> Vec<Block> {
    let own = words.published.satisfaction.contrasts.as_ref();
    let Some(own) = own.filter(|own| own.dimensions.iter().any(|one| one.difference.is_ok())) else {
        return Vec::new();
    };
    let args = [("n", words.count(own.n).into()), ("departments", own.departments.into())];
    vec![
        Block::Heading(words.phrase("report-penalty")),
        Block::Table(table(words, own)),
        Block::Note(words.say("report-penalty-note", &args)),
    ]
}

fn table(words: &Words<'_>, own: &Contrasts) -> Table {
    let months = words.locale().months(words.published.rolling_from, words.published.month);
    let args = [("place", words.bank().into()), ("months", months.into())];
    let heads = [
        "report-head-dimension-name",
        "report-head-below#",
        "report-head-penalty#",
        "report-head-reward#",
        "report-head-reward-less-penalty#",
        "report-head-p-holm#",
        "report-head-bend",
    ];
    let mut table = words.table(words.say("report-penalty-caption", &args), &heads);
    table.rows = own.dimensions.iter().map(|one| Row::new(cells(words, one))).collect();
    table
}

fn cells(words: &Words<'_>, one: &Contrast) -> Vec<Cell> {
    let bend = Cell::new(words.phrase(&format!("report-penalty-{}", one.bend.code())));
    vec![
        Cell::new(words.measure(&Code::Variable(one.dimension.clone()))),
        Cell::new(words.count(one.answers[0])),
        points(words, &one.penalty),
        points(words, &one.reward),
        change(words, &one.difference),
        words.p_value(one.p_holm),
        match one.bend {
            Bend::NoneSeen | Bend::CannotTell => bend.class("missing"),
            Bend::MustBe | Bend::Attractive | Bend::Both => bend,
        },
    ]
}

fn points(words: &Words<'_>, figure: &Figure) -> Cell {
    written(words, figure, |value| words.locale().decimal(value, 2))
}

fn change(words: &Words<'_>, figure: &Figure) -> Cell {
    written(words, figure, |value| words.locale().change(value, 2))
}

/// A figure with its interval below, or the reason why there is none.
fn written(words: &Words<'_>, figure: &Figure, text: impl Fn(f64) -> String) -> Cell {
    match figure {
        Err(reason) => Cell::missing(words.reason(*reason)),
        Ok(Estimate { value, lower, upper, .. }) => {
            let range = |(lower, upper)| words.locale().range(&text(lower), &text(upper));
            Cell::new(text(*value)).note(lower.zip(*upper).map(range).unwrap_or_default())
        }
    }
}
