//! Charts of rare events: g (cases between events), t (time between events).
//!
//! In: gaps between events, phases. Out: points with limits. Deliberately absent: shares of months in which nothing happens.

use super::Reason;
use super::chart::{Limits, Phase, Point, mean};
use super::individuals::{Width, individuals, points};
use super::moving_range::median;

/// Power at which times between events of a Poisson process are nearly normal (Nelson 1994).
const POWER: f64 = 1.0 / 3.6;

/// Returns the g chart of cases between events: limits x̄ ± 3·√(x̄(x̄ + 1)), not below 0, centre line at the median.
///
/// The lower limit is always 0: clusters of events are seen by runs below the median. Undefined (too few) without an observation in the
/// baseline. Benneyan (2001); same values as R `qicharts2::qic(chart = "g")`.
pub fn cases_between(gaps: &[Option<f64>], phases: &[Phase]) -> Vec<Point> {
    let judge = |phase: &Phase| {
        let baseline: Vec<f64> = gaps[phase.baseline.clone()].iter().flatten().copied().collect();
        let center = mean(baseline.iter().copied()).zip(median(baseline)).map(|(mean, median)| {
            let limits = Limits::about(mean, 3.0 * (mean * (mean + 1.0)).max(0.0).sqrt());
            Limits { center: median, ..limits.within(0.0, f64::INFINITY) }
        });
        (center.ok_or(Reason::TooFew), None)
    };
    points(gaps, phases, judge)
}

/// Returns the t chart of times between events: the XmR chart of time^(1/3.6) with its limits taken back to time.
///
/// Times must be above 0; one that is not leaves all undefined (not applicable). Otherwise as `individuals`. Nelson (1994); same values as R
/// `qicharts2::qic(chart = "t")`.
pub fn time_between(times: &[Option<f64>], phases: &[Phase]) -> Result<Vec<Point>, Reason> {
    if times.iter().flatten().any(|&time| time <= 0.0) {
        return Err(Reason::NotApplicable);
    }
    let roots: Vec<Option<f64>> = times.iter().map(|time| time.map(|time| libm::pow(time, POWER))).collect();
    let back = |root: f64| libm::pow(root.max(0.0), 1.0 / POWER);
    let chart = individuals(&roots, phases, (Width::Table, true)).into_iter().zip(times);
    Ok(chart
        .map(|(point, &value)| Point { value, limits: point.limits.map(|l| l.map(back)), ..point })
        .collect())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::stats::chart::phases;

    #[test]
    fn g_limits_follow_the_formula() {
        let gaps = [3.0, 20.0, 7.0, 14.0, 6.0].map(Some);
        let chart = cases_between(&gaps, &phases(&[true; 5], &[], None));
        let limits = chart[0].limits.expect("limits");
        assert!((limits.center - 7.0).abs() < 1e-12 && limits.lower.abs() < 1e-300);
        assert!((limits.upper - (10.0 + 3.0 * 110f64.sqrt())).abs() < 1e-12);
        // u-analytics 0.33 g_chart; its centre is the mean, 10, of a skewed distribution: half of the points lie above the median.
        assert!((limits.upper - 41.464265445104544).abs() < 1e-12);
        let above = gaps.iter().flatten().filter(|gap| **gap > limits.center).count();
        let below = gaps.iter().flatten().filter(|gap| **gap < limits.center).count();
        assert_eq!(above, below);
    }

    #[test]
    fn t_limits_come_back_to_time() {
        let times = [5.0, 30.0, 12.0, 2.0, 60.0, 8.0].map(Some);
        let chart = time_between(&times, &phases(&[true; 6], &[], None)).expect("defined");
        let roots = times.map(|time| time.map(|time: f64| libm::pow(time, 1.0 / 3.6)));
        let plain = individuals(&roots, &phases(&[true; 6], &[], None), (Width::Table, true));
        let (time, root) = (chart[2].limits.expect("limits"), plain[2].limits.expect("limits"));
        assert!((libm::pow(time.upper, 1.0 / 3.6) - root.upper).abs() < 1e-12);
        assert!(time.lower >= 0.0 && chart[4].value == Some(60.0));
    }

    #[test]
    fn hard_cases_have_reasons() {
        assert_eq!(time_between(&[Some(0.0)], &[]), Err(Reason::NotApplicable));
        assert!(cases_between(&[], &phases(&[], &[], None)).is_empty());
        assert_eq!(cases_between(&[None], &phases(&[false], &[], None))[0].limits, Err(Reason::TooFew));
        assert!(cases_between(&[Some(0.0); 3], &phases(&[true; 3], &[], None))[0].limits.is_ok());
    }
}
