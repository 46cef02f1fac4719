//! `case-mix`: unit means adjusted for their mix of cases, with coefficients from within units.

use super::complete::grouped;
use super::{Answer, Fault, Method, Request, optional, percent, preset, required};
use crate::stats::Reason;
use crate::stats::case_mix::{Adjusted, Cases, case_mix};

pub(super) const METHOD: Method = Method {
    name: "case-mix",
    known_as: &[
        "emmeans::emmeans(lm(y ~ unit + x), ~ unit)",
        "CAHPS case-mix adjustment",
        "indirect standardisation",
        "pprof::linear_fe",
    ],
    about: "Case-mix adjustment of unit means with coefficients estimated within units; observed, \
        expected, adjusted.",
    formula: "y = alpha_unit + b'x + e (unit dummies, so that real differences are not adjusted away); \
        expected = overall mean + b'(x̄_unit - x̄), adjusted = observed - b'(x̄_unit - x̄), difference = \
        observed - expected, ratio = observed/expected; adjusted_se as emmeans. A missing covariate gets its \
        unit's mean (n_imputed). extrapolated = 1 where a unit's mean covariate lies outside of all other \
        units'. A covariate that is constant within units has no slope (no_variation). Undefined: too_few, \
        collinear covariates.",
    source: "CAHPS / HCAHPS patient-mix adjustment; O'Malley and others (2005), Health Serv Res 40:2162",
    example: "data/examples/drivers.csv --value score --by department --covariates age,visits",
    options: &[
        required("value", "column of the outcome (0/1 for a share)"),
        required("by", "column of units"),
        optional("covariates", "columns of covariates, by commas"),
        preset("level", "confidence of intervals", "0.95"),
    ],
    run,
};

fn run(request: &Request<'_>) -> Result<Answer, Fault> {
    let level = request.level()?;
    let (values, names) = (request.numbers_of("value")?.unwrap_or_default(), request.names("covariates")?);
    let (units, places) = grouped(&request.texts_of("by")?.unwrap_or_default());
    let rows: Vec<(usize, f64, usize)> =
        (0..values.len()).filter_map(|row| Some((row, values[row]?, places[row]?))).collect();
    let columns = names.iter().map(|name| request.numbers(name)).collect::<Result<Vec<_>, Fault>>()?;
    let covariates: Vec<Vec<Option<f64>>> =
        columns.iter().map(|column| rows.iter().map(|row| column[row.0]).collect()).collect();
    let outcome: Vec<f64> = rows.iter().map(|row| row.1).collect();
    let owners: Vec<usize> = rows.iter().map(|row| row.2).collect();
    let found = case_mix(&Cases { outcome: &outcome, covariates: &covariates, units: &owners }, level);
    let mut answer = Answer::default();
    answer.number("model", "n", rows.len() as f64);
    answer.rows_lost("model", (values.len() - rows.len()) as u64);
    answer.figure("model", "overall", found.as_ref().map(|found| found.overall).map_err(|reason| *reason));
    answer.figure("model", "sigma", found.as_ref().map(|found| found.sigma).map_err(|reason| *reason));
    answer.figure("model", "df", found.as_ref().map(|found| found.df).map_err(|reason| *reason));
    for (k, name) in names.iter().enumerate() {
        let slope = found.as_ref().map_err(|reason| *reason).and_then(|found| found.slopes[k]);
        answer.figure(name, "coef", slope.map(|slope| slope.value));
        answer.figure(name, "coef_se", slope.map(|slope| slope.std_error));
    }
    let percent = percent(level);
    for (place, name) in units.iter().enumerate() {
        let unit = found.as_ref().map_err(|reason| *reason).and_then(|found| match found.units.get(place) {
            Some(unit) => unit.as_ref().map_err(|reason| *reason),
            None => Err(Reason::TooFew),
        });
        tell(&mut answer, name, unit, &percent);
    }
    Ok(answer)
}

fn tell(answer: &mut Answer, name: &str, unit: Result<&Adjusted, Reason>, percent: &str) {
    answer.figure(name, "n", unit.map(|unit| unit.n as f64));
    answer.figure(name, "observed", unit.map(|unit| unit.observed));
    answer.figure(name, "expected", unit.map(|unit| unit.expected));
    answer.figure(name, "difference", unit.map(|unit| unit.observed - unit.expected));
    answer.figure(name, "ratio", unit.and_then(|unit| unit.ratio));
    answer.figure(name, "adjusted", unit.map(|unit| unit.adjusted));
    answer.figure(name, "adjusted_se", unit.map(|unit| unit.std_error));
    answer.figure(name, &format!("adjusted_ci{percent}_low"), unit.map(|unit| unit.lower));
    answer.figure(name, &format!("adjusted_ci{percent}_high"), unit.map(|unit| unit.upper));
    answer.figure(name, "n_imputed", unit.map(|unit| unit.n_imputed as f64));
    answer.figure(name, "extrapolated", unit.map(|unit| f64::from(u8::from(unit.extrapolated))));
}
