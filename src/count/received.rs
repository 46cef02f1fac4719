//! Counts of what departments were promised by others.

use crate::check::Case;
use crate::link::Outcome;
use crate::month::Day;

/// What one department was promised by another on one day.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct ReceivedKey {
    /// Position of the department that was promised something.
    pub customer: u32,
    /// Position of the commitment.
    pub commitment: u32,
    /// Position of the department that promised.
    pub department: u32,
    /// Day on which the case was due, else began.
    pub day: Day,
}

impl ReceivedKey {
    /// Returns the place of a case; nothing where no department was promised anything.
    pub fn of(case: &Case) -> Option<Self> {
        let Case { customer, commitment, department, .. } = *case;
        Some(Self { customer: customer?, commitment, department, day: case.day() })
    }

    /// Returns the first key of what `customer` was promised by a commitment.
    pub fn first(customer: u32, commitment: u32) -> Self {
        Self { customer, commitment, department: 0, day: Day(i32::MIN) }
    }
}

/// What became of it.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct ReceivedCounts {
    /// Kept.
    pub kept: u64,
    /// Breached, made good or not.
    pub breached: u64,
    /// Not yet due.
    pub open: u64,
    /// Cancelled, or timed without a due time.
    pub void: u64,
}

impl ReceivedCounts {
    /// Adds a case.
    pub fn add(&mut self, outcome: Outcome) {
        match outcome {
            Outcome::Kept => self.kept += 1,
            Outcome::BreachedRemedied | Outcome::BreachedUnremedied => self.breached += 1,
            Outcome::Open => self.open += 1,
            Outcome::Void | Outcome::NoCase => self.void += 1,
        }
    }

    /// Adds other cases.
    pub fn merge(&mut self, other: &Self) {
        self.kept += other.kept;
        self.breached += other.breached;
        self.open += other.open;
        self.void += other.void;
    }
}
