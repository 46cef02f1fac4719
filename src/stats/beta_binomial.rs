//! Shrinkage of proportions: kept shares of units seen as draws from a beta distribution.
//!
//! In: successes and trials per unit. Out: the beta distribution, by moments or maximum likelihood, and each unit's shrunken share.
//! Deliberately absent: covariates; integrating over the beta's parameters.

use super::Reason;
use super::distribution::beta_quantile;

/// Strength of the prior, in trials, from which on units count as all the same.
const SAME: f64 = 1e8;

/// The distribution of units' true shares, Beta(a, b).
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct BetaBinomial {
    /// Mean share, a/(a + b).
    pub mean: f64,
    /// Strength a + b, in trials; nothing where units differ no more than chance says (full pooling).
    pub strength: Option<f64>,
    /// Log likelihood, without the binomial coefficients.
    pub log_likelihood: f64,
}

/// A unit's share after shrinkage.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct ShrunkShare {
    /// (k + a)/(n + a + b).
    pub share: f64,
    /// Lower end of the interval of Beta(k + a, n − k + b).
    pub lower: f64,
    /// Upper end.
    pub upper: f64,
    /// n/(n + a + b), how much of the unit's deviation is kept.
    pub reliability: f64,
}

impl BetaBinomial {
    /// Returns the parameters a and b; nothing under full pooling.
    pub fn parameters(&self) -> Option<(f64, f64)> {
        self.strength.map(|strength| (self.mean * strength, (1.0 - self.mean) * strength))
    }

    /// Returns the shrunken share of a unit with `k` of `n`, its interval of probability `level`.
    ///
    /// Under full pooling every unit has the mean, with an interval of no width: units do not differ as far as the data tell.
    pub fn shrunk(&self, k: f64, n: f64, level: f64) -> ShrunkShare {
        let Some((a, b)) = self.parameters() else {
            return ShrunkShare { share: self.mean, lower: self.mean, upper: self.mean, reliability: 0.0 };
        };
        let tail = 0.5 - 0.5 * level;
        let (a_after, b_after) = (a + k, b + n - k);
        let share = a_after / (a_after + b_after);
        // In a very skew distribution the mean can lie outside of the quantiles.
        let lower = beta_quantile(tail, a_after, b_after).min(share);
        let upper = beta_quantile(1.0 - tail, a_after, b_after).max(share);
        ShrunkShare { share, lower, upper, reliability: n / (n + a + b) }
    }
}

/// Fits by moments: P = Σk/Σn, S² = Σn(p − P)²/Σn, a + b = (P(1 − P) − S²)/(S² − P(1 − P)/n̄); full pooling where S² is not above chance.
///
/// `units` are (successes, trials). Undefined: too few below two units with trials, no variation when the pooled share is 0 or 1.
pub fn by_moments(units: &[(f64, f64)]) -> Result<BetaBinomial, Reason> {
    let units = checked(units)?;
    let (k, n) = units.iter().fold((0.0, 0.0), |(k, n), unit| (k + unit.0, n + unit.1));
    let mean = k / n;
    let spread: f64 = units.iter().map(|(k, n)| n * (k / n - mean) * (k / n - mean)).sum::<f64>() / n;
    let chance = mean * (1.0 - mean);
    let excess = spread - chance * units.len() as f64 / n;
    let strength = (chance - spread) / excess;
    let strength = (excess > 0.0 && strength > 0.0 && strength < SAME).then_some(strength);
    Ok(BetaBinomial { mean, strength, log_likelihood: log_likelihood(&units, mean, strength) })
}

/// Fits by maximum likelihood. Undefined as `by_moments`.
///
/// The mean is profiled out: for every strength the best mean is found, then the best strength, by halving on the slopes.
pub fn by_likelihood(units: &[(f64, f64)]) -> Result<BetaBinomial, Reason> {
    let units = checked(units)?;
    let profile = |log_strength: f64| {
        let strength = libm::exp(log_strength);
        let mean = best_mean(&units, strength);
        (log_likelihood(&units, mean, Some(strength)), mean)
    };
    // The profile has one hill, or rises towards full pooling; golden sections find its top.
    let golden = 0.5 * (5f64.sqrt() - 1.0);
    let (mut low, mut high) = (libm::log(1e-4), libm::log(SAME));
    let step = (high - low) / 60.0;
    let grid = |point: usize| low + step * point as f64;
    let best = (0..=60).max_by(|a, b| profile(grid(*a)).0.total_cmp(&profile(grid(*b)).0)).unwrap_or(0);
    (low, high) = (grid(best) - step, grid(best) + step);
    for _ in 0..60 {
        let (left, right) = (high - golden * (high - low), low + golden * (high - low));
        if profile(left).0 < profile(right).0 { low = left } else { high = right }
    }
    let top = 0.5 * (low + high);
    let (value, mean) = profile(top);
    let (k, n) = units.iter().fold((0.0, 0.0), |(k, n), unit| (k + unit.0, n + unit.1));
    let pooled = log_likelihood(&units, k / n, None);
    if best == 60 || pooled >= value {
        return Ok(BetaBinomial { mean: k / n, strength: None, log_likelihood: pooled });
    }
    Ok(BetaBinomial { mean, strength: Some(libm::exp(top)), log_likelihood: value })
}

fn checked(units: &[(f64, f64)]) -> Result<Vec<(f64, f64)>, Reason> {
    let units: Vec<(f64, f64)> =
        units.iter().copied().filter(|&(k, n)| n > 0.0 && (0.0..=n).contains(&k)).collect();
    if units.len() < 2 {
        return Err(Reason::TooFew);
    }
    let hits: f64 = units.iter().map(|unit| unit.0).sum();
    let misses: f64 = units.iter().map(|unit| unit.1 - unit.0).sum();
    if hits > 0.0 && misses > 0.0 { Ok(units) } else { Err(Reason::NoVariation) }
}

/// Returns the mean of largest likelihood at a strength; the likelihood is concave in it, so halving on its slope suffices.
fn best_mean(units: &[(f64, f64)], strength: f64) -> f64 {
    let slope = |mean: f64| -> f64 {
        let (a, b) = (mean * strength, (1.0 - mean) * strength);
        units.iter().map(|&(k, n)| rise(a, k) - rise(b, n - k)).sum()
    };
    let (mut low, mut high) = (0.0, 1.0);
    for _ in 0..60 {
        let middle = 0.5 * (low + high);
        if slope(middle) > 0.0 { low = middle } else { high = middle }
    }
    0.5 * (low + high)
}

/// Returns ψ(x + k) − ψ(x).
fn rise(x: f64, k: f64) -> f64 {
    if k <= 0.0 {
        return 0.0;
    }
    digamma(x + k) - digamma(x)
}

/// Returns ψ(x) for x > 0: recurrence up to 10, then the asymptotic series (DLMF 5.11.2).
fn digamma(mut x: f64) -> f64 {
    let mut sum = 0.0;
    while x < 10.0 {
        sum -= 1.0 / x;
        x += 1.0;
    }
    let square = 1.0 / (x * x);
    let series = square
        * (1.0 / 12.0
            - square * (1.0 / 120.0 - square * (1.0 / 252.0 - square * (1.0 / 240.0 - square / 132.0))));
    sum + libm::log(x) - 0.5 / x - series
}

fn log_likelihood(units: &[(f64, f64)], mean: f64, strength: Option<f64>) -> f64 {
    let Some(strength) = strength else {
        return units.iter().map(|(k, n)| k * libm::log(mean) + (n - k) * libm::log1p(-mean)).sum();
    };
    let (a, b) = (mean * strength, (1.0 - mean) * strength);
    let of = |x: f64, k: f64| libm::lgamma(x + k) - libm::lgamma(x);
    units.iter().map(|&(k, n)| of(a, k) + of(b, n - k) - of(strength, n)).sum()
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    /// D2 of statistics.md.
    fn departments() -> Vec<(f64, f64)> {
        let k = [45, 60, 38, 120, 75, 52, 33, 90, 66, 20, 110, 48];
        let n = [50, 70, 45, 140, 80, 64, 36, 105, 72, 31, 118, 60];
        k.iter().zip(n).map(|(&k, n)| (f64::from(k), f64::from(n))).collect()
    }

    fn close(value: f64, expected: f64, tolerance: f64) {
        assert!((value - expected).abs() <= tolerance * expected.abs(), "{value} is not {expected}");
    }

    #[test]
    fn moments_agree_with_r() {
        let found = by_moments(&departments()).expect("defined");
        close(found.mean, 0.869115958668, 1e-11);
        close(found.strength.expect("given"), 50.7078082739, 1e-9);
        close(found.shrunk(20.0, 31.0, 0.95).share, 0.784147399783, 1e-11);
    }

    #[test]
    fn likelihood_agrees_with_r() {
        let found = by_likelihood(&departments()).expect("defined");
        let (a, b) = found.parameters().expect("given");
        close(a, 49.736418, 1e-4);
        close(b, 7.866698, 1e-4);
        close(found.log_likelihood, -336.108128136, 1e-11);
        let unit = found.shrunk(20.0, 31.0, 0.95);
        close(unit.share, 0.787065070698, 1e-5);
        close(unit.lower, 0.696536810, 1e-5);
        close(unit.upper, 0.865332336, 1e-5);
    }

    #[test]
    fn digamma_agrees_with_scipy() {
        close(digamma(1.0), -0.5772156649015329, 1e-13);
        close(digamma(0.01), -100.56088545786868, 1e-13);
        close(digamma(57.3), 4.039549239957579, 1e-13);
    }

    #[test]
    fn hard_cases_say_why() {
        for fit in [by_moments, by_likelihood] {
            assert_eq!(fit(&[]), Err(Reason::TooFew));
            assert_eq!(fit(&[(3.0, 5.0), (0.0, 0.0)]), Err(Reason::TooFew));
            assert_eq!(fit(&[(5.0, 5.0), (7.0, 7.0)]), Err(Reason::NoVariation));
            let same = fit(&[(50.0, 100.0), (50.0, 100.0), (50.0, 100.0)]).expect("defined");
            assert_eq!((same.strength, same.shrunk(9.0, 9.0, 0.95).reliability), (None, 0.0));
        }
        // Units that are all good or all bad differ as much as they can.
        let found = by_likelihood(&[(9.0, 9.0), (0.0, 9.0), (9.0, 9.0), (0.0, 9.0)]).expect("defined");
        assert!(found.strength.is_some_and(|strength| strength < 0.1));
    }

    proptest! {
        #[test]
        fn a_shrunken_share_lies_between_its_own_and_the_mean(units in prop::collection::vec((0u32..40, 0u32..40), 2..12)) {
            let units: Vec<(f64, f64)> = units.iter().map(|&(k, more)| (f64::from(k), f64::from(k + more))).collect();
            for fit in [by_moments, by_likelihood] {
                if let Ok(found) = fit(&units) {
                    for &(k, n) in units.iter().filter(|unit| unit.1 > 0.0) {
                        let unit = found.shrunk(k, n, 0.9);
                        let (low, high) = ((k / n).min(found.mean), (k / n).max(found.mean));
                        prop_assert!(low - 1e-9 <= unit.share && unit.share <= high + 1e-9);
                        prop_assert!(unit.lower <= unit.share && unit.share <= unit.upper);
                    }
                }
            }
        }
    }
}
