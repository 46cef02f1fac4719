//! Relative importance of drivers: how R² is shared among predictors, by every rule that has a name.
//!
//! In: a correlation matrix whose last column is the outcome. Out: shares. Deliberately absent: rows (`importance_bootstrap` resamples them).
//!
//! LMG, Pratt, Genizi, CAR and Johnson add up to R²; first, last and betasq do not. Pratt's can be negative. Johnson's relative weights and
//! Genizi's are the same numbers under two names.

use super::Reason;
use super::regression::inverse_correlation;
use super::subset::Subsets;
use super::symmetric::square_root;

/// A rule by which variance explained is shared.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Rule {
    /// Mean over all orders of what a predictor adds (LMG, Shapley, general dominance).
    Lmg,
    /// Squared correlation: what it explains alone.
    First,
    /// What it adds to all others.
    Last,
    /// Squared standardised coefficient.
    Betasq,
    /// Standardised coefficient times correlation (Hoffman 1960, Pratt 1987).
    Pratt,
    /// Genizi (1993), Johnson's relative weights (2000).
    Genizi,
    /// Squared CAR score (Zuber and Strimmer 2011).
    Car,
}

impl Rule {
    /// Every rule.
    pub const ALL: [Self; 7] =
        [Self::Lmg, Self::First, Self::Last, Self::Betasq, Self::Pratt, Self::Genizi, Self::Car];

    /// Returns its name, as relaimpo has it.
    pub fn name(self) -> &'static str {
        match self {
            Self::Lmg => "lmg",
            Self::First => "first",
            Self::Last => "last",
            Self::Betasq => "betasq",
            Self::Pratt => "pratt",
            Self::Genizi => "genizi",
            Self::Car => "car",
        }
    }

    /// Returns each predictor's part by this rule, from a `correlation` matrix of columns² values whose last column is the outcome.
    ///
    /// Undefined: too few without predictors, collinear, for LMG not applicable above 15 predictors. Same values as R
    /// `relaimpo::calc.relimp(rela = FALSE)`; LMG as `domir::domin`, Genizi as `rwa::rwa`.
    pub fn parts(self, correlation: &[f64], columns: usize) -> Result<Vec<f64>, Reason> {
        let problem = Problem::new(correlation, columns)?;
        match self {
            Self::Lmg => Ok(Subsets::new(correlation, columns)?.shapley()),
            Self::First => Ok(problem.with_y.iter().map(|r| r * r).collect()),
            Self::Last => problem.last(),
            Self::Betasq => Ok(problem.betas()?.0.iter().map(|beta| beta * beta).collect()),
            Self::Pratt => {
                Ok(problem.betas()?.0.iter().zip(&problem.with_y).map(|(beta, r)| beta * r).collect())
            }
            Self::Genizi => Ok(problem.orthogonal()?.0),
            Self::Car => Ok(problem.orthogonal()?.1.iter().map(|score| score * score).collect()),
        }
    }
}

/// Returns the coefficients of the outcome on the predictors' nearest orthogonal counterparts, R^(−½) r (CAR scores).
///
/// Their signs are those that R `rwa::rwa` prints; the sign of a driver is that of its coefficient in the full model, which can differ.
pub fn orthogonal_scores(correlation: &[f64], columns: usize) -> Result<Vec<f64>, Reason> {
    Ok(Problem::new(correlation, columns)?.orthogonal()?.1)
}

/// Returns R² of all predictors.
pub fn r_squared(correlation: &[f64], columns: usize) -> Result<f64, Reason> {
    Ok(Rule::Pratt.parts(correlation, columns)?.iter().sum())
}

/// A correlation matrix taken apart.
struct Problem {
    size: usize,
    within: Vec<f64>,
    with_y: Vec<f64>,
}

impl Problem {
    fn new(correlation: &[f64], columns: usize) -> Result<Self, Reason> {
        let size = columns.saturating_sub(1);
        if size == 0 || correlation.len() != columns * columns {
            return Err(Reason::TooFew);
        }
        let row = |i: usize| &correlation[i * columns..(i + 1) * columns];
        let within = (0..size).flat_map(|i| row(i)[..size].to_vec()).collect();
        Ok(Self { size, within, with_y: (0..size).map(|i| row(i)[size]).collect() })
    }

    /// Standardised coefficients, with the diagonal of the inverse.
    fn betas(&self) -> Result<(Vec<f64>, Vec<f64>), Reason> {
        let inverse = inverse_correlation(&self.within, self.size)?;
        let p = self.size;
        let betas = (0..p).map(|i| dot(&inverse[i * p..(i + 1) * p], &self.with_y)).collect();
        Ok((betas, (0..p).map(|i| inverse[i * p + i]).collect()))
    }

    /// What each adds to all others is β² / VIF.
    fn last(&self) -> Result<Vec<f64>, Reason> {
        let (betas, inflation) = self.betas()?;
        Ok(betas.iter().zip(&inflation).map(|(beta, inflation)| beta * beta / inflation).collect())
    }

    /// Relative weights ε = Λ²β² with Λ = R^½, and the scores β = Λ⁻¹r.
    fn orthogonal(&self) -> Result<(Vec<f64>, Vec<f64>), Reason> {
        let p = self.size;
        let (root, inverse) = square_root(&self.within, p)?;
        let scores: Vec<f64> = (0..p).map(|i| dot(&inverse[i * p..(i + 1) * p], &self.with_y)).collect();
        let weight = |i: usize| (0..p).map(|k| root[i * p + k] * scores[k]).map(|part| part * part).sum();
        Ok(((0..p).map(weight).collect(), scores))
    }
}

fn dot(a: &[f64], b: &[f64]) -> f64 {
    a.iter().zip(b).map(|(a, b)| a * b).sum()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::stats::attitude;
    use crate::stats::crossproduct::CrossProducts;

    fn matrix() -> Vec<f64> {
        let products = CrossProducts::of(&attitude::columns(), &[1.0; 30], 30.0).expect("defined");
        products.correlation().expect("defined")
    }

    fn close(value: f64, expected: f64) {
        assert!((value - expected).abs() <= 1e-12, "{value} is not {expected}");
    }

    #[test]
    fn agrees_with_relaimpo() {
        // key_drivers.csv, relaimpo 2.2-7; rwa 0.1.0 gives Genizi's numbers as Johnson's weights.
        let expected = [
            (Rule::Lmg, 0.37081619431932833),
            (Rule::First, 0.681_314_164_108_863_4),
            (Rule::Last, 0.16867721304998018),
            (Rule::Betasq, 0.449_872_299_833_154_6),
            (Rule::Pratt, 0.553_628_368_056_187_6),
            (Rule::Genizi, 0.36276019965813083),
            (Rule::Car, 0.44670668694299687),
        ];
        for (rule, complaints) in expected {
            close(rule.parts(&matrix(), 7).expect("defined")[0], complaints);
        }
        // statistics.md 4.3: Pratt's part of privileges is negative.
        close(Rule::Pratt.parts(&matrix(), 7).expect("defined")[1], -0.031_288_665_656_372_15);
    }

    #[test]
    fn five_rules_add_up_to_r_squared() {
        let whole = r_squared(&matrix(), 7).expect("defined");
        close(whole, 0.732_601_992_531_149_4);
        for rule in [Rule::Lmg, Rule::Pratt, Rule::Genizi, Rule::Car] {
            close(rule.parts(&matrix(), 7).expect("defined").iter().sum(), whole);
        }
    }

    #[test]
    fn a_driver_has_the_sign_of_its_coefficient_where_rwa_has_another() {
        // V9: rwa gives privileges a plus; its coefficient in the full model is −0.073.
        let scores = orthogonal_scores(&matrix(), 7).expect("defined");
        let betas = Problem::new(&matrix(), 7).and_then(|problem| problem.betas()).expect("defined").0;
        assert!(scores[1] > 0.0 && betas[1] < 0.0);
    }

    #[test]
    fn hard_cases_say_why() {
        for rule in Rule::ALL {
            assert_eq!(rule.parts(&[1.0], 1), Err(Reason::TooFew));
            assert_eq!(rule.parts(&[], 0), Err(Reason::TooFew));
            close(rule.parts(&[1.0, 0.6, 0.6, 1.0], 2).expect("defined")[0], 0.36);
        }
        let twins = [1.0, 1.0, 0.5, 1.0, 1.0, 0.5, 0.5, 0.5, 1.0];
        assert_eq!(Rule::Genizi.parts(&twins, 3), Err(Reason::Collinear));
        assert_eq!(Rule::Lmg.parts(&twins, 3), Err(Reason::Collinear));
    }
}
