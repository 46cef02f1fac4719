//! Small symmetric systems and least squares, by our own loops in fixed order.
//!
//! In: columns of numbers. Out: coefficients with standard errors. Deliberately absent: pivoting, large or sparse systems, weights.

use super::correlation::{centred, product};
use super::interval;
use super::{Estimate, Figure, Marks, Reason};

/// A column is a combination of those before it when less than this share of its variance is left.
const COLLINEAR: f64 = 1e-8;

/// The factor L of a symmetric matrix A = LL′, lower triangle row by row.
///
/// In a semidefinite matrix, columns that depend on those before them are left out: their unknowns are 0.
#[derive(Debug, Clone)]
pub struct Cholesky {
    size: usize,
    factor: Vec<f64>,
    /// Number of columns that depend on those before them.
    pub n_dependent: usize,
}

impl Cholesky {
    /// Decomposes `matrix` (size · size values, row by row; the lower triangle is read).
    ///
    /// A pivot of at most `tolerance` times its diagonal counts as 0.
    pub fn new(matrix: &[f64], size: usize, tolerance: f64) -> Self {
        let mut factor = vec![0.0; size * size];
        let mut n_dependent = 0;
        for i in 0..size {
            for j in 0..i {
                let pivot = factor[j * size + j];
                let known = product(&factor[i * size..i * size + j], &factor[j * size..j * size + j]);
                factor[i * size + j] = if pivot > 0.0 { (matrix[i * size + j] - known) / pivot } else { 0.0 };
            }
            let row = &factor[i * size..i * size + i];
            let pivot = matrix[i * size + i] - product(row, row);
            if pivot > tolerance * matrix[i * size + i] {
                factor[i * size + i] = pivot.sqrt();
            } else {
                n_dependent += 1;
            }
        }
        Self { size, factor, n_dependent }
    }

    /// Returns ln|A|, dependent columns left out.
    pub fn log_determinant(&self) -> f64 {
        let pivots = (0..self.size).map(|i| self.factor[i * self.size + i]).filter(|pivot| *pivot > 0.0);
        2.0 * pivots.map(libm::log).sum::<f64>()
    }

    /// Returns x with Ax = `right`; unknowns of dependent columns are 0.
    pub fn solve(&self, right: &[f64]) -> Vec<f64> {
        let (size, factor) = (self.size, &self.factor);
        let mut x = right.to_vec();
        for i in 0..size {
            let known = product(&factor[i * size..i * size + i], &x[..i]);
            let pivot = factor[i * size + i];
            x[i] = if pivot > 0.0 { (x[i] - known) / pivot } else { 0.0 };
        }
        for i in (0..size).rev() {
            let known: f64 = (i + 1..size).map(|j| factor[j * size + i] * x[j]).sum();
            let pivot = factor[i * size + i];
            x[i] = if pivot > 0.0 { (x[i] - known) / pivot } else { 0.0 };
        }
        x
    }
}

/// A least-squares fit with an intercept.
#[derive(Debug, Clone, PartialEq)]
pub struct Fit {
    /// The value where every predictor is 0.
    pub intercept: f64,
    /// One slope per predictor.
    pub slopes: Vec<f64>,
    /// Standard errors of the slopes.
    pub std_errors: Vec<f64>,
    /// What the fit leaves of each row.
    pub residuals: Vec<f64>,
    /// Share of variance explained.
    pub r_squared: f64,
    /// Residual degrees of freedom, n − p − 1.
    pub df: f64,
}

impl Fit {
    /// Returns the slope of predictor `k` with Student's interval.
    pub fn slope(&self, k: usize) -> Figure {
        let (value, std_error) = (self.slopes[k], self.std_errors[k]);
        let ends = interval::student(value, std_error, self.df, interval::LEVEL);
        Ok(Estimate {
            value,
            std_error: Some(std_error),
            lower: ends.map(|ends| ends.0),
            upper: ends.map(|ends| ends.1),
            n: self.residuals.len() as u64,
            n_effective: self.residuals.len() as f64,
            marks: Marks::default(),
        })
    }
}

/// Returns the least-squares fit of `y` on the columns `x` and an intercept, by cross-products about the means.
///
/// Undefined: too few with no residual degree of freedom, no variation when `y` or a predictor is constant, collinear when less than 1e-8 of a
/// predictor's variance is its own. Same values as R `lm`.
pub fn least_squares(x: &[&[f64]], y: &[f64]) -> Result<Fit, Reason> {
    let (n, p) = (y.len(), x.len());
    if n < p + 2 {
        return Err(Reason::TooFew);
    }
    let columns: Vec<Vec<f64>> = x.iter().map(|column| centred(column)).collect();
    let lengths: Vec<f64> = columns.iter().map(|column| product(column, column).sqrt()).collect();
    let centred_y = centred(y);
    let total = product(&centred_y, &centred_y);
    if total <= 0.0 || lengths.iter().any(|&length| length <= 0.0) {
        return Err(Reason::NoVariation);
    }
    // Columns of length 1, so that the refusal does not depend on units.
    let units: Vec<Vec<f64>> = columns
        .iter()
        .zip(&lengths)
        .map(|(column, length)| column.iter().map(|v| v / length).collect())
        .collect();
    let matrix: Vec<f64> = units.iter().flat_map(|a| units.iter().map(move |b| product(a, b))).collect();
    let cholesky = Cholesky::new(&matrix, p, COLLINEAR);
    if cholesky.n_dependent > 0 {
        return Err(Reason::Collinear);
    }
    let right: Vec<f64> = units.iter().map(|unit| product(unit, &centred_y)).collect();
    let scaled = cholesky.solve(&right);
    let residual = |row: usize| centred_y[row] - (0..p).map(|k| scaled[k] * units[k][row]).sum::<f64>();
    let residuals: Vec<f64> = (0..n).map(residual).collect();
    let df = (n - p - 1) as f64;
    let rest = product(&residuals, &residuals);
    let std_error = |k: usize| {
        let mut unit = vec![0.0; p];
        unit[k] = 1.0;
        (rest / df * cholesky.solve(&unit)[k].max(0.0)).sqrt() / lengths[k]
    };
    let slopes: Vec<f64> = (0..p).map(|k| scaled[k] / lengths[k]).collect();
    let intercept = mean(y) - (0..p).map(|k| slopes[k] * mean(x[k])).sum::<f64>();
    let std_errors = (0..p).map(std_error).collect();
    Ok(Fit { intercept, slopes, std_errors, residuals, r_squared: (1.0 - rest / total).clamp(0.0, 1.0), df })
}

fn mean(values: &[f64]) -> f64 {
    values.iter().sum::<f64>() / values.len() as f64
}

#[cfg(test)]
mod tests {
    use super::*;

    // R datasets::attitude, 30 departments.
    const RATING: [f64; 30] = [
        43.0, 63.0, 71.0, 61.0, 81.0, 43.0, 58.0, 71.0, 72.0, 67.0, 64.0, 67.0, 69.0, 68.0, 77.0, 81.0, 74.0,
        65.0, 65.0, 50.0, 50.0, 64.0, 53.0, 40.0, 63.0, 66.0, 78.0, 48.0, 85.0, 82.0,
    ];
    const COMPLAINTS: [f64; 30] = [
        51.0, 64.0, 70.0, 63.0, 78.0, 55.0, 67.0, 75.0, 82.0, 61.0, 53.0, 60.0, 62.0, 83.0, 77.0, 90.0, 85.0,
        60.0, 70.0, 58.0, 40.0, 61.0, 66.0, 37.0, 54.0, 77.0, 75.0, 57.0, 85.0, 82.0,
    ];
    const PRIVILEGES: [f64; 30] = [
        30.0, 51.0, 68.0, 45.0, 56.0, 49.0, 42.0, 50.0, 72.0, 45.0, 53.0, 47.0, 57.0, 83.0, 54.0, 50.0, 64.0,
        65.0, 46.0, 68.0, 33.0, 52.0, 52.0, 42.0, 42.0, 66.0, 58.0, 44.0, 71.0, 39.0,
    ];

    fn close(value: f64, expected: f64) {
        assert!((value - expected).abs() <= 1e-10 * expected.abs(), "{value} is not {expected}");
    }

    #[test]
    fn agrees_with_statsmodels() {
        // statsmodels 0.15 OLS of rating on complaints and privileges.
        let fit = least_squares(&[&COMPLAINTS, &PRIVILEGES], &RATING).expect("defined");
        close(fit.intercept, 15.327620170550688);
        close(fit.slopes[0], 0.7803433976179428);
        close(fit.slopes[1], -0.05015979520525077);
        close(fit.std_errors[1], 0.12991919992352174);
        close(fit.r_squared, 0.683063901120127);
        close(fit.slope(0).expect("defined").lower.expect("given"), 0.5353802193517669);
    }

    #[test]
    fn a_combination_of_other_columns_is_refused() {
        let sum: Vec<f64> = COMPLAINTS.iter().zip(&PRIVILEGES).map(|(a, b)| 2.0 * a - b + 1e6).collect();
        assert_eq!(least_squares(&[&COMPLAINTS, &PRIVILEGES, &sum], &RATING), Err(Reason::Collinear));
    }

    #[test]
    fn hard_cases_say_why() {
        assert_eq!(least_squares(&[], &[1.0]), Err(Reason::TooFew));
        assert_eq!(least_squares(&[&[1.0, 2.0]], &[1.0, 3.0]), Err(Reason::TooFew));
        assert_eq!(least_squares(&[&[1.0; 30]], &RATING), Err(Reason::NoVariation));
        assert_eq!(least_squares(&[&RATING], &[0.1; 30]), Err(Reason::NoVariation));
    }

    #[test]
    fn a_huge_offset_changes_no_slope() {
        let far: Vec<f64> = COMPLAINTS.iter().map(|x| x + 1e9).collect();
        let (near, far) = (least_squares(&[&COMPLAINTS], &RATING), least_squares(&[&far], &RATING));
        close(far.expect("defined").slopes[0], near.expect("defined").slopes[0]);
    }

    #[test]
    fn a_semidefinite_system_leaves_out_what_depends() {
        // The Laplacian of two separate pairs of points.
        let matrix = [1.0, -1.0, 0.0, 0.0, -1.0, 1.0, 0.0, 0.0, 0.0, 0.0, 2.0, -2.0, 0.0, 0.0, -2.0, 2.0];
        let cholesky = Cholesky::new(&matrix, 4, 1e-9);
        assert_eq!(cholesky.n_dependent, 2);
        let found = cholesky.solve(&[3.0, -3.0, 4.0, -4.0]);
        found
            .iter()
            .zip([3.0, 0.0, 2.0, 0.0])
            .for_each(|(found, expected)| assert!((found - expected).abs() < 1e-12));
    }
}
