//! What the ratings of a department rest on, and heads as raters.

use super::super::block::{Block, Cell, Row, Table};
use super::super::raters::counts;
use super::super::words::Words;
use super::{Form, figure, missing, people, quarter, write};
use crate::measure::{MeanVerdict, Standing, WHOLE};
use crate::stats::Reason;

pub(super) fn blocks(words: &Words<'_>) -> Vec<Block> {
    let caption = words.say("report-standing-caption", &[("quarter", quarter(words).into())]);
    let heads = [
        "head-department",
        "report-head-people#",
        "report-head-coverage#",
        "report-head-agreement#",
        "report-head-mean-rating#",
        "report-head-own-gap#",
        "report-head-may-average",
    ];
    let mut table = words.table(caption, &heads);
    let standing = &words.published.assessed.standing;
    let whole = standing.iter().filter(|one| one.department == WHOLE);
    for one in whole.chain(standing.iter().filter(|one| one.department != WHOLE)) {
        let assessed = people(words, &one.people);
        let of = one.in_post.map(|n| words.say("report-standing-of", &[("count", words.count(n).into())]));
        let row = vec![
            Cell::new(words.department(one.department)),
            assessed.note(of.unwrap_or_default()),
            figure(words, &one.coverage, Form::Share),
            figure(words, &one.agreement, Form::Plain),
            figure(words, &one.mean, Form::Points),
            figure(words, &one.own_gap, Form::Difference),
            verdict(words, one),
        ];
        table.rows.push(Row { strong: one.department == WHOLE, ..Row::new(row) });
    }
    let mut blocks = vec![Block::Heading(words.phrase("report-standing")), Block::Table(table)];
    blocks.push(Block::Note(words.phrase("report-standing-note")));
    blocks.push(Block::folded_table(words.phrase("report-scales"), scales(words)));
    blocks
}

fn verdict(words: &Words<'_>, one: &Standing) -> Cell {
    if one.people.is_err() {
        return missing(words, Reason::Suppressed);
    }
    let cell = Cell::new(words.phrase(&format!("report-average-{}", one.verdict.code())));
    match one.verdict {
        MeanVerdict::Agreed => cell.class("good"),
        MeanVerdict::NoAgreement => cell.class("bad"),
        _ => cell.class("missing"),
    }
}

/// Agreement by competency, and whether departments can be told apart.
fn scales(words: &Words<'_>) -> Table {
    let heads = [
        "report-head-competency",
        "report-head-people#",
        "report-head-alpha#",
        "report-head-icc-one#",
        "report-head-icc-two#",
    ];
    let mut table = words.table(words.phrase("report-scales-caption"), &heads);
    for one in &words.published.assessed.scales {
        let plain = |value: Result<f64, Reason>| match value {
            Ok(value) => Cell::new(write(words, value, Form::Plain)),
            Err(reason) => missing(words, reason),
        };
        let name = words.competency(&words.project.competencies[one.competency as usize].code);
        let row = vec![
            Cell::new(name),
            Cell::new(words.count(one.people)),
            plain(one.alpha),
            plain(one.icc1),
            plain(one.icc2),
        ];
        table.rows.push(Row::new(row));
    }
    table
}

/// Heads as raters: how many differ, never who.
pub(super) fn raters(words: &Words<'_>) -> Vec<Block> {
    let told = match words.published.assessed.raters {
        Err(Reason::Suppressed) => words.say("report-raters-withheld", &[("least", least(words).into())]),
        Err(_) => return Vec::new(),
        Ok(raters) => counts(words, &raters),
    };
    vec![
        Block::Heading(words.phrase("report-raters")),
        Block::Paragraph(told),
        Block::Note(words.phrase("report-raters-note")),
    ]
}

fn least(words: &Words<'_>) -> String {
    words.count(words.project.privacy.min_people)
}
