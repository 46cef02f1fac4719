//! The plane: a rectangle of the sheet with coordinates, in which plotters draws.
//!
//! In: values of the figures. Out: shapes on the sheet, and the places in px at which labels belong.

use std::ops::Range;

use plotters::coord::Shift;
use plotters::coord::types::RangedCoordf64;
use plotters::drawing::DrawingArea;
use plotters::element::{CoordMapper, Drawable, PointCollection};
use plotters::prelude::*;

use super::svg::Sheet;
use super::theme::{Colour, HATCH, PAPER, SCALE, px};

/// A rectangle of the sheet in px.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Frame {
    /// Left edge.
    pub left: f64,
    /// Upper edge.
    pub top: f64,
    /// Right edge.
    pub right: f64,
    /// Lower edge.
    pub bottom: f64,
}

impl Frame {
    /// Returns the width in px.
    pub fn width(&self) -> f64 {
        self.right - self.left
    }

    /// Returns the middle from left to right.
    pub fn centre(&self) -> f64 {
        f64::midpoint(self.left, self.right)
    }

    /// Returns the middle from top to bottom.
    pub fn middle(&self) -> f64 {
        f64::midpoint(self.top, self.bottom)
    }
}

/// What a dot looks like; shape tells as much as colour.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Mark {
    /// A full disc.
    Disc,
    /// A circle, empty inside.
    Ring,
    /// A full square on its corner.
    Diamond,
}

type Coordinates = Cartesian2d<RangedCoordf64, RangedCoordf64>;

/// A rectangle of the sheet with a horizontal and a vertical axis.
pub struct Plane {
    area: DrawingArea<Sheet, Coordinates>,
    /// The rectangle.
    pub frame: Frame,
    /// The values from the left edge to the right one.
    pub x: Range<f64>,
    /// The values from the lower edge to the upper one.
    pub y: Range<f64>,
}

impl Plane {
    /// Lays coordinates over a rectangle of the sheet; `y` rises from the lower edge to the upper one.
    pub fn new(sheet: &Sheet, frame: Frame, x: Range<f64>, y: Range<f64>) -> Self {
        let root: DrawingArea<Sheet, Shift> = sheet.clone().into_drawing_area();
        let actual = (px(frame.left)..px(frame.right), px(frame.bottom)..px(frame.top));
        let area = root.apply_coord_spec(Cartesian2d::new(x.clone(), y.clone(), actual));
        Self { area, frame, x, y }
    }

    /// Lays coordinates over rows of the sheet: values from left to right, px from top to bottom.
    pub fn rows(sheet: &Sheet, frame: Frame, x: Range<f64>) -> Self {
        let y = frame.bottom..frame.top;
        Self::new(sheet, frame, x, y)
    }

    /// Returns where a point lies on the sheet, in px.
    pub fn at(&self, point: (f64, f64)) -> (f64, f64) {
        let (x, y) = self.area.map_coordinate(&point);
        (f64::from(x) / SCALE, f64::from(y) / SCALE)
    }

    /// Draws any element of plotters.
    pub fn draw<'a, E, B>(&self, element: &'a E)
    where
        B: CoordMapper,
        &'a E: PointCollection<'a, (f64, f64), B>,
        E: Drawable<Sheet, B>,
    {
        self.area.draw(element).expect("the sheet takes everything");
    }

    /// Fills a rectangle given by two opposite corners.
    pub fn rectangle(&self, corners: [(f64, f64); 2], colour: Colour) {
        self.draw(&Rectangle::new(corners, colour.rgb.filled()));
    }

    /// Draws a line through points.
    pub fn line(&self, points: &[(f64, f64)], colour: Colour, width_px: f64) {
        let style = ShapeStyle {
            color: colour.rgb.to_rgba(),
            filled: false,
            stroke_width: px(width_px).unsigned_abs(),
        };
        self.draw(&PathElement::new(points.to_vec(), style));
    }

    /// Fills the area between two lines over the same places: (x, lower, upper).
    pub fn band(&self, points: &[(f64, f64, f64)], colour: Colour) {
        let upper = points.iter().map(|&(x, _, upper)| (x, upper));
        let lower = points.iter().rev().map(|&(x, lower, _)| (x, lower));
        self.draw(&Polygon::new(upper.chain(lower).collect::<Vec<_>>(), colour.rgb.filled()));
    }

    /// Draws a dot, with a rim of paper so that it stands out from what lies below it.
    pub fn mark(&self, point: (f64, f64), mark: Mark, radius_px: f64, colour: Colour) {
        let disc =
            |radius: f64, colour: Colour| self.draw(&Circle::new(point, px(radius), colour.rgb.filled()));
        match mark {
            Mark::Disc => {
                disc(radius_px + 1.2, PAPER);
                disc(radius_px, colour);
            }
            Mark::Ring => {
                disc(radius_px, colour);
                disc(radius_px - 1.6, PAPER);
            }
            Mark::Diamond => {
                self.diamond(point, radius_px + 2.6, PAPER);
                self.diamond(point, radius_px + 1.2, colour);
            }
        }
    }

    fn diamond(&self, point: (f64, f64), radius_px: f64, colour: Colour) {
        let r = px(radius_px);
        let corners = vec![(0, -r), (r, 0), (0, r), (-r, 0)];
        self.draw(&(EmptyElement::at(point) + Polygon::new(corners, colour.rgb.filled())));
    }

    /// Hatches a rectangle of the sheet, given in px, within which there is no figure.
    pub fn hatch(&self, cell: Frame) {
        let (width, height) = (cell.width(), cell.bottom - cell.top);
        let style =
            ShapeStyle { color: HATCH.rgb.to_rgba(), filled: false, stroke_width: px(0.8).unsigned_abs() };
        let root = self.area.strip_coord_spec();
        let mut offset = 6.0;
        while offset < width + height {
            // The line x + y = offset, cut off at the edges of the cell.
            let from = (offset.min(width), (offset - width).max(0.0));
            let to = ((offset - height).max(0.0), offset.min(height));
            let points = [from, to].map(|(x, y)| (px(cell.left + x), px(cell.top + y)));
            root.draw(&PathElement::new(points.to_vec(), style)).expect("the sheet takes everything");
            offset += 6.0;
        }
    }
}

/// Returns a range that holds all values, widened by a share of its span, or by `least` where they are all the same.
pub fn range_of(values: impl IntoIterator<Item = f64>, margin: f64, least: f64) -> Option<(f64, f64)> {
    let (mut low, mut high) = (f64::INFINITY, f64::NEG_INFINITY);
    for value in values.into_iter().filter(|value| value.is_finite()) {
        (low, high) = (low.min(value), high.max(value));
    }
    (low <= high).then(|| {
        let widening = ((high - low) * margin).max(least);
        (low - widening, high + widening)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    const FRAME: Frame = Frame { left: 100.0, top: 50.0, right: 300.0, bottom: 150.0 };

    #[test]
    fn places_are_linear_and_y_rises_upwards() {
        let sheet = Sheet::new();
        let plane = Plane::new(&sheet, FRAME, 0.0..10.0, 0.0..1.0);
        let (x, y) = plane.at((2.5, 0.25));
        assert!((x - 150.0).abs() < 0.011 && (y - 125.0).abs() < 0.011, "{x} {y}");
    }

    #[test]
    fn rows_are_px_from_the_top() {
        let plane = Plane::rows(&Sheet::new(), FRAME, 0.0..10.0);
        let (_, y) = plane.at((0.0, 70.0));
        assert!((y - 70.0).abs() < 0.011, "{y}");
    }

    #[test]
    fn ranges_leave_out_what_is_no_number() {
        assert_eq!(range_of([1.0, f64::NAN, 3.0], 0.5, 0.1), Some((0.0, 4.0)));
        assert_eq!(range_of([2.0], 0.5, 1.0), Some((1.0, 3.0)));
        assert_eq!(range_of([], 0.5, 1.0), None);
    }
}
