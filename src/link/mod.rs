//! Link: survey answer -> its contact's cases -> the worst outcome; -> the person who served -> that person's level.
//!
//! In: accepted rows. Out: for each answer its [`Linked`] facts, and how many matched on both sides. Deliberately absent: counts.
//! Rows are joined to facts that are already unique per key, so that no row is ever multiplied.

mod breach;

use std::collections::BTreeSet;

pub use breach::{Breach, DELAY_ENDS};

use crate::assess::Assessments;
use crate::books::Cut;
use crate::check::{Answer, Case};
use crate::project::Project;
use crate::project::Status;

/// What became of a case, or of the worst of a contact's cases; the order is from worst to best.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Outcome {
    /// Late or missed, and not made good.
    BreachedUnremedied,
    /// Late or missed, and made good.
    BreachedRemedied,
    /// As promised.
    Kept,
    /// Not yet due.
    Open,
    /// Cancelled, or timed without a due time.
    Void,
    /// The contact has no case.
    NoCase,
}

impl Outcome {
    /// Every outcome, from worst to best.
    pub const ALL: [Self; 6] =
        [Self::BreachedUnremedied, Self::BreachedRemedied, Self::Kept, Self::Open, Self::Void, Self::NoCase];

    /// Returns the outcome with this code.
    pub fn of(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|outcome| outcome.code() == code)
    }

    /// Returns the outcome's code, as it stands in feeds.
    pub fn code(self) -> &'static str {
        match self {
            Self::BreachedUnremedied => "breached_unremedied",
            Self::BreachedRemedied => "breached_remedied",
            Self::Kept => "kept",
            Self::Open => "open",
            Self::Void => "void",
            Self::NoCase => "no_case",
        }
    }
}

/// Returns the outcome of `case` as it stood at second `at`: what happened later is not known yet.
pub fn outcome_at(case: &Case, at: i64) -> Outcome {
    let known = |time: Option<i64>| time.filter(|&time| time <= at);
    if known(case.cancelled).is_some() || (case.timed && case.due.is_none()) {
        return Outcome::Void;
    }
    let kept = if case.timed { kept_in_time(case, known(case.closed), at) } else { case.value_kept };
    match (kept, known(case.remedied)) {
        (None, _) if case.timed => Outcome::Open,
        (None, _) => Outcome::Void,
        (Some(true), _) => Outcome::Kept,
        (Some(false), Some(_)) => Outcome::BreachedRemedied,
        (Some(false), None) => Outcome::BreachedUnremedied,
    }
}

/// Returns whether a timed case was done by its due time, nothing while both can still come true.
fn kept_in_time(case: &Case, closed: Option<i64>, at: i64) -> Option<bool> {
    let due = case.due?;
    match closed {
        Some(closed) => Some(closed <= due),
        None if at > due => Some(false),
        None => None,
    }
}

/// What is known about an answer beside what it says.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Linked {
    /// Worst outcome among the contact's cases as it stood when the answer was given; nothing without a contact id.
    pub outcome: Option<Outcome>,
    /// The worst case itself, where its promise was broken.
    pub breach: Option<Breach>,
    /// Attained level of the person who served, for each linked competency, as of the day of the service.
    pub levels: Vec<Option<i16>>,
}

/// How many rows of a month matched, on both sides.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Matched {
    /// Answers without a contact id.
    pub answers_without_contact: u64,
    /// Answers whose contact has at least one case.
    pub answers_with_case: u64,
    /// Answers whose contact has none.
    pub answers_without_case: u64,
    /// Answers without a server.
    pub answers_without_server: u64,
    /// Answers whose server has a level in at least one linked competency.
    pub answers_with_level: u64,
    /// Answers whose server has none.
    pub answers_without_level: u64,
    /// Cases with a contact that was answered for.
    pub cases_with_answer: u64,
    /// Cases with a contact that was not answered for.
    pub cases_without_answer: u64,
    /// Cases without a contact id.
    pub cases_without_contact: u64,
}

impl Matched {
    /// The counts with their names, as the store keeps them.
    pub fn named(&self) -> [(&'static str, u64); 9] {
        [
            ("answers_without_contact", self.answers_without_contact),
            ("answers_with_case", self.answers_with_case),
            ("answers_without_case", self.answers_without_case),
            ("answers_without_server", self.answers_without_server),
            ("answers_with_level", self.answers_with_level),
            ("answers_without_level", self.answers_without_level),
            ("cases_with_answer", self.cases_with_answer),
            ("cases_without_answer", self.cases_without_answer),
            ("cases_without_contact", self.cases_without_contact),
        ]
    }
}

/// The cases that answers are joined to, sorted by contact.
pub struct Contacts<'a> {
    project: &'a Project,
    cases: Vec<(u128, &'a Case)>,
}

impl<'a> Contacts<'a> {
    /// Indexes `cases` by contact; those of promises that were not made, drafts and withdrawn ones, are left out.
    pub fn new(project: &'a Project, cases: impl Iterator<Item = &'a Case>) -> Self {
        let promised = cases.filter(|case| matches!(case.status, Status::Trial | Status::Announced));
        let mut by_contact: Vec<(u128, &Case)> =
            promised.filter_map(|case| Some((case.contact?, case))).collect();
        by_contact.sort_unstable_by_key(|&(contact, case)| (contact, case.id));
        Self { project, cases: by_contact }
    }

    /// Returns the worst outcome among the contact's cases, and that case where it is a breach: of several the one with the longest delay.
    fn worst(&self, answer: &Answer, cut: Cut) -> Option<(Outcome, Option<Breach>)> {
        let contact = answer.contact?;
        let at = answer.completed.min(cut.second());
        let first = self.cases.partition_point(|&(other, _)| other < contact);
        let own = self.cases[first..].iter().take_while(|&&(other, _)| other == contact);
        let judged = own.map(|(_, case)| {
            let outcome = outcome_at(case, at);
            (outcome, Breach::of(self.project, case, (outcome, at)))
        });
        Some(judged.min().unwrap_or((Outcome::NoCase, None)))
    }
}

/// Links `answers` to the cases of their contacts and the levels of their servers.
pub fn link(
    answers: &[Answer],
    contacts: &Contacts<'_>,
    (assessments, competencies): (&Assessments, &[u32]),
    cut: Cut,
    carry_quarters: i32,
) -> Vec<Linked> {
    let level = |answer: &Answer, competency: u32| {
        assessments.level_at((answer.server?, competency), answer.day, cut.day, carry_quarters)
    };
    let linked = |answer: &Answer| {
        let worst = contacts.worst(answer, cut);
        Linked {
            outcome: worst.map(|(outcome, _)| outcome),
            breach: worst.and_then(|(_, breach)| breach),
            levels: competencies.iter().map(|&competency| level(answer, competency)).collect(),
        }
    };
    answers.iter().map(linked).collect()
}

/// Counts what matched: `cases` are those that began in the month, `answered` the contacts of its answers.
pub fn matched<'a>(
    answers: impl Iterator<Item = (&'a Answer, &'a Linked)>,
    cases: impl Iterator<Item = &'a Case>,
    answered: &BTreeSet<u128>,
) -> Matched {
    let mut matched = Matched::default();
    for (answer, linked) in answers {
        match linked.outcome {
            None => matched.answers_without_contact += 1,
            Some(Outcome::NoCase) => matched.answers_without_case += 1,
            Some(_) => matched.answers_with_case += 1,
        }
        match (answer.server, linked.levels.iter().any(Option::is_some)) {
            (None, _) => matched.answers_without_server += 1,
            (Some(_), true) => matched.answers_with_level += 1,
            (Some(_), false) => matched.answers_without_level += 1,
        }
    }
    for case in cases {
        match case.contact {
            None => matched.cases_without_contact += 1,
            Some(contact) if answered.contains(&contact) => matched.cases_with_answer += 1,
            Some(_) => matched.cases_without_answer += 1,
        }
    }
    matched
}

#[cfg(test)]
pub(crate) mod tests {
    use super::*;
    use crate::check::Place;
    use crate::project::Status;

    pub(crate) fn case(
        due: Option<i64>,
        closed: Option<i64>,
        cancelled: Option<i64>,
        remedied: Option<i64>,
    ) -> Case {
        Case {
            id: 0,
            content: 0,
            place: Place { file: 0, line: 0 },
            revision: None,
            commitment: 0,
            department: 0,
            customer: None,
            contact: Some(1),
            opened: 0,
            due,
            due_differs: false,
            closed,
            cancelled,
            remedied,
            value: None,
            value_kept: None,
            status: Status::Announced,
            timed: true,
            excused: false,
            cause: None,
            remedy: None,
            segments: [0; 4],
        }
    }

    #[test]
    fn an_outcome_is_what_was_known_at_that_second() {
        let late = case(Some(10), Some(20), None, Some(30));
        let at = |second| outcome_at(&late, second);
        assert_eq!(at(10), Outcome::Open);
        assert_eq!(at(11), Outcome::BreachedUnremedied);
        assert_eq!(at(29), Outcome::BreachedUnremedied);
        assert_eq!(at(30), Outcome::BreachedRemedied);
        assert_eq!(outcome_at(&case(Some(10), Some(10), None, None), 10), Outcome::Kept);
        assert_eq!(outcome_at(&case(Some(10), None, Some(5), None), 4), Outcome::Open);
        assert_eq!(outcome_at(&case(Some(10), None, Some(5), None), 5), Outcome::Void);
        assert_eq!(outcome_at(&case(None, Some(5), None, None), 50), Outcome::Void);
    }

    #[test]
    fn a_measured_value_decides_where_time_does_not() {
        let measured = |kept| Case { timed: false, value_kept: kept, ..case(None, None, None, None) };
        assert_eq!(outcome_at(&measured(Some(true)), 0), Outcome::Kept);
        assert_eq!(outcome_at(&measured(Some(false)), 0), Outcome::BreachedUnremedied);
        assert_eq!(outcome_at(&measured(None), 0), Outcome::Void);
    }
}
