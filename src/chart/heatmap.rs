//! Relations asked in advance: how strongly two measures go together, within departments and between them.
//!
//! A colour tells sign and strength, the text in the cell the value, its interval and its n, a star what holds after
//! Holm's correction. What is undefined is hatched, with the reason.

use super::label::spaced;
use super::page::{Studio, heading, notes, write_lines};
use super::plane::{Frame, Plane};
use super::svg::{Anchor, Sheet, Svg};
use super::table::{self, Laid, Table};
use super::theme::{AXIS, Colour, LABEL, MARGIN, MUTED, NOTE, STEPS, STRONG, text_on};
use crate::month::Month;
use crate::stats::{Estimate, Figure};
use crate::text::number::Count;

/// Upper ends of all steps but the last.
const BOUNDS: [f64; 6] = [-0.5, -0.3, -0.1, 0.1, 0.3, 0.5];

/// A correlation.
#[derive(Debug, Clone, PartialEq)]
pub struct Cell {
    /// The coefficient with its 95 % interval.
    pub r: Figure,
    /// Number of pairs.
    pub n: Count,
    /// Whether it differs from zero after Holm's correction.
    pub holds: bool,
}

/// One relation.
#[derive(Debug, Clone, PartialEq)]
pub struct Relation {
    /// One measure.
    pub x: String,
    /// The other measure.
    pub y: String,
    /// From period to period inside the departments.
    pub within: Cell,
    /// From department to department.
    pub between: Cell,
}

/// What the chart shows.
#[derive(Debug, Clone, PartialEq)]
pub struct View {
    /// The element id.
    pub id: String,
    /// Whose departments they are.
    pub place: String,
    /// First month.
    pub first: Month,
    /// Last month.
    pub last: Month,
    /// The relations, in the order shown.
    pub relations: Vec<Relation>,
}

/// Draws the chart.
pub fn draw(view: &View, studio: &Studio) -> Svg {
    let sheet = Sheet::new();
    let held = view.relations.iter().filter(|relation| holds(&relation.within)).count();
    let known = view.relations.iter().filter(|relation| relation.within.r.is_ok()).count();
    let title = match known {
        0 => studio.catalogue.phrase("heatmap-title-none"),
        _ => studio.catalogue.message("heatmap-title", &[("held", held.into()), ("total", known.into())]),
    };
    let args = [
        ("place", studio.short(&view.place).into()),
        ("months", studio.locale().months(view.first, view.last).into()),
    ];
    let subtitle = studio.catalogue.message("heatmap-subtitle", &args);
    let top = heading(&sheet, studio, &title, &subtitle) + AXIS.line_height();
    let laid = table(view, studio).lay(studio, top);
    laid.draw(&sheet);
    let plane = Plane::rows(&sheet, laid.plot, 0.0..1.0);
    heads(&sheet, studio, &laid);
    for (place, relation) in view.relations.iter().enumerate() {
        for (column, cell) in [&relation.within, &relation.between].into_iter().enumerate() {
            let frame = column_of(laid.row(place), column);
            let words = name(relation, studio);
            sheet.group(&[("class", "c-row")], Some(&words), || {
                draw_cell(&sheet, studio, &plane, frame, cell)
            });
        }
    }
    let bottom = legend(&sheet, studio, &plane);
    let height = notes(&sheet, studio, bottom, &[studio.catalogue.phrase("heatmap-note")]);
    let args = [
        ("title", (&title).into()),
        ("subtitle", (&subtitle).into()),
        ("count", view.relations.len().into()),
    ];
    let alt = studio.catalogue.message("heatmap-alt", &args);
    sheet.finish(&view.id, &title, &alt, height)
}

fn holds(cell: &Cell) -> bool {
    cell.holds && cell.r.is_ok()
}

fn name(relation: &Relation, studio: &Studio) -> String {
    let args = [("x", (&relation.x).into()), ("y", (&relation.y).into())];
    studio.catalogue.message("heatmap-relation", &args)
}

fn table(view: &View, studio: &Studio) -> Table {
    let rows = view
        .relations
        .iter()
        .map(|relation| table::Row { name: name(relation, studio), ..table::Row::default() });
    Table {
        name_head: studio.catalogue.phrase("heatmap-head-relation"),
        rows: rows.collect(),
        name_max: 300.0,
        row_min: 42.0,
        ..Table::default()
    }
}

/// The cell of a row in the column within (0) or between (1).
fn column_of(row: Frame, column: usize) -> Frame {
    let width = (row.width() - 4.0) / 2.0;
    let left = row.left + column as f64 * (width + 4.0);
    Frame { left, right: left + width, top: row.top + 2.0, bottom: row.bottom - 2.0 }
}

fn heads(sheet: &Sheet, studio: &Studio, laid: &Laid) {
    for (column, key) in ["heatmap-head-within", "heatmap-head-between"].into_iter().enumerate() {
        let frame = column_of(laid.plot, column);
        let lines = studio.fit(&studio.catalogue.phrase(key), AXIS, frame.width(), 2);
        let first = laid.plot.top - 5.0 - (lines.lines.len() as f64 - 0.5) * AXIS.line_height();
        write_lines(sheet, (frame.centre(), first), AXIS, Anchor::Middle, &lines);
    }
}

fn step(r: f64) -> Colour {
    STEPS[BOUNDS.iter().filter(|bound| r >= **bound).count()]
}

fn draw_cell(sheet: &Sheet, studio: &Studio, plane: &Plane, frame: Frame, cell: &Cell) {
    match &cell.r {
        Ok(r) => {
            fill(plane, frame, step(r.value));
            write_cell(sheet, studio, frame, cell, r);
        }
        Err(reason) => {
            plane.hatch(frame);
            let lines = studio.fit(&studio.catalogue.reason(*reason), LABEL, frame.width() - 28.0, 2);
            let half = lines.width(&studio.font, LABEL) / 2.0 + 6.0;
            let tall = lines.lines.len() as f64 * LABEL.line_height() / 2.0 + 1.0;
            let plate = Frame {
                left: frame.centre() - half,
                right: frame.centre() + half,
                top: frame.middle() - tall,
                bottom: frame.middle() + tall,
            };
            fill(plane, plate, super::theme::PAPER);
            let first = frame.middle() - (lines.lines.len() as f64 - 1.0) / 2.0 * LABEL.line_height();
            write_lines(sheet, (frame.centre(), first), LABEL.in_colour(MUTED), Anchor::Middle, &lines);
        }
    }
}

fn fill(plane: &Plane, frame: Frame, colour: Colour) {
    let value = |x: f64| (x - plane.frame.left) / plane.frame.width();
    plane.rectangle([(value(frame.left), frame.top), (value(frame.right), frame.bottom)], colour);
}

fn write_cell(sheet: &Sheet, studio: &Studio, frame: Frame, cell: &Cell, r: &Estimate) {
    let colour = text_on(step(r.value));
    let locale = studio.locale();
    let star = if holds(cell) { "\u{a0}*" } else { "" };
    let value = format!("{}{star}", locale.correlation(r.value));
    let interval = match (r.lower, r.upper) {
        (Some(lower), Some(upper)) => {
            locale.range(&locale.correlation(lower), &locale.correlation(upper)) + " · "
        }
        _ => String::new(),
    };
    let below = format!("{interval}{}", locale.n(cell.n));
    let below = studio.fit(&below, NOTE, frame.width() - 8.0, 1);
    let middle = frame.middle();
    sheet.text(
        (frame.centre(), middle - 8.0 + STRONG.drop()),
        STRONG.in_colour(colour),
        Anchor::Middle,
        &value,
    );
    write_lines(sheet, (frame.centre(), middle + 8.5), NOTE.in_colour(colour), Anchor::Middle, &below);
}

/// The steps with their bounds, below the cells; returns where it ends.
fn legend(sheet: &Sheet, studio: &Studio, plane: &Plane) -> f64 {
    const SWATCH: f64 = 40.0;
    let top = plane.frame.bottom + 14.0;
    let left = plane.frame.right - SWATCH * STEPS.len() as f64;
    for (place, colour) in STEPS.into_iter().enumerate() {
        let from = left + place as f64 * SWATCH;
        fill(plane, Frame { left: from, right: from + SWATCH - 1.0, top, bottom: top + 10.0 }, colour);
    }
    let middles: Vec<f64> = (1..STEPS.len()).map(|place| left + place as f64 * SWATCH - 0.5).collect();
    let texts: Vec<String> = BOUNDS.iter().map(|bound| studio.locale().change(*bound, 1)).collect();
    let widths: Vec<f64> = texts.iter().map(|text| studio.width(text, AXIS)).collect();
    for (place, shown) in spaced(&middles, &widths, 4.0).into_iter().enumerate() {
        if shown {
            sheet.text((middles[place], top + 20.0 + AXIS.drop()), AXIS, Anchor::Middle, &texts[place]);
        }
    }
    let name = studio.fit(&studio.catalogue.phrase("heatmap-legend"), AXIS, left - MARGIN - 12.0, 1);
    write_lines(sheet, (left - 10.0, top + 5.0), AXIS, Anchor::End, &name);
    top + 30.0
}
