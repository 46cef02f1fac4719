//! Several means: analysis of variance, Welch's, shares of variance explained, and tests of equal dispersion.
//!
//! In: summaries of groups, or counts of distinct values per group. Out: tests and effect sizes. Deliberately absent: pairs
//! (`posthoc`), factors crossed or nested.

use super::Reason;
use super::distribution::normal_quantile;
use super::noncentral::noncentral_f_interval;
use super::peer::Search;
use super::ranks::centred_ranks;
use super::tail::f_upper;
use super::tally::{Summary, Tally, summary};
use super::two_means::Effect;
use super::two_shares::ChiSquare;

/// An F test.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct FTest {
    /// F.
    pub f: f64,
    /// Degrees of freedom of the numerator.
    pub df1: f64,
    /// Degrees of freedom of the denominator.
    pub df2: f64,
    /// P(F ≥ f).
    pub p_value: f64,
}

impl FTest {
    fn new(f: f64, df1: f64, df2: f64) -> Self {
        Self { f, df1, df2, p_value: f_upper(f, df1, df2) }
    }
}

/// A one-way analysis of variance.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Anova {
    /// Number of observations.
    pub n: f64,
    /// Number of groups.
    pub groups: usize,
    /// Sum of squares between groups.
    pub between: f64,
    /// Sum of squares within groups.
    pub within: f64,
    /// The test; undefined (no variation) where all groups are constant.
    pub test: Result<FTest, Reason>,
}

/// Which share of variance.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Explained {
    /// η² = between / total, biased upwards.
    Eta,
    /// ω² = (between − df₁·MSW) / (total + MSW).
    Omega,
    /// ε² = (between − df₁·MSW) / total, the adjusted R².
    Epsilon,
}

/// Returns the one-way analysis of variance of groups with observations.
///
/// Undefined: too few below two groups or without a degree of freedom within. Same values as R `aov`.
pub fn anova(groups: &[Summary]) -> Result<Anova, Reason> {
    let n: f64 = groups.iter().map(|group| group.n).sum();
    let df1 = groups.len() as f64 - 1.0;
    let df2 = n - groups.len() as f64;
    if df1 < 1.0 || df2 <= 0.0 {
        return Err(Reason::TooFew);
    }
    let between = summary(groups.iter().map(|group| (group.mean, group.n)))?.squares;
    let within: f64 = groups.iter().map(|group| group.squares).sum();
    let test = if within > 0.0 {
        Ok(FTest::new(between / df1 / (within / df2), df1, df2))
    } else {
        Err(Reason::NoVariation)
    };
    Ok(Anova { n, groups: groups.len(), between, within, test })
}

impl Anova {
    /// Returns a share of variance explained with its interval, by the noncentral F distribution of the F that the share would have as η².
    ///
    /// A share below 0 is told as it is, with an interval from 0. Undefined as the test. Steiger (2004). Same estimates as R
    /// `effectsize::eta_squared`, `omega_squared`, `epsilon_squared` (which puts a negative one to 0); its ends lie within 1e-6 of these.
    pub fn explained(&self, which: Explained, level: f64, search: Search) -> Result<Effect, Reason> {
        let FTest { df1, df2, .. } = self.test?;
        let (total, mean_square) = (self.between + self.within, self.within / df2);
        let estimate = match which {
            Explained::Eta => self.between / total,
            Explained::Omega => (self.between - df1 * mean_square) / (total + mean_square),
            Explained::Epsilon => (self.between - df1 * mean_square) / total,
        };
        let f = estimate.max(0.0) / df1 / ((1.0 - estimate) / df2);
        let (low, high) = noncentral_f_interval(f, (df1, df2), level, search)?;
        // λ belongs to the share λ / (λ + df₂) on the scale on which f was taken.
        let share = |lambda: f64| lambda / (lambda + df2);
        Ok(Effect { estimate, lower: share(low), upper: share(high) })
    }
}

/// Returns Welch's analysis of variance, which does not ask for equal variances.
///
/// Undefined: too few below two groups or two observations in one, no variation when a group is constant. Same values as R `oneway.test`.
pub fn welch_anova(groups: &[Summary]) -> Result<FTest, Reason> {
    if groups.len() < 2 {
        return Err(Reason::TooFew);
    }
    let weights: Vec<f64> = groups
        .iter()
        .map(|group| match group.variance()? {
            variance if variance > 0.0 => Ok(group.n / variance),
            _ => Err(Reason::NoVariation),
        })
        .collect::<Result<_, _>>()?;
    let total: f64 = weights.iter().sum();
    let between = summary(groups.iter().zip(&weights).map(|(group, &weight)| (group.mean, weight)))?.squares;
    let (k, df1) = (groups.len() as f64, groups.len() as f64 - 1.0);
    let rest =
        |(group, weight): (&Summary, &f64)| (1.0 - weight / total) * (1.0 - weight / total) / (group.n - 1.0);
    let lambda: f64 = groups.iter().zip(&weights).map(rest).sum::<f64>() / (k * k - 1.0);
    Ok(FTest::new(between / df1 / (1.0 + 2.0 * (k - 2.0) * lambda), df1, 1.0 / (3.0 * lambda)))
}

/// Returns Brown and Forsythe's test of equal dispersion: the analysis of variance of |x − median of the group|.
///
/// Undefined as `anova`, and no variation where all groups are constant. Same values as `scipy.stats.levene(center="median")`.
pub fn brown_forsythe(tally: &Tally) -> Result<FTest, Reason> {
    let deviations = (0..tally.counts.len()).filter(|&group| tally.size(group) > 0.0).map(|group| {
        let median = tally.median(group)?;
        summary(tally.group(group).map(move |(value, count)| ((value - median).abs(), count)))
    });
    anova(&deviations.collect::<Result<Vec<_>, _>>()?)?.test
}

/// Returns Bartlett's test of equal variances, for normal data.
///
/// Undefined: too few below two groups or two observations in one, no variation when a group is constant. Same values as R `bartlett.test`.
pub fn bartlett(groups: &[Summary]) -> Result<ChiSquare, Reason> {
    if groups.len() < 2 || groups.iter().any(|group| group.n < 2.0) {
        return Err(Reason::TooFew);
    }
    if groups.iter().any(|group| group.squares <= 0.0) {
        return Err(Reason::NoVariation);
    }
    let df: f64 = groups.iter().map(|group| group.n - 1.0).sum();
    let pooled = groups.iter().map(|group| group.squares).sum::<f64>() / df;
    // ln of the ratios, so that nothing cancels in large units.
    let log = |group: &Summary| (group.n - 1.0) * libm::log(pooled / (group.squares / (group.n - 1.0)));
    let inverse: f64 = groups.iter().map(|group| 1.0 / (group.n - 1.0)).sum();
    let k = groups.len() as f64;
    let scale = 1.0 + (inverse - 1.0 / df) / (3.0 * (k - 1.0));
    Ok(ChiSquare::new((groups.iter().map(log).sum::<f64>() / scale).max(0.0), k - 1.0))
}

/// Returns Fligner and Killeen's test of equal dispersion: normal scores of the ranks of |x − median of the group|.
///
/// Undefined: too few below two groups, no variation when all deviations are the same. Same values as R `fligner.test`.
pub fn fligner(tally: &Tally) -> Result<ChiSquare, Reason> {
    let mut rows = Vec::new();
    let mut present = 0.0;
    for group in (0..tally.counts.len()).filter(|&group| tally.size(group) > 0.0) {
        let median = tally.median(group)?;
        rows.extend(tally.group(group).map(|(value, count)| ((value - median).abs(), group, count as u64)));
        present += 1.0;
    }
    if present < 2.0 {
        return Err(Reason::TooFew);
    }
    let deviations = Tally::new(rows, tally.counts.len());
    let totals = deviations.totals();
    let n: f64 = totals.iter().sum();
    let score = |rank: &f64| normal_quantile(0.5 + 0.5 * (rank + 0.5 * (n + 1.0)) / (n + 1.0));
    let scores: Vec<f64> = centred_ranks(&totals).iter().map(score).collect();
    let all = summary(scores.iter().copied().zip(totals.iter().copied()))?;
    if totals.len() < 2 {
        return Err(Reason::NoVariation);
    }
    let of_group = |group: usize| {
        let counts = deviations.counts[group].iter().map(|&count| count as f64);
        let size = deviations.size(group);
        let sum: f64 = scores.iter().zip(counts).map(|(score, count)| count * (score - all.mean)).sum();
        if size > 0.0 { sum * sum / size } else { 0.0 }
    };
    let between: f64 = (0..deviations.counts.len()).map(of_group).sum();
    Ok(ChiSquare::new(between / all.variance()?, present - 1.0))
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn close(value: f64, expected: f64) {
        assert!((value - expected).abs() <= 1e-10 * expected.abs(), "{value} is not {expected}");
    }

    const A: [f64; 6] = [72.0, 65.0, 81.0, 70.0, 77.0, 69.0];
    const B: [f64; 5] = [61.0, 58.0, 66.0, 71.0, 60.0];
    const C: [f64; 7] = [80.0, 84.0, 79.0, 91.0, 66.0, 88.0, 79.0];

    fn groups() -> (Tally, Vec<Summary>) {
        let tally = Tally::of(&[&A, &B, &C]);
        let summaries = tally.summaries().into_iter().map(|one| one.expect("some")).collect();
        (tally, summaries)
    }

    #[test]
    fn agrees_with_scipy_and_r() {
        // scipy.stats 1.17: f_oneway (plain and equal_var=False), levene(center="median"), bartlett, fligner; noncentral ends: ncf.cdf solved.
        let (tally, summaries) = groups();
        let found = anova(&summaries).expect("defined");
        let test = found.test.expect("defined");
        close(test.f, 10.412480103461995);
        close(test.p_value, 0.0014597939784569847);
        let welch = welch_anova(&summaries).expect("defined");
        close(welch.f, 10.304515104604894);
        close(welch.p_value, 0.003792434814572097);
        let brown = brown_forsythe(&tally).expect("defined");
        close(brown.f, 0.24574291510419868);
        close(brown.p_value, 0.7852110218458217);
        close(bartlett(&summaries).expect("defined").statistic, 0.9855608956861652);
        close(fligner(&tally).expect("defined").statistic, 0.6165317043211885);
        let eta = found.explained(Explained::Eta, 0.95, Search::Exact).expect("defined");
        close(eta.lower, 0.17316779269123747);
        close(eta.upper, 0.7645637310565156);
    }

    #[test]
    fn hard_cases_say_why() {
        let constant = Summary { n: 4.0, mean: 1.0, squares: 0.0 };
        let single = Summary { n: 1.0, mean: 2.0, squares: 0.0 };
        assert_eq!(anova(&[constant]), Err(Reason::TooFew));
        assert_eq!(anova(&[single, single]), Err(Reason::TooFew));
        assert_eq!(anova(&[constant, constant]).expect("defined").test, Err(Reason::NoVariation));
        assert_eq!(welch_anova(&[constant, single]), Err(Reason::NoVariation));
        assert_eq!(welch_anova(&[single, constant]), Err(Reason::TooFew));
        assert_eq!(bartlett(&[constant, constant]), Err(Reason::NoVariation));
        let same = Tally::of(&[&[1.0; 3], &[2.0; 4]]);
        assert_eq!(
            (brown_forsythe(&same), fligner(&same)),
            (Err(Reason::NoVariation), Err(Reason::NoVariation))
        );
    }

    proptest! {
        #[test]
        fn no_more_is_explained_than_there_is(rows in prop::collection::vec((0usize..4, -9i8..9), 8..60), offset in 0u8..2) {
            let offset = f64::from(offset) * 1e9;
            let tally = Tally::new(rows.iter().map(|&(group, x)| (offset + f64::from(x), group, 1)), 4);
            let summaries: Vec<Summary> = tally.summaries().into_iter().flatten().collect();
            if let Ok(found) = anova(&summaries) {
                let near = Tally::new(rows.iter().map(|&(group, x)| (f64::from(x), group, 1)), 4);
                let near: Vec<Summary> = near.summaries().into_iter().flatten().collect();
                let near = anova(&near).expect("defined as well");
                prop_assert!((near.between - found.between).abs() < 1e-7 && (near.within - found.within).abs() < 1e-7);
                if let Ok(eta) = found.explained(Explained::Eta, 0.9, Search::Exact) {
                    prop_assert!((0.0..=1.0).contains(&eta.estimate) && eta.lower <= eta.upper && eta.upper <= 1.0);
                }
                if let Ok(welch) = welch_anova(&summaries) {
                    prop_assert!((0.0..=1.0).contains(&welch.p_value));
                }
            }
        }
    }
}
