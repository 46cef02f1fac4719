//! Counts of who was asked, who answered and how: by what had become of their promises, by segment and by channel.

mod answers;
mod contacts;
mod invitations;
mod reopened;

use std::collections::BTreeMap;

pub use answers::count_responses;
pub use contacts::count_contacts;
pub use invitations::count_invitations;
pub use reopened::{REOPENED_WITHIN, count_reopened};

use super::FamilySums;
use crate::link::Outcome;
use crate::project::Project;

/// Customers of one department that are alike: the same worst outcome, segment and channel.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct ContactCell {
    /// Position of the department, or of the unit that its counts were added to.
    pub department: u32,
    /// Position of the department that served, whatever unit it was added to.
    pub served_by: u32,
    /// Worst outcome of the customer's promises; nothing for answers that do not say which contact they are about.
    pub outcome: Option<Outcome>,
    /// Name of the segment, empty where it is missing or the project has no such cut.
    pub segment: String,
    /// Name of the channel, the same.
    pub channel: String,
}

/// Customers, and those of them who answered.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Asked {
    /// Customers invited, or in the case log.
    pub asked: u64,
    /// Those who answered.
    pub answered: u64,
}

impl Asked {
    /// Adds other customers.
    pub fn merge(&mut self, other: &Self) {
        self.asked += other.asked;
        self.answered += other.answered;
    }
}

/// How answers of one outcome were given.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct AnswerCounts {
    /// Answers.
    pub n: u64,
    /// Answers to enough questions of one scale to be seen as a line.
    pub lines: u64,
    /// Those of them that give every question the same answer.
    pub straight: u64,
    /// Answers that say it was done when promised.
    pub seen_kept: u64,
    /// Answers that say it was not.
    pub seen_broken: u64,
}

impl AnswerCounts {
    /// Names of the counts.
    pub const NAMES: [&'static str; 5] = ["n", "lines", "straight", "seen_kept", "seen_broken"];

    /// The counts in the order of [`AnswerCounts::NAMES`].
    pub fn values(&self) -> [u64; 5] {
        [self.n, self.lines, self.straight, self.seen_kept, self.seen_broken]
    }

    /// Makes the counts of values in the order of [`AnswerCounts::NAMES`].
    pub fn from_values([n, lines, straight, seen_kept, seen_broken]: [u64; 5]) -> Self {
        Self { n, lines, straight, seen_kept, seen_broken }
    }

    /// Adds other answers.
    pub fn merge(&mut self, other: &Self) {
        let (own, other) = (self.values(), other.values());
        *self = Self::from_values(std::array::from_fn(|index| own[index] + other[index]));
    }
}

/// Cases of one promise that began with a contact, and those of them that follow a kept one of the same contact within days.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Reopened {
    /// Cases that began.
    pub begun: u64,
    /// Those that reopen what was closed as kept.
    pub reopened: u64,
}

/// Counts of one month about who answers the client questionnaire, and how.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct ResponseCounts {
    /// Customers invited, as delivered.
    pub invitations: BTreeMap<ContactCell, Asked>,
    /// Customers of the case log, each once a month.
    pub contacts: BTreeMap<ContactCell, Asked>,
    /// Sums of all dimension scores together, over complete answers.
    pub scores: BTreeMap<ContactCell, FamilySums>,
    /// How answers were given, by department and outcome.
    pub answers: BTreeMap<(u32, Option<Outcome>), AnswerCounts>,
    /// Cases that were opened again, by department and commitment.
    pub reopened: BTreeMap<(u32, u32), Reopened>,
}

impl ResponseCounts {
    /// Adds other customers and answers.
    pub fn merge(&mut self, other: &Self) {
        self.roll_up(other, Some);
    }

    /// Adds others, each department's to the unit that `unit` names for it; those it names none for are left out.
    pub fn roll_up(&mut self, other: &Self, unit: impl Fn(u32) -> Option<u32>) {
        let moved =
            |cell: &ContactCell| Some(ContactCell { department: unit(cell.department)?, ..cell.clone() });
        let sides = [(&mut self.invitations, &other.invitations), (&mut self.contacts, &other.contacts)];
        for (own, others) in sides {
            for (cell, asked) in others.iter().filter_map(|(cell, asked)| Some((moved(cell)?, asked))) {
                own.entry(cell).or_default().merge(asked);
            }
        }
        for (cell, sums) in other.scores.iter().filter_map(|(cell, sums)| Some((moved(cell)?, sums))) {
            self.scores.entry(cell).and_modify(|own| own.merge(sums)).or_insert_with(|| sums.clone());
        }
        for (&(department, outcome), answers) in &other.answers {
            if let Some(department) = unit(department) {
                self.answers.entry((department, outcome)).or_default().merge(answers);
            }
        }
        for (&(department, commitment), cases) in &other.reopened {
            if let Some(department) = unit(department) {
                let own = self.reopened.entry((department, commitment)).or_default();
                own.begun += cases.begun;
                own.reopened += cases.reopened;
            }
        }
    }
}

/// What a customer counts under: one whose cases are all void was promised nothing in the end.
pub(super) fn class(outcome: Outcome) -> Outcome {
    if outcome == Outcome::Void { Outcome::NoCase } else { outcome }
}

/// Places of the cuts `segment` and `channel`, where the project declares them.
#[derive(Debug, Clone, Copy)]
pub struct Cuts {
    segment: Option<usize>,
    channel: Option<usize>,
}

impl Cuts {
    /// Looks the cuts up.
    pub fn of(project: &Project) -> Self {
        let place = |name: &str| project.cuts.iter().position(|cut| cut == name);
        Self { segment: place("segment"), channel: place("channel") }
    }

    /// Returns the names of a row's segment and channel.
    fn names(self, segments: &[u64; 4], names: &BTreeMap<u64, String>) -> (String, String) {
        let name =
            |cut: Option<usize>| cut.and_then(|cut| names.get(&segments[cut])).cloned().unwrap_or_default();
        (name(self.segment), name(self.channel))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn cell(department: u32, outcome: usize, segment: bool) -> ContactCell {
        let segment = if segment { "vip" } else { "" };
        ContactCell {
            department,
            served_by: department,
            outcome: Outcome::ALL.get(outcome).copied(),
            segment: segment.to_owned(),
            channel: String::new(),
        }
    }

    /// Rows: department, outcome (6 is unknown), segment, asked, answered, two scores.
    fn counts(rows: &[(u32, usize, bool, u64, u64, i32)]) -> ResponseCounts {
        let mut counts = ResponseCounts::default();
        for &(department, outcome, segment, more, answered, score) in rows {
            let cell = cell(department, outcome, segment);
            let asked = Asked { asked: answered + more, answered };
            counts.invitations.entry(cell.clone()).or_default().merge(&asked);
            counts.contacts.entry(cell.clone()).or_default().merge(&asked);
            counts.answers.entry((department, cell.outcome)).or_default().merge(&AnswerCounts {
                n: more,
                straight: answered,
                ..AnswerCounts::default()
            });
            let sums = counts.scores.entry(cell).or_insert_with(|| FamilySums::new(2));
            sums.add(&[score, -score], 1_000_000);
            let own = counts.reopened.entry((department, outcome as u32)).or_default();
            *own = Reopened { begun: own.begun + more + answered, reopened: own.reopened + answered };
        }
        counts
    }

    type Rows = Vec<(u32, usize, bool, u64, u64, i32)>;

    fn rows() -> impl Strategy<Value = Rows> {
        prop::collection::vec((0u32..4, 0usize..7, any::<bool>(), 0u64..1000, 0u64..1000, 1i32..60), 0..20)
    }

    proptest! {
        #[test]
        fn rows_may_be_split_and_units_added_in_any_way(a in rows(), b in rows()) {
            let all = counts(&[a.clone(), b.clone()].concat());
            let (a, b) = (counts(&a), counts(&b));
            let merged = |first: &ResponseCounts, second: &ResponseCounts| {
                let mut sum = first.clone();
                sum.merge(second);
                sum
            };
            prop_assert_eq!(&merged(&a, &b), &all);
            prop_assert_eq!(&merged(&b, &a), &all);
            let rolled = |counts: &ResponseCounts| {
                let mut sum = ResponseCounts::default();
                sum.roll_up(counts, |department| (department != 3).then_some(department / 2));
                sum
            };
            prop_assert_eq!(rolled(&all), merged(&rolled(&a), &rolled(&b)));
        }
    }
}
