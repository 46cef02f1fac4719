//! Proportions with Wilson's interval, weighted too.
//!
//! In: successes and trials. Out: a share in 0..=1 with its interval. Deliberately absent: other intervals, which are `share`'s.

use super::distribution::Z_975;
use super::{Estimate, Figure, Marks, Reason};

/// Returns the share k/n with Wilson's 95 % interval.
///
/// `k` and `n` are counts or sums of weights (`Estimate::n` is `n` rounded; a caller with weights puts its own there); the interval uses
/// `n_effective` trials. The standard error is the interval's half-width / 1.96, so that it is above 0 at shares of 0 and 1 too.
/// Undefined (too few) without trials. Wilson (1927); same values as R `binom::binom.wilson`.
pub fn wilson(k: f64, n: f64, n_effective: f64) -> Figure {
    if !(n > 0.0 && n_effective > 0.0) {
        return Err(Reason::TooFew);
    }
    let share = (k / n).clamp(0.0, 1.0);
    let (lower, upper) = wilson_bounds(share, n_effective, Z_975);
    Ok(Estimate {
        value: share,
        std_error: Some((upper - lower) / (2.0 * Z_975)),
        lower: Some(lower),
        upper: Some(upper),
        n: n.round() as u64,
        n_effective,
        marks: Marks::default(),
    })
}

/// Returns Wilson's bounds of a share seen in `n_effective` > 0 trials, `z` standard errors wide (1.645 for a one-sided 95 % bound).
pub fn wilson_bounds(share: f64, n_effective: f64, z: f64) -> (f64, f64) {
    let square = z * z;
    let scale = 1.0 + square / n_effective;
    let centre = (share + 0.5 * square / n_effective) / scale;
    let variance = share * (1.0 - share) / n_effective + 0.25 * square / (n_effective * n_effective);
    let half = z * variance.sqrt() / scale;
    // At shares of 0 and 1 one end is the share itself, which rounding must not miss.
    ((centre - half).clamp(0.0, share), (centre + half).clamp(share, 1.0))
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn check(figure: Figure, lower: f64, upper: f64) {
        let estimate = figure.expect("defined");
        let (low, high) = (estimate.lower.expect("an end"), estimate.upper.expect("an end"));
        assert!((low - lower).abs() < 1e-11 && (high - upper).abs() < 1e-11, "{low} {high}");
    }

    #[test]
    fn agrees_with_binom() {
        // binom::binom.confint 1.1.1.1, case `edge` of proportions.csv, and statistics.md 4.4.
        check(wilson(45.0, 50.0, 50.0), 0.786397685625, 0.956524235068);
        check(wilson(0.0, 1.0, 1.0), 0.0, 0.7934506856227626);
        check(wilson(1.0, 1.0, 1.0), 0.2065493143772375, 1.0);
        check(wilson(0.0, 10.0, 10.0), 2.0052493003217288e-17, 0.27753279986288915);
        check(wilson(10.0, 10.0, 10.0), 0.7224672001371109, 1.0);
        check(wilson(1.0, 10.0, 10.0), 0.017876213095072892, 0.40415002679523837);
        check(wilson(0.0, 300.0, 300.0), 0.0, 0.012642971224546029);
        check(wilson(300.0, 300.0, 300.0), 0.9873570287754537, 0.9999999999999998);
        check(wilson(1.0, 300.0, 300.0), 0.0005886577218511573, 0.01863669369453123);
        check(wilson(5.0, 7.0, 7.0), 0.3589344518326194, 0.9177810759959433);
    }

    #[test]
    fn no_trials_are_too_few() {
        assert_eq!(wilson(0.0, 0.0, 0.0), Err(Reason::TooFew));
        assert_eq!(wilson(0.0, f64::NAN, 1.0), Err(Reason::TooFew));
    }

    #[test]
    fn a_share_of_1_still_has_an_error() {
        let estimate = wilson(2.0, 2.0, 2.0).expect("defined");
        assert!(estimate.std_error.expect("an error") > 0.1 && estimate.lower.expect("an end") < 0.5);
    }

    proptest! {
        #[test]
        fn interval_contains_the_share_and_narrows_with_n(k in 0u32..2000, more in 0u32..2000, factor in 1.0f64..50.0) {
            prop_assume!(k + more > 0);
            let (k, n) = (f64::from(k), f64::from(k + more));
            let width = |n_effective: f64| {
                let estimate = wilson(k, n, n_effective).expect("n > 0");
                let (lower, upper) = (estimate.lower.expect("an end"), estimate.upper.expect("an end"));
                assert!(0.0 <= lower && lower <= estimate.value && estimate.value <= upper && upper <= 1.0);
                upper - lower
            };
            prop_assert!(width(n * factor) <= width(n) + 1e-15);
        }
    }
}
