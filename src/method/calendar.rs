//! Time of charts: which rows belong to one period, in which order, and which periods are missing.
//!
//! In: the words of a time column. Out: slots in order, empty ones where a period is missing. Deliberately absent: clocks, time zones.

use std::collections::{BTreeMap, BTreeSet};

use super::Fault;

/// More slots than this are a wrong unit of time.
const MOST_SLOTS: i64 = 200_000;

/// One period of a series.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Slot {
    /// Its name, as the table writes it.
    pub(super) label: String,
    /// The rows that belong to it; none in a gap.
    pub(super) rows: Vec<usize>,
}

/// How times are ordered and whether missing ones are known.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Clock {
    /// In the order of their first appearance.
    Appearance,
    /// As numbers.
    Numbers,
    /// As whole numbers, every one of which is a period.
    Whole,
    /// As dates.
    Dates,
    /// Periods of so many months.
    Months(i64),
    /// Periods of so many days.
    Days(i64),
}

/// A date as numbers.
#[derive(Debug, Clone, Copy)]
struct Date {
    /// Months since year 0.
    months: i64,
    /// Day of the month; nothing where the text names a longer period.
    day: Option<i64>,
    /// Days since 1970-01-01.
    days: i64,
    /// How many months the text names: 0 for a day, 1, 3 for a quarter, 12 for a year.
    span: i64,
}

impl Clock {
    /// Chooses the clock of a table's times (row, time); `every` is the option's word.
    ///
    /// A fault: a time that is neither a date nor a number among others that are, and dates of different lengths.
    pub(super) fn choose(times: &[(usize, String)], every: &str) -> Result<Self, Fault> {
        let dates = times.iter().map(|(_, time)| date(time)).collect::<Option<Vec<Date>>>();
        let numbers = times.iter().all(|(_, time)| number(time).is_some());
        alike(times, dates.as_deref())?;
        let fixed = match every {
            "rows" | "auto" => None,
            "number" => Some(Self::Whole),
            "day" => Some(Self::Days(1)),
            "week" => Some(Self::Days(7)),
            "month" => Some(Self::Months(1)),
            "quarter" => Some(Self::Months(3)),
            _ => Some(Self::Months(12)),
        };
        let span = dates.iter().flatten().map(|date| date.span).max().unwrap_or(0);
        let suits = |clock: Self| match clock {
            Self::Days(_) => span <= 1,
            Self::Months(length) => span <= length,
            _ => false,
        };
        match (dates, fixed) {
            (_, Some(Self::Whole)) if numbers => Ok(Self::Whole),
            (Some(_), Some(clock)) if suits(clock) => Ok(clock),
            (_, Some(_)) => Err(Fault::new(
                format!(
                    "`--every {every}` does not suit the times, such as `{}`",
                    times.first().map_or("", |(_, time)| time)
                ),
                "write dates as 2025-03 or 2025-03-01, or leave `--every` out",
            )),
            (Some(dates), None) => Ok(if every == "auto" { Self::regular(&dates) } else { Self::Dates }),
            (None, None) => Ok(if numbers { Self::Numbers } else { Self::Appearance }),
        }
    }

    /// Months are periods when all dates fall on the same day of the month; weeks when all lie whole weeks apart; days need to be asked for.
    fn regular(dates: &[Date]) -> Self {
        let months: BTreeSet<i64> = dates.iter().map(|date| date.months).collect();
        let days: BTreeSet<i64> = dates.iter().map(|date| date.days).collect();
        let same_day = dates.windows(2).all(|pair| pair[0].day == pair[1].day);
        if same_day && months.len() > 1 {
            let step = step(&months);
            return Self::Months([12, 6, 3].into_iter().find(|length| step % length == 0).unwrap_or(1));
        }
        if days.len() > 1 && step(&days) % 7 == 0 { Self::Days(7) } else { Self::Dates }
    }

    /// Returns the periods of `rows` (row, time) from the first to the last, with empty slots for missing ones where they are known.
    pub(super) fn slots(self, rows: &[(usize, String)]) -> Result<Vec<Slot>, Fault> {
        let mut first: BTreeMap<&str, i64> = BTreeMap::new();
        let mut periods: BTreeMap<(i64, &str), Slot> = BTreeMap::new();
        for (place, (row, time)) in (0..).zip(rows) {
            let appeared = *first.entry(time).or_insert(place);
            let key = match self {
                Self::Appearance => (appeared, ""),
                Self::Dates => (self.place(time), time.as_str()),
                _ => (self.place(time), ""),
            };
            let slot = periods.entry(key).or_insert_with(|| Slot { label: time.clone(), rows: Vec::new() });
            slot.rows.push(*row);
        }
        let found: Vec<(i64, Slot)> = periods.into_iter().map(|((place, _), slot)| (place, slot)).collect();
        if matches!(self, Self::Appearance | Self::Numbers | Self::Dates) {
            return Ok(found.into_iter().map(|(_, slot)| slot).collect());
        }
        self.fill(found)
    }

    fn fill(self, found: Vec<(i64, Slot)>) -> Result<Vec<Slot>, Fault> {
        let (Some((start, model)), Some((end, _))) = (found.first(), found.last()) else {
            return Ok(Vec::new());
        };
        let (start, end, model) = (*start, *end, model.label.clone());
        if end - start >= MOST_SLOTS {
            let message = format!("from `{model}` on there would be {} periods", end - start + 1);
            return Err(Fault::new(message, "choose a longer period with `--every`, or `--every rows`"));
        }
        let mut found: BTreeMap<i64, Slot> = found.into_iter().collect();
        let slot = |place| {
            found.remove(&place).unwrap_or_else(|| Slot { label: self.label(place, &model), rows: vec![] })
        };
        Ok((start..=end).map(slot).collect())
    }

    /// Returns where a time stands; the word was read before, so that 0 never stands for one that cannot be read.
    fn place(self, time: &str) -> i64 {
        let date = date(time);
        match self {
            Self::Months(length) => date.map_or(0, |date| date.months.div_euclid(length)),
            Self::Days(length) => date.map_or(0, |date| date.days.div_euclid(length)),
            Self::Dates => date.map_or(0, |date| date.days),
            Self::Whole => number(time).unwrap_or(0.0).round() as i64,
            // Bits of a float, turned so that they order as the numbers do.
            _ => {
                let bits = number(time).unwrap_or(0.0).to_bits() as i64;
                if bits < 0 { bits ^ i64::MAX } else { bits }
            }
        }
    }

    /// Names a missing period as `model` names its own.
    fn label(self, place: i64, model: &str) -> String {
        let model_date = date(model);
        match self {
            Self::Months(_) if model_date.is_some_and(|date| date.span == 12) => format!("{place:04}"),
            Self::Months(length) => {
                // The model may begin anywhere in its period of several months.
                let offset = model_date.map_or(0, |date| date.months.rem_euclid(length));
                let months = place * length + offset;
                let (year, month) = (months.div_euclid(12), months.rem_euclid(12) + 1);
                if model_date.is_some_and(|date| date.span == 3) {
                    return format!("{year:04}-Q{}", (month + 2) / 3);
                }
                let day =
                    model_date.and_then(|date| date.day).map_or(String::new(), |day| format!("-{day:02}"));
                format!("{year:04}-{month:02}{day}")
            }
            Self::Days(length) => {
                let offset = model_date.map_or(0, |date| date.days.rem_euclid(length));
                let (year, month, day) = civil(place * length + offset);
                format!("{year:04}-{month:02}-{day:02}")
            }
            _ => place.to_string(),
        }
    }
}

/// Returns the greatest common divisor of the distances of ascending numbers.
fn step(places: &BTreeSet<i64>) -> i64 {
    let places: Vec<i64> = places.iter().copied().collect();
    places.windows(2).fold(0, |divisor, pair| gcd(divisor, pair[1] - pair[0]))
}

fn gcd(a: i64, b: i64) -> i64 {
    if b == 0 { a } else { gcd(b, a % b) }
}

fn number(text: &str) -> Option<f64> {
    text.trim().parse::<f64>().ok().filter(|number| number.is_finite())
}

/// How dates can be written.
const FORMS: &str = "write dates as 2024-01-31, 2024-01, 2024-Q1 or 2024, all of them alike";

/// Refuses times of which some only can be read, or that name periods of different lengths.
fn alike(times: &[(usize, String)], dates: Option<&[Date]>) -> Result<(), Fault> {
    if let Some(dates) = dates {
        let longest = dates.iter().map(|date| date.span).max().unwrap_or(0);
        let differs = |date: &Date| longest > 1 && date.span != longest;
        let Some(place) = dates.iter().position(differs) else { return Ok(()) };
        let (row, time) = &times[place];
        return Err(Fault::at(*row, format!("`{time}` is another kind of period than the others"), FORMS));
    }
    // A year is a number too, so that only longer texts tell dates from numbers.
    let is_date = |time: &str| date(time).is_some() && number(time).is_none();
    let with_dates = times.iter().any(|(_, time)| is_date(time));
    let is_read = |time: &str| if with_dates { date(time).is_some() } else { number(time).is_some() };
    let unread = times.iter().find(|(_, time)| !is_read(time));
    match unread {
        Some((row, time)) if times.iter().any(|(_, time)| is_read(time)) => {
            let others = if with_dates { "a date" } else { "a number" };
            Err(Fault::at(*row, format!("`{time}` cannot be read as {others}, as other times can"), FORMS))
        }
        _ => Ok(()),
    }
}

/// Years that a whole number can stand for.
const YEARS: std::ops::RangeInclusive<i64> = 1900..=2100;

/// Reads 2025, 2025-Q1, 2025-03, 2025-03-01 and 2025-03-01T10:00.
fn date(text: &str) -> Option<Date> {
    let text = text.trim();
    let days_only = text
        .get(..10)
        .filter(|_| matches!(text.as_bytes().get(10), None | Some(b'T' | b' ')))
        .unwrap_or(text);
    let parts: Vec<&str> = days_only.split('-').collect();
    let digits = |part: &str, length: usize| -> Option<i64> {
        let is_plain = part.len() == length && part.bytes().all(|byte| byte.is_ascii_digit());
        part.parse().ok().filter(|_| is_plain)
    };
    let year = digits(parts[0], 4)?;
    let (month, day, span) = match parts[1..] {
        [] => (YEARS.contains(&year).then_some(1)?, None, 12),
        [part] if part.starts_with('Q') => {
            (digits(&part[1..], 1).filter(|quarter| (1..=4).contains(quarter))? * 3 - 2, None, 3)
        }
        [month] => (digits(month, 2)?, None, 1),
        [month, day] => (digits(month, 2)?, Some(digits(day, 2)?), 0),
        _ => return None,
    };
    let days = days(year, month, day.unwrap_or(1));
    let exists = (1..=12).contains(&month) && civil(days) == (year, month, day.unwrap_or(1));
    exists.then_some(Date { months: year * 12 + month - 1, day, days, span })
}

/// Days from 1970-01-01 in the Gregorian calendar, whose years are counted from March.
fn days(year: i64, month: i64, day: i64) -> i64 {
    let year = if month <= 2 { year - 1 } else { year };
    let (era, of_era) = (year.div_euclid(400), year.rem_euclid(400));
    let of_year = (153 * ((month + 9) % 12) + 2) / 5 + day - 1;
    era * 146_097 + of_era * 365 + of_era / 4 - of_era / 100 + of_year - 719_468
}

fn civil(days: i64) -> (i64, i64, i64) {
    let days = days + 719_468;
    let (era, of_era) = (days.div_euclid(146_097), days.rem_euclid(146_097));
    let year_of_era = (of_era - of_era / 1460 + of_era / 36_524 - of_era / 146_096) / 365;
    let of_year = of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
    let shifted = (5 * of_year + 2) / 153;
    let month = (shifted + 2) % 12 + 1;
    (era * 400 + year_of_era + i64::from(month <= 2), month, of_year - (153 * shifted + 2) / 5 + 1)
}

/// Returns the day of a date since 1970-01-01; nothing where the text is not one.
pub(super) fn day_number(text: &str) -> Option<f64> {
    date(text).filter(|date| date.span <= 1).map(|date| date.days as f64)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn rows(times: &[&str]) -> Vec<(usize, String)> {
        times.iter().map(|&time| time.to_owned()).enumerate().collect()
    }

    fn labels(times: &[&str], every: &str) -> Vec<String> {
        let rows = rows(times);
        let clock = Clock::choose(&rows, every).expect("a clock");
        let mark = |slot: Slot| if slot.rows.is_empty() { format!("({})", slot.label) } else { slot.label };
        clock.slots(&rows).expect("slots").into_iter().map(mark).collect()
    }

    #[test]
    fn missing_months_keep_their_slot() {
        assert_eq!(
            labels(&["2025-03-01", "2024-12-01", "2025-01-01"], "auto"),
            ["2024-12-01", "2025-01-01", "(2025-02-01)", "2025-03-01"]
        );
        assert_eq!(labels(&["2025-11", "2026-01"], "month"), ["2025-11", "(2025-12)", "2026-01"]);
        assert_eq!(
            labels(&["2025-02", "2025-05", "2025-11"], "auto"),
            ["2025-02", "2025-05", "(2025-08)", "2025-11"]
        );
    }

    #[test]
    fn weeks_are_found_and_days_are_asked_for() {
        assert_eq!(
            labels(&["2025-01-27", "2025-02-10", "2025-02-17"], "auto"),
            ["2025-01-27", "(2025-02-03)", "2025-02-10", "2025-02-17"]
        );
        assert_eq!(labels(&["2024-02-28", "2024-03-01"], "auto"), ["2024-02-28", "2024-03-01"]);
        assert_eq!(
            labels(&["2024-02-28", "2024-03-01"], "day"),
            ["2024-02-28", "(2024-02-29)", "2024-03-01"]
        );
    }

    #[test]
    fn other_words_keep_an_order() {
        assert_eq!(labels(&["10", "9", "-3", "0.5"], "auto"), ["-3", "0.5", "9", "10"]);
        assert_eq!(labels(&["4", "1"], "number"), ["1", "(2)", "(3)", "4"]);
        assert_eq!(labels(&["week b", "week a", "week b"], "auto"), ["week b", "week a"]);
        assert_eq!(labels(&["Jan 2024", "Feb 2024"], "auto"), ["Jan 2024", "Feb 2024"]);
        assert!(Clock::choose(&rows(&["week a"]), "month").is_err());
        assert!(Clock::choose(&[], "auto").is_ok_and(|clock| clock.slots(&[]) == Ok(vec![])));
        let far = rows(&["0001-01-01", "9999-01-01"]);
        assert!(Clock::choose(&far, "day").expect("a clock").slots(&far).is_err());
    }

    #[test]
    fn quarters_and_years_keep_their_slots() {
        assert_eq!(
            labels(&["2024-Q4", "2024-Q1", "2024-Q2"], "auto"),
            ["2024-Q1", "2024-Q2", "(2024-Q3)", "2024-Q4"]
        );
        assert_eq!(labels(&["2024", "2021", "2022"], "auto"), ["2021", "2022", "(2023)", "2024"]);
        assert_eq!(labels(&["2024-Q1", "2025-Q1"], "rows"), ["2024-Q1", "2025-Q1"]);
        assert_eq!(labels(&["1001", "1004"], "auto"), ["1001", "1004"]);
        assert!(Clock::choose(&rows(&["2024-Q1", "2024-Q2"]), "month").is_err());
    }

    #[test]
    fn a_time_that_cannot_be_read_among_others_is_named() {
        for (times, row) in [
            (&["2024-01", "2024-1", "2024-02"][..], 1),
            (&["Jan 2024", "2024-02"], 0),
            (&["1", "2", "three"], 2),
            (&["2025-01-01", "2025-02-30"], 1),
            (&["2024-Q1", "2024"], 0),
            (&["2024-01", "2024", "2024-02"], 0),
            (&["2024-Q1", "12"], 1),
        ] {
            let fault = Clock::choose(&rows(times), "auto").expect_err("a fault");
            assert_eq!(fault.row, Some(row), "{times:?}: {}", fault.message);
        }
    }

    #[test]
    fn days_count_through_leap_years() {
        for (text, number) in
            [("1970-01-01", 0.0), ("2000-02-29", 11016.0), ("2024-12-31", 20088.0), ("1900-03-01", -25508.0)]
        {
            assert_eq!(day_number(text), Some(number), "{text}");
            assert_eq!(
                civil(number as i64),
                (
                    text[..4].parse().expect("a year"),
                    text[5..7].parse().expect("a month"),
                    text[8..].parse().expect("a day")
                )
            );
        }
        assert_eq!((day_number("1900-02-29"), day_number("2024-1-1")), (None, None));
    }
}
