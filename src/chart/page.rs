//! The page of a chart: its tools, its headline with the line below, its axes and notes.
//!
//! In: sentences. Out: texts on the sheet, and how far down they reach in px.

use super::label::{Lines, fit, place, spaced, ticks};
use super::plane::Plane;
use super::svg::{Anchor, Sheet};
use super::theme::{AXIS, Colour, LABEL, LINE, MARGIN, MUTED, NOTE, STRONG, SUBTITLE, Style, TITLE, WIDTH};
use crate::month::Month;
use crate::text::catalogue::Catalogue;
use crate::text::font::Font;
use crate::text::number::{Locale, Unit};

const LABEL_WIDTH: f64 = 138.0;
const LABEL_HEIGHT: f64 = 36.0;
/// What the labels at the ends of lines need to the right of a chart, in px.
pub const LINE_END: f64 = LABEL_WIDTH + 12.0;

/// What every chart is drawn with.
pub struct Studio {
    /// The reader's sentences.
    pub catalogue: Catalogue,
    /// The embedded font.
    pub font: Font,
}

impl Studio {
    /// Returns the tools for readers of a language.
    pub fn new(locale: Locale) -> Self {
        Self { catalogue: Catalogue::new(locale), font: Font::new() }
    }

    /// Returns the conventions for numbers.
    pub fn locale(&self) -> Locale {
        self.catalogue.locale()
    }

    /// Returns the width of a text in px.
    pub fn width(&self, text: &str, style: Style) -> f64 {
        self.font.width(text, style.size, style.bold)
    }

    /// Lays a text out in lines.
    pub fn fit(&self, text: &str, style: Style, width: f64, max_lines: usize) -> Lines {
        fit(&self.font, text, style, width, max_lines)
    }

    /// Returns a name as it fits into a sentence.
    pub fn short(&self, name: &str) -> String {
        self.fit(name, TITLE, 280.0, 1).lines.concat()
    }
}

/// Writes lines below one another, the first one's middle at `y`.
pub fn write_lines(sheet: &Sheet, (x, y): (f64, f64), style: Style, anchor: Anchor, lines: &Lines) {
    for (place, line) in lines.lines.iter().enumerate() {
        let baseline = y + place as f64 * style.line_height() + style.drop();
        sheet.titled((x, baseline), style, anchor, (line, lines.full.as_deref()));
    }
}

/// Writes a block of text of the whole width and returns where it ends.
fn block(sheet: &Sheet, studio: &Studio, top: f64, style: Style, text: &str) -> f64 {
    let lines = studio.fit(text, style, WIDTH - 2.0 * MARGIN, 4);
    write_lines(sheet, (MARGIN, top + style.line_height() / 2.0), style, Anchor::Start, &lines);
    top + style.line_height() * lines.lines.len() as f64
}

/// Writes the headline and what, where, when below it; returns where the chart begins.
pub fn heading(sheet: &Sheet, studio: &Studio, title: &str, subtitle: &str) -> f64 {
    let bottom = block(sheet, studio, MARGIN - 2.0, TITLE, title);
    block(sheet, studio, bottom + 2.0, SUBTITLE, subtitle) + 14.0
}

/// Writes notes below a chart; returns the height of the whole chart.
pub fn notes(sheet: &Sheet, studio: &Studio, top: f64, notes: &[String]) -> f64 {
    let mut bottom = top + 8.0;
    for note in notes.iter().filter(|note| !note.is_empty()) {
        bottom = block(sheet, studio, bottom, NOTE, note) + 2.0;
    }
    bottom + MARGIN - 4.0
}

/// One place on an axis.
#[derive(Debug, Clone, PartialEq)]
pub struct Tick {
    /// The value.
    pub value: f64,
    /// The value as text.
    pub label: String,
}

/// Returns round ticks within a range of values of a unit.
pub fn unit_ticks(locale: Locale, range: (f64, f64), unit: Unit, count: usize) -> Vec<Tick> {
    let factor = if unit == Unit::Share { 100.0 } else { 1.0 };
    let (values, digits) = ticks((range.0 * factor, range.1 * factor), count);
    let label = |value: f64| match unit {
        Unit::Points => locale.decimal(value, digits),
        Unit::Share => format!("{}\u{a0}%", locale.decimal(value, digits)),
    };
    values.into_iter().map(|value| Tick { value: value / factor, label: label(value) }).collect()
}

/// Draws the grid of a horizontal axis.
pub fn vertical_grid(plane: &Plane, ticks: &[Tick], colour: Colour) {
    for tick in ticks {
        plane.line(&[(tick.value, plane.y.start), (tick.value, plane.y.end)], colour, 1.0);
    }
}

/// Writes the labels of a horizontal axis and its name below them; returns where they end.
pub fn horizontal_axis(sheet: &Sheet, studio: &Studio, plane: &Plane, ticks: &[Tick], name: &str) -> f64 {
    let top = plane.frame.bottom + 11.0;
    let middles: Vec<_> = ticks.iter().map(|tick| plane.at((tick.value, plane.y.start)).0).collect();
    let widths: Vec<_> = ticks.iter().map(|tick| studio.width(&tick.label, AXIS)).collect();
    for (place, shown) in spaced(&middles, &widths, 6.0).into_iter().enumerate() {
        if shown {
            sheet.text((middles[place], top + AXIS.drop()), AXIS, Anchor::Middle, &ticks[place].label);
        }
    }
    let lines = studio.fit(name, AXIS, plane.frame.width(), 2);
    write_lines(sheet, (plane.frame.centre(), top + 16.0), AXIS, Anchor::Middle, &lines);
    top + 9.0 + AXIS.line_height() * lines.lines.len() as f64 + 2.0
}

/// Draws the grid of a vertical axis with its labels to the left.
pub fn vertical_axis(sheet: &Sheet, plane: &Plane, ticks: &[Tick]) {
    for tick in ticks {
        plane.line(&[(plane.x.start, tick.value), (plane.x.end, tick.value)], LINE, 1.0);
        let (x, y) = plane.at((plane.x.start, tick.value));
        sheet.text((x - 8.0, y + AXIS.drop()), AXIS, Anchor::End, &tick.label);
    }
}

/// Writes name and last value at the ends of lines, so that no two overlap; says so where there is none.
pub fn line_ends(
    sheet: &Sheet,
    studio: &Studio,
    plane: &Plane,
    (mut labels, unit): (Vec<(String, f64, Colour)>, Unit),
) {
    labels.sort_by(|a, b| b.1.total_cmp(&a.1));
    let wished: Vec<f64> = labels.iter().map(|(_, value, _)| plane.at((plane.x.end, *value)).1).collect();
    let places = place(&wished, LABEL_HEIGHT, (plane.frame.top - 4.0, plane.frame.bottom + 4.0));
    let x = plane.frame.right + 12.0;
    for ((name, value, colour), y) in labels.iter().zip(places) {
        let lines = studio.fit(name, LABEL, LABEL_WIDTH, 1);
        write_lines(sheet, (x, y - 8.0), LABEL.in_colour(*colour), Anchor::Start, &lines);
        let text = studio.locale().value(*value, unit);
        sheet.text((x, y + 8.0 + STRONG.drop()), STRONG.in_colour(*colour), Anchor::Start, &text);
    }
    if labels.is_empty() {
        let words = studio.catalogue.phrase("trend-nothing");
        let middle = (plane.frame.centre(), plane.frame.middle());
        sheet.text(middle, LABEL.in_colour(MUTED), Anchor::Middle, &words);
    }
}

/// Writes the months, the first at 0, and below the first of each year the year; returns where they end.
pub fn month_axis(sheet: &Sheet, studio: &Studio, plane: &Plane, (first, last): (Month, Month)) -> f64 {
    let top = plane.frame.bottom;
    plane.line(&[(plane.x.start, plane.y.start), (plane.x.end, plane.y.start)], LINE, 1.4);
    let write = |labels: Vec<(Month, String)>, y: f64| {
        let middle = |month: Month| plane.at((f64::from(month.0 - first.0), plane.y.start)).0;
        let middles: Vec<f64> = labels.iter().map(|(month, _)| middle(*month)).collect();
        let widths: Vec<f64> = labels.iter().map(|(_, text)| studio.width(text, AXIS)).collect();
        for (place, shown) in spaced(&middles, &widths, 7.0).into_iter().enumerate() {
            if shown {
                sheet.text((middles[place], y + AXIS.drop()), AXIS, Anchor::Middle, &labels[place].1);
            }
        }
    };
    write(first.to(last).map(|month| (month, studio.locale().month_short(month))).collect(), top + 13.0);
    let years = first.to(last).filter(|month| *month == first || month.number() == 1);
    write(years.map(|month| (month, month.year().to_string())).collect(), top + 28.0);
    top + 36.0
}
