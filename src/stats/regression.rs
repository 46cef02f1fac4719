//! Least squares from cross-products: coefficients with their tests, standardised coefficients, variance inflation.
//!
//! In: cross-products of the predictors and, as the last column, the outcome. Out: what R's `summary(lm)` tells. Deliberately absent: rows
//! (errors that are robust to clusters need them: `sandwich`), factors, selection of predictors.

use super::Reason;
use super::crossproduct::CrossProducts;
use super::distribution::{student_quantile, student_two_sided};
use super::linear::Cholesky;
use super::tail::f_upper;

/// A predictor is a combination of the others when less than this share of its variance is its own.
const COLLINEAR: f64 = 1e-8;
/// A residual variance below this share of the outcome's is rounding.
const PERFECT: f64 = 1e-14;

/// A coefficient with its standard error.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Coefficient {
    /// The coefficient, in units of the outcome per unit of the predictor.
    pub value: f64,
    /// Its standard error; 0 where the fit is perfect.
    pub std_error: f64,
    /// t and its two-sided p value; undefined (no variation) where the standard error is 0.
    pub test: Result<(f64, f64), Reason>,
    /// Lower end of the interval.
    pub lower: f64,
    /// Upper end of the interval.
    pub upper: f64,
}

/// A least-squares fit with an intercept.
#[derive(Debug, Clone, PartialEq)]
pub struct Regression {
    /// Number of observations.
    pub n: f64,
    /// Residual degrees of freedom, n − p − 1.
    pub df: f64,
    /// Share of the outcome's variance explained.
    pub r_squared: f64,
    /// The same, corrected for the number of predictors.
    pub adjusted: f64,
    /// Residual standard deviation (of an observation of weight 1).
    pub sigma: f64,
    /// F that no predictor matters, with its p value; undefined (no variation) for a perfect fit.
    pub overall: Result<(f64, f64), Reason>,
    /// The intercept; not applicable when only a matrix is known.
    pub intercept: Result<Coefficient, Reason>,
    /// One coefficient per predictor.
    pub slopes: Vec<Coefficient>,
    /// Coefficients of columns scaled to a variance of 1.
    pub standardized: Vec<f64>,
    /// Variance inflation of each predictor, 1 / (1 − R² on the others).
    pub inflation: Vec<f64>,
    /// Inverse of the predictors' correlation matrix, p · p values.
    pub inverse: Vec<f64>,
}

/// Returns the inverse of a correlation matrix of size · size values.
///
/// Undefined: collinear when less than 1e-8 of a column's variance is its own.
pub fn inverse_correlation(matrix: &[f64], size: usize) -> Result<Vec<f64>, Reason> {
    let cholesky = Cholesky::new(matrix, size, COLLINEAR);
    let mut inverse = vec![0.0; size * size];
    for k in 0..size {
        let mut unit = vec![0.0; size];
        unit[k] = 1.0;
        let column = cholesky.solve(&unit);
        (0..size).for_each(|i| inverse[i * size + k] = column[i]);
    }
    let is_own = |k: usize| inverse[k * size + k] * COLLINEAR < 1.0;
    if cholesky.n_dependent > 0 || !(0..size).all(is_own) {
        return Err(Reason::Collinear);
    }
    Ok(inverse)
}

/// Returns the least-squares fit of the last column of `products` on the others, with intervals that hold with probability `level`.
///
/// β = R⁻¹r on correlations, taken back to units; variance of a slope σ² VIF / Σw(x − mean)². Undefined: too few with no predictor or no
/// residual degree of freedom, no variation when a column is constant, collinear. Same values as R `summary(lm)`, `confint`, with weights too.
pub fn regress(products: &CrossProducts, level: f64) -> Result<Regression, Reason> {
    let p = products.size.saturating_sub(1);
    let df = products.n - p as f64 - 1.0;
    if p == 0 || df < 1.0 {
        return Err(Reason::TooFew);
    }
    let correlation = products.correlation()?;
    let within: Vec<f64> = (0..p).flat_map(|i| correlation[i * (p + 1)..i * (p + 1) + p].to_vec()).collect();
    let inverse = inverse_correlation(&within, p)?;
    let with_y: Vec<f64> = (0..p).map(|i| correlation[i * (p + 1) + p]).collect();
    let standardized: Vec<f64> =
        (0..p).map(|i| (0..p).map(|j| inverse[i * p + j] * with_y[j]).sum::<f64>()).collect();
    let explained: f64 = standardized.iter().zip(&with_y).map(|(beta, r)| beta * r).sum();
    let rest = if 1.0 - explained <= PERFECT { 0.0 } else { 1.0 - explained };
    let total = products.at(p, p);
    let variance = rest * total / df;
    let f = (explained / p as f64) / (rest / df);
    let fit = Fit { products, variance, df, level, inverse: &inverse };
    let slopes: Vec<f64> = (0..p).map(|k| standardized[k] * (total / products.at(k, k)).sqrt()).collect();
    Ok(Regression {
        n: products.n,
        df,
        r_squared: 1.0 - rest,
        adjusted: 1.0 - rest * (products.n - 1.0) / df,
        sigma: variance.sqrt(),
        overall: if rest > 0.0 {
            Ok((f, f_upper(f.max(0.0), p as f64, df)))
        } else {
            Err(Reason::NoVariation)
        },
        intercept: fit.intercept(&slopes),
        slopes: (0..p).map(|k| fit.slope(k, slopes[k])).collect(),
        standardized,
        inflation: (0..p).map(|k| inverse[k * p + k]).collect(),
        inverse,
    })
}

/// Returns a coefficient with Student's test and interval at `df` degrees of freedom.
pub fn coefficient(value: f64, std_error: f64, df: f64, level: f64) -> Coefficient {
    let half = student_quantile(0.5 + 0.5 * level, df) * std_error;
    let t = value / std_error;
    let test = if std_error > 0.0 { Ok((t, student_two_sided(t, df))) } else { Err(Reason::NoVariation) };
    Coefficient { value, std_error, test, lower: value - half, upper: value + half }
}

struct Fit<'a> {
    products: &'a CrossProducts,
    variance: f64,
    df: f64,
    level: f64,
    inverse: &'a [f64],
}

impl Fit<'_> {
    fn slope(&self, k: usize, value: f64) -> Coefficient {
        let p = self.products.size - 1;
        let std_error = (self.variance * self.inverse[k * p + k] / self.products.at(k, k)).sqrt();
        coefficient(value, std_error, self.df, self.level)
    }

    /// The variance of the intercept is σ² (1/Σw + m′C⁻¹m), m the predictors' means and C their cross-products.
    fn intercept(&self, slopes: &[f64]) -> Result<Coefficient, Reason> {
        let means = self.products.means.as_ref().ok_or(Reason::NotApplicable)?;
        let p = slopes.len();
        let scaled: Vec<f64> = (0..p).map(|k| means[k] / self.products.at(k, k).sqrt()).collect();
        let form: f64 = (0..p)
            .map(|i| (0..p).map(|j| scaled[i] * self.inverse[i * p + j] * scaled[j]).sum::<f64>())
            .sum();
        let value = means[p] - slopes.iter().zip(means).map(|(slope, mean)| slope * mean).sum::<f64>();
        let std_error = (self.variance * (1.0 / self.products.weight + form)).sqrt();
        Ok(coefficient(value, std_error, self.df, self.level))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::stats::attitude;
    use proptest::prelude::*;

    fn close(value: f64, expected: f64) {
        assert!((value - expected).abs() <= 1e-10 * expected.abs(), "{value} is not {expected}");
    }

    fn attitude_fit() -> Regression {
        let products = CrossProducts::of(&attitude::columns(), &[1.0; 30], 30.0).expect("defined");
        regress(&products, 0.95).expect("defined")
    }

    #[test]
    fn agrees_with_r() {
        // key_drivers.csv, stats::lm R 4.2.2.
        let fit = attitude_fit();
        close(fit.r_squared, 0.732_601_992_531_149_4);
        close(fit.adjusted, 0.662_845_990_582_753_6);
        close(fit.sigma, 7.067_993_764_996_682);
        let overall = fit.overall.expect("defined");
        close(overall.0, 10.502350651820823);
        close(overall.1, 1.2404120557784894e-05);
        let intercept = fit.intercept.expect("defined");
        close(intercept.value, 10.787076385709765);
        close(intercept.std_error, 11.589257244488204);
        close(intercept.lower, -13.187128812204845);
        close(fit.standardized[0], 0.670_725_204_411_728_8);
        close(fit.inflation[0], 2.667_060_308_257_849);
        assert!(fit.slopes[1].value < 0.0);
    }

    #[test]
    fn a_covariance_matrix_gives_the_same_slopes() {
        let products = CrossProducts::of(&attitude::columns(), &[1.0; 30], 30.0).expect("defined");
        let covariance: Vec<f64> = products.products.iter().map(|value| value / 29.0).collect();
        let matrix = CrossProducts::from_matrix(&covariance, 7, 30.0).expect("defined");
        let (own, other) = (attitude_fit(), regress(&matrix, 0.95).expect("defined"));
        close(other.slopes[2].std_error, own.slopes[2].std_error);
        close(other.sigma, own.sigma);
        assert_eq!(other.intercept, Err(Reason::NotApplicable));
    }

    #[test]
    fn weighted_fit_agrees_with_statsmodels() {
        // statsmodels 0.15 WLS, weights 1 2 3 1 2.
        let columns = [vec![1.0, 2.0, 3.0, 4.0, 5.0], vec![2.0, 2.5, 4.5, 4.0, 6.5]];
        let products = CrossProducts::of(&columns, &[1.0, 2.0, 3.0, 1.0, 2.0], 5.0).expect("defined");
        let fit = regress(&products, 0.95).expect("defined");
        close(fit.slopes[0].value, 1.130597014925374);
        close(fit.slopes[0].std_error, 0.23507462686567165);
        close(fit.intercept.expect("defined").std_error, 0.791379118304491);
    }

    #[test]
    fn hard_cases_say_why() {
        let of = |columns: &[Vec<f64>]| {
            let n = columns[0].len();
            CrossProducts::of(columns, &vec![1.0; n], n as f64).and_then(|products| regress(&products, 0.95))
        };
        assert_eq!(of(&[vec![]]), Err(Reason::TooFew));
        assert_eq!(of(&[vec![1.0, 2.0], vec![1.0, 3.0]]), Err(Reason::TooFew));
        assert_eq!(of(&[vec![4.0; 9], (0..9).map(f64::from).collect()]), Err(Reason::NoVariation));
        let x: Vec<f64> = (0..9).map(f64::from).collect();
        let y = vec![3.0, 1.0, 4.0, 1.0, 5.0, 9.0, 2.0, 6.0, 5.0];
        assert_eq!(of(&[x.clone(), x.iter().map(|x| 1.0 - 2.0 * x).collect(), y]), Err(Reason::Collinear));
        let perfect = of(&[x.clone(), x]).expect("defined");
        assert_eq!(
            (perfect.overall, perfect.slopes[0].test),
            (Err(Reason::NoVariation), Err(Reason::NoVariation))
        );
    }

    proptest! {
        #[test]
        fn units_and_offsets_change_no_test(rows in prop::collection::vec((-9.0f64..9.0, -9.0f64..9.0, -9.0f64..9.0), 6..20), a in 0.1f64..9.0) {
            let columns: Vec<Vec<f64>> = [|r: &(f64, f64, f64)| r.0, |r: &(f64, f64, f64)| r.1, |r: &(f64, f64, f64)| r.2]
                .iter().map(|side| rows.iter().map(side).collect()).collect();
            let moved: Vec<Vec<f64>> = columns.iter().map(|column| column.iter().map(|x| a * x + 1e5).collect()).collect();
            let ones = vec![1.0; rows.len()];
            let of = |columns: &[Vec<f64>]| CrossProducts::of(columns, &ones, ones.len() as f64).and_then(|products| regress(&products, 0.9));
            if let (Ok(one), Ok(other)) = (of(&columns), of(&moved)) {
                prop_assert!((one.r_squared - other.r_squared).abs() < 1e-8);
                for (one, other) in one.slopes.iter().zip(&other.slopes) {
                    prop_assert!((one.value - other.value).abs() < 1e-6 * (1.0 + one.value.abs()));
                    prop_assert!(one.lower <= one.value && one.value <= one.upper);
                }
            }
        }
    }
}
