//! Comparisons by ranks: Mann-Whitney, Brunner-Munzel, Kruskal-Wallis, and the probability effects (Cliff's δ = rank-biserial, Vargha and Delaney's A).
//!
//! In: counts of distinct values per group. Out: tests and effects, ties taken into account everywhere. Deliberately absent: shift
//! estimates.

use super::Reason;
use super::distribution::{normal_quantile, student_quantile, student_two_sided};
use super::tally::Tally;
use super::two_means::Effect;
use super::two_shares::ChiSquare;

/// Below this size in both groups, without ties, the exact distribution is used, as in R.
const EXACT_BELOW: f64 = 50.0;

/// Mann and Whitney's test of two groups.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct MannWhitney {
    /// Pairs in which the first group's value is larger, ties counting one half (R's W, SciPy's U₁).
    pub w: f64,
    /// Two-sided p, normal with continuity correction and ties in the variance.
    pub p_continuity: f64,
    /// The same without continuity correction.
    pub p_plain: f64,
    /// Exact two-sided p; not applicable with ties or 50 observations in a group.
    pub p_exact: Result<f64, Reason>,
}

/// Returns Mann and Whitney's test of groups 0 and 1.
///
/// Undefined: too few with an empty group, no variation when all values are the same. Same values as R `wilcox.test`.
pub fn mann_whitney(tally: &Tally) -> Result<MannWhitney, Reason> {
    let (n1, n2) = sizes(tally)?;
    let w = wins(tally);
    let n = n1 + n2;
    let variance = n1 * n2 / 12.0 * (n + 1.0 - ties(&tally.totals()) / (n * (n - 1.0)));
    if variance <= 0.0 || tally.values.len() < 2 {
        return Err(Reason::NoVariation);
    }
    let gap = (w - 0.5 * n1 * n2).abs();
    let p = |gap: f64| libm::erfc(gap / variance.sqrt() / std::f64::consts::SQRT_2).min(1.0);
    let exact = tally.values.len() as f64 >= n && n1 < EXACT_BELOW && n2 < EXACT_BELOW;
    let p_exact = if exact { Ok(exact_p(w, n1 as usize, n2 as usize)) } else { Err(Reason::NotApplicable) };
    // At W exactly in the middle the correction vanishes, as in R.
    let corrected = if gap > 0.0 { gap - 0.5 } else { 0.0 };
    Ok(MannWhitney { w, p_continuity: p(corrected.max(0.0)), p_plain: p(gap), p_exact })
}

fn sizes(tally: &Tally) -> Result<(f64, f64), Reason> {
    if tally.counts.len() < 2 {
        return Err(Reason::TooFew);
    }
    let (n1, n2) = (tally.size(0), tally.size(1));
    if n1 > 0.0 && n2 > 0.0 { Ok((n1, n2)) } else { Err(Reason::TooFew) }
}

fn wins(tally: &Tally) -> f64 {
    let (mut below, mut wins) = (0.0, 0.0);
    for (&first, &second) in tally.counts[0].iter().zip(&tally.counts[1]) {
        wins += first as f64 * (below + 0.5 * second as f64);
        below += second as f64;
    }
    wins
}

/// Returns Σ(t³ − t) over the tied values.
fn ties(totals: &[f64]) -> f64 {
    totals.iter().map(|t| t * (t * t - 1.0)).sum()
}

/// Returns min(1, 2·min(P(W ≤ w), P(W ≥ w))) from the number of orders that give each W.
fn exact_p(w: f64, n1: usize, n2: usize) -> f64 {
    // Numbers of the first group are added one by one: the i-th of them may win over at most n2 values of the second.
    let top = n1 * n2;
    let mut orders = vec![0.0; top + 1];
    orders[0] = 1.0;
    for i in 1..=n1 {
        // Multiply by (1 − q^(n2+i)) and divide by (1 − q^i): Gauss's binomial coefficient.
        for at in (n2 + i..=top).rev() {
            orders[at] -= orders[at - n2 - i];
        }
        for at in i..=top {
            orders[at] += orders[at - i];
        }
    }
    let total: f64 = orders.iter().sum();
    let w = (w.round() as usize).min(top);
    let lower: f64 = orders[..=w.min(top - w)].iter().sum();
    (2.0 * lower / total).min(1.0)
}

/// Brunner and Munzel's test.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct BrunnerMunzel {
    /// Mean rank of the second group minus that of the first over its error: positive where the second is the larger.
    pub statistic: f64,
    /// Satterthwaite's degrees of freedom.
    pub df: f64,
    /// Two-sided p by Student's t.
    pub p_value: f64,
}

/// Returns Brunner and Munzel's (2000) test that values of group 0 are as often the larger as those of group 1, whatever their dispersions.
///
/// Undefined: too few below two observations a group, no variation where no value of either group has an unusual place in the other
/// (all equal, or the groups apart). Same values as `scipy.stats.brunnermunzel`, R `brunnermunzel::brunnermunzel.test`.
pub fn brunner_munzel(tally: &Tally) -> Result<BrunnerMunzel, Reason> {
    let (n1, n2) = sizes(tally)?;
    if n1 < 2.0 || n2 < 2.0 {
        return Err(Reason::TooFew);
    }
    let delta = 2.0 * wins(tally) / (n1 * n2) - 1.0;
    // n·S² of the places of one group's values in the other.
    let first = 0.25 * n1 * n2 * n2 * row_squares(&tally.counts[0], &tally.counts[1], delta) / (n1 - 1.0);
    let second = 0.25 * n2 * n1 * n1 * row_squares(&tally.counts[1], &tally.counts[0], -delta) / (n2 - 1.0);
    let sum = first + second;
    if sum <= 1e-24 * n1 * n2 * (n1 + n2) {
        return Err(Reason::NoVariation);
    }
    let statistic = -0.5 * n1 * n2 * delta / sum.sqrt();
    let df = sum * sum / (first * first / (n1 - 1.0) + second * second / (n2 - 1.0));
    Ok(BrunnerMunzel { statistic, df, p_value: student_two_sided(statistic, df) })
}

/// Returns Kruskal and Wallis's test over all groups with observations.
///
/// Undefined: too few below two groups, no variation when all values are the same. Same values as R `kruskal.test`.
pub fn kruskal_wallis(tally: &Tally) -> Result<ChiSquare, Reason> {
    let totals = tally.totals();
    let n: f64 = totals.iter().sum();
    let present: Vec<usize> = (0..tally.counts.len()).filter(|&group| tally.size(group) > 0.0).collect();
    if present.len() < 2 {
        return Err(Reason::TooFew);
    }
    if totals.len() < 2 {
        return Err(Reason::NoVariation);
    }
    let ranks = centred_ranks(&totals);
    let part = |&group: &usize| {
        let sum: f64 = tally.counts[group].iter().zip(&ranks).map(|(&count, rank)| count as f64 * rank).sum();
        sum * sum / tally.size(group)
    };
    let between: f64 = present.iter().map(part).sum();
    let statistic = 12.0 * between / (n * (n + 1.0)) / (1.0 - ties(&totals) / (n * (n * n - 1.0)));
    Ok(ChiSquare::new(statistic, present.len() as f64 - 1.0))
}

/// Returns the midrank of each distinct value minus the mean rank.
pub fn centred_ranks(totals: &[f64]) -> Vec<f64> {
    let n: f64 = totals.iter().sum();
    let mut below = 0.0;
    let rank = |&count: &f64| {
        let rank = below + 0.5 * (count + 1.0) - 0.5 * (n + 1.0);
        below += count;
        rank
    };
    totals.iter().map(rank).collect()
}

/// How likely a value of the first group is larger than one of the second.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Dominance {
    /// Cliff's δ = P(X > Y) − P(X < Y), which is also the rank-biserial correlation.
    pub delta: f64,
    /// Vargha and Delaney's A = P(X > Y) + ½·P(X = Y).
    pub a: f64,
    /// Interval of δ by Fisher's z with √((n₁+n₂+1)/(3n₁n₂)); undefined (no variation) at ±1.
    pub fisher: Result<Effect, Reason>,
    /// Interval of δ by Cliff's unbiased variance and Student's t, asymmetric; undefined at ±1, and too few below two observations a group.
    pub cliff: Result<Effect, Reason>,
}

/// Returns the dominance of group 0 over group 1 with intervals at `level`.
///
/// Undefined: too few with an empty group. Cliff (1993), Feng and Cliff (2004). Same values as R `effectsize::rank_biserial` (Fisher's
/// interval), `effsize::cliff.delta` (Cliff's) and `VD.A`.
pub fn dominance(tally: &Tally, level: f64) -> Result<Dominance, Reason> {
    let (n1, n2) = sizes(tally)?;
    let a = wins(tally) / (n1 * n2);
    let delta = 2.0 * a - 1.0;
    let fisher = if delta.abs() >= 1.0 {
        Err(Reason::NoVariation)
    } else {
        let half = -normal_quantile(0.5 - 0.5 * level) * ((n1 + n2 + 1.0) / (3.0 * n1 * n2)).sqrt();
        let z = libm::atanh(delta);
        Ok(Effect { estimate: delta, lower: libm::tanh(z - half), upper: libm::tanh(z + half) })
    };
    Ok(Dominance { delta, a, fisher, cliff: cliff_interval(tally, delta, level) })
}

fn cliff_interval(tally: &Tally, delta: f64, level: f64) -> Result<Effect, Reason> {
    let (n1, n2) = sizes(tally)?;
    if n1 < 2.0 || n2 < 2.0 {
        return Err(Reason::TooFew);
    }
    let first = row_squares(&tally.counts[0], &tally.counts[1], delta);
    let second = row_squares(&tally.counts[1], &tally.counts[0], -delta);
    let equal: f64 = tally.counts[0].iter().zip(&tally.counts[1]).map(|(&a, &b)| a as f64 * b as f64).sum();
    let pairs = n1 * n2 - equal - n1 * n2 * delta * delta;
    let variance = (n2 * n2 * first + n1 * n1 * second - pairs) / (n1 * n2 * (n1 - 1.0) * (n2 - 1.0));
    let square = delta * delta;
    if variance <= 0.0 || square >= 1.0 {
        return Err(Reason::NoVariation);
    }
    let t = student_quantile(0.5 + 0.5 * level, n1 + n2 - 2.0);
    let spread = t * t * variance;
    let half = spread.sqrt() * ((1.0 - square) * (1.0 - square) + spread).sqrt();
    let scale = 1.0 - square + spread;
    let end = |side: f64| (delta - delta * square + side * half) / scale;
    Ok(Effect { estimate: delta, lower: end(-1.0).max(-1.0), upper: end(1.0).min(1.0) })
}

/// Returns Σ(dᵢ − δ)² over the observations of `own`, dᵢ the dominance of one of them over all of `other`.
fn row_squares(own: &[u64], other: &[u64], delta: f64) -> f64 {
    let n: f64 = other.iter().map(|&count| count as f64).sum();
    let mut below = 0.0;
    let part = |(&count, &same): (&u64, &u64)| {
        let same = same as f64;
        let gap = (2.0 * below + same - n) / n - delta;
        below += same;
        count as f64 * gap * gap
    };
    own.iter().zip(other).map(part).sum()
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn close(value: f64, expected: f64) {
        assert!((value - expected).abs() <= 1e-11 * expected.abs(), "{value} is not {expected}");
    }

    const A: [f64; 7] = [2.0, 3.0, 2.0, 2.0, 3.0, 3.0, 1.0];
    const B: [f64; 8] = [1.0, 2.0, 1.0, 0.0, 2.0, 1.0, 2.0, 1.0];

    #[test]
    fn dominance_agrees_with_effsize() {
        // statistics.md 4.6; the tests: scipy.stats.mannwhitneyu(method="asymptotic") and kruskal 1.17.
        let tally = Tally::of(&[&A, &B]);
        let found = dominance(&tally, 0.95).expect("defined");
        close(found.delta, 0.660_714_285_714_285_7);
        close(found.a, 0.830_357_142_857_142_9);
        let test = mann_whitney(&tally).expect("defined");
        close(test.w, 46.5);
        close(test.p_continuity, 0.027641333931503396);
        close(test.p_plain, 0.02360392239848879);
        assert_eq!(test.p_exact, Err(Reason::NotApplicable));
        let test = kruskal_wallis(&tally).expect("defined");
        close(test.statistic, 5.1235029940119805);
        close(test.p_value, 0.02360392239848871);
    }

    #[test]
    fn brunner_munzel_agrees_with_scipy() {
        // scipy.stats.brunnermunzel 1.17.
        let found = brunner_munzel(&Tally::of(&[&A, &B])).expect("defined");
        close(found.statistic, -3.2869184877988755);
        close(found.p_value, 0.007531386646896097);
        let apart = Tally::of(&[&[1.0, 2.0, 2.0], &[3.0, 4.0]]);
        assert_eq!(brunner_munzel(&apart), Err(Reason::NoVariation));
        assert_eq!(brunner_munzel(&Tally::of(&[&[1.0; 3], &[1.0; 4]])), Err(Reason::NoVariation));
        assert_eq!(brunner_munzel(&Tally::of(&[&[1.0], &[1.0, 4.0]])), Err(Reason::TooFew));
    }

    #[test]
    fn exact_p_agrees_with_scipy() {
        // scipy.stats.mannwhitneyu(method="exact") 1.17.
        let tally = Tally::of(&[&[1.1, 2.3, 3.7, 9.0, 4.4], &[0.2, 1.9, 0.5, 2.1]]);
        close(mann_whitney(&tally).expect("defined").p_exact.expect("small"), 0.06349206349206349);
    }

    #[test]
    fn hard_cases_say_why() {
        assert_eq!(mann_whitney(&Tally::of(&[&[1.0], &[]])), Err(Reason::TooFew));
        assert_eq!(mann_whitney(&Tally::of(&[&[1.0; 5], &[1.0; 3]])), Err(Reason::NoVariation));
        assert_eq!(kruskal_wallis(&Tally::of(&[&[1.0; 5], &[1.0; 3]])), Err(Reason::NoVariation));
        assert_eq!(kruskal_wallis(&Tally::of(&[&[1.0, 2.0]])), Err(Reason::TooFew));
        let apart = dominance(&Tally::of(&[&[5.0, 6.0], &[1.0, 2.0]]), 0.95).expect("defined");
        assert_eq!((apart.fisher, apart.cliff), (Err(Reason::NoVariation), Err(Reason::NoVariation)));
        let single = dominance(&Tally::of(&[&[5.0], &[1.0, 9.0]]), 0.95).expect("defined");
        assert_eq!(single.cliff, Err(Reason::TooFew));
    }

    proptest! {
        #[test]
        fn turning_the_groups_turns_the_effect(a in prop::collection::vec(0i8..6, 2..25), b in prop::collection::vec(0i8..6, 2..25)) {
            let float = |x: &[i8]| -> Vec<f64> { x.iter().map(|&x| f64::from(x)).collect() };
            let (a, b) = (float(&a), float(&b));
            let (one, other) = (dominance(&Tally::of(&[&a, &b]), 0.95), dominance(&Tally::of(&[&b, &a]), 0.95));
            let (one, other) = (one.expect("defined"), other.expect("defined"));
            prop_assert!((one.delta + other.delta).abs() < 1e-12 && (one.a + other.a - 1.0).abs() < 1e-12);
            for effect in [one.fisher, one.cliff].into_iter().flatten() {
                prop_assert!(effect.lower <= effect.estimate && effect.estimate <= effect.upper);
            }
            if let Ok(test) = mann_whitney(&Tally::of(&[&a, &b])) {
                prop_assert!(0.0 < test.p_plain && test.p_plain <= test.p_continuity && test.p_continuity <= 1.0);
            }
        }

        #[test]
        fn two_groups_of_kruskal_wallis_are_mann_whitney(a in prop::collection::vec(0i8..6, 1..25), b in prop::collection::vec(0i8..6, 1..25)) {
            let float = |x: &[i8]| -> Vec<f64> { x.iter().map(|&x| f64::from(x)).collect() };
            let tally = Tally::of(&[&float(&a), &float(&b)]);
            if let (Ok(one), Ok(other)) = (mann_whitney(&tally), kruskal_wallis(&tally)) {
                prop_assert!((one.p_plain - other.p_value).abs() < 1e-9);
            }
        }
    }
}
