//! Permutation tests: a difference of groups or a correlation against all ways in which the labels could have fallen.
//!
//! In: values with labels, or two columns; optional strata within which labels move. Out: a p value. Deliberately absent: intervals.

use std::ops::Range;

use rayon::prelude::*;

use super::Reason;
use super::correlation::{centred, coefficient, midranks, product};
use super::redraw::{Subsets, shuffle_into};
use crate::random::{Random, Streams};

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
/// when all values are the same. Work: all permutations where there are at most `draws`, otherwise that many at random, p = (1 + b)/(1 + draws);
/// of two groups only the members of the first are drawn (`redraw`).
pub fn permute_groups(
    values: &[f64],
    groups: &[usize],
    strata: &[usize],
    (draws, words): (usize, &[&str]),
) -> Result<Permuted, Reason> {
    let n_groups = groups.iter().max().map_or(0, |last| last + 1);
    let mut sizes = vec![0.0; n_groups];
    groups.iter().for_each(|&group| sizes[group] += 1.0);
    let present = sizes.iter().filter(|size| **size > 0.0).count();
    if present < 2 || values.len() != groups.len() {
        return Err(Reason::TooFew);
    }
    let order = by_stratum(strata);
    let values: Vec<f64> = centred(&order.iter().map(|&row| values[row]).collect::<Vec<f64>>());
    if values.iter().all(|value| value.abs() <= 0.0) {
        return Err(Reason::NoVariation);
    }
    let labels: Vec<u32> = order.iter().map(|&row| groups[row] as u32).collect();
    let blocks = blocks(strata, &order, &labels);
    if n_groups == 2 {
        let whole: f64 = values.iter().sum();
        let difference = |first: f64| first / sizes[0] - (whole - first) / sizes[1];
        let of_first = |labels: &[u32]| -> f64 {
            values.iter().zip(labels).filter(|(_, label)| **label == 0).map(|(value, _)| value).sum()
        };
        let subsets = Subsets::new(&values, &blocks, |row| labels[row] == 0);
        let at_random = |random: &mut Random, _: &mut Vec<u32>| difference(subsets.sum(random));
        let statistic = |labels: &[u32]| difference(of_first(labels));
        return Ok(permute(&labels, &blocks, (&statistic, &at_random), (draws, words)));
    }
    let statistic = |labels: &[u32]| {
        let mut sums = vec![0.0; n_groups];
        values.iter().zip(labels).for_each(|(value, &label)| sums[label as usize] += value);
        sums.iter().zip(&sizes).filter(|(_, size)| **size > 0.0).map(|(sum, size)| sum * sum / size).sum()
    };
    let at_random = |random: &mut Random, shuffled: &mut Vec<u32>| {
        shuffled.clone_from(&labels);
        blocks.iter().for_each(|at| shuffle_into(&labels[at.clone()], &mut shuffled[at.clone()], random));
        statistic(shuffled)
    };
    Ok(permute(&labels, &blocks, (&statistic, &at_random), (draws, words)))
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
    let order = by_stratum(strata);
    let ready = |side: &[f64]| centred(&order.iter().map(|&row| side[row]).collect::<Vec<f64>>());
    let (x, y) = (ready(&x), ready(&y));
    let scale = product(&x, &x).sqrt() * product(&y, &y).sqrt();
    let labels: Vec<u32> = (0..x.len() as u32).collect();
    let blocks = blocks(strata, &order, &labels);
    let statistic =
        |places: &[u32]| x.iter().zip(places).map(|(x, &place)| x * y[place as usize]).sum::<f64>() / scale;
    let at_random = |random: &mut Random, shuffled: &mut Vec<f64>| {
        shuffled.clone_from(&y);
        blocks.iter().for_each(|at| shuffle_into(&y[at.clone()], &mut shuffled[at.clone()], random));
        product(&x, shuffled) / scale
    };
    Ok(permute(&labels, &blocks, (&statistic, &at_random), (draws, words)))
}

/// The statistic of labels in an order, and of a random order; the vector is room that a thread uses again.
type Statistics<'a, T> = (&'a dyn Fn(&[u32]) -> f64, &'a (dyn Fn(&mut Random, &mut Vec<T>) -> f64 + Sync));

fn permute<T: Send>(
    labels: &[u32],
    blocks: &[Range<usize>],
    (statistic, at_random): Statistics<'_, T>,
    (draws, words): (usize, &[&str]),
) -> Permuted {
    let observed = statistic(labels);
    let reaches = |found: f64| found.abs() >= observed.abs() * (1.0 - TIE);
    if count_orders(labels, blocks) <= draws as f64 {
        let (mut reached, mut tried) = (0u64, 0u64);
        every_order(&mut labels.to_vec(), blocks, &mut |order| {
            tried += 1;
            reached += u64::from(reaches(statistic(order)));
        });
        let p_value = reached as f64 / tried as f64;
        return Permuted { statistic: observed, p_value, permutations: tried, exact: true };
    }
    let streams = Streams::new(words);
    let one = |room: &mut Vec<T>, draw: usize| u64::from(reaches(at_random(&mut streams.open(draw), room)));
    let reached: u64 = (0..draws).into_par_iter().map_init(Vec::new, one).sum();
    let permutations = draws as u64 + 1;
    Permuted {
        statistic: observed,
        p_value: (1 + reached) as f64 / permutations as f64,
        permutations,
        exact: false,
    }
}

/// Returns the rows stratum by stratum, those of each in their own order.
fn by_stratum(strata: &[usize]) -> Vec<usize> {
    let mut order: Vec<usize> = (0..strata.len()).collect();
    order.sort_by_key(|&row| strata[row]);
    order
}

/// Returns where each stratum stands in the order of its rows; one whose rows share a label is the same in every order and left out.
fn blocks(strata: &[usize], order: &[usize], labels: &[u32]) -> Vec<Range<usize>> {
    let mut end = 0;
    let place = |rows: &[usize]| {
        end += rows.len();
        end - rows.len()..end
    };
    let blocks = order.chunk_by(|&a, &b| strata[a] == strata[b]).map(place);
    blocks.filter(|block| labels[block.clone()].iter().any(|label| *label != labels[block.start])).collect()
}

/// Returns the number of distinct orders of the labels within the blocks.
fn count_orders(labels: &[u32], blocks: &[Range<usize>]) -> f64 {
    let of_block = |block: &Range<usize>| {
        let mut sorted = labels[block.clone()].to_vec();
        sorted.sort_unstable();
        let log_factorial = |n: usize| libm::lgamma(n as f64 + 1.0);
        log_factorial(sorted.len())
            - sorted.chunk_by(|a, b| a == b).map(|same| log_factorial(same.len())).sum::<f64>()
    };
    libm::exp(blocks.iter().map(of_block).sum::<f64>()).round()
}

/// Visits every distinct order of the labels within the blocks, block after block.
fn every_order(labels: &mut [u32], blocks: &[Range<usize>], visit: &mut dyn FnMut(&[u32])) {
    let Some((block, rest)) = blocks.split_first() else { return visit(labels) };
    labels[block.clone()].sort_unstable();
    loop {
        every_order(labels, rest, visit);
        if !next_order(&mut labels[block.clone()]) {
            return;
        }
    }
}

/// Turns `order` into the next one in the dictionary; false after the last.
fn next_order(order: &mut [u32]) -> bool {
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
    fn the_same_on_any_number_of_threads() {
        let values: Vec<f64> = (0..90).map(|row| f64::from(row * row % 31)).collect();
        let strata: Vec<usize> = (0..90).map(|row| row / 30).collect();
        let run = |threads| {
            let pool = rayon::ThreadPoolBuilder::new().num_threads(threads).build().expect("a pool");
            let groups = |k: usize| (0..90).map(|row| row % k).collect::<Vec<usize>>();
            let of = |k| permute_groups(&values, &groups(k), &strata, (200, &["t"]));
            let pairs = || permute_pairs((&values[1..], &values[..89]), false, &[0; 89], (200, &["t"]));
            pool.install(|| (of(2), of(3), pairs()))
        };
        assert_eq!(run(1), run(3));
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
