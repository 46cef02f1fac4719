//! What EWMA and CUSUM share: the values of each unit, their centre and their standard deviation.

use super::series::{Numbers, Unit, single, units};
use super::{Fault, Request};
use crate::stats::Reason;
use crate::stats::chart::phases;
use crate::stats::individuals::{Width, individuals};

/// What the option `freeze` means for them.
pub(super) const BASELINE_OPTIONS_HELP: &str =
    "estimate centre and standard deviation from the first so many observations";

/// Centre and standard deviation of one value, each where it is defined.
pub(super) type Baseline = (Result<f64, Reason>, Result<f64, Reason>);

/// Returns the values of each unit's slots.
pub(super) fn values(request: &Request<'_>) -> Result<Vec<(Unit, Numbers)>, Fault> {
    let values = request.numbers_of("value")?.unwrap_or_default();
    let read = |unit: Unit| {
        let own = unit.slots.iter().map(|slot| single(slot, &values)).collect::<Result<_, Fault>>()?;
        Ok((unit, own))
    };
    units(request)?.into_iter().map(read).collect()
}

/// Returns the centre and the standard deviation of one value: as given, or from the baseline.
pub(super) fn center_and_sigma(request: &Request<'_>, values: &[Option<f64>]) -> Result<Baseline, Fault> {
    let observed: Vec<bool> = values.iter().map(Option::is_some).collect();
    let chart = individuals(values, &phases(&observed, &[], request.whole("freeze")?), (Width::Table, false));
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
