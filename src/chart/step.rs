//! An action month by month: the level before, the months that gave rise to it, its start, the level after, and the target.
//!
//! Months that count neither before nor after are grey. The thin line is the mean of the departments that it is compared with.

use super::page::{LINE_END, Studio, heading, line_ends, month_axis, notes, unit_ticks, vertical_axis};
use super::plane::{Frame, Mark, Plane, range_of};
use super::svg::{Anchor, Sheet, Svg};
use super::theme::{AXIS, BAND, Colour, FOCUS, MARGIN, OTHER, OTHER_TINT, TARGET, WIDTH};
pub use super::trend_view::Point;
use crate::month::Month;
use crate::stats::{Estimate, Figure};
use crate::text::number::Unit;

const PLOT_HEIGHT: f64 = 210.0;

/// A stretch of months with a level.
#[derive(Debug, Clone, PartialEq)]
pub struct Level {
    /// First month.
    pub first: Month,
    /// Last month.
    pub last: Month,
    /// The level, if there is one.
    pub figure: Figure,
}

/// What the chart shows.
#[derive(Debug, Clone, PartialEq)]
pub struct View {
    /// The element id.
    pub id: String,
    /// What came of it, in words.
    pub title: String,
    /// What is measured.
    pub measure: String,
    /// What it is counted in.
    pub unit: Unit,
    /// The department.
    pub place: String,
    /// First month of the axis.
    pub first: Month,
    /// Last month of the axis.
    pub last: Month,
    /// The figures of the department.
    pub points: Vec<Point>,
    /// Mean of the departments that it is compared with.
    pub peers: Vec<(Month, f64)>,
    /// First and last month of those that gave rise to the action.
    pub trigger: (Month, Month),
    /// The months before.
    pub before: Level,
    /// The months after the start.
    pub after: Option<Level>,
    /// What is to be reached.
    pub target: Option<f64>,
}

impl View {
    fn x(&self, month: Month) -> f64 {
        f64::from(month.0 - self.first.0)
    }

    fn levels(&self) -> impl Iterator<Item = (&Level, Colour)> {
        std::iter::once((&self.before, OTHER)).chain(self.after.as_ref().map(|level| (level, FOCUS)))
    }

    /// Returns the months of a stretch that lie on the axis, as its edges.
    fn edges(&self, first: Month, last: Month) -> Option<(f64, f64)> {
        let (first, last) = (first.max(self.first), last.min(self.last));
        (first <= last).then(|| (self.x(first) - 0.5, self.x(last) + 0.5))
    }

    fn shown(&self) -> impl Iterator<Item = (&Point, &Estimate)> {
        let on_axis = |point: &&Point| (self.first..=self.last).contains(&point.month);
        self.points.iter().filter(on_axis).filter_map(|point| Some((point, point.figure.as_ref().ok()?)))
    }
}

/// Draws the chart.
pub fn draw(view: &View, studio: &Studio) -> Svg {
    let sheet = Sheet::new();
    let args = [
        ("measure", studio.short(&view.measure).into()),
        ("place", studio.short(&view.place).into()),
        ("months", studio.locale().months(view.first, view.last).into()),
    ];
    let subtitle = studio.catalogue.message("trend-subtitle", &args);
    let top = heading(&sheet, studio, &view.title, &subtitle) + 22.0;
    let plane = lay(view, studio, &sheet, top);
    shade_trigger(view, studio, &sheet, &plane);
    draw_levels(view, &plane);
    draw_start(view, studio, &sheet, &plane);
    draw_figures(view, &plane);
    write_ends(view, studio, &sheet, &plane);
    let axis = month_axis(&sheet, studio, &plane, (view.first, view.last));
    let height = notes(&sheet, studio, axis, &[studio.catalogue.phrase("step-note")]);
    let args = [
        ("title", (&view.title).into()),
        ("subtitle", (&subtitle).into()),
        ("count", view.points.len().into()),
    ];
    let alt = studio.catalogue.message("step-alt", &args);
    sheet.finish(&view.id, &view.title, &alt, height)
}

fn lay(view: &View, studio: &Studio, sheet: &Sheet, top: f64) -> Plane {
    let (low, high) = range(view);
    let ticks = unit_ticks(studio.locale(), (low, high), view.unit, 5);
    let labels = ticks.iter().map(|tick| studio.width(&tick.label, AXIS)).fold(0.0, f64::max);
    let frame = Frame {
        left: MARGIN + labels + 10.0,
        top,
        right: WIDTH - MARGIN - LINE_END,
        bottom: top + PLOT_HEIGHT,
    };
    let plane = Plane::new(sheet, frame, -0.5..view.x(view.last).max(0.0) + 0.5, low..high);
    vertical_axis(sheet, &plane, &ticks);
    plane
}

fn range(view: &View) -> (f64, f64) {
    let ends =
        view.shown().flat_map(|(_, e)| [e.value, e.lower.unwrap_or(e.value), e.upper.unwrap_or(e.value)]);
    let values = ends.chain(view.target).chain(view.peers.iter().map(|(_, value)| *value));
    let least = if view.unit == Unit::Share { 0.005 } else { 1.0 };
    let (low, high) = range_of(values, 0.06, least).unwrap_or((0.0, least * 10.0));
    if view.unit == Unit::Share { (low.max(0.0), high.min(1.0)) } else { (low, high) }
}

/// Shades the months that gave rise to the action, and says so above them.
fn shade_trigger(view: &View, studio: &Studio, sheet: &Sheet, plane: &Plane) {
    let Some((left, right)) = view.edges(view.trigger.0, view.trigger.1) else { return };
    plane.rectangle([(left, plane.y.start), (right, plane.y.end)], OTHER_TINT);
    let (x, y) = plane.at((f64::midpoint(left, right), plane.y.end));
    write_above(studio, sheet, plane, ("step-trigger", x.min(x_of_start(view, plane) - 60.0)), y);
}

/// The place of the start on the sheet; far away where there is none.
fn x_of_start(view: &View, plane: &Plane) -> f64 {
    view.after.as_ref().map_or(f64::INFINITY, |level| plane.at((view.x(level.first) - 0.5, plane.y.end)).0)
}

/// Writes a word above the plane, within its edges.
fn write_above(studio: &Studio, sheet: &Sheet, plane: &Plane, (key, x): (&str, f64), y: f64) {
    let words = studio.catalogue.phrase(key);
    let half = studio.width(&words, BAND) / 2.0;
    let x = x.min(plane.frame.right - half).max(plane.frame.left + half);
    sheet.text((x, y - 5.0), BAND, Anchor::Middle, &words);
}

fn draw_levels(view: &View, plane: &Plane) {
    for (level, colour) in view.levels() {
        let (Some((left, right)), Ok(figure)) = (view.edges(level.first, level.last), &level.figure) else {
            continue;
        };
        plane.line(&[(left, figure.value), (right, figure.value)], colour, 4.0);
    }
}

fn draw_start(view: &View, studio: &Studio, sheet: &Sheet, plane: &Plane) {
    let Some(level) = view.after.as_ref().filter(|level| level.first > view.first) else { return };
    let x = view.x(level.first) - 0.5;
    sheet.group(&[("stroke-dasharray", "2 3")], None, || {
        plane.line(&[(x, plane.y.start), (x, plane.y.end)], FOCUS, 1.4);
    });
    let (left, top) = plane.at((x, plane.y.end));
    let half = studio.width(&studio.catalogue.phrase("step-start"), BAND) / 2.0;
    write_above(studio, sheet, plane, ("step-start", left + half), top);
    if let Some((target, (from, to))) = view.target.zip(view.edges(level.first, view.last)) {
        sheet.group(&[("stroke-dasharray", "6 4")], None, || {
            plane.line(&[(from, target), (to, target)], TARGET, 1.5)
        });
    }
}

fn draw_figures(view: &View, plane: &Plane) {
    let peers: Vec<(f64, f64)> = view.peers.iter().map(|(month, value)| (view.x(*month), *value)).collect();
    if peers.len() > 1 {
        plane.line(&peers, OTHER, 1.2);
    }
    for (point, estimate) in view.shown() {
        let x = view.x(point.month);
        let counts = view.levels().any(|(level, _)| (level.first..=level.last).contains(&point.month));
        let colour = if counts { FOCUS } else { OTHER };
        if let (Some(lower), Some(upper)) = (estimate.lower, estimate.upper) {
            plane.line(&[(x, lower.max(plane.y.start)), (x, upper.min(plane.y.end))], colour, 1.4);
        }
        let mark = if point.provisional { Mark::Ring } else { Mark::Disc };
        plane.mark((x, estimate.value), mark, 3.2, colour);
    }
}

fn write_ends(view: &View, studio: &Studio, sheet: &Sheet, plane: &Plane) {
    let mut labels = Vec::new();
    labels.extend(view.shown().last().map(|(_, estimate)| (view.place.clone(), estimate.value, FOCUS)));
    let peers = view.peers.last().map(|(_, value)| (studio.catalogue.phrase("step-peers"), *value, OTHER));
    labels.extend(peers);
    let target = view.target.filter(|_| view.after.is_some());
    labels.extend(target.map(|value| (studio.catalogue.phrase("trend-target"), value, TARGET)));
    line_ends(sheet, studio, plane, (labels, view.unit));
}
