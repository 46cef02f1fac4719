//! Moving ranges: how much neighbours in time differ, and what that says of sigma.
//!
//! In: a series with gaps. Out: ranges, their mean or median. Deliberately absent: neighbours in rows that are not neighbours in time.

/// Mean range of two normal observations in units of sigma, d₂ = 2/√π = 1.12838, as printed tables round it and every peer divides by.
pub const D2: f64 = 1.128;
/// Median range of two normal observations in units of sigma, d₄ = √2 · Φ⁻¹(¾).
pub const D4: f64 = 0.953_872_552_408_939_8;
/// A moving range above this multiple of the mean one is itself out of control, D₄ of tables.
pub const RANGE_LIMIT: f64 = 3.267;

/// Returns |yᵢ − yᵢ₋₁| of each slot; nothing in the first, in a gap, and after a gap.
pub fn moving_ranges(values: &[Option<f64>]) -> Vec<Option<f64>> {
    let neighbours = std::iter::once(None).chain(values.iter().copied());
    neighbours.zip(values).map(|(before, value)| Some((value.as_ref()? - before?).abs())).collect()
}

/// Returns the mean of the ranges; nothing without one.
pub fn mean_range(ranges: &[Option<f64>]) -> Option<f64> {
    let present: Vec<f64> = ranges.iter().flatten().copied().collect();
    (!present.is_empty()).then(|| present.iter().sum::<f64>() / present.len() as f64)
}

/// Returns the mean of the ranges below 3.267 times their mean (Nelson 1982): the spread without the moves that are signals themselves.
///
/// Where the others are all zero the mean of all ranges stands: the screen must not take the only move of a steady series and leave no
/// spread, as NHSRplotthedots and qicharts2 do.
pub fn screened_mean_range(ranges: &[Option<f64>]) -> Option<f64> {
    let all = mean_range(ranges)?;
    let kept: Vec<Option<f64>> =
        ranges.iter().map(|range| range.filter(|&range| range < RANGE_LIMIT * all)).collect();
    Some(mean_range(&kept).filter(|&kept| kept > 0.0).unwrap_or(all))
}

/// Returns the median of the ranges; nothing without one.
pub fn median_range(ranges: &[Option<f64>]) -> Option<f64> {
    median(ranges.iter().flatten().copied().collect())
}

/// Returns the median of values; nothing without one.
pub fn median(mut values: Vec<f64>) -> Option<f64> {
    values.sort_by(f64::total_cmp);
    let middle = values.len() / 2;
    match values.len() {
        0 => None,
        n if n % 2 == 1 => Some(values[middle]),
        _ => Some(values[middle - 1] + 0.5 * (values[middle] - values[middle - 1])),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ranges_do_not_bridge_gaps() {
        let ranges = moving_ranges(&[Some(1.0), Some(4.0), None, Some(9.0), Some(7.0)]);
        assert_eq!(ranges, [None, Some(3.0), None, None, Some(2.0)]);
        assert_eq!(mean_range(&ranges), Some(2.5));
        assert!(moving_ranges(&[]).is_empty());
    }

    #[test]
    fn the_screen_leaves_a_spread() {
        let mut ranges = vec![Some(0.0); 13];
        ranges.push(Some(20.0));
        assert_eq!(screened_mean_range(&ranges), Some(20.0 / 14.0));
        let mut ranges = vec![Some(1.0); 13];
        ranges.push(Some(20.0));
        assert_eq!(screened_mean_range(&ranges), Some(1.0));
        assert_eq!(screened_mean_range(&[None]), None);
    }

    #[test]
    fn medians_need_no_odd_number() {
        assert_eq!(median_range(&[None, Some(4.0), Some(1.0), Some(2.0)]), Some(2.0));
        assert_eq!(median(vec![4.0, 1.0]), Some(2.5));
        assert_eq!(median(vec![]), None);
        assert!(
            (D4 - std::f64::consts::SQRT_2 * super::super::distribution::normal_quantile(0.75)).abs() < 1e-15
        );
    }
}
