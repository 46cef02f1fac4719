//! `rm-correlation`: repeated measures, one-way within units.

use super::correlation::kind;
use super::rows::{LEVEL, Rows, ci, encode, ends, given};
use super::{Answer, Fault, Method, Request, preset, required};
use crate::random::Random;
use crate::stats::Reason;
use crate::stats::association::Kind;
use crate::stats::within::{repeated, repeated_ranks, stratified_kendall};

pub(super) const METHOD: Method = Method {
    name: "rm-correlation",
    known_as: &[
        "rmcorr::rmcorr",
        "pingouin.rm_corr",
        "psych::statsBy",
        "correlation::correlation(multilevel = TRUE)",
    ],
    about: "Correlation within units (repeated measures): differences between units removed, shocks that all share left in",
    formula: "r of x and y about the means of their units, df = N - D - 1 (N rows of D units), t = r sqrt(df/(1-r^2)), interval by Fisher's z with \
1/sqrt(df-1). spearman: midranks over all rows first. kendall: sum of C-D over the units / sqrt(sum untied on x * sum untied on y), normal p, \
percentile interval by resampling units from 15 units on. Rows are taken as independent within a unit and shocks that all units share pass for \
a relation: see `panel-correlation`. Undefined: too_few below one degree of freedom, no_variation within units.",
    source: "Bakdash and Marusich (2017), Frontiers in Psychology 8; Bland and Altman (1995), BMJ 310; Korn (1984), Biometrics 40 (strata)",
    example: "data/examples/panel.csv --x kept --y satisfaction --by department",
    options: &[
        required("x", "one column"),
        required("y", "the other column"),
        required("by", "column of the units"),
        preset("method", "pearson, spearman or kendall", "pearson"),
        preset("replicates", "draws of units for the interval of kendall", "2000"),
        preset("seed", "name of the random numbers", "1"),
        LEVEL,
    ],
    run,
};

/// Rows with a unit and both values: places of the units, their names, x, y.
struct Complete {
    unit: Vec<usize>,
    units: usize,
    x: Vec<f64>,
    y: Vec<f64>,
    lost: usize,
}

fn read(request: &Request<'_>) -> Result<Complete, Fault> {
    let rows = Rows::new(request)?;
    let (x, y) = (rows.numbers(given(request, "x")?)?, rows.numbers(given(request, "y")?)?);
    let by = rows.texts(given(request, "by")?)?;
    let kept: Vec<usize> =
        (0..x.len()).filter(|&i| x[i].is_some() && y[i].is_some() && by[i].is_some()).collect();
    let words: Vec<&str> = kept.iter().filter_map(|&i| by[i].as_deref()).collect();
    let (unit, names) = encode(&words);
    let side = |values: &[Option<f64>]| kept.iter().filter_map(|&i| values[i]).collect();
    Ok(Complete { unit, units: names.len(), x: side(&x), y: side(&y), lost: x.len() - kept.len() })
}

fn run(request: &Request<'_>) -> Result<Answer, Fault> {
    let (kind, level) = (kind(request)?, request.level()?);
    let Complete { unit, units, x, y, lost } = read(request)?;
    let element = format!("{}~{} by {}", given(request, "x")?, given(request, "y")?, given(request, "by")?);
    let mut answer = Answer::default();
    answer.number(&element, "rows", x.len() as f64);
    answer.rows_lost(&element, lost as u64);
    answer.number(&element, "subjects", units as f64);
    if kind == Kind::Kendall {
        let found = stratified_kendall(&unit, &x, &y);
        let draws = request.whole("replicates")?.unwrap_or(0);
        let random = &mut Random::new(&["rm-correlation", request.option("seed").unwrap_or("")]);
        answer.figure(&element, "estimate", found.as_ref().map(|found| found.value).map_err(|&why| why));
        answer.figure(&element, "statistic", found.as_ref().map_err(|&why| why).and_then(|found| found.z));
        answer.figure(
            &element,
            "p_value",
            found.as_ref().map_err(|&why| why).and_then(|found| found.p_value),
        );
        ends(
            &mut answer,
            &element,
            (&ci(level), ""),
            found.and_then(|found| found.interval(level, draws, random)),
        );
        return Ok(answer);
    }
    let found = if kind == Kind::Spearman { repeated_ranks(&unit, &x, &y) } else { repeated(&unit, &x, &y) };
    answer.figure(&element, "estimate", found.map(|found| found.value));
    answer.figure(&element, "df", found.map(|found| found.df));
    answer.figure(&element, "p_value", found.and_then(|found| found.p_value));
    let interval: Result<(f64, f64), Reason> = found.and_then(|found| found.interval(level));
    ends(&mut answer, &element, (&ci(level), ""), interval);
    Ok(answer)
}
