//! One common factor of several items, by minimum residuals or maximum likelihood, and omega total.
//!
//! In: a correlation or covariance matrix. Out: loadings, uniquenesses, omega. Deliberately absent: several factors, rotation, omega
//! hierarchical, Schmid-Leiman.

use super::Reason;
use super::family::Matrix;
use super::reliability::correlations;
use super::symmetric::eigen;

/// Smallest share of an item's variance that maximum likelihood leaves to it, as in R `factanal`.
const LEAST_UNIQUE: f64 = 0.005;
/// Steps after which a fit is given up.
const STEPS: usize = 100_000;

/// How a factor is fitted.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Fitting {
    /// Least squares of the correlations off the diagonal (Harman and Jones 1966).
    MinimumResidual,
    /// Maximum likelihood under a normal distribution.
    MaximumLikelihood,
}

/// A factor of standardized items.
#[derive(Debug, Clone, PartialEq)]
pub struct Factor {
    /// Correlation of each item with the factor; their sum is positive.
    pub loadings: Vec<f64>,
    /// Share of each item's variance that is its own.
    pub uniquenesses: Vec<f64>,
}

/// Fits one factor to a correlation matrix.
///
/// Minimum residuals by exact steps along each loading, maximum likelihood by the EM algorithm; both to 1e-13. Undefined: too few below three
/// items (a factor of two items is not determined), not converged. Same values as R `psych::fa(nfactors = 1)` and, for covariances with n
/// below, `lavaan::cfa`.
pub fn one_factor(correlation: &Matrix, fitting: Fitting) -> Result<Factor, Reason> {
    let size = correlation.size;
    if size < 3 {
        return Err(Reason::TooFew);
    }
    let first = eigen(&correlation.values, size);
    let scale = first.values[0].max(0.0).sqrt();
    let start: Vec<f64> = first.vectors[0].iter().map(|v| (v * scale).clamp(-0.95, 0.95)).collect();
    let (mut loadings, mut uniquenesses) = match fitting {
        Fitting::MinimumResidual => minimum_residual(correlation, start)?,
        Fitting::MaximumLikelihood => maximum_likelihood(correlation, start)?,
    };
    if loadings.iter().sum::<f64>() < 0.0 {
        loadings.iter_mut().for_each(|loading| *loading = -*loading);
    }
    uniquenesses.iter_mut().for_each(|unique| *unique = unique.clamp(0.0, 1.0));
    Ok(Factor { loadings, uniquenesses })
}

fn minimum_residual(r: &Matrix, mut loadings: Vec<f64>) -> Result<(Vec<f64>, Vec<f64>), Reason> {
    let size = r.size;
    for _ in 0..STEPS {
        let mut change = 0.0f64;
        for i in 0..size {
            let others = || (0..size).filter(|&j| j != i);
            let weight: f64 = others().map(|j| loadings[j] * loadings[j]).sum();
            if weight <= 0.0 {
                return Err(Reason::NotConverged);
            }
            let next = others().map(|j| r.at(i, j) * loadings[j]).sum::<f64>() / weight;
            change = change.max((next - loadings[i]).abs());
            loadings[i] = next;
        }
        if change < 1e-13 {
            let uniquenesses = loadings.iter().map(|loading| 1.0 - loading * loading).collect();
            return Ok((loadings, uniquenesses));
        }
    }
    Err(Reason::NotConverged)
}

fn maximum_likelihood(r: &Matrix, mut loadings: Vec<f64>) -> Result<(Vec<f64>, Vec<f64>), Reason> {
    let size = r.size;
    let mut unique: Vec<f64> =
        loadings.iter().map(|loading| (1.0 - loading * loading).max(LEAST_UNIQUE)).collect();
    for _ in 0..STEPS {
        let weights: Vec<f64> =
            loadings.iter().zip(&unique).map(|(loading, unique)| loading / unique).collect();
        let information = 1.0 + weights.iter().zip(&loadings).map(|(w, l)| w * l).sum::<f64>();
        let scores: Vec<f64> = weights.iter().map(|weight| weight / information).collect();
        let with: Vec<f64> = (0..size).map(|i| (0..size).map(|j| r.at(i, j) * scores[j]).sum()).collect();
        let variance = 1.0 / information + scores.iter().zip(&with).map(|(s, w)| s * w).sum::<f64>();
        let next: Vec<f64> = with.iter().map(|with| with / variance).collect();
        let change = next.iter().zip(&loadings).map(|(a, b)| (a - b).abs()).fold(0.0, f64::max);
        unique = next.iter().zip(&with).map(|(l, w)| (1.0 - l * w).max(LEAST_UNIQUE)).collect();
        loadings = next;
        if !change.is_finite() {
            return Err(Reason::NotConverged);
        }
        if change < 1e-13 {
            return Ok((loadings, unique));
        }
    }
    Err(Reason::NotConverged)
}

/// Returns omega total of standardized items, 1 − Σ uniqueness / ΣR (McDonald 1999); same value as R `psych::omega(nfactors = 1)`.
pub fn omega_total(factor: &Factor, correlation: &Matrix) -> f64 {
    1.0 - factor.uniquenesses.iter().sum::<f64>() / correlation.values.iter().sum::<f64>()
}

/// A one-factor model of unstandardized items.
#[derive(Debug, Clone, PartialEq)]
pub struct FactorModel {
    /// Loading of each item, the factor having variance 1.
    pub loadings: Vec<f64>,
    /// Residual variance of each item.
    pub residuals: Vec<f64>,
    /// (Σλ)² / ((Σλ)² + Σθ): omega over the variance that the model gives the sum.
    pub omega_model: f64,
    /// (Σλ)² / ΣS: omega over the variance that was observed.
    pub omega_observed: f64,
    /// Items at the bound of their residual variance (Heywood cases).
    pub improper: usize,
}

/// Fits a one-factor model by maximum likelihood to a covariance matrix with n − 1 below, of `n` rows.
///
/// The likelihood has n below. Same values as R `lavaan::cfa(std.lv = TRUE)` with `semTools::compRelSEM`. Undefined as `one_factor` is.
pub fn factor_model(covariance: &Matrix, n: u64) -> Result<FactorModel, Reason> {
    let factor = one_factor(&correlations(covariance)?, Fitting::MaximumLikelihood)?;
    let shrink = (n as f64 - 1.0) / n as f64;
    let length = |i: usize| (covariance.at(i, i) * shrink).sqrt();
    let loadings: Vec<f64> = factor.loadings.iter().enumerate().map(|(i, l)| l * length(i)).collect();
    let residuals: Vec<f64> =
        factor.uniquenesses.iter().enumerate().map(|(i, u)| u * length(i) * length(i)).collect();
    let common = loadings.iter().sum::<f64>() * loadings.iter().sum::<f64>();
    let improper = factor.uniquenesses.iter().filter(|&&unique| unique <= LEAST_UNIQUE).count();
    Ok(FactorModel {
        omega_model: common / (common + residuals.iter().sum::<f64>()),
        omega_observed: common / (covariance.values.iter().sum::<f64>() * shrink),
        loadings,
        residuals,
        improper,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Correlations λᵢλⱼ of a known factor.
    fn known(loadings: &[f64]) -> Matrix {
        let size = loadings.len();
        let cell =
            |at: usize| if at / size == at % size { 1.0 } else { loadings[at / size] * loadings[at % size] };
        Matrix { size, values: (0..size * size).map(cell).collect() }
    }

    #[test]
    fn finds_a_factor_that_is_there() {
        let loadings = [0.8, 0.7, 0.6, 0.5, -0.4];
        let matrix = known(&loadings);
        for fitting in [Fitting::MinimumResidual, Fitting::MaximumLikelihood] {
            let found = one_factor(&matrix, fitting).expect("defined");
            found
                .loadings
                .iter()
                .zip(loadings)
                .for_each(|(a, b)| assert!((a - b).abs() < 1e-9, "{a} is not {b}"));
            let sum: f64 = loadings.iter().sum();
            let expected = sum * sum / matrix.values.iter().sum::<f64>();
            assert!((omega_total(&found, &matrix) - expected).abs() < 1e-9);
        }
        let model = factor_model(&known(&loadings), 100).expect("defined");
        assert!((model.omega_model - model.omega_observed).abs() < 1e-9 && model.improper == 0);
    }

    #[test]
    fn hard_cases_say_why() {
        assert_eq!(one_factor(&known(&[0.5, 0.5]), Fitting::MinimumResidual), Err(Reason::TooFew));
        assert_eq!(one_factor(&known(&[0.0; 4]), Fitting::MinimumResidual), Err(Reason::NotConverged));
        let perfect = factor_model(&known(&[1.0, 1.0, 0.5]), 9).expect("defined");
        assert_eq!(perfect.improper, 2);
        let constant = Matrix { size: 3, values: vec![0.0; 9] };
        assert_eq!(factor_model(&constant, 9), Err(Reason::NoVariation));
    }
}
