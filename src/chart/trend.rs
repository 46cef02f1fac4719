//! A measure month by month: the bank with its band, one department with its whiskers, and the target.
//!
//! A month without a figure stays on the axis and breaks the line; so does a change that makes before and after
//! incomparable. A provisional month is hollow. Labels stand at the lines, not in a legend.

use super::page::{LINE_END, Studio, heading, line_ends, month_axis, notes, unit_ticks, vertical_axis};
use super::plane::{Frame, Mark, Plane, range_of};
use super::svg::{Anchor, Sheet, Svg};
use super::theme::{AXIS, BAND, Colour, FOCUS, MARGIN, MUTED, OTHER, OTHER_TINT, TARGET, WIDTH};
use super::trend_text::{gap_note, headline};
pub use super::trend_view::{Point, Series, View};
use crate::month::Month;
use crate::stats::Estimate;
use crate::text::number::Unit;

const PLOT_HEIGHT: f64 = 270.0;

/// Draws the chart.
pub fn draw(view: &View, studio: &Studio) -> Svg {
    let sheet = Sheet::new();
    let title = headline(view, studio);
    let args = [
        ("measure", studio.short(&view.measure).into()),
        ("place", studio.short(&view.bank.name).into()),
        ("months", studio.locale().months(view.first, view.last).into()),
    ];
    let subtitle = studio.catalogue.message("trend-subtitle", &args);
    let top = heading(&sheet, studio, &title, &subtitle) + 14.0;
    let plane = lay(view, studio, &sheet, top);
    hatch_gaps(view, &plane);
    break_lines(view, &sheet, &plane);
    draw_bank(view, &plane);
    draw_targets(view, &sheet, &plane);
    draw_department(view, &plane);
    write_labels(view, studio, &sheet, &plane);
    let axis = month_axis(&sheet, studio, &plane, (view.first, view.last));
    let height = notes(&sheet, studio, axis, &remarks(view, studio));
    let args = [
        ("title", (&title).into()),
        ("subtitle", (&subtitle).into()),
        ("count", view.focus().points.len().into()),
    ];
    let alt = studio.catalogue.message("trend-alt", &args);
    sheet.finish(&view.id, &title, &alt, height)
}

fn shown(series: &Series) -> impl Iterator<Item = (&Point, &Estimate)> {
    series.points.iter().filter_map(|point| Some((point, point.figure.as_ref().ok()?)))
}

/// Whether the month lies on the axis.
fn on_axis(view: &View, month: Month) -> bool {
    (view.first..=view.last).contains(&month)
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
    let series = [Some(&view.bank), view.department.as_ref()].into_iter().flatten();
    let figures = series.flat_map(|series| shown(series).filter(|(point, _)| on_axis(view, point.month)));
    let ends = figures.flat_map(|(_, e)| [e.value, e.lower.unwrap_or(e.value), e.upper.unwrap_or(e.value)]);
    let values = ends.chain(view.targets.iter().map(|(_, target)| *target));
    let least = if view.unit == Unit::Share { 0.005 } else { 1.0 };
    let (low, high) = range_of(values, 0.08, least).unwrap_or((0.0, least * 10.0));
    if view.unit == Unit::Share { (low.max(0.0), high.min(1.0)) } else { (low, high) }
}

/// The stretches of a series without a gap or a break inside.
fn segments<'a>(view: &View, series: &'a Series) -> Vec<Vec<(&'a Point, &'a Estimate)>> {
    let mut segments: Vec<Vec<(&Point, &Estimate)>> = Vec::new();
    for (point, estimate) in shown(series).filter(|(point, _)| on_axis(view, point.month)) {
        let breaks = view.breaks.iter().any(|(month, _)| *month == point.month);
        let follows = |last: &Vec<(&Point, &Estimate)>| {
            last.last().is_some_and(|(p, _)| p.month.plus(1) == point.month)
        };
        match segments.last_mut() {
            Some(last) if follows(last) && !breaks => last.push((point, estimate)),
            _ => segments.push(vec![(point, estimate)]),
        }
    }
    segments
}

fn draw_line(view: &View, plane: &Plane, segment: &[(&Point, &Estimate)], colour: Colour, width_px: f64) {
    let points: Vec<_> =
        segment.iter().map(|(point, estimate)| (view.x(point.month), estimate.value)).collect();
    if points.len() > 1 {
        plane.line(&points, colour, width_px);
    }
}

fn draw_dots(view: &View, plane: &Plane, segment: &[(&Point, &Estimate)], colour: Colour, radius_px: f64) {
    for (point, estimate) in segment {
        let mark = if point.provisional { Mark::Ring } else { Mark::Disc };
        let radius = if point.provisional { radius_px + 0.8 } else { radius_px };
        plane.mark((view.x(point.month), estimate.value), mark, radius, colour);
    }
}

fn whisker(view: &View, plane: &Plane, (point, estimate): (&Point, &Estimate), colour: Colour) {
    if let (Some(lower), Some(upper)) = (estimate.lower, estimate.upper) {
        let (low, high) = (lower.max(plane.y.start), upper.min(plane.y.end));
        plane.line(&[(view.x(point.month), low), (view.x(point.month), high)], colour, 1.4);
    }
}

fn draw_bank(view: &View, plane: &Plane) {
    let segments = segments(view, &view.bank);
    for segment in &segments {
        let bounds = |(point, e): &(&Point, &Estimate)| {
            Some((view.x(point.month), e.lower?.max(plane.y.start), e.upper?.min(plane.y.end)))
        };
        match segment.iter().map(bounds).collect::<Option<Vec<_>>>() {
            Some(band) if band.len() > 1 => plane.band(&band, OTHER_TINT),
            _ => segment.iter().for_each(|&single| whisker(view, plane, single, OTHER)),
        }
    }
    for segment in &segments {
        draw_line(view, plane, segment, OTHER, 2.0);
        draw_dots(view, plane, segment, OTHER, 2.4);
    }
}

fn draw_department(view: &View, plane: &Plane) {
    let Some(department) = &view.department else { return };
    for segment in segments(view, department) {
        segment.iter().for_each(|&single| whisker(view, plane, single, FOCUS));
        draw_line(view, plane, &segment, FOCUS, 2.2);
        draw_dots(view, plane, &segment, FOCUS, 3.4);
    }
}

fn draw_targets(view: &View, sheet: &Sheet, plane: &Plane) {
    let ends = view.targets.iter().skip(1).map(|(month, _)| *month).chain([view.last.plus(1)]);
    let mut path = Vec::new();
    for ((from, target), end) in view.targets.iter().zip(ends) {
        let (from, end) = (view.x(*from).max(0.0) - 0.5, view.x(end.min(view.last.plus(1))) - 0.5);
        if from < end {
            path.extend([(from, *target), (end, *target)]);
        }
    }
    if !path.is_empty() {
        sheet.group(&[("stroke-dasharray", "6 4")], None, || plane.line(&path, TARGET, 1.5));
    }
}

/// Hatches the foot of the months in which the series in focus has no figure.
fn hatch_gaps(view: &View, plane: &Plane) {
    for month in view.first.to(view.last) {
        if !shown(view.focus()).any(|(point, _)| point.month == month) {
            let edge = |x: f64| plane.at((x, plane.y.start)).0;
            let (left, right) = (edge(view.x(month) - 0.5), edge(view.x(month) + 0.5));
            plane.hatch(Frame { left, right, top: plane.frame.bottom - 12.0, bottom: plane.frame.bottom });
        }
    }
}

/// The months of the breaks on the axis, each once, with what happened.
fn break_months(view: &View) -> Vec<(Month, String)> {
    let mut months: Vec<(Month, String)> = Vec::new();
    for (month, words) in view.breaks.iter().filter(|(month, _)| on_axis(view, *month)) {
        match months.last_mut() {
            Some((last, text)) if last == month => *text = format!("{text}; {words}"),
            _ => months.push((*month, words.clone())),
        }
    }
    months
}

fn break_lines(view: &View, sheet: &Sheet, plane: &Plane) {
    for (place, (month, _)) in break_months(view).iter().enumerate() {
        let x = view.x(*month) - 0.5;
        sheet.group(&[("stroke-dasharray", "2 3")], None, || {
            plane.line(&[(x, plane.y.start), (x, plane.y.end)], MUTED, 1.2);
        });
        let (left, top) = plane.at((x, plane.y.end));
        sheet.text((left, top - 5.0), BAND, Anchor::Middle, &(place + 1).to_string());
    }
}

/// Writes name and last value of every line at its end.
fn write_labels(view: &View, studio: &Studio, sheet: &Sheet, plane: &Plane) {
    let last = |series: &Series| {
        shown(series).filter(|(point, _)| on_axis(view, point.month)).last().map(|(_, e)| e.value)
    };
    let mut labels = Vec::new();
    labels.extend(last(&view.bank).map(|value| (view.bank.name.clone(), value, OTHER)));
    labels.extend(view.department.as_ref().and_then(|d| Some((d.name.clone(), last(d)?, FOCUS))));
    let target = view.targets.iter().rfind(|(month, _)| *month <= view.last);
    labels.extend(target.map(|(_, value)| (studio.catalogue.phrase("trend-target"), *value, TARGET)));
    line_ends(sheet, studio, plane, (labels, view.unit));
}

fn remarks(view: &View, studio: &Studio) -> Vec<String> {
    let mut remarks = vec![studio.catalogue.phrase(match view.department {
        Some(_) => "trend-note-both",
        None => "trend-note-bank",
    })];
    let series = [Some(&view.bank), view.department.as_ref()].into_iter().flatten();
    let provisional = series.flat_map(shown).any(|(point, _)| point.provisional);
    remarks.extend(provisional.then(|| studio.catalogue.phrase("trend-note-provisional")));
    for (place, (month, words)) in break_months(view).iter().enumerate() {
        let (number, month) = ((place + 1).to_string(), studio.locale().month(*month));
        let args = [("number", number.into()), ("month", month.into()), ("words", words.into())];
        remarks.push(studio.catalogue.message("trend-note-break", &args));
    }
    remarks.extend(gap_note(view, studio));
    remarks
}
