//! Competency shares with intervals from resampling raters: all staff are assessed, so the error lies in who rated them.
//!
//! In: each person's ratings and required level. Out: share at the required level, number at level 0. Deliberately absent: names, mean levels,
//! sampling of persons. Random draws are absent too: the distribution over all redraws of raters is known exactly.

use super::{Estimate, Marks, Reason};

/// One person's ratings on one competency.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Person {
    /// Levels given by raters, in any order.
    pub ratings: Vec<i32>,
    /// Level that the person's role requires.
    pub required: i32,
}

/// What the ratings of a group of persons say.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct LevelShares {
    /// Share (0..=1) of persons whose consensus is at least the required level.
    pub at_required: Estimate,
    /// Number of persons whose consensus is level 0 or below.
    pub at_zero: Estimate,
    /// Persons with a single rating: resampling cannot vary them, so the more of them, the more the intervals are too narrow.
    pub n_single: u64,
}

/// Returns the lower median: the middle rating, the lower of the two middle ones for an even number; nothing of nothing.
pub fn lower_median(ratings: &[i32]) -> Option<i32> {
    let mut sorted = ratings.to_vec();
    sorted.sort_unstable();
    sorted.get(sorted.len().checked_sub(1)? / 2).copied()
}

/// Returns the shares with 95 % percentile intervals over all redraws, with replacement, of each person's ratings.
///
/// The consensus is the lower median. Of n ratings, b below a level, a redraw has Binomial(n, b/n) below it, and its lower median reaches
/// the level when no more than ⌊(n−1)/2⌋ are; over persons the number that reach it is Poisson-binomial. This is what a bootstrap of
/// raters within persons comes to with infinitely many draws. A lower median of redraws lies low, so the percentiles are taken about the
/// redraws' mean and set about the value. Intervals and standard errors are absent when no person has two ratings. Persons without ratings
/// are left out of n. Undefined (too few) without any rating.
pub fn level_shares(persons: &[Person]) -> Result<LevelShares, Reason> {
    let rated: Vec<&Person> = persons.iter().filter(|person| !person.ratings.is_empty()).collect();
    if rated.is_empty() {
        return Err(Reason::TooFew);
    }
    let reaches = |person: &Person, level: i32| lower_median(&person.ratings).is_some_and(|own| own >= level);
    let at_required = rated.iter().filter(|person| reaches(person, person.required)).count();
    let at_zero = rated.iter().filter(|person| !reaches(person, 1)).count();
    let n_single = rated.iter().filter(|person| person.ratings.len() == 1).count();
    let varies = n_single < rated.len();
    let required: Vec<f64> = rated.iter().map(|person| chance(person, person.required)).collect();
    let zero: Vec<f64> = rated.iter().map(|person| 1.0 - chance(person, 1)).collect();
    let n = rated.len() as f64;
    Ok(LevelShares {
        at_required: described((at_required, &required), 1.0 / n, varies),
        at_zero: described((at_zero, &zero), 1.0, varies),
        n_single: n_single as u64,
    })
}

fn chance(person: &Person, level: i32) -> f64 {
    redraw_chance(&person.ratings, level)
}

/// Returns the probability that the lower median of a redraw of `ratings`, with replacement, is at least `level`; 1 of no ratings.
pub fn redraw_chance(ratings: &[i32], level: i32) -> f64 {
    let below = ratings.iter().filter(|&&rating| rating < level).count();
    let ratings = ratings.len();
    match below {
        0 => 1.0,
        below if below == ratings => 0.0,
        below => {
            poisson_binomial(&vec![below as f64 / ratings as f64; ratings])[..=(ratings - 1) / 2].iter().sum()
        }
    }
}

/// Returns the probabilities that 0, 1, 2 … of independent events with these probabilities occur (Poisson-binomial, by recursion).
fn poisson_binomial(chances: &[f64]) -> Vec<f64> {
    let mut mass = vec![0.0; chances.len() + 1];
    mass[0] = 1.0;
    for (seen, &p) in chances.iter().enumerate() {
        for k in (0..=seen).rev() {
            mass[k + 1] += mass[k] * p;
            mass[k] *= 1.0 - p;
        }
    }
    mass
}

fn described((observed, chances): (usize, &[f64]), scale: f64, varies: bool) -> Estimate {
    let mass = poisson_binomial(chances);
    let at = |share: f64| {
        let mut below = 0.0;
        // The last value ends the search where rounding keeps the sum under the wanted share.
        let k = mass.iter().position(|p| {
            below += p;
            below >= share
        });
        k.unwrap_or(chances.len())
    };
    let (value, mean) = (observed as f64, chances.iter().sum::<f64>());
    let variance: f64 = chances.iter().map(|p| p * (1.0 - p)).sum();
    let end = |k: usize| (value + k as f64 - mean).clamp(0.0, chances.len() as f64);
    Estimate {
        value: value * scale,
        std_error: varies.then(|| variance.sqrt() * scale),
        lower: varies.then(|| end(at(0.025)).min(value) * scale),
        upper: varies.then(|| end(at(0.975)).max(value) * scale),
        n: chances.len() as u64,
        n_effective: chances.len() as f64,
        marks: Marks::default(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn shares(persons: &[(&[i32], i32)]) -> Result<LevelShares, Reason> {
        let person = |&(ratings, required): &(&[i32], i32)| Person { ratings: ratings.to_vec(), required };
        let persons: Vec<Person> = persons.iter().map(person).collect();
        level_shares(&persons)
    }

    #[test]
    fn lower_median_takes_the_lower_of_two() {
        assert_eq!(lower_median(&[3, 1]), Some(1));
        assert_eq!(lower_median(&[3, 1, 2]), Some(2));
        assert_eq!(lower_median(&[2, 2, 0, 3]), Some(2));
        assert_eq!((lower_median(&[]), lower_median(&[1])), (None, Some(1)));
    }

    #[test]
    fn error_is_that_of_the_exact_resampling_distribution() {
        // Ratings 1 2 3 redrawn: the median is at least 2 with probability 20/27 (hand count), so two persons' share has sd √(140/27²/2).
        let found = shares(&[(&[1, 2, 3], 2), (&[3, 2, 1], 2)]).expect("defined");
        let expected = (140.0f64 / 729.0 / 2.0).sqrt();
        assert!((found.at_required.std_error.expect("given") - expected).abs() < 1e-12);
        assert!((found.at_required.value - 1.0).abs() < 1e-15);
        // Redraws reach from 0 to 2 persons about a mean of 40/27.
        let lower = found.at_required.lower.expect("given");
        assert!((lower - (1.0 - 20.0 / 27.0)).abs() < 1e-12, "{lower}");
        assert_eq!(found.at_required.upper, Some(1.0));
    }

    #[test]
    fn single_ratings_cannot_vary_and_are_counted() {
        let found = shares(&[(&[0], 2), (&[2], 2), (&[], 1)]).expect("defined");
        assert!((found.at_required.value - 0.5).abs() < 1e-15 && (found.at_zero.value - 1.0).abs() < 1e-15);
        assert_eq!((found.at_required.lower, found.at_required.std_error), (None, None));
        assert_eq!((found.n_single, found.at_required.n), (2, 2));
    }

    #[test]
    fn the_interval_is_that_of_the_poisson_binomial_distribution() {
        // scipy.stats.poisson_binom of .3 .5 .9: masses .035, .365, .465, .135.
        let mass = poisson_binomial(&[0.3, 0.5, 0.9]);
        let expected = [0.035, 0.365, 0.465, 0.135];
        assert!(mass.iter().zip(expected).all(|(found, wanted)| (found - wanted).abs() < 1e-15), "{mass:?}");
    }

    #[test]
    fn no_ratings_are_too_few() {
        assert_eq!(shares(&[]), Err(Reason::TooFew));
        assert_eq!(shares(&[(&[], 2)]), Err(Reason::TooFew));
    }

    #[test]
    fn raters_who_agree_leave_no_error() {
        let found = shares(&[(&[2, 2, 2], 2), (&[1, 1], 2)]).expect("defined");
        assert_eq!((found.at_required.lower, found.at_required.upper), (Some(0.5), Some(0.5)));
    }

    proptest! {
        #[test]
        fn interval_contains_the_share_and_repeats(
            persons in prop::collection::vec((prop::collection::vec(0i32..4, 0..6), 0i32..4), 0..12),
        ) {
            let persons: Vec<Person> = persons.into_iter().map(|(ratings, required)| Person { ratings, required }).collect();
            let found = level_shares(&persons);
            prop_assert_eq!(found, level_shares(&persons));
            if let Ok(LevelShares { at_required: estimate, .. }) = found {
                prop_assert!(estimate.lower.is_none_or(|lower| 0.0 <= lower && lower <= estimate.value));
                prop_assert!(estimate.upper.is_none_or(|upper| estimate.value <= upper && upper <= 1.0));
            }
        }
    }
}
