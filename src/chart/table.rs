//! Rows: names at the left, a plot in the middle, columns of words and figures at the right.
//!
//! In: texts. Out: their places, measured; rows grow with their texts, the chart with its rows.

use super::label::Lines;
use super::page::{Studio, write_lines};
use super::plane::Frame;
use super::svg::{Anchor, Sheet};
use super::theme::{AXIS, LABEL, LINE, MARGIN, MUTED, STRONG, Style, WIDTH, px};
use plotters::prelude::{IntoDrawingArea, PathElement, ShapeStyle};

const GAP: f64 = 16.0;
const CELL_MAX: f64 = 150.0;
const PLOT_MIN: f64 = 210.0;

/// One row.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Row {
    /// The name at the left.
    pub name: String,
    /// Whether the name is bold.
    pub strong: bool,
    /// Why there is no figure, in words; such a row is grey.
    pub missing: Option<String>,
    /// The columns' texts; missing ones are empty.
    pub cells: Vec<(String, Style)>,
}

/// A table around a plot.
#[derive(Debug, Clone, PartialEq)]
pub struct Table {
    /// The head of the names.
    pub name_head: String,
    /// The heads of the columns.
    pub heads: Vec<(String, Anchor)>,
    /// The rows.
    pub rows: Vec<Row>,
    /// The width of the names at most, in px.
    pub name_max: f64,
    /// The height of a row at least, in px.
    pub row_min: f64,
}

impl Default for Table {
    fn default() -> Self {
        Self { name_head: String::new(), heads: Vec::new(), rows: Vec::new(), name_max: 214.0, row_min: 25.0 }
    }
}

struct LaidRow {
    frame: Frame,
    name: (Lines, Style),
    missing: Lines,
    cells: Vec<(Lines, Style)>,
}

/// A table with its places.
pub struct Laid {
    /// Where the plot stands.
    pub plot: Frame,
    rows: Vec<LaidRow>,
    heads: Vec<(Lines, f64, Anchor)>,
}

impl Table {
    /// Measures the table from `top` on.
    pub fn lay(&self, studio: &Studio, top: f64) -> Laid {
        let widths: Vec<f64> =
            (0..self.heads.len()).map(|column| self.column_width(studio, column)).collect();
        let right = WIDTH - MARGIN - widths.iter().map(|width| width + GAP).sum::<f64>();
        let names =
            self.rows.iter().map(|row| studio.width(&row.name, name_style(row)) + 1.0).fold(40.0, f64::max);
        let left = MARGIN + names.min(self.name_max).min((right - PLOT_MIN - GAP - MARGIN).max(60.0)) + GAP;
        let heads = self.lay_heads(studio, (left, right), &widths);
        let height = heads.iter().map(|(lines, ..)| lines.lines.len()).max().unwrap_or(0).max(1) as f64;
        let plot = Frame { left, top: top + height * AXIS.line_height() + 6.0, right, bottom: 0.0 };
        let mut laid = Laid { plot, rows: Vec::new(), heads };
        let mut y = plot.top;
        for row in &self.rows {
            laid.rows.push(lay_row(studio, row, Frame { top: y, bottom: y + self.row_min, ..plot }));
            y = laid.rows.last().map_or(y, |row| row.frame.bottom);
        }
        laid.plot.bottom = y.max(plot.top + 1.0);
        laid
    }

    fn column_width(&self, studio: &Studio, column: usize) -> f64 {
        let head = studio.fit(&self.heads[column].0, AXIS, 92.0, 2).width(&studio.font, AXIS);
        let cells = self.rows.iter().filter_map(|row| row.cells.get(column));
        cells.map(|(text, style)| studio.width(text, *style) + 0.5).fold(head, f64::max).min(CELL_MAX)
    }

    fn lay_heads(&self, studio: &Studio, plot: (f64, f64), widths: &[f64]) -> Vec<(Lines, f64, Anchor)> {
        let name = studio.fit(&self.name_head, AXIS, plot.0 - MARGIN - 8.0, 2);
        let mut heads = vec![(name, MARGIN, Anchor::Start)];
        let mut x = plot.1;
        for ((head, anchor), width) in self.heads.iter().zip(widths) {
            x += GAP + width;
            let place = match anchor {
                Anchor::Start => x - width,
                Anchor::Middle => x - width / 2.0,
                Anchor::End => x,
            };
            heads.push((studio.fit(head, AXIS, width.max(20.0), 2), place, *anchor));
        }
        heads
    }
}

fn name_style(row: &Row) -> Style {
    let style = if row.strong { STRONG } else { LABEL };
    if row.missing.is_some() { style.in_colour(MUTED) } else { style }
}

fn lay_row(studio: &Studio, row: &Row, plot: Frame) -> LaidRow {
    let name = studio.fit(&row.name, name_style(row), plot.left - GAP - MARGIN, 2);
    let words = row.missing.as_deref().unwrap_or_default();
    let missing = studio.fit(words, LABEL, plot.width() - 16.0, 2);
    let cells: Vec<_> =
        row.cells.iter().map(|(text, style)| (studio.fit(text, *style, CELL_MAX, 2), *style)).collect();
    let count = cells.iter().map(|(lines, _)| lines.lines.len()).fold(1, usize::max);
    let count = count.max(name.lines.len()).max(missing.lines.len());
    let bottom = plot.bottom.max(plot.top + count as f64 * LABEL.line_height() + 9.0);
    LaidRow { frame: Frame { bottom, ..plot }, name: (name, name_style(row)), missing, cells }
}

impl Laid {
    /// Returns where a row's plot stands.
    pub fn row(&self, row: usize) -> Frame {
        self.rows[row].frame
    }

    /// Writes heads, names, columns and reasons, with a hairline under every row.
    pub fn draw(&self, sheet: &Sheet) {
        for (lines, x, anchor) in &self.heads {
            let height = (lines.lines.len() as f64 - 0.5) * AXIS.line_height();
            write_lines(sheet, (*x, self.plot.top - 5.0 - height), AXIS, *anchor, lines);
        }
        self.hairline(sheet, self.plot.top);
        for row in &self.rows {
            self.draw_row(sheet, row);
        }
    }

    fn draw_row(&self, sheet: &Sheet, row: &LaidRow) {
        let first = |lines: &Lines, style: Style| {
            row.frame.middle() - (lines.lines.len() as f64 - 1.0) / 2.0 * style.line_height()
        };
        let write = |x: f64, anchor: Anchor, lines: &Lines, style: Style| {
            write_lines(sheet, (x, first(lines, style)), style, anchor, lines);
        };
        write(MARGIN, Anchor::Start, &row.name.0, row.name.1);
        write(row.frame.left + 8.0, Anchor::Start, &row.missing, LABEL.in_colour(MUTED));
        for ((lines, style), (_, x, anchor)) in row.cells.iter().zip(&self.heads[1..]) {
            write(*x, *anchor, lines, *style);
        }
        self.hairline(sheet, row.frame.bottom);
    }

    fn hairline(&self, sheet: &Sheet, y: f64) {
        let style =
            ShapeStyle { color: LINE.rgb.into(), filled: false, stroke_width: px(0.7).unsigned_abs() };
        let path = PathElement::new([MARGIN, WIDTH - MARGIN].map(|x| (px(x), px(y))).to_vec(), style);
        sheet.clone().into_drawing_area().draw(&path).expect("the sheet takes everything");
    }
}
