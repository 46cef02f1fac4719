//! Two means: Student's and Welch's test, and standardised differences with the intervals of the noncentral t distribution.
//!
//! In: the summaries of two groups. Out: tests and effect sizes. Deliberately absent: pairs, more than two groups (`groups`).

use super::Reason;
use super::distribution::{student_quantile, student_two_sided};
use super::noncentral::noncentral_t_interval;
use super::peer::Search;
use super::special::stirling_error;
use super::tally::Summary;

/// A test of a difference of means.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct MeanTest {
    /// Mean of the first group minus that of the second.
    pub difference: f64,
    /// t.
    pub statistic: f64,
    /// Its degrees of freedom.
    pub df: f64,
    /// Two-sided p value.
    pub p_value: f64,
    /// Lower end of the interval of the difference.
    pub lower: f64,
    /// Upper end.
    pub upper: f64,
}

impl MeanTest {
    /// Returns the test of values that are so many times as large.
    pub fn times(self, unit: f64) -> Self {
        let (difference, lower, upper) = (self.difference * unit, self.lower * unit, self.upper * unit);
        Self { difference, lower, upper, ..self }
    }
}

/// A standardised difference with its interval.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Effect {
    /// The estimate.
    pub estimate: f64,
    /// Lower end.
    pub lower: f64,
    /// Upper end.
    pub upper: f64,
}

/// Which standardised difference.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Standard {
    /// By the pooled standard deviation: Cohen's d, Hedges' g.
    Pooled,
    /// By the root of the mean of the two variances: d_av.
    Average,
    /// By the standard deviation of the second group: Glass's Δ.
    Second,
}

/// How the test statistic of a standardised difference comes about.
struct Scaled {
    /// The difference in standard deviations.
    effect: f64,
    /// effect / `scale` has the noncentral t distribution.
    scale: f64,
    df: f64,
}

fn spreads(first: &Summary, second: &Summary) -> Result<(f64, f64), Reason> {
    Ok((first.variance()?, second.variance()?))
}

fn tested(difference: f64, std_error: f64, df: f64, level: f64) -> Result<MeanTest, Reason> {
    if !(std_error > 0.0 && df > 0.0) {
        return Err(Reason::NoVariation);
    }
    let half = student_quantile(0.5 + 0.5 * level, df) * std_error;
    let statistic = difference / std_error;
    let p_value = student_two_sided(statistic, df);
    Ok(MeanTest { difference, statistic, df, p_value, lower: difference - half, upper: difference + half })
}

/// Returns Student's test with the pooled variance, n₁ + n₂ − 2 degrees of freedom.
///
/// Undefined: too few with an empty group or fewer than three observations, no variation when both groups are constant. Same values as R
/// `t.test(var.equal = TRUE)`.
pub fn student_test(first: &Summary, second: &Summary, level: f64) -> Result<MeanTest, Reason> {
    let df = first.n + second.n - 2.0;
    if df <= 0.0 {
        return Err(Reason::TooFew);
    }
    let pooled = (first.squares + second.squares) / df;
    tested(first.mean - second.mean, (pooled * (1.0 / first.n + 1.0 / second.n)).sqrt(), df, level)
}

/// Returns Welch's test, with Satterthwaite's degrees of freedom.
///
/// Undefined: too few below two observations in either group, no variation when both are constant. Same values as R `t.test`.
pub fn welch_test(first: &Summary, second: &Summary, level: f64) -> Result<MeanTest, Reason> {
    let (one, other) = spreads(first, second)?;
    let (a, b) = (one / first.n, other / second.n);
    let df = (a + b) * (a + b) / (a * a / (first.n - 1.0) + b * b / (second.n - 1.0));
    tested(first.mean - second.mean, (a + b).sqrt(), df, level)
}

fn scaled(first: &Summary, second: &Summary, standard: Standard) -> Result<Scaled, Reason> {
    let difference = first.mean - second.mean;
    let (n1, n2) = (first.n, second.n);
    let (effect, scale, df) = match standard {
        Standard::Pooled => {
            let df = n1 + n2 - 2.0;
            if df < 1.0 {
                return Err(Reason::TooFew);
            }
            (difference / ((first.squares + second.squares) / df).sqrt(), (1.0 / n1 + 1.0 / n2).sqrt(), df)
        }
        Standard::Average => {
            let (v1, v2) = spreads(first, second)?;
            let error = v1 / n1 + v2 / n2;
            let df = error * error / (v1 * v1 / n1 / n1 / (n1 - 1.0) + v2 * v2 / n2 / n2 / (n2 - 1.0));
            (difference / (0.5 * (v1 + v2)).sqrt(), (error / (0.5 * (v1 + v2))).sqrt(), df)
        }
        Standard::Second => {
            let (v1, v2) = spreads(first, second)?;
            (difference / v2.sqrt(), (1.0 / n2 + v1 / (n1 * v2)).sqrt(), n2 - 1.0)
        }
    };
    if effect.is_finite() && scale.is_finite() {
        Ok(Scaled { effect, scale, df })
    } else {
        Err(Reason::NoVariation)
    }
}

/// Returns a standardised difference, without correction for small samples, with the noncentral t interval.
///
/// Undefined: too few below three observations (two in each group but for the pooled form), no variation without the dispersion that it
/// divides by. Same estimates as R `effectsize::cohens_d`, `glass_delta`; its ends lie within 1e-6 of these, where its search stops, and are
/// the same with `Search::Peer`.
pub fn standardised(
    first: &Summary,
    second: &Summary,
    standard: Standard,
    level: f64,
    search: Search,
) -> Result<Effect, Reason> {
    let Scaled { effect, scale, df } = scaled(first, second, standard)?;
    let (low, high) = noncentral_t_interval(effect / scale, df, level, search)?;
    Ok(Effect { estimate: effect, lower: low * scale, upper: high * scale })
}

/// Returns the same times Hedges' exact factor J: Hedges' g for the pooled form.
///
/// Undefined as `standardised`, and too few at one degree of freedom. Hedges (1981).
pub fn hedges(
    first: &Summary,
    second: &Summary,
    standard: Standard,
    level: f64,
    search: Search,
) -> Result<Effect, Reason> {
    let factor = small_sample_factor(scaled(first, second, standard)?.df)?;
    let Effect { estimate, lower, upper } = standardised(first, second, standard, level, search)?;
    Ok(Effect { estimate: factor * estimate, lower: factor * lower, upper: factor * upper })
}

/// Returns J = Γ(df/2) / (√(df/2)·Γ((df−1)/2)), which takes the bias from a standardised difference; undefined (too few) at df ≤ 1.
pub fn small_sample_factor(df: f64) -> Result<f64, Reason> {
    if !(df > 1.0 && df.is_finite()) {
        return Err(Reason::TooFew);
    }
    // Stirling's errors keep the digits that a difference of log gammas loses at large df.
    let a = 0.5 * df;
    let log = -(a - 1.0) * libm::log1p(-0.5 / a) - 0.5 + stirling_error(a) - stirling_error(a - 0.5);
    Ok(libm::exp(log))
}

/// Returns Hedges' g as `effsize` and `pingouin` compute it: factor 1 − 3/(4N − 9), and a symmetric t interval.
///
/// Undefined as `hedges`. Same values as R `effsize::cohen.d(hedges.correction = TRUE)`.
pub fn hedges_approximate(first: &Summary, second: &Summary, level: f64) -> Result<Effect, Reason> {
    let Scaled { effect, scale, df } = scaled(first, second, Standard::Pooled)?;
    let n = first.n + second.n;
    if df <= 1.0 {
        return Err(Reason::TooFew);
    }
    let factor = 1.0 - 3.0 / (4.0 * n - 9.0);
    let g = factor * effect;
    let half = student_quantile(0.5 + 0.5 * level, df) * factor * (scale * scale + 0.5 * g * g / n).sqrt();
    Ok(Effect { estimate: g, lower: g - half, upper: g + half })
}

/// Returns the sampling variance of Hedges' g: the large-sample form and the unbiased one.
///
/// 1/n₁ + 1/n₂ + g²/(2N), and 1/n₁ + 1/n₂ + (1 − (m−2)/(m·J²))·g² with m = N − 2. Undefined as `hedges`. Same values as R
/// `metafor::escalc("SMD")`, vtype `LS` and `UB`.
pub fn hedges_variance(first: &Summary, second: &Summary) -> Result<(f64, f64), Reason> {
    let Scaled { effect, scale, df } = scaled(first, second, Standard::Pooled)?;
    let factor = small_sample_factor(df)?;
    let g = factor * effect;
    let sizes = scale * scale;
    let unbiased = sizes + (1.0 - (df - 2.0) / (df * factor * factor)) * g * g;
    Ok((sizes + 0.5 * g * g / (first.n + second.n), unbiased))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::stats::tally::Tally;
    use proptest::prelude::*;

    fn close(value: f64, expected: f64, tolerance: f64) {
        assert!((value - expected).abs() <= tolerance * expected.abs(), "{value} is not {expected}");
    }

    fn two(a: &[f64], b: &[f64]) -> (Summary, Summary) {
        let summaries = Tally::of(&[a, b]).summaries();
        (summaries[0].expect("some"), summaries[1].expect("some"))
    }

    const HIGH: [f64; 7] = [2.6, 2.4, 3.0, 2.8, 2.2, 2.9, 2.5];
    const AVERAGE: [f64; 6] = [1.8, 2.1, 2.3, 1.5, 2.0, 1.9];

    #[test]
    fn hedges_g_agrees_with_effectsize_and_pingouin() {
        // statistics.md 4.6.
        let (a, b) = two(&HIGH, &AVERAGE);
        let found = hedges(&a, &b, Standard::Pooled, 0.95, Search::Exact).expect("defined");
        close(found.estimate, 2.302128411876, 1e-12);
        close(found.lower, 0.885412691, 1e-6);
        close(found.upper, 3.664204456, 1e-6);
        close(hedges_approximate(&a, &b, 0.95).expect("defined").estimate, 2.302803603739, 1e-12);
    }

    #[test]
    fn tests_agree_with_r() {
        // scipy.stats.ttest_ind 1.17 with and without equal_var.
        let (a, b) = two(&HIGH, &AVERAGE);
        let welch = welch_test(&a, &b, 0.95).expect("defined");
        close(welch.statistic, 4.467945814517109, 1e-12);
        close(welch.p_value, 0.0009836219945438332, 1e-11);
        close(welch.df, 10.845611521636474, 1e-12);
        close(welch.lower, 0.3521563708218754, 1e-11);
        let student = student_test(&a, &b, 0.95).expect("defined");
        close(student.statistic, 4.449572974320563, 1e-12);
        close(student.p_value, 0.0009793867200515458, 1e-11);
    }

    #[test]
    fn factor_is_right_at_any_size() {
        close(small_sample_factor(2.0).expect("defined"), 0.564_189_583_547_756_3, 1e-13);
        close(small_sample_factor(11.0).expect("defined"), 0.9299598099757784, 1e-13);
        close(small_sample_factor(1e8).expect("defined"), 1.0 - 0.75e-8, 1e-15);
        assert_eq!(small_sample_factor(1.0), Err(Reason::TooFew));
    }

    #[test]
    fn hard_cases_say_why() {
        let (a, b) = two(&[1.0], &[2.0]);
        assert_eq!(student_test(&a, &b, 0.95), Err(Reason::TooFew));
        assert_eq!(welch_test(&a, &b, 0.95), Err(Reason::TooFew));
        assert_eq!(hedges(&a, &b, Standard::Pooled, 0.95, Search::Exact), Err(Reason::TooFew));
        let (a, b) = two(&[1.0; 4], &[2.0; 3]);
        assert_eq!(welch_test(&a, &b, 0.95), Err(Reason::NoVariation));
        assert_eq!(student_test(&a, &b, 0.95), Err(Reason::NoVariation));
        for standard in [Standard::Pooled, Standard::Average, Standard::Second] {
            assert_eq!(standardised(&a, &b, standard, 0.95, Search::Exact), Err(Reason::NoVariation));
        }
    }

    proptest! {
        #[test]
        fn nothing_but_the_difference_changes_under_rescaling(
            a in prop::collection::vec(-9i8..9, 2..20), b in prop::collection::vec(-9i8..9, 2..20), scale in 1i32..1000,
        ) {
            let plain = |x: &[i8]| -> Vec<f64> { x.iter().map(|&x| f64::from(x)).collect() };
            let moved = |x: &[i8]| -> Vec<f64> { x.iter().map(|&x| 1e9 + f64::from(x) * f64::from(scale)).collect() };
            let (one, other) = (two(&plain(&a), &plain(&b)), two(&moved(&a), &moved(&b)));
            match (welch_test(&one.0, &one.1, 0.9), welch_test(&other.0, &other.1, 0.9)) {
                (Ok(one), Ok(other)) => {
                    prop_assert!((one.statistic - other.statistic).abs() < 1e-9 * one.statistic.abs().max(1.0));
                    prop_assert!(one.lower <= one.difference && one.difference <= one.upper);
                }
                (one, other) => prop_assert_eq!(one.is_ok(), other.is_ok()),
            }
            if let Ok(effect) = hedges(&one.0, &one.1, Standard::Pooled, 0.95, Search::Exact) {
                prop_assert!(effect.lower <= effect.upper && effect.lower.is_finite());
            }
        }
    }
}
