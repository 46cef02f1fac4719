//! Counts of the promises: outcomes, durations, days.

use std::collections::BTreeMap;

use super::remedies::Remedied;
use super::{
    CauseCounts, CauseKey, Cell, Distribution, ReceivedCounts, ReceivedKey, RemedyCounts, RemedyKey,
};
use crate::books::Cut;
use crate::check::Case;
use crate::link::{Outcome, outcome_at};
use crate::month::{Day, Month};
use crate::project::Project;
use crate::project::Status;

/// One promise of one department or segment.
pub type CommitmentKey = (Cell, u32);

/// Number of the counts.
const N: usize = 12;

/// What became of the cases of one promise.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct OutcomeCounts {
    /// Kept.
    pub kept: u64,
    /// Breached and made good.
    pub breached_remedied: u64,
    /// Breached and not made good.
    pub breached_unremedied: u64,
    /// Not yet due.
    pub open: u64,
    /// Cancelled, or timed without a due time.
    pub void: u64,
    /// Breaches that are excused, among the breaches above.
    pub excused: u64,
    /// Cases that began in the month, whenever they are due.
    pub opened: u64,
    /// Cases whose own due time contradicts the limit in force.
    pub due_differs: u64,
    /// Kept ones among those above that began while the promise was on trial or withdrawn: shown, not rated.
    pub unrated_kept: u64,
    /// Breached and remedied ones among them.
    pub unrated_remedied: u64,
    /// Breached and unremedied ones among them.
    pub unrated_unremedied: u64,
    /// Cases that began while the promise was a draft; they stand in no other count.
    pub draft: u64,
}

impl OutcomeCounts {
    /// The counts in the order of [`OutcomeCounts::NAMES`].
    pub fn values(&self) -> [u64; N] {
        [
            self.kept,
            self.breached_remedied,
            self.breached_unremedied,
            self.open,
            self.void,
            self.excused,
            self.opened,
            self.due_differs,
            self.unrated_kept,
            self.unrated_remedied,
            self.unrated_unremedied,
            self.draft,
        ]
    }

    /// Names of the counts.
    pub const NAMES: [&'static str; N] = [
        "kept",
        "breached_remedied",
        "breached_unremedied",
        "open",
        "void",
        "excused",
        "opened",
        "due_differs",
        "unrated_kept",
        "unrated_remedied",
        "unrated_unremedied",
        "draft",
    ];

    /// Makes the counts of values in the order of [`OutcomeCounts::NAMES`].
    pub fn from_values(values: [u64; N]) -> Self {
        let [
            kept,
            breached_remedied,
            breached_unremedied,
            open,
            void,
            excused,
            opened,
            due_differs,
            rest @ ..,
        ] = values;
        let [unrated_kept, unrated_remedied, unrated_unremedied, draft] = rest;
        Self {
            kept,
            breached_remedied,
            breached_unremedied,
            open,
            void,
            excused,
            opened,
            due_differs,
            unrated_kept,
            unrated_remedied,
            unrated_unremedied,
            draft,
        }
    }

    /// Returns the counts without the cases that are shown and not rated.
    pub fn rated(&self) -> Self {
        Self {
            kept: self.kept - self.unrated_kept,
            breached_remedied: self.breached_remedied - self.unrated_remedied,
            breached_unremedied: self.breached_unremedied - self.unrated_unremedied,
            unrated_kept: 0,
            unrated_remedied: 0,
            unrated_unremedied: 0,
            ..*self
        }
    }

    /// Cases that were kept or breached.
    pub fn judged(&self) -> u64 {
        self.kept + self.breached()
    }

    /// Cases that were breached.
    pub fn breached(&self) -> u64 {
        self.breached_remedied + self.breached_unremedied
    }

    /// Adds other cases.
    pub fn merge(&mut self, other: &Self) {
        let (own, other) = (self.values(), other.values());
        *self = Self::from_values(std::array::from_fn(|index| own[index] + other[index]));
    }
}

/// What a distribution is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Measured {
    /// Seconds from opening to closing.
    Duration,
    /// Seconds from the due time to the remedy, by the clock of the remedy's limit.
    Remedy,
    /// Seconds from the due time to the close of the books of breaches that were not remedied by then, by the same clock.
    Unremedied,
    /// A measured value in millionths.
    Value,
}

/// Counts of all promises in one month.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct CommitmentCounts {
    /// Outcomes by cell and commitment.
    pub outcomes: BTreeMap<CommitmentKey, OutcomeCounts>,
    /// Distributions by department and commitment.
    pub distributions: BTreeMap<(u32, u32, Measured), Distribution>,
    /// Judged and breached cases by department, commitment and day: what counts the cases since the last breach.
    pub days: BTreeMap<(u32, u32, Day), (u64, u64)>,
    /// Breaches by cause.
    pub causes: BTreeMap<CauseKey, CauseCounts>,
    /// What departments were promised by others.
    pub received: BTreeMap<ReceivedKey, ReceivedCounts>,
    /// Breaches by what was done about them.
    pub remedies: BTreeMap<RemedyKey, RemedyCounts>,
}

/// Counts the cases of `month`: outcomes of those that belong to it, volume of those that began in it.
pub fn count_cases<'a>(
    cases: impl Iterator<Item = &'a Case>,
    month: Month,
    cut: Cut,
    project: &Project,
) -> CommitmentCounts {
    let (mut counts, cuts) = (CommitmentCounts::default(), project.cuts.len());
    for case in cases {
        if case.status == Status::Draft {
            if case.month() == month {
                let own = (Cell::whole(case.department), case.commitment);
                counts.outcomes.entry(own).or_default().draft += 1;
            }
            continue;
        }
        if case.month_opened() == month {
            for cell in Cell::of(case.department, &case.segments, cuts) {
                counts.outcomes.entry((cell, case.commitment)).or_default().opened += 1;
            }
        }
        if case.month() == month {
            let outcome = outcome_at(case, cut.second());
            for cell in Cell::of(case.department, &case.segments, cuts) {
                add_outcome(counts.outcomes.entry((cell, case.commitment)).or_default(), case, outcome);
            }
            add_times(&mut counts, case, outcome, cut);
            if let Some(key) = ReceivedKey::of(case) {
                counts.received.entry(key).or_default().add(outcome);
            }
            if is_breached(outcome) {
                add_breach(&mut counts, project, case, cut);
            }
        }
    }
    counts
}

fn add_outcome(counts: &mut OutcomeCounts, case: &Case, outcome: Outcome) {
    match outcome {
        Outcome::Kept => counts.kept += 1,
        Outcome::BreachedRemedied => counts.breached_remedied += 1,
        Outcome::BreachedUnremedied => counts.breached_unremedied += 1,
        Outcome::Open => counts.open += 1,
        Outcome::Void | Outcome::NoCase => counts.void += 1,
    }
    if case.status != Status::Announced {
        match outcome {
            Outcome::Kept => counts.unrated_kept += 1,
            Outcome::BreachedRemedied => counts.unrated_remedied += 1,
            Outcome::BreachedUnremedied => counts.unrated_unremedied += 1,
            _ => {}
        }
    }
    counts.excused += u64::from(case.excused && is_breached(outcome));
    counts.due_differs += u64::from(case.due_differs);
}

fn is_breached(outcome: Outcome) -> bool {
    matches!(outcome, Outcome::BreachedRemedied | Outcome::BreachedUnremedied)
}

/// Counts what is told of breaches alone: what they were put down to, what was done about them.
fn add_breach(counts: &mut CommitmentCounts, project: &Project, case: &Case, cut: Cut) {
    let key = (case.department, case.commitment);
    counts.causes.entry((key.0, key.1, case.cause)).or_default().add(case, cut.second());
    let remedied = Remedied::new(project, case, cut.second());
    counts.remedies.entry((key.0, key.1, remedied.kind)).or_default().merge(&remedied.counts);
    if let Some((measured, time)) = remedied.time {
        counts.distributions.entry((key.0, key.1, measured)).or_default().add(time, 1);
    }
}

fn add_times(counts: &mut CommitmentCounts, case: &Case, outcome: Outcome, cut: Cut) {
    if outcome != Outcome::Kept && !is_breached(outcome) {
        return;
    }
    let key = (case.department, case.commitment);
    let (judged, breaches) = counts.days.entry((key.0, key.1, case.day())).or_default();
    *judged += 1;
    *breaches += u64::from(is_breached(outcome));
    let mut add = |measured, value: Option<i64>| {
        if let Some(value) = value {
            counts.distributions.entry((key.0, key.1, measured)).or_default().add(value, 1);
        }
    };
    let known = |time: Option<i64>| time.filter(|&time| time <= cut.second());
    add(Measured::Value, case.value);
    add(Measured::Duration, known(case.closed).filter(|_| case.timed).map(|closed| closed - case.opened));
}

impl CommitmentCounts {
    /// Adds other cases.
    pub fn merge(&mut self, other: &Self) {
        for (key, counts) in &other.outcomes {
            self.outcomes.entry(*key).or_default().merge(counts);
        }
        for (key, distribution) in &other.distributions {
            self.distributions.entry(*key).or_default().merge(distribution);
        }
        for (key, (judged, breached)) in &other.days {
            let own = self.days.entry(*key).or_default();
            own.0 += judged;
            own.1 += breached;
        }
        for (key, counts) in &other.causes {
            self.causes.entry(*key).or_default().merge(counts);
        }
        for (key, counts) in &other.received {
            self.received.entry(*key).or_default().merge(counts);
        }
        for (key, counts) in &other.remedies {
            self.remedies.entry(*key).or_default().merge(counts);
        }
    }
}
