//! What the methods of control charts share: their options, and the rows of a drawn chart.
//!
//! In: how a slot is read and a chart is drawn. Out: limits, causes, runs and assurance as rows. Deliberately absent: formulas.

use super::calendar::Slot;
use super::series::{BY, EVERY, Series, TIME, Unit};
use super::{Answer, Fault, Request, Setting, optional, preset};
use crate::stats::Reason;
use crate::stats::assurance::{Target, Verdict, assurance};
use crate::stats::chart::{Limits, Phase, Point, phases};
use crate::stats::run_rules::{Cause, Rules, causes};
use crate::stats::runs::{long_runs, runs_of_phase};

/// Option: which direction is better.
pub(super) const IMPROVEMENT: Setting =
    preset("improvement", "which values are better: higher, lower or neither", "higher");
/// Option: baseline.
pub(super) const FREEZE: Setting =
    optional("freeze", "estimate the limits of each phase from its first so many observations");
/// Option: phases.
pub(super) const REBASE: Setting =
    optional("rebase", "periods (comma list) at which new limits begin; may go with `--freeze`");
/// Option: target.
pub(super) const TARGET: Setting = optional(
    "target",
    "value to be reached: adds how often it was met, and whether the process will meet it",
);
/// Option: fewest observations.
pub(super) const MINIMUM: Setting = preset(
    "minimum",
    "withhold limits whose baseline has fewer observations; below 12 they say little, to 19 they are on trial",
    "0",
);
/// Option: length of trends.
pub(super) const TREND: Setting = preset("trend", "points of a trend", "7");
/// Option: length of runs.
pub(super) const SHIFT: Setting = preset("shift", "points of a run on one side of the centre", "7");

/// The options of every chart that can have a target.
const COMMON: [Setting; 10] = [TIME, BY, EVERY, IMPROVEMENT, FREEZE, REBASE, TARGET, TREND, SHIFT, MINIMUM];

/// Returns a chart's own options and those of every chart; `N` is how many there are.
pub(super) const fn with_common<const N: usize>(own: &[Setting]) -> [Setting; N] {
    assert!(own.len() + COMMON.len() == N, "N counts the options");
    let mut all = [TIME; N];
    let mut place = 0;
    while place < N {
        all[place] = if place < own.len() { own[place] } else { COMMON[place - own.len()] };
        place += 1;
    }
    all
}

/// How a peer names what a chart gives.
pub(super) struct Style {
    value: &'static str,
    center: &'static str,
    lower: &'static str,
    upper: &'static str,
    /// Standard deviation of one observation, where qcc tells it.
    sd: Option<fn(&Limits) -> f64>,
    /// Whether a repeated value ends a trend, and a target on a limit is uncertain, as NHSRplotthedots has it.
    strict: bool,
}

/// Names of NHSRplotthedots.
pub(super) const NHS: Style =
    Style { value: "value", center: "mean_col", lower: "lpl", upper: "upl", sd: None, strict: false };
/// Names of qicharts2.
pub(super) const QICHARTS: Style =
    Style { value: "y", center: "cl", lower: "lcl", upper: "ucl", sd: None, strict: false };

impl Style {
    /// Returns the style with the conventions of NHSRplotthedots.
    pub(super) const fn strict(self) -> Self {
        Self { strict: true, ..self }
    }

    /// Returns qcc's style.
    pub(super) const fn qcc(sd: fn(&Limits) -> f64) -> Self {
        Self { sd: Some(sd), ..QICHARTS }
    }
}

struct Options<'a> {
    improvement: i8,
    freeze: Option<usize>,
    rebase: Vec<&'a str>,
    target: Option<Target>,
    minimum: usize,
    rules: Rules,
}

impl<'a> Options<'a> {
    fn read(request: &'a Request<'_>, style: &Style) -> Result<Self, Fault> {
        let improvement = match request.word("improvement", &["higher", "lower", "neither"])? {
            Some("lower") => -1,
            Some("neither") => 0,
            _ => 1,
        };
        let target = request.value("target")?.map(|value| Target { value, higher: improvement >= 0 });
        let (trend, run) = (request.whole("trend")?.unwrap_or(7), request.whole("shift")?.unwrap_or(7));
        Ok(Self {
            improvement,
            freeze: request.whole("freeze")?,
            rebase: request.names("rebase")?,
            target,
            minimum: request.whole("minimum")?.unwrap_or(0),
            rules: Rules { trend, run, ties_end_trend: style.strict },
        })
    }
}

/// A chart of one unit that is being written.
struct Sheet<'a> {
    unit: &'a Unit,
    style: &'a Style,
    options: &'a Options<'a>,
    phases: &'a [Phase],
    points: &'a [Point],
}

/// Draws the chart of every unit: `read` gives what a slot holds (nothing in a gap), `draw` the points.
pub(super) fn charts<T>(
    request: &Request<'_>,
    style: &Style,
    series: &Series,
    read: impl Fn(&Slot) -> Result<Option<T>, Fault>,
    draw: impl Fn(&[Option<T>], &[Phase]) -> Result<Vec<Point>, Reason>,
) -> Result<Answer, Fault> {
    let options = Options::read(request, style)?;
    let units = &series.units;
    let known = |label: &&str| units.iter().any(|unit| unit.slots.iter().any(|slot| slot.label == *label));
    if let Some(label) = options.rebase.iter().find(|label| !known(label)) {
        return Err(Fault::new(
            format!("no period is called `{label}`"),
            "`--rebase` names periods as the column of `--time` does",
        ));
    }
    let mut answer = Answer::default();
    for unit in units {
        let values: Vec<Option<T>> = unit.slots.iter().map(&read).collect::<Result<_, Fault>>()?;
        let observed: Vec<bool> = values.iter().map(Option::is_some).collect();
        let is_start = |slot: &Slot| options.rebase.contains(&slot.label.as_str());
        let starts: Vec<usize> = (0..observed.len()).filter(|&slot| is_start(&unit.slots[slot])).collect();
        let phases = phases(&observed, &starts, options.freeze);
        match draw(&values, &phases) {
            Err(reason) => answer.figure(&unit.element("chart"), style.center, Err(reason)),
            Ok(mut points) => {
                withhold(&mut points, &phases, options.minimum);
                Sheet { unit, style, options: &options, phases: &phases, points: &points }.write(&mut answer);
            }
        }
    }
    series.tell(&mut answer);
    Ok(answer)
}

fn baseline(points: &[Point], phase: &Phase) -> usize {
    points[phase.baseline.clone()].iter().filter(|point| point.value.is_some()).count()
}

fn withhold(points: &mut [Point], phases: &[Phase], minimum: usize) {
    for phase in
        phases.iter().filter(|phase| baseline(points, phase) < minimum).cloned().collect::<Vec<Phase>>()
    {
        points[phase.slots].iter_mut().for_each(|point| point.limits = Err(Reason::TooFew));
    }
}

impl Sheet<'_> {
    fn write(&self, answer: &mut Answer) {
        let causes = causes(self.points, self.options.rules);
        for (slot, (point, &cause)) in self.unit.slots.iter().zip(self.points.iter().zip(&causes)) {
            let element = self.unit.element(&slot.label);
            self.write_point(&element, point, answer);
            if let Some((value, limits)) = point.judged() {
                self.write_flags(&element, (value, limits), answer);
                answer.text(&element, "special_cause_type", &self.words(cause));
                answer.text(&element, "point_type", self.point_type((value, limits), cause));
                answer.text(&element, "rebase_group", &point.phase.to_string());
            }
        }
        self.write_runs(answer);
        let last = self
            .points
            .iter()
            .zip(causes)
            .rev()
            .find_map(|(point, cause)| point.judged().map(|judged| (judged, cause)));
        if let Some((judged, cause)) = last {
            answer.text(&self.unit.element("last"), "variation_type", self.point_type(judged, cause));
        }
        self.write_assurance(answer);
    }

    fn write_point(&self, element: &str, point: &Point, answer: &mut Answer) {
        answer.figure(element, self.style.value, point.value.ok_or(Reason::Gap));
        if point.value.is_none() && point.limits.is_err() {
            return;
        }
        answer.figure(element, self.style.center, point.limits.map(|limits| limits.center));
        for (quantity, end) in [
            (self.style.lower, point.limits.map(|limits| limits.lower)),
            (self.style.upper, point.limits.map(|limits| limits.upper)),
        ] {
            answer.figure(element, quantity, end);
        }
        if let Some(chance) = point.chance {
            answer.number(element, "chance", chance);
        }
    }

    fn write_flags(&self, element: &str, (value, limits): (f64, Limits), answer: &mut Answer) {
        let outside = f64::from(u8::from(limits.is_outside(value)));
        answer.number(element, "relative_to_mean", f64::from(limits.side(value)));
        answer.number(element, "close_to_limits", f64::from(u8::from(limits.is_close(value))));
        answer.number(element, "outside_limits", outside);
        answer.number(
            element,
            if self.style.sd.is_some() { "beyond_limits" } else { "sigma_signal" },
            outside,
        );
    }

    fn write_runs(&self, answer: &mut Answer) {
        let last = self.phases.len().saturating_sub(1);
        for (number, phase) in self.phases.iter().enumerate() {
            let name = if number == last { "chart".to_owned() } else { format!("phase {number}") };
            let element = self.unit.element(&name);
            self.write_history(&element, phase, answer);
            let runs = runs_of_phase(self.points, number);
            for (quantity, value) in [
                ("longest_run", runs.map(|runs| runs.longest)),
                ("longest_run_max", runs.map(|runs| runs.longest_max)),
                ("n_crossings", runs.map(|runs| runs.crossings)),
                ("n_crossings_min", runs.map(|runs| runs.crossings_min)),
                ("n_useful", runs.map(|runs| runs.useful)),
                ("runs_signal", runs.map(|runs| u64::from(runs.signal()))),
            ] {
                answer.figure(&element, quantity, value.map(|value| value as f64));
            }
        }
        if self.style.sd.is_some() {
            for (slot, long) in self.unit.slots.iter().zip(long_runs(self.points, self.options.rules.run)) {
                answer.number(&self.unit.element(&slot.label), "violating_run", f64::from(u8::from(long)));
            }
        }
    }

    fn write_history(&self, element: &str, phase: &Phase, answer: &mut Answer) {
        let count = baseline(self.points, phase);
        let trust = ["too few", "trial", "firm"][usize::from(count >= 12) + usize::from(count >= 20)];
        answer.number(element, "baseline_points", count as f64);
        answer.text(element, "baseline", trust);
        let points = &self.points[phase.slots.clone()];
        if points.iter().any(|point| point.chance.is_some()) {
            answer.text(element, "history", "constant");
        }
        let limits = points.iter().find_map(|point| point.limits.ok());
        if let Some((limits, sd)) = limits.zip(self.style.sd) {
            answer.number(element, "center", limits.center);
            answer.number(element, "sd", sd(&limits));
        }
    }

    fn write_assurance(&self, answer: &mut Answer) {
        let Some(target) = self.options.target else { return };
        let found = assurance(self.points, target);
        let (fact, inference) = (self.unit.element("fact"), self.unit.element("inference"));
        answer.number(&fact, "target", target.value);
        answer.figure(&fact, "periods_met", found.map(|found| found.met as f64));
        answer.figure(&fact, "periods", found.map(|found| found.of as f64));
        answer.figure(&fact, "last_met", found.map(|found| f64::from(u8::from(found.last_met))));
        answer.figure(&inference, "probability_met", found.map(|found| found.probability));
        let Ok(found) = found else { return };
        let limits = self.points.iter().rev().find_map(Point::judged).map(|(_, limits)| limits);
        // NHSRplotthedots asks for a target strictly beyond the limit.
        let on_limit = limits.is_some_and(|limits| {
            [limits.lower, limits.upper].iter().any(|end| end.total_cmp(&target.value).is_eq())
        });
        let (word, verdict) = match found.verdict {
            Verdict::Consistent if !(self.style.strict && on_limit) => ("consistent_pass", "consistently"),
            Verdict::Never => ("consistent_fail", "never"),
            _ => ("inconsistent", "by chance"),
        };
        answer.text(&inference, "will_be_met", verdict);
        if self.options.improvement != 0 {
            answer.text(&self.unit.element("last"), "assurance_type", word);
        }
    }

    fn words(&self, cause: Cause) -> String {
        let Rules { trend, run, .. } = self.options.rules;
        match cause {
            Cause::Above => "Above UCL".to_owned(),
            Cause::Below => "Below LCL".to_owned(),
            Cause::Rising => format!("{trend} Point Trend (Increasing)"),
            Cause::Falling => format!("{trend} Point Trend (Decreasing)"),
            Cause::TwoAbove => "2 in 3 Above CL".to_owned(),
            Cause::TwoBelow => "2 in 3 Below CL".to_owned(),
            Cause::RunAbove => format!("{run} Points Above CL"),
            Cause::RunBelow => format!("{run} Points Below CL"),
            Cause::Common => "Common Cause".to_owned(),
        }
    }

    fn point_type(&self, (value, limits): (f64, Limits), cause: Cause) -> &'static str {
        match (cause.direction(), self.options.improvement) {
            (0, _) => "common_cause",
            (_, 0) if limits.side(value) > 0 => "special_cause_neutral_high",
            (_, 0) => "special_cause_neutral_low",
            (direction, better) if direction == better => "special_cause_improvement",
            _ => "special_cause_concern",
        }
    }
}
