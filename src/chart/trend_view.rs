//! What the trend shows.

use crate::month::Month;
use crate::stats::Figure;
use crate::text::number::Unit;

/// The figure of one month.
#[derive(Debug, Clone, PartialEq)]
pub struct Point {
    /// The month.
    pub month: Month,
    /// The figure.
    pub figure: Figure,
    /// Whether the month's books are still open.
    pub provisional: bool,
}

/// The figures of a bank or a department.
#[derive(Debug, Clone, PartialEq)]
pub struct Series {
    /// Its name.
    pub name: String,
    /// Its figures in the order of months, at most one a month.
    pub points: Vec<Point>,
}

/// What the chart shows.
#[derive(Debug, Clone, PartialEq)]
pub struct View {
    /// The element id.
    pub id: String,
    /// What is measured.
    pub measure: String,
    /// What it is counted in.
    pub unit: Unit,
    /// First month of the axis.
    pub first: Month,
    /// Last month of the axis.
    pub last: Month,
    /// The bank.
    pub bank: Series,
    /// The department.
    pub department: Option<Series>,
    /// Targets, each in force from its month on, in the order of months.
    pub targets: Vec<(Month, f64)>,
    /// Months with which something incomparable begins, and what it is, in the order of months.
    pub breaks: Vec<(Month, String)>,
}

impl View {
    /// Returns the series that the chart is about.
    pub fn focus(&self) -> &Series {
        self.department.as_ref().unwrap_or(&self.bank)
    }

    /// Returns a month's place on the axis, 0 at the first.
    pub(super) fn x(&self, month: Month) -> f64 {
        f64::from(month.0 - self.first.0)
    }
}
