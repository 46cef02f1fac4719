//! Hits and trials of groups, from counted columns or raw rows; events with exposures.

use super::counts::{frequencies, whole};
use super::grouped::{Groups, numbers};
use super::{Fault, Request, Setting, optional, preset};
use crate::stats::rate::Events;
use crate::stats::two_shares::Hits;

/// The options by which hits and trials are given.
pub(super) const KEPT: Setting =
    optional("kept", "column with the number of hits (kept promises, say) of a row; with --n");
/// Number of trials.
pub(super) const N: Setting = optional("n", "column with the number of trials of a row; with --kept");
/// Raw values.
pub(super) const VALUE: Setting =
    optional("value", "column of single cases instead of --kept and --n; a case is a hit from --target on");
/// From where on a raw value is a hit.
pub(super) const TARGET: Setting = preset("target", "smallest value of a single case that is a hit", "1");
/// Hits and trials row by row.
pub(super) struct Cases {
    /// Those of each row; nothing where one of its values is missing.
    pub(super) rows: Vec<Option<Hits>>,
    /// How many rows each row stands for.
    pub(super) counts: Vec<u64>,
}

/// Reads hits and trials: single cases of `--value`, else the counts of `--kept` and `--n`.
pub(super) fn of_rows(request: &Request<'_>) -> Result<Cases, Fault> {
    if request.has("value") {
        return single(request);
    }
    if !(request.has("kept") && request.has("n")) {
        return Err(Fault::new(
            "no cases are named",
            "give --kept and --n for counted cases, or --value for single ones",
        ));
    }
    let column = request.option("kept").unwrap_or_default();
    let (hits, trials) = (numbers(request, "kept")?, numbers(request, "n")?);
    let one = |(row, (hits, trials)): (usize, (&Option<f64>, &Option<f64>))| {
        let (Some(_), Some(_)) = (hits, trials) else { return Ok(None) };
        let (x, n) =
            (whole(column, row, *hits)?, whole(request.option("n").unwrap_or_default(), row, *trials)?);
        if x > n {
            let message = format!("there are {x} hits of {n} trials");
            return Err(Fault::at(row, message, "are --kept and --n the right way round?"));
        }
        Ok(Some(Hits { hits: x as f64, n: n as f64 }))
    };
    let rows = hits.iter().zip(&trials).enumerate().map(one).collect::<Result<Vec<_>, Fault>>()?;
    Ok(Cases { counts: vec![1; rows.len()], rows })
}

fn single(request: &Request<'_>) -> Result<Cases, Fault> {
    let (values, counts) = (numbers(request, "value")?, frequencies(request)?);
    let target = request.value("target")?.unwrap_or(1.0);
    let one = |(value, count): (&Option<f64>, &u64)| {
        let (value, n) = ((*value)?, *count as f64);
        Some(Hits { hits: if value >= target { n } else { 0.0 }, n })
    };
    Ok(Cases { rows: values.iter().zip(&counts).map(one).collect(), counts })
}

/// Returns hits and trials of every group, and how many rows are lost.
pub(super) fn of_groups(request: &Request<'_>, groups: &Groups) -> Result<(Vec<Hits>, u64), Fault> {
    let Cases { rows, counts } = of_rows(request)?;
    let mut sums = vec![Hits { hits: 0.0, n: 0.0 }; groups.names.len()];
    for (row, group) in rows.iter().zip(&groups.of_row) {
        if let (Some(row), Some(group)) = (row, group) {
            sums[*group].hits += row.hits;
            sums[*group].n += row.n;
        }
    }
    Ok((sums, groups.lost(&counts, |row| rows[row].is_some())))
}

/// Returns the rows' events with their group, rows with a gap left out, and how many these are.
pub(super) fn events(request: &Request<'_>, groups: &Groups) -> Result<(Vec<(usize, Events)>, u64), Fault> {
    let (column, exposures) = (request.option("kept").unwrap_or_default(), numbers(request, "n")?);
    let counts = numbers(request, "kept")?;
    let mut rows = Vec::new();
    for (row, value) in counts.iter().enumerate() {
        let events = whole(column, row, *value)?;
        let (Some(_), Some(exposure), Some(group)) = (value, exposures[row], groups.of_row[row]) else {
            continue;
        };
        if exposure < 0.0 {
            let message = format!("there is an exposure of {exposure}");
            return Err(Fault::at(row, message, "exposures are numbers from 0"));
        }
        rows.push((group, Events { events, exposure }));
    }
    let is_whole = |row: usize| counts[row].is_some() && exposures[row].is_some();
    Ok((rows, groups.lost(&vec![1; counts.len()], is_whole)))
}
