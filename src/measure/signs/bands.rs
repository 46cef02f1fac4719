//! The last tenth before a limit and the tenth before that, of durations or measured values.

use crate::check::VALUE_SCALE;
use crate::count::{Distribution, Measured};
use crate::project::{Clock, Commitment, Unit};
use crate::stats::discrete::binomial_upper;

/// Parts that a limit is divided into.
const PARTS: i64 = 10;

/// Cases around a limit.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(super) struct Bands {
    /// In the tenth before the last.
    pub(super) before: u64,
    /// In the last tenth, the limit itself included.
    pub(super) last: u64,
    /// All cases.
    pub(super) n: u64,
}

impl Bands {
    /// Counts the cases around `limit`; nothing where a tenth of it is less than one step of the values: rings are whole.
    ///
    /// A step is the greatest common divisor of all values; both tenths hold the same number of steps.
    pub(super) fn of(distribution: &Distribution, limit: i64) -> Option<Self> {
        let step = match distribution.binned {
            true => 1,
            false => distribution.counts.keys().fold(0, |all, &value| common_divisor(all, value)).max(1),
        };
        let width = limit / PARTS / step * step;
        if limit <= 0 || width == 0 {
            return None;
        }
        let end = limit / step * step;
        let count = |from: i64, to: i64| distribution.counts.range(from + 1..=to).map(|(_, n)| n).sum();
        Some(Self {
            before: count(end - 2 * width, end - width),
            last: count(end - width, end),
            n: distribution.counts.values().sum(),
        })
    }

    /// Adds other cases.
    pub(super) fn merge(&mut self, other: &Self) {
        self.before += other.before;
        self.last += other.last;
        self.n += other.n;
    }

    /// Returns the share of all cases that the tenth before the last holds, and the probability that the last one has as many as it has
    /// or more, if a case of the two is as likely in one as in the other.
    ///
    /// What comes after the limit is no measure: work is done in time for it, so that there is a cliff behind every limit.
    pub(super) fn against_before(&self) -> (f64, f64) {
        let expected = self.before as f64 / (self.n as f64).max(1.0);
        (expected, binomial_upper(self.last, self.before + self.last, 0.5))
    }
}

/// Returns the limit of a promise on the scale of each distribution that may hold its cases: measured values, and durations where they are
/// by the clock of the limit; nothing where more is better or there is only yes or no.
pub(super) fn limits_of(one: &Commitment, limit: f64) -> Vec<(Measured, i64)> {
    if one.higher_is_better || matches!(one.unit, Unit::Yes | Unit::Share) {
        return Vec::new();
    }
    let seconds = one.unit.seconds().filter(|_| one.clock == Clock::Elapsed);
    let duration = seconds.map(|seconds| (Measured::Duration, (limit * seconds).round() as i64));
    let value = (Measured::Value, (limit * VALUE_SCALE).round() as i64);
    duration.into_iter().chain([value]).collect()
}

fn common_divisor(a: i64, b: i64) -> i64 {
    let (mut x, mut y) = (a.unsigned_abs(), b.unsigned_abs());
    while y != 0 {
        (x, y) = (y, x % y);
    }
    i64::try_from(x).unwrap_or(1)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn distribution(values: &[(i64, u64)]) -> Distribution {
        let mut all = Distribution::default();
        values.iter().for_each(|&(value, n)| all.add(value, n));
        all
    }

    #[test]
    fn whole_minutes_fall_into_tenths_of_ten_minutes() {
        let minutes = distribution(&[(1, 40), (8, 3), (9, 5), (10, 22), (11, 1), (12, 4)]);
        let bands = Bands::of(&minutes, 10).unwrap();
        assert_eq!(bands, Bands { before: 5, last: 22, n: 75 });
        // scipy: binom.sf(21, 27, 1/2).
        let (expected, p) = bands.against_before();
        assert!(
            (expected - 5.0 / 75.0).abs() < 1e-12 && (p / 0.000_756_859_779_357_910_2 - 1.0).abs() < 1e-9,
            "{p}"
        );
    }

    #[test]
    fn tenths_hold_the_same_number_of_steps() {
        // Seconds by the minute, a limit of 25 minutes: two and a half steps make two.
        let by_minute: Vec<(i64, u64)> = (0..=40).map(|minute| (minute * 60, 1)).collect();
        let bands = Bands::of(&distribution(&by_minute), 25 * 60).unwrap();
        assert_eq!((bands.before, bands.last), (2, 2));
    }

    #[test]
    fn a_limit_of_few_steps_cannot_be_looked_at() {
        assert_eq!(Bands::of(&distribution(&[(1, 5), (2, 5), (3, 9)]), 3), None);
        assert_eq!(Bands::of(&distribution(&[(1, 5)]), 0), None);
        let none = Bands::of(&Distribution::default(), 100).unwrap();
        assert_eq!((none, none.against_before().1), (Bands::default(), 1.0));
    }
}
