//! Confidence sets of ranks: which places a unit can have, given the errors of all.
//!
//! In: estimates with standard errors (independent units). Out: sets of ranks, marginal and joint, and the units that may be among the best.
//! Deliberately absent: correlated estimates; ranks by draws from a posterior (`rank_draw`), which do not hold with the probability they say
//! when units are close.
//!
//! Every ordered pair is tested, θ̂ⱼ − θ̂ₖ against the largest of all pairs' standardised Gaussian deviations; pairs rejected leave the family and
//! the rest are tested again until nothing more is rejected (Mogstad, Romano, Shaikh and Wilhelm, Review of Economic Studies 2024).

use rayon::prelude::*;

use super::Reason;
use crate::random::Random;

/// Units up to which joint sets are computed; beyond, each set holds for its unit alone.
pub const MOST_JOINT: usize = 500;

/// Estimates to be ranked and how.
#[derive(Debug, Clone, Copy)]
pub struct Ranked<'a> {
    /// (estimate, standard error) of each unit, the largest estimate having rank 1.
    pub units: &'a [(f64, f64)],
    /// Probability with which the sets hold.
    pub level: f64,
    /// Number of Gaussian draws for critical values.
    pub draws: usize,
    /// Words that name the random streams.
    pub seed: &'a str,
}

/// The ranks that a unit may have.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct RankSet {
    /// 1 + number of units that are surely better.
    pub lowest: usize,
    /// k − number of units that are surely worse.
    pub highest: usize,
}

/// Standardised differences and draws, shared by all sets.
struct Pairs {
    size: usize,
    /// 1/√(sⱼ² + sₖ²).
    scale: Vec<f64>,
    /// (θ̂ⱼ − θ̂ₖ) · scale.
    statistic: Vec<f64>,
    /// Rows of draws N(0, s²).
    draws: Vec<Vec<f64>>,
    level: f64,
}

/// Returns each unit's rank, 1 for the largest; ties take the lowest rank of theirs.
pub fn ranks(values: &[f64]) -> Vec<usize> {
    values.iter().map(|value| 1 + values.iter().filter(|other| *other > value).count()).collect()
}

/// Returns sets that all hold together with probability `level`.
///
/// Undefined: too few below two units, no dispersion when a standard error is not above 0, not applicable above 500 units. As R
/// `csranks::csranks(simul = TRUE)`.
pub fn joint(ranked: &Ranked<'_>) -> Result<Vec<RankSet>, Reason> {
    if ranked.units.len() > MOST_JOINT {
        return Err(Reason::NotApplicable);
    }
    let pairs = Pairs::new(ranked)?;
    let size = pairs.size;
    let family = (0..size * size).filter(|at| at / size != at % size).map(|at| at as u32).collect();
    let better = pairs.rejected(family, |family| pairs.largest(family));
    Ok((0..size).map(|unit| pairs.set(unit, &better)).collect())
}

/// Returns sets each of which holds for its unit with probability `level`.
///
/// Undefined: as `joint`, at any number of units. As R `csranks::csranks(simul = FALSE)`.
pub fn marginal(ranked: &Ranked<'_>) -> Result<Vec<RankSet>, Reason> {
    let pairs = Pairs::new(ranked)?;
    let size = pairs.size;
    let set = |unit: usize| {
        let others = || (0..size).filter(move |other| *other != unit);
        let family =
            others().flat_map(|other| [unit * size + other, other * size + unit]).map(|at| at as u32);
        let better = pairs.rejected(family.collect(), |family| {
            // While nothing is rejected both orders of each pair are in the family.
            let is_whole = family.len() == 2 * (size - 1);
            let largest = |draw: &Vec<f64>| match is_whole {
                true => pairs.largest_of(unit, draw),
                false => pairs.deviation(draw, family),
            };
            pairs.draws.iter().map(largest).collect()
        });
        pairs.set(unit, &better)
    };
    Ok((0..size).into_par_iter().map(set).collect())
}

/// Returns which units may be among the `best` largest: a set that holds all of those with probability `level`.
///
/// A unit is left out when at least `best` others are surely better, by one-sided tests of all pairs. As R `csranks::cstaubest`; for the worst
/// (`cstauworst`), change the signs of the estimates. Undefined: as `joint`.
pub fn may_be_best(ranked: &Ranked<'_>, best: usize) -> Result<Vec<bool>, Reason> {
    Ok(joint(ranked)?.iter().map(|set| set.lowest <= best).collect())
}

impl Pairs {
    fn new(ranked: &Ranked<'_>) -> Result<Self, Reason> {
        let units = ranked.units;
        if units.len() < 2 || ranked.draws == 0 {
            return Err(Reason::TooFew);
        }
        if units.iter().any(|(value, error)| !(value.is_finite() && *error > 0.0 && error.is_finite())) {
            return Err(Reason::NoDispersion);
        }
        let size = units.len();
        let square = |x: f64| x * x;
        let scale = |at: usize| 1.0 / (square(units[at / size].1) + square(units[at % size].1)).sqrt();
        let scale: Vec<f64> = (0..size * size).map(scale).collect();
        let statistic = |at: usize| (units[at / size].0 - units[at % size].0) * scale[at];
        let statistic = (0..size * size).map(statistic).collect();
        let draw = |index: usize| {
            let mut random = Random::new(&[ranked.seed, "rank sets", &index.to_string()]);
            units.iter().map(|(_, error)| error * random.normal()).collect()
        };
        let draws = (0..ranked.draws).into_par_iter().map(draw).collect();
        Ok(Self { size, scale, statistic, draws, level: ranked.level })
    }

    /// Returns the largest standardised difference of one draw over the pairs of a family.
    fn deviation(&self, draw: &[f64], family: &[u32]) -> f64 {
        let size = self.size as u32;
        let of =
            |&at: &u32| (draw[(at / size) as usize] - draw[(at % size) as usize]) * self.scale[at as usize];
        family.iter().map(of).fold(f64::NEG_INFINITY, f64::max)
    }

    fn largest(&self, family: &[u32]) -> Vec<f64> {
        // While nothing is rejected the family is all pairs, whose rows can be walked without looking up places.
        if family.len() == self.size * (self.size - 1) {
            return self.draws.par_iter().map(|draw| self.largest_of_all(draw)).collect();
        }
        self.draws.par_iter().map(|draw| self.deviation(draw, family)).collect()
    }

    /// Both orders of a pair are in the family, so the largest size of the differences counts.
    fn largest_of_all(&self, draw: &[f64]) -> f64 {
        let mut largest = 0.0f64;
        for (j, own) in draw.iter().enumerate() {
            let scale = &self.scale[j * self.size..j * self.size + j];
            let row = draw[..j].iter().zip(scale).map(|(other, scale)| ((own - other) * scale).abs());
            largest = row.fold(largest, |a, b| if a > b { a } else { b });
        }
        largest
    }

    /// Returns the largest size of one unit's differences; its own is 0.
    fn largest_of(&self, unit: usize, draw: &[f64]) -> f64 {
        let (own, scale) = (draw[unit], &self.scale[unit * self.size..(unit + 1) * self.size]);
        let sizes = draw.iter().zip(scale).map(|(other, scale)| ((own - other) * scale).abs());
        sizes.fold(0.0, |a, b| if a > b { a } else { b })
    }

    /// Returns for every ordered pair (j, k) whether j is surely larger than k.
    fn rejected(&self, mut family: Vec<u32>, largest: impl Fn(&[u32]) -> Vec<f64>) -> Vec<bool> {
        let mut better = vec![false; self.size * self.size];
        while !family.is_empty() {
            let critical = quantile(largest(&family), self.level);
            let before = family.len();
            family.retain(|&at| {
                better[at as usize] = self.statistic[at as usize] > critical;
                !better[at as usize]
            });
            if family.len() == before {
                break;
            }
        }
        better
    }

    fn set(&self, unit: usize, better: &[bool]) -> RankSet {
        let above = (0..self.size).filter(|other| better[other * self.size + unit]).count();
        let below = (0..self.size).filter(|other| better[unit * self.size + other]).count();
        RankSet { lowest: 1 + above, highest: self.size - below }
    }
}

/// Type 7 quantile.
fn quantile(mut values: Vec<f64>, p: f64) -> f64 {
    values.sort_unstable_by(f64::total_cmp);
    let position = p * (values.len() - 1) as f64;
    let floor = libm::floor(position) as usize;
    let next = (floor + 1).min(values.len() - 1);
    values[floor] + (position - floor as f64) * (values[next] - values[floor])
}

#[cfg(test)]
mod tests {
    use super::*;

    /// D7 of statistics.md.
    const SIX: [(f64, f64); 6] =
        [(82.0, 1.5), (79.0, 1.2), (78.0, 2.0), (85.0, 1.1), (74.0, 1.8), (80.0, 2.5)];

    fn ranked(units: &[(f64, f64)]) -> Ranked<'_> {
        Ranked { units, level: 0.95, draws: 20_000, seed: "test" }
    }

    #[test]
    fn agrees_with_csranks() {
        // csranks(x, diag(se^2), R = 1e5, seed = 1).
        let sets = joint(&ranked(&SIX)).expect("defined");
        assert_eq!(sets.iter().map(|set| set.lowest).collect::<Vec<usize>>(), [1, 2, 2, 1, 3, 1]);
        assert_eq!(sets.iter().map(|set| set.highest).collect::<Vec<usize>>(), [5, 6, 6, 3, 6, 6]);
        let best = may_be_best(&ranked(&SIX), 2).expect("defined");
        assert_eq!(best, [true, true, true, true, false, true]);
        let worst = may_be_best(&ranked(&SIX.map(|(value, error)| (-value, error))), 2).expect("defined");
        assert_eq!(worst, [true, true, true, false, true, true]);
    }

    #[test]
    fn marginal_sets_lie_within_joint_ones_and_hold_the_rank() {
        let (joint, marginal) = (joint(&ranked(&SIX)), marginal(&ranked(&SIX)));
        let own = ranks(&SIX.map(|unit| unit.0));
        for ((joint, marginal), own) in
            joint.expect("defined").iter().zip(marginal.expect("defined")).zip(own)
        {
            assert!(joint.lowest <= marginal.lowest && marginal.highest <= joint.highest);
            assert!(marginal.lowest <= own && own <= marginal.highest);
        }
    }

    #[test]
    fn far_units_have_one_rank_and_equal_units_all() {
        let far: Vec<(f64, f64)> = (0..5).map(|unit| (f64::from(unit) * 100.0 + 1e9, 1.0)).collect();
        let sets = joint(&ranked(&far)).expect("defined");
        assert!(sets.iter().enumerate().all(|(unit, set)| set.lowest == 5 - unit && set.highest == 5 - unit));
        let same = joint(&ranked(&[(4.0, 1.0); 5])).expect("defined");
        assert!(same.iter().all(|set| set.lowest == 1 && set.highest == 5));
        assert_eq!(ranks(&[3.0, 5.0, 5.0, 1.0]), [3, 1, 1, 4]);
    }

    #[test]
    fn hard_cases_say_why() {
        assert_eq!(joint(&ranked(&[])), Err(Reason::TooFew));
        assert_eq!(marginal(&ranked(&SIX[..1])), Err(Reason::TooFew));
        assert_eq!(joint(&ranked(&[(1.0, 0.0), (2.0, 1.0)])), Err(Reason::NoDispersion));
        assert_eq!(joint(&ranked(&vec![(1.0, 1.0); 501])), Err(Reason::NotApplicable));
    }
}
