//! Intervals shared by several statistics: Student's, and Fisher's z for correlations.
//!
//! In: a value, its standard error, degrees of freedom, a level. Out: the two ends. Deliberately absent: what has its own way to the ends.

use super::distribution::student_quantile;

/// The level of the interval of an [`super::Estimate`].
pub const LEVEL: f64 = 0.95;

/// Returns the ends of value ± t(df) · `std_error` at `level`; nothing without a degree of freedom.
pub fn student(value: f64, std_error: f64, df: f64, level: f64) -> Option<(f64, f64)> {
    (df > 0.0).then(|| {
        let half = student_quantile(0.5 + 0.5 * level, df) * std_error;
        (value - half, value + half)
    })
}

/// Returns the ends of tanh(atanh r ± `half_width`), the interval of a correlation on the scale of Fisher's z.
///
/// A correlation of ±1 has the interval of no width that R gives it.
pub fn fisher(r: f64, half_width: f64) -> (f64, f64) {
    if r.abs() >= 1.0 {
        return (r, r);
    }
    let z = libm::atanh(r);
    // Rounding of tanh(atanh r) must not push an end past r itself.
    (libm::tanh(z - half_width).min(r), libm::tanh(z + half_width).max(r))
}
