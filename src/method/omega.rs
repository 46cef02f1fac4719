//! `omega`: omega total of one common factor.

use super::rows::{COLUMNS, N, Rows, complete, names, with_gaps};
use super::{Answer, Fault, Method, Request};
use crate::stats::Reason;
use crate::stats::factor::{Factor, FactorModel, Fitting, factor_model, omega_total, one_factor};
use crate::stats::family::Matrix;
use crate::stats::reliability::{correlations, covariance, unit};

pub(super) const METHOD: Method = Method {
    name: "omega",
    known_as: &[
        "psych::omega(nfactors = 1)",
        "psych::fa(nfactors = 1)",
        "lavaan::cfa",
        "semTools::compRelSEM",
        "MBESS::ci.reliability",
        "factor_analyzer",
    ],
    about: "Omega total of one common factor, with its loadings: minimum residuals, maximum likelihood, and the model of unstandardized items",
    formula: "omega_total = 1 - sum u_i^2/sum R, the factor fitted to the correlations off the diagonal by least squares (minres) or by maximum likelihood \
(ml). cfa: one-factor model of the covariances (n below, factor variance 1), omega_cfa_model_var = (sum l)^2/((sum l)^2 + sum theta), \
omega_cfa_observed_var = (sum l)^2/sum S. Complete rows. improper_items counts items at the bound u^2 = .005 (Heywood cases). Undefined: too_few \
below 3 items or 3 rows, no_variation, not_converged. Omega hierarchical and several factors: not offered.",
    source: "McDonald (1999), Test Theory; Harman and Jones (1966), Psychometrika 31; Rubin and Thayer (1982), Psychometrika 47",
    example: "data/examples/questionnaire.csv --columns q1,q2,q3,q4",
    options: &[COLUMNS, N],
    run,
};

fn run(request: &Request<'_>) -> Result<Answer, Fault> {
    let names = names(request, "columns", 2)?;
    let rows = Rows::new(request)?.all(&names)?;
    let columns = complete(&rows);
    let n = columns.first().map_or(0, Vec::len);
    let matrix = if n < 3 { Err(Reason::TooFew) } else { covariance(&with_gaps(&columns)) };
    let correlation = matrix.as_ref().map_err(|&why| why).and_then(correlations);
    let mut answer = Answer::default();
    answer.number("scale", "n", n as f64);
    answer.rows_lost("scale", (rows.first().map_or(0, Vec::len) - n) as u64);
    for (name, fitting) in [("minres", Fitting::MinimumResidual), ("ml", Fitting::MaximumLikelihood)] {
        let fitted = correlation.as_ref().map_err(|&why| why).and_then(|matrix| fit(matrix, fitting));
        let omega = fitted.as_ref().map(|(_, omega)| *omega).map_err(|&why| why);
        answer.figure("scale", &format!("omega_total_1factor_{name}"), omega);
        if let Ok((factor, _)) = fitted {
            items(&mut answer, &names, (&format!("{name}_loading"), &factor.loadings));
        }
    }
    let model = matrix.as_ref().map_err(|&why| why).and_then(|matrix| factor_model(matrix, n as u64));
    let number = |pick: fn(&FactorModel) -> f64| model.as_ref().map(pick).map_err(|&why| why);
    answer.figure("scale", "omega_cfa_model_var", number(|model| model.omega_model));
    answer.figure("scale", "omega_cfa_observed_var", number(|model| model.omega_observed));
    answer.figure("scale", "improper_items", number(|model| model.improper as f64));
    if let Ok(model) = &model {
        let unit = unit(&with_gaps(&columns));
        let told = |values: &[f64], unit: f64| values.iter().map(|value| value * unit).collect::<Vec<f64>>();
        items(&mut answer, &names, ("cfa_loading", &told(&model.loadings, unit)));
        items(&mut answer, &names, ("cfa_residual_variance", &told(&model.residuals, unit * unit)));
    }
    Ok(answer)
}

fn fit(matrix: &Matrix, fitting: Fitting) -> Result<(Factor, f64), Reason> {
    let factor = one_factor(matrix, fitting)?;
    let omega = omega_total(&factor, matrix);
    Ok((factor, omega))
}

fn items(answer: &mut Answer, names: &[&str], (quantity, values): (&str, &[f64])) {
    names.iter().zip(values).for_each(|(name, value)| answer.number(name, quantity, *value));
}
