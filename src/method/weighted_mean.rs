//! `weighted-mean`: means with weights as they are given, and what the weights cost.

use super::counts::weights;
use super::rows::names;
use super::{Answer, Fault, Method, Request, optional, percent, preset, required};
use crate::stats::weighting::{kish, mean, trim};

pub(super) const METHOD: Method = Method {
    name: "weighted-mean",
    known_as: &[
        "survey::svymean",
        "svydesign(ids = ~1)",
        "statsmodels.DescrStatsW",
        "Kish effective sample size",
        "design effect",
        "survey::trimWeights",
    ],
    about: "Weighted means with design-based errors; Kish design effect and effective n; trimmed weights.",
    formula: "mean = sum w y / sum w; se² = n/(n-1) sum (z - z̄)², z = w (y - mean)/sum w; Student's \
        interval, n - 1; rows without value are outside of the domain. kish_deff = n sum w²/(sum w)², \
        effective_n = (sum w)²/sum w². --upper U: weights cut at U times their mean, the excess spread \
        evenly over the others, before the means. Weights that were raked: `rake`, whose error is smaller. \
        Undefined: too_few below two rows or without weight, not_converged where nothing can take up what \
        was cut.",
    source: "Kish (1965); Särndal, Swensson and Wretman (1992); as R survey",
    example: "data/examples/respondents.csv --value satisfied --weight weight",
    options: &[
        required("value", "columns, by commas"),
        required("weight", "column of weights; rows without weight are left out"),
        optional("upper", "largest weight as a multiple of the mean"),
        preset("level", "confidence of intervals", "0.95"),
    ],
    run,
};

fn run(request: &Request<'_>) -> Result<Answer, Fault> {
    let (level, known) = (request.level()?, weights(request)?);
    let rows: Vec<usize> = (0..known.len()).filter(|&row| known[row].is_some()).collect();
    let mut weights: Vec<f64> = known.into_iter().flatten().collect();
    let mut answer = Answer::default();
    let mut trimmed = Ok(());
    if let Some(upper) = request.value("upper")? {
        let average = weights.iter().sum::<f64>() / (weights.len() as f64).max(1.0);
        let found = trim(&weights, 0.0, upper * average);
        answer.figure(
            "sample",
            "n_trimmed",
            found.as_ref().map(|found| found.n_trimmed as f64).map_err(|reason| *reason),
        );
        match found {
            Ok(found) => weights = found.weights,
            Err(reason) => trimmed = Err(reason),
        }
    }
    let cost = trimmed.and_then(|()| kish(&weights));
    answer.figure("sample", "sum_of_weights", cost.map(|cost| cost.sum));
    answer.figure("sample", "kish_deff", cost.map(|cost| cost.design_effect));
    answer.figure("sample", "effective_n", cost.map(|cost| cost.effective_n));
    answer.figure("sample", "min_weight", cost.map(|cost| cost.min));
    answer.figure("sample", "max_weight", cost.map(|cost| cost.max));
    answer.figure("sample", "cv_weight", cost.and_then(|cost| cost.variation));
    let percent = percent(level);
    for name in names(request, "value", 1)? {
        let all = request.numbers(name)?;
        let values: Vec<Option<f64>> = rows.iter().map(|&row| all[row]).collect();
        let found = trimmed.and_then(|()| mean(&values, &weights, &[], level));
        let n = values.iter().flatten().count();
        answer.number(name, "n", n as f64);
        answer.rows_lost(name, (all.len() - n) as u64);
        answer.figure(name, "mean", found.map(|mean| mean.value));
        answer.figure(name, "mean_se", found.map(|mean| mean.std_error));
        answer.figure(name, &format!("mean_ci{percent}_low"), found.map(|mean| mean.lower));
        answer.figure(name, &format!("mean_ci{percent}_high"), found.map(|mean| mean.upper));
    }
    Ok(answer)
}
