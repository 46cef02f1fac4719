//! The breach behind an answer: whose promise, how far beyond its limit, remedied or not, as it stood when the answer was given.

use std::cmp::Reverse;

use super::Outcome;
use crate::check::{Case, VALUE_SCALE, day_of};
use crate::project::{Clock, Commitment, Project, Unit};

/// Upper ends of the classes of delay, in quarters of the limit; the class after the last is open.
///
/// They are finer where most delays lie. A class is closed above, so that a delay of exactly one limit is in the fourth.
pub const DELAY_ENDS: [i64; 8] = [1, 2, 3, 4, 6, 8, 12, 16];

/// A broken promise as a customer had seen it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Breach {
    /// Class of the delay beyond the limit, 1 to 9 by [`DELAY_ENDS`]; 0 where none is measured. Longer delays come first, being worse.
    pub delay: Reverse<u8>,
    /// Position of the commitment.
    pub commitment: u32,
    /// Whether it was remedied.
    pub remedied: bool,
}

impl Breach {
    /// Returns the breach of a case whose outcome at a second is known; nothing where its promise was not broken.
    pub(super) fn of(project: &Project, case: &Case, (outcome, at): (Outcome, i64)) -> Option<Self> {
        let remedied = match outcome {
            Outcome::BreachedRemedied => true,
            Outcome::BreachedUnremedied => false,
            _ => return None,
        };
        let promise = &project.commitments[case.commitment as usize];
        let delay = if case.timed { late(project, promise, case, at) } else { beyond(promise, case) };
        let class = delay.map_or(0, class);
        Some(Self { delay: Reverse(class), commitment: case.commitment, remedied })
    }
}

/// How late it was by that second, and the time that was promised, both in seconds of the promise's clock.
fn late(project: &Project, promise: &Commitment, case: &Case, at: i64) -> Option<(i64, i64)> {
    let due = case.due?;
    let end = case.closed.filter(|&closed| closed <= at).unwrap_or(at);
    let calendar = project.calendar(promise, case.department);
    let clock = match (promise.clock, calendar) {
        (Clock::Elapsed, _) | (_, None) => Clock::Elapsed,
        // Parts of a day count too.
        (Clock::Working | Clock::WorkingDays, Some(_)) => Clock::Working,
    };
    Some((clock.between(calendar, (due, end))?, clock.between(calendar, (case.opened, due))?))
}

/// How far the measured value is beyond the limit, and the limit, both in millionths; nothing for yes or no.
fn beyond(promise: &Commitment, case: &Case) -> Option<(i64, i64)> {
    let limit = promise.limit_at(day_of(case.opened))?.limit.filter(|_| promise.unit != Unit::Yes)?;
    let limit = (limit * VALUE_SCALE).round() as i64;
    Some(((case.value? - limit).abs(), limit))
}

/// Returns the class of a delay; one without a limit to compare it with is in the last.
fn class((delay, limit): (i64, i64)) -> u8 {
    let is_beyond = |end: &&i64| 4 * i128::from(delay) > i128::from(**end) * i128::from(limit);
    1 + DELAY_ENDS.iter().filter(is_beyond).count() as u8
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::link::tests::case;
    use crate::project::sample::project;

    #[test]
    fn classes_are_quarters_of_the_limit_closed_above() {
        let classes = [0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 12, 13, 16, 17, i64::MAX].map(|delay| class((delay, 4)));
        assert_eq!(classes, [1, 1, 2, 3, 4, 5, 5, 6, 6, 7, 7, 8, 8, 9, 9]);
        assert_eq!((class((0, 0)), class((1, 0))), (1, 9));
    }

    #[test]
    fn a_breach_is_as_late_as_it_was_at_that_second() {
        let mut project = project();
        project.commitments[0].clock = Clock::Elapsed;
        let late = Case { opened: 0, ..case(Some(100), Some(300), None, Some(400)) };
        let breach = |at| Breach::of(&project, &late, (super::super::outcome_at(&late, at), at));
        assert_eq!(breach(100), None);
        assert_eq!(breach(150).map(|one| (one.delay.0, one.remedied)), Some((2, false)));
        assert_eq!(breach(350).map(|one| (one.delay.0, one.remedied)), Some((6, false)));
        assert_eq!(breach(400).map(|one| (one.delay.0, one.remedied)), Some((6, true)));
        assert!(breach(350) < breach(150), "the longer delay is the worse one");
    }

    #[test]
    fn a_value_is_compared_with_its_limit() {
        let mut project = project();
        project.commitments[0].unit = Unit::Count;
        project.commitments[0].limits =
            vec![crate::project::Limit { from: None, limit: Some(4.0), target: None }];
        let told = |value: Option<i64>| Case { timed: false, value, ..case(None, None, None, None) };
        let class = |project: &Project, value| {
            Breach::of(project, &told(value), (Outcome::BreachedUnremedied, 0)).map(|one| one.delay.0)
        };
        assert_eq!(class(&project, Some(6_000_000)), Some(2));
        assert_eq!(class(&project, None), Some(0));
        project.commitments[0].unit = Unit::Yes;
        assert_eq!(class(&project, Some(0)), Some(0));
    }
}
