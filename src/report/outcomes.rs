//! Satisfaction by outcome of the contact and by level of the person who served: associations, never causes.

use super::block::{Block, Cell, Row, Section, Table};
use super::views;
use super::words::Words;
use crate::analysis::BY_OUTCOME;
use crate::chart::outcome;
use crate::relation::{ClassMean, ContactTold, Related, Told};
use crate::stats::Reason;
use crate::stats::cluster::Clustered;
use crate::text::number::Count;

/// Returns the section; nothing when no relation is about contacts.
pub(super) fn section(words: &Words<'_>) -> Option<Section> {
    let contacts: Vec<(&Told, &Result<ContactTold, Reason>)> = words
        .published
        .relations
        .iter()
        .filter_map(|told| match &told.related {
            Related::Contact(contact) => Some((told, contact)),
            Related::Panel(_) => None,
        })
        .collect();
    let main = contacts.iter().filter(|(told, _)| told.code == BY_OUTCOME);
    let asked = contacts.iter().filter(|(told, _)| told.code != BY_OUTCOME);
    let mut blocks: Vec<Block> = main.flat_map(|one| relation(words, *one, true)).collect();
    for one in asked {
        blocks.push(Block::Heading(super::relations::question(words, one.0)));
        blocks.extend(relation(words, *one, false));
    }
    if blocks.is_empty() {
        return None;
    }
    blocks.push(Block::Note(words.phrase("report-outcomes-note")));
    Some(Section { id: "outcomes", title: words.phrase("report-outcomes"), blocks })
}

fn relation(
    words: &Words<'_>,
    (told, contact): (&Told, &Result<ContactTold, Reason>),
    is_drawn: bool,
) -> Vec<Block> {
    match contact {
        Err(reason) => {
            let args = [("reason", words.reason(*reason).into())];
            vec![Block::Paragraph(words.say("report-no-figure", &args))]
        }
        Ok(contact) => {
            let view = is_drawn.then(|| views::outcome(words, "chart-outcomes", told, contact));
            let chart = view.map(|view| Block::chart(&outcome::draw(&view, words.studio)));
            chart.into_iter().chain([Block::Table(table(words, told, contact))]).collect()
        }
    }
}

fn table(words: &Words<'_>, told: &Told, contact: &ContactTold) -> Table {
    let class_head = if told.x == "outcome" { "outcome-head-name" } else { "report-head-level" };
    let heads = [
        class_head,
        "head-mean#",
        "head-n#",
        "report-head-servers#",
        "report-head-difference#",
        "report-head-p#",
        "report-head-holm#",
    ];
    let reference = contact.reference.as_deref().map(|class| self::class(words, class)).unwrap_or_default();
    let args = [
        ("x", words.side(&told.x).into()),
        ("y", words.side(&told.y).into()),
        ("reference", reference.into()),
    ];
    let mut table = words.table(words.say("report-outcomes-caption", &args), &heads);
    for one in &contact.classes {
        table.rows.push(Row::new(vec![
            Cell::new(class(words, &one.class)),
            mean(words, &one.mean),
            one.mean.map_or_else(|_| Cell::missing("–"), |mean| Cell::new(words.count(mean.estimate.n))),
            servers(words, one),
            difference(words, one),
            words.p_value(one.p_value),
            words.p_value(one.p_holm),
        ]));
    }
    table
}

fn class(words: &Words<'_>, class: &str) -> String {
    match views::worst(class) {
        Some(_) => words.phrase(&format!("outcome-{}", class.replace('_', "-"))),
        None => words.say("report-level", &[("level", class.into())]),
    }
}

fn mean(words: &Words<'_>, mean: &Result<Clustered, Reason>) -> Cell {
    let locale = words.locale();
    match mean {
        Err(reason) => Cell::missing(words.reason(*reason)),
        Ok(Clustered { estimate, .. }) => {
            let ends = estimate.lower.zip(estimate.upper);
            let note = ends.map(|(lower, upper)| locale.interval(lower, upper, 1)).unwrap_or_default();
            Cell::new(locale.points(estimate.value)).note(note)
        }
    }
}

/// People who served; withheld where their level is.
fn servers(words: &Words<'_>, one: &ClassMean) -> Cell {
    match one.mean {
        Err(Reason::Suppressed) => {
            Cell::missing(words.locale().count(Count::Below(words.project.privacy.min_people)))
        }
        _ => Cell::new(words.count(one.n_servers)),
    }
}

fn difference(words: &Words<'_>, one: &ClassMean) -> Cell {
    let locale = words.locale();
    match &one.difference {
        None => Cell::missing(words.phrase("outcome-reference")),
        Some(Err(reason)) => Cell::missing(words.reason(*reason)),
        Some(Ok(Clustered { estimate, .. })) => {
            let ends = estimate.lower.zip(estimate.upper);
            let range = |(lower, upper)| locale.range(&locale.change(lower, 1), &locale.change(upper, 1));
            Cell::new(locale.change(estimate.value, 1)).note(ends.map(range).unwrap_or_default())
        }
    }
}
