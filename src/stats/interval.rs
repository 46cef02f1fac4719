//! Intervals shared by several statistics: Student's, and Fisher's z for correlations.
//!
//! In: a value, its standard error, degrees of freedom. Out: the two ends of the 95 % interval. Deliberately absent: other levels.

use super::distribution::{Z_975, student_quantile};

/// Returns the ends of value ± t₀.₉₇₅(df) · `std_error`; nothing without a degree of freedom.
pub fn student(value: f64, std_error: f64, df: f64) -> Option<(f64, f64)> {
    (df > 0.0).then(|| {
        let half = student_quantile(0.975, df) * std_error;
        (value - half, value + half)
    })
}

/// Returns the ends of tanh(atanh r ± 1.96 · `std_error`), the interval of a correlation whose Fisher z has that standard error.
///
/// A correlation of ±1 has the interval of no width that R gives it.
pub fn fisher(r: f64, std_error: f64) -> (f64, f64) {
    fisher_wide(r, Z_975 * std_error)
}

/// Returns the ends of tanh(atanh r ± `half_width`).
pub fn fisher_wide(r: f64, half_width: f64) -> (f64, f64) {
    if r.abs() >= 1.0 {
        return (r, r);
    }
    let z = libm::atanh(r);
    // Rounding of tanh(atanh r) must not push an end past r itself.
    (libm::tanh(z - half_width).min(r), libm::tanh(z + half_width).max(r))
}
