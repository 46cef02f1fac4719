//! Equating: what answers on an old scale would have been on a new one, told by two random samples that answered one each.
//!
//! In: shares of the levels of both scales in the samples, and of the old levels where only those were asked. Out: a mean on the new scale.
//! Deliberately absent: linear equating, which has levels that nobody can answer; samples that were not drawn by lot.

use super::distribution::Z_975;
use super::{Estimate, Figure, Marks, Reason};

/// Fewest answers of a sample that equates.
const SAMPLE_MIN: f64 = 30.0;

/// How often each level was answered, the lowest first, as sums of weights.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Sample {
    /// Σw of each level.
    pub levels: Vec<f64>,
    /// Answers.
    pub n: u64,
    /// Equally weighted answers that would be as precise.
    pub n_effective: f64,
}

/// Two random samples that were asked on one scale each.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Overlap {
    /// Answers on the old scale.
    pub old: Sample,
    /// Answers on the new scale.
    pub new: Sample,
}

impl Sample {
    fn shares(&self) -> Vec<f64> {
        let all: f64 = self.levels.iter().sum();
        self.levels.iter().map(|weight| weight / all).collect()
    }

    /// Variance of a mean of `scores` of the levels, the shares being multinomial.
    fn variance(&self, scores: &[f64]) -> f64 {
        let shares = self.shares();
        let mean: f64 = shares.iter().zip(scores).map(|(share, score)| share * score).sum();
        let squares: f64 =
            shares.iter().zip(scores).map(|(share, score)| share * (score - mean).powi(2)).sum();
        squares / self.n_effective
    }
}

/// Where a share of the new scale lies on the old one: the old level, and how much of it lies below.
struct Place {
    level: usize,
    within: f64,
}

/// Returns the mean of `scores` of the new levels that `answers` on the old scale stand for, by equipercentile equating.
///
/// The share of answers up to new level c is that up to the place of the old scale with as many answers of the sample below it, straight
/// within an old level (random groups design, Kolen and Brennan 2014, 2.3). The error is the delta method's over three multinomials, the
/// answers and both samples, which the answers must not be part of. Undefined: too few without answers or below 30 in a sample; not
/// comparable when an old level that was answered lies where the sample has nothing.
pub fn equated_mean(scores: &[f64], answers: &Sample, overlap: &Overlap) -> Figure {
    let is_large = |sample: &Sample| sample.n_effective >= SAMPLE_MIN;
    if answers.n == 0 || answers.n_effective <= 0.0 || !is_large(&overlap.old) || !is_large(&overlap.new) {
        return Err(Reason::TooFew);
    }
    let (p, f, g) = (answers.shares(), overlap.old.shares(), overlap.new.shares());
    if p.iter().zip(&f).any(|(p, f)| *p > 0.0 && *f <= 0.0) {
        return Err(Reason::NotComparable);
    }
    let mut value = *scores.last().ok_or(Reason::TooFew)?;
    // What the mean moves by with each share: of the answers, of the old sample, of the new one.
    let (mut by_answer, mut by_old, mut by_new) =
        (vec![0.0; p.len()], vec![0.0; f.len()], vec![0.0; g.len()]);
    let mut reached = 0.0;
    for (level, step) in scores.windows(2).map(|pair| pair[1] - pair[0]).enumerate() {
        reached += g[level];
        let place = place(&f, reached);
        let slope = p[place.level] / f[place.level];
        let part = |x: usize| match x.cmp(&place.level) {
            std::cmp::Ordering::Less => 1.0,
            std::cmp::Ordering::Equal => place.within,
            std::cmp::Ordering::Greater => 0.0,
        };
        for x in 0..p.len() {
            value -= step * p[x] * part(x);
            by_answer[x] -= step * part(x);
            by_old[x] += step * slope * part(x);
        }
        by_new[..=level].iter_mut().for_each(|own| *own -= step * slope);
    }
    let variance =
        answers.variance(&by_answer) + overlap.old.variance(&by_old) + overlap.new.variance(&by_new);
    Ok(estimate(value, variance.sqrt(), (answers, scores)))
}

/// Returns the mean of `scores` over `answers` on the new scale together with those on the old one, which are equated.
///
/// Both are weighted by their sums of weights, their errors taken as independent. Undefined as [`equated_mean`] is; without answers on the
/// new scale it is that.
pub fn joined_mean(scores: &[f64], answers: &Sample, (old, overlap): (&Sample, &Overlap)) -> Figure {
    let equated = equated_mean(scores, old, overlap)?;
    if answers.n == 0 {
        return Ok(equated);
    }
    let (new_weight, old_weight): (f64, f64) = (answers.levels.iter().sum(), old.levels.iter().sum());
    let (part, rest) = (new_weight / (new_weight + old_weight), old_weight / (new_weight + old_weight));
    let mean: f64 = answers.shares().iter().zip(scores).map(|(share, score)| share * score).sum();
    let old_error = rest * equated.std_error.unwrap_or(0.0);
    let variance = part * part * answers.variance(scores) + old_error * old_error;
    let both = Sample {
        levels: Vec::new(),
        n: answers.n + old.n,
        // Σw² of each side follows from its effective number.
        n_effective: (new_weight + old_weight).powi(2)
            / (new_weight.powi(2) / answers.n_effective + old_weight.powi(2) / old.n_effective),
    };
    Ok(estimate(part * mean + rest * equated.value, variance.sqrt(), (&both, scores)))
}

fn place(old: &[f64], share: f64) -> Place {
    let mut below = 0.0;
    let mut last = Place { level: 0, within: 0.0 };
    for (level, own) in old.iter().enumerate().filter(|(_, own)| **own > 0.0) {
        last = Place { level, within: ((share - below) / own).clamp(0.0, 1.0) };
        below += own;
        if share <= below {
            break;
        }
    }
    last
}

fn estimate(value: f64, std_error: f64, (answers, scores): (&Sample, &[f64])) -> Estimate {
    let (low, high) = scores
        .iter()
        .fold((f64::INFINITY, f64::NEG_INFINITY), |(low, high), score| (low.min(*score), high.max(*score)));
    Estimate {
        value: value.clamp(low, high),
        std_error: Some(std_error),
        lower: Some((value - Z_975 * std_error).clamp(low, high)),
        upper: Some((value + Z_975 * std_error).clamp(low, high)),
        n: answers.n,
        n_effective: answers.n_effective,
        marks: Marks { derived: true, ..Marks::default() },
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn sample(levels: &[f64]) -> Sample {
        let n: f64 = levels.iter().sum();
        Sample { levels: levels.to_vec(), n: n as u64, n_effective: n }
    }

    fn overlap() -> Overlap {
        Overlap {
            old: sample(&[20.0, 50.0, 130.0, 200.0, 100.0]),
            new: sample(&[10.0, 8.0, 22.0, 35.0, 60.0, 60.0, 110.0, 45.0, 90.0, 60.0]),
        }
    }

    const TOP_TWO: [f64; 10] = [0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 1.0, 1.0];

    #[test]
    fn agrees_with_numpy() {
        // numpy: 1 − interp(interp(G(8), F, levels), levels, P); error: by numerical derivatives, and close to those of draws of all three.
        let found = equated_mean(&TOP_TWO, &sample(&[30.0, 40.0, 100.0, 90.0, 40.0]), &overlap()).unwrap();
        assert!((found.value - TOP_TWO_VALUE).abs() < 1e-12, "{found:?}");
        assert!((found.std_error.unwrap() / TOP_TWO_ERROR - 1.0).abs() < 0.02, "{found:?}");
        let points: Vec<f64> = (1..=10).map(f64::from).collect();
        let found = equated_mean(&points, &sample(&[30.0, 40.0, 100.0, 90.0, 40.0]), &overlap()).unwrap();
        assert!((found.value - MEAN_VALUE).abs() < 1e-12, "{found:?}");
        assert!((found.std_error.unwrap() / MEAN_ERROR - 1.0).abs() < 0.02, "{found:?}");
        assert!(found.marks.derived && found.n == 300);
    }

    const TOP_TWO_VALUE: f64 = 0.20833333333333326;
    const TOP_TWO_ERROR: f64 = 0.02739331;
    const MEAN_VALUE: f64 = 6.070833333333333;
    const MEAN_ERROR: f64 = 0.20990261;

    #[test]
    fn hard_cases_say_why() {
        let few = Overlap { old: sample(&[10.0, 10.0]), new: sample(&[20.0, 20.0]) };
        assert_eq!(equated_mean(&[0.0, 1.0], &sample(&[1.0, 1.0]), &few), Err(Reason::TooFew));
        assert_eq!(equated_mean(&TOP_TWO, &Sample::default(), &overlap()), Err(Reason::TooFew));
        let hole = Overlap { old: sample(&[50.0, 0.0, 50.0]), new: sample(&[50.0, 50.0]) };
        assert_eq!(equated_mean(&[0.0, 1.0], &sample(&[1.0, 1.0, 1.0]), &hole), Err(Reason::NotComparable));
        // One level alone on both sides: everybody answers the best.
        let flat = Overlap { old: sample(&[0.0, 40.0]), new: sample(&[0.0, 40.0]) };
        let found = equated_mean(&[0.0, 1.0], &sample(&[0.0, 5.0]), &flat).unwrap();
        assert_eq!((found.value, found.std_error), (1.0, Some(0.0)));
    }

    #[test]
    fn answers_on_both_scales_are_weighted_by_their_number() {
        let (old, new) = (
            sample(&[30.0, 40.0, 100.0, 90.0, 40.0]),
            sample(&[0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 70.0, 20.0, 10.0]),
        );
        let joined = joined_mean(&TOP_TWO, &new, (&old, &overlap())).unwrap();
        assert!((joined.value - (0.25 * 0.3 + 0.75 * TOP_TWO_VALUE)).abs() < 1e-12);
        let error = ((0.25f64 * (0.21f64 / 100.0).sqrt()).powi(2) + (0.75f64 * TOP_TWO_ERROR).powi(2)).sqrt();
        assert!((joined.std_error.unwrap() / error - 1.0).abs() < 0.02, "{joined:?} {error}");
        assert!((joined.n, joined.marks.derived) == (400, true) && (joined.n_effective - 400.0).abs() < 1e-9);
        let alone = joined_mean(&TOP_TWO, &Sample::default(), (&old, &overlap()));
        assert_eq!(alone, equated_mean(&TOP_TWO, &old, &overlap()));
    }

    proptest! {
        #[test]
        fn the_sample_itself_is_the_other_sample(
            old in prop::collection::vec(1u32..90, 2..8),
            new in prop::collection::vec(1u32..90, 2..12),
        ) {
            let weights = |levels: &[u32]| levels.iter().map(|n| f64::from(*n) * 20.0).collect::<Vec<_>>();
            let overlap = Overlap { old: sample(&weights(&old)), new: sample(&weights(&new)) };
            let scores: Vec<f64> = (0..new.len()).map(|level| level as f64).collect();
            let mean = |shares: Vec<f64>| shares.iter().zip(&scores).map(|(w, s)| w * s).sum::<f64>();
            let found = equated_mean(&scores, &overlap.old, &overlap).unwrap();
            prop_assert!((found.value - mean(overlap.new.shares())).abs() < 1e-9);
        }
    }
}
