//! What days amount to: working seconds and working days, added up together.
//!
//! In: hours of days. Out: sums. Deliberately absent: which days they are.

use std::ops::{Add, Mul, Sub};

use super::hours::Hours;

/// Working seconds and working days.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(super) struct Tally {
    pub(super) seconds: i64,
    pub(super) days: i64,
}

impl Tally {
    /// Returns what one day of `hours` amounts to, of which `seconds` are real.
    pub(super) fn of(hours: &Hours, seconds: i64) -> Self {
        Self { seconds, days: i64::from(!hours.is_closed()) }
    }
}

impl Add for Tally {
    type Output = Self;

    fn add(self, other: Self) -> Self {
        Self { seconds: self.seconds + other.seconds, days: self.days + other.days }
    }
}

impl Sub for Tally {
    type Output = Self;

    fn sub(self, other: Self) -> Self {
        self + other * -1
    }
}

impl Mul<i64> for Tally {
    type Output = Self;

    fn mul(self, factor: i64) -> Self {
        Self { seconds: self.seconds * factor, days: self.days * factor }
    }
}
