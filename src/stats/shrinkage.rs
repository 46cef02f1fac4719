//! Shrinkage of units towards their mean: the normal-normal model, integrated over how much units really differ.
//!
//! In: one figure per unit. Out: per unit what is believed of it (mean, interval, probability of a grade), and ranks. Deliberately absent:
//! one between-unit variance per profile (from 3 units it is 0 in a third of all months); covariates.
//!
//! yᵢ ~ N(θᵢ, sᵢ²), θᵢ ~ N(μ, τ²), one τ for all units; flat priors on μ and on τ (Gelman 2006), τ integrated on a grid up to 5 · (range of the
//! values + median s), beyond which hardly anything is left from 4 units on. Plugging in an estimate of τ makes intervals too narrow (86 % for 3-10
//! units, practice.md 26). The prior was chosen by simulation (1500 draws each, log sd of sᵢ .4); units covered by 95 % intervals:
//!
//! | prior on τ | units | τ = .5 s | 1 s | 2 s | 5 s |
//! |---|---|---|---|---|---|
//! | flat | 3 | 96.9 % | 95.2 % | 94.9 % | 94.7 % |
//! | flat | 5 | 97.0 % | 95.7 % | 94.1 % | 95.2 % |
//! | flat | 10 | 96.9 % | 94.7 % | 94.5 % | 95.0 % |
//! | flat | 26 | 94.9 % | 93.6 % | 94.8 % | 95.1 % |
//! | flat | 40 | 94.0 % | 94.1 % | 94.9 % | 95.0 % |
//! | half-Cauchy, scale median s | 3-5 | 96.5 % | 94.4 % | 92.6 % | 93.5 % |
//! | half-Cauchy, scale median s | 10-40 | 94.2 % | 92.9 % | 94.0 % | 94.8 % |
//!
//! Where units hardly differ (τ below .3 s) intervals hold more than they say: 97-99 %.

use super::mixture::{Part, cdf, quantile};
use super::{Estimate, Figure, Reason};
use crate::random::Random;

/// Points of the grid over τ.
const POINTS: usize = 128;
/// Times that the grid is laid anew over where the posterior has its mass.
const REFINEMENTS: usize = 4;
/// Points below this share of the largest are outside of where the mass is.
const NEGLIGIBLE: f64 = 1e-9;

/// The posterior distribution of all units together.
#[derive(Debug, Clone)]
pub struct Shrinkage {
    figures: Vec<Figure>,
    /// Value, standard error and place in `figures` of units that have both.
    units: Vec<Unit>,
    grid: Vec<Node>,
}

#[derive(Debug, Clone, Copy)]
struct Unit {
    place: usize,
    value: f64,
    variance: f64,
}

/// One τ with its posterior probability, and what is believed of μ given it.
#[derive(Debug, Clone, Copy)]
struct Node {
    probability: f64,
    variance: f64,
    mean: f64,
    mean_variance: f64,
}

/// What is believed of one unit.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Shrunk {
    /// Posterior mean, standard deviation and 95 % interval (quantiles of the mixture over τ); n as in the figure that came in.
    pub estimate: Estimate,
    /// λ = E[τ²/(τ² + s²)], how much of the unit's deviation from the others is kept; nothing for a unit alone, of which nobody can say.
    pub reliability: Option<f64>,
}

/// Where a unit stands among the others; 1 is the largest.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct RankDistribution {
    /// Mean rank.
    pub mean: f64,
    /// 2.5 % quantile of the rank.
    pub lower: u32,
    /// 97.5 % quantile of the rank.
    pub upper: u32,
}

impl Shrinkage {
    /// Fits the model to the figures that have a value and a standard error.
    ///
    /// A figure that is undefined keeps its reason; one without standard error is `NoDispersion`. Undefined (too few) when no figure has both.
    pub fn new(figures: &[Figure]) -> Result<Self, Reason> {
        let unit = |(place, figure): (usize, &Figure)| {
            let estimate = figure.as_ref().ok()?;
            Some(Unit { place, value: estimate.value, variance: square(estimate.std_error?) })
        };
        let units: Vec<Unit> = figures.iter().enumerate().filter_map(unit).collect();
        if units.is_empty() {
            return Err(Reason::TooFew);
        }
        let grid = grid(&units);
        Ok(Self { figures: figures.to_vec(), units, grid })
    }

    /// Returns what is believed of the figure at `place`.
    pub fn posterior(&self, place: usize) -> Result<Shrunk, Reason> {
        let (estimate, unit) = self.unit(place)?;
        let parts = self.parts(&unit);
        let mean: f64 = parts.iter().map(|part| part.probability * part.mean).sum();
        let spread = |part: &Part| part.probability * (square(part.mean - mean) + square(part.std_dev));
        let std_dev = parts.iter().map(spread).sum::<f64>().sqrt();
        let share = |node: &Node| node.probability * node.variance / (node.variance + unit.variance);
        let estimate = Estimate {
            value: mean,
            std_error: Some(std_dev),
            lower: Some(quantile(&parts, 0.025).min(mean)),
            upper: Some(quantile(&parts, 0.975).max(mean)),
            ..estimate
        };
        let reliability = (self.units.len() > 1).then(|| self.grid.iter().map(share).sum());
        Ok(Shrunk { estimate, reliability })
    }

    /// Returns the probabilities that the unit at `place` lies below the first of the ascending `cuts`, between the first two, … above the last.
    ///
    /// A unit known without error that stands on a cut counts as above it.
    pub fn probabilities(&self, place: usize, cuts: &[f64]) -> Result<Vec<f64>, Reason> {
        let (_, unit) = self.unit(place)?;
        let parts = self.parts(&unit);
        let mut below: Vec<f64> = cuts.iter().map(|&cut| cdf(&parts, cut)).collect();
        below.push(1.0);
        let mut last = 0.0;
        let step = |below: f64| {
            let share = (below - last).max(0.0);
            last = below;
            share
        };
        Ok(below.into_iter().map(step).collect())
    }

    /// Returns the ranks of the units over `draws` joint draws, in the order of the figures; units without posterior are left out of them.
    pub fn ranks(&self, draws: usize, random: &mut Random) -> Vec<Result<RankDistribution, Reason>> {
        let k = self.units.len();
        let mut counts = vec![vec![0u32; k]; k];
        let mut order: Vec<usize> = (0..k).collect();
        for _ in 0..draws.max(1) {
            let values = self.draw(random);
            order.sort_by(|&a, &b| values[b].total_cmp(&values[a]).then(a.cmp(&b)));
            order.iter().enumerate().for_each(|(rank, &unit)| counts[unit][rank] += 1);
        }
        let mut ranks: Vec<Result<RankDistribution, Reason>> =
            self.figures.iter().map(|figure| Err(figure.err().unwrap_or(Reason::NoDispersion))).collect();
        for (unit, counts) in self.units.iter().zip(&counts) {
            ranks[unit.place] = Ok(rank_distribution(counts));
        }
        ranks
    }

    fn unit(&self, place: usize) -> Result<(Estimate, Unit), Reason> {
        let estimate = self.figures.get(place).copied().unwrap_or(Err(Reason::TooFew))?;
        let unit = self.units.iter().find(|unit| unit.place == place).ok_or(Reason::NoDispersion)?;
        Ok((estimate, *unit))
    }

    fn parts(&self, unit: &Unit) -> Vec<Part> {
        self.grid.iter().map(|node| node.part(unit)).collect()
    }

    /// Draws τ, μ and all units from their joint posterior.
    fn draw(&self, random: &mut Random) -> Vec<f64> {
        let mut rest = random.uniform();
        let fits = |node: &&Node| {
            rest -= node.probability;
            rest < 0.0
        };
        let node = self.grid.iter().find(fits).unwrap_or(&self.grid[self.grid.len() - 1]);
        let mean = node.mean + node.mean_variance.sqrt() * random.normal();
        let value = |unit: &Unit| {
            let pull = unit.variance / (unit.variance + node.variance);
            let std_dev = (node.variance * pull).sqrt();
            pull * mean + (1.0 - pull) * unit.value + std_dev * random.normal()
        };
        self.units.iter().map(value).collect()
    }
}

impl Node {
    /// What is believed of a unit given this τ; μ is integrated out.
    fn part(&self, unit: &Unit) -> Part {
        let pull = unit.variance / (unit.variance + self.variance);
        Part {
            probability: self.probability,
            mean: pull * self.mean + (1.0 - pull) * unit.value,
            std_dev: (self.variance * pull + pull * pull * self.mean_variance).sqrt(),
        }
    }
}

/// Lays the grid evenly over τ, where the prior is flat, then again over the range that holds the mass.
fn grid(units: &[Unit]) -> Vec<Node> {
    let (mut low, mut high) = (0.0, largest_tau(units));
    let mut nodes = vec![];
    for _ in 0..=REFINEMENTS {
        let width = (high - low) / POINTS as f64;
        let tau = |point: usize| low + (point as f64 + 0.5) * width;
        nodes = (0..POINTS).map(|point| node(units, square(tau(point)))).collect();
        let largest = nodes.iter().map(|node| node.probability).fold(f64::NEG_INFINITY, f64::max);
        nodes.iter_mut().for_each(|node| node.probability = libm::exp(node.probability - largest));
        let first = nodes.iter().position(|node| node.probability > NEGLIGIBLE).unwrap_or(0);
        let last = nodes.iter().rposition(|node| node.probability > NEGLIGIBLE).unwrap_or(POINTS - 1);
        (low, high) = ((tau(first) - 1.5 * width).max(low), (tau(last) + 1.5 * width).min(high));
    }
    let sum: f64 = nodes.iter().map(|node| node.probability).sum();
    nodes.iter_mut().for_each(|node| node.probability /= sum);
    nodes
}

/// 5 · (range of the values + median standard error); 1 where both are 0, since any τ then says the same.
fn largest_tau(units: &[Unit]) -> f64 {
    let values = || units.iter().map(|unit| unit.value);
    let range = values().fold(f64::NEG_INFINITY, f64::max) - values().fold(f64::INFINITY, f64::min);
    let mut errors: Vec<f64> = units.iter().map(|unit| unit.variance.sqrt()).collect();
    errors.sort_by(f64::total_cmp);
    let largest = 5.0 * (range + errors[errors.len() / 2]);
    if largest > 0.0 { largest } else { 1.0 }
}

/// Returns μ's posterior given τ², with the logarithm of τ's posterior density in place of the probability.
fn node(units: &[Unit], variance: f64) -> Node {
    let first = units[0].value;
    let (mut log, mut w, mut wy) = (0.0, 0.0, 0.0);
    for unit in units {
        let weight = 1.0 / (unit.variance + variance);
        log += 0.5 * libm::log(weight);
        w += weight;
        wy += weight * (unit.value - first);
    }
    let mean = wy / w;
    let deviance: f64 =
        units.iter().map(|unit| square(unit.value - first - mean) / (unit.variance + variance)).sum();
    let probability = log - 0.5 * libm::log(w) - 0.5 * deviance;
    Node { probability, variance, mean: first + mean, mean_variance: 1.0 / w }
}

fn rank_distribution(counts: &[u32]) -> RankDistribution {
    let draws: u32 = counts.iter().sum();
    let sum: f64 = counts.iter().enumerate().map(|(rank, &n)| (rank + 1) as f64 * f64::from(n)).sum();
    let at = |share: f64| {
        let mut seen = 0.0;
        let reached = |n: &u32| {
            seen += f64::from(*n);
            seen >= share * f64::from(draws)
        };
        counts.iter().position(reached).unwrap_or(counts.len() - 1) as u32 + 1
    };
    RankDistribution { mean: sum / f64::from(draws), lower: at(0.025), upper: at(0.975) }
}

fn square(value: f64) -> f64 {
    value * value
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::stats::Marks;
    use proptest::prelude::*;

    fn figure(value: f64, std_error: Option<f64>) -> Figure {
        let marks = Marks::default();
        Ok(Estimate { value, std_error, lower: None, upper: None, n: 9, n_effective: 9.0, marks })
    }

    /// D7 of statistics.md.
    fn six(offset: f64) -> Vec<Figure> {
        let units = [(82.0, 1.5), (79.0, 1.2), (78.0, 2.0), (85.0, 1.1), (74.0, 1.8), (80.0, 2.5)];
        units.iter().map(|&(y, s)| figure(y + offset, Some(s))).collect()
    }

    fn close(value: f64, expected: f64, tolerance: f64) {
        assert!((value - expected).abs() <= tolerance, "{value} is not {expected}");
    }

    #[test]
    fn agrees_with_quadrature() {
        // scipy.integrate.quad over τ in 0..5·(11 + 1.8), 1e-12; quantiles by brentq; ours is a midpoint rule.
        let shrinkage = Shrinkage::new(&six(0.0)).expect("defined");
        let found = shrinkage.posterior(2).expect("defined");
        close(found.estimate.value, 78.37037445040072, 1e-5);
        close(found.estimate.std_error.expect("given"), 1.8399362088320668, 1e-5);
        close(found.estimate.lower.expect("given"), 74.71499135841734, 1e-5);
        close(found.estimate.upper.expect("given"), 81.93429328151994, 1e-5);
        close(found.reliability.expect("given"), 0.7992947785604856, 1e-5);
        let found = shrinkage.posterior(4).expect("defined");
        close(found.estimate.value, 75.00482116960474, 1e-5);
        close(found.estimate.std_error.expect("given"), 1.7992718173683746, 1e-5);
        close(found.estimate.lower.expect("given"), 71.44825975580679, 1e-5);
        close(found.estimate.upper.expect("given"), 78.4931609458986, 1e-5);
        close(found.reliability.expect("given"), 0.8281885932104454, 1e-5);
        let shares = shrinkage.probabilities(4, &[75.0, 80.0]).expect("defined");
        close(shares[0], 0.49636017090951406, 1e-5);
        close(shares[2], 0.0021960190211217645, 1e-5);
    }

    #[test]
    fn large_tau_ranks_agree_with_draws_in_r() {
        // statistics.md 4.2 draws N(y, s²) without shrinkage: mean ranks 2.31 3.93 4.41 1.09 5.89 3.37. Here τ is well above s, so ranks are near.
        let shrinkage = Shrinkage::new(&six(0.0)).expect("defined");
        let ranks = shrinkage.ranks(20_000, &mut Random::new(&["ranks"]));
        for (rank, expected) in ranks.iter().zip([2.31, 3.93, 4.41, 1.09, 5.89, 3.37]) {
            close(rank.expect("defined").mean, expected, 0.25);
        }
        assert_eq!(ranks, shrinkage.ranks(20_000, &mut Random::new(&["ranks"])));
        assert_eq!((ranks[3].expect("defined").lower, ranks[4].expect("defined").upper), (1, 6));
    }

    #[test]
    fn a_huge_offset_changes_no_error() {
        let spread = |offset| {
            let found = Shrinkage::new(&six(offset)).expect("defined").posterior(1).expect("defined");
            (found.estimate.std_error.expect("given"), found.estimate.upper.expect("given") - offset)
        };
        close(spread(1e9).0, spread(0.0).0, 1e-6);
        close(spread(1e9).1, spread(0.0).1, 1e-5);
    }

    #[test]
    fn hard_cases_are_defined_or_say_why() {
        assert_eq!(Shrinkage::new(&[]).err(), Some(Reason::TooFew));
        assert_eq!(Shrinkage::new(&[Err(Reason::Gap), figure(1.0, None)]).err(), Some(Reason::TooFew));
        let alone =
            Shrinkage::new(&[figure(5.0, Some(2.0)), figure(9.0, None), Err(Reason::Gap)]).expect("defined");
        let found = alone.posterior(0).expect("defined");
        close(found.estimate.value, 5.0, 1e-12);
        close(found.estimate.upper.expect("given"), 5.0 + 2.0 * 1.959963984540054, 1e-9);
        assert_eq!(found.reliability, None);
        assert_eq!(alone.posterior(1), Err(Reason::NoDispersion));
        assert_eq!(alone.posterior(2), Err(Reason::Gap));
        let ranks = alone.ranks(10, &mut Random::new(&[]));
        assert_eq!((ranks[1], ranks[2]), (Err(Reason::NoDispersion), Err(Reason::Gap)));
    }

    #[test]
    fn a_unit_without_error_keeps_its_value() {
        let units = [figure(5.0, Some(0.0)), figure(7.0, Some(1.0)), figure(5.5, Some(1.0))];
        let shrinkage = Shrinkage::new(&units).expect("defined");
        let found = shrinkage.posterior(0).expect("defined");
        close(found.estimate.value, 5.0, 1e-12);
        close(found.reliability.expect("given"), 1.0, 1e-12);
        close(shrinkage.probabilities(0, &[5.0, 6.0]).expect("defined")[1], 1.0, 1e-12);
        let same = Shrinkage::new(&[figure(5.0, Some(0.0)), figure(5.0, Some(0.0))]).expect("defined");
        close(same.posterior(1).expect("defined").estimate.value, 5.0, 1e-12);
    }

    #[test]
    fn intervals_cover_as_often_as_they_say() {
        let random = &mut Random::new(&["coverage"]);
        let (mut covered, mut n) = (0, 0);
        for round in 0..300 {
            let k = [3, 5, 10, 26][round % 4];
            let truth: Vec<f64> = (0..k).map(|_| 1.5 * random.normal()).collect();
            let seen: Vec<Figure> =
                truth.iter().map(|truth| figure(truth + random.normal(), Some(1.0))).collect();
            let shrinkage = Shrinkage::new(&seen).expect("defined");
            for (place, truth) in truth.iter().enumerate() {
                let found = shrinkage.posterior(place).expect("defined").estimate;
                let (lower, upper) = (found.lower.expect("given"), found.upper.expect("given"));
                covered += u32::from(lower <= *truth && *truth <= upper);
                n += 1;
            }
        }
        let share = f64::from(covered) / f64::from(n);
        assert!((0.93..=0.97).contains(&share), "{share}");
    }

    proptest! {
        #[test]
        fn grades_add_up_and_intervals_contain_the_mean(
            units in prop::collection::vec((-50.0f64..50.0, 0.01f64..20.0), 1..12), cut in -60.0f64..60.0,
        ) {
            let figures: Vec<Figure> = units.iter().map(|&(y, s)| figure(y, Some(s))).collect();
            let shrinkage = Shrinkage::new(&figures).expect("not empty");
            for place in 0..figures.len() {
                let found = shrinkage.posterior(place).expect("defined");
                prop_assert!(found.estimate.lower <= Some(found.estimate.value));
                prop_assert!(found.estimate.upper >= Some(found.estimate.value));
                prop_assert!(found.reliability.is_none_or(|share| (0.0..=1.0 + 1e-12).contains(&share)));
                let shares = shrinkage.probabilities(place, &[cut, cut + 5.0]).expect("defined");
                prop_assert!((shares.iter().sum::<f64>() - 1.0).abs() < 1e-9 && shares.iter().all(|p| *p >= 0.0));
            }
        }
    }
}
