//! What a change of a mean comes from: other shares of the segments (mix), or other means inside them.
//!
//! In: weight, mean and variance of each segment before and now. Out: both parts, which add up to the change exactly. Deliberately absent:
//! an interaction part, which nobody can read; it is halved (Kitagawa 1955).

use super::distribution::Z_975;
use super::{Estimate, Figure, Marks, Reason};

/// One segment at one time.
#[derive(Debug, Clone, Copy, Default, PartialEq)]
pub struct Segment {
    /// Σw of its answers.
    pub weight: f64,
    /// Σw².
    pub squared: f64,
    /// Its answers.
    pub n: u64,
    /// Mean of its answers; nothing without any.
    pub mean: Option<f64>,
    /// Square of the mean's standard error; nothing with a single answer.
    pub variance: Option<f64>,
}

/// A change and its two parts.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Mix {
    /// Mean now less mean before.
    pub total: Estimate,
    /// What the other shares of the segments make of it.
    pub mix: Estimate,
    /// What the other means inside the segments make of it.
    pub inside: Estimate,
}

/// The sums of one time.
struct Side<'a> {
    segments: &'a [Segment],
    weight: f64,
    n: u64,
    n_effective: f64,
}

impl<'a> Side<'a> {
    fn new(segments: &'a [Segment]) -> Result<Self, Reason> {
        let weight: f64 = segments.iter().map(|one| one.weight).sum();
        let squared: f64 = segments.iter().map(|one| one.squared).sum();
        if !(weight > 0.0 && squared > 0.0) {
            return Err(Reason::Gap);
        }
        let n = segments.iter().map(|one| one.n).sum();
        Ok(Self { segments, weight, n, n_effective: weight * weight / squared })
    }

    fn share(&self, place: usize) -> f64 {
        self.segments[place].weight / self.weight
    }

    /// Variance of Σ shareₖ·scoreₖ, the shares being multinomial.
    fn of_shares(&self, scores: &[f64]) -> f64 {
        let mean: f64 = scores.iter().enumerate().map(|(k, score)| self.share(k) * score).sum();
        let squares = scores.iter().enumerate().map(|(k, score)| self.share(k) * (score - mean).powi(2));
        squares.sum::<f64>() / self.n_effective
    }
}

/// Splits the change from `before` to `now`, both with the same segments in the same order.
///
/// With shares s and means m: mix = Σ (s₁ − s₀)(m₁ + m₀)/2, inside = Σ (s₁ + s₀)/2·(m₁ − m₀). A segment that one side lacks has the other
/// side's mean there, so that its coming or going is mix. Errors by the delta method over multinomial shares and independent means.
/// Undefined: a gap without answers on one side, too few where a segment of several answers has no variance.
pub fn mix(before: &[Segment], now: &[Segment]) -> Result<Mix, Reason> {
    let (old, new) = (Side::new(before)?, Side::new(now)?);
    let (mut middle, mut halves) = (vec![0.0; now.len()], vec![0.0; now.len()]);
    let (mut mix, mut inside) = (0.0, 0.0);
    let (mut mix_variance, mut inside_variance, mut total_variance) = (0.0, 0.0, 0.0);
    for (k, (was, is)) in before.iter().zip(now).enumerate() {
        let Some(then) = was.mean.or(is.mean) else { continue };
        let after = is.mean.unwrap_or(then);
        let (step, share) = (new.share(k) - old.share(k), 0.5 * (new.share(k) + old.share(k)));
        (middle[k], halves[k]) = (0.5 * (after + then), 0.5 * (after - then));
        mix += step * middle[k];
        inside += share * (after - then);
        // A single answer has no variance of its own; it is one of many in its share.
        let variance = |one: &Segment| one.variance.unwrap_or(0.0);
        mix_variance += 0.25 * step * step * (variance(was) + variance(is));
        inside_variance += share * share * (variance(was) + variance(is));
        total_variance += new.share(k).powi(2) * variance(is) + old.share(k).powi(2) * variance(was);
    }
    let shares = |scores: &[f64]| old.of_shares(scores) + new.of_shares(scores);
    let (then, after): (Vec<f64>, Vec<f64>) =
        middle.iter().zip(&halves).map(|(middle, half)| (middle - half, middle + half)).unzip();
    let estimate = |value: f64, variance: f64| {
        let std_error = variance.sqrt();
        Estimate {
            value,
            std_error: Some(std_error),
            lower: Some(value - Z_975 * std_error),
            upper: Some(value + Z_975 * std_error),
            n: old.n + new.n,
            n_effective: 1.0 / (1.0 / old.n_effective + 1.0 / new.n_effective),
            marks: Marks::default(),
        }
    };
    Ok(Mix {
        total: estimate(mix + inside, total_variance + old.of_shares(&then) + new.of_shares(&after)),
        mix: estimate(mix, mix_variance + shares(&middle)),
        inside: estimate(inside, inside_variance + shares(&halves)),
    })
}

/// Returns the share of a segment among all answers with its standard error.
///
/// Undefined (too few) without answers.
pub fn share(segments: &[Segment], place: usize) -> Figure {
    let side = Side::new(segments).map_err(|_| Reason::TooFew)?;
    let mut figure = super::proportion::wilson(side.share(place), 1.0, side.n_effective)?;
    figure.n = segments[place].n;
    Ok(figure)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn segment(n: u64, mean: f64, sd: f64) -> Segment {
        let weight = n as f64;
        let is_there = n > 0;
        Segment {
            weight,
            squared: weight,
            n,
            mean: is_there.then_some(mean),
            variance: (n > 1).then(|| sd * sd / weight),
        }
    }

    #[test]
    fn a_change_by_mix_alone_is_not_an_improvement() {
        // numpy: parts by hand; errors: standard deviation of 400 000 draws of multinomial shares and normal means.
        let before = [segment(800, 70.0, 18.0), segment(200, 78.0, 15.0)];
        let now = [segment(720, 70.0, 18.0), segment(280, 78.0, 15.0)];
        let found = mix(&before, &now).unwrap();
        assert!((found.total.value - 0.64).abs() < 1e-12 && (found.mix.value - 0.64).abs() < 1e-12);
        assert!(found.inside.value.abs() < 1e-12 && found.total.n == 2000);
        let close = |one: Estimate, error: f64| (one.std_error.unwrap() / error - 1.0).abs() < 0.01;
        assert!(close(found.mix, MIX_ERROR) && close(found.inside, INSIDE_ERROR), "{found:?}");
        assert!(close(found.total, TOTAL_ERROR), "{found:?}");
    }

    const MIX_ERROR: f64 = 0.16725973656436785;
    const INSIDE_ERROR: f64 = 0.777394554501436;
    const TOTAL_ERROR: f64 = 0.7893431688026115;

    #[test]
    fn simpsons_case_falls_while_every_segment_rises() {
        let before = [segment(200, 60.0, 10.0), segment(800, 80.0, 10.0)];
        let now = [segment(800, 62.0, 10.0), segment(200, 82.0, 10.0)];
        let found = mix(&before, &now).unwrap();
        assert!((found.inside.value - 2.0).abs() < 1e-12 && (found.mix.value + 12.0).abs() < 1e-12);
        assert!((found.total.value + 10.0).abs() < 1e-12);
    }

    #[test]
    fn a_segment_that_comes_is_mix_and_nothing_is_a_gap() {
        let before = [segment(100, 70.0, 10.0), Segment::default()];
        let now = [segment(100, 70.0, 10.0), segment(100, 80.0, 10.0)];
        let found = mix(&before, &now).unwrap();
        assert!((found.mix.value - 5.0).abs() < 1e-12 && found.inside.value.abs() < 1e-12);
        assert_eq!(mix(&[Segment::default(); 2], &now), Err(Reason::Gap));
        let one = [segment(1, 70.0, 0.0), Segment::default()];
        assert!(mix(&one, &one).unwrap().total.value.abs() < 1e-12);
    }

    proptest! {
        #[test]
        fn the_parts_add_up(
            rows in prop::collection::vec((0u64..50, 0.0f64..100.0, 0u64..50, 0.0f64..100.0), 1..6),
        ) {
            let before: Vec<Segment> = rows.iter().map(|row| segment(row.0, row.1, 9.0)).collect();
            let now: Vec<Segment> = rows.iter().map(|row| segment(row.2, row.3, 9.0)).collect();
            let mean = |side: &[Segment]| {
                let sum: f64 = side.iter().filter_map(|one| Some(one.weight * one.mean?)).sum();
                sum / side.iter().map(|one| one.weight).sum::<f64>()
            };
            if let Ok(found) = mix(&before, &now) {
                prop_assert!((found.total.value - (mean(&now) - mean(&before))).abs() < 1e-9);
                prop_assert!((found.mix.value + found.inside.value - found.total.value).abs() < 1e-9);
            }
        }
    }
}
