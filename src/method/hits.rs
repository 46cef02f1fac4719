//! Hits and trials of groups, from counted columns or raw rows; events with exposures.

use super::grouped::{Groups, frequencies, numbers, whole};
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
/// How often a raw row counts.
pub(super) const FREQUENCY: Setting =
    optional("frequency", "column with the number of cases that a row of --value stands for");

/// Returns hits and trials of every row; a row with a gap has none.
pub(super) fn of_rows(request: &Request<'_>) -> Result<Vec<Hits>, Fault> {
    if request.option("value").is_some() {
        let (values, counts) = (numbers(request, "value")?, frequencies(request)?);
        let target = request.value("target")?.unwrap_or(1.0);
        let one = |(value, count): (&Option<f64>, u64)| match value {
            Some(value) => {
                let n = count as f64;
                Hits { hits: if *value >= target { n } else { 0.0 }, n }
            }
            None => Hits { hits: 0.0, n: 0.0 },
        };
        return Ok(values.iter().zip(counts).map(one).collect());
    }
    let (Some(kept), Some(n)) = (request.option("kept"), request.option("n")) else {
        return Err(Fault::new(
            "no cases are named",
            "give --kept and --n for counted cases, or --value for single ones",
        ));
    };
    let (hits, trials) = (request.numbers(kept)?, request.numbers(n)?);
    let one = |(row, (hits, trials)): (usize, (&Option<f64>, &Option<f64>))| {
        let (x, n) = (whole(kept, row, *hits)?, whole(n, row, *trials)?);
        if x > n && hits.is_some() && trials.is_some() {
            let message = format!("row {} has {x} hits of {n} trials", row + 1);
            return Err(Fault::new(message, "are --kept and --n the right way round?"));
        }
        let known = hits.is_some() && trials.is_some();
        Ok(if known { Hits { hits: x as f64, n: n as f64 } } else { Hits { hits: 0.0, n: 0.0 } })
    };
    hits.iter().zip(&trials).enumerate().map(one).collect()
}

/// Returns hits and trials of every group.
pub(super) fn of_groups(request: &Request<'_>, groups: &Groups) -> Result<Vec<Hits>, Fault> {
    let mut sums = vec![Hits { hits: 0.0, n: 0.0 }; groups.names.len()];
    for (row, group) in of_rows(request)?.iter().zip(&groups.of_row) {
        if let Some(group) = group {
            sums[*group].hits += row.hits;
            sums[*group].n += row.n;
        }
    }
    Ok(sums)
}

/// Returns the rows' events with their group, rows with a gap left out.
pub(super) fn events(request: &Request<'_>, groups: &Groups) -> Result<Vec<(usize, Events)>, Fault> {
    let (column, exposures) = (request.option("kept").unwrap_or_default(), numbers(request, "n")?);
    let mut rows = Vec::new();
    for (row, value) in numbers(request, "kept")?.into_iter().enumerate() {
        let events = whole(column, row, value)?;
        let (Some(_), Some(exposure), Some(group)) = (value, exposures[row], groups.of_row[row]) else {
            continue;
        };
        if exposure < 0.0 {
            let message = format!("row {} has an exposure of {exposure}", row + 1);
            return Err(Fault::new(message, "exposures are numbers from 0"));
        }
        rows.push((group, Events { events, exposure }));
    }
    Ok(rows)
}
