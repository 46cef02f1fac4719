//! Charts of counts: p and u (and c), Laney's p' and u', and I' for means whose number of observations changes.
//!
//! In: (count, number) of each slot, phases. Out: points with limits that widen where the number is small. Deliberately absent: limits of no
//! width after a history without a breach, which is where other packages give NaN.

use super::Reason;
use super::chart::{Limits, Phase, Point, constant, mean};
use super::discrete::{
    beta_binomial_quantile, beta_binomial_upper, gamma_poisson_quantile, gamma_poisson_upper,
};
use super::individuals::points;
use super::moving_range::{D2, mean_range, moving_ranges, screened_mean_range};

/// One-sided probabilities beyond three and two sigma of a normal distribution.
const TAILS: (f64, f64) = (0.001_349_898_031_630_094_6, 0.022_750_131_948_179_21);

/// What is counted.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Counted {
    /// Cases out of `n` cases: binomial.
    Share,
    /// Events in an area of opportunity `n`: Poisson.
    Rate,
}

/// How the baseline of a phase behaves.
struct Model {
    center: f64,
    /// Laney's sigma z: how much wider than the model the shares vary; 1 without.
    inflation: f64,
    /// Count and number of the baseline.
    sums: (f64, f64),
    /// Number of slots of a baseline whose shares are all the same.
    steady: Option<usize>,
}

/// Returns the p chart (shares) or u chart (rates): centre Σk/Σn, limits centre ± 3·s, s = √(p(1−p)/n) or √(u/n).
///
/// `counts` are (k, n) a slot, nothing in a gap or where n is not above 0. With `laney` the limits are multiplied by sigma z, the screened
/// mean moving range of the z scores / 1.128 (Laney 2002); where that is 0 the plain limits stand. Where the baseline has no case at all (or
/// nothing but cases) s is 0: the limits then are those of the beta-binomial (gamma-Poisson) distribution of a new count after that baseline
/// under Jeffreys' prior, at the tail 0.00135, and each point carries the probability of a count as extreme. Limits are cut to what is
/// possible. Undefined (too few) without a slot in the baseline. Same values as R `qicharts2::qic(chart = "p", "pp", "u", "up", "c")`.
pub fn attributes(
    counts: &[Option<(f64, f64)>],
    phases: &[Phase],
    (counted, laney): (Counted, bool),
) -> Vec<Point> {
    let counts: Vec<Option<(f64, f64)>> =
        counts.iter().map(|count| count.filter(|&(_, n)| n > 0.0)).collect();
    let values: Vec<Option<f64>> = counts.iter().map(|count| count.map(|(k, n)| k / n)).collect();
    let mut chart = points(&values, phases, |_| (Err(Reason::TooFew), None));
    for phase in phases {
        let Some(model) = model(&counts[phase.baseline.clone()], counted, laney) else { continue };
        for slot in phase.slots.clone() {
            if let Some(count) = counts[slot] {
                let (limits, chance) = model.limits(count, counted);
                (chart[slot].limits, chart[slot].chance) = (Ok(limits), chance);
            }
        }
    }
    chart
}

/// Returns the standard error of a share or rate `center` seen in `n`.
fn model_error(center: f64, n: f64, counted: Counted) -> f64 {
    match counted {
        Counted::Share => (center * (1.0 - center) / n).max(0.0).sqrt(),
        Counted::Rate => (center / n).max(0.0).sqrt(),
    }
}

fn model(baseline: &[Option<(f64, f64)>], counted: Counted, laney: bool) -> Option<Model> {
    let present = || baseline.iter().flatten();
    let sums = present().fold((0.0, 0.0), |sums, &(k, n)| (sums.0 + k, sums.1 + n));
    if sums.1 <= 0.0 {
        return None;
    }
    let steady = constant(present().map(|(k, n)| k / n));
    let center = if steady.is_some() { mean(present().map(|(k, n)| k / n))? } else { sums.0 / sums.1 };
    let z = |&(k, n): &(f64, f64)| (k / n - center) / model_error(center, n, counted);
    let scores: Vec<Option<f64>> = baseline.iter().map(|count| count.as_ref().map(z)).collect();
    let spread = screened_mean_range(&moving_ranges(&scores)).map(|range| range / D2);
    let inflation = if laney { spread.filter(|&spread| spread > 0.0).unwrap_or(1.0) } else { 1.0 };
    Some(Model { center, inflation, sums, steady })
}

impl Model {
    /// Returns the limits of a count out of `n`, and the probability of one as extreme where the history is constant.
    fn limits(&self, (k, n): (f64, f64), counted: Counted) -> (Limits, Option<f64>) {
        let highest = if counted == Counted::Share { 1.0 } else { f64::INFINITY };
        let error = model_error(self.center, n, counted);
        if error > 0.0 {
            let limits = Limits::about(self.center, 3.0 * self.inflation * error).within(0.0, highest);
            return (limits, self.steady.map(|_| two_sided((k / n - self.center) / error)));
        }
        let (limits, chance) = self.predicted((k, n), counted);
        (limits, Some(chance))
    }

    /// After a baseline without an event (or, of shares, with nothing else): limits and probability from what a new count may be.
    fn predicted(&self, (k, n): (f64, f64), counted: Counted) -> (Limits, f64) {
        let all = self.center > 0.5 && counted == Counted::Share;
        let events = whole(if all { n - k } else { k });
        let prior = (0.5, if counted == Counted::Share { self.sums.1 + 0.5 } else { self.sums.1 });
        let (far, near, chance) = match counted {
            Counted::Share => {
                let most = |tail| beta_binomial_quantile(tail, whole(n), prior) as f64;
                (most(TAILS.0), most(TAILS.1), beta_binomial_upper(events, whole(n), prior))
            }
            Counted::Rate => {
                let most = |tail| gamma_poisson_quantile(tail, n, prior) as f64;
                (most(TAILS.0), most(TAILS.1), gamma_poisson_upper(events, n, prior))
            }
        };
        let center = self.center;
        // Limits are counts over n as the plotted values are, so that a value on a limit equals it to the last bit.
        let limits = match all {
            false => Limits { center, lower: 0.0, near_lower: 0.0, near_upper: near / n, upper: far / n },
            true => Limits {
                center,
                lower: (n - far) / n,
                near_lower: (n - near) / n,
                near_upper: 1.0,
                upper: 1.0,
            },
        };
        (limits, chance)
    }
}

fn two_sided(z: f64) -> f64 {
    libm::erfc(z.abs() / std::f64::consts::SQRT_2)
}

fn whole(count: f64) -> u64 {
    count.max(0.0).round() as u64
}

/// Returns the I' chart of means: centre Σyn/Σn, limits centre ± 3·s̄/√n, s̄ = mean of √(π/2)·|yᵢ−yᵢ₋₁| / √(1/nᵢ + 1/nᵢ₋₁).
///
/// `means` are (y, n) a slot, n the number of answers (the effective one where they are weighted); nothing in a gap. Everything is estimated
/// from the baseline alone. A constant baseline has limits of no width, as in `individuals`. Undefined (too few) without two neighbours in
/// it. Taylor (2017), normalised individuals; same values as R `qicharts2::qic(chart = "ip")` where nothing is frozen: that takes the spread
/// from all points, not from the baseline.
pub fn normalised_individuals(means: &[Option<(f64, f64)>], phases: &[Phase]) -> Vec<Point> {
    let means: Vec<Option<(f64, f64)>> = means.iter().map(|mean| mean.filter(|&(_, n)| n > 0.0)).collect();
    let values: Vec<Option<f64>> = means.iter().map(|mean| mean.map(|(y, _)| y)).collect();
    let mut chart = points(&values, phases, |_| (Err(Reason::TooFew), None));
    for phase in phases {
        let baseline = &means[phase.baseline.clone()];
        let Some(spread) = mean_range(&normalised_ranges(baseline)) else { continue };
        let Some(&(first, _)) = baseline.iter().flatten().next() else { continue };
        let sums = baseline
            .iter()
            .flatten()
            .fold((0.0, 0.0), |sums, &(y, n)| (sums.0 + (y - first) * n, sums.1 + n));
        let steady = constant(baseline.iter().flatten().map(|&(y, _)| y));
        for slot in phase.slots.clone() {
            let Some((y, n)) = means[slot] else { continue };
            let limits = Limits::about(first + sums.0 / sums.1, 3.0 * spread / n.sqrt());
            let departs = |m: usize| if limits.is_outside(y) { 0.5 / (m as f64 + 1.0) } else { 1.0 };
            (chart[slot].limits, chart[slot].chance) = (Ok(limits), steady.map(departs));
        }
    }
    chart
}

/// Returns the standard deviation of one answer that each pair of neighbours suggests.
fn normalised_ranges(means: &[Option<(f64, f64)>]) -> Vec<Option<f64>> {
    let pair = |pair: &[Option<(f64, f64)>]| {
        let ((y, n), (before, m)) = (pair[1]?, pair[0]?);
        Some(std::f64::consts::FRAC_PI_2.sqrt() * (y - before).abs() / (1.0 / n + 1.0 / m).sqrt())
    };
    means.windows(2).map(pair).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::stats::chart::phases;
    use proptest::prelude::*;

    /// D4 of statistics.md.
    const KEPT: [f64; 12] =
        [182.0, 190.0, 175.0, 201.0, 188.0, 169.0, 210.0, 195.0, 187.0, 176.0, 199.0, 150.0];
    const CASES: [f64; 12] =
        [200.0, 210.0, 195.0, 220.0, 205.0, 190.0, 230.0, 212.0, 204.0, 193.0, 215.0, 190.0];
    const EVENTS: [f64; 12] = [12.0, 15.0, 9.0, 22.0, 18.0, 11.0, 14.0, 30.0, 13.0, 10.0, 17.0, 12.0];
    const AREA: [f64; 12] = [1.2, 1.5, 1.1, 1.9, 1.6, 1.2, 1.3, 2.1, 1.4, 1.0, 1.6, 1.3];

    fn pairs(k: &[f64], n: &[f64]) -> Vec<Option<(f64, f64)>> {
        k.iter().copied().zip(n.iter().copied()).map(Some).collect()
    }

    fn one_phase(counts: &[Option<(f64, f64)>], freeze: Option<usize>) -> Vec<Phase> {
        phases(&counts.iter().map(Option::is_some).collect::<Vec<bool>>(), &[], freeze)
    }

    fn check(point: &Point, lower: f64, upper: f64) {
        let limits = point.limits.expect("limits");
        assert!((limits.lower - lower).abs() < 6e-9 && (limits.upper - upper).abs() < 6e-9, "{limits:?}");
    }

    #[test]
    fn d4_agrees_with_qicharts2() {
        let counts = pairs(&KEPT, &CASES);
        let plain = attributes(&counts, &one_phase(&counts, None), (Counted::Share, false));
        check(&plain[0], 0.838654337, 0.964917092);
        check(&plain[11], 0.837014288, 0.966557141);
        let laney = attributes(&counts, &one_phase(&counts, None), (Counted::Share, true));
        check(&laney[0], 0.871561336, 0.932010092);
        check(&laney[11], 0.870776157, 0.932795272);
        let counts = pairs(&EVENTS, &AREA);
        let plain = attributes(&counts, &one_phase(&counts, None), (Counted::Rate, false));
        check(&plain[0], 1.70664556, 19.57242421);
        let laney = attributes(&counts, &one_phase(&counts, None), (Counted::Rate, true));
        check(&laney[0], 4.98656086, 16.29250891);
        let rates: Vec<f64> = EVENTS.iter().zip(AREA).map(|(k, n)| k / n).collect();
        let means = normalised_individuals(&pairs(&rates, &AREA), &one_phase(&counts, None));
        check(&means[0], 5.16908691, 16.10998285);
    }

    #[test]
    fn a_breach_after_a_perfect_year_signals() {
        // V1: qicharts2 pp frozen after 12 months of 100/100 gives NA limits and no signal at 70/100.
        let mut counts = vec![Some((100.0, 100.0)); 12];
        counts.extend([Some((70.0, 100.0)), Some((99.0, 100.0)), Some((4.0, 5.0))]);
        for laney in [false, true] {
            let chart = attributes(&counts, &one_phase(&counts, Some(12)), (Counted::Share, laney));
            let outside: Vec<bool> =
                chart.iter().map(|p| p.judged().is_some_and(|(v, l)| l.is_outside(v))).collect();
            assert_eq!(outside[11..], [false, true, false, false]);
            assert!(chart[12].chance.expect("given") < 1e-20 && chart[11].chance == Some(1.0));
        }
        let none = vec![Some((0.0, 10.0)); 12].into_iter().chain([Some((3.0, 10.0))]).collect::<Vec<_>>();
        for counted in [Counted::Share, Counted::Rate] {
            let chart = attributes(&none, &one_phase(&none, Some(12)), (counted, true));
            assert!(chart[12].judged().is_some_and(|(v, l)| l.is_outside(v)) && chart[12].chance.is_some());
        }
    }

    #[test]
    fn equal_shares_leave_the_model_spread() {
        let mut counts = vec![Some((90.0, 100.0)); 12];
        counts.push(Some((60.0, 100.0)));
        let chart = attributes(&counts, &one_phase(&counts, Some(12)), (Counted::Share, true));
        check(&chart[12], 0.81, 0.99);
        assert!(chart[12].chance.expect("given") < 1e-20);
    }

    #[test]
    fn a_frozen_i_prime_takes_its_spread_from_the_baseline() {
        // V2: qicharts2 takes the spread from all points, so that the later spike widens its own limits.
        let calm = [1.0, 1.2, 0.9, 1.1, 1.0, 0.8];
        let mut spiked = calm.to_vec();
        spiked.extend([3.0, 0.5, 2.5, 1.0, 4.0, 0.2]);
        let (n, all) = ([10.0; 6], [10.0; 12]);
        let (alone, frozen) = (pairs(&calm, &n), pairs(&spiked, &all));
        let expected = normalised_individuals(&alone, &one_phase(&alone, None))[0].limits.expect("limits");
        let found = normalised_individuals(&frozen, &one_phase(&frozen, Some(6)));
        assert_eq!(found[11].limits.expect("limits"), expected);
        assert!(found[10].judged().is_some_and(|(value, limits)| limits.is_outside(value)));
    }

    #[test]
    fn hard_cases_have_reasons() {
        let empty = [None, Some((0.0, 0.0)), Some((1.0, -1.0))];
        let chart = attributes(&empty, &one_phase(&empty, None), (Counted::Share, true));
        assert!(chart.iter().all(|point| point.limits == Err(Reason::TooFew) && point.value.is_none()));
        let one = [Some((1.0, 4.0))];
        assert!(attributes(&one, &one_phase(&one, None), (Counted::Rate, true))[0].limits.is_ok());
        assert_eq!(normalised_individuals(&one, &one_phase(&one, None))[0].limits, Err(Reason::TooFew));
    }

    proptest! {
        #[test]
        fn limits_are_finite_ordered_and_possible(rows in prop::collection::vec((0u32..50, 0u32..50), 0..30), freeze in prop::option::of(1usize..8), laney: bool) {
            let counts: Vec<Option<(f64, f64)>> =
                rows.iter().map(|&(k, more)| Some((f64::from(k), f64::from(k + more)))).collect();
            for counted in [Counted::Share, Counted::Rate] {
                for point in attributes(&counts, &one_phase(&counts, freeze), (counted, laney)) {
                    if let Ok(limits) = point.limits {
                        prop_assert!(0.0 <= limits.lower && limits.lower <= limits.near_lower + 1e-12);
                        prop_assert!(limits.near_upper <= limits.upper + 1e-12 && limits.upper.is_finite());
                        prop_assert!(counted == Counted::Rate || limits.upper <= 1.0);
                    }
                    prop_assert!(point.chance.is_none_or(|chance| (0.0..=1.0).contains(&chance)));
                }
            }
        }
    }
}
