//! `regression`: least squares with tests, standardised coefficients, variance inflation, errors robust to clusters.

use super::complete::{complete, matrix, predictors_and_outcome};
use super::counts::FREQUENCY;
use super::{Answer, Fault, Method, Request, optional, percent, preset, required};
use crate::stats::Reason;
use crate::stats::regression::{Coefficient, Regression, regress};
use crate::stats::sandwich::{Rows, clustered};

pub(super) const METHOD: Method = Method {
    name: "regression",
    known_as: &[
        "stats::lm",
        "car::vif",
        "sandwich::vcovCL",
        "lm.beta::lm.beta",
        "statsmodels.OLS",
        "statsmodels.WLS",
        "pingouin.linear_regression",
        "scipy.stats.linregress",
    ],
    about: "Least squares of an outcome on predictors: coefficients, tests, R², variance inflation.",
    formula: "b = (X'WX)^-1 X'Wy on complete rows, with an intercept; se² = s² (X'WX)^-1, s² = sum w e² / \
        (n - p - 1); t with n - p - 1 degrees of freedom. std_coef: coefficients of columns scaled to \
        variance 1; vif = 1/(1 - R² of a predictor on the others). With --unit also coef_cluster_*: sandwich \
        errors robust to clusters, factor G/(G-1) (n-1)/(n-p-1), t with G - 1 degrees of freedom \
        (statsmodels cov_type=\"cluster\"). --frequency: a row stands for so many observations. Undefined: \
        too_few without residual degree of freedom, no_variation for constant columns, collinear when less \
        than 1e-8 of a predictor's variance is its own.",
    source: "Gauss; Liang and Zeger (1986), Biometrika 73:13 for clusters; as R lm, summary, confint",
    example: "data/examples/profiles.csv --y satisfaction --x speed,staff,promises",
    options: &[
        required("y", "column of the outcome"),
        required("x", "columns of the predictors, by commas"),
        optional("weight", "column of weights"),
        FREQUENCY,
        optional("unit", "column of clusters, for errors that are robust to them"),
        preset("type", "what the table holds: rows, correlation, covariance", "rows"),
        optional("item", "column that names the rows of a matrix (item)"),
        optional("observations", "number of observations behind a matrix"),
        preset("level", "confidence of intervals", "0.95"),
    ],
    run,
};

fn run(request: &Request<'_>) -> Result<Answer, Fault> {
    let (names, level) = (predictors_and_outcome(request)?, request.level()?);
    let mut answer = Answer::default();
    if request.word("type", &["rows", "correlation", "covariance"])? != Some("rows") {
        tell(&mut answer, &names, regress(&matrix(request, &names)?, level), level);
        return Ok(answer);
    }
    let found = complete(request, &names)?;
    let rows = Rows { columns: &found.columns, weights: &found.weights, n: found.n };
    tell(&mut answer, &names, rows.products().and_then(|products| regress(&products, level)), level);
    answer.rows_lost("model", found.lost);
    if request.has("unit") {
        let robust = clustered(&rows, &found.clusters(), level);
        answer.figure(
            "model",
            "clusters",
            robust.as_ref().map(|robust| robust.n_clusters as f64).map_err(|reason| *reason),
        );
        for (place, name) in terms(&names).into_iter().enumerate() {
            let coefficient =
                robust.as_ref().map(|robust| robust.coefficients[place]).map_err(|reason| *reason);
            term(&mut answer, name, "coef_cluster", coefficient, level);
        }
    }
    Ok(answer)
}

/// Returns the names of the coefficients, the intercept first.
fn terms<'a>(names: &[&'a str]) -> Vec<&'a str> {
    std::iter::once("(Intercept)").chain(names[..names.len() - 1].iter().copied()).collect()
}

fn tell(answer: &mut Answer, names: &[&str], fit: Result<Regression, Reason>, level: f64) {
    let of = |value: fn(&Regression) -> Result<f64, Reason>| {
        fit.as_ref().map_err(|reason| *reason).and_then(value)
    };
    let p = (names.len() - 1) as f64;
    answer.figure("model", "n", of(|fit| Ok(fit.n)));
    answer.figure("model", "r_squared", of(|fit| Ok(fit.r_squared)));
    answer.figure("model", "adj_r_squared", of(|fit| Ok(fit.adjusted)));
    answer.figure("model", "sigma", of(|fit| Ok(fit.sigma)));
    answer.figure("model", "F", of(|fit| fit.overall.map(|test| test.0)));
    answer.figure("model", "df1", fit.as_ref().map(|_| p).map_err(|reason| *reason));
    answer.figure("model", "df2", of(|fit| Ok(fit.df)));
    answer.figure("model", "p_value", of(|fit| fit.overall.map(|test| test.1)));
    for (place, name) in terms(names).into_iter().enumerate() {
        let coefficient = fit.as_ref().map_err(|reason| *reason).and_then(|fit| match place {
            0 => fit.intercept,
            _ => Ok(fit.slopes[place - 1]),
        });
        term(answer, name, "coef", coefficient, level);
    }
    for (k, name) in names[..names.len() - 1].iter().enumerate() {
        let of = |value: &dyn Fn(&Regression) -> f64| fit.as_ref().map(value).map_err(|reason| *reason);
        answer.figure(name, "std_coef", of(&|fit| fit.standardized[k]));
        answer.figure(name, "vif", of(&|fit| fit.inflation[k]));
    }
}

/// Tells a coefficient; where it is undefined its error, test and interval are too.
fn term(answer: &mut Answer, name: &str, what: &str, found: Result<Coefficient, Reason>, level: f64) {
    let percent = percent(level);
    answer.figure(name, what, found.map(|one| one.value));
    answer.figure(name, &format!("{what}_se"), found.map(|one| one.std_error));
    answer.figure(name, &format!("{what}_t"), found.and_then(|one| one.test).map(|test| test.0));
    answer.figure(name, &format!("{what}_p"), found.and_then(|one| one.test).map(|test| test.1));
    answer.figure(name, &format!("{what}_ci{percent}_low"), found.map(|one| one.lower));
    answer.figure(name, &format!("{what}_ci{percent}_high"), found.map(|one| one.upper));
}

#[cfg(test)]
mod tests {
    use crate::method::Value;
    use crate::method::trial::{call, number, same, value};
    use crate::stats::Reason;

    #[test]
    fn counted_rows_and_a_covariance_matrix_give_the_same_numbers() {
        let options = [("y", "y"), ("x", "x")];
        let raw = call("regression", &[("y", "1 3 3 2 5"), ("x", "1 2 2 3 4")], &options).expect("a table");
        let counted = [("y", "1 3 2 5"), ("x", "1 2 3 4"), ("f", "1 2 1 1")];
        same(
            &raw,
            &call("regression", &counted, &[options[0], options[1], ("frequency", "f")]).expect("a table"),
        );
        let matrix = [("item", "x y"), ("x", "1.3 1.35"), ("y", "1.35 2.2")];
        let more = [options[0], options[1], ("type", "covariance"), ("observations", "5")];
        let matrix = call("regression", &matrix, &more).expect("a table");
        assert!((number(&matrix, "x", "coef_se") - number(&raw, "x", "coef_se")).abs() < 1e-12);
        assert_eq!(value(&matrix, "(Intercept)", "coef"), Value::Undefined(Reason::NotApplicable));
    }

    #[test]
    fn gaps_and_constants_are_told() {
        let found = call("regression", &[("y", "1 NA 3 2"), ("x", "2 2 2 NA")], &[("y", "y"), ("x", "x")])
            .expect("a table");
        assert_eq!(value(&found, "x", "coef"), Value::Undefined(Reason::TooFew));
        let found = call("regression", &[("y", "1 4 3 2"), ("x", "2 2 2 2")], &[("y", "y"), ("x", "x")])
            .expect("a table");
        assert_eq!(value(&found, "x", "vif"), Value::Undefined(Reason::NoVariation));
        assert!(call("regression", &[("y", "1 2")], &[("y", "y"), ("x", "y")]).is_err());
    }
}
