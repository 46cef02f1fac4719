//! The words of opening hours: `Mon-Fri 09:00-13:00 14:00-18:00; Sat 10:00-14:00`, `Mon-Sun 00:00-24:00`, `24/7`.
//!
//! In: one line of a register. Out: the hours of a week or of a day, or everything that is wrong with the line.
//! Deliberately absent: dates.

use std::collections::BTreeMap;

use super::hours::{self, DAY, Hours, Interval};

/// What is wrong, and what to do.
pub(super) type Complaint = (String, String);

/// Three-letter names of the weekdays, Monday first; reading knows the full ones too.
const WEEKDAYS: [&str; 7] = ["Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"];
const FULL: [&str; 7] = ["Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"];

const EXAMPLE: &str = "write hours such as `Mon-Fri 09:00-13:00 14:00-18:00; Sat 10:00-14:00` or `24/7`";

/// Reads the hours of a week, Monday first.
pub(super) fn week(text: &str) -> Result<[Hours; 7], Vec<Complaint>> {
    let text = plain(text);
    if text.trim() == "24/7" {
        return Ok(std::array::from_fn(|_| Hours::round_the_clock()));
    }
    let mut complaints = Vec::new();
    let mut open: [Vec<Interval>; 7] = std::array::from_fn(|_| Vec::new());
    for part in text.split([';', '\n']).filter(|part| !part.trim().is_empty()) {
        add_part(part, &mut open, &mut complaints);
    }
    if complaints.is_empty() && open.iter().all(Vec::is_empty) {
        complaints.push(("no weekday has opening hours".to_string(), EXAMPLE.to_string()));
    }
    let week = join(open, &mut complaints);
    if complaints.is_empty() { Ok(week) } else { Err(complaints) }
}

/// Reads the hours of one day, which cannot pass midnight.
pub(super) fn day(text: &str) -> Result<Hours, Vec<Complaint>> {
    let (mut intervals, mut complaints) = (Vec::new(), Vec::new());
    for word in plain(text).split([' ', ',', ';']).filter(|word| !word.is_empty()) {
        match interval(word) {
            Ok((_, close)) if close > DAY => complaints.push((
                format!("`{word}` passes midnight, but this date ends at 24:00"),
                "give the hours up to `24:00` here and the rest on the next date".to_string(),
            )),
            Ok(interval) => intervals.push(interval),
            Err(complaint) => complaints.push(complaint),
        }
    }
    if intervals.is_empty() && complaints.is_empty() {
        complaints.push(("there are no hours".to_string(), "write them as `09:00-15:00`".to_string()));
    }
    let hours = Hours::new(intervals).map_err(|pair| vec![overlap(pair, "")]);
    if complaints.is_empty() { hours } else { Err(complaints) }
}

/// Reads the name of a weekday, Monday 0.
pub(super) fn weekday(word: &str) -> Option<usize> {
    let called = |names: &[&str]| names.iter().position(|name| name.eq_ignore_ascii_case(word));
    called(&WEEKDAYS).or_else(|| called(&FULL))
}

/// Returns the text with plain dashes and no spaces around them.
fn plain(text: &str) -> String {
    let mut text: String = text.chars().map(|c| if matches!(c, '–' | '—' | '−') { '-' } else { c }).collect();
    text = text.replace(['\t', '\r'], " ");
    for spaced in [" -", "- ", " ,", ", "] {
        while text.contains(spaced) {
            text = text.replace(spaced, spaced.trim());
        }
    }
    text
}

fn add_part(part: &str, open: &mut [Vec<Interval>; 7], complaints: &mut Vec<Complaint>) {
    let mut words = part.split_whitespace();
    let days = weekdays(words.next().unwrap_or_default(), complaints);
    let mut times = words.flat_map(|words| words.split(',')).filter(|word| !word.is_empty()).peekable();
    if times.peek().is_none() {
        complaints.push((format!("`{}` has weekdays but no hours", part.trim()), EXAMPLE.to_string()));
    }
    for word in times.filter(|word| !word.eq_ignore_ascii_case("closed")) {
        match interval(word) {
            Ok((from, to)) => {
                for &day in &days {
                    open[day].push((from, to.min(DAY)));
                    // What lies beyond midnight is the next weekday's.
                    open[(day + 1) % 7].extend((to > DAY).then_some((0, to - DAY)));
                }
            }
            Err(complaint) => complaints.push(complaint),
        }
    }
}

/// Reads `Mon`, `Mon-Fri`, `Sat,Sun`, `Fri-Mon`; a weekday given twice counts once.
fn weekdays(words: &str, complaints: &mut Vec<Complaint>) -> Vec<usize> {
    let mut days = Vec::new();
    let mut known = |name: &str| {
        let day = weekday(name);
        if day.is_none() {
            let hint = format!("weekdays are {}", WEEKDAYS.join(", "));
            complaints.push((format!("`{name}` is not a weekday"), hint));
        }
        day
    };
    for word in words.split(',').filter(|word| !word.is_empty()) {
        let (from, to) = word.split_once('-').unwrap_or((word, word));
        let (from, to) = (known(from), if to == from { weekday(to) } else { known(to) });
        if let (Some(from), Some(to)) = (from, to) {
            days.extend((0..=(to + 7 - from) % 7).map(|step| (from + step) % 7));
        }
    }
    days.sort_unstable();
    days.dedup();
    days
}

/// Reads `09:00-13:00`; `22:00-06:00+1` ends the next day, so beyond [`DAY`].
fn interval(word: &str) -> Result<Interval, Complaint> {
    let shape = || {
        (
            format!("`{word}` is not an interval of hours"),
            "write opening and closing as `09:00-13:00`".to_string(),
        )
    };
    let (open, close) = word.split_once('-').ok_or_else(shape)?;
    let (close, next) = close.strip_suffix("+1").map_or((close, false), |close| (close, true));
    let from = time(open).ok_or_else(shape)?;
    let to = time(close).ok_or_else(shape)?;
    match next {
        false if to > from => Ok((from, to)),
        false => Err((
            format!("`{word}` does not end after it begins"),
            format!("write `{word}+1` when it ends the next day, `00:00-24:00` for a whole day"),
        )),
        true if to <= from => Ok((from, to + DAY)),
        true => Err((
            format!("`{word}` is longer than a day"),
            format!("write `{open}-{close}` when it ends the same day"),
        )),
    }
}

/// Reads `9:00`, `09:00` and `24:00` as seconds after midnight.
fn time(text: &str) -> Option<i64> {
    let digits = |text: &str| text.bytes().all(|byte| byte.is_ascii_digit());
    let (hour, minute) = text.split_once(':')?;
    if !(1..=2).contains(&hour.len()) || minute.len() != 2 || !digits(hour) || !digits(minute) {
        return None;
    }
    let (hour, minute): (i64, i64) = (hour.parse().ok()?, minute.parse().ok()?);
    let second = hour * 3600 + minute * 60;
    (minute < 60 && second <= DAY).then_some(second)
}

/// Joins the intervals of each weekday; one pair that overlaps on several weekdays is one complaint.
fn join(open: [Vec<Interval>; 7], complaints: &mut Vec<Complaint>) -> [Hours; 7] {
    let mut clashes: BTreeMap<(Interval, Interval), Vec<&str>> = BTreeMap::new();
    let mut names = WEEKDAYS.into_iter();
    let week = open.map(|intervals| {
        let name = names.next().unwrap_or_default();
        Hours::new(intervals).unwrap_or_else(|pair| {
            clashes.entry(pair).or_default().push(name);
            Hours::default()
        })
    });
    complaints
        .extend(clashes.into_iter().map(|(pair, days)| overlap(pair, &format!(" on {}", days.join(", ")))));
    week
}

fn overlap((first, second): (Interval, Interval), days: &str) -> Complaint {
    let (first, second) = (hours::words(first), hours::words(second));
    let message = format!("`{first}` and `{second}` overlap{days}");
    (message, "end each interval before the next begins, and give each weekday its hours once".to_string())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn written(text: &str) -> Vec<String> {
        week(text).unwrap().iter().map(Hours::to_string).collect()
    }

    fn messages(text: &str) -> Vec<String> {
        week(text).unwrap_err().into_iter().map(|complaint| complaint.0).collect()
    }

    #[test]
    fn a_week_is_read() {
        let both = "09:00-13:00 14:00-18:00";
        assert_eq!(
            written("Mon-Fri 09:00-13:00 14:00-18:00; Sat 10:00-14:00"),
            [both, both, both, both, both, "10:00-14:00", "closed"]
        );
        assert_eq!(written("24/7"), ["00:00-24:00"; 7]);
        assert_eq!(written("Mon-Sun 00:00-24:00"), written(" 24/7 "));
        let words = "Saturday , sun 9:00 – 12:00,13:00-15:00;Mon closed;";
        assert_eq!(written(words)[5..], ["09:00-12:00 13:00-15:00"; 2]);
        assert_eq!(written("Fri-Mon 08:00-09:00")[..2], ["08:00-09:00", "closed"]);
    }

    #[test]
    fn hours_that_pass_midnight_are_split() {
        assert_eq!(written("Sun 22:00-06:00+1")[0], "00:00-06:00");
        assert_eq!(written("Mon-Sun 20:00-04:00+1"), ["00:00-04:00 20:00-24:00"; 7]);
        assert_eq!(written("Mon 18:00-00:00+1")[..2], ["18:00-24:00", "closed"]);
        assert_eq!(written("Mon-Sun 08:00-08:00+1"), ["00:00-24:00"; 7]);
    }

    #[test]
    fn all_problems_of_a_week_are_named() {
        assert_eq!(
            messages("Mno-Fri 09:00-18:00; Sat 25:00-26:00 14:00-10:00; Sun"),
            [
                "`Mno` is not a weekday",
                "`25:00-26:00` is not an interval of hours",
                "`14:00-10:00` does not end after it begins",
                "`Sun` has weekdays but no hours",
            ]
        );
        assert_eq!(
            messages("Mon-Fri 09:00-13:00 12:59-18:00; Fri 20:00-21:00 20:30-22:00"),
            ["`09:00-13:00` and `12:59-18:00` overlap on Mon, Tue, Wed, Thu, Fri"]
        );
        assert_eq!(messages("Mon-Sun 22:00-23:00+1"), ["`22:00-23:00+1` is longer than a day"]);
        for nothing in ["", " ; ", "Mon closed"] {
            assert_eq!(messages(nothing), ["no weekday has opening hours"], "{nothing:?}");
        }
    }

    #[test]
    fn nonsense_is_no_panic() {
        for text in [
            "-",
            "Mon -",
            "24/7 Mon",
            "Mon 9-5",
            "Mon ٠٩:٠٠-١٨:٠٠",
            "Mon 09:00-",
            "é ü-ß",
            "Mon +1-+1",
            ",,,",
        ] {
            assert!(week(text).is_err(), "{text}");
        }
        assert!(
            day("22:00-06:00+1").is_err()
                && day("a").is_err()
                && day(", ;").is_err()
                && day("09:00-12:00 11:00-13:00").is_err()
        );
        assert_eq!(day("10:00-14:00, 15:00-16:00").unwrap().total(), 5 * 3600);
    }
}
