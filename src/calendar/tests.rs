//! Hard cases of working time, one by one.

use super::*;

/// An office with lunch, a short Friday, and Saturday mornings off.
const OFFICE: &str = "Mon-Thu 09:00-13:00 14:00-18:00; Fri 09:00-13:00 14:00-17:00";
const DAYS: &str = "date,kind,hours\n2026-01-01,holiday,\n2026-02-14,working,\n2026-02-16..2026-02-20,holiday,\n\
    2026-04-30,short,09:00-15:00\n2026-05-01,holiday,\n";
const HOUR: i64 = 3600;

/// Reads a moment such as `2026-10-31 24:00`.
pub(super) fn at(text: &str) -> i64 {
    let (date, time) = text.split_once(' ').unwrap();
    let (hour, minute) = time.split_once(':').unwrap();
    let (hour, minute): (i64, i64) = (hour.parse().unwrap(), minute.parse().unwrap());
    i64::from(day(date).0) * DAY + hour * HOUR + minute * 60
}

pub(super) fn day(text: &str) -> Day {
    text.parse().unwrap()
}

pub(super) fn calendar(hours: &str, exceptions: &str, zone: Option<&str>) -> Calendar {
    Calendar::parse("test", hours, exceptions, zone).unwrap()
}

fn office() -> Calendar {
    calendar(OFFICE, DAYS, None)
}

fn shown(moment: Option<i64>) -> String {
    chrono::DateTime::from_timestamp(moment.unwrap(), 0).unwrap().format("%Y-%m-%d %H:%M").to_string()
}

/// Checks that `minutes` after each start is the end, and that the way back measures it.
fn check(calendar: &Calendar, cases: &[(&str, i64, &str)]) {
    for &(start, minutes, end) in cases {
        let due = calendar.add(at(start), minutes * 60);
        assert_eq!(shown(due), shown(Some(at(end))), "{minutes} minutes after {start}");
        assert_eq!(calendar.between(at(start), at(end)), minutes * 60, "{start} to {end}");
    }
}

#[test]
fn working_time_waits_outside_hours() {
    let cases = [
        ("2026-10-26 07:00", 60, "2026-10-26 10:00"),
        ("2026-10-26 13:30", 60, "2026-10-26 15:00"),
        ("2026-10-26 12:30", 60, "2026-10-26 14:30"),
        ("2026-10-26 18:00", 1, "2026-10-27 09:01"),
        ("2026-10-26 23:59", 60, "2026-10-27 10:00"),
        ("2026-10-31 12:00", 60, "2026-11-02 10:00"),
        ("2026-10-30 16:30", 60, "2026-11-02 09:30"),
        ("2026-10-26 09:00", 39 * 60, "2026-10-30 17:00"),
        ("2026-02-16 10:00", 60, "2026-02-23 10:00"),
        ("2025-12-31 17:00", 120, "2026-01-02 10:00"),
    ];
    check(&office(), &cases);
}

#[test]
fn a_whole_amount_ends_at_its_closing() {
    let cases = [
        ("2026-10-26 09:00", 4 * 60, "2026-10-26 13:00"),
        ("2026-10-26 13:00", 4 * 60, "2026-10-26 18:00"),
        ("2026-10-26 17:00", 60, "2026-10-26 18:00"),
        ("2026-10-26 18:00", 8 * 60, "2026-10-27 18:00"),
        ("2026-10-30 17:00", 0, "2026-10-30 17:00"),
        ("2026-10-26 13:00", 0, "2026-10-26 13:00"),
        ("2026-10-26 13:01", 0, "2026-10-26 14:00"),
        ("2026-10-30 17:01", 0, "2026-11-02 09:00"),
    ];
    check(&office(), &cases);
}

#[test]
fn back_in_time_it_ends_at_an_opening() {
    let cases = [
        ("2026-10-26 18:00", -8 * 60, "2026-10-26 09:00"),
        ("2026-10-26 09:00", -60, "2026-10-23 16:00"),
        ("2026-10-26 15:00", -60, "2026-10-26 14:00"),
        ("2026-10-25 12:00", -7 * 60, "2026-10-23 09:00"),
    ];
    check(&office(), &cases);
}

#[test]
fn exceptions_replace_their_day() {
    let cases = [
        // The make-up Saturday is worked like a Monday.
        ("2026-02-13 16:00", 2 * 60, "2026-02-14 10:00"),
        ("2026-02-14 09:00", 8 * 60, "2026-02-14 18:00"),
        ("2026-02-14 17:00", 2 * 60, "2026-02-23 10:00"),
        // The short day has no lunch, and ends early.
        ("2026-04-30 12:30", 60, "2026-04-30 13:30"),
        ("2026-04-30 14:00", 2 * 60, "2026-05-04 10:00"),
    ];
    check(&office(), &cases);
    assert!(office().is_working(day("2026-02-14")) && !office().is_working(day("2026-02-21")));
    assert_eq!(office().working_days(day("2026-02-01"), day("2026-02-28")), 16);
    assert_eq!(office().working_days(day("2026-02-16"), day("2026-02-20")), 0);
    assert_eq!(office().working_days(day("2026-02-14"), day("2026-02-14")), 1);
    assert_eq!(office().working_days(day("2026-02-20"), day("2026-02-01")), 0);
    assert_eq!(office().usual_day(), Some(8 * HOUR));
}

#[test]
fn working_days_end_at_a_closing() {
    for (start, days, due) in [
        ("2026-10-26 07:00", 1, "2026-10-27 18:00"),
        ("2026-10-26 13:30", 0, "2026-10-26 18:00"),
        ("2026-10-26 18:00", 1, "2026-10-27 18:00"),
        // After closing it counts for the next day.
        ("2026-10-26 18:01", 1, "2026-10-28 18:00"),
        ("2026-10-26 18:01", 0, "2026-10-27 18:00"),
        ("2026-10-31 10:00", 1, "2026-11-03 18:00"),
        ("2026-10-29 10:00", 1, "2026-10-30 17:00"),
        ("2026-04-29 10:00", 1, "2026-04-30 15:00"),
        ("2026-02-13 10:00", 2, "2026-02-23 18:00"),
        ("2028-02-28 10:00", 1, "2028-02-29 18:00"),
        ("2025-12-31 10:00", 1, "2026-01-02 17:00"),
        ("2026-10-26 10:00", 10, "2026-11-09 18:00"),
    ] {
        assert_eq!(shown(office().add_days(at(start), days)), due, "{days} days after {start}");
    }
    let cutoff = 15 * HOUR;
    for (start, due) in [
        ("2026-10-26 14:59", "2026-10-26 18:00"),
        ("2026-10-26 15:00", "2026-10-27 18:00"),
        ("2026-10-30 15:00", "2026-11-02 18:00"),
        ("2026-10-26 19:00", "2026-10-27 18:00"),
        ("2026-10-31 16:00", "2026-11-02 18:00"),
    ] {
        assert_eq!(shown(office().add_days_by(at(start), 0, cutoff)), due, "{start}");
    }
}

#[test]
fn a_day_may_end_at_24() {
    let calendar = calendar("Mon 18:00-24:00; Tue 00:00-06:00; Fri 00:00-24:00", "", None);
    let cases = [
        ("2026-10-26 20:00", 4 * 60, "2026-10-26 24:00"),
        ("2026-10-26 20:00", 5 * 60, "2026-10-27 01:00"),
        ("2026-10-30 12:00", 12 * 60, "2026-10-31 00:00"),
        ("2026-10-31 00:00", 0, "2026-10-31 00:00"),
        ("2026-10-31 00:00", 60, "2026-11-02 19:00"),
    ];
    check(&calendar, &cases);
    // Saturday's 0:00 is Friday's 24:00; Tuesday's is its own opening.
    assert_eq!(shown(calendar.add_days(at("2026-10-31 00:00"), 0)), "2026-10-31 00:00");
    assert_eq!(shown(calendar.add_days(at("2026-10-27 00:00"), 0)), "2026-10-27 06:00");
}

#[test]
fn round_the_clock_is_plain_addition() {
    let calendar = calendar("24/7", "", None);
    for (start, seconds) in
        [(0, 1), (at("2028-02-28 23:59"), 90_000), (at("2026-10-25 02:30"), -7), (-5, 40_000_000)]
    {
        assert_eq!(calendar.add(start, seconds), Some(start + seconds));
        assert_eq!(calendar.between(start, start + seconds), seconds);
        assert_eq!(calendar.elapsed(start, start + seconds), seconds);
    }
}

#[test]
fn what_never_opens_is_never_due() {
    let never = Calendar::new("never", Default::default(), &BTreeMap::new(), None);
    let start = at("2026-10-26 09:00");
    assert_eq!((never.add(start, 0), never.add(start, 1), never.add(start, -1)), (None, None, None));
    assert_eq!((never.add_days(start, 0), never.add_days_by(start, 0, 0)), (None, None));
    assert_eq!(never.between(start, start + 1_000_000), 0);
    assert_eq!(never.usual_day(), None);
    assert_eq!(never.working_days(day("1900-01-01"), day("2100-01-01")), 0);
}

#[test]
fn a_hundred_years_are_enough() {
    let sundays = calendar("Sun 00:00-24:00", "", None);
    assert!(sundays.add(0, 5000 * DAY).is_some() && sundays.add_days(0, 5000).is_some());
    assert_eq!((sundays.add(0, 6000 * DAY), sundays.add_days(0, 6000)), (None, None));
    for moment in [i64::MIN, i64::MAX] {
        for calendar in [&sundays, &calendar("24/7", DAYS, Some("Europe/Berlin"))] {
            let _ = (calendar.add(moment, i64::MAX), calendar.add(moment, i64::MIN), calendar.add(moment, 0));
            let _ =
                (calendar.between(moment, 0), calendar.elapsed(moment, !moment), calendar.is_open(moment));
            let _ = (calendar.add_elapsed(moment, moment), calendar.add_days(moment, u32::MAX));
            let _ = calendar.add_days_by(moment, 3, i64::MIN);
        }
    }
    assert_eq!(sundays.working_days(Day(i32::MIN), Day(i32::MAX)), 613_566_756);
}

#[test]
fn elapsed_time_knows_when_the_clock_is_changed() {
    for (zone, start, end, minutes) in [
        ("Europe/Berlin", "2025-03-29 12:00", "2025-03-30 12:00", 23 * 60),
        ("Europe/Berlin", "2025-10-25 12:00", "2025-10-26 12:00", 25 * 60),
        ("Europe/Berlin", "2025-03-30 01:59", "2025-03-30 03:00", 1),
        ("America/New_York", "2025-03-08 12:00", "2025-03-09 12:00", 23 * 60),
        ("America/New_York", "2025-11-01 12:00", "2025-11-02 12:00", 25 * 60),
        ("America/New_York", "2025-03-30 00:00", "2025-03-31 00:00", 24 * 60),
        ("America/Sao_Paulo", "2017-10-14 23:00", "2017-10-15 02:00", 2 * 60),
        ("America/Sao_Paulo", "2018-02-17 22:00", "2018-02-18 00:00", 3 * 60),
        ("Asia/Shanghai", "2025-03-29 12:00", "2025-10-26 12:00", 211 * 24 * 60),
    ] {
        let calendar = calendar("24/7", "", Some(zone));
        assert_eq!(calendar.elapsed(at(start), at(end)), minutes * 60, "{zone} {start}");
        assert_eq!(calendar.elapsed(at(end), at(start)), -minutes * 60, "{zone} {start}");
        assert_eq!(calendar.add_elapsed(at(start), minutes * 60), at(end), "{zone} {start}");
        // What never closes works all the real time there is.
        assert_eq!(calendar.between(at(start), at(end)), minutes * 60, "{zone} {start}");
        assert_eq!(calendar.add(at(start), minutes * 60), Some(at(end)), "{zone} {start}");
    }
}

#[test]
fn times_shown_twice_or_never_follow_the_rule() {
    let calendar = calendar("24/7", "", Some("Europe/Berlin"));
    let minutes = |from: &str, to: &str| calendar.elapsed(at(from), at(to)) / 60;
    assert_eq!(minutes("2025-10-26 01:30", "2025-10-26 02:30"), 60);
    assert_eq!(minutes("2025-10-26 02:30", "2025-10-26 03:30"), 120);
    assert_eq!(minutes("2025-03-30 01:30", "2025-03-30 02:10"), 30);
    assert_eq!(minutes("2025-03-30 02:10", "2025-03-30 02:50"), 0);
    assert_eq!(minutes("2025-03-30 02:50", "2025-03-30 03:30"), 30);
}

#[test]
fn a_night_shift_has_an_hour_more_or_less() {
    let shift = calendar("Mon-Sun 22:00-06:00+1", "", Some("Europe/Berlin"));
    let cases = [
        ("2025-03-29 22:00", 7 * 60, "2025-03-30 06:00"),
        ("2025-10-25 22:00", 9 * 60, "2025-10-26 06:00"),
        ("2025-10-24 22:00", 8 * 60, "2025-10-25 06:00"),
        ("2025-03-29 22:00", 8 * 60, "2025-03-30 23:00"),
        ("2025-03-30 06:00", -60, "2025-03-30 05:00"),
        ("2025-03-30 06:00", -7 * 60, "2025-03-29 22:00"),
    ];
    check(&shift, &cases);
    // By day nothing changes.
    check(&calendar(OFFICE, DAYS, Some("Europe/Berlin")), &[("2026-03-27 16:00", 120, "2026-03-30 10:00")]);
}

#[test]
fn opening_within_the_hour_that_is_left_out_is_opening_after_it() {
    let calendar = calendar("Sun 02:30-05:00", "", Some("Europe/Berlin"));
    let cases = [
        ("2025-03-30 00:00", 0, "2025-03-30 03:00"),
        ("2025-03-30 00:00", 120, "2025-03-30 05:00"),
        ("2025-10-26 00:00", 210, "2025-10-26 05:00"),
    ];
    check(&calendar, &cases);
}
