//! `alpha`: reliability of a scale, its items, and Guttman's lambdas.

use super::rows::{COLUMNS, LEVEL, N, Rows, ci, ends, kept, names, scale, within_scale};
use super::{Answer, Fault, Method, Request, optional, preset};
use crate::stats::Reason;
use crate::stats::correlation::{deviations, product};
use crate::stats::family::Matrix;
use crate::stats::lambdas::{Lambdas, guttman};
use crate::stats::reliability::{
    Alpha, alpha, correlations, covariance, item_totals, raw_item_totals, row_means, without,
};
use crate::stats::scale::unit;
use crate::stats::symmetric::eigen;

pub(super) const METHOD: Method = Method {
    name: "alpha",
    known_as: &[
        "psych::alpha",
        "psych::guttman",
        "pingouin.cronbach_alpha",
        "ltm::cronbach.alpha",
        "SPSS RELIABILITY",
    ],
    about: "Cronbach's alpha with Feldt and Duhachek intervals, items against the rest, alpha if an item is dropped, Guttman's lambdas",
    formula: "raw_alpha = k/(k-1) (1 - sum s_i^2/s^2) from covariances, std_alpha the same from correlations; Feldt interval 1 - (1-alpha) F with n-1 and \
(n-1)(k-1) degrees of freedom; Duhachek alpha -+ 1.96 ase. Items: raw_r with the mean of the scale, std_r of standardized items, r_cor with the \
item's own variance replaced by its squared multiple correlation, r_drop with the sum of the others. Lambdas 1 to 5 of standardized items, \
lambda6 = 1 - sum(1-smc)/sum R. Complete rows (rows_lost says how many were not); --missing pairwise: pairwise covariances, n = all rows, as \
psych. An item that loads negatively on the first component is told (suspected_reversed) and never turned silently: name it in --reverse. \
Undefined: too_few below 2 items or 3 rows, no_variation of an item or of the sum, collinear (lambda6, r_cor) where an item is a combination \
of the others.",
    source: "Cronbach (1951), Psychometrika 16; Feldt, Woodruff and Salih (1987), Applied Psychological Measurement 11; Duhachek and Iacobucci (2004), \
Journal of Applied Psychology 89; Guttman (1945), Psychometrika 10",
    example: "data/examples/questionnaire.csv --columns q1,q2,q3",
    options: &[
        COLUMNS,
        preset("missing", "listwise, or pairwise", "listwise"),
        optional("reverse", "items to turn (lowest + highest - answer), as q3; needs --scale"),
        optional("scale", "lowest and highest answer, as 1,5; answers outside of it are refused"),
        LEVEL,
        N,
    ],
    run,
};

/// Turns the reverse-keyed items.
fn turned(
    request: &Request<'_>,
    names: &[&str],
    mut items: Vec<Vec<Option<f64>>>,
) -> Result<Vec<Vec<Option<f64>>>, Fault> {
    let (scale, reverse) = (scale(request)?, request.names("reverse")?);
    if let Some(scale) = scale {
        within_scale(request, names, scale)?;
    }
    if reverse.is_empty() {
        return Ok(items);
    }
    let (low, high) = scale.ok_or_else(|| {
        Fault::new("`--reverse` needs `--scale`", "write lowest and highest answer, as `--scale 1,5`")
    })?;
    for name in reverse {
        let place = names.iter().position(|one| *one == name);
        let place = place.ok_or_else(|| {
            Fault::new(format!("`--reverse {name}` is none of the columns"), "name one of --columns")
        })?;
        items[place].iter_mut().flatten().for_each(|value| *value = low + high - *value);
    }
    Ok(items)
}

fn run(request: &Request<'_>) -> Result<Answer, Fault> {
    let names = names(request, "columns", 2)?;
    let level = request.level()?;
    let all = turned(request, &names, Rows::new(request)?.all(&names)?)?;
    let rows = all.first().map_or(0, Vec::len);
    let items = kept(request, all)?;
    let n = items.first().map_or(0, Vec::len);
    let matrix = covariance(&items);
    let found = matrix.as_ref().map_err(|&why| why).and_then(|matrix| alpha(matrix, n as u64));
    let mut answer = Answer::default();
    answer.number("scale", "n", n as f64);
    answer.rows_lost("scale", (rows - n) as u64);
    whole(&mut answer, &found, level);
    let means: Vec<f64> = row_means(&items).into_iter().flatten().collect();
    describe(&mut answer, "scale", "", &means);
    let lambdas = matrix.as_ref().map_err(|&why| why).and_then(|matrix| guttman(&correlations(matrix)?));
    let lambda =
        |pick: fn(&Lambdas) -> Result<f64, Reason>| lambdas.as_ref().map_err(|&why| why).and_then(pick);
    answer.figure("scale", "guttman_lambda1", lambda(|l| Ok(l.lambda1)));
    answer.figure("scale", "guttman_lambda2", lambda(|l| Ok(l.lambda2)));
    answer.figure("scale", "guttman_lambda3", lambda(|l| Ok(l.lambda3)));
    answer.figure("scale", "guttman_lambda4", lambda(|l| l.lambda4));
    answer.figure("scale", "guttman_lambda5", lambda(|l| Ok(l.lambda5)));
    per_item(&mut answer, &names, &items, &matrix);
    if let Ok(matrix) = &matrix {
        dropped(&mut answer, &names, matrix, n as u64);
        suspects(&mut answer, &names, matrix);
    }
    Ok(answer)
}

fn whole(answer: &mut Answer, found: &Result<Alpha, Reason>, level: f64) {
    let mut add = |name: &str, pick: &dyn Fn(&Alpha) -> Result<f64, Reason>| {
        answer.figure("scale", name, found.as_ref().map_err(|&why| why).and_then(pick));
    };
    add("raw_alpha", &|a| Ok(a.raw));
    add("std_alpha", &|a| Ok(a.standardized));
    add("guttman_lambda6", &|a| a.lambda6);
    add("average_r", &|a| Ok(a.average_r));
    add("median_r", &|a| Ok(a.median_r));
    add("signal_noise", &|a| {
        if a.signal_noise.is_finite() { Ok(a.signal_noise) } else { Err(Reason::NoVariation) }
    });
    add("ase", &|a| Ok(a.std_error));
    ends(answer, "scale", (&format!("feldt_{}", ci(level)), ""), found.map(|a| a.feldt(level)));
    ends(answer, "scale", (&format!("duhachek_{}", ci(level)), ""), found.map(|a| a.duhachek(level)));
}

/// Adds mean and standard deviation.
fn describe(answer: &mut Answer, element: &str, prefix: &str, values: &[f64]) {
    let n = values.len() as f64;
    let first = values.first().copied();
    let mean = first.map(|first| first + values.iter().map(|v| v - first).sum::<f64>() / n);
    answer.figure(element, &format!("{prefix}mean"), mean.ok_or(Reason::TooFew));
    let unit = unit(values.iter().copied());
    let rest = deviations(values);
    let sd = (product(&rest, &rest) / (n - 1.0)).sqrt() * unit;
    let sd = if n > 1.0 { Ok(sd) } else { Err(Reason::TooFew) };
    answer.figure(element, &format!("{prefix}sd"), sd);
}

fn per_item(
    answer: &mut Answer,
    names: &[&str],
    items: &[Vec<Option<f64>>],
    matrix: &Result<Matrix, Reason>,
) {
    let raw = raw_item_totals(items);
    let totals = matrix.as_ref().map_err(|&why| why).and_then(item_totals);
    for (place, name) in names.iter().enumerate() {
        let given: Vec<f64> = items[place].iter().copied().flatten().collect();
        let total = totals.as_ref().map(|totals| totals[place]).map_err(|&why| why);
        answer.figure(name, "item_raw_r", raw[place]);
        answer.figure(name, "item_std_r", total.map(|total| total.standardized));
        answer.figure(name, "item_r_cor", total.and_then(|total| total.overlap));
        answer.figure(name, "item_r_drop", total.and_then(|total| total.rest));
        describe(answer, name, "item_", &given);
        answer.number(name, "item_n", given.len() as f64);
    }
}

fn dropped(answer: &mut Answer, names: &[&str], matrix: &Matrix, n: u64) {
    for (place, name) in names.iter().enumerate().filter(|_| names.len() > 2) {
        let found = alpha(&without(matrix, place), n);
        answer.figure(name, "if_dropped_raw_alpha", found.map(|found| found.raw));
        answer.figure(name, "if_dropped_std_alpha", found.map(|found| found.standardized));
        answer.figure(name, "if_dropped_G6_smc_", found.and_then(|found| found.lambda6));
        answer.figure(name, "if_dropped_average_r", found.map(|found| found.average_r));
    }
}

/// Tells the items that go against the others on the first component.
fn suspects(answer: &mut Answer, names: &[&str], matrix: &Matrix) {
    let Ok(correlation) = correlations(matrix) else { return };
    let eigen = eigen(&correlation.values, correlation.size);
    let towards = eigen.vectors[0].iter().sum::<f64>();
    for (name, loading) in names.iter().zip(&eigen.vectors[0]) {
        if loading * towards < -1e-12 {
            answer.text(name, "keying", "suspected_reversed");
        }
    }
}
