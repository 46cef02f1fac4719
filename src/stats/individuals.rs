//! Charts of one value a period: XmR (individuals) and moving ranges.
//!
//! In: a series with gaps, its phases. Out: points with limits. Deliberately absent: counts (`attributes`), rules (`run_rules`).

use super::Reason;
use super::chart::{Limits, Phase, Point, constant, mean};
use super::moving_range::{
    D2, D4, RANGE_LIMIT, mean_range, median_range, moving_ranges, screened_mean_range,
};

/// How the half-width of the limits follows from the moving ranges.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Width {
    /// 2.66 times their mean, as Wheeler prints it and NHSRplotthedots computes.
    Wheeler,
    /// 3/1.128 times their mean, as qicharts2 and qcc compute.
    Table,
    /// 3/0.954 times their median, which one large move cannot widen.
    Median,
}

impl Width {
    /// Returns three sigma of a series; a screen leaves out ranges above 3.267 times their mean.
    pub fn of(self, values: &[Option<f64>], screen: bool) -> Option<f64> {
        let ranges = moving_ranges(values);
        let mean = if screen { screened_mean_range } else { mean_range };
        match self {
            Self::Wheeler => mean(&ranges).map(|range| 2.66 * range),
            Self::Table => mean(&ranges).map(|range| 3.0 / D2 * range),
            Self::Median => median_range(&ranges).map(|range| 3.0 / D4 * range),
        }
    }
}

/// Returns the XmR chart: centre = mean of the baseline, limits = centre ± three sigma from its moving ranges.
///
/// `values` hold one value a slot, nothing in a gap; across a gap no range is taken. A constant baseline has limits of no width: any other
/// value is then outside, with the probability ½/(m + 1) that a period departs at all after m equal ones (Jeffreys). Undefined (too few)
/// without two neighbouring values in the baseline. Wheeler and Chambers (1992); same values as R `NHSRplotthedots::ptd_spc`, `qicharts2::qic`.
pub fn individuals(values: &[Option<f64>], phases: &[Phase], (width, screen): (Width, bool)) -> Vec<Point> {
    let judge = |phase: &Phase| {
        let baseline = &values[phase.baseline.clone()];
        let present = || baseline.iter().flatten().copied();
        let width = match constant(present()) {
            Some(_) => Some(0.0),
            None => width.of(baseline, screen),
        };
        let limits = mean(present()).zip(width).map(|(center, width)| Limits::about(center, width));
        (limits.ok_or(Reason::TooFew), constant(present()))
    };
    points(values, phases, judge)
}

/// Gives the slots of each phase the limits found for it; `judge` returns them with the length of a constant baseline.
pub(super) fn points(
    values: &[Option<f64>],
    phases: &[Phase],
    judge: impl Fn(&Phase) -> (Result<Limits, Reason>, Option<usize>),
) -> Vec<Point> {
    let point = |number, slot: usize, limits: Result<Limits, Reason>, steady: Option<usize>| {
        let value = values[slot];
        let departs = |value: f64| limits.is_ok_and(|limits| limits.is_outside(value));
        let chance =
            steady.zip(value).map(|(m, value)| if departs(value) { 0.5 / (m as f64 + 1.0) } else { 1.0 });
        Point { value, limits, phase: number, chance }
    };
    let numbered = phases.iter().enumerate();
    numbered
        .flat_map(|(number, phase)| {
            let (limits, steady) = judge(phase);
            phase.slots.clone().map(move |slot| point(number, slot, limits, steady))
        })
        .collect()
}

/// Returns the chart of moving ranges: centre = their mean, upper limit 3.267 times that, lower limit 0.
///
/// The first slot of a phase and those next to a gap have no range. Undefined (too few) without a range in the baseline. Same values as R
/// `qicharts2::qic(chart = "mr")`.
pub fn moving_range_chart(values: &[Option<f64>], phases: &[Phase]) -> Vec<Point> {
    let mut ranges = moving_ranges(values);
    phases.iter().filter(|phase| !phase.slots.is_empty()).for_each(|phase| ranges[phase.slots.start] = None);
    let judge = |phase: &Phase| {
        let limits = mean_range(&ranges[phase.baseline.clone()])
            .map(|center| Limits::about(center, (RANGE_LIMIT - 1.0) * center).within(0.0, f64::INFINITY));
        (limits.ok_or(Reason::TooFew), None)
    };
    points(&ranges, phases, judge)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::stats::chart::phases;
    use proptest::prelude::*;

    /// D3 of statistics.md.
    const XMR24: [f64; 24] = [
        92.0, 94.0, 91.0, 95.0, 93.0, 90.0, 94.0, 96.0, 92.0, 93.0, 91.0, 70.0, 95.0, 94.0, 93.0, 92.0, 96.0,
        97.0, 96.0, 98.0, 97.0, 96.0, 99.0, 98.0,
    ];

    fn chart(values: &[f64], freeze: Option<usize>, how: (Width, bool)) -> Vec<Point> {
        let values: Vec<Option<f64>> = values.iter().copied().map(Some).collect();
        individuals(&values, &phases(&vec![true; values.len()], &[], freeze), how)
    }

    fn ends(point: &Point) -> (f64, f64, f64) {
        let limits = point.limits.expect("limits");
        (limits.center, limits.lower, limits.upper)
    }

    fn close(found: (f64, f64, f64), expected: (f64, f64, f64)) {
        let near = |a: f64, b: f64| (a - b).abs() < 5e-8;
        assert!(
            near(found.0, expected.0) && near(found.1, expected.1) && near(found.2, expected.2),
            "{found:?}"
        );
    }

    #[test]
    fn xmr_agrees_with_nhs() {
        // NHSRplotthedots 0.2.2, D3.
        let points = chart(&XMR24, None, (Width::Wheeler, true));
        close(ends(&points[0]), (93.416_666_667, 87.843_333_33, 98.99));
        let points = chart(&XMR24, None, (Width::Wheeler, false));
        close(ends(&points[23]), (93.416_666_667, 83.007_971_0, 103.825_362_3));
    }

    #[test]
    fn one_breach_after_14_perfect_months_signals() {
        // V1: NHSRplotthedots and qicharts2 give NaN limits (frozen) or flag the perfect months (not frozen).
        let mut values = vec![100.0; 14];
        values.push(80.0);
        let frozen = chart(&values, Some(12), (Width::Wheeler, true));
        close(ends(&frozen[14]), (100.0, 100.0, 100.0));
        assert!(
            frozen[14].limits.expect("limits").is_outside(80.0)
                && !frozen[13].limits.expect("limits").is_outside(100.0)
        );
        assert_eq!((frozen[14].chance, frozen[13].chance), (Some(0.5 / 13.0), Some(1.0)));
        let open = chart(&values, None, (Width::Wheeler, true));
        let limits = open[0].limits.expect("limits");
        assert!(limits.is_outside(80.0) && !limits.is_outside(100.0) && limits.upper > limits.lower);
    }

    #[test]
    fn the_median_range_divides_by_0_954() {
        // V11: PowerBI-SPC divides the median range by 1.128, which makes limits 15 % too narrow.
        let points = chart(&XMR24, None, (Width::Median, false));
        let limits = points[0].limits.expect("limits");
        assert!((limits.upper - limits.center - 3.0 * 2.0 / D4).abs() < 1e-12);
    }

    #[test]
    fn hard_cases_have_reasons() {
        assert!(chart(&[], None, (Width::Table, true)).is_empty());
        assert_eq!(chart(&[3.0], None, (Width::Table, true))[0].limits, Err(Reason::TooFew));
        let gaps = [Some(1.0), None, Some(2.0), None];
        let points =
            individuals(&gaps, &phases(&gaps.map(|v| v.is_some()), &[], None), (Width::Wheeler, true));
        assert_eq!((points[0].limits, points[1].value), (Err(Reason::TooFew), None));
        let ranges = moving_range_chart(&gaps, &phases(&[true; 4], &[2], None));
        assert!(ranges.iter().all(|point| point.value.is_none() && point.limits == Err(Reason::TooFew)));
    }

    proptest! {
        #[test]
        fn limits_follow_an_affine_change(values in prop::collection::vec(-50i32..50, 3..40), scale in 1i32..9, shift in -1_000_000_000i32..1_000_000_000) {
            let plain: Vec<f64> = values.iter().map(|&v| f64::from(v)).collect();
            let moved: Vec<f64> = plain.iter().map(|v| v * f64::from(scale) + f64::from(shift)).collect();
            for (a, b) in chart(&plain, None, (Width::Table, true)).iter().zip(chart(&moved, None, (Width::Table, true))) {
                let (a, b) = (a.limits.expect("limits"), b.limits.expect("limits"));
                prop_assert!((a.upper * f64::from(scale) + f64::from(shift) - b.upper).abs() < 1e-5);
                prop_assert!(b.lower <= b.center && b.center <= b.upper);
            }
        }
    }
}
