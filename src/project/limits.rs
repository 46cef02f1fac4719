//! Limits of time: what they are counted in, when they end, how much of them has gone.
//!
//! In: moments in seconds since 1970-01-01, and the calendar that counts. Out: moments and seconds of working or plain time.
//! Deliberately absent: cases and what becomes of them.

use crate::calendar::{Calendar, DAY};
use crate::month::Day;

/// How a limit is measured.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Unit {
    /// Seconds.
    Seconds,
    /// Minutes.
    Minutes,
    /// Hours.
    Hours,
    /// Days.
    Days,
    /// A count (rings, people in a queue, visits).
    Count,
    /// A share, 0 to 1.
    Share,
    /// Yes or no: a value of 1 keeps the promise.
    Yes,
}

/// Which time counts against a limit.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Clock {
    /// Time on the wall.
    Elapsed,
    /// Working time of the department's calendar, a day being its usual working day; without a calendar the case's own `due_at`.
    Working,
    /// Whole working days of the department's calendar: due at the close of the last one.
    WorkingDays,
}

/// A limit of time.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct TimeLimit {
    /// How many units.
    pub limit: f64,
    /// The unit.
    pub unit: Unit,
    /// Which time counts.
    pub clock: Clock,
    /// Second of the day from which a start counts for the next working day, for whole working days.
    pub cutoff: Option<u32>,
}

/// Within what time after its due time a breach is to be remedied.
#[derive(Debug, Clone, PartialEq)]
pub struct RemedyLimit {
    /// The limit.
    pub time: TimeLimit,
    /// Code of the calendar that counts, where that is not the commitment's or the department's.
    pub calendar: Option<String>,
}

impl Unit {
    /// Returns the seconds of one unit; nothing for units that are not of time.
    pub fn seconds(self) -> Option<f64> {
        match self {
            Self::Seconds => Some(1.0),
            Self::Minutes => Some(60.0),
            Self::Hours => Some(3_600.0),
            Self::Days => Some(DAY as f64),
            Self::Count | Self::Share | Self::Yes => None,
        }
    }
}

impl TimeLimit {
    /// Returns when a limit that begins at `from` ends; nothing where the unit is not of time or the clock needs a calendar and there is none.
    pub fn end(&self, from: i64, calendar: Option<&Calendar>) -> Option<i64> {
        let amount = (self.limit * self.seconds_per_unit(calendar)?).round() as i64;
        match (self.clock, calendar) {
            (Clock::Elapsed, None) => Some(from + amount),
            (Clock::Elapsed, Some(calendar)) => Some(calendar.add_elapsed(from, amount)),
            (Clock::Working | Clock::WorkingDays, None) => None,
            (Clock::Working, Some(calendar)) => calendar.add(from, amount),
            (Clock::WorkingDays, Some(calendar)) => match self.cutoff {
                Some(cutoff) => calendar.add_days_by(from, self.limit as u32, cutoff.into()),
                None => calendar.add_days(from, self.limit as u32),
            },
        }
    }

    /// Returns the seconds of its clock that the limit gives; nothing as for its end.
    pub fn seconds(&self, calendar: Option<&Calendar>) -> Option<i64> {
        Some((self.limit * self.seconds_per_unit(calendar)?).round() as i64)
    }

    fn seconds_per_unit(&self, calendar: Option<&Calendar>) -> Option<f64> {
        match self.unit {
            Unit::Days => Some(self.clock.day(calendar)? as f64),
            unit => unit.seconds(),
        }
    }
}

impl Clock {
    /// Returns the seconds that a day has on this clock: the calendar's usual day of working time; nothing without the calendar.
    pub fn day(self, calendar: Option<&Calendar>) -> Option<i64> {
        match self {
            Self::Elapsed | Self::WorkingDays => Some(DAY),
            Self::Working => calendar?.usual_day(),
        }
    }

    /// Returns the seconds from one moment to another, 0 where the other is not later; nothing where the clock needs a calendar and there is none.
    ///
    /// Whole working days are [`DAY`] seconds each, and the last one counts as soon as it begins: what `TimeLimit::end` puts at the
    /// close of the second day was reached within two days.
    pub fn between(self, calendar: Option<&Calendar>, (from, to): (i64, i64)) -> Option<i64> {
        match (self, calendar) {
            _ if to <= from => Some(0),
            (Self::Elapsed, None) => Some(to - from),
            (Self::Elapsed, Some(calendar)) => Some(calendar.elapsed(from, to).max(0)),
            (Self::Working | Self::WorkingDays, None) => None,
            (Self::Working, Some(calendar)) => Some(calendar.between(from, to).max(0)),
            (Self::WorkingDays, Some(calendar)) => whole_days(calendar, (from, to)).map(|days| days * DAY),
        }
    }

    /// Returns the same where nothing had happened by the later moment: a whole working day that is not over does not count.
    pub fn gone_by(self, calendar: Option<&Calendar>, (from, to): (i64, i64)) -> Option<i64> {
        match self {
            Self::WorkingDays => Some((self.between(calendar, (from, to + 1))? - DAY).max(0)),
            Self::Elapsed | Self::Working => self.between(calendar, (from, to)),
        }
    }
}

/// Returns the number of working days after whose close the moment `to` does not lie, counted as limits of whole working days are.
fn whole_days(calendar: &Calendar, (from, to): (i64, i64)) -> Option<i64> {
    let day = |moment: i64| i32::try_from(moment.div_euclid(DAY)).ok().map(Day);
    // A start may count for the day after its own and an end for the day after that it lies on, so that the answer is near this number.
    let near = calendar.working_days(day(from)?, day(to)?);
    let is_reached = |days: &i64| {
        let close = u32::try_from(*days).ok().and_then(|days| calendar.add_days(from, days));
        close.is_some_and(|close| to <= close)
    };
    ((near - 2).max(0)..=near + 1).find(is_reached)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    const MONDAY: i64 = 1_767_571_200; // 2026-01-05
    const HOUR: i64 = 3_600;

    fn office() -> Calendar {
        let exceptions = "date,kind\n2026-01-07,holiday\n";
        Calendar::parse("office", "Mon-Fri 09:00-18:00", exceptions, None).unwrap()
    }

    fn days(limit: f64, clock: Clock) -> TimeLimit {
        TimeLimit { limit, unit: Unit::Days, clock, cutoff: None }
    }

    #[test]
    fn a_day_is_what_the_clock_calls_one() {
        let (office, from) = (office(), MONDAY + 10 * HOUR);
        let end = |clock| days(2.0, clock).end(from, Some(&office)).map(|end| end - MONDAY);
        // Wednesday is off: two working days of nine hours after Monday 10:00 is Thursday 10:00.
        assert_eq!(end(Clock::Elapsed), Some(58 * HOUR));
        assert_eq!(end(Clock::Working), Some(82 * HOUR));
        assert_eq!(end(Clock::WorkingDays), Some(90 * HOUR));
        assert_eq!(days(2.0, Clock::Working).end(from, None), None);
        assert_eq!(days(2.0, Clock::Working).seconds(Some(&office)), Some(18 * HOUR));
        assert_eq!(days(2.0, Clock::WorkingDays).seconds(None), Some(2 * DAY));
        assert_eq!(TimeLimit { unit: Unit::Count, ..days(2.0, Clock::Elapsed) }.end(from, None), None);
    }

    #[test]
    fn time_gone_stops_before_its_start_and_outside_of_hours() {
        let (office, from) = (office(), MONDAY + 17 * HOUR);
        let gone = |clock: Clock, to| clock.between(Some(&office), (from, MONDAY + to * HOUR));
        assert_eq!(gone(Clock::Working, 34), Some(2 * HOUR));
        assert_eq!(gone(Clock::Elapsed, 34), Some(17 * HOUR));
        assert_eq!(gone(Clock::WorkingDays, 34), Some(DAY));
        assert_eq!(gone(Clock::WorkingDays, 18), Some(0));
        assert_eq!(gone(Clock::Working, 3), Some(0));
        assert_eq!(Clock::Working.between(None, (0, 9)), None);
        // At Tuesday 10:00 only Monday is over.
        let over = |to| Clock::WorkingDays.gone_by(Some(&office), (from, MONDAY + to * HOUR));
        assert_eq!((over(34), over(42), over(41)), (Some(0), Some(DAY), Some(0)));
    }

    proptest! {
        #[test]
        fn a_limit_ends_where_its_time_has_gone(start in 0..2_000_000_i64, later in 0..3_000_000_i64, limit in 0..6_u8) {
            let (office, from) = (office(), MONDAY + start);
            for clock in [Clock::Elapsed, Clock::Working, Clock::WorkingDays] {
                let limit = days(limit.into(), clock);
                let (end, most) = (limit.end(from, Some(&office)).unwrap(), limit.seconds(Some(&office)).unwrap());
                let gone = clock.between(Some(&office), (from, from + later)).unwrap();
                // In time by the end of the limit is in time by the seconds that it gives, but for moments between a closing and an opening.
                if from + later <= end {
                    prop_assert!(gone <= most);
                } else if office.is_open(from + later - 1) || clock == Clock::Elapsed {
                    prop_assert!(gone > most, "{clock:?} {gone} {most}");
                }
                prop_assert!(clock.gone_by(Some(&office), (from, from + later)).unwrap() <= gone);
            }
        }
    }
}
