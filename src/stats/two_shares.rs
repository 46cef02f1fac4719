//! The difference of two shares, and whether many shares are the same.
//!
//! In: hits and trials. Out: intervals of p₁ − p₂ by Newcombe, Miettinen and Nurminen, Agresti and Caffo, Wald; chi-square tests. Deliberately
//! absent: Fisher's exact test (`fisher`), pairs of the same cases.

use super::Reason;
use super::distribution::normal_quantile;
use super::proportion::wilson_bounds;
use super::root::falling_root;
use super::tail::chi_square_upper;

/// Hits of a number of trials.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Hits {
    /// Number of hits, at most `n`.
    pub hits: f64,
    /// Number of trials.
    pub n: f64,
}

impl Hits {
    fn share(self) -> f64 {
        self.hits / self.n
    }

    fn is_sound(self) -> bool {
        self.n > 0.0 && self.n.is_finite() && (0.0..=self.n).contains(&self.hits)
    }
}

/// A chi-square test.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct ChiSquare {
    /// The statistic.
    pub statistic: f64,
    /// Its degrees of freedom.
    pub df: f64,
    /// P(X ≥ statistic).
    pub p_value: f64,
}

impl ChiSquare {
    pub(super) fn new(statistic: f64, df: f64) -> Self {
        Self { statistic, df, p_value: chi_square_upper(statistic, df) }
    }
}

/// Two shares compared.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct SharesDifference {
    /// p₁ − p₂.
    pub difference: f64,
    /// Newcombe's hybrid of the two Wilson intervals (1998, method 10): our default.
    pub newcombe: (f64, f64),
    /// Miettinen and Nurminen's inverted score test (1985).
    pub score: (f64, f64),
    /// Agresti and Caffo's: Wald's after one hit and one miss more in each sample (2000).
    pub agresti_caffo: (f64, f64),
    /// Wald's, without width between shares of 0 and 1.
    pub wald: (f64, f64),
    /// Wald's with Yates' correction, as R `prop.test` widens it.
    pub wald_continuity: (f64, f64),
}

/// Returns p₁ − p₂ with its intervals at `level`.
///
/// Undefined: too few without trials on either side, not applicable with more hits than trials. Same values as R `prop.test` (Wald) and
/// `statsmodels` `confint_proportions_2indep`.
pub fn shares_difference(first: Hits, second: Hits, level: f64) -> Result<SharesDifference, Reason> {
    if !(first.n > 0.0 && second.n > 0.0) {
        return Err(Reason::TooFew);
    }
    if !(first.is_sound() && second.is_sound() && level > 0.0 && level < 1.0) {
        return Err(Reason::NotApplicable);
    }
    let z = -normal_quantile(0.5 - 0.5 * level);
    let more = |one: Hits| Hits { hits: one.hits + 1.0, n: one.n + 2.0 };
    let difference = first.share() - second.share();
    let inverse = 1.0 / first.n + 1.0 / second.n;
    let yates = (difference.abs() / inverse).min(0.5) * inverse;
    Ok(SharesDifference {
        difference,
        newcombe: newcombe(first, second, z),
        score: score(first, second, z),
        agresti_caffo: cut(wald(more(first), more(second), z)),
        wald: cut(wald(first, second, z)),
        wald_continuity: cut({
            let (low, high) = wald(first, second, z);
            (low - yates, high + yates)
        }),
    })
}

fn cut((low, high): (f64, f64)) -> (f64, f64) {
    (low.max(-1.0), high.min(1.0))
}

fn wald(first: Hits, second: Hits, z: f64) -> (f64, f64) {
    let variance = |one: Hits| one.share() * (1.0 - one.share()) / one.n;
    let (centre, half) = (first.share() - second.share(), z * (variance(first) + variance(second)).sqrt());
    (centre - half, centre + half)
}

fn newcombe(first: Hits, second: Hits, z: f64) -> (f64, f64) {
    let ends = |one: Hits| wilson_bounds(one.share(), one.n, z);
    let ((low1, high1), (low2, high2)) = (ends(first), ends(second));
    let (p1, p2) = (first.share(), second.share());
    (p1 - p2 - (p1 - low1).hypot(high2 - p2), p1 - p2 + (high1 - p1).hypot(p2 - low2))
}

/// The two differences at which the score statistic, with variance N/(N−1) times that of the constrained shares, reaches ±z.
fn score(first: Hits, second: Hits, z: f64) -> (f64, f64) {
    let difference = first.share() - second.share();
    let statistic = |delta: f64| {
        let p2 = constrained(first, second, delta);
        let p1 = (p2 + delta).clamp(0.0, 1.0);
        let n = first.n + second.n;
        let variance = (p1 * (1.0 - p1) / first.n + p2 * (1.0 - p2) / second.n) * n / (n - 1.0);
        let gap = difference - delta;
        // Without variance any gap is beyond every limit.
        if variance > 0.0 { gap / variance.sqrt() } else { gap.signum() * 1e9 }
    };
    let low = if difference <= -1.0 {
        -1.0
    } else {
        falling_root((-1.0, difference), |delta| statistic(delta) - z)
    };
    let high =
        if difference >= 1.0 { 1.0 } else { falling_root((difference, 1.0), |delta| statistic(delta) + z) };
    (low, high)
}

/// Returns the most likely p₂ under p₁ = p₂ + delta: the root of the decreasing slope of the log-likelihood.
fn constrained(first: Hits, second: Hits, delta: f64) -> f64 {
    let ratio = |count: f64, share: f64| if count > 0.0 { count / share } else { 0.0 };
    let slope = |p: f64| {
        ratio(first.hits, p + delta) - ratio(first.n - first.hits, 1.0 - p - delta) + ratio(second.hits, p)
            - ratio(second.n - second.hits, 1.0 - p)
    };
    let (mut low, mut high) = ((-delta).max(0.0), (1.0 - delta).min(1.0));
    for _ in 0..100 {
        let middle = 0.5 * (low + high);
        if slope(middle) > 0.0 { low = middle } else { high = middle }
    }
    0.5 * (low + high)
}

/// Returns the chi-square test that all units have the same share, those without trials left out.
///
/// Σ(x − E)²/E over hits and misses, one degree of freedom fewer than units. Undefined: too few below two units, no variation without a hit or
/// without a miss anywhere, not applicable with more hits than trials. Same values as R `chisq.test`, for two units `prop.test`.
pub fn same_share(units: &[Hits]) -> Result<ChiSquare, Reason> {
    let (units, share) = pooled(units)?;
    let part = |one: &&Hits| {
        let gap = one.hits - one.n * share;
        gap * gap / (one.n * share * (1.0 - share))
    };
    let statistic = units.iter().map(part).sum();
    Ok(ChiSquare::new(statistic, units.len() as f64 - 1.0))
}

/// Returns the test of two shares with Yates' correction, as R `prop.test` makes it; undefined as `same_share`.
pub fn same_share_continuity(first: Hits, second: Hits) -> Result<ChiSquare, Reason> {
    let both = [first, second];
    let (units, share) = pooled(&both)?;
    if units.len() < 2 {
        return Err(Reason::TooFew);
    }
    let gap = (first.hits - first.n * share).abs();
    let kept = gap - gap.min(0.5);
    // Both units' hits, and both their misses, lie equally far from what is expected.
    let per_unit = 1.0 / first.n + 1.0 / second.n;
    Ok(ChiSquare::new(kept * kept * per_unit / (share * (1.0 - share)), 1.0))
}

fn pooled(units: &[Hits]) -> Result<(Vec<&Hits>, f64), Reason> {
    let units: Vec<&Hits> = units.iter().filter(|one| one.n > 0.0).collect();
    if units.iter().any(|one| !one.is_sound()) {
        return Err(Reason::NotApplicable);
    }
    if units.len() < 2 {
        return Err(Reason::TooFew);
    }
    let (hits, n) = units.iter().fold((0.0, 0.0), |(hits, n), one| (hits + one.hits, n + one.n));
    if hits <= 0.0 || hits >= n { Err(Reason::NoVariation) } else { Ok((units, hits / n)) }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn close(value: f64, expected: f64) {
        assert!((value - expected).abs() <= 1e-10 * expected.abs().max(1e-2), "{value} is not {expected}");
    }

    const A: Hits = Hits { hits: 47.0, n: 175.0 };
    const B: Hits = Hits { hits: 11.0, n: 59.0 };

    #[test]
    fn agrees_with_prop_test_and_statsmodels() {
        // golden/proportions.csv and python_peers.csv, case incident_group/difference.
        let found = shares_difference(A, B, 0.95).expect("defined");
        close(found.difference, 0.082_130_750_605_326_87);
        close(found.wald.0, -0.036_982_434_552_580_7);
        close(found.newcombe.0, -0.04974782315996262);
        close(found.newcombe.1, 0.1877703950322237);
        close(found.agresti_caffo.1, 0.19380038122931065);
        let test = same_share(&[A, B]).expect("defined");
        close(test.statistic, 1.5965291050270598);
        close(test.p_value, 0.2063957815211456);
    }

    #[test]
    fn the_score_interval_is_right_where_statsmodels_is_wrong() {
        // Miettinen and Nurminen (1985) constrain the shares by a cubic with L1 = (n₀Δ − N − 2c₀)Δ + c; statsmodels 0.15 has the count c₀ in
        // place of the size n₀ there, so that its shares are not the likeliest ones: −0.07856, −0.05846 (and no root at all for the second
        // pair). Right values: that cubic, checked against a direct maximum of the likelihood, scipy brentq.
        let (ua, b6) = (Hits { hits: 2695.0, n: 13656.0 }, Hits { hits: 3484.0, n: 13104.0 });
        assert!((constrained(ua, b6, -0.07) - 0.2667045081532916).abs() < 1e-12);
        let found = shares_difference(ua, b6, 0.95).expect("defined").score;
        close(found.0, -0.0786142592864455);
        close(found.1, -0.05843607893506491);
        let found = shares_difference(A, B, 0.95).expect("defined").score;
        close(found.0, -0.04982121344255037);
        close(found.1, 0.19044052906699144);
    }

    #[test]
    fn yates_correction_is_that_of_the_fourfold_table() {
        // scipy.stats.chi2_contingency([[12, 5], [3, 9]], correction=True) 1.17.
        let found = same_share_continuity(Hits { hits: 12.0, n: 17.0 }, Hits { hits: 3.0, n: 12.0 })
            .expect("defined");
        close(found.statistic, 4.171457749766574);
        close(found.p_value, 0.04111041419430694);
    }

    #[test]
    fn hard_cases_say_why() {
        let none = Hits { hits: 0.0, n: 0.0 };
        assert_eq!(shares_difference(A, none, 0.95), Err(Reason::TooFew));
        assert_eq!(shares_difference(A, Hits { hits: 2.0, n: 1.0 }, 0.95), Err(Reason::NotApplicable));
        assert_eq!(same_share(&[A, none]), Err(Reason::TooFew));
        assert_eq!(same_share(&[Hits { hits: 0.0, n: 5.0 }; 3]), Err(Reason::NoVariation));
        assert_eq!(same_share(&[Hits { hits: 5.0, n: 5.0 }; 3]), Err(Reason::NoVariation));
        let apart =
            shares_difference(Hits { hits: 5.0, n: 5.0 }, Hits { hits: 0.0, n: 1.0 }, 0.95).expect("defined");
        assert!(
            apart.newcombe.0 < 0.5 && apart.score.0 < 0.9 && apart.score.1 >= 1.0 && apart.newcombe.1 >= 1.0
        );
    }

    proptest! {
        #[test]
        fn intervals_hold_the_difference_and_turn_with_it(
            (a, x) in (0u32..60, 0u32..60), (b, y) in (0u32..60, 0u32..60),
        ) {
            prop_assume!(a + x > 0 && b + y > 0);
            let first = Hits { hits: a.into(), n: f64::from(a + x) };
            let second = Hits { hits: b.into(), n: f64::from(b + y) };
            let (one, other) = (shares_difference(first, second, 0.95), shares_difference(second, first, 0.95));
            let (one, other) = (one.expect("defined"), other.expect("defined"));
            for ((low, high), back) in [(one.newcombe, other.newcombe), (one.score, other.score), (one.wald, other.wald)] {
                prop_assert!(low <= one.difference + 1e-12 && one.difference <= high + 1e-12);
                prop_assert!((low + back.1).abs() < 1e-9 && (high + back.0).abs() < 1e-9, "{low} {high} {back:?}");
                prop_assert!((-1.0 - 1e-12..=1.0 + 1e-12).contains(&low));
            }
        }
    }
}
