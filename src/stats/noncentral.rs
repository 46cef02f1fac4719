//! Noncentral t and F: cumulative probabilities, and the interval of the noncentrality that an observed statistic leaves open.
//!
//! In: a statistic with its degrees of freedom. Out: probabilities and noncentralities. Deliberately absent: densities, quantiles.

use super::Reason;
use super::distribution::{Bracket, normal_cdf, normal_density};
use super::peer::{Search, nelder_mead};
use super::root::falling_root;
use super::special::{beta_prefactor, incomplete_beta, stirling_error};

/// Nodes of the 16-point Gauss-Legendre rule on -1..1 (the positive half) with their weights.
const LEGENDRE: [(f64, f64); 8] = [
    (0.095_012_509_837_637_44, 0.189_450_610_455_068_5),
    (0.281_603_550_779_258_9, 0.182_603_415_044_923_6),
    (0.458_016_777_657_227_4, 0.169_156_519_395_002_54),
    (0.617_876_244_402_643_8, 0.149_595_988_816_576_73),
    (0.755_404_408_355_003, 0.124_628_971_255_533_87),
    (0.865_631_202_387_831_8, 0.095_158_511_682_492_78),
    (0.944_575_023_073_232_6, 0.062_253_523_938_647_894),
    (0.989_400_934_991_649_9, 0.027_152_459_411_754_096),
];
/// Panels of a stretch of the integral.
const PANELS: u32 = 16;
const LN_SQRT_TAU: f64 = 0.918_938_533_204_672_8;

/// Returns the density of √(χ²/df) at `s` > 0, without cancellation at large `df`.
fn chi_density(s: f64, df: f64) -> f64 {
    let (a, u) = (0.5 * df, s - 1.0);
    let exponent = a * (2.0 * (libm::log1p(u) - u) - u * u);
    2.0 * a.sqrt() * libm::exp(exponent - LN_SQRT_TAU - stirling_error(a)) / s
}

/// Returns ∫ of both parts of `function` from `low` to `high`.
fn integrate(low: f64, high: f64, function: &impl Fn(f64) -> [f64; 2]) -> [f64; 2] {
    let half = 0.5 * (high - low) / f64::from(PANELS);
    let mut sum = [0.0; 2];
    for panel in 0..PANELS {
        let middle = low + half * f64::from(2 * panel + 1);
        for (node, weight) in LEGENDRE {
            let (left, right) = (function(middle - half * node), function(middle + half * node));
            sum[0] += weight * (left[0] + right[0]);
            sum[1] += weight * (left[1] + right[1]);
        }
    }
    [sum[0] * half, sum[1] * half]
}

/// Returns P(T ≤ t) of the noncentral t distribution with `df` ≥ 1 and noncentrality `delta`, and minus its slope in `delta`.
///
/// ∫ Φ(t·s − δ) f(s) ds over the density f of s = √(χ²/df), in the variable s^¼ (which leaves no singularity at 0), with panels about the
/// place where Φ rises. Same values as `scipy.stats.nct.cdf`, to 1e-13, without R's bound of 37.6 on the noncentrality.
fn noncentral_t_both(t: f64, df: f64, delta: f64) -> [f64; 2] {
    let reach = 12.0 / (2.0 * df).sqrt();
    let (low, high) = ((1.0 - reach).max(0.0), 1.0 + reach);
    let (rise, width) = if t.abs() > 1e-9 { (delta / t, 9.0 / t.abs()) } else { (low, 0.0) };
    let cuts = [low, (rise - width).clamp(low, high), (rise + width).clamp(low, high), high];
    let root = |s: f64| s.sqrt().sqrt();
    let function = |u: f64| {
        let s = u * u * u * u;
        let density = chi_density(s, df) * 4.0 * u * u * u;
        let z = t * s - delta;
        [normal_cdf(z) * density, normal_density(z) * density]
    };
    let mut sum = [0.0; 2];
    for cut in cuts.windows(2).filter(|cut| cut[1] > cut[0]) {
        let part = integrate(root(cut[0]), root(cut[1]), &function);
        sum = [sum[0] + part[0], sum[1] + part[1]];
    }
    sum
}

/// Returns P(T ≤ t) of the noncentral t distribution with `df` ≥ 1 and noncentrality `delta`; same value as `scipy.stats.nct.cdf`.
pub fn noncentral_t_cdf(t: f64, df: f64, delta: f64) -> f64 {
    noncentral_t_both(t, df, delta)[0].clamp(0.0, 1.0)
}

/// Returns the interval of the noncentrality of an observed `t`: the two δ for which P(T ≤ t) is (1 ± level)/2.
///
/// Undefined: too few below one degree of freedom, not converged for a statistic that is not finite. Steiger and Fouladi (1997).
pub fn noncentral_t_interval(t: f64, df: f64, level: f64, search: Search) -> Result<(f64, f64), Reason> {
    if df < 1.0 {
        return Err(Reason::TooFew);
    }
    if !t.is_finite() || t.abs() > 1e8 {
        return Err(Reason::NotConverged);
    }
    if search == Search::Peer {
        return Ok(both_ends(1.1 * t, level, &|delta| noncentral_t_cdf(t, df, delta)));
    }
    let end = |p: f64| {
        let mut reach = 8.0 + 8.0 * t.abs() / df.sqrt();
        while noncentral_t_cdf(t, df, t - reach) < p || noncentral_t_cdf(t, df, t + reach) > p {
            reach *= 2.0;
        }
        // Searched from the lower end, so that relative steps fit a root near 0.
        let start = Bracket { low: 0.0, high: 2.0 * reach, at: reach };
        let found = start.solve(|x| {
            let [cdf, slope] = noncentral_t_both(t, df, t - reach + x);
            (p - cdf, slope)
        });
        t - reach + found
    };
    Ok((end(0.5 + 0.5 * level), end(0.5 - 0.5 * level)))
}

/// Returns P(F ≤ f) with `df1`, `df2` > 0 degrees of freedom and noncentrality `lambda` ≥ 0; same value as `scipy.stats.ncf.cdf`.
///
/// A Poisson mixture of incomplete beta integrals, summed from its largest weight outwards.
pub fn noncentral_f_cdf(f: f64, df1: f64, df2: f64, lambda: f64) -> f64 {
    if f <= 0.0 {
        return 0.0;
    }
    let sum = df1 * f + df2;
    let (x, y, b) = (df1 * f / sum, df2 / sum, 0.5 * df2);
    if y <= 0.0 {
        return 1.0;
    }
    let (half, mode) = (0.5 * lambda, libm::floor(0.5 * lambda));
    let a = 0.5 * df1 + mode;
    // I(a, b) − I(a + 1, b) is its first term, from which the others follow.
    let (first, first_drop) = (incomplete_beta(a, b, x, y).0, beta_prefactor(a, b, x, y) / a);
    let (mut total, mut weights) = (first, 1.0);
    let (mut value, mut drop, mut weight, mut j) = (first, first_drop, 1.0, 0.0);
    while mode + j > 0.0 && weight > 1e-18 {
        weight *= (mode + j) / half;
        drop *= (a + j) / (x * (a + b + j - 1.0));
        j -= 1.0;
        value += drop;
        total += weight * value.min(1.0);
        weights += weight;
    }
    (value, drop, weight, j) = (first, first_drop, 1.0, 0.0);
    while weight > 1e-18 {
        value = (value - drop).max(0.0);
        drop *= x * (a + b + j) / (a + j + 1.0);
        j += 1.0;
        weight *= half / (mode + j);
        total += weight * value;
        weights += weight;
    }
    (total / weights).clamp(0.0, 1.0)
}

/// Returns the interval of the noncentrality of an observed `f`: the two λ ≥ 0 for which P(F ≤ f) is (1 ± level)/2, 0 where there is none.
///
/// Undefined: too few without degrees of freedom, not converged for an `f` that is not finite or has a noncentrality beyond 1e8. Steiger (2004).
pub fn noncentral_f_interval(
    f: f64,
    (df1, df2): (f64, f64),
    level: f64,
    search: Search,
) -> Result<(f64, f64), Reason> {
    if !(df1 > 0.0 && df2 > 0.0) {
        return Err(Reason::TooFew);
    }
    if !f.is_finite() || f * df1 > 1e8 {
        return Err(Reason::NotConverged);
    }
    let end = |p: f64| {
        if noncentral_f_cdf(f, df1, df2, 0.0) <= p {
            return 0.0;
        }
        let (mut low, mut high) = (0.0, 10.0 + 2.0 * f * df1);
        while noncentral_f_cdf(f, df1, df2, high) > p {
            (low, high) = (high, 2.0 * high);
        }
        falling_root((low, high), |lambda| noncentral_f_cdf(f, df1, df2, lambda) - p)
    };
    let (low, high) = (end(0.5 + 0.5 * level), end(0.5 - 0.5 * level));
    if search == Search::Exact {
        return Ok((low, high));
    }
    let cdf = |lambda: f64| if lambda < 0.0 { f64::NAN } else { noncentral_f_cdf(f, df1, df2, lambda) };
    let found = both_ends(1.1 * f * df1, level, &cdf);
    // An end that is 0 is not searched for.
    Ok((if low > 0.0 { found.0 } else { 0.0 }, if high > 0.0 { found.1 } else { 0.0 }))
}

/// Returns both ends as R `effectsize` searches for them: together, from one start, for the smallest sum of what both miss.
fn both_ends(start: f64, level: f64, cdf: &dyn Fn(f64) -> f64) -> (f64, f64) {
    let missed = |ends: [f64; 2]| {
        let (one, other) = (cdf(ends[0]), cdf(ends[1]));
        (one.max(other) - (0.5 + 0.5 * level)).abs()
            + (one.min(other) - (0.5 - 0.5 * level)).abs()
            + 0.0 * (one + other)
    };
    let [one, other] = nelder_mead([start, start], &missed);
    (one.min(other), one.max(other))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn close(value: f64, expected: f64) {
        assert!((value - expected).abs() <= 1e-11 * expected.abs().max(1e-2), "{value} is not {expected}");
    }

    const T_CASES: [(f64, f64, f64, f64); 8] = [
        (1.9, 248.0, 1.2, 0.7566475319774042),
        (0.0, 5.0, 0.7, 0.24196365222307303),
        (-2.3, 3.0, -1.0, 0.20416165903158046),
        (4.5, 3820.0, 4.4, 0.5396584878463422),
        (50.0, 10.0, 45.0, 0.6187193741379924),
        (1.5, 1.0, 2.0, 0.26293509619812555),
        (3.0, 1.3, 1.0, 0.7732505016217558),
        (12.0, 6.0, 9.0, 0.7520299404223693),
    ];
    const F_CASES: [(f64, f64, f64, f64, f64); 5] = [
        (7.07, 4.0, 626.0, 28.0, 0.39848241285190833),
        (2.0, 3.0, 20.0, 5.0, 0.40313008503458814),
        (0.4, 13.0, 70000.0, 12.0, 0.00044485075232341927),
        (90.0, 3.0, 4000.0, 250.0, 0.7081433337307881),
        (1.2, 1.0, 7.0, 0.0, 0.6904257796644101),
    ];

    #[test]
    fn t_agrees_with_scipy() {
        // scipy.stats.nct.cdf 1.17.
        for (t, df, delta, expected) in T_CASES {
            close(noncentral_t_cdf(t, df, delta), expected);
        }
    }

    #[test]
    fn f_agrees_with_scipy() {
        // scipy.stats.ncf.cdf 1.17.
        for (f, df1, df2, lambda, expected) in F_CASES {
            close(noncentral_f_cdf(f, df1, df2, lambda), expected);
        }
    }

    #[test]
    fn an_interval_gives_its_probabilities_back() {
        for (t, df) in [(0.0, 1.0), (1.9, 248.0), (-4.5, 3820.0), (60.0, 12.5), (2.0, 1e7)] {
            let (low, high) = noncentral_t_interval(t, df, 0.95, Search::Exact).expect("defined");
            assert!((noncentral_t_cdf(t, df, low) - 0.975).abs() < 1e-12 && low < high);
            assert!((noncentral_t_cdf(t, df, high) - 0.025).abs() < 1e-12);
        }
        let (low, high) = noncentral_f_interval(7.07, (4.0, 626.0), 0.95, Search::Exact).expect("defined");
        assert!((noncentral_f_cdf(7.07, 4.0, 626.0, low) - 0.975).abs() < 1e-12 && low < high);
        assert!(noncentral_f_interval(0.5, (4.0, 626.0), 0.95, Search::Exact).expect("defined").0 <= 0.0);
        assert_eq!(noncentral_t_interval(1.0, 0.5, 0.95, Search::Exact), Err(Reason::TooFew));
        assert_eq!(
            noncentral_f_interval(f64::INFINITY, (1.0, 1.0), 0.95, Search::Exact),
            Err(Reason::NotConverged)
        );
    }
}
