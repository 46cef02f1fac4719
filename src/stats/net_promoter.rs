//! The net promoter score, promoters minus detractors: Wald's and the adjusted Wald interval, and the difference of two groups.
//!
//! In: counts of promoters, passives and detractors, or sums of weights. Out: scores on −1..1, or an estimate in points. Deliberately absent:
//! which answers are promoters (the item's scale says it).

use super::distribution::normal_quantile;
use super::interval::LEVEL;
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

/// A net promoter score, or a difference of two, with two intervals.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct PromoterScore {
    /// Share of promoters minus share of detractors; for a difference, −2..2.
    pub value: f64,
    /// (P + D) − (P − D)² of one answer; for a difference, 0 has no meaning and the standard error speaks.
    pub variance: f64,
    /// √(variance/n); for a difference, of the sum of both squares.
    pub std_error: f64,
    /// Wald's interval, without width where all answers are alike.
    pub wald: (f64, f64),
    /// Two-sided p of a score (or difference) of 0, by Wald; undefined (no variation) where the error is 0.
    pub p_value: Result<f64, Reason>,
    /// Standard error after three answers more in each group, ¾ of one a promoter and ¾ a detractor.
    pub adjusted_error: f64,
    /// The adjusted Wald interval about the score of those answers, widened to hold the value: our default.
    pub adjusted: (f64, f64),
}

/// Shares of promoters and detractors of n answers.
struct Shares {
    promoters: f64,
    detractors: f64,
    n: f64,
}

impl Shares {
    fn new(answers: &Recommendations) -> Result<Self, Reason> {
        let total = answers.promoters + answers.passives + answers.detractors;
        if !(total > 0.0 && answers.n_effective > 0.0) {
            return Err(Reason::TooFew);
        }
        Ok(Self {
            promoters: answers.promoters / total,
            detractors: answers.detractors / total,
            n: answers.n_effective,
        })
    }

    /// Returns the shares after three answers more.
    fn adjusted(&self) -> Self {
        let n = self.n + 3.0;
        let share = |share: f64| (share * self.n + 0.75) / n;
        Self { promoters: share(self.promoters), detractors: share(self.detractors), n }
    }

    fn score(&self) -> f64 {
        self.promoters - self.detractors
    }

    fn variance(&self) -> f64 {
        (self.promoters + self.detractors - self.score() * self.score()).max(0.0)
    }

    fn square_error(&self) -> f64 {
        self.variance() / self.n
    }
}

fn around(centre: f64, std_error: f64, level: f64, bound: f64) -> (f64, f64) {
    let half = -normal_quantile(0.5 - 0.5 * level) * std_error;
    ((centre - half).max(-bound), (centre + half).min(bound))
}

fn wald_p(value: f64, std_error: f64) -> Result<f64, Reason> {
    if std_error > 0.0 {
        Ok(libm::erfc((value / std_error).abs() / std::f64::consts::SQRT_2))
    } else {
        Err(Reason::NoVariation)
    }
}

/// Returns the net promoter score on −1..1 with its intervals at `level`.
///
/// Undefined: too few without answers. Rocks (2016) for the adjusted interval; Wald's has the values of R `NPS::nps.test`.
pub fn promoter_score(answers: &Recommendations, level: f64) -> Result<PromoterScore, Reason> {
    let own = Shares::new(answers)?;
    let more = own.adjusted();
    let (value, std_error) = (own.score(), own.square_error().sqrt());
    let adjusted_error = more.square_error().sqrt();
    let adjusted = around(more.score(), adjusted_error, level, 1.0);
    Ok(PromoterScore {
        value,
        variance: own.variance(),
        std_error,
        wald: around(value, std_error, level, 1.0),
        p_value: wald_p(value, std_error),
        adjusted_error,
        adjusted: (adjusted.0.min(value), adjusted.1.max(value)),
    })
}

/// Returns the score of the first group minus that of the second, with intervals at `level`.
///
/// Undefined: too few with an empty group. Wald's has the values of R `NPS::nps.test(x, y)` where the first score is the larger (it tells
/// absolute differences).
pub fn promoter_difference(
    first: &Recommendations,
    second: &Recommendations,
    level: f64,
) -> Result<PromoterScore, Reason> {
    let (one, other) = (Shares::new(first)?, Shares::new(second)?);
    let (more, again) = (one.adjusted(), other.adjusted());
    let value = one.score() - other.score();
    let std_error = (one.square_error() + other.square_error()).sqrt();
    let adjusted_error = (more.square_error() + again.square_error()).sqrt();
    let adjusted = around(more.score() - again.score(), adjusted_error, level, 2.0);
    Ok(PromoterScore {
        value,
        variance: 0.0,
        std_error,
        wald: around(value, std_error, level, 2.0),
        p_value: wald_p(value, std_error),
        adjusted_error,
        adjusted: (adjusted.0.min(value), adjusted.1.max(value)),
    })
}

/// Returns the net promoter score in points, −100..=100, with the adjusted Wald interval and its error.
///
/// Undefined (too few) without answers. Rocks (2016); golden D10 of statistics.md.
pub fn net_promoter(answers: &Recommendations) -> Figure {
    let found = promoter_score(answers, LEVEL)?;
    Ok(Estimate {
        value: 100.0 * found.value,
        std_error: Some(100.0 * found.adjusted_error),
        lower: Some(100.0 * found.adjusted.0),
        upper: Some(100.0 * found.adjusted.1),
        n: (answers.promoters + answers.passives + answers.detractors).round() as u64,
        n_effective: answers.n_effective,
        marks: Marks::default(),
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn answers(promoters: u32, passives: u32, detractors: u32) -> Recommendations {
        let n_effective = f64::from(promoters + passives + detractors);
        let (promoters, passives, detractors) = (promoters.into(), passives.into(), detractors.into());
        Recommendations { promoters, passives, detractors, n_effective }
    }

    fn close(value: f64, expected: f64) {
        assert!((value - expected).abs() <= 1e-9 * expected.abs(), "{value} is not {expected}");
    }

    #[test]
    fn agrees_with_r() {
        // golden/nps.csv, bank_recommend_loy3; D10 of statistics.md.
        let found = promoter_score(&answers(65, 99, 86), 0.95).expect("defined");
        close(found.variance, 0.596944);
        close(found.std_error, 0.048_864_874_910_307_51);
        close(found.wald.0, -0.179_773_394_933_257_6);
        close(found.p_value.expect("varies"), 0.085_609_602_218_263_3);
        let points = net_promoter(&answers(32, 23, 10)).expect("defined");
        let near = |found: Option<f64>, expected: f64| {
            assert!((found.expect("given") / 100.0 - expected).abs() < 2e-9, "{found:?} is not {expected}");
        };
        near(Some(points.value), 0.338461538462);
        near(points.std_error, 0.0887026263);
        near(points.lower, 0.149675457507);
        near(points.upper, 0.497383366022);
    }

    #[test]
    fn hard_cases_say_why() {
        assert_eq!(promoter_score(&answers(0, 0, 0), 0.95), Err(Reason::TooFew));
        assert_eq!(net_promoter(&answers(0, 0, 0)), Err(Reason::TooFew));
        let one = net_promoter(&answers(1, 0, 0)).expect("defined");
        assert!((one.value - 100.0).abs() < 1e-12 && one.upper.expect("an end") >= one.value);
        assert!(one.std_error.expect("an error") > 30.0);
        assert_eq!(promoter_difference(&answers(1, 0, 0), &answers(0, 0, 0), 0.95), Err(Reason::TooFew));
        let alike = promoter_score(&answers(5, 0, 0), 0.95).expect("defined");
        assert_eq!(alike.p_value, Err(Reason::NoVariation));
        assert!(alike.adjusted.0 < 0.9 && alike.adjusted.1 >= 1.0);
    }

    proptest! {
        #[test]
        fn intervals_hold_the_value_and_a_difference_turns(
            (a, b, c) in (0u32..99, 0u32..99, 0u32..99), (d, e, f) in (0u32..99, 0u32..99, 0u32..99),
        ) {
            prop_assume!(a + b + c > 0 && d + e + f > 0);
            let (one, other) = (answers(a, b, c), answers(d, e, f));
            let found = promoter_difference(&one, &other, 0.9).expect("defined");
            let back = promoter_difference(&other, &one, 0.9).expect("defined");
            prop_assert!((found.value + back.value).abs() < 1e-12 && (found.adjusted.0 + back.adjusted.1).abs() < 1e-12);
            for score in [found, promoter_score(&one, 0.9).expect("defined")] {
                prop_assert!(score.adjusted.0 <= score.value && score.value <= score.adjusted.1);
                prop_assert!(score.wald.0 <= score.value && score.value <= score.wald.1);
            }
        }
    }
}
