//! Laws of working time, and agreement with counting minute by minute.

use chrono::{DateTime, NaiveDateTime, TimeZone};
use proptest::prelude::*;

use super::tests::calendar;
use super::*;

const MINUTE: i64 = 60;
/// Monday, 2024-02-19, in days: ten days before a leap day.
const FROM: i64 = 19_772;
const SPAN: i64 = 40;

/// Cuts of a day in quarters of an hour, taken in pairs.
fn hours() -> impl Strategy<Value = Hours> {
    prop_oneof![
        1 => Just(Hours::default()),
        1 => Just(Hours::round_the_clock()),
        4 => prop::collection::btree_set(0_i64..=96, 0..=6).prop_map(|cuts| {
            let cuts: Vec<i64> = cuts.into_iter().collect();
            Hours::new(cuts.chunks_exact(2).map(|pair| (pair[0] * 900, pair[1] * 900)).collect()).unwrap()
        }),
    ]
}

fn any_calendar() -> impl Strategy<Value = Calendar> {
    let week = prop::array::uniform7(hours());
    let day = (FROM..FROM + SPAN).prop_map(|day| Day(day as i32));
    (week, prop::collection::btree_map(day, hours(), 0..12))
        .prop_filter("it opens", |(week, _)| week.iter().any(|hours| !hours.is_closed()))
        .prop_map(|(week, exceptions)| Calendar::new("any", week, &exceptions, None))
}

fn moment() -> impl Strategy<Value = i64> {
    // Often at a quarter of an hour, where things open and close.
    prop_oneof![
        (FROM * 96..(FROM + SPAN) * 96).prop_map(|quarter| quarter * 900),
        (FROM * DAY..(FROM + SPAN) * DAY)
    ]
}

/// Counts the open minutes of `[start, end)`.
fn count(calendar: &Calendar, start: i64, end: i64) -> i64 {
    (start..end).step_by(60).filter(|&minute| calendar.is_open(minute)).count() as i64
}

/// Walks until so many minutes were open.
fn walk(calendar: &Calendar, start: i64, minutes: i64) -> i64 {
    let mut left = minutes;
    (start..)
        .step_by(60)
        .find(|&minute| {
            left == 0 || {
                left -= i64::from(calendar.is_open(minute));
                false
            }
        })
        .unwrap()
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(400))]

    #[test]
    fn it_agrees_with_counting_minutes(
        calendar in any_calendar(), start in FROM * 1440..(FROM + SPAN) * 1440,
        wait in 0_i64..20_000, amount in 1_i64..6_000,
    ) {
        let (start, end) = (start * MINUTE, (start + wait) * MINUTE);
        prop_assert_eq!(calendar.between(start, end), count(&calendar, start, end) * MINUTE);
        prop_assert_eq!(calendar.add(start, amount * MINUTE), Some(walk(&calendar, start, amount)));
    }

    #[test]
    fn what_is_added_is_between(calendar in any_calendar(), start in moment(), seconds in -400_000_i64..400_000) {
        let due = calendar.add(start, seconds).unwrap();
        prop_assert_eq!(calendar.between(start, due), seconds);
        prop_assert_eq!(calendar.between(due, start), -seconds);
        // It is the earliest such moment, or back in time the latest.
        let beyond = if seconds > 0 { due - 1 } else { due + 1 };
        prop_assert!(seconds == 0 || calendar.between(start, beyond) != seconds);
    }

    #[test]
    fn amounts_add_up(calendar in any_calendar(), start in moment(), a in 0_i64..200_000, b in 0_i64..200_000) {
        let first = calendar.add(start, a).unwrap();
        prop_assert_eq!(calendar.add(first, b), calendar.add(start, a + b));
    }

    #[test]
    fn later_is_never_due_earlier(
        calendar in any_calendar(), start in moment(), later in 0_i64..200_000, a in 0_i64..200_000, more in 0_i64..9_000,
    ) {
        prop_assert!(calendar.add(start, a).unwrap() <= calendar.add(start + later, a).unwrap());
        prop_assert!(calendar.add(start, a).unwrap() <= calendar.add(start, a + more).unwrap());
        prop_assert!(calendar.add(start, a).unwrap() >= start + a);
    }

    #[test]
    fn durations_are_additive(calendar in any_calendar(), a in moment(), b in moment(), c in moment()) {
        prop_assert_eq!(calendar.between(a, b) + calendar.between(b, c), calendar.between(a, c));
        prop_assert!((0..=(b - a).abs()).contains(&(calendar.between(a, b) * (b - a).signum())));
    }

    #[test]
    fn days_agree_with_counting_days(calendar in any_calendar(), start in moment(), n in 0_u32..30) {
        let due = calendar.add_days(start, n).unwrap();
        let working = |&day: &i64| calendar.is_working(Day(day as i32));
        // The day it counts for, then the n-th after it, found one by one.
        let close = |day: i64| day * DAY + calendar.today(day).hours.closes().unwrap_or(0);
        // Midnight is the opening of its own day where that opens then, not the closing of the day before.
        let from = if calendar.is_open(start) { start.div_euclid(DAY) } else { FROM - 9 };
        let counted = (from..).filter(working).find(|&day| start <= close(day)).unwrap();
        let last = (counted..).filter(working).nth(n as usize).unwrap();
        prop_assert_eq!(due, close(last));
        let (from, to) = (Day(counted as i32), Day(last as i32));
        prop_assert_eq!(calendar.working_days(from, to), i64::from(n) + 1);
    }

    #[test]
    fn the_bank_agrees(start in FROM * 1440..(FROM + 400) * 1440, minutes in 1_i64..10_000) {
        let bank = calendar("Mon-Fri 09:00-18:00", BANK, None);
        prop_assert_eq!(bank.add(start * MINUTE, minutes * MINUTE), Some(generated(&bank, start, minutes) * MINUTE));
    }

    #[test]
    fn real_hours_are_worked(
        (zone, day) in prop::sample::select(CHANGES.to_vec()), cuts in prop::collection::btree_set(0_i64..=24, 2..=6),
        start in -2_880_i64..2_880, minutes in 1_i64..5_000,
    ) {
        let cuts: Vec<i64> = cuts.into_iter().collect();
        let hours = Hours::new(cuts.chunks_exact(2).map(|pair| (pair[0] * 3600, pair[1] * 3600)).collect()).unwrap();
        let week = std::array::from_fn(|_| hours.clone());
        let calendar = Calendar::new("zone", week, &BTreeMap::new(), Some(zone.parse().unwrap()));
        let start = super::tests::at(day) + start * MINUTE;
        let from = calendar.clock.instant(start);
        let mut left = minutes;
        let open = |instant: i64| calendar.is_open(shown(calendar.zone().unwrap(), instant));
        let end = (from..).step_by(60).find(|&i| left == 0 || { left -= i64::from(open(i)); false }).unwrap();
        let due = calendar.add(start, minutes * MINUTE).unwrap();
        // At a change the closing has several names; all of them are one instant, or one hour shown twice.
        let expected = shown(calendar.zone().unwrap(), end);
        prop_assert!(due == expected || calendar.clock.instant(due) == end, "{} {}", due, expected);
        prop_assert!([0, 3600].contains(&(minutes * MINUTE - calendar.between(start, due))));
    }
}

/// Days on which clocks are changed.
const CHANGES: [(&str, &str); 6] = [
    ("Europe/Berlin", "2025-03-30 00:00"),
    ("Europe/Berlin", "2025-10-26 00:00"),
    ("America/New_York", "2025-03-09 00:00"),
    ("America/New_York", "2025-11-02 00:00"),
    ("America/Sao_Paulo", "2017-10-15 00:00"),
    ("America/Sao_Paulo", "2018-02-17 00:00"),
];

fn shown(zone: Tz, instant: i64) -> i64 {
    let utc: NaiveDateTime = DateTime::from_timestamp(instant, 0).unwrap().naive_utc();
    zone.from_utc_datetime(&utc).naive_local().and_utc().timestamp()
}

const BANK: &str = "date,kind,name.en\n2024-05-01,holiday,Labour Day\n2024-05-02,holiday,Labour Day\n\
    2024-05-11,working,Make-up Saturday\n2024-12-31,holiday,New Year's Eve\n2025-01-01,holiday,New Year's Day\n\
    2025-01-25,working,Make-up Saturday\n2025-01-28..2025-01-31,holiday,New Year week\n";

/// The arithmetic by which the example bank's due times are generated, in minutes: one interval a day, day by day.
fn generated(calendar: &Calendar, start: i64, minutes: i64) -> i64 {
    let (opens, closes) = (540, 1080);
    let working = |day: i64| calendar.is_working(Day(day as i32));
    let next = |day: i64| (day..).find(|&day| working(day)).unwrap();
    let (mut day, mut minute) = (start.div_euclid(1440), start.rem_euclid(1440).clamp(opens, closes));
    if !working(day) {
        (day, minute) = (next(day), opens);
    }
    let mut left = minutes;
    while left > closes - minute {
        left -= closes - minute;
        (day, minute) = (next(day + 1), opens);
    }
    day * 1440 + minute + left
}
