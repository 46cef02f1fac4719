//! Permutation tests: a difference of groups or a correlation against all ways in which the labels could have fallen.
//!
//! In: values with labels, or two columns; optional strata within which labels move. Out: a p value. Deliberately absent: intervals.

use super::Reason;
use super::correlation::{centred, coefficient, midranks};
use crate::random::Random;
use rayon::prelude::*;

/// What a permutation test found.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Permuted {
    /// The statistic as observed.
    pub statistic: f64,
    /// Share of permutations whose statistic lies at least as far from 0, the observed one included.
    pub p_value: f64,
    /// Number of permutations tried, the observed one included.
    pub permutations: u64,
    /// Whether these were all there are.
    pub exact: bool,
}

/// Statistics closer than this, relatively, are ties.
const TIE: f64 = 1e-10;

/// Returns the difference of the means of groups 0 and 1, or for more groups Σn·(mean − grand mean)², with its permutation p.
///
/// Labels move within `strata` (one number a row; all the same for none). Undefined: too few below two groups with observations, no variation
/// when all values are the same. Work: all permutations where there are at most `draws`, otherwise that many at random, p = (1 + b)/(1 + draws).
pub fn permute_groups(
    values: &[f64],
    groups: &[usize],
    strata: &[usize],
    (draws, words): (usize, &[&str]),
) -> Result<Permuted, Reason> {
    let n_groups = groups.iter().max().map_or(0, |last| last + 1);
    let present = (0..n_groups).filter(|group| groups.contains(group)).count();
    if present < 2 || values.len() != groups.len() {
        return Err(Reason::TooFew);
    }
    let values = centred(values);
    if values.iter().all(|value| value.abs() <= 0.0) {
        return Err(Reason::NoVariation);
    }
    let statistic = |labels: &[usize]| {
        let (mut sums, mut sizes) = (vec![0.0; n_groups], vec![0.0; n_groups]);
        for (value, &label) in values.iter().zip(labels) {
            sums[label] += value;
            sizes[label] += 1.0;
        }
        if n_groups == 2 {
            return sums[0] / sizes[0] - sums[1] / sizes[1];
        }
        sums.iter().zip(&sizes).filter(|(_, size)| **size > 0.0).map(|(sum, size)| sum * sum / size).sum()
    };
    Ok(permute(groups, strata, &statistic, (draws, words)))
}

/// Returns Pearson's correlation, or Spearman's with `ranks`, with the permutation p of no relation.
///
/// Undefined as `correlation::coefficient`; strata and work as in `permute_groups`.
pub fn permute_pairs(
    (x, y): (&[f64], &[f64]),
    ranks: bool,
    strata: &[usize],
    (draws, words): (usize, &[&str]),
) -> Result<Permuted, Reason> {
    let (x, y) = if ranks { (midranks(x), midranks(y)) } else { (x.to_vec(), y.to_vec()) };
    coefficient(&x, &y)?;
    let (x, y) = (centred(&x), centred(&y));
    let length = |values: &[f64]| values.iter().map(|value| value * value).sum::<f64>().sqrt();
    let scale = length(&x) * length(&y);
    let statistic =
        |order: &[usize]| x.iter().zip(order).map(|(x, &place)| x * y[place]).sum::<f64>() / scale;
    let order: Vec<usize> = (0..x.len()).collect();
    Ok(permute(&order, strata, &statistic, (draws, words)))
}

fn permute(
    labels: &[usize],
    strata: &[usize],
    statistic: &(dyn Fn(&[usize]) -> f64 + Sync),
    (draws, words): (usize, &[&str]),
) -> Permuted {
    let observed = statistic(labels);
    let reaches = |found: f64| found.abs() >= observed.abs() * (1.0 - TIE);
    // Strata with one label are the same in every order; what remains is few where all orders are tried.
    let mut blocks = blocks(strata);
    blocks.retain(|block| block.iter().any(|&row| labels[row] != labels[block[0]]));
    if count_orders(labels, &blocks) <= draws as f64 {
        let (mut reached, mut tried) = (0u64, 0u64);
        let mut current = labels.to_vec();
        every_order(&mut current, &blocks, &mut |order| {
            tried += 1;
            reached += u64::from(reaches(statistic(order)));
        });
        let p_value = reached as f64 / tried as f64;
        return Permuted { statistic: observed, p_value, permutations: tried, exact: true };
    }
    let one = |draw: usize| {
        let draw = draw.to_string();
        let mut random = Random::new(&[words, &[&draw]].concat());
        let mut order = labels.to_vec();
        for block in &blocks {
            for last in (1..block.len()).rev() {
                order.swap(block[last], block[random.below(last as u64 + 1) as usize]);
            }
        }
        u64::from(reaches(statistic(&order)))
    };
    let reached: u64 = (0..draws).into_par_iter().map(one).sum();
    let permutations = draws as u64 + 1;
    Permuted {
        statistic: observed,
        p_value: (1 + reached) as f64 / permutations as f64,
        permutations,
        exact: false,
    }
}

/// Returns the rows of each stratum.
fn blocks(strata: &[usize]) -> Vec<Vec<usize>> {
    let mut blocks = vec![Vec::new(); strata.iter().max().map_or(0, |last| last + 1)];
    strata.iter().enumerate().for_each(|(row, &stratum)| blocks[stratum].push(row));
    blocks
}

/// Returns the number of distinct orders of the labels within the blocks.
fn count_orders(labels: &[usize], blocks: &[Vec<usize>]) -> f64 {
    let of_block = |block: &Vec<usize>| {
        let mut sorted: Vec<usize> = block.iter().map(|&row| labels[row]).collect();
        sorted.sort_unstable();
        let log_factorial = |n: usize| libm::lgamma(n as f64 + 1.0);
        log_factorial(sorted.len())
            - sorted.chunk_by(|a, b| a == b).map(|same| log_factorial(same.len())).sum::<f64>()
    };
    libm::exp(blocks.iter().map(of_block).sum::<f64>()).round()
}

/// Visits every distinct order of the labels within the blocks, block after block.
fn every_order(labels: &mut [usize], blocks: &[Vec<usize>], visit: &mut dyn FnMut(&[usize])) {
    let Some((block, rest)) = blocks.split_first() else { return visit(labels) };
    let mut order: Vec<usize> = block.iter().map(|&row| labels[row]).collect();
    order.sort_unstable();
    loop {
        block.iter().zip(&order).for_each(|(&row, &label)| labels[row] = label);
        every_order(labels, rest, visit);
        if !next_order(&mut order) {
            return;
        }
    }
}

/// Turns `order` into the next one in the dictionary; false after the last.
fn next_order(order: &mut [usize]) -> bool {
    let Some(pivot) = (1..order.len()).rev().find(|&i| order[i - 1] < order[i]).map(|i| i - 1) else {
        return false;
    };
    if let Some(swap) = (pivot + 1..order.len()).rev().find(|&i| order[i] > order[pivot]) {
        order.swap(pivot, swap);
    }
    order[pivot + 1..].reverse();
    true
}

#[cfg(test)]
mod tests {
    use super::*;

    const NONE: [usize; 8] = [0; 8];

    #[test]
    fn all_permutations_agree_with_scipy() {
        // scipy.stats.permutation_test 1.17, exact: difference of means of 4 and 4; of pearsonr by permutation of one side.
        let values = [1.0, 2.5, 3.0, 4.5, 5.0, 6.5, 2.0, 8.0];
        let groups = [0, 0, 0, 0, 1, 1, 1, 1];
        let found = permute_groups(&values, &groups, &NONE, (1000, &["p"])).expect("defined");
        assert_eq!((found.permutations, found.exact), (70, true));
        assert!((found.p_value - 0.17142857142857143).abs() < 1e-12, "{}", found.p_value);
        let pairs = (&values[..6], &[2.0, 1.0, 5.0, 3.0, 6.0, 4.0][..]);
        let found = permute_pairs(pairs, false, &NONE[..6], (1000, &["p"])).expect("defined");
        assert_eq!(found.permutations, 720);
        assert!((found.p_value - 0.25277777777777777).abs() < 1e-12, "{}", found.p_value);
    }

    #[test]
    fn strata_bound_the_permutations() {
        let values = [1.0, 2.0, 3.0, 10.0, 11.0, 12.0];
        let found = permute_groups(&values, &[0, 1, 1, 0, 0, 1], &[0, 0, 0, 1, 1, 1], (1000, &["s"]))
            .expect("defined");
        assert_eq!((found.permutations, found.exact), (9, true));
    }

    #[test]
    fn random_permutations_come_near_all() {
        let values = [1.0, 2.5, 3.0, 4.5, 5.0, 6.5, 2.0, 8.0];
        let found = permute_groups(&values, &[0, 0, 0, 0, 1, 1, 1, 1], &NONE, (60, &["r"])).expect("defined");
        assert!(
            !found.exact && found.permutations == 61 && (found.p_value - 0.17142857142857143).abs() < 0.15
        );
    }

    #[test]
    fn hard_cases_say_why() {
        assert_eq!(permute_groups(&[], &[], &[], (9, &[])), Err(Reason::TooFew));
        assert_eq!(permute_groups(&[1.0, 2.0], &[0, 0], &[0, 0], (9, &[])), Err(Reason::TooFew));
        assert_eq!(permute_groups(&[1e9 + 0.1; 3], &[0, 1, 1], &[0; 3], (9, &[])), Err(Reason::NoVariation));
        assert_eq!(
            permute_pairs((&[1.0; 3], &[1.0, 2.0, 3.0]), true, &[0; 3], (9, &[])),
            Err(Reason::NoVariation)
        );
    }
}
