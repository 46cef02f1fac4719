//! Exact funnel limits and p values: binomial for shares, Poisson for observed over expected.
//!
//! In: counts, a target. Out: limits on the scale of shares or ratios, p values. Deliberately absent: overdispersion (`funnel`).

use super::Reason;
use super::discrete::{binomial_quantile, binomial_upper, poisson_cdf, poisson_quantile, poisson_upper};
use super::distribution::binomial_cdf;
use super::tail::chi_square_quantile;

/// Returns the share that a tail of probability `p` cuts off a binomial of `n` cases with share `target`, between counts by interpolation.
///
/// (r − α)/n with r the quantile and α = (F(r) − p)/(F(r) − F(r−1)). Undefined (too few) without cases, (not applicable) where the target is not
/// between 0 and 1. Spiegelhalter (2005), appendix A.1.1.
pub fn binomial_limit(n: u64, target: f64, p: f64) -> Result<f64, Reason> {
    if n == 0 {
        return Err(Reason::TooFew);
    }
    if !(target > 0.0 && target < 1.0 && p > 0.0 && p < 1.0) {
        return Err(Reason::NotApplicable);
    }
    let r = binomial_quantile(p, n, target);
    let below = if r == 0 { 0.0 } else { binomial_cdf(r - 1, n, target) };
    Ok(interpolate(r, p, (binomial_cdf(r, n, target), below), n as f64))
}

/// Returns the ratio that a tail of probability `p` cuts off a Poisson count with mean `expected`, interpolated likewise.
///
/// Undefined (too few) where nothing is expected, (not applicable) where `p` is not between 0 and 1.
pub fn poisson_limit(expected: f64, p: f64) -> Result<f64, Reason> {
    if !(expected > 0.0 && expected.is_finite()) {
        return Err(Reason::TooFew);
    }
    if !(p > 0.0 && p < 1.0) {
        return Err(Reason::NotApplicable);
    }
    let r = poisson_quantile(p, expected);
    let below = if r == 0 { 0.0 } else { poisson_cdf(r - 1, expected) };
    Ok(interpolate(r, p, (poisson_cdf(r, expected), below), expected))
}

fn interpolate(r: u64, p: f64, (at, below): (f64, f64), size: f64) -> f64 {
    let part = if at > below { ((at - p) / (at - below)).clamp(0.0, 1.0) } else { 0.0 };
    (r as f64 - part).max(0.0) / size
}

/// Returns the ratios between which the count of a Poisson unit with mean `expected` lies, as its chi-square interval has them.
///
/// Lower χ²(p; 2E)/(2E), upper χ²(1−p; 2(E+1))/(2E), p = `tail`. Undefined (too few) where nothing is expected. Same values as R
/// `FunnelPlotR` (`LCL95` … of standardised ratios).
pub fn chi_square_limits(expected: f64, tail: f64) -> Result<(f64, f64), Reason> {
    if !(expected > 0.0 && expected.is_finite()) {
        return Err(Reason::TooFew);
    }
    let quantile = |p, count: f64| chi_square_quantile(p, 2.0 * count) / (2.0 * expected);
    Ok((quantile(tail, expected), quantile(1.0 - tail, expected + 1.0)))
}

/// Returns the two-sided exact p value of `k` out of `n` cases, twice the smaller tail, at most 1.
///
/// Undefined (too few) without cases.
pub fn binomial_p(k: u64, n: u64, target: f64) -> Result<f64, Reason> {
    if n == 0 || k > n {
        return Err(Reason::TooFew);
    }
    Ok((2.0 * binomial_cdf(k, n, target).min(binomial_upper(k, n, target))).min(1.0))
}

/// Returns the two-sided exact p value of a count `k` where `expected` are expected, twice the smaller tail, at most 1.
///
/// Undefined (too few) where nothing is expected.
pub fn poisson_p(k: u64, expected: f64) -> Result<f64, Reason> {
    if !(expected > 0.0 && expected.is_finite()) {
        return Err(Reason::TooFew);
    }
    Ok((2.0 * poisson_cdf(k, expected).min(poisson_upper(k, expected))).min(1.0))
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn close(value: Result<f64, Reason>, expected: f64) {
        let value = value.expect("defined");
        assert!((value - expected).abs() <= 1e-9 * expected.abs(), "{value} is not {expected}");
    }

    #[test]
    fn exact_limits_agree_with_spiegelhalter() {
        // statistics.md 4.2, R.
        let theta = 757.0 / 871.0;
        for (p, small, large) in [
            (0.001, 0.635238460, 0.770538373),
            (0.025, 0.721491286, 0.807354891),
            (0.975, 0.961285870, 0.919082974),
            (0.999, 0.997504090, 0.945770977),
        ] {
            assert!((binomial_limit(31, theta, p).expect("defined") - small).abs() < 6e-10);
            assert!((binomial_limit(140, theta, p).expect("defined") - large).abs() < 6e-10);
        }
    }

    #[test]
    fn p_values_agree_with_scipy() {
        // Unit J of D2: the lower tail is 0.00130412; scipy.stats 1.17 binom, poisson.
        assert!((binomial_p(20, 31, 757.0 / 871.0).expect("defined") - 2.0 * 0.00130412).abs() < 2e-8);
        close(poisson_p(30, 10.0), 2.0 * 2.509951201527959e-07);
        close(poisson_p(3, 10.0), 2.0 * 0.010336050675925726);
        close(binomial_p(0, 5, 0.5), 0.0625);
    }

    #[test]
    fn chi_square_limits_agree_with_funnelplotr() {
        // FunnelPlotR 0.4.2, case ae_2018_sr/CQC/trim0 at 1.1.
        let (low, high) = chi_square_limits(1.1, 0.025).expect("defined");
        close(Ok(low), 0.03371130886304598);
        close(Ok(high), 5.221911637603784);
    }

    #[test]
    fn hard_cases_have_reasons() {
        assert_eq!(binomial_limit(0, 0.5, 0.025), Err(Reason::TooFew));
        assert_eq!(binomial_limit(5, 1.0, 0.025), Err(Reason::NotApplicable));
        assert_eq!((binomial_p(0, 0, 0.5), poisson_p(3, 0.0)), (Err(Reason::TooFew), Err(Reason::TooFew)));
        assert_eq!(
            (poisson_limit(0.0, 0.1), chi_square_limits(-1.0, 0.1)),
            (Err(Reason::TooFew), Err(Reason::TooFew))
        );
        close(binomial_p(7, 7, 1.0), 1.0);
        assert!(binomial_p(1_000_000_000, 2_000_000_000, 0.5).is_ok_and(|p| p > 0.99));
    }

    proptest! {
        #[test]
        fn limits_are_ordered_and_narrow(n in 1u64..400, target in 0.02f64..0.98) {
            let at = |p| binomial_limit(n, target, p).expect("defined");
            prop_assert!(0.0 <= at(0.001) && at(0.001) <= at(0.025) && at(0.025) <= at(0.975) && at(0.975) <= at(0.999) && at(0.999) <= 1.0);
            let ratio = |p| poisson_limit(n as f64 * target, p).expect("defined");
            prop_assert!(ratio(0.001) <= ratio(0.025) && ratio(0.025) <= ratio(0.975) && ratio(0.975) <= ratio(0.999));
        }
    }
}
