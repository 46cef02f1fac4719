//! How fast breaches are remedied: the share remedied by the time since the due time, the limit of the remedy marked.
//!
//! One minus Kaplan and Meier's curve: a line in steps with its band. A breach that was not remedied when the books closed counts for as
//! long as it was seen.

use super::page::{Studio, Tick, heading, horizontal_axis, notes, unit_ticks, vertical_axis, write_lines};
use super::plane::{Frame, Plane};
use super::svg::{Anchor, Sheet, Svg};
use super::theme::{AXIS, FOCUS, LABEL, LINE, MARGIN, MUTED, OTHER_TINT, STRONG, TARGET, WIDTH};
use crate::month::Month;
use crate::stats::{Figure, Reason};
use crate::text::number::Unit;

/// The share remedied from one time on.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Step {
    /// The time, in the unit of the axis.
    pub time: f64,
    /// Share remedied by then.
    pub share: f64,
    /// Its interval, where it has one.
    pub ends: Option<(f64, f64)>,
}

/// The limit of the remedy.
#[derive(Debug, Clone, PartialEq)]
pub struct Limit {
    /// The limit, in the unit of the axis.
    pub time: f64,
    /// The limit in words: `2.0 working days`.
    pub words: String,
    /// Share remedied by it.
    pub share: Figure,
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
    /// Name of the axis of time with its unit.
    pub axis: String,
    /// The steps in order of time, or why there are none.
    pub steps: Result<Vec<Step>, Reason>,
    /// Share of the breaches that were remedied; its n is the number of breaches.
    pub remedied: Figure,
    /// The limit, where all breaches have the same.
    pub limit: Option<Limit>,
}

const PLOT_HEIGHT: f64 = 250.0;
/// Room for the label of the last value.
const LABEL_WIDTH: f64 = 96.0;
/// Steps beyond this share of the remedies are not drawn: the last few come long after the others.
const DRAWN: f64 = 0.98;
/// Places along the axis that a line can tell apart.
const PLACES: f64 = 800.0;

/// Draws the chart.
pub fn draw(view: &View, studio: &Studio) -> Svg {
    let sheet = Sheet::new();
    let title = headline(view, studio);
    let args = [
        ("place", studio.short(&view.place).into()),
        ("months", studio.locale().months(view.first, view.last).into()),
    ];
    let subtitle = studio.catalogue.message("remedy-subtitle", &args);
    let top = heading(&sheet, studio, &title, &subtitle) + 16.0;
    let steps = view.steps.as_deref().unwrap_or_default();
    let end = end(steps, view.limit.as_ref());
    let drawn = thin(steps, end);
    let plane = lay(studio, &sheet, top, (end, highest(&drawn)));
    curve(&plane, &drawn, end);
    mark_limit(view, studio, &sheet, &plane);
    label_last(&drawn, studio, &sheet, &plane);
    if let Err(reason) = view.steps {
        let middle = (plane.frame.centre(), plane.frame.middle());
        sheet.text(middle, LABEL.in_colour(MUTED), Anchor::Middle, &studio.catalogue.reason(reason));
    }
    let ticks = time_ticks(studio, end);
    let axis = horizontal_axis(&sheet, studio, &plane, &ticks, &view.axis);
    let height = notes(&sheet, studio, axis, &[studio.catalogue.phrase("remedy-note")]);
    let args = [("title", (&title).into()), ("subtitle", (&subtitle).into())];
    let alt = studio.catalogue.message("remedy-alt", &args);
    sheet.finish(&view.id, &title, &alt, height)
}

fn headline(view: &View, studio: &Studio) -> String {
    let share = |figure: &Figure| figure.as_ref().ok().map(|one| studio.locale().share(one.value, 1));
    let in_time = view.limit.as_ref().and_then(|limit| Some((share(&limit.share)?, &limit.words)));
    match (share(&view.remedied), in_time) {
        (None, _) => studio.catalogue.phrase("remedy-title-none"),
        (Some(share), None) => studio.catalogue.message("remedy-title", &[("share", share.into())]),
        (Some(share), Some((in_time, limit))) => {
            let args = [("share", share.into()), ("intime", in_time.into()), ("limit", limit.into())];
            studio.catalogue.message("remedy-title-limit", &args)
        }
    }
}

/// Returns where the axis ends: after nearly all remedies, and well after the limit.
fn end(steps: &[Step], limit: Option<&Limit>) -> f64 {
    let all = steps.last().map_or(0.0, |step| step.share);
    let nearly = steps.iter().find(|step| step.share >= DRAWN * all).map_or(0.0, |step| step.time);
    let end = limit.map_or(nearly, |limit| nearly.max(1.5 * limit.time));
    if end > 0.0 { end } else { 1.0 }
}

/// Keeps the last of the steps that would fall on the same place.
fn thin(steps: &[Step], end: f64) -> Vec<Step> {
    let place = |step: &Step| libm::floor(PLACES * step.time / end);
    let within: Vec<Step> = steps.iter().filter(|step| step.time <= end).copied().collect();
    let is_same = |one: &Step, next: &Step| place(one) >= place(next);
    within.chunk_by(is_same).filter_map(<[Step]>::last).copied().collect()
}

fn highest(steps: &[Step]) -> f64 {
    let upper = steps.last().map_or(0.0, |step| step.ends.map_or(step.share, |ends| ends.1));
    (1.08 * upper).clamp(0.1, 1.0)
}

fn lay(studio: &Studio, sheet: &Sheet, top: f64, (end, highest): (f64, f64)) -> Plane {
    let ticks = unit_ticks(studio.locale(), (0.0, highest), Unit::Share, 5);
    let labels = ticks.iter().map(|tick| studio.width(&tick.label, AXIS)).fold(0.0, f64::max);
    let frame = Frame {
        left: MARGIN + labels + 10.0,
        top,
        right: WIDTH - MARGIN - LABEL_WIDTH,
        bottom: top + PLOT_HEIGHT,
    };
    let plane = Plane::new(sheet, frame, 0.0..end, 0.0..highest);
    vertical_axis(sheet, &plane, &ticks);
    plane.line(&[(0.0, 0.0), (end, 0.0)], LINE, 1.4);
    plane
}

fn time_ticks(studio: &Studio, end: f64) -> Vec<Tick> {
    unit_ticks(studio.locale(), (0.0, end), Unit::Points, 8)
}

/// Draws the band and the line, each value holding until the next time.
fn curve(plane: &Plane, steps: &[Step], end: f64) {
    let next = steps.iter().skip(1).map(|step| step.time).chain([end]);
    let spans: Vec<(&Step, f64)> = steps.iter().zip(next).collect();
    let band = spans.iter().filter_map(|(step, next)| {
        let (lower, upper) = step.ends?;
        let upper = upper.min(plane.y.end);
        Some([(step.time, lower, upper), (*next, lower, upper)])
    });
    let band: Vec<(f64, f64, f64)> = band.flatten().collect();
    if !band.is_empty() {
        plane.band(&band, OTHER_TINT);
    }
    let rises = spans.iter().flat_map(|(step, next)| [(step.time, step.share), (*next, step.share)]);
    let before = steps.first().map_or(end, |step| step.time);
    let line: Vec<(f64, f64)> = [(0.0, 0.0), (before, 0.0)].into_iter().chain(rises).collect();
    plane.line(&line, FOCUS, 2.0);
}

/// Marks the limit and the share remedied by it.
fn mark_limit(view: &View, studio: &Studio, sheet: &Sheet, plane: &Plane) {
    let Some(limit) = &view.limit else { return };
    sheet.group(&[("stroke-dasharray", "6 4")], None, || {
        plane.line(&[(limit.time, plane.y.start), (limit.time, plane.y.end)], TARGET, 1.5);
    });
    let (x, y) = plane.at((limit.time, plane.y.end));
    let args = [("limit", (&limit.words).into())];
    let words = studio.catalogue.message("remedy-limit", &args);
    sheet.text((x, y - 5.0), LABEL.in_colour(TARGET), Anchor::Middle, &words);
    if let Ok(share) = &limit.share {
        let (x, y) = plane.at((limit.time, share.value));
        let text = studio.locale().share(share.value, 1);
        sheet.text((x + 8.0, y + 16.0), STRONG.in_colour(TARGET), Anchor::Start, &text);
    }
}

/// Writes the last value at the end of the line.
fn label_last(steps: &[Step], studio: &Studio, sheet: &Sheet, plane: &Plane) {
    let Some(last) = steps.last() else { return };
    let (x, y) = plane.at((plane.x.end, last.share));
    let text = studio.locale().share(last.share, 1);
    sheet.text((x + 8.0, y + STRONG.drop()), STRONG.in_colour(FOCUS), Anchor::Start, &text);
    let words = studio.fit(&studio.catalogue.phrase("remedy-remedied"), LABEL, LABEL_WIDTH - 10.0, 1);
    write_lines(sheet, (x + 8.0, y + 16.0), LABEL.in_colour(FOCUS), Anchor::Start, &words);
}

#[cfg(test)]
mod tests {
    use super::*;

    fn step(time: f64, share: f64) -> Step {
        Step { time, share, ends: None }
    }

    #[test]
    fn the_axis_shows_nearly_all_remedies_and_the_limit() {
        let steps = [step(1.0, 0.2), step(2.0, 0.395), step(90.0, 0.4)];
        assert!((end(&steps, None) - 2.0).abs() < 1e-12);
        let limit = Limit { time: 4.0, words: String::new(), share: Err(Reason::TooFew) };
        assert!((end(&steps, Some(&limit)) - 6.0).abs() < 1e-12);
        assert!((end(&[], None) - 1.0).abs() < 1e-12);
    }

    #[test]
    fn steps_on_one_place_are_drawn_once() {
        let steps: Vec<Step> = (1..=100_000).map(|k| step(f64::from(k) / 1e4, f64::from(k) / 1e6)).collect();
        let drawn = thin(&steps, 10.0);
        assert!(drawn.len() <= 801 && drawn.last() == steps.last());
    }
}
