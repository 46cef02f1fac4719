//! The bank's calendar: holidays, make-up Saturdays, and working time.
//!
//! In: the declared calendar. Out: working days and moments in working time. Deliberately absent: the contact centre, which never closes.

use std::collections::BTreeMap;

use chrono::Datelike;

use crate::month::{Day, Month};

/// The declared exceptions from Monday to Friday.
pub(super) const CALENDAR: &str = include_str!("bank/calendar.csv");

/// Opening time in minutes after midnight.
pub(super) const OPENS: i64 = 9 * 60;
/// Closing time in minutes after midnight.
pub(super) const CLOSES: i64 = 18 * 60;
const MINUTES_A_DAY: i64 = 1440;

/// A moment in minutes since 1970-01-01 00:00, local time.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Moment(pub(super) i64);

impl Moment {
    /// Returns the moment `minute` minutes after midnight of `day`.
    pub(super) fn new(day: Day, minute: i64) -> Self {
        Self(i64::from(day.0) * MINUTES_A_DAY + minute)
    }

    /// Returns the day of the moment.
    pub(super) fn day(self) -> Day {
        Day(i32::try_from(self.0.div_euclid(MINUTES_A_DAY)).expect("a date of this century"))
    }

    /// Returns the minutes since midnight.
    pub(super) fn minute(self) -> i64 {
        self.0.rem_euclid(MINUTES_A_DAY)
    }

    /// Returns the moment `minutes` later on the wall clock.
    pub(super) fn plus(self, minutes: i64) -> Self {
        Self(self.0 + minutes)
    }
}

/// Working days of the bank.
#[derive(Debug)]
pub(super) struct Calendar {
    exceptions: BTreeMap<Day, bool>,
}

impl Calendar {
    /// Reads the declared calendar.
    pub(super) fn new() -> Self {
        let exceptions = CALENDAR
            .lines()
            .skip(1)
            .map(|line| {
                let mut fields = line.split(',');
                let day = fields.next().and_then(|text| text.parse().ok()).expect("a declared date");
                (day, fields.next() == Some("working"))
            })
            .collect();
        Self { exceptions }
    }

    /// Returns whether the bank works on `day`.
    pub(super) fn is_working(&self, day: Day) -> bool {
        let weekday = day.date().weekday().num_days_from_monday() < 5;
        self.exceptions.get(&day).copied().unwrap_or(weekday)
    }

    /// Returns the working days of `month`.
    pub(super) fn working_days(&self, month: Month) -> Vec<Day> {
        (month.first_day().0..=month.last_day().0).map(Day).filter(|&day| self.is_working(day)).collect()
    }

    /// Returns the first working day on or after `day`.
    pub(super) fn next_working(&self, day: Day) -> Day {
        let mut day = day;
        while !self.is_working(day) {
            day = day.plus(1);
        }
        day
    }

    /// Returns the moment `minutes` of working time after `start`.
    pub(super) fn add_working(&self, start: Moment, minutes: i64) -> Moment {
        let mut day = start.day();
        let mut minute = start.minute().clamp(OPENS, CLOSES);
        if !self.is_working(day) {
            (day, minute) = (self.next_working(day), OPENS);
        }
        let mut left = minutes;
        while left > CLOSES - minute {
            left -= CLOSES - minute;
            (day, minute) = (self.next_working(day.plus(1)), OPENS);
        }
        Moment::new(day, minute + left)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn working_time_skips_nights_weekends_and_holidays() {
        let calendar = Calendar::new();
        let friday = Day::new(2026, 10, 30).unwrap();
        let due = calendar.add_working(Moment::new(friday, 17 * 60), 120);
        assert_eq!((due.day().to_string().as_str(), due.minute()), ("2026-11-02", 10 * 60));
        assert!(!calendar.is_working(Day::new(2025, 1, 1).unwrap()));
    }
}
