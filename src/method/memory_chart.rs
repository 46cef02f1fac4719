//! What EWMA and CUSUM share: the values of each unit, their centre and their standard deviation.

use super::series::{Numbers, Series, single};
use super::{Fault, Request};
use crate::stats::Reason;
use crate::stats::chart::phases;
use crate::stats::individuals::{Width, individuals};

/// What the option `freeze` means for them.
pub(super) const BASELINE_OPTIONS_HELP: &str =
    "estimate centre and standard deviation from the first so many observations";

/// Centre and standard deviation of one value, each where it is defined.
pub(super) type Baseline = (Result<f64, Reason>, Result<f64, Reason>);

/// Returns the units, and the values of each unit's slots.
pub(super) fn values(request: &Request<'_>) -> Result<(Series, Vec<Numbers>), Fault> {
    let values = request.numbers_of("value")?.unwrap_or_default();
    let series = Series::of(request, |_| true)?;
    let own = series.units.iter().map(|unit| unit.slots.iter().map(|slot| single(slot, &values)).collect());
    let own = own.collect::<Result<_, Fault>>()?;
    Ok((series, own))
}

/// Returns the centre and the standard deviation of one value: as given, or from the baseline.
pub(super) fn center_and_sigma(request: &Request<'_>, values: &[Option<f64>]) -> Result<Baseline, Fault> {
    let observed: Vec<bool> = values.iter().map(Option::is_some).collect();
    // Nothing is estimated where both are given.
    let is_given = request.has("center") && request.has("sd");
    let freeze = if is_given { None } else { request.whole("freeze")? };
    let chart = individuals(values, &phases(&observed, &[], freeze), (Width::Table, false));
    let limits = chart.first().map_or(Err(Reason::TooFew), |point| point.limits);
    let sigma = limits.map(|limits| (limits.upper - limits.center) / 3.0);
    let sigma = sigma.and_then(|sigma| if sigma > 0.0 { Ok(sigma) } else { Err(Reason::NoVariation) });
    let given = |name: &str| request.value(name);
    let sigma = match given("sd")? {
        Some(sd) if sd > 0.0 => Ok(sd),
        Some(sd) => {
            return Err(Fault::new(
                format!("`--sd {sd}` is not above 0"),
                "leave it out to take it from the moving ranges",
            ));
        }
        None => sigma,
    };
    Ok((given("center")?.map_or(limits.map(|limits| limits.center), Ok), sigma))
}
