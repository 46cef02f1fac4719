//! What the methods of regression, drivers, shrinkage and weights ask of a table: complete rows, groups, a matrix.

use std::collections::BTreeSet;

use super::{Fault, Request};
use crate::stats::crossproduct::CrossProducts;

/// Complete rows of some columns.
pub(super) struct Complete {
    /// The columns, in the order in which they were asked for.
    pub(super) columns: Vec<Vec<f64>>,
    /// Weight of each row: that of the option `weight`, times that of `count`.
    pub(super) weights: Vec<f64>,
    /// Number of observations that the rows stand for.
    pub(super) n: f64,
    /// Their rows in the table.
    pub(super) rows: Vec<usize>,
}

/// Takes the rows that have a value in every one of `names`, and a weight and count above 0 where these are asked for.
pub(super) fn complete(request: &Request<'_>, names: &[&str]) -> Result<Complete, Fault> {
    let all = names.iter().map(|name| request.numbers(name)).collect::<Result<Vec<_>, Fault>>()?;
    let (weights, counts) = (positive(request, "weight")?, positive(request, "frequency")?);
    let at = |values: &Option<Vec<Option<f64>>>, row: usize| {
        values.as_ref().map_or(Some(1.0), |values| values[row])
    };
    let mut found = Complete { columns: vec![vec![]; names.len()], weights: vec![], n: 0.0, rows: vec![] };
    for row in 0..request.table().rows() {
        let values: Option<Vec<f64>> = all.iter().map(|column| column[row]).collect();
        let (Some(values), Some(weight), Some(count)) = (values, at(&weights, row), at(&counts, row)) else {
            continue;
        };
        if weight * count > 0.0 {
            found.columns.iter_mut().zip(values).for_each(|(column, value)| column.push(value));
            found.weights.push(weight * count);
            found.n += count;
            found.rows.push(row);
        }
    }
    Ok(found)
}

fn positive(request: &Request<'_>, option: &str) -> Result<Option<Vec<Option<f64>>>, Fault> {
    let values = request.numbers_of(option)?;
    let below = values.iter().flatten().position(|value| value.is_some_and(|value| value < 0.0));
    match below {
        Some(row) => Err(Fault::new(
            format!("row {} of the column for `--{option}` is below 0", row + 1),
            "weights and counts are 0 or more",
        )),
        None => Ok(values),
    }
}

impl Complete {
    /// Repeats rows as often as `count` says, so that they can be resampled one by one; a count that is not whole is a fault.
    pub(super) fn repeated(mut self, request: &Request<'_>) -> Result<Self, Fault> {
        let Some(counts) = request.numbers_of("frequency")? else { return Ok(self) };
        let counts: Vec<f64> = self.rows.iter().map(|&row| counts[row].unwrap_or(0.0)).collect();
        if counts.iter().any(|count| count.fract() > 0.0) || self.n > 1e7 {
            let hint =
                "resampling needs whole counts, ten million in all at most; `--replicates 0` leaves it out";
            return Err(Fault::new("rows cannot be repeated as often as `--frequency` says", hint));
        }
        fn repeat<T: Copy>(values: &[T], counts: &[f64]) -> Vec<T> {
            values.iter().zip(counts).flat_map(|(value, count)| vec![*value; *count as usize]).collect()
        }
        self.columns = self.columns.iter().map(|column| repeat(column, &counts)).collect();
        let single: Vec<f64> =
            self.weights.iter().zip(&counts).map(|(weight, count)| weight / count).collect();
        (self.weights, self.rows) = (repeat(&single, &counts), repeat(&self.rows, &counts));
        Ok(self)
    }

    /// Returns the cluster 0, 1, 2 … of each row: the groups of the option `by`, or each row its own.
    pub(super) fn clusters(&self, request: &Request<'_>) -> Result<Vec<usize>, Fault> {
        let Some(texts) = request.texts_of("by")? else { return Ok((0..self.rows.len()).collect()) };
        let own: Vec<Option<String>> = self.rows.iter().map(|&row| texts[row].clone()).collect();
        let (_, groups) = grouped(&own);
        groups.into_iter().collect::<Option<Vec<usize>>>().ok_or_else(|| {
            Fault::new(
                "a row has no group in the column of `--by`",
                "leave such rows out, or give them a group",
            )
        })
    }
}

/// Returns the different words in their order, and the place of each row's word among them.
pub(super) fn grouped(texts: &[Option<String>]) -> (Vec<String>, Vec<Option<usize>>) {
    let names: Vec<String> =
        texts.iter().flatten().cloned().collect::<BTreeSet<String>>().into_iter().collect();
    let place = |text: &Option<String>| text.as_ref().and_then(|text| names.binary_search(text).ok());
    let places = texts.iter().map(place).collect();
    (names, places)
}

/// Reads a correlation or covariance matrix of `names`: a column for each, and the rows that the column of `--item` names.
pub(super) fn matrix(request: &Request<'_>, names: &[&str]) -> Result<CrossProducts, Fault> {
    let item = request.option("item").unwrap_or("item");
    let labels = request.texts(item)?;
    let n = request.value("observations")?.ok_or_else(|| {
        Fault::new("a matrix needs `--observations`", "tell how many observations it was computed from")
    })?;
    let size = names.len();
    let mut values = vec![0.0; size * size];
    for (j, name) in names.iter().enumerate() {
        let column = request.numbers(name)?;
        for (i, other) in names.iter().enumerate() {
            let row = labels.iter().position(|label| label.as_deref() == Some(other));
            let value = row.and_then(|row| column[row]).ok_or_else(|| {
                Fault::new(
                    format!("the matrix has no value for `{other}` and `{name}`"),
                    format!("`{item}` names its rows"),
                )
            })?;
            values[i * size + j] = value;
        }
    }
    let largest = values.iter().map(|value| value.abs()).fold(0.0, f64::max);
    let at = |i: usize, j: usize| values[i * size + j];
    let is_symmetric = (0..size).all(|i| (0..i).all(|j| (at(i, j) - at(j, i)).abs() <= 1e-9 * largest));
    if !is_symmetric {
        return Err(Fault::new(
            "the matrix is not symmetric",
            "give a correlation or covariance matrix in full",
        ));
    }
    let few = |_| Fault::new("a matrix needs two observations at least", "write `--observations 250`, say");
    CrossProducts::from_matrix(&values, size, n).map_err(few)
}

/// Returns the level in percent as it stands in names of quantities: `95`, `99.8`.
pub(super) fn percent(level: f64) -> String {
    ((level * 1e8).round() / 1e6).to_string()
}

/// Returns the column names of the options `x` and `y`, the outcome last, or a fault when one is named twice.
pub(super) fn predictors_and_outcome<'a>(request: &Request<'a>) -> Result<Vec<&'a str>, Fault> {
    let mut names = request.list("x");
    names.push(request.option("y").unwrap_or_default());
    match names.iter().enumerate().find(|(place, name)| names[..*place].contains(name)) {
        Some((_, name)) => {
            Err(Fault::new(format!("`{name}` is named twice"), "name each column once in `--x` and `--y`"))
        }
        None => Ok(names),
    }
}
