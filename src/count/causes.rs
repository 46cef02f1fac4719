//! Counts of what breaches were put down to.

use crate::check::Case;

/// A cause of the breaches of one promise of one department: (department, commitment, cause); no cause where none was coded.
pub type CauseKey = (u32, u32, Option<u32>);

/// Breaches of one cause.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct CauseCounts {
    /// Breaches.
    pub n: u64,
    /// Excused ones among them.
    pub excused: u64,
    /// Those with a due time that were done in the end, and by how many seconds they were late in all.
    pub late: (u64, u64),
}

impl CauseCounts {
    /// Adds a breached case as it was known at second `at`.
    pub fn add(&mut self, case: &Case, at: i64) {
        self.n += 1;
        self.excused += u64::from(case.excused);
        let closed = case.closed.filter(|&closed| case.timed && closed <= at);
        if let Some((closed, due)) = closed.zip(case.due) {
            self.late.0 += 1;
            self.late.1 += u64::try_from(closed - due).unwrap_or(0);
        }
    }

    /// Adds other breaches.
    pub fn merge(&mut self, other: &Self) {
        self.n += other.n;
        self.excused += other.excused;
        self.late = (self.late.0 + other.late.0, self.late.1 + other.late.1);
    }
}
