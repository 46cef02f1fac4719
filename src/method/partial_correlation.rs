//! `partial-correlation`: what two columns share beyond others.

use super::correlation::{kind, spread};
use super::rows::{LEVEL, N, Rows, ci, complete, ends, given, names};
use super::{Answer, Fault, Method, Request, optional, preset, required};
use crate::stats::partial::partial;

pub(super) const METHOD: Method = Method {
    name: "partial-correlation",
    known_as: &[
        "ppcor::pcor.test",
        "ppcor::spcor.test",
        "psych::partial.r",
        "pingouin.partial_corr",
        "correlation::correlation(partial = TRUE)",
    ],
    about: "Partial and semipartial correlation of two columns given others",
    formula: "With P the inverse of the correlation matrix (Pearson, Spearman or Kendall) of x, y and the k covariates: partial r = -P_xy/sqrt(P_xx P_yy); \
semipartial r, the covariates removed from y only = partial r * sqrt(1 - R^2(x | covariates)). t = r sqrt(df/(1-r^2)), df = n-2-k; Kendall: \
z = r/sqrt(2(2(n-k)+5)/(9(n-k)(n-k-1))). Interval as in `correlation` with n-k for n; --convention fisher: 1/sqrt(n-k-3) for all three. Rows \
complete in all columns. Undefined: too_few without a degree of freedom, no_variation, collinear where a column has less than 1e-8 of its \
variance beyond the others (other programs give noise or 1 then).",
    source: "Kim (2015), ppcor, Communications for Statistical Applications and Methods 22; Fisher (1924), Metron 3; Bonett and Wright (2000)",
    example: "data/examples/branches.csv --x overall --y courtesy --covariates speed",
    options: &[
        required("x", "one column"),
        required("y", "the other column; the semipartial correlation removes the covariates from it"),
        required("covariates", "the columns to remove, as z1,z2"),
        preset("method", "pearson, spearman or kendall", "pearson"),
        optional("convention", "easystats or fisher: another standard error of the interval"),
        LEVEL,
        N,
    ],
    run,
};

fn run(request: &Request<'_>) -> Result<Answer, Fault> {
    let (kind, level) = (kind(request)?, request.level()?);
    let (x, y, covariates) = (given(request, "x")?, given(request, "y")?, names(request, "covariates", 1)?);
    if x == y || covariates.contains(&x) || covariates.contains(&y) {
        return Err(Fault::new("x, y and the covariates share a column", "name each column once"));
    }
    let all: Vec<&str> = [x, y].into_iter().chain(covariates.iter().copied()).collect();
    let rows = Rows::new(request)?.all(&all)?;
    let columns = complete(&rows);
    let found = partial(kind, &columns);
    let element = format!("{x}~{y}|{}", covariates.join("+"));
    let (spread, suffix) = spread(request)?;
    let mut answer = Answer::default();
    answer.number(&element, "n", columns[0].len() as f64);
    answer.rows_lost(&element, (rows[0].len() - columns[0].len()) as u64);
    answer.figure(&element, "estimate", found.map(|found| found.partial.value));
    answer.figure(&element, "statistic", found.and_then(|found| found.partial.statistic));
    answer.figure(&element, "p_value", found.and_then(|found| found.partial.p_value));
    let interval = found.and_then(|found| found.partial.interval(level, spread));
    ends(&mut answer, &element, (&ci(level), suffix), interval);
    answer.figure(&element, "semipartial_estimate", found.map(|found| found.semipartial.value));
    answer.figure(&element, "semipartial_statistic", found.and_then(|found| found.semipartial.statistic));
    answer.figure(&element, "semipartial_p", found.and_then(|found| found.semipartial.p_value));
    Ok(answer)
}
