//! A department against the others: is its share one that another department would have?

use crate::stats::beta_binomial::by_moments;
use crate::stats::discrete::beta_binomial_upper;

/// Fewest other departments to be held against.
pub(super) const LEAST: usize = 3;

/// Returns the others' share, and the probability that a department like them has as many hits or more; nothing with fewer than
/// [`LEAST`] others that have any trial.
///
/// The true shares of the others are taken as drawn from a beta distribution, fitted by moments; where they differ no more than by
/// chance it is Beta(½ + hits, ½ + misses) of all their trials. The department's hits are then beta-binomial.
pub(super) fn against((hits, n): (u64, u64), others: &[(u64, u64)]) -> Option<(f64, f64)> {
    let units: Vec<(f64, f64)> =
        others.iter().filter(|(_, n)| *n > 0).map(|&(hits, n)| (hits as f64, n as f64)).collect();
    if units.len() < LEAST {
        return None;
    }
    let (all_hits, all) = units.iter().fold((0.0, 0.0), |sum, unit| (sum.0 + unit.0, sum.1 + unit.1));
    let spread = by_moments(&units).ok().and_then(|fit| fit.parameters());
    let parameters = spread.unwrap_or((0.5 + all_hits, 0.5 + all - all_hits));
    Some((all_hits / all, beta_binomial_upper(hits, n, parameters)))
}

/// Holds each of several departments, given as (hits, trials), against all the others; those without a trial are not tested.
pub(super) fn each(units: &[(u64, u64)]) -> Vec<Option<(f64, f64)>> {
    let test = |place: usize| {
        let others: Vec<(u64, u64)> = [&units[..place], &units[place + 1..]].concat();
        if units[place].1 > 0 { against(units[place], &others) } else { None }
    };
    (0..units.len()).map(test).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_department_is_held_against_the_spread_of_the_others() {
        // scipy: betabinom.sf(39, 100, a, b) with a, b by moments of the others.
        let others = [(20, 100), (30, 120), (10, 80), (25, 90), (12, 100)];
        let (expected, p) = against((40, 100), &others).unwrap();
        assert!((expected - 97.0 / 490.0).abs() < 1e-12);
        assert!((p - 0.002_713_366_270_427_508_6).abs() < 1e-9, "{p}");
        // As like as can be: Jeffreys' posterior of all of them.
        let (expected, p) = against((12, 50), &[(10, 100); 4]).unwrap();
        assert!((expected - 0.1).abs() < 1e-12 && (p - 0.005_922_641_525_239_913).abs() < 1e-9, "{p}");
    }

    #[test]
    fn few_others_or_no_trial_is_no_test() {
        assert_eq!(against((5, 10), &[(1, 10), (2, 10), (0, 0)]), None);
        assert_eq!(each(&[(0, 0), (1, 10), (1, 10), (1, 10), (1, 10)])[0], None);
        let (expected, p) = against((3, 10), &[(0, 10); 3]).unwrap();
        assert!(expected.abs() < 1e-12 && p > 0.0 && p < 0.05, "nobody else has one: {p}");
        assert!((against((0, 10), &[(0, 10); 3]).unwrap().1 - 1.0).abs() < 1e-12);
    }
}
