//! R² of an outcome on every subset of its predictors, and what dominance analysis makes of them.
//!
//! In: a correlation matrix. Out: 2ᵖ shares of variance, Shapley values, dominance. Deliberately absent: sampling of subsets (above 15
//! predictors there are Johnson's weights, `importance`).
//!
//! Subsets are visited as a tree: with predictors taken in or left out one after another, each visit sweeps what is left of the matrix by
//! the predictor taken in. Half of the visits see a matrix of one predictor, a quarter one of two, so that a subset costs a handful of
//! operations however many predictors there are.

use super::Reason;
use super::regression::inverse_correlation;

/// Predictors up to which all subsets are visited.
pub const MOST_PREDICTORS: usize = 15;

/// R² of every subset of p predictors; bit k of a subset's number tells whether it holds predictor k.
#[derive(Debug, Clone, PartialEq)]
pub struct Subsets {
    /// Number of predictors.
    pub size: usize,
    /// 2ᵖ shares of variance.
    pub r_squared: Vec<f64>,
}

impl Subsets {
    /// Computes the shares from a `correlation` matrix of (p+1)² values whose last column is the outcome.
    ///
    /// Undefined: too few without predictors, not applicable above 15, collinear.
    pub fn new(correlation: &[f64], columns: usize) -> Result<Self, Reason> {
        let size = columns.saturating_sub(1);
        if size == 0 || correlation.len() != columns * columns {
            return Err(Reason::TooFew);
        }
        if size > MOST_PREDICTORS {
            return Err(Reason::NotApplicable);
        }
        let within: Vec<f64> =
            (0..size).flat_map(|i| correlation[i * columns..i * columns + size].to_vec()).collect();
        inverse_correlation(&within, size)?;
        Ok(Self::swept(correlation, size))
    }

    /// As `new` without its checks: for matrices known to be definite.
    pub(super) fn swept(correlation: &[f64], size: usize) -> Self {
        let columns = size + 1;
        // The outcome comes first, so that leaving out the last predictor means forgetting the last row.
        let place = |i: usize| if i == 0 { size } else { i - 1 };
        let mut matrix = Vec::with_capacity(columns * (columns + 1) / 2);
        for i in 0..columns {
            matrix.extend((0..=i).map(|j| correlation[place(i) * columns + place(j)]));
        }
        let mut r_squared = vec![0.0; 1 << size];
        let mut space = vec![0.0; (1..=columns).map(|rows| rows * (rows + 1) / 2).sum()];
        visit(&matrix, size, &mut space, &mut r_squared);
        Self { size, r_squared }
    }

    /// Returns R² of all predictors together.
    pub fn full(&self) -> f64 {
        self.r_squared[self.r_squared.len() - 1]
    }

    /// Returns each predictor's Shapley value: the mean over all orders of what it adds to R² when it comes in. They sum to R².
    ///
    /// Also known as LMG (Lindeman, Merenda and Gold 1980; Grömping 2006), general dominance (Budescu 1993), Shapley value regression.
    pub fn shapley(&self) -> Vec<f64> {
        let p = self.size;
        // Weights of R²(S) for members of S and for the others: (s−1)!(p−s)!/p! and s!(p−s−1)!/p!.
        let chance = chances(p);
        let inside = |s: usize| if s > 0 { chance[s - 1] } else { 0.0 };
        let outside = |s: usize| if s < p { chance[s] } else { 0.0 };
        let sums: Vec<f64> = (0..=p).map(|s| inside(s) + outside(s)).collect();
        let mut fold = Vec::with_capacity(self.r_squared.len());
        let mut others = 0.0;
        for (subset, value) in self.r_squared.iter().enumerate() {
            let s = subset.count_ones() as usize;
            others += outside(s) * value;
            fold.push(sums[s] * value);
        }
        // Sums over the subsets that hold the last predictor, then the two halves are laid over each other for the one before it.
        let mut values = vec![0.0; p];
        for k in (0..p).rev() {
            let (without, with) = fold.split_at_mut(1 << k);
            values[k] = with.iter().sum::<f64>() - others;
            without.iter_mut().zip(with.iter()).for_each(|(a, b)| *a += *b);
            fold.truncate(1 << k);
        }
        values
    }

    /// Returns the Shapley values of groups of predictors, each the set of its members' bits, that come in together.
    ///
    /// Predictors in no group stay out. Groups must not overlap (Grömping 2006, `groups`).
    pub fn of_groups(&self, groups: &[usize]) -> Self {
        let union = |players: usize| -> usize {
            groups.iter().enumerate().filter(|(k, _)| players >> k & 1 == 1).map(|(_, members)| members).sum()
        };
        let r_squared = (0..1usize << groups.len()).map(|players| self.r_squared[union(players)]).collect();
        Self { size: groups.len(), r_squared }
    }

    /// Returns conditional dominance: per predictor, what it adds on average to subsets of 0, 1 … p − 1 others (Azen and Budescu 2003).
    pub fn conditional(&self) -> Vec<Vec<f64>> {
        let p = self.size;
        let added = |k: usize| {
            let (mut sums, mut counts) = (vec![0.0; p], vec![0.0; p]);
            for subset in (0..self.r_squared.len()).filter(|subset| subset >> k & 1 == 0) {
                let s = subset.count_ones() as usize;
                sums[s] += self.r_squared[subset | 1 << k] - self.r_squared[subset];
                counts[s] += 1.0;
            }
            sums.iter().zip(counts).map(|(sum, count)| sum / count).collect()
        };
        (0..p).map(added).collect()
    }

    /// Returns the share of subsets of the other predictors to which `i` adds more than `j`; 1 is complete dominance (Azen and Budescu 2003).
    pub fn dominance(&self, i: usize, j: usize) -> f64 {
        let both = 1usize << i | 1 << j;
        let others = || (0..self.r_squared.len()).filter(|subset| subset & both == 0);
        let wins = others().filter(|s| self.r_squared[s | 1 << i] > self.r_squared[s | 1 << j]).count();
        wins as f64 / others().count() as f64
    }
}

/// Returns s!(p−s−1)!/p! for s = 0 … p − 1, the chance that just s given others come before a predictor.
fn chances(p: usize) -> Vec<f64> {
    let mut chances = vec![1.0 / p as f64; p];
    for s in 1..p {
        chances[s] = chances[s - 1] * s as f64 / (p - s) as f64;
    }
    chances
}

/// Writes 1 − what is left of the outcome's variance for every subset of the first `size` predictors of a packed lower triangle.
///
/// `out` holds 2^size places: the lower half without the last predictor, the upper half with it.
fn visit(matrix: &[f64], size: usize, space: &mut [f64], out: &mut [f64]) {
    let row = size * (size + 1) / 2;
    let last = &matrix[row..=row + size];
    if size == 0 {
        out[0] = 1.0 - matrix[0];
        return;
    }
    if size == 1 {
        out[0] = 1.0 - matrix[0];
        out[1] = out[0] + last[0] * last[0] / last[1];
        return;
    }
    let (without, with) = out.split_at_mut(1 << (size - 1));
    let (swept, space) = space.split_at_mut(row);
    let scale = 1.0 / last[size];
    let mut start = 0;
    for i in 0..size {
        let factor = last[i] * scale;
        let rows = swept[start..=start + i].iter_mut().zip(&matrix[start..=start + i]);
        rows.zip(last).for_each(|((new, old), pivot)| *new = old - factor * pivot);
        start += i + 1;
    }
    visit(swept, size - 1, space, with);
    visit(matrix, size - 1, space, without);
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::stats::attitude;
    use crate::stats::crossproduct::CrossProducts;
    use proptest::prelude::*;

    fn correlation(columns: &[Vec<f64>]) -> Vec<f64> {
        let n = columns[0].len();
        CrossProducts::of(columns, &vec![1.0; n], n as f64)
            .and_then(|found| found.correlation())
            .expect("defined")
    }

    fn close(value: f64, expected: f64) {
        assert!((value - expected).abs() <= 1e-12, "{value} is not {expected}");
    }

    #[test]
    fn agrees_with_relaimpo_and_domir() {
        // key_drivers.csv: relaimpo 2.2-7 lmg, domir 1.2.0 conditional dominance of complaints.
        let subsets = Subsets::new(&correlation(&attitude::columns()), 7).expect("defined");
        close(subsets.full(), 0.732_601_992_531_149_4);
        let lmg = subsets.shapley();
        close(lmg[0], 0.37081619431932833);
        close(lmg[1], 0.050_903_792_971_544_28);
        close(lmg[5], 0.028182213121647086);
        let expected = [
            0.681_314_164_108_863_8,
            0.494_246_919_985_338_5,
            0.373_554_784_361_704,
            0.286_700_888_634_067_2,
        ];
        subsets.conditional()[0].iter().zip(expected).for_each(|(found, wanted)| close(*found, wanted));
        close(subsets.dominance(0, 4), 1.0);
        close(subsets.dominance(0, 2) + subsets.dominance(2, 0), 1.0);
    }

    #[test]
    fn groups_come_in_together() {
        let subsets = Subsets::new(&correlation(&attitude::columns()), 7).expect("defined");
        let groups = subsets.of_groups(&[0b000_011, 0b111_100]);
        close(groups.full(), subsets.full());
        // Two players share what they have in common evenly.
        let (a, b) = (subsets.r_squared[0b000_011], subsets.r_squared[0b111_100]);
        close(groups.shapley()[0], 0.5 * (a + subsets.full() - b));
        let single: Vec<usize> = (0..6).map(|k| 1 << k).collect();
        assert_eq!(subsets.of_groups(&single), subsets);
    }

    #[test]
    fn hard_cases_say_why() {
        assert_eq!(Subsets::new(&[], 0), Err(Reason::TooFew));
        assert_eq!(Subsets::new(&[1.0], 1), Err(Reason::TooFew));
        assert_eq!(Subsets::new(&[1.0, 1.0, 0.5, 1.0, 1.0, 0.5, 0.5, 0.5, 1.0], 3), Err(Reason::Collinear));
        assert_eq!(Subsets::new(&[0.0; 289], 17), Err(Reason::NotApplicable));
        close(Subsets::new(&[1.0, 0.5, 0.5, 1.0], 2).expect("defined").shapley()[0], 0.25);
    }

    proptest! {
        #[test]
        fn shares_sum_to_r_squared_and_follow_their_columns(values in prop::collection::vec(-1.0f64..1.0, 100), turn in 0usize..4) {
            let mut columns: Vec<Vec<f64>> = values.chunks(20).map(<[f64]>::to_vec).collect();
            let subsets = Subsets::new(&correlation(&columns), 5).expect("random columns are not collinear");
            let lmg = subsets.shapley();
            prop_assert!((lmg.iter().sum::<f64>() - subsets.full()).abs() < 1e-12);
            prop_assert!(lmg.iter().all(|share| *share >= -1e-15));
            for (k, added) in subsets.conditional().iter().enumerate() {
                prop_assert!((added.iter().sum::<f64>() / 4.0 - lmg[k]).abs() < 1e-12);
            }
            columns[..4].rotate_left(turn);
            let turned = Subsets::new(&correlation(&columns), 5).expect("defined").shapley();
            for (k, share) in turned.iter().enumerate() {
                prop_assert!((share - lmg[(k + turn) % 4]).abs() < 1e-12);
            }
        }
    }
}
