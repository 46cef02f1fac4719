//! Counts of what was done about breaches, and whether in time.

use super::Measured;
use crate::check::{Case, Remedy};
use crate::project::{Clock, Project};

/// Breaches of one promise of one department by kind of remedy: (department, commitment, kind); no kind where they were not remedied.
pub type RemedyKey = (u32, u32, Option<Remedy>);

/// Breaches of one kind of remedy.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct RemedyCounts {
    /// Breaches.
    pub n: u64,
    /// Those remedied within the remedy's own limit, that limit being over when the books closed.
    pub in_time: u64,
    /// Those whose limit was not over when the books closed, remedied or not: they can say nothing about the share in time.
    pub pending: u64,
    /// Those for which no limit of the remedy is declared, or none that their calendar can tell.
    pub without_limit: u64,
}

impl RemedyCounts {
    /// The counts in the order of [`RemedyCounts::NAMES`].
    pub fn values(&self) -> [u64; 4] {
        [self.n, self.in_time, self.pending, self.without_limit]
    }

    /// Names of the counts.
    pub const NAMES: [&'static str; 4] = ["n", "in_time", "pending", "without_limit"];

    /// Makes the counts of values in the order of [`RemedyCounts::NAMES`].
    pub fn from_values([n, in_time, pending, without_limit]: [u64; 4]) -> Self {
        Self { n, in_time, pending, without_limit }
    }

    /// Breaches whose remedy had to be in time by then.
    pub fn judged(&self) -> u64 {
        self.n - self.pending - self.without_limit
    }

    /// Adds other breaches.
    pub fn merge(&mut self, other: &Self) {
        let (own, other) = (self.values(), other.values());
        *self = Self::from_values(std::array::from_fn(|index| own[index] + other[index]));
    }
}

/// What is counted of one breach.
pub(super) struct Remedied {
    /// What was done; nothing where it was not remedied.
    pub(super) kind: Option<Remedy>,
    /// Its counts.
    pub(super) counts: RemedyCounts,
    /// Time from the due time to the remedy or, unremedied, to the second `at`; nothing where its clock lacks a calendar.
    pub(super) time: Option<(Measured, i64)>,
}

impl Remedied {
    /// Tells a breach as it was known at second `at`, its time by the clock of the remedy's limit, without one by the wall clock.
    pub(super) fn new(project: &Project, case: &Case, at: i64) -> Self {
        let promise = &project.commitments[case.commitment as usize];
        let calendar = project.remedy_calendar(promise, case.department);
        let limit = promise.remedy_limit.as_ref().map(|limit| limit.time);
        let from = case.due.unwrap_or(case.opened);
        let end = limit.and_then(|limit| limit.end(from, calendar));
        let remedied = case.remedied.filter(|&remedied| remedied <= at);
        let clock = limit.map_or(Clock::Elapsed, |limit| limit.clock);
        let is_pending = end.is_some_and(|end| at < end);
        let is_in_time = end.zip(remedied).is_some_and(|(end, remedied)| remedied <= end) && !is_pending;
        Self {
            kind: remedied.map(|_| case.remedy.unwrap_or(Remedy::Uncoded)),
            counts: RemedyCounts {
                n: 1,
                in_time: is_in_time.into(),
                pending: is_pending.into(),
                without_limit: end.is_none().into(),
            },
            time: match remedied {
                Some(remedied) => {
                    clock.between(calendar, (from, remedied)).map(|time| (Measured::Remedy, time))
                }
                None => clock.gone_by(calendar, (from, at)).map(|time| (Measured::Unremedied, time)),
            },
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::project::sample::project;
    use crate::project::{RemedyLimit, TimeLimit, Unit};

    const DAY: i64 = 86_400;

    /// Tells a breach that was due at second 0 and remedied then, as known at `at`, under a limit of two days if there is one.
    fn told(
        limit: bool,
        remedied: Option<i64>,
        at: i64,
    ) -> (Option<Remedy>, [u64; 4], Option<(Measured, i64)>) {
        let mut project = project();
        let time = TimeLimit { limit: 2.0, unit: Unit::Days, clock: Clock::Elapsed, cutoff: None };
        project.commitments[0].remedy_limit = limit.then_some(RemedyLimit { time, calendar: None });
        let case = Case {
            remedied,
            remedy: Some(Remedy::Gift),
            ..crate::link::tests::case(Some(0), Some(1), None, None)
        };
        let found = Remedied::new(&project, &case, at);
        (found.kind, found.counts.values(), found.time)
    }

    #[test]
    fn a_remedy_is_in_time_by_its_own_limit() {
        let late = 10 * DAY;
        let gift = Some(Remedy::Gift);
        assert_eq!(told(true, Some(2 * DAY), late), (gift, [1, 1, 0, 0], Some((Measured::Remedy, 2 * DAY))));
        assert_eq!(told(true, Some(2 * DAY + 1), late).1, [1, 0, 0, 0]);
        assert_eq!(told(true, None, late), (None, [1, 0, 0, 0], Some((Measured::Unremedied, late))));
        // Made good before it was due: at once.
        assert_eq!(told(true, Some(-5), late).2, Some((Measured::Remedy, 0)));
    }

    #[test]
    fn what_is_not_over_and_what_has_no_limit_is_not_judged() {
        assert_eq!(told(true, Some(DAY), DAY + 1).1, [1, 0, 1, 0]);
        assert_eq!(told(true, None, DAY).1, [1, 0, 1, 0]);
        // Not known yet: the breach counts as unremedied so far.
        assert_eq!(
            told(true, Some(9 * DAY), 5 * DAY),
            (None, [1, 0, 0, 0], Some((Measured::Unremedied, 5 * DAY)))
        );
        assert_eq!(told(false, Some(DAY), 9 * DAY).1, [1, 0, 0, 1]);
        assert_eq!(RemedyCounts::from_values([7, 3, 1, 2]).judged(), 4);
    }
}
