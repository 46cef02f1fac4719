//! Anhøj's run rules: is the longest run too long, or do the points cross the centre too seldom?
//!
//! In: points with a centre, or deviations from one. Out: lengths, counts, their limits. Deliberately absent: a trend rule, which Anhøj
//! shows to add nothing.

use super::Reason;
use super::chart::Point;
use super::discrete::binomial_quantile;
use super::run_rules::stretches;

/// Runs about a centre line.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Runs {
    /// Points not on the centre line.
    pub useful: u64,
    /// Points of the longest run on one side.
    pub longest: u64,
    /// Longest run expected: log₂ of the useful points + 3, rounded.
    pub longest_max: u64,
    /// How often neighbours lie on different sides.
    pub crossings: u64,
    /// Fewest crossings expected: the 5 % quantile of as many coin throws as there are pairs of neighbours.
    pub crossings_min: u64,
}

impl Runs {
    /// Tells whether the runs are too long or the crossings too few for chance.
    pub fn signal(&self) -> bool {
        self.longest > self.longest_max || self.crossings < self.crossings_min
    }
}

/// Returns the runs of the deviations (value − centre) of stretches without a gap; points on the centre are left out.
///
/// Neither a run nor a crossing goes over a gap. Undefined (too few) without a useful point. Schilling (2012), Chen (2010), Anhøj and Olesen
/// (2014); same values as R `qicharts2::qic`.
pub fn runs(stretches: &[Vec<f64>]) -> Result<Runs, Reason> {
    let (mut useful, mut longest, mut pairs, mut crossings) = (0, 0, 0, 0);
    for stretch in stretches {
        let sides: Vec<bool> = stretch.iter().filter(|&&d| d.abs() > 0.0).map(|&d| d > 0.0).collect();
        let longest_here = sides.chunk_by(|a, b| a == b).map(<[bool]>::len).max().unwrap_or(0);
        longest = longest.max(longest_here as u64);
        useful += sides.len() as u64;
        pairs += sides.len().saturating_sub(1) as u64;
        crossings += sides.windows(2).filter(|pair| pair[0] != pair[1]).count() as u64;
    }
    if useful == 0 {
        return Err(Reason::TooFew);
    }
    let longest_max = (libm::log2(useful as f64) + 3.0).round() as u64;
    Ok(Runs { useful, longest, longest_max, crossings, crossings_min: binomial_quantile(0.05, pairs, 0.5) })
}

/// Returns the runs of one phase of a chart about its centre line.
pub fn runs_of_phase(points: &[Point], phase: usize) -> Result<Runs, Reason> {
    let deviation = |point: &Point| point.judged().map(|(value, limits)| value - limits.center);
    let own = stretches(points).into_iter().filter(|stretch| points[stretch.start].phase == phase);
    let deviations: Vec<Vec<f64>> =
        own.map(|stretch| points[stretch].iter().filter_map(deviation).collect()).collect();
    runs(&deviations)
}

/// Tells of each point whether the run on one side of the centre that it belongs to has then lasted `length` points or more.
///
/// A point on the centre, a gap and a new phase end a run. Same flags as R `qcc::violating.runs` with a length of 7.
pub fn long_runs(points: &[Point], length: usize) -> Vec<bool> {
    let mut long = vec![false; points.len()];
    for stretch in stretches(points) {
        let (mut before, mut lasted) = (0, 0);
        for slot in stretch {
            let side = points[slot].judged().map_or(0, |(value, limits)| limits.side(value));
            lasted = if side == before { lasted + 1 } else { 1 };
            before = side;
            long[slot] = side != 0 && lasted >= length;
        }
    }
    long
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn limits_follow_the_table() {
        // statistics.md 4.1 (qicharts2): n, longest run, fewest crossings.
        for (n, longest, crossings) in
            [(8, 6, 1), (10, 6, 2), (12, 7, 3), (15, 7, 4), (20, 7, 6), (24, 8, 8), (30, 8, 10), (36, 8, 13)]
        {
            let found = runs(&[vec![1.0; n]]).expect("defined");
            assert_eq!((found.longest_max, found.crossings_min), (longest, crossings), "{n}");
            assert!(found.signal() && found.crossings == 0 && found.longest == n as u64);
        }
    }

    #[test]
    fn points_on_the_centre_and_gaps_count_as_written() {
        let found = runs(&[vec![1.0, 0.0, 2.0, -1.0], vec![-1.0, 1.0]]).expect("defined");
        assert_eq!((found.useful, found.longest, found.crossings), (5, 2, 2));
        assert_eq!(runs(&[]), Err(Reason::TooFew));
        assert_eq!(runs(&[vec![0.0; 9]]), Err(Reason::TooFew));
        assert!(!runs(&[vec![1.0]]).expect("defined").signal());
    }

    proptest! {
        #[test]
        fn runs_and_crossings_add_up(deviations in prop::collection::vec(-3i32..4, 1..80)) {
            let values: Vec<f64> = deviations.iter().map(|&d| f64::from(d)).collect();
            if let Ok(found) = runs(std::slice::from_ref(&values)) {
                prop_assert!(found.longest + found.crossings <= found.useful);
                let reversed: Vec<f64> = values.into_iter().rev().collect();
                prop_assert_eq!(runs(&[reversed]), Ok(found));
            }
        }
    }
}
