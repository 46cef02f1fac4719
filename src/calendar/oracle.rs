//! Agreement with public packages: `tests/it/calendar/oracle.py` wrote their answers to `cases.csv` beside it.

use std::fs;
use std::path::Path;

use super::tests::{at, day};
use super::*;

/// Reads a moment or a date (its midnight).
fn moment(text: &str) -> i64 {
    let (minutes, seconds) = match text.len() {
        10 => (format!("{text} 00:00"), 0),
        _ => (text[..16].to_string(), text[17..19].parse().unwrap()),
    };
    at(&minutes) + seconds
}

/// Returns our answer, and the other one, as numbers.
fn answers(calendar: &Calendar, row: &csv::StringRecord) -> (i64, i64) {
    let (start, argument, expected) = (moment(&row[5]), &row[6], &row[7]);
    let number = |text: &str| text.parse::<i64>().unwrap();
    match &row[4] {
        "add" => (calendar.add(start, number(argument)).unwrap(), moment(expected)),
        "between" => (calendar.between(start, moment(argument)), number(expected)),
        "elapsed" => (calendar.elapsed(start, moment(argument)), number(expected)),
        "add_elapsed" => (calendar.add_elapsed(start, number(argument)), moment(expected)),
        "add_days" => (calendar.add_days(start, number(argument) as u32).unwrap(), moment(expected)),
        "same_day_by_15" => (calendar.add_days_by(start, 0, 15 * 3600).unwrap(), moment(expected)),
        "working_days" => (calendar.working_days(day(&row[5]), day(argument)), number(expected)),
        other => panic!("no operation `{other}`"),
    }
}

/// Returns why another answer may differ, if there is a reason.
fn reason(calendar: &Calendar, row: &csv::StringRecord, (ours, theirs): (i64, i64)) -> Option<&'static str> {
    let times = || row.iter().skip(5).take(2).filter(|text| text.contains(' ')).map(moment);
    let never = |time: i64| calendar.add_elapsed(time, 0) != time;
    let twice = |time: i64| calendar.add_elapsed(time, 3600) == time;
    let same = || calendar.between(ours, theirs) == 0;
    match &row[0] {
        "pandas" if ours < theirs && same() => Some("pandas moves an end at closing to the next opening"),
        _ if times().any(never) => {
            Some("a time never shown: here the instant of the change, there a shift by its length")
        }
        source if source.contains("dst") && times().any(twice) => {
            Some("a time shown twice: here the first, pytz the second")
        }
        _ => None,
    }
}

#[test]
fn public_packages_agree() {
    let folder = Path::new("tests/it/calendar");
    let mut reader = csv::Reader::from_path(folder.join("cases.csv")).unwrap();
    let (mut all, mut reasons, mut unlike) = (0, BTreeMap::<_, u32>::new(), Vec::new());
    for row in reader.records().map(Result::unwrap) {
        let exceptions = fs::read_to_string(folder.join(format!("{}.csv", &row[2]))).unwrap_or_default();
        let zone = Some(&row[3]).filter(|zone| !zone.is_empty());
        let calendar = Calendar::parse(&row[2], &row[1], &exceptions, zone).unwrap();
        let (ours, theirs) = answers(&calendar, &row);
        all += 1;
        match (ours == theirs, reason(&calendar, &row, (ours, theirs))) {
            (true, _) => {}
            (false, Some(reason)) => *reasons.entry((row[0].to_string(), reason)).or_default() += 1,
            (false, None) => unlike.push(format!("{row:?}: {ours}, not {theirs}")),
        }
    }
    assert!(unlike.is_empty(), "{}:\n{}", unlike.len(), unlike.join("\n"));
    assert!(all > 1000 && reasons.values().sum::<u32>() * 40 < all, "{reasons:?}");
}
