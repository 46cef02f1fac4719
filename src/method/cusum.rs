//! `concord stat cusum`: cumulative sums, which find small lasting shifts.

use super::memory_chart::{BASELINE_OPTIONS_HELP, center_and_sigma, values};
use super::series::{BY, EVERY, TIME};
use super::{Answer, Fault, Method, Request, optional, preset, required};
use crate::stats::Reason;
use crate::stats::cumulative::cusum;

pub(super) const METHOD: Method = Method {
    name: "cusum",
    known_as: &["qcc::cusum", "tabular CUSUM"],
    about: "cumulative sums: finds small shifts that last, and when they began",
    formula: "z = (y − center)/sd; pos = max(0, pos + z − shift/2), neg = min(0, neg + z + shift/2); signal 1 where pos passes the decision limit, −1 where \
              −neg does. center = mean, sd = mean moving range of the baseline / 1.128, both unless given. A missing period (gap) changes nothing. All is \
              undefined (too_few) without two neighbours, (no_variation) after a constant baseline: xmr and p-chart tell of such a series.",
    source: "Page, Continuous inspection schemes, Biometrika (1954)",
    example: "data/examples/months.csv --value kept_share --time month --by department",
    options: &[
        required("value", "column with one value a period"),
        TIME,
        BY,
        EVERY,
        optional("freeze", BASELINE_OPTIONS_HELP),
        optional(
            "center",
            "what the values are compared with, such as a target; the mean of the baseline without it",
        ),
        optional("sd", "standard deviation of one value; from the moving ranges of the baseline without it"),
        preset("shift", "shift to be found, in standard deviations", "1"),
        preset("decision", "sum at which it signals, in standard deviations", "5"),
    ],
    run,
};

fn run(request: &Request<'_>) -> Result<Answer, Fault> {
    let rule = (request.value("shift")?.unwrap_or(1.0), request.value("decision")?.unwrap_or(5.0));
    let mut answer = Answer::default();
    let (series, all) = values(request)?;
    for (unit, values) in series.units.iter().zip(&all) {
        let (center, sigma) = center_and_sigma(request, values)?;
        let element = unit.element("chart");
        answer.figure(&element, "center", center);
        answer.figure(&element, "sd", sigma);
        let known = center.and_then(|center| sigma.map(|sigma| (center, sigma)));
        let chart = known.map(|known| cusum(values, known, rule));
        for (place, (slot, value)) in unit.slots.iter().zip(values).enumerate() {
            let element = unit.element(&slot.label);
            let found = value.ok_or(Reason::Gap).and(chart.as_ref().map_err(|&reason| reason));
            let found = found.and_then(|chart| chart[place].ok_or(Reason::Gap));
            answer.figure(&element, "pos", found.map(|sums| sums.up));
            answer.figure(&element, "neg", found.map(|sums| sums.down));
            answer.figure(&element, "signal", found.map(|sums| f64::from(sums.signal)));
        }
    }
    series.tell(&mut answer);
    Ok(answer)
}
