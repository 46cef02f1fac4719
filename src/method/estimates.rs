//! Units with an estimate and its error, as several methods take them: one row per unit.

use super::grouped::numbers;
use super::{Fault, Request, Setting, optional};
use crate::stats::meta::logit;

/// One unit.
pub(super) struct Estimated {
    /// Its name.
    pub(super) name: String,
    /// Its estimate and sampling variance.
    pub(super) pair: (f64, f64),
}

/// What becomes of shares given as counts.
#[derive(Clone, Copy, PartialEq)]
pub(super) enum Shares {
    /// Their logits.
    Logit,
    /// The shares themselves.
    Plain,
}

pub(super) const BY: Setting = optional("by", "column that names the units; their row numbers without it");
pub(super) const VALUE: Setting = optional("value", "column of the estimates");
pub(super) const ERROR: Setting = optional("error", "column of their standard errors");
pub(super) const VARIANCE: Setting =
    optional("variance", "column of their sampling variances, instead of errors");
pub(super) const SD: Setting =
    optional("sd", "column of standard deviations of single observations, with --n");
pub(super) const N: Setting = optional("n", "column of numbers of observations, with --sd or --kept");
pub(super) const KEPT: Setting = optional("kept", "column of successes, with --n instead of --value");

/// Reads the units, and how many rows were left out because they lack a name, an estimate or an error.
pub(super) fn estimates(request: &Request<'_>, shares: Shares) -> Result<(Vec<Estimated>, u64), Fault> {
    let pairs = pairs(request, shares)?;
    let names = request.texts_of("by")?;
    let name = |row: usize| match &names {
        Some(names) => names[row].clone(),
        None => Some((row + 1).to_string()),
    };
    let unit =
        |(row, pair): (usize, &Option<(f64, f64)>)| Some(Estimated { name: name(row)?, pair: (*pair)? });
    let units: Vec<Estimated> = pairs.iter().enumerate().filter_map(unit).collect();
    let lost = (pairs.len() - units.len()) as u64;
    Ok((units, lost))
}

/// Reads estimates and errors by the first of the ways of giving them, so that the options of another way are left unread.
fn pairs(request: &Request<'_>, shares: Shares) -> Result<Vec<Option<(f64, f64)>>, Fault> {
    let of = |option: &str| numbers(request, option);
    if request.has("kept") {
        return Ok(zipped(&of("kept")?, &of("n")?, |k, n| share(k, n, shares)));
    }
    if !request.has("value") {
        return Err(Fault::new(
            "no estimates are named",
            "give `--value` with `--error`, or `--kept` with `--n`",
        ));
    }
    let value = of("value")?;
    if request.has("error") {
        return Ok(zipped(&value, &of("error")?, |y, s| Some((y, s * s))));
    }
    if request.has("variance") {
        return Ok(zipped(&value, &of("variance")?, |y, v| Some((y, v))));
    }
    if request.has("sd") {
        let variances = zipped(&of("sd")?, &of("n")?, |sd, n| (n > 0.0).then(|| sd * sd / n));
        return Ok(zipped(&value, &variances, |y, v| Some((y, v))));
    }
    Err(Fault::new("the estimates have no errors", "give `--error`, `--variance`, or `--sd` with `--n`"))
}

fn zipped<T>(a: &[Option<f64>], b: &[Option<f64>], pair: impl Fn(f64, f64) -> Option<T>) -> Vec<Option<T>> {
    a.iter().zip(b).map(|(a, b)| pair((*a)?, (*b)?)).collect()
}

/// A share of 0 or 1 gets half a success and half a failure for its error, which would be 0.
fn share(k: f64, n: f64, shares: Shares) -> Option<(f64, f64)> {
    if shares == Shares::Logit {
        return logit(k, n).ok();
    }
    if !(n > 0.0 && (0.0..=n).contains(&k)) {
        return None;
    }
    let (hits, trials) = if k > 0.0 && k < n { (k, n) } else { (k + 0.5, n + 1.0) };
    let p = hits / trials;
    Some((k / n, p * (1.0 - p) / n))
}
