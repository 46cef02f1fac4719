//! Reading a calendar: its weekly hours, its time zone, and its dated exceptions as CSV.
//!
//! In: text. Out: a [`Calendar`], or everything that is wrong, by line. Deliberately absent: files and their names.

use std::collections::BTreeMap;

use chrono_tz::Tz;

use super::Calendar;
use super::hours::Hours;
use super::text::{self, Complaint};
use crate::month::Day;

/// More days than this in one row are a wrong year.
const LONGEST: i32 = 366;
const COLUMNS: &str = "columns are date, kind, hours, name or name.LANGUAGE, note";

/// One thing wrong with a calendar.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Fault {
    /// The line of the exceptions, from 1; 0 where the weekly hours or the time zone are wrong.
    pub line: usize,
    /// What is wrong.
    pub message: String,
    /// What to do.
    pub hint: String,
}

/// Positions of the columns.
#[derive(Debug, Clone, Copy)]
struct Columns {
    date: usize,
    kind: usize,
    hours: Option<usize>,
}

/// What a reading of exceptions has met so far.
struct Reading<'a> {
    week: &'a [Hours; 7],
    exceptions: BTreeMap<Day, Hours>,
    /// The line that gave each date.
    lines: BTreeMap<Day, usize>,
    faults: Vec<Fault>,
}

impl Calendar {
    /// Reads a calendar; every problem of all three texts is returned.
    ///
    /// - `hours`: weekly hours such as `Mon-Fri 09:00-13:00 14:00-18:00; Sat 10:00-14:00` or `24/7`; an interval that
    ///   ends the next day is `22:00-06:00+1`.
    /// - `exceptions`: CSV with the columns `date` (one date, or `2026-10-01..2026-10-03`, both included), `kind`, and
    ///   if wanted `hours`; `name`, `name.LANGUAGE` and `note` are for people. Kinds: `holiday` (closed), `working`
    ///   (a make-up day: Monday's hours, or those of the weekday or the intervals in `hours`), `short` (the intervals in
    ///   `hours`). An empty text is no exceptions.
    /// - `zone`: a name of the IANA time zone database such as `Europe/Berlin`.
    pub fn parse(name: &str, hours: &str, exceptions: &str, zone: Option<&str>) -> Result<Self, Vec<Fault>> {
        let mut faults = Vec::new();
        let zone = zone.and_then(|zone| read_zone(zone).map_err(|fault| faults.push(fault)).ok());
        let week = text::week(hours).map_err(|complaints| faults.extend(at(0, complaints))).ok();
        // Without its week the exceptions are still read, against a week in which no weekday is closed.
        let known = week.clone().unwrap_or_else(|| std::array::from_fn(|_| Hours::round_the_clock()));
        let mut reading =
            Reading { week: &known, exceptions: BTreeMap::new(), lines: BTreeMap::new(), faults: Vec::new() };
        reading.read(exceptions);
        faults.append(&mut reading.faults);
        match week {
            Some(week) if faults.is_empty() => Ok(Self::new(name, week, &reading.exceptions, zone)),
            _ => Err(faults),
        }
    }
}

fn read_zone(name: &str) -> Result<Tz, Fault> {
    name.trim().parse().map_err(|_| {
        let hint = "write a name of the IANA database such as `Europe/Berlin`, or none for a clock that is never changed";
        fault(0, format!("`{name}` is not a time zone"), hint)
    })
}

impl Reading<'_> {
    fn read(&mut self, text: &str) {
        if text.trim_start_matches('\u{feff}').trim().is_empty() {
            return;
        }
        let text = text.trim_start_matches('\u{feff}');
        let mut reader = csv::ReaderBuilder::new().flexible(true).from_reader(text.as_bytes());
        let head: Vec<String> =
            reader.headers().map(|head| head.iter().map(clean).collect()).unwrap_or_default();
        let Some(columns) = self.columns(&head) else { return };
        let mut place = (0, 1);
        // Reading valid text into text cannot fail, whatever its quotes.
        for record in reader.records().flatten() {
            place = advance(text, place, record.position());
            if record.iter().any(|field| !field.trim().is_empty()) {
                self.row(place.1, &record, columns);
            }
        }
    }

    fn columns(&mut self, head: &[String]) -> Option<Columns> {
        for (index, name) in head.iter().enumerate() {
            let known = ["date", "kind", "hours", "name", "note"].contains(&name.as_str());
            if !known && !name.starts_with("name.") {
                self.faults.push(fault(1, format!("`{name}` is not a column of a calendar"), COLUMNS));
            } else if head[..index].contains(name) {
                self.faults.push(fault(1, format!("column `{name}` stands twice"), COLUMNS));
            }
        }
        let place = |wanted: &str| head.iter().position(|name| name == wanted);
        for wanted in ["date", "kind"].into_iter().filter(|wanted| place(wanted).is_none()) {
            self.faults.push(fault(1, format!("column `{wanted}` is missing"), COLUMNS));
        }
        Some(Columns { date: place("date")?, kind: place("kind")?, hours: place("hours") })
    }

    fn row(&mut self, line: usize, record: &csv::StringRecord, columns: Columns) {
        let field = |index: usize| record.get(index).unwrap_or_default().trim();
        let days = dates(field(columns.date)).map_err(|complaint| vec![complaint]);
        let hours = self.hours(field(columns.kind), columns.hours.map_or("", field));
        match (days, hours) {
            (Ok((from, to)), Ok(hours)) => self.set(line, (from, to), &hours),
            (days, hours) => {
                let complaints = [days.err(), hours.err()].into_iter().flatten().flatten();
                self.faults.extend(at(line, complaints));
            }
        }
    }

    fn hours(&self, kind: &str, words: &str) -> Result<Hours, Vec<Complaint>> {
        let complain = |message: &str, hint: &str| Err(vec![(message.to_string(), hint.to_string())]);
        match (kind, words) {
            ("holiday", "") => Ok(Hours::default()),
            ("holiday", _) => {
                complain("a holiday has no hours", "write `short` for a day with hours of its own")
            }
            ("short", "") => {
                complain("a short day needs its hours", "write them in `hours` as `09:00-15:00`")
            }
            ("short", words) => text::day(words),
            ("working", words) => match text::weekday(if words.is_empty() { "Mon" } else { words }) {
                Some(day) if self.week[day].is_closed() => complain(
                    "a working day needs hours, and the weekday it takes them from is closed",
                    "write in `hours` another weekday such as `Fri`, or hours such as `09:00-18:00`",
                ),
                Some(day) => Ok(self.week[day].clone()),
                None => text::day(words),
            },
            (other, _) => {
                complain(&format!("`{other}` is not a kind of day"), "kinds are holiday, working and short")
            }
        }
    }

    fn set(&mut self, line: usize, (from, to): (Day, Day), hours: &Hours) {
        for day in (from.0..=to.0).map(Day) {
            if let Some(earlier) = self.lines.get(&day) {
                let message = format!("{day} stands in line {earlier} already");
                self.faults.push(fault(line, message, "give each date once"));
            } else {
                self.lines.insert(day, line);
                self.exceptions.insert(day, hours.clone());
            }
        }
    }
}

/// Moves a place (bytes before it, its line) on to the row at `position`, which may have empty lines before it.
fn advance(text: &str, (byte, line): (usize, usize), position: Option<&csv::Position>) -> (usize, usize) {
    let start = position.map_or(byte, |position| position.byte() as usize);
    let blank = text.bytes().skip(start).take_while(|byte| matches!(byte, b'\r' | b'\n')).count();
    let passed = text.bytes().take(start + blank).skip(byte).filter(|&byte| byte == b'\n').count();
    (start + blank, line + passed)
}

/// Reads one date, or the first and the last of several.
fn dates(text: &str) -> Result<(Day, Day), Complaint> {
    let (from, to) = text.split_once("..").unwrap_or((text, text));
    let (from, to) = (date(from.trim())?, date(to.trim())?);
    let hint = "write the first and the last day as `2026-10-01..2026-10-03`";
    match to.0 - from.0 {
        ..0 => Err((format!("`{text}` ends before it begins"), hint.to_string())),
        LONGEST.. => Err((format!("`{text}` is longer than a year"), hint.to_string())),
        _ => Ok((from, to)),
    }
}

fn date(text: &str) -> Result<Day, Complaint> {
    let digits = |range| text.get(range).is_some_and(|part: &str| part.bytes().all(|b| b.is_ascii_digit()));
    let shaped = text.len() == 10 && digits(0..4) && digits(5..7) && digits(8..10);
    text.parse().map_err(|message| match shaped {
        true => {
            (format!("there is no day `{text}`"), "mind the length of the month and leap years".to_string())
        }
        false => (message, "write year, month and day as `2026-10-31`".to_string()),
    })
}

fn clean(name: &str) -> String {
    name.trim().to_lowercase()
}

fn fault(line: usize, message: impl Into<String>, hint: impl Into<String>) -> Fault {
    Fault { line, message: message.into(), hint: hint.into() }
}

fn at(line: usize, complaints: impl IntoIterator<Item = Complaint>) -> Vec<Fault> {
    complaints.into_iter().map(|(message, hint)| fault(line, message, hint)).collect()
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::super::tests::day;
    use super::*;

    const WEEK: &str = "Mon-Thu 09:00-18:00; Fri 09:00-16:00";

    fn faults(hours: &str, exceptions: &str, zone: Option<&str>) -> Vec<(usize, String)> {
        let faults = Calendar::parse("office", hours, exceptions, zone).unwrap_err();
        assert!(faults.iter().all(|fault| !fault.hint.is_empty()));
        faults.into_iter().map(|fault| (fault.line, fault.message)).collect()
    }

    #[test]
    fn exceptions_are_read() {
        let text = "\u{feff}Date,kind,hours,name.en\r\n2026-10-01..2026-10-03,holiday,,\"Harbour, days\"\r\n\r\n\
            2026-10-10,working,,Make-up\n2026-10-11,working,Fri,\n2026-10-17,working,10:00-12:00,\n\
            2026-12-31,short,09:00-12:00 13:00-15:00\n";
        let calendar = Calendar::parse("office", WEEK, text, Some("Europe/Berlin")).unwrap();
        let hours = |date: &str| calendar.hours(day(date)).to_string();
        assert_eq!(hours("2026-10-01"), "closed");
        assert_eq!((hours("2026-10-03"), hours("2026-10-05")), ("closed".into(), "09:00-18:00".into()));
        assert_eq!((hours("2026-10-10"), hours("2026-10-11")), ("09:00-18:00".into(), "09:00-16:00".into()));
        assert_eq!(
            (hours("2026-10-17"), hours("2026-12-31")),
            ("10:00-12:00".into(), "09:00-12:00 13:00-15:00".into())
        );
        assert_eq!((calendar.name(), calendar.zone()), ("office", Some(chrono_tz::Europe::Berlin)));
    }

    #[test]
    fn all_problems_are_named_with_their_lines() {
        let text = "date,kind,hours\n2026-02-29,holiday,\n2026-10-01,holidy,\n2026-10-02,short,\n\
            2026-10-03,short,15:00-09:00\n2026-10-04,holiday,09:00-10:00\n2026-10-05,working,Sun\n\n\
            2026-10-06,holiday\n2026-10-05..2026-10-07,holiday\n01.10.2026,what\n2026-10-09..2026-10-08,holiday\n\
            2026-10-10..2126-10-10,holiday\n2026-10-12\n";
        let expected = [
            (0, "`Mars/Berlin` is not a time zone"),
            (2, "there is no day `2026-02-29`"),
            (3, "`holidy` is not a kind of day"),
            (4, "a short day needs its hours"),
            (5, "`15:00-09:00` does not end after it begins"),
            (6, "a holiday has no hours"),
            (7, "a working day needs hours, and the weekday it takes them from is closed"),
            (10, "2026-10-06 stands in line 9 already"),
            (11, "`01.10.2026` is not a date of the form 2026-10-31"),
            (11, "`what` is not a kind of day"),
            (12, "`2026-10-09..2026-10-08` ends before it begins"),
            (13, "`2026-10-10..2126-10-10` is longer than a year"),
            (14, "`` is not a kind of day"),
        ];
        let found = faults(WEEK, text, Some("Mars/Berlin"));
        assert_eq!(found, expected.map(|(line, message)| (line, message.to_string())));
    }

    #[test]
    fn wrong_columns_and_hours_are_named_together() {
        let found = faults("Mon-Fri", "day,kind,kind\n2026-10-01,holiday\n", None);
        let expected = [
            (0, "`Mon-Fri` has weekdays but no hours"),
            (0, "no weekday has opening hours"),
            (1, "`day` is not a column of a calendar"),
            (1, "column `kind` stands twice"),
            (1, "column `date` is missing"),
        ];
        assert_eq!(found[0], (expected[0].0, expected[0].1.to_string()));
        assert_eq!(found[1..], expected[2..].iter().map(|&(l, m)| (l, m.to_string())).collect::<Vec<_>>());
    }

    #[test]
    fn no_exceptions_are_none() {
        for text in ["", "\n", "\u{feff}", "date,kind\n", "date,kind,hours,name.en,note"] {
            assert!(Calendar::parse("office", WEEK, text, None).is_ok(), "{text:?}");
        }
        assert!(Calendar::parse("office", WEEK, "\"", None).is_err());
    }

    proptest! {
        #[test]
        fn no_text_is_a_panic(
            hours in "((Mon|Sa-|t-Tue|[0-9:+-]{1,6}|[;, é–]){1,3} ?){0,6}",
            rows in "((20[0-9]{2}-[01][0-9]-[0-3][0-9]|[.]{2}|short|working|holiday|Fri|[,\"\r\n é0-9:-]){1,2},?){0,9}",
            zone in "[A-Za-z/é]{0,6}",
        ) {
            let _ = Calendar::parse("any", &hours, &rows, Some(&zone));
            let _ = Calendar::parse("any", WEEK, &format!("date,kind,hours\n{rows}"), None);
        }
    }
}
