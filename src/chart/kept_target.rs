//! Kept share of every commitment against its target.
//!
//! The verdict is a fact: all cases were counted, and the unrounded share meets the target or misses it. The Wilson
//! interval speaks of the process behind the cases.

use super::page::{Studio, heading, horizontal_axis, notes, unit_ticks, vertical_grid};
use super::plane::{Mark, Plane, range_of};
use super::svg::{Anchor, Sheet, Svg};
use super::table::{self, Table};
use super::theme::{BAD, Colour, FOCUS, GOOD, INK, LABEL, LINE, MUTED, STRONG};
use crate::month::Month;
use crate::stats::{Estimate, Figure};
use crate::text::number::{Count, Unit};

/// One commitment.
#[derive(Debug, Clone, PartialEq)]
pub struct Commitment {
    /// The promise in a few words.
    pub name: String,
    /// The kept share with its Wilson interval.
    pub kept: Figure,
    /// Number of cases.
    pub n: Count,
    /// The share that should be kept.
    pub target: Option<f64>,
}

/// What the chart shows.
#[derive(Debug, Clone, PartialEq)]
pub struct View {
    /// The element id.
    pub id: String,
    /// Whose commitments they are.
    pub place: String,
    /// First month.
    pub first: Month,
    /// Last month.
    pub last: Month,
    /// The commitments, in the order shown.
    pub commitments: Vec<Commitment>,
}

/// Draws the chart.
pub fn draw(view: &View, studio: &Studio) -> Svg {
    let sheet = Sheet::new();
    let title = headline(view, studio);
    let args = [
        ("place", studio.short(&view.place).into()),
        ("months", studio.locale().months(view.first, view.last).into()),
    ];
    let subtitle = studio.catalogue.message("kept-subtitle", &args);
    let top = heading(&sheet, studio, &title, &subtitle);
    let laid = table(view, studio).lay(studio, top);
    let (low, high) = range(view);
    let plane = Plane::rows(&sheet, laid.plot, low..high);
    let ticks = unit_ticks(studio.locale(), (low, high), Unit::Share, 5);
    vertical_grid(&plane, &ticks, LINE);
    laid.draw(&sheet);
    for (place, commitment) in view.commitments.iter().enumerate() {
        let row = laid.row(place);
        sheet.group(&[("class", "c-row")], Some(&commitment.name), || {
            mark(&plane, (row.top, row.bottom), commitment)
        });
    }
    let axis = horizontal_axis(&sheet, studio, &plane, &ticks, &studio.catalogue.phrase("kept-axis"));
    let mut remarks = vec![studio.catalogue.phrase("kept-note")];
    if low > 0.0 {
        let from = studio.locale().share(low, 0);
        remarks.push(studio.catalogue.message("note-axis-begins", &[("from", from.into())]));
    }
    let height = notes(&sheet, studio, axis, &remarks);
    let args = [
        ("title", (&title).into()),
        ("subtitle", (&subtitle).into()),
        ("count", view.commitments.len().into()),
    ];
    let alt = studio.catalogue.message("kept-alt", &args);
    sheet.finish(&view.id, &title, &alt, height)
}

/// Whether the unrounded share meets the target; nothing without a share or a target.
fn verdict(commitment: &Commitment) -> Option<bool> {
    Some(commitment.kept.as_ref().ok()?.value >= commitment.target?)
}

fn headline(view: &View, studio: &Studio) -> String {
    let verdicts: Vec<bool> = view.commitments.iter().filter_map(verdict).collect();
    if verdicts.is_empty() {
        return studio.catalogue.phrase("kept-title-none");
    }
    let met = verdicts.iter().filter(|met| **met).count();
    studio.catalogue.message("kept-title", &[("met", met.into()), ("total", verdicts.len().into())])
}

fn table(view: &View, studio: &Studio) -> Table {
    let phrase = |key: &str| studio.catalogue.phrase(key);
    let heads = [
        ("kept-head-kept", Anchor::End),
        ("kept-head-target", Anchor::End),
        ("kept-head-n", Anchor::End),
        ("kept-head-verdict", Anchor::Start),
    ];
    Table {
        name_head: phrase("kept-head-name"),
        heads: heads.map(|(key, anchor)| (phrase(key), anchor)).to_vec(),
        rows: view.commitments.iter().map(|commitment| row(commitment, studio)).collect(),
        ..Table::default()
    }
}

fn row(commitment: &Commitment, studio: &Studio) -> table::Row {
    let locale = studio.locale();
    let target = commitment.target.map(|target| locale.share(target, digits(target))).unwrap_or_default();
    let (word, colour) = match (verdict(commitment), &commitment.kept) {
        (Some(true), _) => ("kept-met", GOOD),
        (Some(false), _) => ("kept-missed", BAD),
        (None, Ok(_)) => ("kept-no-target", MUTED),
        (None, Err(_)) => ("kept-no-figure", MUTED),
    };
    let share = commitment.kept.as_ref().map(|kept| locale.share(kept.value, 1)).unwrap_or_default();
    table::Row {
        name: commitment.name.clone(),
        strong: false,
        missing: commitment.kept.as_ref().err().map(|reason| studio.catalogue.reason(*reason)),
        cells: vec![
            (share, STRONG),
            (target, LABEL.in_colour(MUTED)),
            (locale.count(commitment.n), LABEL.in_colour(MUTED)),
            (studio.catalogue.phrase(word), LABEL.in_colour(colour)),
        ],
    }
}

/// The decimals of a target in percent: as many as it was set with, at most two.
fn digits(target: f64) -> usize {
    let whole = |factor: f64| (target * factor - (target * factor).round()).abs() < 1e-7;
    if whole(100.0) { 0 } else { usize::from(!whole(1000.0)) + 1 }
}

fn interval(estimate: &Estimate) -> (f64, f64) {
    (estimate.lower.unwrap_or(estimate.value), estimate.upper.unwrap_or(estimate.value))
}

/// The shares shown: from a round value below all intervals and targets up to 100 %.
fn range(view: &View) -> (f64, f64) {
    let figures =
        view.commitments.iter().filter_map(|c| c.kept.as_ref().ok()).map(|estimate| interval(estimate).0);
    let targets = view.commitments.iter().filter_map(|commitment| commitment.target);
    let low = range_of(figures.chain(targets), 0.0, 0.0).map_or(0.0, |(low, _)| low);
    let step = if low >= 0.98 {
        0.005
    } else if low >= 0.9 {
        0.01
    } else {
        0.1
    };
    let low = ((low / step - 0.15).floor() * step).clamp(0.0, 0.995);
    (low, 1.0 + (1.0 - low) * 0.02)
}

fn mark(plane: &Plane, (top, bottom): (f64, f64), commitment: &Commitment) {
    let y = f64::midpoint(top, bottom);
    let Ok(estimate) = &commitment.kept else { return };
    let (shape, colour): (Mark, Colour) = match verdict(commitment) {
        Some(true) => (Mark::Disc, GOOD),
        Some(false) => (Mark::Diamond, BAD),
        None => (Mark::Ring, FOCUS),
    };
    let (lower, upper) = interval(estimate);
    plane.line(&[(lower, y), (upper, y)], colour, 2.4);
    if let Some(target) = commitment.target {
        plane.line(&[(target, y - 9.0), (target, y + 9.0)], INK, 2.0);
    }
    plane.mark((estimate.value, y), shape, 4.4, colour);
}
