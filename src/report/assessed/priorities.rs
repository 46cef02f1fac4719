//! What to develop first, and the head's level beside the server's.

use std::collections::BTreeSet;

use super::super::block::{Block, Cell, Row, Table};
use super::super::relations::question;
use super::super::words::Words;
use super::{Form, figure, missing, quarter};
use crate::measure::WHOLE;
use crate::relation::{Coefficient, ContactTold, Priority, Related, Told};
use crate::stats::{Figure, Reason};

pub(super) fn blocks(words: &Words<'_>) -> Vec<Block> {
    let all = &words.published.priorities;
    let whole = ordered(all.iter().filter(|one| one.required.department == WHOLE).collect());
    if whole.is_empty() {
        return Vec::new();
    }
    let caption = words.say("report-develop-caption", &[("quarter", quarter(words).into())]);
    vec![
        Block::Heading(words.phrase("report-develop")),
        Block::Table(table(words, caption, &whole)),
        Block::folded_table(words.phrase("report-develop-departments"), by_department(words)),
        Block::Note(words.phrase("report-develop-note")),
    ]
}

/// Known priorities first, the largest first; then by what is missing.
fn ordered(mut all: Vec<&Priority>) -> Vec<&Priority> {
    let value = |figure: &Figure| figure.map_or(f64::NEG_INFINITY, |one| one.value);
    let rank = |one: &Priority| (value(&one.points), value(&one.required.missing));
    all.sort_by(|a, b| {
        let ((one, missing), (other, others)) = (rank(a), rank(b));
        other.total_cmp(&one).then(others.total_cmp(&missing))
    });
    all
}

fn competency(words: &Words<'_>, one: &Priority) -> String {
    words.competency(&words.project.competencies[one.required.competency as usize].code)
}

fn effect(words: &Words<'_>, one: &Priority) -> Cell {
    match one.effect {
        Err(Reason::NotMeasured) => Cell::missing(words.phrase("report-develop-unknown")),
        effect => figure(words, &effect.map(|found| found.estimate), Form::PointsChange),
    }
}

fn table(words: &Words<'_>, caption: String, rows: &[&Priority]) -> Table {
    let heads = [
        "report-head-competency",
        "report-head-required-people#",
        "report-head-missing#",
        "report-head-level-effect#",
        "report-head-priority#",
    ];
    let mut table = words.table(caption, &heads);
    for one in rows {
        let own = &words.project.competencies[one.required.competency as usize];
        let core = if own.core { words.phrase("report-develop-core") } else { String::new() };
        let n = one.required.missing.map(|figure| figure.n);
        let row = vec![
            Cell::new(competency(words, one)).note(core),
            super::people(words, &n),
            figure(words, &one.required.missing, Form::Plain),
            effect(words, one),
            figure(words, &one.points, Form::PointsChange),
        ];
        table.rows.push(Row::new(row));
    }
    table
}

/// The first priority of every department: of those with a known effect, else what is missing most.
fn by_department(words: &Words<'_>) -> Table {
    let heads = [
        "head-department",
        "report-head-competency",
        "report-head-missing#",
        "report-head-priority#",
        "report-head-most-missing",
    ];
    let mut table = words.table(words.phrase("report-develop-departments"), &heads);
    let all = &words.published.priorities;
    let departments: BTreeSet<u32> = all.iter().map(|one| one.required.department).collect();
    for department in departments.into_iter().filter(|one| *one != WHOLE) {
        let own =
            all.iter().filter(|one| one.required.department == department && one.required.missing.is_ok());
        let own = ordered(own.collect());
        let known = own.first().filter(|one| one.points.is_ok_and(|points| points.value > 0.0));
        let value = |one: &Priority| one.required.missing.map_or(0.0, |figure| figure.value);
        let most = own.iter().max_by(|a, b| value(a).total_cmp(&value(b))).filter(|one| value(one) > 0.0);
        let name = |one: Option<&&Priority>| {
            one.map_or_else(|| Cell::missing("–"), |one| Cell::new(competency(words, one)))
        };
        let part = |of: fn(&Priority) -> Figure, form: Form| {
            known.map_or_else(|| Cell::missing("–"), |one| figure(words, &of(one), form))
        };
        if !own.is_empty() {
            table.rows.push(Row::new(vec![
                Cell::new(words.department(department)),
                name(known),
                part(|one| one.required.missing, Form::Plain),
                part(|one| one.points, Form::PointsChange),
                name(most),
            ]));
        }
    }
    table
}

/// The head's level, between departments, beside the server's, contact by contact.
pub(super) fn beside(words: &Words<'_>) -> Vec<Block> {
    let heads = [
        "report-head-question",
        "report-head-unit-of",
        "report-head-found#",
        "report-head-p#",
        "report-head-behind#",
    ];
    let mut table = words.table(words.phrase("report-beside-caption"), &heads);
    for told in &words.published.relations {
        let row = match &told.related {
            Related::Panel(panel) if told.x == "head_level" => {
                Some(head(words, told, &panel.between, panel.n_departments))
            }
            Related::Contact(Ok(contact)) if told.x.starts_with("level:") => server(words, told, contact),
            _ => None,
        };
        table.rows.extend(row);
    }
    if table.rows.is_empty() {
        return Vec::new();
    }
    vec![
        Block::Heading(words.phrase("report-beside")),
        Block::Table(table),
        Block::Note(words.phrase("report-beside-note")),
    ]
}

fn head(words: &Words<'_>, told: &Told, between: &Result<Coefficient, Reason>, departments: u64) -> Row {
    let found = match between {
        Err(reason) => missing(words, *reason),
        Ok(one) => {
            let locale = words.locale();
            let ends = one.estimate.lower.zip(one.estimate.upper);
            let note = ends
                .map(|(lower, upper)| locale.range(&locale.correlation(lower), &locale.correlation(upper)));
            let value = words.say("report-beside-r", &[("r", locale.correlation(one.estimate.value).into())]);
            Cell::new(value).note(note.unwrap_or_default())
        }
    };
    let n = words.say("report-beside-heads", &[("count", usize::try_from(departments).unwrap_or(0).into())]);
    Row::new(vec![
        Cell::new(question(words, told)),
        Cell::new(words.phrase("report-beside-departments")),
        found,
        words.p_value(between.as_ref().ok().and_then(|one| one.p_value)),
        Cell::new(n),
    ])
}

/// The highest level against the one that others are compared with.
fn server(words: &Words<'_>, told: &Told, contact: &ContactTold) -> Option<Row> {
    let class = contact.classes.iter().rfind(|class| class.difference.is_some())?;
    let reference = contact.reference.clone().unwrap_or_default();
    let difference = class.difference?.map(|found| found.estimate);
    let cell = figure(words, &difference, Form::PointsChange);
    let levels = words
        .say("report-beside-levels", &[("high", class.class.as_str().into()), ("low", reference.into())]);
    let servers = class.difference.and_then(Result::ok).map_or(0, |found| found.n_clusters);
    let n = words.say("report-beside-servers", &[("count", usize::try_from(servers).unwrap_or(0).into())]);
    Some(Row::new(vec![
        Cell::new(question(words, told)),
        Cell::new(words.phrase("report-beside-contacts")).note(levels),
        cell,
        words.p_value(class.p_value),
        if servers > 0 { Cell::new(n) } else { Cell::missing("–") },
    ]))
}
