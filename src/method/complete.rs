//! What the methods of regression, drivers, shrinkage and weights ask of a table: complete rows, groups, a matrix.

use std::collections::BTreeSet;

use super::counts::{frequencies, weights};
use super::{Fault, Request};
use crate::stats::crossproduct::CrossProducts;

/// Rows that a table of counts may stand for where they are resampled.
const MOST_REPEATED: f64 = 1e7;

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
    /// Cluster of each row of the table, as the option `unit` names them; nothing without it.
    pub(super) units: Option<Vec<Option<String>>>,
    /// Number of observations that were left out because they lack a value, weight or cluster.
    pub(super) lost: u64,
}

/// Takes the rows that have a value in every one of `names`, and a weight, count and cluster where these are asked for.
pub(super) fn complete(request: &Request<'_>, names: &[&str]) -> Result<Complete, Fault> {
    let all = names.iter().map(|name| request.numbers(name)).collect::<Result<Vec<_>, Fault>>()?;
    let (weights, counts, units) = (weights(request)?, frequencies(request)?, request.texts_of("unit")?);
    let mut found = Complete {
        columns: vec![vec![]; names.len()],
        weights: vec![],
        n: 0.0,
        rows: vec![],
        units,
        lost: 0,
    };
    for (row, &count) in counts.iter().enumerate() {
        let values: Option<Vec<f64>> = all.iter().map(|column| column[row]).collect();
        let values = values.filter(|_| found.units.as_ref().is_none_or(|units| units[row].is_some()));
        let (Some(values), Some(weight)) = (values, weights[row]) else {
            found.lost += count;
            continue;
        };
        let weight = weight * count as f64;
        if weight > 0.0 {
            found.columns.iter_mut().zip(values).for_each(|(column, value)| column.push(value));
            found.weights.push(weight);
            found.n += count as f64;
            found.rows.push(row);
        }
    }
    Ok(found)
}

impl Complete {
    /// Repeats rows as often as they count, so that they can be resampled one by one.
    pub(super) fn repeated(mut self, request: &Request<'_>) -> Result<Self, Fault> {
        if !request.has("frequency") {
            return Ok(self);
        }
        if self.n > MOST_REPEATED {
            let hint = "resampling takes ten million rows at most; `--replicates 0` leaves it out";
            return Err(Fault::new("rows cannot be repeated as often as `--frequency` says", hint));
        }
        let counts = frequencies(request)?;
        let counts: Vec<usize> = self.rows.iter().map(|&row| counts[row] as usize).collect();
        fn repeat<T: Copy>(values: &[T], counts: &[usize]) -> Vec<T> {
            values.iter().zip(counts).flat_map(|(value, &count)| vec![*value; count]).collect()
        }
        self.columns = self.columns.iter().map(|column| repeat(column, &counts)).collect();
        let single: Vec<f64> =
            self.weights.iter().zip(&counts).map(|(weight, &count)| weight / count as f64).collect();
        (self.weights, self.rows) = (repeat(&single, &counts), repeat(&self.rows, &counts));
        Ok(self)
    }

    /// Returns the cluster 0, 1, 2 … of each row: the groups of the option `unit`, or each row its own.
    pub(super) fn clusters(&self) -> Vec<usize> {
        let Some(units) = &self.units else { return (0..self.rows.len()).collect() };
        let own: Vec<Option<String>> = self.rows.iter().map(|&row| units[row].clone()).collect();
        grouped(&own).1.into_iter().flatten().collect()
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

/// Returns the column names of the options `x` and `y`, the outcome last, or a fault when one is named twice or none in `x`.
pub(super) fn predictors_and_outcome<'a>(request: &'a Request<'_>) -> Result<Vec<&'a str>, Fault> {
    named_once(request, &["x"], "y")
}

/// Returns the columns of the list options, and last that of the option `last`; one that is named twice, or a list without any, is a fault.
pub(super) fn named_once<'a>(
    request: &'a Request<'_>,
    lists: &[&str],
    last: &str,
) -> Result<Vec<&'a str>, Fault> {
    let mut names = vec![];
    for list in lists {
        let own = request.list(list);
        if own.is_empty() {
            return Err(Fault::new(format!("`--{list}` names no column"), "name one at least"));
        }
        names.extend(own);
    }
    names.push(request.option(last).unwrap_or_default());
    match names.iter().enumerate().find(|(place, name)| names[..*place].contains(name)) {
        Some((_, name)) => {
            let options: Vec<String> =
                lists.iter().chain([&last]).map(|list| format!("`--{list}`")).collect();
            let hint = format!("name each column once in {}", options.join(", "));
            Err(Fault::new(format!("`{name}` is named twice"), hint))
        }
        None => Ok(names),
    }
}
