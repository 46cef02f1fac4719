//! Satisfaction by the worst outcome of the contact: what a kept, a broken and a remedied promise go with.
//!
//! Intervals are clustered by server. The differences are read against contacts whose promise was kept; they are
//! associations, and the words say no more.

use super::page::{Studio, heading, horizontal_axis, notes, unit_ticks, vertical_grid};
use super::plane::{Mark, Plane, range_of};
use super::svg::{Anchor, Sheet, Svg};
use super::table::{self, Table};
use super::theme::{BAD, Colour, FOCUS, GOOD, LABEL, LINE, MUTED, OTHER, STRONG};
use crate::month::Month;
use crate::stats::{Estimate, Figure};
use crate::text::number::{Count, Unit};

/// The worst outcome among a contact's cases.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Worst {
    /// Every promise was kept.
    Kept,
    /// One was broken, and made good.
    BreachedRemedied,
    /// One was broken and not made good.
    BreachedUnremedied,
    /// There was no promise.
    NoCase,
    /// One is not yet due.
    Open,
    /// It was cancelled.
    Void,
}

impl Worst {
    fn key(self) -> &'static str {
        match self {
            Self::Kept => "outcome-kept",
            Self::BreachedRemedied => "outcome-breached-remedied",
            Self::BreachedUnremedied => "outcome-breached-unremedied",
            Self::NoCase => "outcome-no-case",
            Self::Open => "outcome-open",
            Self::Void => "outcome-void",
        }
    }

    fn look(self) -> (Mark, Colour) {
        match self {
            Self::Kept => (Mark::Disc, GOOD),
            Self::BreachedRemedied => (Mark::Disc, FOCUS),
            Self::BreachedUnremedied => (Mark::Diamond, BAD),
            Self::NoCase | Self::Open | Self::Void => (Mark::Ring, OTHER),
        }
    }
}

/// The answers after one outcome.
#[derive(Debug, Clone, PartialEq)]
pub struct Group {
    /// The outcome.
    pub worst: Worst,
    /// Their mean in points.
    pub mean: Figure,
    /// Their number.
    pub n: Count,
    /// Their mean minus that of the contacts whose promise was kept.
    pub difference: Figure,
}

/// What the chart shows.
#[derive(Debug, Clone, PartialEq)]
pub struct View {
    /// The element id.
    pub id: String,
    /// Whose customers answered.
    pub place: String,
    /// What was asked.
    pub measure: String,
    /// First month.
    pub first: Month,
    /// Last month.
    pub last: Month,
    /// The groups, in the order shown.
    pub groups: Vec<Group>,
}

/// Draws the chart.
pub fn draw(view: &View, studio: &Studio) -> Svg {
    let sheet = Sheet::new();
    let title = headline(view, studio);
    let args = [
        ("measure", studio.short(&view.measure).into()),
        ("place", studio.short(&view.place).into()),
        ("months", studio.locale().months(view.first, view.last).into()),
    ];
    let subtitle = studio.catalogue.message("outcome-subtitle", &args);
    let top = heading(&sheet, studio, &title, &subtitle);
    let laid = table(view, studio).lay(studio, top);
    let (low, high) = range(view);
    let plane = Plane::rows(&sheet, laid.plot, low..high);
    let ticks = unit_ticks(studio.locale(), (low, high), Unit::Points, 6);
    vertical_grid(&plane, &ticks, LINE);
    reference(view, &sheet, &plane);
    laid.draw(&sheet);
    for (place, group) in view.groups.iter().enumerate() {
        mark(&plane, laid.row(place).middle(), group);
    }
    let axis = horizontal_axis(&sheet, studio, &plane, &ticks, &studio.catalogue.phrase("outcome-axis"));
    let height = notes(&sheet, studio, axis, &[studio.catalogue.phrase("outcome-note")]);
    let args =
        [("title", (&title).into()), ("subtitle", (&subtitle).into()), ("count", view.groups.len().into())];
    let alt = studio.catalogue.message("outcome-alt", &args);
    sheet.finish(&view.id, &title, &alt, height)
}

fn interval(estimate: &Estimate) -> (f64, f64) {
    (estimate.lower.unwrap_or(estimate.value), estimate.upper.unwrap_or(estimate.value))
}

/// Whether the interval of a difference lies on one side of zero: −1, 0, +1.
fn side(difference: &Estimate) -> i8 {
    let (lower, upper) =
        (difference.lower.unwrap_or(f64::NEG_INFINITY), difference.upper.unwrap_or(f64::INFINITY));
    i8::from(lower > 0.0) - i8::from(upper < 0.0)
}

fn headline(view: &View, studio: &Studio) -> String {
    let worst = view.groups.iter().find(|group| group.worst == Worst::BreachedUnremedied);
    let Some(Ok(difference)) = worst.map(|group| &group.difference) else {
        return studio.catalogue.phrase("outcome-title-plain");
    };
    let key = match side(difference) {
        -1 => "outcome-title-lower",
        1 => "outcome-title-higher",
        _ => "outcome-title-none",
    };
    let points = studio.locale().points(difference.value.abs());
    studio.catalogue.message(key, &[("points", points.into())])
}

fn table(view: &View, studio: &Studio) -> Table {
    let phrase = |key: &str| studio.catalogue.phrase(key);
    let heads =
        [("head-mean", Anchor::End), ("head-n", Anchor::End), ("outcome-head-difference", Anchor::Start)];
    Table {
        name_head: phrase("outcome-head-name"),
        heads: heads.map(|(key, anchor)| (phrase(key), anchor)).to_vec(),
        rows: view.groups.iter().map(|group| row(group, studio)).collect(),
        ..Table::default()
    }
}

fn row(group: &Group, studio: &Studio) -> table::Row {
    let mean = group.mean.as_ref().map(|mean| studio.locale().points(mean.value)).unwrap_or_default();
    table::Row {
        name: studio.catalogue.phrase(group.worst.key()),
        strong: false,
        missing: group.mean.as_ref().err().map(|reason| studio.catalogue.reason(*reason)),
        cells: vec![
            (mean, STRONG),
            (studio.locale().count(group.n), LABEL.in_colour(MUTED)),
            (words(group, studio), LABEL.in_colour(MUTED)),
        ],
    }
}

/// The difference in words: lower or higher by how much, or that there is no evidence of one.
fn words(group: &Group, studio: &Studio) -> String {
    if group.worst == Worst::Kept {
        return studio.catalogue.phrase("outcome-reference");
    }
    let difference = match (&group.mean, &group.difference) {
        (Ok(_), Ok(difference)) => difference,
        (Ok(_), Err(reason)) => return studio.catalogue.reason(*reason),
        (Err(_), _) => return String::new(),
    };
    let key = match side(difference) {
        -1 => "outcome-lower",
        1 => "outcome-higher",
        _ => return studio.catalogue.phrase("outcome-no-evidence"),
    };
    let (a, b) = interval(difference);
    let (least, most) = (a.abs().min(b.abs()), a.abs().max(b.abs()));
    let points = studio.locale().points(difference.value.abs());
    let range = studio.locale().interval(least, most, 1);
    studio.catalogue.message(key, &[("points", points.into()), ("interval", range.into())])
}

fn range(view: &View) -> (f64, f64) {
    let ends = view.groups.iter().filter_map(|group| group.mean.as_ref().ok()).flat_map(|mean| {
        let (lower, upper) = interval(mean);
        [lower, upper]
    });
    let (low, high) = range_of(ends, 0.06, 2.0).unwrap_or((0.0, 100.0));
    (low.clamp(0.0, 96.0), high.clamp(4.0, 100.0))
}

/// The mean after kept promises as a dashed line through all rows.
fn reference(view: &View, sheet: &Sheet, plane: &Plane) {
    let kept = view.groups.iter().find(|group| group.worst == Worst::Kept);
    if let Some(Ok(mean)) = kept.map(|group| &group.mean) {
        sheet.group(&[("stroke-dasharray", "4 3")], None, || {
            plane.line(&[(mean.value, plane.y.start), (mean.value, plane.y.end)], GOOD, 1.2);
        });
    }
}

fn mark(plane: &Plane, y: f64, group: &Group) {
    let Ok(mean) = &group.mean else { return };
    let (shape, colour) = group.worst.look();
    let inside = |value: f64| value.clamp(plane.x.start, plane.x.end);
    let (lower, upper) = interval(mean);
    plane.line(&[(inside(lower), y), (inside(upper), y)], colour, 2.4);
    plane.mark((inside(mean.value), y), shape, 4.4, colour);
}
