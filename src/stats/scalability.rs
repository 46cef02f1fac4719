//! Scalability of cumulative items: Loevinger's H of pairs, items and the scale, Guttman errors, reproducibility.
//!
//! In: answers of persons (rows) to items (columns), complete. Out: coefficients. Deliberately absent: the search for scales, standard errors.

use super::Reason;
use super::correlation::{centred, product};
use super::scale;

/// What makes a set of items cumulative: who masters the hard ones masters the easy ones.
#[derive(Debug, Clone, PartialEq)]
pub struct Scalability {
    /// H of the scale, Σ cov / Σ largest cov.
    pub scale: f64,
    /// H of each item with all others; no variation for a constant item.
    pub items: Vec<Result<f64, Reason>>,
    /// H of each pair (i, j) with i < j, in the order (0,1), (0,2) …
    pub pairs: Vec<Result<f64, Reason>>,
}

/// Returns Loevinger's H of items with two or more ordered answers.
///
/// Hᵢⱼ is the covariance over the largest one that the two marginals allow, that of the columns each in its own order; for items passed or
/// failed it is 1 − F/E, Guttman errors found over those expected of unrelated items (Loevinger 1948, Mokken 1971, Molenaar 1991). Constant
/// items take no part. Undefined: too few below two items or three rows, no variation without two items that vary. Same values as R
/// `mokken::coefH`.
pub fn scalability(items: &[Vec<f64>]) -> Result<Scalability, Reason> {
    let (k, n) = (items.len(), items.first().map_or(0, Vec::len));
    if k < 2 || n < 3 || items.iter().any(|item| item.len() != n) {
        return Err(Reason::TooFew);
    }
    let unit = scale::unit(items.iter().flatten().copied());
    let of_item = |item: &Vec<f64>| centred(&item.iter().map(|value| value / unit).collect::<Vec<f64>>());
    let found: Vec<Vec<f64>> = items.iter().map(of_item).collect();
    let ordered = |item: &Vec<f64>| {
        let mut sorted = item.clone();
        sorted.sort_by(f64::total_cmp);
        sorted
    };
    let largest: Vec<Vec<f64>> = found.iter().map(ordered).collect();
    let (mut of_pairs, mut of_items, mut total) = (vec![], vec![(0.0, 0.0); k], (0.0, 0.0));
    for i in 0..k {
        for j in i + 1..k {
            let pair = (product(&found[i], &found[j]), product(&largest[i], &largest[j]));
            of_pairs.push(ratio(pair));
            for item in [i, j] {
                of_items[item].0 += pair.0;
                of_items[item].1 += pair.1;
            }
            total.0 += pair.0;
            total.1 += pair.1;
        }
    }
    let items = of_items.into_iter().map(ratio).collect();
    Ok(Scalability { scale: ratio(total)?, items, pairs: of_pairs })
}

fn ratio((found, largest): (f64, f64)) -> Result<f64, Reason> {
    if largest > 0.0 { Ok((found / largest).min(1.0)) } else { Err(Reason::NoVariation) }
}

/// How far answers, passed or failed, are from a perfect cumulative scale.
#[derive(Debug, Clone, PartialEq)]
pub struct Guttman {
    /// For each person the pairs of items of which the easier is failed and the harder passed.
    pub errors: Vec<u64>,
    /// For each person the answers that differ from the perfect pattern with as many passed.
    pub deviations: Vec<u64>,
    /// 1 − deviations/answers (Goodenough 1944, Edwards 1957); .90 is the usual bar.
    pub reproducibility: f64,
    /// What reproducibility would be from the marginals alone, the mean of each item's larger share.
    pub marginal: f64,
}

/// Returns Guttman errors; `difficulty` orders the items from easy to hard, items of equal difficulty cannot be in error with one another.
///
/// Undefined: too few without persons or below two items.
pub fn guttman_errors(passed: &[Vec<bool>], difficulty: &[f64]) -> Result<Guttman, Reason> {
    let (k, n) = (difficulty.len(), passed.len());
    if k < 2 || n == 0 || passed.iter().any(|person| person.len() != k) {
        return Err(Reason::TooFew);
    }
    let harder = |i: usize, j: usize| difficulty[j] > difficulty[i];
    let pairs: Vec<(usize, usize)> =
        (0..k).flat_map(|i| (0..k).map(move |j| (i, j))).filter(|&(i, j)| harder(i, j)).collect();
    let errors = |person: &Vec<bool>| pairs.iter().filter(|&&(i, j)| !person[i] && person[j]).count() as u64;
    let deviations: Vec<u64> = passed.iter().map(|person| deviation(person, difficulty)).collect();
    let answers = (n * k) as f64;
    let larger = |item: usize| {
        let share = passed.iter().filter(|person| person[item]).count();
        share.max(n - share) as f64
    };
    Ok(Guttman {
        errors: passed.iter().map(errors).collect(),
        reproducibility: 1.0 - deviations.iter().sum::<u64>() as f64 / answers,
        marginal: (0..k).map(larger).sum::<f64>() / answers,
        deviations,
    })
}

/// Answers that differ from the perfect pattern; among items of equal difficulty the best choice of those passed.
fn deviation(person: &[bool], difficulty: &[f64]) -> u64 {
    let mut order: Vec<usize> = (0..person.len()).collect();
    order.sort_by(|&a, &b| difficulty[a].total_cmp(&difficulty[b]).then(person[b].cmp(&person[a])));
    let total = person.iter().filter(|&&passed| passed).count();
    order.iter().enumerate().filter(|&(place, &item)| person[item] != (place < total)).count() as u64
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn agrees_with_errors_counted() {
        // Items passed by 4 and 2 of 6; one Guttman error, expected 2·2/6: H = 1 − 1/(2/3).
        let (easy, hard) = (vec![1.0, 1.0, 1.0, 1.0, 0.0, 0.0], vec![1.0, 0.0, 0.0, 0.0, 1.0, 0.0]);
        let found = scalability(&[easy, hard]).expect("defined");
        assert!((found.scale - (1.0 - 1.0 / (2.0 * 2.0 / 6.0))).abs() < 1e-12, "{}", found.scale);
        let passed = [vec![true, true], vec![true, false], vec![false, true], vec![false, false]];
        let errors = guttman_errors(&passed, &[1.0, 2.0]).expect("defined");
        assert_eq!((errors.errors, errors.deviations), (vec![0, 0, 1, 0], vec![0, 0, 2, 0]));
        assert!((errors.reproducibility - 0.75).abs() < 1e-12 && (errors.marginal - 0.5).abs() < 1e-12);
        assert_eq!(guttman_errors(&passed, &[1.0, 1.0]).expect("defined").deviations, [0; 4]);
    }

    #[test]
    fn hard_cases_say_why() {
        assert_eq!(scalability(&[]), Err(Reason::TooFew));
        assert_eq!(scalability(&[vec![1.0; 5], vec![0.3; 5]]), Err(Reason::NoVariation));
        assert_eq!(guttman_errors(&[], &[1.0, 2.0]), Err(Reason::TooFew));
        let some = scalability(&[vec![1.0, 2.0, 3.0], vec![7.0; 3], vec![1.0, 5.0, 9.0]]).expect("defined");
        assert_eq!(some.items[1], Err(Reason::NoVariation));
        assert!((some.scale - 1.0).abs() < 1e-12);
    }

    proptest! {
        #[test]
        fn h_is_one_less_errors_over_expected(rows in prop::collection::vec(prop::array::uniform3(0u8..2), 3..40)) {
            let items: Vec<Vec<f64>> = (0..3).map(|k| rows.iter().map(|row| f64::from(row[k])).collect()).collect();
            if let Ok(found) = scalability(&items) {
                let n = rows.len() as f64;
                let passed = |k: usize| rows.iter().filter(|row| row[k] == 1).count() as f64;
                let (mut errors, mut expected) = (0.0, 0.0);
                for (i, j) in [(0, 1), (0, 2), (1, 2)] {
                    let (easy, hard) = if passed(i) >= passed(j) { (i, j) } else { (j, i) };
                    errors += rows.iter().filter(|row| row[easy] == 0 && row[hard] == 1).count() as f64;
                    expected += (n - passed(easy)) * passed(hard) / n;
                }
                prop_assert!((found.scale - (1.0 - errors / expected)).abs() < 1e-9);
                prop_assert!(found.scale <= 1.0);
            }
        }
    }
}
