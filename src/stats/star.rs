//! Stars: units put into five classes by k-means of one score, run until nothing moves.
//!
//! In: scores. Out: classes with their centres and cut points, and how far each unit is from the next class. Deliberately absent: measures,
//! groups and weights, from which a caller makes the score. With few units one outlier owns a class: below ten there is no clustering.

use super::Reason;

/// Number of classes.
const STARS: usize = 5;
/// Units that clustering needs.
pub const UNITS_TO_CLUSTER: usize = 10;
/// In the second run a unit further than this from every centre moves none.
const REACH: f64 = 1.0;
/// Rounds after which the centres have not come to rest.
const ROUNDS: usize = 10_000;

/// Classes of units.
#[derive(Debug, Clone, PartialEq)]
pub struct Stars {
    /// Class of each unit, 1 for the lowest scores to 5.
    pub stars: Vec<usize>,
    /// Mean score of each class, ascending.
    pub centres: Vec<f64>,
    /// Scores midway between neighbouring centres; a score on a cut belongs to the upper class.
    pub cuts: Vec<f64>,
    /// Rounds of both runs together.
    pub rounds: usize,
}

impl Stars {
    /// Returns how much a score lacks to the next class; nothing in the highest.
    pub fn to_next(&self, score: f64) -> Option<f64> {
        self.cuts.iter().find(|cut| score < **cut).map(|cut| cut - score)
    }

    /// Returns how far a score lies above the cut to the class below; nothing in the lowest.
    pub fn above_last(&self, score: f64) -> Option<f64> {
        self.cuts.iter().rev().find(|cut| score >= **cut).map(|cut| score - cut)
    }
}

/// Puts standardised scores into five classes, as the stars of CMS since 2021.
///
/// k-means from the medians of the five fifths, to rest; then a second run from its centres in which units further than 1 from every centre
/// join a class without moving it. (The first release stopped after one round, and about a quarter of hospitals got another star.) Undefined:
/// too few below ten units, no variation with fewer than five different scores, not converged.
pub fn stars(scores: &[f64]) -> Result<Stars, Reason> {
    if scores.len() < UNITS_TO_CLUSTER {
        return Err(Reason::TooFew);
    }
    let mut sorted = scores.to_vec();
    sorted.sort_by(f64::total_cmp);
    let different = 1 + sorted.windows(2).filter(|pair| pair[1] > pair[0]).count();
    if different < STARS {
        return Err(Reason::NoVariation);
    }
    let n = sorted.len();
    let fifth = |k: usize| median(&sorted[(k * n).div_ceil(STARS)..((k + 1) * n).div_ceil(STARS)]);
    let (centres, first) = settled((0..STARS).map(fifth).collect(), &sorted, f64::INFINITY)?;
    let (centres, second) = settled(centres, &sorted, REACH)?;
    let cuts = cuts(&centres);
    let stars = scores.iter().map(|score| 1 + class(*score, &cuts)).collect();
    Ok(Stars { stars, centres, cuts, rounds: first + second })
}

/// Moves the centres to the means of their classes until they rest.
fn settled(mut centres: Vec<f64>, scores: &[f64], reach: f64) -> Result<(Vec<f64>, usize), Reason> {
    for round in 1..=ROUNDS {
        let cuts = cuts(&centres);
        let mean = |k: usize| {
            let is_near = |score: &&f64| class(**score, &cuts) == k && (**score - centres[k]).abs() <= reach;
            let (sum, n) =
                scores.iter().filter(is_near).fold((0.0, 0.0), |(sum, n), score| (sum + score, n + 1.0));
            // A class without units keeps its centre.
            if n > 0.0 { sum / n } else { centres[k] }
        };
        let next: Vec<f64> = (0..STARS).map(mean).collect();
        if next.iter().zip(&centres).all(|(next, last)| next.to_bits() == last.to_bits()) {
            return Ok((centres, round));
        }
        centres = next;
    }
    Err(Reason::NotConverged)
}

fn cuts(centres: &[f64]) -> Vec<f64> {
    centres.windows(2).map(|pair| 0.5 * (pair[0] + pair[1])).collect()
}

/// Returns the number of cuts at or below a score.
fn class(score: f64, cuts: &[f64]) -> usize {
    cuts.iter().filter(|cut| score >= **cut).count()
}

fn median(sorted: &[f64]) -> f64 {
    let half = sorted.len() / 2;
    if sorted.len() % 2 == 1 { sorted[half] } else { 0.5 * (sorted[half - 1] + sorted[half]) }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    /// D8 of statistics.md.
    const SCORES: [f64; 30] = [
        -1.62, -1.31, -1.10, -0.92, -0.85, -0.71, -0.66, -0.52, -0.44, -0.31, -0.27, -0.18, -0.09, 0.02,
        0.08, 0.15, 0.22, 0.31, 0.37, 0.46, 0.55, 0.61, 0.74, 0.83, 0.97, 1.08, 1.25, 1.43, 1.71, 3.2,
    ];

    #[test]
    fn agrees_with_hospitalstars() {
        let found = stars(&SCORES).expect("defined");
        let sizes: Vec<usize> =
            (1..=5).map(|k| found.stars.iter().filter(|star| **star == k).count()).collect();
        assert_eq!(sizes, [5, 8, 9, 7, 1]);
        for (centre, expected) in
            found.centres.iter().zip([-1.16, -0.3975, 0.307777777778, 1.144285714286, 3.2])
        {
            assert!((centre - expected).abs() < 1e-11, "{centre}");
        }
        assert!((found.to_next(1.71).expect("a next") - 0.462142857143).abs() < 1e-11);
        assert_eq!((found.to_next(3.2), found.above_last(-1.62)), (None, None));
    }

    #[test]
    fn hard_cases_say_why() {
        assert_eq!(stars(&[]), Err(Reason::TooFew));
        assert_eq!(stars(&SCORES[..9]), Err(Reason::TooFew));
        assert_eq!(stars(&[0.3; 40]), Err(Reason::NoVariation));
        let tied: Vec<f64> = (0..40).map(|unit| f64::from(unit % 5)).collect();
        let found = stars(&tied).expect("defined");
        assert!(found.stars.iter().zip(&tied).all(|(star, score)| *star as f64 - 1.0 - score == 0.0));
    }

    proptest! {
        #[test]
        fn better_scores_have_no_fewer_stars(scores in prop::collection::vec(-3.0f64..3.0, 10..60)) {
            let found = stars(&scores).expect("random scores differ");
            for (score, star) in scores.iter().zip(&found.stars) {
                prop_assert!(scores.iter().zip(&found.stars).all(|(other, own)| other < score || own >= star));
            }
            prop_assert!(found.centres.windows(2).all(|pair| pair[0] <= pair[1]));
        }
    }
}
