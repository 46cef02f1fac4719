//! `concord stat runs`: the run chart, with rules that fit the length of the series.

use super::series::{BY, EVERY, Series, TIME, single};
use super::{Answer, Fault, Method, Request, optional, preset, required};
use crate::stats::Reason;
use crate::stats::chart::mean;
use crate::stats::moving_range::median;
use crate::stats::runs::runs;

pub(super) const METHOD: Method = Method {
    name: "runs",
    known_as: &["qicharts2::qic(chart = \"run\")", "Anhoej rules", "run chart"],
    about: "run chart: is the longest run too long or are there too few crossings of the median?",
    formula: "Points on the centre are left out, n_useful remain. longest_run_max = log₂(n_useful) + 3, rounded; n_crossings_min = 5 % quantile of the \
              binomial distribution with as many throws as there are pairs of neighbours and probability ½. runs_signal = 1 where longest_run is above or \
              n_crossings below. Neither goes over a missing period. Undefined (too_few) without a point off the centre.",
    source: "Schilling (2012); Chen (2010); Anhøj and Olesen, Run charts revisited, PLoS ONE (2014)",
    example: "data/examples/months.csv --value kept_share --time month --by department",
    options: &[
        required("value", "column with one value a period"),
        TIME,
        BY,
        EVERY,
        optional("freeze", "take the centre from the first so many observations"),
        preset("center", "median, mean, or a number such as a target", "median"),
    ],
    run,
};

fn run(request: &Request<'_>) -> Result<Answer, Fault> {
    let values = request.numbers_of("value")?.unwrap_or_default();
    let rule = request.option("center").unwrap_or("median");
    let given = if matches!(rule, "median" | "mean") { None } else { request.value("center")? };
    // Nothing is estimated where the centre is given.
    let length = if given.is_some() { None } else { request.whole("freeze")? }.unwrap_or(usize::MAX);
    let series = Series::of(request, |_| true)?;
    let mut answer = Answer::default();
    for unit in &series.units {
        let own: Vec<Option<f64>> =
            unit.slots.iter().map(|slot| single(slot, &values)).collect::<Result<_, Fault>>()?;
        let baseline: Vec<f64> = own.iter().flatten().copied().take(length).collect();
        let estimate = if rule == "mean" { mean(baseline.into_iter()) } else { median(baseline) };
        let center = given.or(estimate).ok_or(Reason::TooFew);
        let element = unit.element("chart");
        answer.figure(&element, "cl", center);
        let stretches = own
            .split(Option::is_none)
            .map(|part| part.iter().flatten().map(|y| y - center.unwrap_or(0.0)).collect());
        let found = center.and_then(|_| runs(&stretches.collect::<Vec<Vec<f64>>>()));
        for (quantity, value) in [
            ("longest_run", found.map(|runs| runs.longest)),
            ("longest_run_max", found.map(|runs| runs.longest_max)),
            ("n_crossings", found.map(|runs| runs.crossings)),
            ("n_crossings_min", found.map(|runs| runs.crossings_min)),
            ("n_useful", found.map(|runs| runs.useful)),
            ("runs_signal", found.map(|runs| u64::from(runs.signal()))),
        ] {
            answer.figure(&element, quantity, value.map(|value| value as f64));
        }
    }
    series.tell(&mut answer);
    Ok(answer)
}
