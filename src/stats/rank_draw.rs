//! Ranks by draws: how units would be placed if their errors fell anew.
//!
//! In: estimates with standard errors. Out: distributions of ranks. Deliberately absent: any promise that an interval holds the true rank with
//! its probability; where units are close it does not (`rank_set` does).

use rayon::prelude::*;

use super::Reason;
use super::rank_set::Ranked;

use crate::random::Random;

/// Draws that share one random stream and one table of counts, whatever the number of threads.
const CHUNK: usize = 1250;

/// Where a unit stands over the draws, 1 the largest.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Drawn {
    /// Mean rank.
    pub mean: f64,
    /// Lower end of the interval of ranks.
    pub lower: usize,
    /// Upper end.
    pub upper: usize,
    /// Share of draws in which the unit is the largest.
    pub is_first: f64,
    /// Share of draws in which the unit is among the first `best`.
    pub is_best: f64,
}

/// Returns each unit's ranks over draws of N(estimate, error²), and the chance of being among the first `best`.
///
/// Goldstein and Spiegelhalter (1996). Undefined: too few without units or draws, no dispersion when an error is below 0.
pub fn drawn_ranks(ranked: &Ranked<'_>, best: usize) -> Result<Vec<Drawn>, Reason> {
    let size = ranked.units.len();
    if size == 0 || ranked.draws == 0 {
        return Err(Reason::TooFew);
    }
    if ranked.units.iter().any(|(value, error)| !(value.is_finite() && *error >= 0.0 && error.is_finite())) {
        return Err(Reason::NoDispersion);
    }
    let chunk = |index: usize| counts(ranked, index);
    let chunks: Vec<Vec<u16>> = (0..ranked.draws.div_ceil(CHUNK)).into_par_iter().map(chunk).collect();
    let of = |unit: usize| {
        let mut total = vec![0u32; size];
        for chunk in &chunks {
            let row = &chunk[unit * size..(unit + 1) * size];
            total.iter_mut().zip(row).for_each(|(sum, count)| *sum += u32::from(*count));
        }
        described(&total, ranked, best)
    };
    Ok((0..size).into_par_iter().map(of).collect())
}

/// Counts how often each unit has each rank: size · size counts, a row per unit.
///
/// Draws come in pairs of opposite errors, which halves the random numbers and makes mean ranks more exact.
fn counts(ranked: &Ranked<'_>, chunk: usize) -> Vec<u16> {
    let size = ranked.units.len();
    let mut random = Random::new(&[ranked.seed, "rank draws", &chunk.to_string()]);
    let mut counts = vec![0u16; size * size];
    let mut errors = vec![0.0; size + size % 2];
    let mut order = Order::new(ranked.units);
    let draws = CHUNK.min(ranked.draws - chunk * CHUNK);
    for draw in 0..draws {
        if draw % 2 == 0 {
            errors.as_chunks_mut::<2>().0.iter_mut().for_each(|pair| *pair = random.coarse_normals());
        } else {
            errors.iter_mut().for_each(|error| *error = -*error);
        }
        order.sort(&errors);
        for (rank, &(_, unit)) in order.places.iter().enumerate() {
            counts[unit as usize * size + rank] += 1;
        }
    }
    counts
}

/// Sorts a draw by laying it out in buckets of equal width, which hold one unit or none mostly, and mending neighbours.
struct Order<'a> {
    units: &'a [(f64, f64)],
    highest: f64,
    scale: f64,
    values: Vec<(f64, u32)>,
    starts: Vec<u32>,
    /// (value, unit), the largest first.
    places: Vec<(f64, u32)>,
}

impl<'a> Order<'a> {
    fn new(units: &'a [(f64, f64)]) -> Self {
        let highest =
            units.iter().map(|(value, error)| value + 3.0 * error).fold(f64::NEG_INFINITY, f64::max);
        let lowest = units.iter().map(|(value, error)| value - 3.0 * error).fold(f64::INFINITY, f64::min);
        let buckets = 2 * units.len().next_power_of_two();
        let scale = if highest > lowest { (buckets - 1) as f64 / (highest - lowest) } else { 0.0 };
        let values = vec![(0.0, 0); units.len()];
        Self { units, highest, scale, values: values.clone(), starts: vec![0; buckets], places: values }
    }

    fn sort(&mut self, errors: &[f64]) {
        let last = (self.starts.len() - 1) as f64;
        self.starts.fill(0);
        for (((value, scale), error), slot) in self.units.iter().zip(errors).zip(&mut self.values) {
            let value = value + scale * error;
            let bucket = ((self.highest - value) * self.scale).clamp(0.0, last) as u32;
            self.starts[bucket as usize] += 1;
            *slot = (value, bucket);
        }
        let mut sum = 0;
        for start in &mut self.starts {
            sum += std::mem::replace(start, sum);
        }
        for (unit, &(value, bucket)) in self.values.iter().enumerate() {
            let place = &mut self.starts[bucket as usize];
            self.places[*place as usize] = (value, unit as u32);
            *place += 1;
        }
        for end in 1..self.places.len() {
            let mut at = end;
            while at > 0 && self.places[at].0 > self.places[at - 1].0 {
                self.places.swap(at, at - 1);
                at -= 1;
            }
        }
    }
}

fn described(counts: &[u32], ranked: &Ranked<'_>, best: usize) -> Drawn {
    let draws = ranked.draws as f64;
    let sum: f64 = counts.iter().enumerate().map(|(rank, &n)| (rank + 1) as f64 * f64::from(n)).sum();
    let at = |share: f64| {
        let mut seen = 0.0;
        let reached = |n: &u32| {
            seen += f64::from(*n);
            seen >= share * draws
        };
        counts.iter().position(reached).unwrap_or(counts.len() - 1) + 1
    };
    let tail = 0.5 - 0.5 * ranked.level;
    let first: u32 = counts.iter().take(best).sum();
    Drawn {
        mean: sum / draws,
        lower: at(tail),
        upper: at(1.0 - tail),
        is_first: f64::from(counts[0]) / draws,
        is_best: f64::from(first) / draws,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// D7 of statistics.md.
    const SIX: [(f64, f64); 6] =
        [(82.0, 1.5), (79.0, 1.2), (78.0, 2.0), (85.0, 1.1), (74.0, 1.8), (80.0, 2.5)];

    fn ranked(units: &[(f64, f64)], draws: usize) -> Ranked<'_> {
        Ranked { units, level: 0.95, draws, seed: "test" }
    }

    #[test]
    fn agrees_with_draws_in_r() {
        // 200 000 draws: mean ranks 2.31 3.93 4.41 1.09 5.89 3.37, intervals 1-4 2-5 2-6 1-2 5-6 1-5.
        let found = drawn_ranks(&ranked(&SIX, 100_000), 2).expect("defined");
        let means = [2.31, 3.93, 4.41, 1.09, 5.89, 3.37];
        let ends = [(1, 4), (2, 5), (2, 6), (1, 2), (5, 6), (1, 5)];
        for (unit, (mean, ends)) in found.iter().zip(means.iter().zip(ends)) {
            assert!((unit.mean - mean).abs() < 0.02, "{} {mean}", unit.mean);
            assert_eq!((unit.lower, unit.upper), ends);
        }
        assert!((found.iter().map(|unit| unit.is_first).sum::<f64>() - 1.0).abs() < 1e-12);
        assert!((found.iter().map(|unit| unit.is_best).sum::<f64>() - 2.0).abs() < 1e-12);
    }

    #[test]
    fn an_outlier_and_an_offset_do_not_disturb_the_order() {
        let mut units: Vec<(f64, f64)> = (0..40).map(|unit| (1e9 + f64::from(unit), 1e-3)).collect();
        units.push((2e12, 1e6));
        let found = drawn_ranks(&ranked(&units, 50), 1).expect("defined");
        assert!(
            found
                .iter()
                .enumerate()
                .all(|(unit, drawn)| drawn.lower == 41 - unit && drawn.upper == 41 - unit)
        );
    }

    #[test]
    fn the_same_on_any_number_of_threads() {
        let run = |threads| {
            let pool = rayon::ThreadPoolBuilder::new().num_threads(threads).build().expect("a pool");
            pool.install(|| drawn_ranks(&ranked(&SIX, 5000), 1).expect("defined"))
        };
        assert_eq!(run(1), run(3));
    }

    #[test]
    fn hard_cases_say_why() {
        assert_eq!(drawn_ranks(&ranked(&[], 10), 1), Err(Reason::TooFew));
        assert_eq!(drawn_ranks(&ranked(&SIX, 0), 1), Err(Reason::TooFew));
        assert_eq!(drawn_ranks(&ranked(&[(1.0, -1.0)], 10), 1), Err(Reason::NoDispersion));
        let alone = drawn_ranks(&ranked(&[(1.0, 0.0)], 10), 1).expect("defined")[0];
        assert_eq!((alone.lower, alone.upper), (1, 1));
    }
}
