//! Quantiles from counts of distinct integer values, with the interval between two order statistics.
//!
//! In: ascending (value, count) pairs. Out: a quantile in the unit of the values. Deliberately absent: weights, bins (a caller with bins
//! marks the figure approximate).

use super::distribution::binomial_cdf;
use super::{Estimate, Figure, Marks, Reason};

/// Returns the `p` quantile (0..=1) of values that stand in ascending order with their counts.
///
/// The value is R's type 7: between the order statistics around position 1 + (n−1)p. The 95 % interval lies between the order statistics
/// l and u for which P(B < l) ≤ 2.5 % and P(B ≥ u) ≤ 2.5 %, B binomial(n, p); it is absent where n is too small to have both (a median below
/// six values). There is no standard error. Undefined (too few) without values. Same values as R `quantile`, `DescTools::MedianCI(exact)`.
pub fn quantile(counts: &[(i64, u64)], p: f64) -> Figure {
    let n: u64 = counts.iter().map(|&(_, count)| count).sum();
    if n == 0 {
        return Err(Reason::TooFew);
    }
    let position = (n - 1) as f64 * p.clamp(0.0, 1.0);
    let floor = libm::floor(position);
    let low = order_statistic(counts, floor as u64 + 1);
    let high = order_statistic(counts, (floor as u64 + 2).min(n));
    let value = low as f64 + (position - floor) * (high - low) as f64;
    let ends =
        ranks(n, p).map(|(l, u)| (order_statistic(counts, l) as f64, order_statistic(counts, u) as f64));
    Ok(Estimate {
        value,
        std_error: None,
        lower: ends.map(|ends| ends.0.min(value)),
        upper: ends.map(|ends| ends.1.max(value)),
        n,
        n_effective: n as f64,
        marks: Marks::default(),
    })
}

/// Returns the median, the `quantile` at ½.
pub fn median(counts: &[(i64, u64)]) -> Figure {
    quantile(counts, 0.5)
}

/// Returns the value of the given rank, 1..=n.
fn order_statistic(counts: &[(i64, u64)], rank: u64) -> i64 {
    let mut seen = 0;
    for &(value, count) in counts {
        seen += count;
        if seen >= rank {
            return value;
        }
    }
    counts.last().map_or(0, |&(value, _)| value)
}

/// Returns the ranks of the interval's ends, if both exist.
fn ranks(n: u64, p: f64) -> Option<(u64, u64)> {
    // The smallest k with P(B ≤ k) above 2.5 % (then l = k), and the smallest with P(B ≤ k) of at least 97.5 % (then u = k + 1).
    let lower = smallest(n, |k| binomial_cdf(k, n, p) > 0.025);
    let upper = smallest(n, |k| binomial_cdf(k, n, p) >= 0.975) + 1;
    (lower >= 1 && upper <= n).then_some((lower, upper))
}

/// Returns the smallest k in 0..=n for which a condition holds that stays true once it is.
fn smallest(n: u64, holds: impl Fn(u64) -> bool) -> u64 {
    let (mut low, mut high) = (0, n);
    while low < high {
        let middle = low + (high - low) / 2;
        if holds(middle) { high = middle } else { low = middle + 1 }
    }
    low
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;
    use std::collections::BTreeMap;

    fn counted(values: &[i64]) -> Vec<(i64, u64)> {
        let mut counts = BTreeMap::new();
        values.iter().for_each(|&value| *counts.entry(value).or_insert(0) += 1);
        counts.into_iter().collect()
    }

    #[test]
    fn values_agree_with_numpy() {
        // numpy.quantile, type 7.
        let counts = counted(&[3, 1, 4, 1, 5, 9, 2, 6, 5, 3]);
        for (p, expected) in [(0.0, 1.0), (0.1, 1.0), (0.25, 2.25), (0.5, 3.5), (0.9, 6.3), (1.0, 9.0)] {
            let value = quantile(&counts, p).expect("defined").value;
            assert!((value - expected).abs() < 1e-12, "{p}: {value}");
        }
    }

    #[test]
    fn median_interval_lies_between_known_ranks() {
        // Binomial tables (Conover): n = 10 ranks 2-9, n = 25 ranks 8-18, n = 100 ranks 40-61.
        for (n, lower, upper) in [(6, 1, 6), (10, 2, 9), (25, 8, 18), (100, 40, 61)] {
            let estimate = median(&counted(&(1..=n).collect::<Vec<i64>>())).expect("defined");
            assert_eq!((estimate.lower, estimate.upper), (Some(lower as f64), Some(upper as f64)));
        }
    }

    #[test]
    fn few_values_have_no_interval() {
        assert_eq!(median(&[]), Err(Reason::TooFew));
        assert_eq!(median(&[(4, 0)]), Err(Reason::TooFew));
        for n in 1..=5 {
            let estimate = median(&counted(&(0..n).collect::<Vec<i64>>())).expect("defined");
            assert_eq!((estimate.lower, estimate.upper), (None, None));
        }
    }

    #[test]
    fn huge_and_tied_values_stay_exact() {
        let estimate = median(&[(1_000_000_000_000, 50), (1_000_000_000_001, 50)]).expect("defined");
        assert!((estimate.value - 1_000_000_000_000.5).abs() < 1e-3);
        assert_eq!(median(&[(7, 30)]).expect("defined").lower, Some(7.0));
    }

    proptest! {
        #[test]
        fn interval_contains_the_quantile(values in prop::collection::vec(-50i64..50, 1..120), p in 0.01f64..0.99) {
            let estimate = quantile(&counted(&values), p).expect("n > 0");
            prop_assert!(estimate.lower.is_none_or(|lower| lower <= estimate.value));
            prop_assert!(estimate.upper.is_none_or(|upper| upper >= estimate.value));
        }
    }
}
