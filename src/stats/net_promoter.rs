//! The net promoter score: promoters minus detractors, in points.
//!
//! In: three counts. Out: points in -100..=100. Deliberately absent: which answers are promoters (the item's scale says it).

use super::distribution::Z_975;
use super::{Estimate, Figure, Marks, Reason};

/// Answers to a recommendation question: counts, or sums of weights.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Recommendations {
    /// Promoters (9-10 of 0..10).
    pub promoters: f64,
    /// Passives (7-8).
    pub passives: f64,
    /// Detractors (0-6).
    pub detractors: f64,
    /// Independent, equally weighted answers that would be as precise; the number of answers when there are no weights.
    pub n_effective: f64,
}

/// Returns the net promoter score in points, with the adjusted Wald interval.
///
/// The value is 100 · (P − D) as observed; standard error and interval come from n + 3 answers of which ¾ more are promoters and ¾ more
/// detractors, cut at ±100 and widened to hold the value (one answer only). Undefined (too few) without answers.
/// Rocks (2016); golden D10 of statistics.md.
pub fn net_promoter(answers: &Recommendations) -> Figure {
    let n = answers.promoters + answers.passives + answers.detractors;
    let n_effective = answers.n_effective;
    if !(n > 0.0 && n_effective > 0.0) {
        return Err(Reason::TooFew);
    }
    let value = 100.0 * (answers.promoters - answers.detractors) / n;
    let adjusted = |count: f64| (count / n * n_effective + 0.75) / (n_effective + 3.0);
    let (promoters, detractors) = (adjusted(answers.promoters), adjusted(answers.detractors));
    let centre = promoters - detractors;
    let std_error = 100.0 * ((promoters + detractors - centre * centre) / (n_effective + 3.0)).sqrt();
    let half = Z_975 * std_error;
    Ok(Estimate {
        value,
        std_error: Some(std_error),
        lower: Some((100.0 * centre - half).max(-100.0).min(value)),
        upper: Some((100.0 * centre + half).min(100.0).max(value)),
        n: n.round() as u64,
        n_effective,
        marks: Marks::default(),
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn score(promoters: u32, passives: u32, detractors: u32) -> Figure {
        let n_effective = f64::from(promoters + passives + detractors);
        let (promoters, passives, detractors) = (promoters.into(), passives.into(), detractors.into());
        net_promoter(&Recommendations { promoters, passives, detractors, n_effective })
    }

    #[test]
    fn agrees_with_r() {
        // D10 (32 promoters, 23 passives, 10 detractors of 65) in R, statistics.md 4.4; its ends use z = 1.959964.
        let estimate = score(32, 23, 10).expect("defined");
        let close = |value: Option<f64>, expected: f64| {
            assert!((value.expect("given") / 100.0 - expected).abs() < 2e-9, "{value:?} is not {expected}");
        };
        close(Some(estimate.value), 0.338461538462);
        close(estimate.std_error, 0.0887026263);
        close(estimate.lower, 0.149675457507);
        close(estimate.upper, 0.497383366022);
    }

    #[test]
    fn no_answers_are_too_few() {
        assert_eq!(score(0, 0, 0), Err(Reason::TooFew));
    }

    #[test]
    fn one_answer_lies_in_its_interval() {
        let estimate = score(1, 0, 0).expect("defined");
        assert!((estimate.value - 100.0).abs() < 1e-12 && estimate.upper.expect("an end") >= estimate.value);
        assert!(estimate.std_error.expect("an error") > 30.0);
    }

    proptest! {
        #[test]
        fn interval_contains_the_score(promoters in 0u32..400, passives in 0u32..400, detractors in 0u32..400) {
            prop_assume!(promoters + passives + detractors > 0);
            let estimate = score(promoters, passives, detractors).expect("n > 0");
            prop_assert!(estimate.lower.expect("an end") <= estimate.value);
            prop_assert!(estimate.upper.expect("an end") >= estimate.value);
            prop_assert!(estimate.value.abs() <= 100.0);
        }
    }
}
