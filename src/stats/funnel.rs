//! Funnels: is a unit further from the others than its size and their spread explain?
//!
//! In: (numerator, denominator) of each unit. Out: transformed values, z scores, overdispersion, limits. Deliberately absent: limits by exact
//! distributions (`funnel_exact`).

use super::Reason;
use super::correlation::midranks;

/// What a unit's numerator and denominator are, and the scale on which they are compared.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Scale {
    /// Cases out of cases: arcsine of the square root, error 1/(2√n).
    Share,
    /// Observed over expected: logarithm, error 1/√E (SHMI).
    LogRatio,
    /// Observed over expected: square root, error 1/(2√E) (CQC).
    RootRatio,
    /// A count over a count: logarithm of (a + ½)/(b + ½), error √(a/(a+½)² + b/(b+½)²).
    CountRatio,
    /// Mean over number of answers: as it is, error sd/√n with the standard deviation given.
    Mean(f64),
}

impl Scale {
    /// Returns the transformed value of a unit; nothing without a denominator above 0 or with a numerator that cannot be.
    ///
    /// An observed count of 0 takes ½ on the logarithmic scale. A mean's numerator is the mean itself.
    pub fn transform(self, (a, b): (f64, f64)) -> Option<f64> {
        let possible = b > 0.0 && (a >= 0.0 || matches!(self, Self::Mean(_))) && a.is_finite();
        let inside = possible && (self != Self::Share || a <= b);
        inside.then(|| match self {
            Self::Share => arcsine(a / b),
            Self::LogRatio => libm::log(if a > 0.0 { a } else { 0.5 } / b),
            Self::RootRatio => (a / b).sqrt(),
            Self::CountRatio => libm::log((a + 0.5) / (b + 0.5)),
            Self::Mean(_) => a,
        })
    }

    /// Returns the standard error of the transformed value.
    pub fn error(self, (a, b): (f64, f64)) -> f64 {
        let part = |count: f64| count / ((count + 0.5) * (count + 0.5));
        match self {
            Self::Share | Self::RootRatio => 1.0 / (2.0 * b.sqrt()),
            Self::LogRatio => 1.0 / b.sqrt(),
            Self::CountRatio => (part(a) + part(b)).sqrt(),
            Self::Mean(sd) => sd / b.sqrt(),
        }
    }

    /// Returns a target (share, ratio, mean) on the transformed scale.
    pub fn target(self, target: f64) -> f64 {
        match self {
            Self::Share => arcsine(target.clamp(0.0, 1.0)),
            Self::LogRatio | Self::CountRatio => libm::log(target),
            Self::RootRatio => target.max(0.0).sqrt(),
            Self::Mean(_) => target,
        }
    }

    /// Returns a transformed value on the scale of shares, ratios or means; what lies beyond the scale's end is its end.
    ///
    /// Shares stop at 0 and 1: sin² alone would turn back there, as it does in FunnelPlotR at small denominators.
    pub fn back(self, value: f64) -> f64 {
        match self {
            Self::Share => {
                let sine = libm::sin(value.clamp(0.0, std::f64::consts::FRAC_PI_2));
                sine * sine
            }
            Self::LogRatio | Self::CountRatio => libm::exp(value),
            Self::RootRatio => value.max(0.0) * value.max(0.0),
            Self::Mean(_) => value,
        }
    }

    /// Returns the limits `z` errors about a transformed target, on the scale of shares, ratios or means; `tau2` widens them.
    pub fn limits(self, target: f64, (error, tau2): (f64, f64), z: f64) -> (f64, f64) {
        let half = z * (error * error + tau2).sqrt();
        (self.back(target - half), self.back(target + half))
    }
}

fn arcsine(share: f64) -> f64 {
    libm::asin(share.sqrt())
}

/// How extreme scores are kept from deciding how much units differ.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Trim {
    /// Scores beyond the quantiles q and 1 − q (type 7) count as these quantiles.
    Winsorise(f64),
    /// Scores in the lowest and highest of 1/q groups by rank do not count (SHMI); all count at q = 0.
    Truncate(f64),
}

/// One score after trimming.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Trimmed {
    /// The score that counts; nothing where it is truncated.
    pub score: Option<f64>,
    /// Whether it was trimmed; at or beyond the quantile counts as trimmed.
    pub trimmed: bool,
    /// Rank of the score, ties sharing the mean rank.
    pub rank: f64,
    /// Its group, ⌊rank/(q·(N + 1))⌋, where truncated.
    pub group: Option<f64>,
}

/// Trims z scores.
pub fn trim(scores: &[f64], how: Trim) -> Vec<Trimmed> {
    let ranks = midranks(scores);
    let (share, (low, high)) = match how {
        Trim::Winsorise(share) => (share, (quantile(scores, share), quantile(scores, 1.0 - share))),
        Trim::Truncate(share) => (share, (0.0, 0.0)),
    };
    let groups = 1.0 / share;
    let one = |(&score, rank): (&f64, f64)| match how {
        Trim::Winsorise(_) => {
            let trimmed = score <= low || score >= high;
            Trimmed { score: Some(score.max(low).min(high)), trimmed, rank, group: None }
        }
        Trim::Truncate(_) => {
            let group = libm::floor(rank * groups / (scores.len() as f64 + 1.0));
            let trimmed = share > 0.0 && (group < 1.0 || group >= groups - 1.0);
            Trimmed {
                score: (!trimmed).then_some(score),
                trimmed,
                rank,
                group: (share > 0.0).then_some(group),
            }
        }
    };
    scores.iter().zip(ranks).map(one).collect()
}

/// Returns R's type-7 quantile of values; 0 without values.
fn quantile(values: &[f64], p: f64) -> f64 {
    let mut sorted = values.to_vec();
    sorted.sort_by(f64::total_cmp);
    let position = sorted.len().saturating_sub(1) as f64 * p.clamp(0.0, 1.0);
    let place = position as usize;
    let at = |place: usize| sorted.get(place).or(sorted.last()).copied().unwrap_or(0.0);
    at(place) + (position - place as f64) * (at(place + 1) - at(place))
}

/// How much more units differ than their errors say.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Dispersion {
    /// φ = Σz²/N over the scores that count; 1 without overdispersion.
    pub phi: f64,
    /// τ², the variance between units on the transformed scale; 0 where Nφ < N − 1.
    pub tau2: f64,
}

/// Returns φ and τ² = (Nφ − (N−1)) / (Σw − Σw²/Σw), w = 1/s², over the scores that count.
///
/// `units` are (trimmed score, error). Undefined (too few) below two scores that count, (no dispersion) where an error is not above 0.
/// Spiegelhalter (2005), Spiegelhalter et al. (2012); same values as R `FunnelPlotR::funnel_plot`.
pub fn dispersion(units: &[(Option<f64>, f64)]) -> Result<Dispersion, Reason> {
    let kept: Vec<(f64, f64)> = units.iter().filter_map(|&(score, error)| Some((score?, error))).collect();
    if kept.len() < 2 {
        return Err(Reason::TooFew);
    }
    if kept.iter().any(|&(_, error)| !(error > 0.0 && error.is_finite())) {
        return Err(Reason::NoDispersion);
    }
    let n = kept.len() as f64;
    let phi = kept.iter().map(|(score, _)| score * score).sum::<f64>() / n;
    let weights = || kept.iter().map(|(_, error)| 1.0 / (error * error));
    let (w, ww) = (weights().sum::<f64>(), weights().map(|w| w * w).sum::<f64>());
    let tau2 = if n * phi < n - 1.0 { 0.0 } else { ((n * phi - (n - 1.0)) / (w - ww / w)).max(0.0) };
    Ok(Dispersion { phi, tau2 })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::stats::distribution::normal_quantile;
    use proptest::prelude::*;

    /// D2 of statistics.md.
    const KEPT: [f64; 12] = [45.0, 60.0, 38.0, 120.0, 75.0, 52.0, 33.0, 90.0, 66.0, 20.0, 110.0, 48.0];
    const CASES: [f64; 12] = [50.0, 70.0, 45.0, 140.0, 80.0, 64.0, 36.0, 105.0, 72.0, 31.0, 118.0, 60.0];

    fn close(value: f64, expected: f64) {
        assert!((value - expected).abs() <= 1e-8, "{value} is not {expected}");
    }

    fn scored(scale: Scale, units: &[(f64, f64)], target: f64) -> Vec<(f64, f64)> {
        let score = |&unit: &(f64, f64)| {
            let error = scale.error(unit);
            ((scale.transform(unit).expect("possible") - scale.target(target)) / error, error)
        };
        units.iter().map(score).collect()
    }

    fn found(scale: Scale, units: &[(f64, f64)], target: f64, how: Trim) -> Result<Dispersion, Reason> {
        let scored = scored(scale, units, target);
        let trimmed = trim(&scored.iter().map(|&(z, _)| z).collect::<Vec<f64>>(), how);
        dispersion(&trimmed.iter().zip(&scored).map(|(t, &(_, error))| (t.score, error)).collect::<Vec<_>>())
    }

    #[test]
    fn d2_agrees_with_funnelplotr() {
        // FunnelPlotR 0.6.0, statistics.md 4.2; its z are rounded to six decimals.
        let units: Vec<(f64, f64)> = KEPT.into_iter().zip(CASES).collect();
        let target = 757.0 / 871.0;
        let found = found(Scale::Share, &units, target, Trim::Winsorise(0.1)).expect("defined");
        close(found.phi, 1.4551623947);
        close(found.tau2, 0.0020597680);
        let (theta, error) = (Scale::Share.target(target), Scale::Share.error((20.0, 31.0)));
        let (low, high) = Scale::Share.limits(theta, (error, 0.0), normal_quantile(0.975));
        assert!((low - 0.730191023).abs() < 1e-8 && (high - 0.962771161).abs() < 1e-8);
        let (low, high) = Scale::Share.limits(theta, (error, found.tau2), 3.090232);
        close(low, 0.603530666);
        close(high, 0.996494981);
    }

    #[test]
    fn limits_stop_at_the_ends_of_the_scale() {
        // FunnelPlotR 0.4.2 gives 0.0088 for the lower 95 % limit of 3 cases at 20.7 %: sin² turned back below 0.
        let theta = Scale::Share.target(0.2066);
        let (low, high) = Scale::Share.limits(theta, (Scale::Share.error((1.0, 3.0)), 0.0), 1.96);
        assert!(low < 1e-300 && high < 1.0);
        let (low, _) = Scale::RootRatio.limits(1.0, (0.5, 0.1), 3.0);
        assert!(low.abs() < 1e-300);
    }

    #[test]
    fn root_ratios_come_back_squared() {
        // FunnelPlotR 0.4.2 gives 1 ± z·√(s² + τ²) for CQC without squaring: half as wide as the z scores it tests.
        let unit = (144.0, 100.0);
        let (error, z) = (Scale::RootRatio.error(unit), (1.2 - 1.0) / 0.05);
        close(Scale::RootRatio.limits(1.0, (error, 0.0), z).1, 1.44);
    }

    #[test]
    fn count_ratios_use_the_error_of_their_score() {
        // V12: FunnelPlotR draws RC limits with 1/(2√n), but scores with another error.
        let unit = (30.0, 20.0);
        let scale = Scale::CountRatio;
        let (theta, error) = (scale.target(1.0), scale.error(unit));
        let z = (scale.transform(unit).expect("possible") - theta) / error;
        close(scale.limits(theta, (error, 0.0), z).1, 30.5 / 20.5);
    }

    #[test]
    fn hard_cases_have_reasons() {
        assert_eq!(dispersion(&[]), Err(Reason::TooFew));
        assert_eq!(dispersion(&[(Some(1.0), 1.0), (None, 1.0)]), Err(Reason::TooFew));
        assert_eq!(dispersion(&[(Some(1.0), 0.0), (Some(1.0), 1.0)]), Err(Reason::NoDispersion));
        for scale in [Scale::Share, Scale::LogRatio, Scale::RootRatio, Scale::CountRatio, Scale::Mean(1.0)] {
            assert_eq!(scale.transform((0.0, 0.0)), None);
            assert!(scale.transform((0.0, 4.0)).is_some_and(f64::is_finite));
        }
        assert_eq!(
            (Scale::Share.transform((5.0, 4.0)), Scale::LogRatio.transform((-1.0, 4.0))),
            (None, None)
        );
        assert!(trim(&[], Trim::Winsorise(0.1)).is_empty() && trim(&[], Trim::Truncate(0.1)).is_empty());
    }

    proptest! {
        #[test]
        fn dispersion_ignores_order_and_offset(means in prop::collection::vec((-50i32..50, 1u32..60), 2..30)) {
            let plain: Vec<(f64, f64)> = means.iter().map(|&(y, n)| (f64::from(y), f64::from(n))).collect();
            let mut moved: Vec<(f64, f64)> = plain.iter().map(|&(y, n)| (y + 1e9, n)).collect();
            moved.reverse();
            let a = found(Scale::Mean(3.0), &plain, 1.0, Trim::Winsorise(0.1)).expect("defined");
            let b = found(Scale::Mean(3.0), &moved, 1e9 + 1.0, Trim::Winsorise(0.1)).expect("defined");
            prop_assert!((a.phi - b.phi).abs() <= 1e-9 * a.phi.max(1.0) && a.tau2 >= 0.0);
        }
    }
}
