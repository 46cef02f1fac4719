//! The studentized range: the range of k standard normal values over an independent root mean square with `df` degrees of freedom.
//!
//! In: numbers. Out: upper tails and quantiles. Deliberately absent: its density, several ranges at once (R's `nranges`).

use super::distribution::{normal_density, student_quantile};
use super::root::falling_root;
use super::special::stirling_error;

/// Step of the trapezoidal rule over the smallest value, in standard deviations.
const STEP: f64 = 0.15;
/// Longest step of the rule over the logarithm of the error, as few degrees of freedom need it.
const LONGEST: f64 = 0.0625;
/// A term this small beside the sum ends it.
const NOTHING: f64 = 1e-18;

/// Returns P(Q > q) of the studentized range of `k` ≥ 2 values with `df` > 0 degrees of freedom; infinite `df` is the range itself.
///
/// ∫ f(s) P(W > qs) ds, f the density of χ/√df and P(W > w) = k ∫ φ(z) {Φ̄(z)ᵏ⁻¹ − (Φ̄(z) − Φ̄(z+w))ᵏ⁻¹} dz over the smallest value z:
/// Copenhaver and Holland's (1988) double integral, taken from the upper end so that tiny tails keep their digits. Both integrands are
/// analytic and die away on both sides, where the trapezoidal rule (the outer one in ln s) errs by no more than rounding. Same values as R
/// `ptukey(lower.tail = FALSE)`, `scipy.stats.studentized_range.sf`, whose absolute errors are up to 1e-10.
pub fn studentized_range_upper(q: f64, k: f64, df: f64) -> f64 {
    if q <= 0.0 {
        return 1.0;
    }
    if df.is_infinite() {
        return range_upper(q, k);
    }
    let half = 0.5 * df;
    let scale = (4.0 * half / std::f64::consts::TAU).sqrt() * libm::exp(-stirling_error(half));
    // The product of density and tail is widest 1/√(2 df) about here; for few degrees of freedom the strip of analyticity sets the step.
    let start = -0.5 * libm::log1p(0.5 * q * q / df);
    let step = (0.7 / (2.0 * df).sqrt()).min(LONGEST);
    let term = |t: f64| libm::exp(-df * deficit(t)) * range_upper(q * libm::exp(t), k);
    (scale * outwards(start, step, term)).min(1.0)
}

/// Returns the quantile of `p` in 0..1 of the studentized range; same value as R `qtukey`, `scipy.stats.studentized_range.ppf`.
pub fn studentized_range_quantile(p: f64, k: f64, df: f64) -> f64 {
    let tail = 1.0 - p;
    // Two values are Student's t times √2, and more have k(k−1)/2 pairs, whose tails add up to more than that of the largest.
    let pairs = 0.5 * k * (k - 1.0);
    let end = |tests: f64| -std::f64::consts::SQRT_2 * student_quantile(0.5 * tail / tests, df);
    let ends = (end(1.0) * (1.0 - 1e-9), end(pairs) * (1.0 + 1e-9));
    falling_root(ends, |q| studentized_range_upper(q, k, df) - tail)
}

/// Returns P(W > w) of the range of k standard normal values.
fn range_upper(w: f64, k: f64) -> f64 {
    let above = |z: f64| 0.5 * libm::erfc(z / std::f64::consts::SQRT_2);
    // The smallest value of a wide range, or of any.
    let start = -(0.5 * w).max((2.0 * libm::log(k)).sqrt());
    let term = |z: f64| {
        let (own, far) = (above(z), above(z + w));
        if own <= 0.0 {
            return 0.0;
        }
        let none_far = (k - 1.0) * libm::log1p(-far / own);
        -normal_density(z) * libm::exp((k - 1.0) * libm::log(own)) * libm::expm1(none_far)
    };
    (k * outwards(start, STEP, term)).min(1.0)
}

/// Returns (e²ᵗ − 1)/2 − t, without cancellation near 0.
fn deficit(t: f64) -> f64 {
    if t.abs() > 1e-3 {
        return 0.5 * libm::expm1(2.0 * t) - t;
    }
    t * t * (1.0 + t * (2.0 / 3.0 + t * (1.0 / 3.0 + t * (2.0 / 15.0 + t * 2.0 / 45.0))))
}

/// Returns the trapezoidal sum of a function with one hill, from `start` to either side until nothing is added.
fn outwards(start: f64, step: f64, term: impl Fn(f64) -> f64) -> f64 {
    let mut sum = term(start);
    for side in [step, -step] {
        for i in 1..100_000 {
            let next = term(start + f64::from(i) * side);
            sum += next;
            if next <= NOTHING * sum {
                break;
            }
        }
    }
    sum * step
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::stats::distribution::student_two_sided;
    use proptest::prelude::*;

    fn close(value: f64, expected: f64, tolerance: f64) {
        assert!((value / expected - 1.0).abs() <= tolerance, "{value} is not {expected}");
    }

    #[test]
    fn agrees_with_the_double_integral_and_scipy() {
        // The double integral by mpmath 1.3 at 18 digits or more; scipy.stats.studentized_range.ppf 1.17 for the quantiles.
        let upper = [
            (3.5, 3.0, 10.0, 0.07710331083841182),
            (1.2, 4.0, 2.5, 0.8313682530726456),
            (6.0, 8.0, 30.0, 0.004260805134949606),
            (15.0, 5.0, 20.0, 1.092336020441243e-8),
            (4.0, 20.0, 120.0, 0.3506328472181734),
            (3.0, 3.0, f64::INFINITY, 0.085542571654958),
            (0.5, 4.0, f64::INFINITY, 0.9848499118944073),
            (10.0, 10.0, f64::INFINITY, 6.916748848248416e-11),
            (25.0, 6.0, f64::INFINITY, 9.347914172969867e-69),
            (4.2, 100.0, f64::INFINITY, 0.9260198599620493),
        ];
        for (q, k, df, expected) in upper {
            close(studentized_range_upper(q, k, df), expected, 1e-12);
        }
        close(studentized_range_quantile(0.95, 3.0, 10.0), 3.876776750013158, 1e-9);
        close(studentized_range_quantile(0.99, 5.0, 60.0), 4.817781695463997, 1e-9);
        close(studentized_range_quantile(0.95, 14.0, 1000.0), 4.754554731552047, 1e-9);
        close(studentized_range_quantile(0.95, 10.0, 2.0), 13.988491140061566, 1e-9);
        close(studentized_range_quantile(0.9, 100.0, 7.0), 8.058655564251593, 1e-9);
        close(studentized_range_quantile(0.95, 3.0, f64::INFINITY), 3.314493155398122, 1e-9);
    }

    #[test]
    fn ends_are_sound() {
        assert!((studentized_range_upper(0.0, 3.0, 5.0) - 1.0).abs() < 1e-15);
        assert!((studentized_range_upper(1e-8, 3000.0, 5.0) - 1.0).abs() < 1e-9);
        assert!(studentized_range_upper(1e9, 3.0, 1e9) < 1e-300);
        let (near, far) =
            (studentized_range_upper(3.0, 3.0, 1e12), studentized_range_upper(3.0, 3.0, f64::INFINITY));
        close(near, far, 1e-10);
    }

    proptest! {
        #[test]
        fn two_values_are_student_and_a_quantile_turns_back(q in 0.01f64..60.0, df in 0.6f64..500.0, k in 2u32..40, p in 0.01f64..0.999) {
            let root = std::f64::consts::SQRT_2;
            let student = student_two_sided(q / root, df);
            prop_assert!((studentized_range_upper(q, 2.0, df) / student - 1.0).abs() < 1e-11);
            let at = studentized_range_quantile(p, f64::from(k), df);
            prop_assert!((studentized_range_upper(at, f64::from(k), df) / (1.0 - p) - 1.0).abs() < 1e-9);
            let wider = studentized_range_upper(q, f64::from(k) + 1.0, df);
            prop_assert!(studentized_range_upper(q, f64::from(k), df) <= wider * (1.0 + 1e-12) && wider <= 1.0);
        }
    }
}
