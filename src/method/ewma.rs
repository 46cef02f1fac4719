//! `concord stat ewma`: the exponentially weighted moving average, which finds small lasting shifts.

use super::memory_chart::{BASELINE_OPTIONS_HELP, center_and_sigma, values};
use super::series::{BY, EVERY, TIME};
use super::{Answer, Fault, Method, Request, optional, preset, required};
use crate::stats::Reason;
use crate::stats::cumulative::ewma;

pub(super) const METHOD: Method = Method {
    name: "ewma",
    known_as: &["qcc::ewma", "EWMA chart"],
    about: "exponentially weighted moving average: finds small shifts that last",
    formula: "ewmaᵢ = λ·yᵢ + (1 − λ)·ewmaᵢ₋₁ from the centre on; limits center ± width·sd·√(λ/(2 − λ)·(1 − (1 − λ)²ⁱ)). center = mean, sd = mean moving \
              range of the baseline / 1.128, both unless given. A missing period has no value (gap), changes nothing and no range goes over it. sd and \
              limits are undefined (too_few) without two neighbours, (no_variation) after a constant baseline: xmr and p-chart tell of such a series.",
    source: "Roberts, Control chart tests based on geometric moving averages, Technometrics (1959)",
    example: "data/examples/months.csv --value kept_share --time month --by department",
    options: &[
        required("value", "column with one value a period"),
        TIME,
        BY,
        EVERY,
        optional("freeze", BASELINE_OPTIONS_HELP),
        optional("center", "centre line; the mean of the baseline without it"),
        optional("sd", "standard deviation of one value; from the moving ranges of the baseline without it"),
        preset("lambda", "weight of the newest value, above 0, at most 1", "0.2"),
        preset("width", "width of the limits in standard deviations of the average", "3"),
    ],
    run,
};

fn run(request: &Request<'_>) -> Result<Answer, Fault> {
    let lambda = request.value("lambda")?.unwrap_or(0.2);
    if !(lambda > 0.0 && lambda <= 1.0) {
        return Err(Fault::new(
            format!("`--lambda {lambda}` is not above 0 and at most 1"),
            "write `--lambda 0.2`, say",
        ));
    }
    let width = request.value("width")?.unwrap_or(3.0);
    let mut answer = Answer::default();
    let (series, all) = values(request)?;
    for (unit, values) in series.units.iter().zip(&all) {
        let (center, sigma) = center_and_sigma(request, values)?;
        let element = unit.element("chart");
        answer.figure(&element, "center", center);
        answer.figure(&element, "sd", sigma);
        let known = center.and_then(|center| sigma.map(|sigma| (center, sigma)));
        let chart = known.map(|known| ewma(values, known, (lambda, width)));
        for (place, (slot, value)) in unit.slots.iter().zip(values).enumerate() {
            let element = unit.element(&slot.label);
            let found = value.ok_or(Reason::Gap).and(chart.as_ref().map_err(|&reason| reason));
            let found = found.and_then(|chart| chart[place].ok_or(Reason::Gap));
            answer.figure(&element, "ewma", found.map(|(average, _)| average));
            if let Ok((average, limits)) = found {
                answer.number(&element, "lcl", limits.lower);
                answer.number(&element, "ucl", limits.upper);
                answer.number(&element, "signal", f64::from(u8::from(limits.is_outside(average))));
            }
        }
    }
    series.tell(&mut answer);
    Ok(answer)
}
