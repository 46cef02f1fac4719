//! Competency beyond shares: states, agreement, heads as raters, what changes are made of, what to develop first, head and server beside
//! each other.

mod changes;
mod priorities;
mod standing;
mod states;

use super::block::{Block, Cell};
use super::words::Words;
use crate::stats::{Estimate, Figure, Reason};

/// How a figure is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Form {
    Share,
    Points,
    /// Levels or a coefficient, two decimals.
    Plain,
    /// A difference of levels, with its sign.
    Difference,
    /// A difference of shares in percentage points, with its sign.
    ShareChange,
    /// A difference in points, with its sign and two decimals.
    PointsChange,
}

/// Returns the parts of the section that rest on single raters; nothing without an assessment.
pub(super) fn blocks(words: &Words<'_>) -> Vec<Block> {
    if words.published.assessed.quarter.is_none() {
        return Vec::new();
    }
    let parts = [
        states::blocks,
        standing::blocks,
        standing::raters,
        changes::blocks,
        priorities::blocks,
        priorities::beside,
    ];
    parts.iter().flat_map(|part| part(words)).collect()
}

/// The quarter of the assessment.
fn quarter(words: &Words<'_>) -> String {
    words.published.assessed.quarter.map(|quarter| quarter.to_string()).unwrap_or_default()
}

fn write(words: &Words<'_>, value: f64, form: Form) -> String {
    let locale = words.locale();
    match form {
        Form::Share => locale.share(value, 1),
        Form::Points => locale.points(value),
        Form::Plain => locale.decimal(value, 2),
        Form::Difference | Form::PointsChange => locale.change(value, 2),
        Form::ShareChange => locale.change(100.0 * value, 1),
    }
}

/// A figure with its interval, or why there is none.
fn figure(words: &Words<'_>, figure: &Figure, form: Form) -> Cell {
    match figure {
        Ok(estimate) => Cell::new(write(words, estimate.value, form)).note(interval(words, estimate, form)),
        Err(reason) => missing(words, *reason),
    }
}

fn interval(words: &Words<'_>, estimate: &Estimate, form: Form) -> String {
    let ends = estimate.lower.zip(estimate.upper);
    let range = |(lower, upper)| words.locale().range(&write(words, lower, form), &write(words, upper, form));
    ends.map(range).unwrap_or_default()
}

fn missing(words: &Words<'_>, reason: Reason) -> Cell {
    match reason {
        Reason::Suppressed => words.withheld(),
        Reason::NotApplicable => Cell::missing("–"),
        reason => Cell::missing(words.reason(reason)),
    }
}

/// A count of people, or that it is withheld: it need not be small, others may follow from it.
fn people(words: &Words<'_>, n: &Result<u64, Reason>) -> Cell {
    match n {
        Ok(n) => Cell::new(words.count(*n)),
        Err(reason) => missing(words, *reason),
    }
}
