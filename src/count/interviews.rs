//! Counts of coded behaviour interviews.

use std::collections::BTreeMap;

use crate::check::Behaviour;

/// What one coder found of one competency in one interview; private, never published.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct InterviewKey {
    /// Position of the person.
    pub person: u32,
    /// Position of the group.
    pub group: u32,
    /// Hash of the interview.
    pub interview: u128,
    /// Hash of the coder.
    pub coder: u128,
    /// Position of the competency in the code book.
    pub competency: u32,
    /// Level, if coded.
    pub level: Option<i16>,
}

/// Behaviours found, and the minutes of the interview.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct InterviewCounts {
    /// Behaviours.
    pub n: u64,
    /// Minutes; rows of one interview that differ in them count with the most.
    pub minutes: u64,
}

impl InterviewCounts {
    /// Adds other behaviours of the same reading.
    pub fn merge(&mut self, other: &Self) {
        self.n += other.n;
        self.minutes = self.minutes.max(other.minutes);
    }
}

/// Counts behaviours.
pub fn count_interviews<'a>(
    rows: impl Iterator<Item = &'a Behaviour>,
) -> BTreeMap<InterviewKey, InterviewCounts> {
    let mut counts: BTreeMap<InterviewKey, InterviewCounts> = BTreeMap::new();
    for row in rows {
        let key = InterviewKey {
            person: row.person,
            group: row.group,
            interview: row.interview,
            coder: row.coder,
            competency: row.competency,
            level: row.level,
        };
        counts.entry(key).or_default().merge(&InterviewCounts { n: row.n, minutes: row.minutes });
    }
    counts
}
