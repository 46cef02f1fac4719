//! What the ratings of a department rest on, and heads as raters.

use super::super::block::{Block, Cell, Row, Table};
use super::super::words::Words;
use super::{Form, figure, interval, missing, people, quarter, write};
use crate::finding::LEVEL;
use crate::measure::{Leniency, MeanVerdict, Standing, WHOLE};
use crate::text::number::Count;

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
        return missing(words, crate::stats::Reason::Suppressed);
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
        let plain = |value: Result<f64, crate::stats::Reason>| match value {
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

/// Heads as raters: those who differ from the others, then all.
pub(super) fn raters(words: &Words<'_>) -> Vec<Block> {
    let all = &words.published.assessed.leniency;
    if all.is_empty() {
        return Vec::new();
    }
    let told: Vec<String> =
        all.iter().filter(|one| one.is_remarkable(LEVEL)).map(|one| sentence(words, one)).collect();
    let first = if told.is_empty() {
        Block::Paragraph(words.phrase("report-raters-none"))
    } else {
        Block::List(told)
    };
    vec![
        Block::Heading(words.phrase("report-raters")),
        first,
        Block::folded_table(
            words.say("report-raters-all", &[("count", all.len().into())]),
            table(words, all),
        ),
        Block::Note(words.phrase("report-raters-note")),
    ]
}

/// Says how a head differs from the others.
fn sentence(words: &Words<'_>, one: &Leniency) -> String {
    let Ok(excess) = one.excess else { return String::new() };
    let key = if excess.value > 0.0 { "report-raters-lenient" } else { "report-raters-severe" };
    let args = [
        ("name", words.department(one.department).into()),
        ("levels", words.locale().decimal(excess.value.abs(), 2).into()),
        ("interval", interval(words, &excess, Form::Difference).into()),
        ("people", words.count(one.people).into()),
        ("p", words.locale().p_value(one.p_holm.unwrap_or(1.0)).into()),
    ];
    words.say(key, &args)
}

fn table(words: &Words<'_>, all: &[Leniency]) -> Table {
    let heads = [
        "report-head-rater",
        "report-head-rated-people#",
        "report-head-rater-difference#",
        "report-head-excess#",
        "report-head-p#",
        "report-head-holm#",
    ];
    let mut table = words.table(words.phrase("report-raters-caption"), &heads);
    let least = words.project.privacy.min_people;
    for one in all {
        let rated = if one.people < least { Count::Below(least) } else { Count::Exact(one.people) };
        let row = vec![
            Cell::new(words.department(one.department)),
            Cell::new(words.locale().count(rated)),
            figure(words, &one.difference, Form::Difference),
            figure(words, &one.excess, Form::Difference),
            words.p_value(one.p_value),
            words.p_value(one.p_holm),
        ];
        table.rows.push(Row::new(row));
    }
    table
}
