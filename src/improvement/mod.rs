//! Improvement: an action of a circle, its measure and comparable departments -> did it get better, and did it stay so?
//!
//! In: registers and counts of all months up to the reported one. Out: [`Progress`] per action and department, and what is [`Due`].
//! Deliberately absent: words; anything about how an action was done.
//!
//! A circle begins after bad months, and after bad months come better ones, whatever is done. So the months that gave rise to an action, and
//! those until its start, count neither before nor after; and what comparable departments without an action did meanwhile is taken off.

mod due;
mod series;

pub use due::{Due, DueState, Task, due, state};
pub use series::Window;

use crate::count::MonthCounts;
use crate::measure::{Code, Context};
use crate::month::{Day, Month};
use crate::project::{Action, Project};
use crate::stats::Reason;
use crate::stats::interrupted::{AFTER_MIN, BEFORE_MIN, Interrupted, interrupted};
use series::{comparable, department_figures, is_changed, points};
use std::collections::BTreeMap;

/// Months of the baseline, at most, and of the time after the start that is judged.
const MONTHS: i32 = 12;
/// Months after the standard in which it is looked at whether the gain held.
const REVIEW: (i32, i32) = (6, 12);
/// Level of the placebo test.
const LEVEL: f64 = 0.05;
/// Fewest comparable departments with which the placebo test can reach its level: 1/(19 + 1).
pub const PEERS_MIN: usize = 19;

/// Why a verdict cannot be given.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Doubt {
    /// Fewer than six months with a figure before.
    Months,
    /// Too few comparable departments for the placebo test.
    Peers,
    /// There is no step, for this reason.
    Figure(Reason),
}

/// What can be said of an action.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Verdict {
    /// Better beyond chance and beyond comparable departments.
    Improved,
    /// Worse so.
    Worse,
    /// Neither.
    NoEvidence,
    /// The data cannot say.
    CannotTell(Doubt),
    /// Fewer than three months since the start.
    TooEarly,
}

impl Verdict {
    /// Returns the verdict's code, as it stands in feeds.
    pub fn code(self) -> &'static str {
        match self {
            Self::Improved => "improved",
            Self::Worse => "worse",
            Self::NoEvidence => "no_evidence",
            Self::CannotTell(_) => "cannot_tell",
            Self::TooEarly => "too_early",
        }
    }
}

/// Whether a gain lasted.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Held {
    /// The review's months are better beyond chance, too.
    Held,
    /// They are below the first gain beyond chance, and not better than before.
    Lost,
    /// The data cannot say.
    CannotTell,
}

impl Held {
    /// Returns the code, as it stands in feeds.
    pub fn code(self) -> &'static str {
        match self {
            Self::Held => "held",
            Self::Lost => "lost",
            Self::CannotTell => "cannot_tell",
        }
    }
}

/// What became of a measure in one department with an action.
#[derive(Debug, Clone, PartialEq)]
pub struct Progress {
    /// Position of the action.
    pub action: usize,
    /// Position of the department.
    pub department: u32,
    /// The measure.
    pub code: Code,
    /// Which months count before and after.
    pub window: Window,
    /// Worst month of those that gave rise to the action, and its value.
    pub worst: Option<(Month, f64)>,
    /// Departments that it is compared with.
    pub peers: Vec<u32>,
    /// Fewest observations behind any figure used.
    pub fewest: u64,
    /// Levels and step.
    pub found: Result<Interrupted, Reason>,
    /// The verdict.
    pub verdict: Verdict,
    /// The verdict a month earlier.
    pub previous: Option<Verdict>,
    /// Whether the gain lasted, and the step of the review's months; nothing before they are there, or without a gain.
    pub held: Option<(Held, Interrupted)>,
}

impl Progress {
    /// Returns how much of the gain since the worst month is not the action's: that gain less the step, both as changes of the measure.
    pub fn regression_to_the_mean(&self) -> Option<f64> {
        let (found, (_, worst)) = (self.found.as_ref().ok()?, self.worst?);
        Some(found.after.value - worst - found.step.value)
    }
}

/// Says which actions are known in a month: those whose trigger had passed.
pub fn is_known(action: &Action, month: Month) -> bool {
    action.trigger.last <= month
}

/// Follows every action in every one of its departments up to `month`.
pub fn follow(context: &Context<'_>, months: &BTreeMap<Month, MonthCounts>, month: Month) -> Vec<Progress> {
    let mut progress = judge(context, months, month);
    let before = judge(context, months, month.plus(-1));
    for own in &mut progress {
        let last = before.iter().find(|one| (one.action, one.department) == (own.action, own.department));
        own.previous = last.map(|one| one.verdict);
    }
    progress
}

fn judge(context: &Context<'_>, months: &BTreeMap<Month, MonthCounts>, month: Month) -> Vec<Progress> {
    let project = context.project;
    let known = project.improvement.actions.iter().enumerate().filter(|(_, action)| is_known(action, month));
    let pairs = known.flat_map(|(place, action)| {
        action.departments.iter().filter_map(move |code| Some((place, action, project.department(code)?)))
    });
    let one = |(place, action, department): (usize, &Action, usize)| {
        let department = u32::try_from(department).expect("a register has fewer than 2^32 departments");
        Some(
            Case { context, months, action, department, month, code: Code::parse(&action.measure)? }
                .progress(place),
        )
    };
    pairs.filter_map(one).collect()
}

/// One action in one department, and what it is judged by.
struct Case<'a> {
    context: &'a Context<'a>,
    months: &'a BTreeMap<Month, MonthCounts>,
    action: &'a Action,
    department: u32,
    month: Month,
    code: Code,
}

impl Case<'_> {
    fn progress(self, action: usize) -> Progress {
        let peers = comparable(self.context.project, self.action, (self.department, self.month));
        let mut window = Window::new(self.action, self.month);
        let everyone: Vec<u32> = std::iter::once(self.department).chain(peers.iter().copied()).collect();
        let figures: Vec<_> = everyone
            .iter()
            .map(|&one| {
                department_figures(self.context, self.months, (&self.code, one), window.first()..=self.month)
            })
            .collect();
        window.begin_with(&figures[0]);
        let found = self.compare(&figures, window);
        let verdict = self.verdict(&figures, window, &found);
        let held = match (&found, verdict) {
            (Ok(gain), Verdict::Improved) => self.held(&figures, window, gain),
            _ => None,
        };
        let fewest = figures.iter().flat_map(|one| one.values()).map(|figure| figure.n).min().unwrap_or(0);
        Progress {
            worst: self.worst(&figures[0]),
            action,
            department: self.department,
            window,
            peers,
            fewest,
            found,
            verdict,
            previous: None,
            held,
            code: self.code,
        }
    }

    fn compare(&self, figures: &[series::Figures], window: Window) -> Result<Interrupted, Reason> {
        if is_changed(self.context.project, &self.code, (window, figures.len() - 1)) {
            return Err(Reason::NotComparable);
        }
        let (own, others) = figures.split_first().ok_or(Reason::Gap)?;
        interrupted(&points(own, window), &others.iter().map(|one| points(one, window)).collect::<Vec<_>>())
    }

    fn verdict(
        &self,
        figures: &[series::Figures],
        window: Window,
        found: &Result<Interrupted, Reason>,
    ) -> Verdict {
        let own = points(&figures[0], window);
        let n_after = own.iter().filter(|point| point.is_after).count();
        let is_recent = window.after.is_none_or(|(first, _)| self.month < first.plus(AFTER_MIN as i32 - 1));
        if n_after < AFTER_MIN && is_recent {
            return Verdict::TooEarly;
        }
        if own.len() - n_after < BEFORE_MIN {
            return Verdict::CannotTell(Doubt::Months);
        }
        match found {
            Err(reason) => Verdict::CannotTell(Doubt::Figure(*reason)),
            Ok(found) if found.placebos.len() < PEERS_MIN => Verdict::CannotTell(Doubt::Peers),
            Ok(found) if self.is_beyond_chance(found, true) => Verdict::Improved,
            Ok(found) if self.is_beyond_chance(found, false) => Verdict::Worse,
            Ok(_) => Verdict::NoEvidence,
        }
    }

    /// Says whether the interval of a step leaves 0 out on the better (or worse) side, and few comparable departments moved as far.
    fn is_beyond_chance(&self, found: &Interrupted, is_better: bool) -> bool {
        let falls = self.code.higher_is_better() != is_better;
        let is_clear = if falls {
            found.step.upper.is_some_and(|upper| upper < 0.0)
        } else {
            found.step.lower.is_some_and(|lower| lower > 0.0)
        };
        is_clear && found.placebo_p(falls).is_some_and(|p| p <= LEVEL)
    }

    fn held(
        &self,
        figures: &[series::Figures],
        window: Window,
        gain: &Interrupted,
    ) -> Option<(Held, Interrupted)> {
        let standard = self.action.standard.as_ref()?.date.month();
        let (first, last) = (standard.plus(REVIEW.0), standard.plus(REVIEW.1).min(self.month));
        let window = Window { after: Some((first, last)), ..window };
        let found = self.compare(figures, window).ok()?;
        let is_below = if self.code.higher_is_better() {
            found.step.upper.is_some_and(|upper| upper < gain.step.value)
        } else {
            found.step.lower.is_some_and(|lower| lower > gain.step.value)
        };
        let held = match (self.is_beyond_chance(&found, true), is_below) {
            (true, _) => Held::Held,
            (false, true) => Held::Lost,
            (false, false) => Held::CannotTell,
        };
        Some((held, found))
    }

    fn worst(&self, own: &series::Figures) -> Option<(Month, f64)> {
        let trigger = self.action.trigger;
        let of = own.range(trigger.first..=trigger.last).map(|(month, figure)| (*month, figure.value));
        let sign = if self.code.higher_is_better() { 1.0 } else { -1.0 };
        of.min_by(|a, b| (sign * a.1).total_cmp(&(sign * b.1)))
    }
}

/// Returns the day by which a review of a standard is due: the last of the month so many months later.
pub fn review_due(standard: Day, months: i32) -> Day {
    standard.month().plus(months).last_day()
}

/// Says whether a project follows any improvement at all.
pub fn is_followed(project: &Project) -> bool {
    let own = &project.improvement;
    !(own.actions.is_empty() && own.decisions.is_empty() && own.practices.is_empty())
}

#[cfg(test)]
mod tests;
