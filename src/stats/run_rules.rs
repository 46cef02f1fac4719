//! The rules of the NHS ("Making Data Count") that name what is unusual about a point of a control chart.
//!
//! In: points with limits. Out: one cause a point. Deliberately absent: colours and icons; rules that scale with length (`runs`).

use super::chart::Point;

/// What is unusual about a point; the first that fits in this order names it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Cause {
    /// Above the upper limit.
    Above,
    /// Below the lower limit.
    Below,
    /// Part of a rising trend.
    Rising,
    /// Part of a falling trend.
    Falling,
    /// Close to the upper limit, as two of three neighbours are.
    TwoAbove,
    /// Close to the lower limit, as two of three neighbours are.
    TwoBelow,
    /// Part of a run above the centre.
    RunAbove,
    /// Part of a run below the centre.
    RunBelow,
    /// Nothing: common cause.
    Common,
}

impl Cause {
    /// Returns 1 for causes that speak of higher values, −1 for lower, 0 for none; of a trend its direction counts, not its side.
    pub fn direction(self) -> i8 {
        match self {
            Self::Above | Self::Rising | Self::TwoAbove | Self::RunAbove => 1,
            Self::Below | Self::Falling | Self::TwoBelow | Self::RunBelow => -1,
            Self::Common => 0,
        }
    }
}

/// How long runs and trends must be.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Rules {
    /// Points of a trend.
    pub trend: usize,
    /// Points of a run on one side of the centre.
    pub run: usize,
    /// Whether a repeated value ends a trend (as NHSRplotthedots has it) or neither extends nor ends it (as the NHS guide has it).
    pub ties_end_trend: bool,
}

impl Default for Rules {
    fn default() -> Self {
        Self { trend: 7, run: 7, ties_end_trend: false }
    }
}

/// Returns the cause of each point: outside the limits; part of a trend; two of three neighbours between two and three sigma with all three on
/// one side (only the points near the limit); part of a run on one side of the centre.
///
/// A gap and a new phase end everything; a point on the centre ends a run. NHS Improvement, "Making Data Count"; same words as R
/// `NHSRplotthedots::ptd_spc` where `ties_end_trend` is set.
pub fn causes(points: &[Point], rules: Rules) -> Vec<Cause> {
    let mut causes = vec![Cause::Common; points.len()];
    for stretch in stretches(points) {
        let points = &points[stretch.clone()];
        let causes = &mut causes[stretch];
        // From the weakest to the strongest, which overwrites.
        mark_runs(points, rules.run, causes);
        mark_two_of_three(points, causes);
        mark_trends(points, rules, causes);
        for (point, cause) in points.iter().zip(causes) {
            if let Some((value, limits)) = point.judged().filter(|(value, limits)| limits.is_outside(*value))
            {
                *cause = if value > limits.upper { Cause::Above } else { Cause::Below };
            }
        }
    }
    causes
}

/// Returns the stretches without a gap within one phase.
pub(super) fn stretches(points: &[Point]) -> Vec<std::ops::Range<usize>> {
    let mut stretches: Vec<std::ops::Range<usize>> = Vec::new();
    for (slot, point) in points.iter().enumerate().filter(|(_, point)| point.judged().is_some()) {
        match stretches.last_mut() {
            Some(last) if last.end == slot && points[slot - 1].phase == point.phase => last.end += 1,
            _ => stretches.push(slot..slot + 1),
        }
    }
    stretches
}

fn side(point: &Point) -> i8 {
    point.judged().map_or(0, |(value, limits)| limits.side(value))
}

fn mark_runs(points: &[Point], length: usize, causes: &mut [Cause]) {
    let mut start = 0;
    for end in 1..=points.len() {
        if end < points.len() && side(&points[end]) == side(&points[start]) {
            continue;
        }
        let cause = match side(&points[start]) {
            0 => Cause::Common,
            1 => Cause::RunAbove,
            _ => Cause::RunBelow,
        };
        if end - start >= length {
            causes[start..end].fill(cause);
        }
        start = end;
    }
}

fn mark_two_of_three(points: &[Point], causes: &mut [Cause]) {
    let is_close = |point: &Point| point.judged().is_some_and(|(value, limits)| limits.is_close(value));
    for (start, window) in points.windows(3).enumerate() {
        let sides: i8 = window.iter().map(side).sum();
        if sides.abs() < 3 || window.iter().filter(|point| is_close(point)).count() < 2 {
            continue;
        }
        for (point, cause) in window.iter().zip(&mut causes[start..]).filter(|(point, _)| is_close(point)) {
            *cause = if side(point) > 0 { Cause::TwoAbove } else { Cause::TwoBelow };
        }
    }
}

fn mark_trends(points: &[Point], rules: Rules, causes: &mut [Cause]) {
    let values: Vec<f64> = points.iter().filter_map(|point| point.value).collect();
    let (mut start, mut steps, mut rising) = (0, 0, false);
    for (end, pair) in (1..).zip(values.windows(2)) {
        if (pair[1] - pair[0]).abs() <= 0.0 {
            if rules.ties_end_trend {
                steps = 0;
            }
            continue;
        }
        if steps == 0 || rising != (pair[1] > pair[0]) {
            (start, steps, rising) = (end - 1, 0, pair[1] > pair[0]);
        }
        steps += 1;
        if steps + 1 >= rules.trend {
            causes[start..=end].fill(if rising { Cause::Rising } else { Cause::Falling });
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::stats::chart::{Limits, phases};
    use crate::stats::individuals::{Width, individuals};
    use proptest::prelude::*;

    fn points(values: &[f64]) -> Vec<Point> {
        let point = |&value: &f64| Point {
            value: Some(value),
            limits: Ok(Limits::about(0.0, 3.0)),
            phase: 0,
            chance: None,
        };
        values.iter().map(point).collect()
    }

    fn found(values: &[f64]) -> Vec<Cause> {
        causes(&points(values), Rules::default())
    }

    #[test]
    fn d3_has_the_causes_of_nhs() {
        // NHSRplotthedots 0.2.2: point 12 below, 17 to 22 and 24 a run above, 23 above.
        let values = [
            92.0, 94.0, 91.0, 95.0, 93.0, 90.0, 94.0, 96.0, 92.0, 93.0, 91.0, 70.0, 95.0, 94.0, 93.0, 92.0,
            96.0, 97.0, 96.0, 98.0, 97.0, 96.0, 99.0, 98.0,
        ]
        .map(Some);
        let chart = individuals(&values, &phases(&[true; 24], &[], None), (Width::Wheeler, true));
        let causes = causes(&chart, Rules::default());
        for (place, cause) in (1..).zip(causes) {
            let expected = match place {
                12 => Cause::Below,
                17..=22 | 24 => Cause::RunAbove,
                23 => Cause::Above,
                _ => Cause::Common,
            };
            assert_eq!(cause, expected, "{place}");
        }
    }

    #[test]
    fn trends_need_seven_points_and_forgive_ties() {
        let rising = [-1.5, -1.0, -0.5, 0.1, 0.2, 0.3, 0.4];
        assert_eq!(found(&rising), [Cause::Rising; 7]);
        assert_eq!(found(&rising[1..]), [Cause::Common; 6]);
        let tied = [-1.5, -1.0, -0.5, -0.5, 0.1, 0.2, 0.3, 0.4];
        assert_eq!(found(&tied), [Cause::Rising; 8]);
        assert_eq!(
            causes(&points(&tied), Rules { ties_end_trend: true, ..Rules::default() }),
            [Cause::Common; 8]
        );
        assert_eq!(found(&rising.map(|v| -v)), [Cause::Falling; 7]);
    }

    #[test]
    fn two_of_three_flag_only_points_near_the_limit() {
        assert_eq!(found(&[2.5, 0.5, 2.6]), [Cause::TwoAbove, Cause::Common, Cause::TwoAbove]);
        assert_eq!(found(&[2.5, -0.5, 2.6]), [Cause::Common; 3]);
        assert_eq!(found(&[2.5, 3.5, 0.1]), [Cause::Common, Cause::Above, Cause::Common]);
        assert_eq!(found(&[-2.5, -2.5]), [Cause::Common; 2]);
    }

    #[test]
    fn runs_end_on_the_centre_at_gaps_and_at_phases() {
        assert_eq!(found(&[1.0, 0.5, 1.0, 0.5, 1.0, 0.5, 1.0]), [Cause::RunAbove; 7]);
        assert_eq!(found(&[1.0, 0.5, 1.0, 0.0, 1.0, 0.5, 1.0]), [Cause::Common; 7]);
        let mut gap = points(&[-1.0, -0.5, -1.0, -1.0, -0.5, -1.0, -0.5, -0.6]);
        assert_eq!(causes(&gap, Rules::default()), [Cause::RunBelow; 8]);
        gap[3].value = None;
        assert_eq!(causes(&gap, Rules::default()), [Cause::Common; 8]);
        let mut phase = points(&[-1.0, -0.5, -1.0, -1.0, -0.5, -1.0, -0.5]);
        phase[6].phase = 1;
        assert_eq!(causes(&phase, Rules::default()), [Cause::Common; 7]);
        assert!(found(&[]).is_empty());
    }

    proptest! {
        #[test]
        fn a_mirrored_chart_has_mirrored_causes(values in prop::collection::vec(-35i32..35, 0..60)) {
            let values: Vec<f64> = values.iter().map(|&v| f64::from(v) / 10.0).collect();
            let mirrored: Vec<f64> = values.iter().map(|v| -v).collect();
            let directions = |values: &[f64]| found(values).iter().map(|cause| cause.direction()).collect::<Vec<i8>>();
            prop_assert_eq!(directions(&values), directions(&mirrored).iter().map(|d| -d).collect::<Vec<i8>>());
        }
    }
}
