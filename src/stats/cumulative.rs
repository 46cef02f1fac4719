//! Charts with a memory: EWMA, CUSUM, and the Bernoulli CUSUM of rare breaches.
//!
//! In: a series with gaps, centre and sigma; or cases in their order. Out: the accumulated statistic of each slot. Deliberately absent: how
//! centre and sigma are estimated (`individuals`).

use super::chart::Limits;

/// Returns the exponentially weighted moving average with its limits, center ± `width`·sigma·√(λ/(2−λ)·(1−(1−λ)²ⁱ)), i the observations so far.
///
/// `weight` λ in 0..=1 is that of the newest value. A gap has nothing and changes nothing. Roberts (1959); same values as R `qcc::ewma`.
pub fn ewma(
    values: &[Option<f64>],
    (center, sigma): (f64, f64),
    (weight, width): (f64, f64),
) -> Vec<Option<(f64, Limits)>> {
    let (mut average, mut fading) = (center, 1.0);
    let mut step = |value: f64| {
        average += weight * (value - average);
        fading *= (1.0 - weight) * (1.0 - weight);
        let half = width * sigma * (weight / (2.0 - weight) * (1.0 - fading)).sqrt();
        (average, Limits::about(center, half))
    };
    values.iter().map(|value| value.map(&mut step)).collect()
}

/// One slot of a CUSUM.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Sums {
    /// Accumulated evidence of a shift upwards, ≥ 0.
    pub up: f64,
    /// Accumulated evidence of a shift downwards, ≤ 0.
    pub down: f64,
    /// 1 where `up` passes the decision limit, −1 where `down` does, 0 otherwise.
    pub signal: i8,
}

/// Returns the tabular CUSUM of z = (y − center)/sigma: up = max(0, up + z − shift/2), down = min(0, down + z + shift/2).
///
/// `shift` is what is to be found, `decision` where it signals, both in sigma. A sigma of 0 (constant history) leaves a departure unbounded
/// and is refused by the caller. A gap has nothing and changes nothing. Page (1954); same values as R `qcc::cusum`.
pub fn cusum(
    values: &[Option<f64>],
    (center, sigma): (f64, f64),
    (shift, decision): (f64, f64),
) -> Vec<Option<Sums>> {
    let (mut up, mut down) = (0.0_f64, 0.0_f64);
    let mut step = |value: f64| {
        let z = (value - center) / sigma;
        up = (up + z - 0.5 * shift).max(0.0);
        down = (down + z + 0.5 * shift).min(0.0);
        Sums { up, down, signal: i8::from(up > decision) - i8::from(-down > decision) }
    };
    values.iter().map(|value| value.map(&mut step)).collect()
}

/// Returns the Bernoulli CUSUM of cases in their order: up and down accumulate log-likelihood ratios for odds `odds_ratio` times and 1/`odds_ratio`
/// times the expected ones; either is set back to 0 after it passes the `decision` limit.
///
/// `cases` are (event, expected probability in 0..1); the ratio must be above 1. Neuburger et al. (2017): ratio 2, limit 3.5.
pub fn bernoulli_cusum(cases: &[(bool, f64)], (odds_ratio, decision): (f64, f64)) -> Vec<Sums> {
    let (mut up, mut down) = (0.0_f64, 0.0_f64);
    let step = |&(event, expected): &(bool, f64)| {
        up = (up + log_likelihood_ratio(event, expected, odds_ratio)).max(0.0);
        down = (down - log_likelihood_ratio(event, expected, 1.0 / odds_ratio)).min(0.0);
        let sums = Sums { up, down, signal: i8::from(up > decision) - i8::from(-down > decision) };
        up = if up > decision { 0.0 } else { up };
        down = if -down > decision { 0.0 } else { down };
        sums
    };
    cases.iter().map(step).collect()
}

/// ln of the probability of what happened when the odds are `ratio` times the expected ones, over that when they are as expected.
fn log_likelihood_ratio(event: bool, expected: f64, ratio: f64) -> f64 {
    let scale = libm::log1p(expected * (ratio - 1.0));
    if event { libm::log(ratio) - scale } else { -scale }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn ewma_and_cusum_follow_their_definitions() {
        let values = [Some(12.0), None, Some(9.0)];
        let found = ewma(&values, (10.0, 2.0), (0.2, 3.0));
        let (first, limits) = found[0].expect("a value");
        assert!((first - 10.4).abs() < 1e-12 && (limits.upper - 11.2).abs() < 1e-12 && found[1].is_none());
        assert!((found[2].expect("a value").0 - 10.12).abs() < 1e-12);
        let sums = cusum(&values, (10.0, 2.0), (1.0, 0.4));
        assert_eq!(sums[0], Some(Sums { up: 0.5, down: 0.0, signal: 1 }));
        assert_eq!((sums[1], sums[2]), (None, Some(Sums { up: 0.0, down: 0.0, signal: 0 })));
    }

    #[test]
    fn breaches_ring_and_reset() {
        let gain = libm::log(2.0) - libm::log1p(0.01);
        let sums = bernoulli_cusum(&[(true, 0.01); 8], (2.0, 3.5));
        assert!((sums[0].up - gain).abs() < 1e-12);
        let signals: Vec<i8> = sums.iter().map(|sums| sums.signal).collect();
        assert_eq!(signals, [0, 0, 0, 0, 0, 1, 0, 0]);
        assert!((sums[6].up - gain).abs() < 1e-12);
        assert!(bernoulli_cusum(&[], (2.0, 3.5)).is_empty());
    }

    #[test]
    fn agrees_with_a_published_patient() {
        // Rigdon and Fricker (2015), pp. 225-226, as the help of R vlad::racusum_scores quotes them: Parsonnet 19, survived, odds 2 and 1/2.
        let expected = 1.0 / (1.0 + libm::exp(3.67 - 0.077 * 19.0));
        let sums = bernoulli_cusum(&[(false, expected)], (2.0, 3.5));
        assert!(sums[0].up.abs() < 1e-12 && (sums[0].down + 0.05083).abs() < 5e-6);
    }

    #[test]
    fn many_kept_cases_ring_downwards() {
        let sums = bernoulli_cusum(&[(false, 0.1); 80], (2.0, 3.5));
        assert!(sums.iter().any(|sums| sums.signal == -1) && sums.iter().all(|sums| sums.up < 1e-12));
    }

    proptest! {
        #[test]
        fn sums_keep_their_signs(values in prop::collection::vec(prop::option::of(-5.0f64..5.0), 0..60)) {
            for sums in cusum(&values, (0.0, 1.0), (1.0, 5.0)).into_iter().flatten() {
                prop_assert!(sums.up >= 0.0 && sums.down <= 0.0);
            }
            for (average, limits) in ewma(&values, (0.0, 1.0), (0.2, 3.0)).into_iter().flatten() {
                prop_assert!(average.abs() <= 5.0 && limits.lower <= 0.0 && limits.upper >= 0.0);
            }
        }
    }
}
