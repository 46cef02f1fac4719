//! Time to an event with cases that have not had it yet: Kaplan and Meier's curve, its median, its mean within a limit.
//!
//! In: times with events and censorings. Out: survival (the share still open) with intervals. Deliberately absent: left truncation, weights
//! that are not counts, regressions.

use super::Reason;
use super::distribution::normal_quantile;

/// One case, or several alike.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Lifetime {
    /// Time to the event, or time observed without it; at least 0.
    pub time: f64,
    /// Whether the event came.
    pub event: bool,
    /// Number of such cases.
    pub count: u64,
}

/// Scale on which an interval of survival is symmetric.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Scale {
    /// S itself; may pass 0 and 1, so that it is cut.
    Plain,
    /// ln S: the default of R `survfit`.
    Log,
    /// ln(−ln S): stays within 0..1 and holds its level best in small samples (Borgan and Liestøl 1990).
    LogLog,
}

/// The curve at one time of an event.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Step {
    /// The time.
    pub time: f64,
    /// Cases under observation just before it.
    pub at_risk: u64,
    /// Events at it.
    pub events: u64,
    /// Survival from it on.
    pub survival: f64,
    /// Greenwood's Σ d/(r(r − d)), the variance of ln S; infinite where S is 0.
    pub log_variance: f64,
}

/// A Kaplan-Meier curve.
#[derive(Debug, Clone, PartialEq)]
pub struct Curve {
    /// Number of cases.
    pub n: u64,
    /// Number of events.
    pub events: u64,
    /// One step per distinct time of an event, ascending.
    pub steps: Vec<Step>,
    /// The times of all cases with their number, ascending.
    times: Vec<(f64, u64)>,
}

/// Returns Kaplan and Meier's curve (1958).
///
/// A case censored at the time of an event counts as at risk there. Undefined: too few without cases, not applicable with a time below 0 or not
/// finite. Same values as R `survival::survfit`.
pub fn kaplan_meier(cases: &[Lifetime]) -> Result<Curve, Reason> {
    let mut cases: Vec<&Lifetime> = cases.iter().filter(|case| case.count > 0).collect();
    if cases.is_empty() {
        return Err(Reason::TooFew);
    }
    if cases.iter().any(|case| !(case.time >= 0.0 && case.time.is_finite())) {
        return Err(Reason::NotApplicable);
    }
    cases.sort_by(|a, b| a.time.total_cmp(&b.time));
    let n = cases.iter().map(|case| case.count).sum();
    let (mut at_risk, mut survival, mut log_variance) = (n, 1.0, 0.0);
    let (mut steps, mut times) = (Vec::new(), Vec::new());
    for tied in cases.chunk_by(|a, b| a.time >= b.time) {
        let left: u64 = tied.iter().map(|case| case.count).sum();
        let events: u64 = tied.iter().filter(|case| case.event).map(|case| case.count).sum();
        times.push((tied[0].time, left));
        if events > 0 {
            let (r, d) = (at_risk as f64, events as f64);
            survival *= (r - d) / r;
            log_variance += d / (r * (r - d));
            steps.push(Step { time: tied[0].time, at_risk, events, survival, log_variance });
        }
        at_risk -= left;
    }
    let events = steps.iter().map(|step| step.events).sum();
    Ok(Curve { n, events, steps, times })
}

impl Step {
    /// Returns the interval of survival at `level`.
    ///
    /// Undefined (no variation) where survival is 0, and on the double-log scale where it is 1.
    pub fn interval(&self, scale: Scale, level: f64) -> Result<(f64, f64), Reason> {
        let s = self.survival;
        if s <= 0.0 || (s >= 1.0 && scale == Scale::LogLog) {
            return Err(Reason::NoVariation);
        }
        let half = normal_quantile(0.5 + 0.5 * level) * self.log_variance.sqrt();
        let (low, high) = match scale {
            Scale::Plain => (s - s * half, s + s * half),
            Scale::Log => (s * libm::exp(-half), s * libm::exp(half)),
            Scale::LogLog => {
                let log = libm::log(s);
                let spread = half / log.abs();
                (libm::exp(log * libm::exp(spread)), libm::exp(log * libm::exp(-spread)))
            }
        };
        Ok((low.max(0.0), high.min(1.0)))
    }
}

/// The median time, its interval being where the curve's limits fall to ½.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct MedianTime {
    /// The median; too few where the curve stays above ½.
    pub value: Result<f64, Reason>,
    /// Lower end; too few where there is none.
    pub lower: Result<f64, Reason>,
    /// Upper end; too few where there is none.
    pub upper: Result<f64, Reason>,
}

/// A restricted mean with its standard error.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct RestrictedMean {
    /// Mean time spent within the limit.
    pub mean: f64,
    /// Its standard error, by Greenwood's formula.
    pub std_error: f64,
}

impl Curve {
    /// Returns the last step at or before `time`; nothing before the first event.
    pub fn at(&self, time: f64) -> Option<&Step> {
        self.steps[..self.steps.partition_point(|step| step.time <= time)].last()
    }

    /// Returns survival at `time`; undefined (gap) after the last case, where that was censored.
    pub fn survival(&self, time: f64) -> Result<f64, Reason> {
        let survival = self.at(time).map_or(1.0, |step| step.survival);
        if survival > 0.0 && self.at_risk(time) == 0 { Err(Reason::Gap) } else { Ok(survival) }
    }

    /// Returns the number of cases observed up to `time` or longer.
    pub fn at_risk(&self, time: f64) -> u64 {
        self.times.iter().filter(|(own, _)| *own >= time).map(|(_, count)| count).sum()
    }

    /// Returns the median with its interval (Brookmeyer and Crowley 1982).
    ///
    /// Where the curve runs flat at exactly ½ the middle of the flat is taken, as in R `survfit`.
    pub fn median(&self, scale: Scale, level: f64) -> MedianTime {
        let ends: Vec<Result<(f64, f64), Reason>> =
            self.steps.iter().map(|step| step.interval(scale, level)).collect();
        let falls =
            |value: &dyn Fn(usize) -> Option<f64>| falls_to_half(&self.steps, value).ok_or(Reason::TooFew);
        MedianTime {
            value: falls(&|place| Some(self.steps[place].survival)),
            lower: falls(&|place| ends[place].ok().map(|ends| ends.0)),
            upper: falls(&|place| ends[place].ok().map(|ends| ends.1)),
        }
    }

    /// Returns the mean time within `limit`, the area under the curve.
    ///
    /// Undefined: not applicable for a limit of 0 or less, gap where the last case was censored before it, so that the curve does not reach it.
    pub fn restricted_mean(&self, limit: f64) -> Result<RestrictedMean, Reason> {
        if !(limit > 0.0 && limit.is_finite()) {
            return Err(Reason::NotApplicable);
        }
        let (last, _) = self.times.last().ok_or(Reason::TooFew)?;
        let open = self.steps.last().is_none_or(|step| step.survival > 0.0);
        if open && *last < limit {
            return Err(Reason::Gap);
        }
        let steps = &self.steps[..self.steps.partition_point(|step| step.time < limit)];
        let ends = steps.iter().skip(1).map(|step| step.time).chain([limit]);
        let areas: Vec<f64> =
            steps.iter().zip(ends).map(|(step, end)| step.survival * (end - step.time)).collect();
        let before = steps.first().map_or(limit, |step| step.time);
        let (mut after, mut variance) = (0.0, 0.0);
        for (step, area) in steps.iter().zip(&areas).rev() {
            after += area;
            let (r, d) = (step.at_risk as f64, step.events as f64);
            variance += if r > d { after * after * d / (r * (r - d)) } else { 0.0 };
        }
        Ok(RestrictedMean { mean: before + after, std_error: variance.sqrt() })
    }
}

/// Returns where a curve falls to ½, counting what lies within 1.5e-8 of it as ½ (as R does); nothing if it never does.
fn falls_to_half(steps: &[Step], value: &dyn Fn(usize) -> Option<f64>) -> Option<f64> {
    const NEAR: f64 = 1.5e-8;
    let defined: Vec<(f64, f64)> =
        steps.iter().enumerate().filter_map(|(place, step)| Some((step.time, value(place)?))).collect();
    let first = defined.iter().position(|(_, value)| *value < 0.5 + NEAR)?;
    let (time, height) = defined[first];
    let next = defined[first..].iter().find(|(_, value)| *value < height);
    match next {
        Some((next, _)) if (height - 0.5).abs() < NEAR => Some(0.5 * (time + next)),
        _ => Some(time),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn close(value: f64, expected: f64) {
        assert!((value - expected).abs() <= 1e-10 * expected.abs().max(1e-3), "{value} is not {expected}");
    }

    fn cases(times: &[f64], events: &[u8]) -> Vec<Lifetime> {
        let one = |(&time, &event): (&f64, &u8)| Lifetime { time, event: event == 1, count: 1 };
        times.iter().zip(events).map(one).collect()
    }

    /// Freireich and others (1963): weeks in remission under 6-mercaptopurine.
    fn remission() -> Vec<Lifetime> {
        let times = [
            6.0, 6.0, 6.0, 6.0, 7.0, 9.0, 10.0, 10.0, 11.0, 13.0, 16.0, 17.0, 19.0, 20.0, 22.0, 23.0, 25.0,
            32.0, 32.0, 34.0, 35.0,
        ];
        cases(&times, &[1, 1, 1, 0, 1, 0, 1, 0, 0, 1, 1, 0, 0, 0, 1, 1, 0, 0, 0, 0, 0])
    }

    #[test]
    fn agrees_with_the_published_curve() {
        // Freireich's data as in R survival and textbooks: S(6) = 6/7, S(10) = .7529, S(23) = .4482, median 23; Greenwood's error of S(10): .0963.
        let curve = kaplan_meier(&remission()).expect("defined");
        assert_eq!((curve.n, curve.events, curve.at_risk(10.0)), (21, 9, 15));
        let at = |time: f64| curve.at(time).expect("a step");
        close(at(6.5).survival, 6.0 / 7.0);
        assert!((at(10.0).survival - 0.7529412).abs() < 1e-7);
        assert!((at(10.0).survival * at(10.0).log_variance.sqrt() - 0.0963).abs() < 1e-4);
        let median = curve.median(Scale::LogLog, 0.95);
        assert_eq!((median.value, median.lower, median.upper), (Ok(23.0), Ok(13.0), Err(Reason::TooFew)));
    }

    #[test]
    fn intervals_and_restricted_mean_agree_with_statsmodels() {
        // statsmodels 0.15 SurvfuncRight gives S and Greenwood's error; the scales by their formulas in numpy; restricted mean by numpy.trapezoid
        // of the step curve.
        let curve = kaplan_meier(&remission()).expect("defined");
        let step = curve.at(10.0).expect("a step");
        for (scale, expected) in [
            (Scale::Plain, (0.5640993266787884, 0.9417830262623883)),
            (Scale::Log, (0.5859189820296943, 0.9675747545522978)),
            (Scale::LogLog, (0.5031995107999564, 0.8893618351692657)),
        ] {
            let (low, high) = step.interval(scale, 0.95).expect("defined");
            close(low, expected.0);
            close(high, expected.1);
        }
        let mean = curve.restricted_mean(20.0).expect("defined");
        close(mean.mean, 16.116526610644257);
        close(mean.std_error, 1.2515601960050473);
    }

    #[test]
    fn a_flat_at_one_half_has_its_median_in_the_middle() {
        let curve = kaplan_meier(&cases(&[1.0, 2.0, 5.0, 9.0], &[1, 1, 1, 1])).expect("defined");
        assert_eq!(curve.median(Scale::Log, 0.95).value, Ok(3.5));
    }

    #[test]
    fn hard_cases_say_why() {
        assert_eq!(kaplan_meier(&[]), Err(Reason::TooFew));
        assert_eq!(kaplan_meier(&cases(&[-1.0], &[1])), Err(Reason::NotApplicable));
        assert_eq!(kaplan_meier(&cases(&[f64::NAN], &[1])), Err(Reason::NotApplicable));
        let censored = kaplan_meier(&cases(&[3.0, 4.0], &[0, 0])).expect("defined");
        assert_eq!((censored.at(5.0), censored.median(Scale::Log, 0.95).value), (None, Err(Reason::TooFew)));
        assert_eq!(censored.restricted_mean(5.0), Err(Reason::Gap));
        assert_eq!((censored.survival(4.0), censored.survival(4.5)), (Ok(1.0), Err(Reason::Gap)));
        close(censored.restricted_mean(4.0).expect("seen").mean, 4.0);
        let all = kaplan_meier(&cases(&[3.0, 3.0], &[1, 1])).expect("defined");
        assert_eq!(all.steps[0].interval(Scale::LogLog, 0.95), Err(Reason::NoVariation));
        close(all.restricted_mean(30.0).expect("all closed").mean, 3.0);
    }

    proptest! {
        #[test]
        fn counted_cases_are_the_same_and_limits_hold_the_curve(rows in prop::collection::vec((0u8..20, any::<bool>(), 1u64..4), 1..40)) {
            let counted: Vec<Lifetime> =
                rows.iter().map(|&(time, event, count)| Lifetime { time: f64::from(time), event, count }).collect();
            let single = |case: &Lifetime| (0..case.count).map(|_| Lifetime { count: 1, ..*case }).collect::<Vec<_>>();
            let raw: Vec<Lifetime> = counted.iter().flat_map(single).collect();
            let curve = kaplan_meier(&counted).expect("cases");
            prop_assert_eq!(curve.steps.len(), kaplan_meier(&raw).expect("cases").steps.len());
            prop_assert_eq!(&curve.steps, &kaplan_meier(&raw).expect("cases").steps);
            for step in &curve.steps {
                for scale in [Scale::Plain, Scale::Log, Scale::LogLog] {
                    if let Ok((low, high)) = step.interval(scale, 0.9) {
                        prop_assert!(0.0 <= low && low <= step.survival && step.survival <= high && high <= 1.0);
                    }
                }
            }
        }
    }
}
