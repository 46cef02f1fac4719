//! Points: a measure on its own scale -> 0 to 100, and the weighted sum of several.
//!
//! In: figures, their scale, weights, correlations. Out: figures in points. Deliberately absent: where figures come from.

use crate::stats::distribution::Z_975;
use crate::stats::{Estimate, Figure, Marks, Reason};

/// Points of a met target: the lower bound of a B where a project keeps the default cut points.
pub const TARGET_POINTS: f64 = 70.0;

/// What a value is worth: `worst` 0 points, `target` 70, `best` 100, straight in between, clipped outside.
///
/// A smaller value is the better one where `best` is below `worst`.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Scale {
    /// Value of 0 points.
    pub worst: f64,
    /// Value of 70 points, strictly between the others; without it points run straight from `worst` to `best`.
    pub target: Option<f64>,
    /// Value of 100 points.
    pub best: f64,
}

impl Scale {
    /// Makes a scale; a target that does not lie strictly between `worst` and `best` cannot be one and is left out.
    pub fn new(worst: f64, target: Option<f64>, best: f64) -> Self {
        let (low, high) = (worst.min(best), worst.max(best));
        Self { worst, target: target.filter(|target| low < *target && *target < high), best }
    }

    /// Returns 1 where more is better, -1 where less is.
    pub fn direction(&self) -> f64 {
        if self.best > self.worst { 1.0 } else { -1.0 }
    }

    /// Returns the points of a value.
    pub fn points(&self, value: f64) -> f64 {
        let share = |from: f64, to: f64| ((value - from) / (to - from)).clamp(0.0, 1.0);
        match self.target {
            Some(target) => {
                TARGET_POINTS * share(self.worst, target) + (100.0 - TARGET_POINTS) * share(target, self.best)
            }
            None => 100.0 * share(self.worst, self.best),
        }
    }

    /// Returns a figure in points.
    ///
    /// Value and ends of the interval are mapped; std_error = max(value − lower, upper − value)/1.96 in points: the measure's own half interval
    /// times the mean slope on the side where points differ more. The other side would not do: it is flat where the value is clipped, and two
    /// lucky answers beyond `best` would look certain. Only an interval that is clipped as a whole has error 0. A figure without interval
    /// has none in points.
    pub fn score(&self, estimate: &Estimate) -> Estimate {
        let own =
            estimate.std_error.map(|error| (estimate.value - Z_975 * error, estimate.value + Z_975 * error));
        let ends = estimate.lower.zip(estimate.upper).or(own);
        let mapped = ends.map(|(lower, upper)| (self.points(lower), self.points(upper)));
        let (lower, upper) = mapped.map(|(one, other)| (one.min(other), one.max(other))).unzip();
        let value = self.points(estimate.value);
        let std_error = lower.zip(upper).map(|(lower, upper)| (value - lower).max(upper - value) / Z_975);
        Estimate { value, std_error, lower, upper, ..*estimate }
    }
}

/// Returns Σ wᵢpᵢ with variance Σᵢⱼ wᵢwⱼsᵢsⱼρᵢⱼ, from pairs of weight and points.
///
/// A part without standard error is a fact and adds no variance; without any standard error the sum has none. n and the effective n are the
/// smallest of the parts with an error: the sum is known no better than by them. The interval is normal, within 0 to 100.
pub fn combine(parts: &[(f64, Estimate)], correlation: impl Fn(usize, usize) -> f64) -> Figure {
    if parts.is_empty() {
        return Err(Reason::NotApplicable);
    }
    let value: f64 = parts.iter().map(|(weight, points)| weight * points.value).sum();
    let errors: Vec<f64> =
        parts.iter().map(|(weight, points)| weight * points.std_error.unwrap_or(0.0)).collect();
    let mut variance: f64 = errors.iter().map(|error| error * error).sum();
    for (one, error) in errors.iter().enumerate() {
        for (other, shared) in errors.iter().enumerate().skip(one + 1) {
            variance += 2.0 * error * shared * correlation(one, other);
        }
    }
    let known = || parts.iter().map(|(_, points)| points).filter(|points| points.std_error.is_some());
    let std_error = known().next().map(|_| variance.max(0.0).sqrt());
    let end = |sign: f64| std_error.map(|error| (value + sign * Z_975 * error).clamp(0.0, 100.0));
    let marks = parts.iter().fold(Marks::default(), |marks, (_, points)| Marks {
        carried: marks.carried || points.marks.carried,
        derived: marks.derived || points.marks.derived,
        approximate: marks.approximate || points.marks.approximate,
    });
    let n_effective = known().map(|points| points.n_effective).fold(f64::INFINITY, f64::min);
    Ok(Estimate {
        value,
        std_error,
        lower: end(-1.0),
        upper: end(1.0),
        n: known().map(|points| points.n).min().unwrap_or(0),
        n_effective: if n_effective.is_finite() { n_effective } else { 0.0 },
        marks,
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn estimate(value: f64, std_error: Option<f64>) -> Estimate {
        let end = |sign: f64| std_error.map(|error| value + sign * Z_975 * error);
        let marks = Marks::default();
        Estimate { value, std_error, lower: end(-1.0), upper: end(1.0), n: 9, n_effective: 9.0, marks }
    }

    fn close(found: f64, expected: f64) {
        assert!((found - expected).abs() < 1e-9, "{found} is not {expected}");
    }

    #[test]
    fn worst_target_and_best_have_0_70_and_100_points() {
        // By hand: worst 40, target 72, best 90: 56 is half way to the target, 81 half way on.
        let scale = Scale::new(40.0, Some(72.0), 90.0);
        for (value, points) in
            [(30.0, 0.0), (40.0, 0.0), (56.0, 35.0), (72.0, 70.0), (81.0, 85.0), (90.0, 100.0), (99.0, 100.0)]
        {
            close(scale.points(value), points);
        }
        close(Scale::new(40.0, None, 90.0).points(65.0), 50.0);
    }

    #[test]
    fn less_is_better_where_best_is_below_worst() {
        // Minutes of waiting: 30 is worst, 10 the target, 5 best.
        let scale = Scale::new(30.0, Some(10.0), 5.0);
        for (value, points) in
            [(45.0, 0.0), (30.0, 0.0), (20.0, 35.0), (10.0, 70.0), (7.5, 85.0), (0.0, 100.0)]
        {
            close(scale.points(value), points);
        }
        let found = scale.score(&estimate(20.0, Some(1.0)));
        assert!(found.lower < Some(found.value) && Some(found.value) < found.upper);
    }

    #[test]
    fn a_target_outside_is_none() {
        assert_eq!(Scale::new(40.0, Some(90.0), 90.0).target, None);
        assert_eq!(Scale::new(40.0, Some(30.0), 90.0).target, None);
    }

    #[test]
    fn errors_follow_the_slope() {
        // Slope 70/32 below the target, 30/18 above it, 0 outside.
        let scale = Scale::new(40.0, Some(72.0), 90.0);
        let error = |value: f64| scale.score(&estimate(value, Some(1.0))).std_error.expect("given");
        close(error(56.0), 70.0 / 32.0);
        close(error(81.0), 30.0 / 18.0);
        close(error(72.0), 70.0 / 32.0);
        close(error(90.0), 30.0 / 18.0);
        close(error(20.0), 0.0);
        assert_eq!(scale.score(&estimate(56.0, None)).std_error, None);
    }

    #[test]
    fn shared_answers_add_covariance() {
        // .6²·4² + .4²·3² + 2·.6·.4·4·3·.5 = 5.76 + 1.44 + 2.88
        let parts = [(0.6, estimate(80.0, Some(4.0))), (0.4, estimate(50.0, Some(3.0)))];
        let found = combine(&parts, |_, _| 0.5).expect("defined");
        close(found.value, 68.0);
        close(found.std_error.expect("given"), 10.08_f64.sqrt());
        close(combine(&parts, |_, _| 0.0).expect("defined").std_error.expect("given"), 7.2_f64.sqrt());
    }

    #[test]
    fn a_fact_adds_no_variance() {
        let parts = [(0.5, estimate(80.0, Some(4.0))), (0.5, estimate(50.0, None))];
        close(combine(&parts, |_, _| 1.0).expect("defined").std_error.expect("given"), 2.0);
        assert_eq!(combine(&parts[1..], |_, _| 1.0).expect("defined").std_error, None);
        assert_eq!(combine(&[], |_, _| 1.0), Err(Reason::NotApplicable));
    }

    proptest! {
        #[test]
        fn a_better_score_never_lowers_a_rating(
            measures in prop::collection::vec(
                (-100.0f64..100.0, 1.0f64..100.0, 0.01f64..0.99, any::<bool>(), -150.0f64..150.0, 0.1f64..5.0), 1..12),
            better in 0.0f64..50.0, which in 0usize..12,
        ) {
            let total: f64 = measures.iter().map(|one| one.5).sum();
            let which = which % measures.len();
            let raw = |gain: f64| {
                let part = |(place, &(low, range, share, up, value, weight)): (usize, &(f64, f64, f64, bool, f64, f64))| {
                    let (worst, best) = if up { (low, low + range) } else { (low + range, low) };
                    let scale = Scale::new(worst, Some(worst + share * (best - worst)), best);
                    let gain = if place == which { gain * scale.direction() } else { 0.0 };
                    (weight / total, scale.score(&estimate(value + gain, Some(1.0))))
                };
                let parts: Vec<(f64, Estimate)> = measures.iter().enumerate().map(part).collect();
                combine(&parts, |_, _| 0.3).expect("not empty").value
            };
            prop_assert!(raw(better) >= raw(0.0) - 1e-9);
            prop_assert!((0.0..=100.0 + 1e-9).contains(&raw(better)));
        }
    }
}
