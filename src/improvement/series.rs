//! The months of an action, the departments it is compared with, and their figures.

use std::collections::BTreeMap;
use std::ops::RangeInclusive;

use super::{MONTHS, is_known};
use crate::count::MonthCounts;
use crate::measure::{Code, Context, basis, breaks, measure};
use crate::month::Month;
use crate::project::{Action, Project};
use crate::stats::Estimate;
use crate::stats::interrupted::Point;

/// Figures of a department by month.
pub(super) type Figures = BTreeMap<Month, Estimate>;

/// Which months count before an action, and which after its start.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Window {
    /// First and last month of the baseline.
    pub before: (Month, Month),
    /// First and last month after the start; nothing while there are none.
    pub after: Option<(Month, Month)>,
}

impl Window {
    /// Up to twelve months before the trigger, and up to twelve whole months from the start on.
    pub(super) fn new(action: &Action, month: Month) -> Self {
        let trigger = action.trigger.first;
        let after = action.start.map(|start| {
            let first =
                if start == start.month().first_day() { start.month() } else { start.month().plus(1) };
            (first, first.plus(MONTHS - 1).min(month))
        });
        Self {
            before: (trigger.plus(-MONTHS), trigger.plus(-1)),
            after: after.filter(|(first, last)| first <= last),
        }
    }

    /// The first month that counts.
    pub(super) fn first(&self) -> Month {
        self.before.0
    }

    /// Lets the baseline begin with the first month that has a figure.
    pub(super) fn begin_with(&mut self, own: &Figures) {
        let (first, last) = self.before;
        self.before.0 = own.range(first..=last).next().map_or(first, |(month, _)| *month);
    }

    /// Says whether a month counts after the start; nothing for months that do not count.
    fn side(&self, month: Month) -> Option<bool> {
        let within = |(first, last): (Month, Month)| (first..=last).contains(&month);
        if within(self.before) {
            return Some(false);
        }
        self.after.is_some_and(within).then_some(true)
    }
}

/// Returns the departments that an action is compared with: those that it names, or of the same profile, in which nothing is done.
pub(super) fn comparable(project: &Project, action: &Action, (own, month): (u32, Month)) -> Vec<u32> {
    let profile = &project.departments[own as usize].profile;
    let acting: Vec<&String> = project
        .improvement
        .actions
        .iter()
        .filter(|one| is_known(one, month))
        .flat_map(|one| &one.departments)
        .collect();
    let is_compared = |code: &String, of: &String| match action.compare.as_slice() {
        [] => of == profile,
        named => named.contains(code) || named.contains(of),
    };
    (0..)
        .zip(&project.departments)
        .filter(|(_, one)| one.leaf && is_compared(&one.code, &one.profile) && !acting.contains(&&one.code))
        .map(|(position, _)| position)
        .filter(|position| *position != own)
        .collect()
}

/// Returns the figures of a department; of assessments only those that are new, since copies would say nothing more.
pub(super) fn department_figures(
    context: &Context<'_>,
    months: &BTreeMap<Month, MonthCounts>,
    (code, department): (&Code, u32),
    span: RangeInclusive<Month>,
) -> Figures {
    let mut figures = Figures::new();
    let mut last = None;
    for (&month, counts) in months.range(span) {
        if code.is_of_assessments() {
            let now = Some(basis(counts, department, month));
            if now == last {
                continue;
            }
            last = now;
        }
        if let Ok(figure) = measure(context, counts, code, department, month) {
            figures.insert(month, figure);
        }
    }
    figures
}

/// Returns the figures that count, in order of time.
pub(super) fn points(figures: &Figures, window: Window) -> Vec<Point> {
    let point = |(month, figure): (&Month, &Estimate)| {
        let is_after = window.side(*month)?;
        Some(Point {
            time: month.0,
            value: figure.value,
            std_error: figure.std_error.unwrap_or(0.0),
            is_after,
        })
    };
    figures.iter().filter_map(point).collect()
}

/// Says whether the limit of a commitment changed between the first month and the last, so that they are not the same thing.
pub(super) fn is_changed(project: &Project, code: &Code, (window, n_peers): (Window, usize)) -> bool {
    let Some((_, last)) = window.after else { return false };
    // What changed in a questionnaire changed for comparable departments too, and what they did meanwhile is taken off.
    if n_peers == 0 && breaks(project, code).iter().any(|one| window.first() < one.month && one.month <= last)
    {
        return true;
    }
    let Code::Commitment(_, of) = code else { return false };
    let Some(commitment) = project.commitment(of).map(|position| &project.commitments[position]) else {
        return false;
    };
    let limit = |month: Month| commitment.limit_at(month.first_day()).and_then(|limit| limit.limit);
    window.first().to(last).any(|month| limit(month) != limit(last))
}
