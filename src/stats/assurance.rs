//! A target beside a control chart: the fact of how often it was met, apart from the inference of whether the process will meet it.
//!
//! In: points with limits, a target. Out: counts, a verdict, a probability. Deliberately absent: any mixing of the two.

use super::Reason;
use super::chart::Point;
use super::distribution::normal_cdf;

/// What the limits say of a target.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Verdict {
    /// The process meets it as long as it does not change.
    Consistent,
    /// The process misses it as long as it does not change.
    Never,
    /// It is met or missed by chance.
    Chance,
}

/// A target beside a chart.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Assurance {
    /// Fact: points that met it.
    pub met: usize,
    /// Fact: points.
    pub of: usize,
    /// Fact: whether the last point met it.
    pub last_met: bool,
    /// Inference: by the limits of the last point.
    pub verdict: Verdict,
    /// Inference: the probability that a next point meets it if the process stays as it is.
    pub probability: f64,
}

/// A target and which side of it is good.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Target {
    /// Its value.
    pub value: f64,
    /// Whether values at or above it meet it; else values at or below.
    pub higher: bool,
}

impl Target {
    /// Tells whether a value meets the target; one on it does.
    pub fn is_met(&self, value: f64) -> bool {
        if self.higher { value >= self.value } else { value <= self.value }
    }
}

/// Returns fact and inference of a target.
///
/// The process meets it consistently when even the worse limit of the last point meets it, never when even the better limit misses it. The
/// probability is that of a normal value with the chart's centre and a third of the width of its limits. Undefined (too few) without a point that
/// has limits. NHS Improvement, "Making Data Count"; R `NHSRplotthedots` says "by chance" also where the target lies on the worse limit.
pub fn assurance(points: &[Point], target: Target) -> Result<Assurance, Reason> {
    let values = || points.iter().filter_map(|point| point.value);
    let (last, limits) = points.iter().rev().find_map(Point::judged).ok_or(Reason::TooFew)?;
    let (worse, better) =
        if target.higher { (limits.lower, limits.upper) } else { (limits.upper, limits.lower) };
    let verdict = match (target.is_met(worse), target.is_met(better)) {
        (true, _) => Verdict::Consistent,
        (_, false) => Verdict::Never,
        _ => Verdict::Chance,
    };
    let sigma = (limits.upper - limits.lower) / 6.0;
    let distance = if target.higher { limits.center - target.value } else { target.value - limits.center };
    let probability = match sigma > 0.0 {
        true => normal_cdf(distance / sigma),
        false => f64::from(u8::from(target.is_met(limits.center))),
    };
    let met = values().filter(|&value| target.is_met(value)).count();
    Ok(Assurance { met, of: values().count(), last_met: target.is_met(last), verdict, probability })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::stats::chart::Limits;

    fn points(values: &[f64]) -> Vec<Point> {
        let point = |&value: &f64| Point {
            value: Some(value),
            limits: Ok(Limits::about(90.0, 6.0)),
            phase: 0,
            chance: None,
        };
        values.iter().map(point).collect()
    }

    #[test]
    fn fact_and_inference_stand_apart() {
        let points = points(&[91.0, 88.0, 92.0]);
        let find = |value, higher| assurance(&points, Target { value, higher }).expect("defined");
        let found = find(90.0, true);
        assert_eq!((found.met, found.of, found.last_met, found.verdict), (2, 3, true, Verdict::Chance));
        assert!((found.probability - 0.5).abs() < 1e-12);
        assert_eq!(find(84.0, true).verdict, Verdict::Consistent);
        assert_eq!(find(96.0, true).verdict, Verdict::Chance);
        assert_eq!(find(96.1, true).verdict, Verdict::Never);
        assert_eq!(find(96.0, false).verdict, Verdict::Consistent);
        assert_eq!(find(83.0, false).verdict, Verdict::Never);
        // All three months met it, yet the process will miss it now and then.
        assert_eq!((find(85.0, true).met, find(85.0, true).verdict), (3, Verdict::Chance));
    }

    #[test]
    fn a_constant_history_meets_its_own_value() {
        let point =
            Point { value: Some(100.0), limits: Ok(Limits::about(100.0, 0.0)), phase: 0, chance: None };
        let found = assurance(&[point], Target { value: 100.0, higher: true }).expect("defined");
        assert_eq!((found.verdict, found.probability), (Verdict::Consistent, 1.0));
        assert_eq!(assurance(&[], Target { value: 1.0, higher: true }), Err(Reason::TooFew));
    }
}
