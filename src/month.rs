//! Months, quarters and days: the only clockwork of the program, all of it arithmetic on given dates.
//!
//! In: text of input files and registers. Out: ordered, hashable values. Deliberately absent: the present time.

use std::fmt;
use std::str::FromStr;

use chrono::{Datelike, NaiveDate};
use serde::{Deserialize, Serialize};

/// A day, counted from 1970-01-01 (day 0).
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(into = "String", try_from = "String")]
pub struct Day(pub i32);

impl Day {
    /// Returns the day of a calendar date, or nothing when there is no such date.
    pub fn new(year: i32, month: u32, day: u32) -> Option<Self> {
        Some(Self::from_date(NaiveDate::from_ymd_opt(year, month, day)?))
    }

    /// Returns the day of a `chrono` date.
    pub fn from_date(date: NaiveDate) -> Self {
        Self(date.to_epoch_days())
    }

    /// Returns the `chrono` date of the day.
    pub fn date(self) -> NaiveDate {
        NaiveDate::from_epoch_days(self.0).unwrap_or(NaiveDate::MAX)
    }

    /// Returns the month that holds the day.
    pub fn month(self) -> Month {
        let date = self.date();
        Month(date.year() * 12 + date.month0() as i32)
    }

    /// Returns the number of the week, Monday to Sunday, that holds the day; the next week has the next number.
    pub fn week(self) -> i32 {
        // Day 0 was a Thursday.
        (self.0 + 3).div_euclid(7)
    }

    /// Returns the day `days` later (earlier when negative).
    pub fn plus(self, days: i32) -> Self {
        Self(self.0 + days)
    }
}

/// Days as plain numbers, for records that only this program reads.
pub mod number {
    use serde::{Deserialize, Deserializer, Serializer};

    use super::Day;

    /// Writes the number of a day.
    pub fn serialize<S: Serializer>(day: &Day, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_i32(day.0)
    }

    /// Reads the number of a day.
    pub fn deserialize<'a, D: Deserializer<'a>>(deserializer: D) -> Result<Day, D::Error> {
        i32::deserialize(deserializer).map(Day)
    }
}

impl fmt::Display for Day {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", self.date().format("%Y-%m-%d"))
    }
}

impl FromStr for Day {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        NaiveDate::parse_from_str(text, "%Y-%m-%d")
            .map(Self::from_date)
            .map_err(|_| format!("`{text}` is not a date of the form 2026-10-31"))
    }
}

impl From<Day> for String {
    fn from(day: Day) -> Self {
        day.to_string()
    }
}

impl TryFrom<String> for Day {
    type Error = String;

    fn try_from(text: String) -> Result<Self, String> {
        text.parse()
    }
}

/// A calendar month, held as `year * 12 + month - 1`, so that the next month is one more.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(into = "String", try_from = "String")]
pub struct Month(pub i32);

impl Month {
    /// Returns month `month` (1 to 12) of `year`.
    pub fn new(year: i32, month: u32) -> Self {
        Self(year * 12 + month as i32 - 1)
    }

    /// Returns the calendar year.
    pub fn year(self) -> i32 {
        self.0.div_euclid(12)
    }

    /// Returns the month of the year, 1 to 12.
    pub fn number(self) -> u32 {
        self.0.rem_euclid(12) as u32 + 1
    }

    /// Returns the month `months` later (earlier when negative).
    pub fn plus(self, months: i32) -> Self {
        Self(self.0 + months)
    }

    /// Returns the first day of the month.
    pub fn first_day(self) -> Day {
        Day::new(self.year(), self.number(), 1).expect("the first of a month is a date")
    }

    /// Returns the last day of the month.
    pub fn last_day(self) -> Day {
        self.plus(1).first_day().plus(-1)
    }

    /// Returns the calendar quarter of the month.
    pub fn quarter(self) -> Quarter {
        Quarter(self.0.div_euclid(3))
    }

    /// Returns the months from this one to `last`, both included.
    pub fn to(self, last: Self) -> impl DoubleEndedIterator<Item = Self> {
        (self.0..=last.0).map(Self)
    }
}

impl fmt::Display for Month {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:04}-{:02}", self.year(), self.number())
    }
}

impl FromStr for Month {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let fault = || format!("`{text}` is not a month of the form 2026-10");
        let (year, month) = text.split_once('-').ok_or_else(fault)?;
        let (year, month): (i32, u32) =
            (year.parse().map_err(|_| fault())?, month.parse().map_err(|_| fault())?);
        if !(1..=12).contains(&month) || !(1900..=9999).contains(&year) {
            return Err(fault());
        }
        Ok(Self::new(year, month))
    }
}

impl From<Month> for String {
    fn from(month: Month) -> Self {
        month.to_string()
    }
}

impl TryFrom<String> for Month {
    type Error = String;

    fn try_from(text: String) -> Result<Self, String> {
        text.parse()
    }
}

/// A calendar quarter, held as `year * 4 + quarter - 1`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Quarter(pub i32);

impl Quarter {
    /// Returns the first month of the quarter.
    pub fn first_month(self) -> Month {
        Month(self.0 * 3)
    }

    /// Returns the last month of the quarter.
    pub fn last_month(self) -> Month {
        Month(self.0 * 3 + 2)
    }
}

impl fmt::Display for Quarter {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:04}-Q{}", self.0.div_euclid(4), self.0.rem_euclid(4) + 1)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn months_add_across_years_and_know_their_last_day() {
        let month: Month = "2024-02".parse().unwrap();
        assert_eq!(month.last_day().to_string(), "2024-02-29");
        assert_eq!(month.plus(-2).to_string(), "2023-12");
        assert_eq!(month.plus(11).quarter().to_string(), "2025-Q1");
        assert_eq!(Day::new(2026, 10, 31).unwrap().month().to_string(), "2026-10");
        // 2026-11-22 is a Sunday.
        let week = |day| Day::new(2026, 11, day).unwrap().week();
        assert_eq!((week(22) - week(16), week(23) - week(22)), (0, 1));
    }

    #[test]
    fn a_month_that_is_none_is_refused() {
        for text in ["2024", "2024-13", "2024-00", "x-1", "24-01"] {
            assert!(text.parse::<Month>().is_err(), "{text}");
        }
    }
}
