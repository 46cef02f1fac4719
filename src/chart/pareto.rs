//! Causes by how often they occur, what was not coded as a bar of its own.
//!
//! Full bars are the vital few: the fewest causes that make up four fifths of the breaches with a known cause.

use super::page::{Studio, heading, horizontal_axis, notes, unit_ticks, vertical_grid};
use super::plane::Plane;
use super::svg::{Anchor, Sheet, Svg};
use super::table::{self, Table};
use super::theme::{Colour, FOCUS, HATCH, INK, LABEL, LINE, MUTED, OTHER, STRONG};
use crate::month::Month;
use crate::stats::Figure;
use crate::text::number::{Count, Unit};

/// One cause.
#[derive(Debug, Clone, PartialEq)]
pub struct Cause {
    /// Its name.
    pub name: String,
    /// Whether it is a cause of the register, rather than what was not coded.
    pub known: bool,
    /// Breaches.
    pub n: u64,
    /// Share of all breaches, with its interval.
    pub share: Figure,
    /// Whether it is among the vital few.
    pub vital: bool,
}

/// What the chart shows.
#[derive(Debug, Clone, PartialEq)]
pub struct View {
    /// The element id.
    pub id: String,
    /// Whose breaches they are.
    pub place: String,
    /// First month.
    pub first: Month,
    /// Last month.
    pub last: Month,
    /// The causes, most frequent first, breaches without a cause last.
    pub causes: Vec<Cause>,
    /// Share of the vital few among the breaches with a cause.
    pub vital: Figure,
}

/// Draws the chart.
pub fn draw(view: &View, studio: &Studio) -> Svg {
    let sheet = Sheet::new();
    let title = headline(view, studio);
    let args = [
        ("place", studio.short(&view.place).into()),
        ("months", studio.locale().months(view.first, view.last).into()),
    ];
    let subtitle = studio.catalogue.message("pareto-subtitle", &args);
    let top = heading(&sheet, studio, &title, &subtitle);
    let laid = table(view, studio).lay(studio, top);
    let most = view.causes.iter().filter_map(|cause| upper(&cause.share)).fold(0.05, f64::max);
    let plane = Plane::rows(&sheet, laid.plot, 0.0..most * 1.04);
    let ticks = unit_ticks(studio.locale(), (0.0, most), Unit::Share, 5);
    vertical_grid(&plane, &ticks, LINE);
    laid.draw(&sheet);
    for (place, cause) in view.causes.iter().enumerate() {
        let row = laid.row(place);
        sheet.group(&[("class", "c-row")], Some(&cause.name), || bar(&plane, (row.top, row.bottom), cause));
    }
    let axis = horizontal_axis(&sheet, studio, &plane, &ticks, &studio.catalogue.phrase("pareto-axis"));
    let height =
        notes(&sheet, studio, axis, &[vital_note(view, studio), studio.catalogue.phrase("pareto-note")]);
    let args = [
        ("title", (&title).into()),
        ("subtitle", (&subtitle).into()),
        ("count", view.causes.iter().filter(|cause| cause.known).count().into()),
    ];
    let alt = studio.catalogue.message("pareto-alt", &args);
    sheet.finish(&view.id, &title, &alt, height)
}

fn upper(share: &Figure) -> Option<f64> {
    share.as_ref().ok().map(|share| share.upper.unwrap_or(share.value))
}

fn headline(view: &View, studio: &Studio) -> String {
    let count = view.causes.iter().filter(|cause| cause.vital).count();
    match &view.vital {
        Ok(share) if count > 0 => {
            let args = [("count", count.into()), ("share", studio.locale().share(share.value, 0).into())];
            studio.catalogue.message("pareto-title", &args)
        }
        _ => studio.catalogue.phrase("pareto-title-none"),
    }
}

/// The interval of the share that the headline tells.
fn vital_note(view: &View, studio: &Studio) -> String {
    let Ok(share) = &view.vital else { return String::new() };
    let Some((lower, upper)) = share.lower.zip(share.upper) else { return String::new() };
    let args = [
        ("share", studio.locale().share(share.value, 1).into()),
        ("interval", studio.locale().share_interval(lower, upper, 1).into()),
        ("n", studio.locale().count(Count::Exact(share.n)).into()),
    ];
    studio.catalogue.message("pareto-vital", &args)
}

fn table(view: &View, studio: &Studio) -> Table {
    let phrase = |key: &str| studio.catalogue.phrase(key);
    let coded: u64 = view.causes.iter().filter(|cause| cause.known).map(|cause| cause.n).sum();
    let mut sum = 0;
    let rows = view.causes.iter().map(|cause| {
        sum += cause.n;
        let so_far = if cause.known && coded > 0 {
            studio.locale().share(sum as f64 / coded as f64, 0)
        } else {
            String::new()
        };
        row(cause, so_far, studio)
    });
    Table {
        name_head: phrase("pareto-head-name"),
        heads: vec![
            (phrase("pareto-head-n"), Anchor::End),
            (phrase("pareto-head-share"), Anchor::End),
            (phrase("pareto-head-sum"), Anchor::End),
        ],
        rows: rows.collect(),
        ..Table::default()
    }
}

fn row(cause: &Cause, so_far: String, studio: &Studio) -> table::Row {
    let locale = studio.locale();
    let share = cause.share.as_ref().map(|share| locale.share(share.value, 1)).unwrap_or_default();
    table::Row {
        name: cause.name.clone(),
        strong: cause.vital,
        missing: None,
        cells: vec![
            (locale.count(Count::Exact(cause.n)), LABEL.in_colour(MUTED)),
            (share, STRONG),
            (so_far, LABEL.in_colour(MUTED)),
        ],
    }
}

fn bar(plane: &Plane, (top, bottom): (f64, f64), cause: &Cause) {
    let Ok(share) = &cause.share else { return };
    let colour: Colour = match (cause.known, cause.vital) {
        (false, _) => HATCH,
        (true, true) => FOCUS,
        (true, false) => OTHER,
    };
    let y = f64::midpoint(top, bottom);
    plane.rectangle([(0.0, y - 6.0), (share.value, y + 6.0)], colour);
    if let Some((lower, upper)) = share.lower.zip(share.upper) {
        plane.line(&[(lower, y), (upper, y)], INK, 1.2);
    }
}
