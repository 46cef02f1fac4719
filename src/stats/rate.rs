//! Rates of counts per exposure: exact Poisson intervals, the ratio of two rates, and whether many rates are the same.
//!
//! In: events and exposures. Out: rates, ratios, tests. Deliberately absent: counts that vary more than Poisson's (`dispersion`).

use super::Reason;
use super::distribution::binomial_cdf;
use super::proportion::wilson_bounds;
use super::share::{ShareInterval, share_interval};
use super::tail::gamma_quantile;
use super::two_shares::ChiSquare;

/// Events seen in an exposure (cases, hours, days).
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Events {
    /// Number of events.
    pub events: u64,
    /// Exposure, above 0.
    pub exposure: f64,
}

impl Events {
    fn rate(&self) -> f64 {
        self.events as f64 / self.exposure
    }
}

/// Returns the exact interval of the rate events/exposure at `level` (Garwood 1936): chi-square quantiles.
///
/// Undefined: too few without exposure. Same values as R `poisson.test`, `statsmodels` `confint_poisson("exact-c")`.
pub fn rate_interval(one: Events, level: f64) -> Result<(f64, f64), Reason> {
    if !(one.exposure > 0.0 && one.exposure.is_finite()) {
        return Err(Reason::TooFew);
    }
    let (events, tail) = (one.events as f64, 0.5 - 0.5 * level);
    let low = if one.events == 0 { 0.0 } else { gamma_quantile(tail, events) };
    Ok((low / one.exposure, gamma_quantile(1.0 - tail, events + 1.0) / one.exposure))
}

/// The ratio of two rates.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct RateRatio {
    /// First rate divided by second; undefined (too few) where the second had no event.
    pub ratio: Result<f64, Reason>,
    /// Exact interval, from the binomial distribution of the first's events given all events; no upper end where the second had none.
    pub exact: (f64, Option<f64>),
    /// Interval from the score test.
    pub score: (f64, Option<f64>),
    /// Exact two-sided p of equal rates: all splits of the events that are no likelier than the one seen.
    pub p_exact: f64,
    /// Two-sided p of the score test, z = (x₁ − e₁r) / √(x·e₁e₂)/(e₁+e₂).
    pub p_score: f64,
}

/// Returns the ratio of two rates with its intervals at `level`.
///
/// Undefined: too few without an exposure or without any event. Przyborowski and Wilenski (1940); same values as R `poisson.test` (exact) and
/// `statsmodels` `confint_poisson_2indep("score")`.
pub fn rate_ratio(first: Events, second: Events, level: f64) -> Result<RateRatio, Reason> {
    let total = first.events + second.events;
    if !(first.exposure > 0.0 && second.exposure > 0.0) || total == 0 {
        return Err(Reason::TooFew);
    }
    let share = first.exposure / (first.exposure + second.exposure);
    let hits = (first.events as f64, total as f64);
    let odds = |share: f64| (share < 1.0).then(|| share / (1.0 - share) * second.exposure / first.exposure);
    let ends = |(low, high): (f64, f64)| (odds(low).unwrap_or(0.0), odds(high));
    let score =
        wilson_bounds(hits.0 / hits.1, hits.1, -super::distribution::normal_quantile(0.5 - 0.5 * level));
    // The share of 1 has no odds, whatever rounding makes of Wilson's end.
    let score = if second.events == 0 { (score.0, 1.0) } else { score };
    let z = (hits.0 - hits.1 * share).abs() / (hits.1 * share * (1.0 - share)).sqrt();
    Ok(RateRatio {
        ratio: if second.events > 0 { Ok(first.rate() / second.rate()) } else { Err(Reason::TooFew) },
        exact: ends(share_interval(hits, ShareInterval::Exact, level)?),
        score: ends(score),
        p_exact: binomial_two_sided(first.events, total, share),
        p_score: libm::erfc(z / std::f64::consts::SQRT_2),
    })
}

/// Returns the two-sided p of `k` hits in `n` trials of probability `p` (0..1): the probability of all counts that are no likelier.
///
/// Counts within 1e-7 of the one seen tie with it, as in R `binom.test`.
pub fn binomial_two_sided(k: u64, n: u64, p: f64) -> f64 {
    let log = |x: u64| {
        let (x, n) = (x as f64, n as f64);
        libm::lgamma(n + 1.0) - libm::lgamma(x + 1.0) - libm::lgamma(n - x + 1.0)
            + x * libm::log(p)
            + (n - x) * libm::log1p(-p)
    };
    let (seen, mode) = (log(k) + 1e-7, ((n + 1) as f64 * p) as u64);
    let upper = |x: u64| if x == 0 { 1.0 } else { binomial_cdf(n - x, n, 1.0 - p) };
    // On the other side of the mode the likelihood falls away from it: the nearest count that is no likelier starts the tail.
    let found = if k as f64 <= n as f64 * p {
        let (mut low, mut high) = (mode.max(k + 1).min(n + 1), n + 1);
        while low < high {
            let middle = low + (high - low) / 2;
            if log(middle) <= seen { high = middle } else { low = middle + 1 }
        }
        binomial_cdf(k, n, p) + if low <= n { upper(low) } else { 0.0 }
    } else {
        let (mut low, mut high) = (0, mode.min(k - 1) + 1);
        while low < high {
            let middle = low + (high - low) / 2;
            if log(middle) <= seen { low = middle + 1 } else { high = middle }
        }
        upper(k) + if low > 0 { binomial_cdf(low - 1, n, p) } else { 0.0 }
    };
    found.min(1.0)
}

/// Returns the chi-square test that all units have the same rate (the index of dispersion), and the dispersion φ = χ²/df.
///
/// Undefined: too few below two units with exposure or without any event.
pub fn same_rate(units: &[Events]) -> Result<(ChiSquare, f64), Reason> {
    let units: Vec<&Events> = units.iter().filter(|one| one.exposure > 0.0).collect();
    let (events, exposure) = units
        .iter()
        .fold((0.0, 0.0), |(events, exposure), one| (events + one.events as f64, exposure + one.exposure));
    if units.len() < 2 || events <= 0.0 {
        return Err(Reason::TooFew);
    }
    let part = |one: &&Events| {
        let expected = one.exposure * events / exposure;
        (one.events as f64 - expected) * (one.events as f64 - expected) / expected
    };
    let df = units.len() as f64 - 1.0;
    let test = ChiSquare::new(units.iter().map(part).sum(), df);
    Ok((test, test.statistic / df))
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn close(value: f64, expected: f64) {
        assert!((value - expected).abs() <= 1e-9 * expected.abs(), "{value} is not {expected}");
    }

    const A: Events = Events { events: 18, exposure: 42.5 };
    const B: Events = Events { events: 9, exposure: 51.0 };

    #[test]
    fn agrees_with_statsmodels_and_scipy() {
        // statsmodels 0.15 confint_poisson("exact-c"), confint_poisson_2indep("score"), test_poisson_2indep("score");
        // scipy.stats.binomtest 1.17 for the exact ratio and p.
        let (low, high) = rate_interval(A, 0.95).expect("defined");
        close(low, 0.2510103713035183);
        close(high, 0.6693590651183057);
        let found = rate_ratio(A, B, 0.95).expect("defined");
        close(found.ratio.expect("defined"), 2.4);
        close(found.score.0, 1.0999415276313247);
        close(found.score.1.expect("finite"), 5.236641998550931);
        close(found.p_score, 0.026856695507524397);
        close(found.exact.0, 1.023839505003365);
        close(found.exact.1.expect("finite"), 6.064442300113458);
        close(found.p_exact, 0.03270316066770146);
    }

    const BINOMIAL: [(u64, u64, f64, f64); 7] = [
        (3, 20, 0.4, 0.022427038142043255),
        (15, 20, 0.4, 0.002135574019865314),
        (0, 7, 0.3, 0.1111498),
        (7, 7, 0.3, 0.0002187),
        (5, 10, 0.5, 1.0),
        (480, 1000, 0.5, 0.2174482932041415),
        (40, 100000, 0.0006, 0.007976202933992808),
    ];

    #[test]
    fn two_sided_binomial_p_agrees_with_scipy() {
        // scipy.stats.binomtest 1.17.
        for (k, n, p, expected) in BINOMIAL {
            close(binomial_two_sided(k, n, p), expected);
        }
    }

    #[test]
    fn hard_cases_say_why() {
        let none = Events { events: 0, exposure: 10.0 };
        assert_eq!(rate_interval(Events { events: 3, exposure: 0.0 }, 0.95), Err(Reason::TooFew));
        assert_eq!(rate_interval(none, 0.95).map(|ends| ends.0), Ok(0.0));
        assert_eq!(rate_ratio(none, none, 0.95), Err(Reason::TooFew));
        assert_eq!(same_rate(&[A]), Err(Reason::TooFew));
        let open = rate_ratio(A, none, 0.95).expect("defined");
        assert_eq!((open.ratio, open.exact.1, open.score.1), (Err(Reason::TooFew), None, None));
        let zero = rate_ratio(none, A, 0.95).expect("defined");
        assert!(zero.exact.0 <= 0.0 && zero.exact.1.is_some_and(|high| high < 1.5));
    }

    proptest! {
        #[test]
        fn intervals_hold_the_rate_and_a_ratio_turns(a in 0u64..300, b in 0u64..300, e in 0.1f64..99.0) {
            let (one, other) = (Events { events: a, exposure: e }, Events { events: b, exposure: 7.0 });
            let (low, high) = rate_interval(one, 0.95).expect("defined");
            prop_assert!(low <= one.rate() && one.rate() <= high);
            if let (Ok(found), Ok(back)) = (rate_ratio(one, other, 0.95), rate_ratio(other, one, 0.95)) {
                prop_assert!((found.p_exact - back.p_exact).abs() < 1e-9 && found.p_exact <= 1.0);
                if let (Ok(ratio), Some(high)) = (found.ratio, found.exact.1) {
                    prop_assert!(found.exact.0 <= ratio && ratio <= high);
                }
                if let (Some(high), true) = (found.exact.1, back.exact.0 > 0.0) {
                    prop_assert!((high * back.exact.0 - 1.0).abs() < 1e-8);
                }
            }
        }
    }
}
