//! How often and with which weight a row counts: the one reader of the options `frequency` and `weight`.

use super::{Fault, Request, Setting, optional};

/// Largest count of a row, so that no sum of counts overflows.
const LARGEST_COUNT: f64 = 1e12;

/// The option of the column of counts.
pub(super) const FREQUENCY: Setting = optional(
    "frequency",
    "column that says how many rows (cases, answers) each row stands for: a table of counts instead of raw rows; empty is 0",
);

/// Returns how often each row counts, from option `frequency`: once without it, never where its column is empty.
///
/// A count below 0, or one that is not whole, is a fault.
pub(super) fn frequencies(request: &Request<'_>) -> Result<Vec<u64>, Fault> {
    match request.option("frequency") {
        Some(column) => {
            request.numbers(column)?.iter().enumerate().map(|(row, n)| whole(column, row, *n)).collect()
        }
        None => Ok(vec![1; request.table().rows()]),
    }
}

/// Returns a count as a whole number, 0 where it is missing.
pub(super) fn whole(column: &str, row: usize, value: Option<f64>) -> Result<u64, Fault> {
    match value {
        Some(value) if (0.0..=LARGEST_COUNT).contains(&value) && value.fract().abs() <= 0.0 => {
            Ok(value as u64)
        }
        None => Ok(0),
        Some(value) => Err(Fault::at(
            row,
            format!("`{column}` holds {value}, which is not a count"),
            "counts are whole numbers from 0 to 10¹²",
        )),
    }
}

/// Returns the weight of each row, from option `weight`: 1 without it; a weight below 0 is a fault.
pub(super) fn weights(request: &Request<'_>) -> Result<Vec<Option<f64>>, Fault> {
    let Some(column) = request.option("weight") else { return Ok(vec![Some(1.0); request.table().rows()]) };
    let weights = request.numbers(column)?;
    match weights.iter().position(|weight| weight.is_some_and(|weight| weight < 0.0)) {
        Some(row) => {
            Err(Fault::at(row, format!("`{column}` holds a weight below 0"), "weights are numbers from 0"))
        }
        None => Ok(weights),
    }
}
