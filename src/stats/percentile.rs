//! Percentiles of resampled values.
//!
//! In: values in ascending order. Out: R's type 7 quantile. Deliberately absent: quantiles from counts with an interval (`quantile`).

use super::Reason;

/// Returns the quantile of `p` in 0..=1 of ascending values, between the order statistics around position 1 + (n−1)p (R's type 7).
///
/// Undefined (too few) without values.
pub fn percentile(ascending: &[f64], p: f64) -> Result<f64, Reason> {
    let last = ascending.len().checked_sub(1).ok_or(Reason::TooFew)?;
    let position = last as f64 * p.clamp(0.0, 1.0);
    let below = (position as usize).min(last);
    let (low, high) = (ascending[below], ascending[(below + 1).min(last)]);
    Ok(low + (position - below as f64) * (high - low))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn agrees_with_r() {
        assert_eq!(percentile(&[1.0, 2.0, 4.0, 8.0], 0.25), Ok(1.75));
        assert_eq!(percentile(&[1.0, 2.0, 4.0, 8.0], 1.0), Ok(8.0));
        assert_eq!(percentile(&[3.0], 0.5), Ok(3.0));
        assert_eq!(percentile(&[], 0.5), Err(Reason::TooFew));
    }
}
