//! Real data through the program: figures that pandas gives for the same files, quoted.

use std::collections::BTreeMap;
use std::path::Path;

use polars::prelude::*;

use crate::tools::{concord, json, package, rows, run_python};

/// Folder of a project of this repository.
fn definition(name: &str) -> String {
    package().join("data").join(name).to_str().unwrap().to_owned()
}

/// Runs a project away from its folder, which stays as it is, and returns the folder of what the run made.
fn run(name: &str, arguments: &[&str]) -> tempfile::TempDir {
    let folder = tempfile::tempdir().unwrap();
    let project = definition(name);
    let place = ["run", &project, "--store", ".concord/store", "--out", "."];
    concord(folder.path(), &[&place[..], arguments].concat()).done();
    folder
}

/// Carrier, month, kept, breached, void: `groupby(["carrier", due month])` of the source, arrivals up to 15 minutes late kept.
const FLIGHTS: &str = "\
9E 1 1113 367 93, 9E 2 1018 323 118, 9E 3 1200 310 117, AA 1 2203 519 70, AA 2 1946 453 118, AA 3 2275 467 46, \
AA 4 1 0 0, AS 1 39 23 0, AS 2 50 4 2, AS 3 53 9 0, B6 1 3440 955 14, B6 2 2715 1224 158, B6 3 3448 1298 26, \
B6 4 17 7 0, DL 1 3194 460 35, DL 2 2857 446 141, DL 3 3370 754 65, DL 4 1 0 0, EV 1 2371 1593 207, \
EV 2 2262 1277 288, EV 3 2807 1564 355, F9 1 33 26 0, F9 2 31 17 1, F9 3 42 15 0, FL 1 270 54 4, FL 2 217 65 14, \
FL 3 217 86 13, HA 1 26 5 0, HA 2 26 2 0, HA 3 28 3 0, MQ 1 1694 509 68, MQ 2 1435 459 150, MQ 3 1717 416 123, \
OO 1 0 1 0, UA 1 3613 976 47, UA 2 3395 760 189, UA 3 3950 953 62, UA 4 3 6 0, US 1 1290 264 48, US 2 1225 231 96, \
US 3 1393 252 76, VX 1 298 16 2, VX 2 233 28 10, VX 3 270 33 0, WN 1 775 210 11, WN 2 730 128 53, WN 3 750 199 49, \
YV 1 29 10 7, YV 2 37 9 2, YV 3 11 7 0";

/// Kept, breached and void of every carrier (or of a cut's segment) and month in a store.
fn outcomes(store: &Path, cut: &str) -> BTreeMap<(String, u32), [u64; 3]> {
    let mut counts = BTreeMap::new();
    for month in 1..=4 {
        let table = store.join(format!("month=2013-{month:02}/outcomes.parquet"));
        for row in rows(&table, &["cut", "segment", "department", "outcome", "n"]) {
            let place = match row[3].as_str() {
                "kept" => 0,
                "breached_unremedied" => 1,
                "void" => 2,
                "opened" => continue,
                other => panic!("no flight is {other}"),
            };
            if row[0] == cut {
                let whose = if cut == "all" { &row[2] } else { &row[1] };
                let n: u64 = row[4].parse().unwrap();
                counts.entry((whose.clone(), month)).or_insert([0; 3])[place] += n;
            }
        }
    }
    counts
}

#[test]
fn flights_are_counted_as_pandas_counts_them() {
    let folder = run("flights", &[]);
    let mut expected = BTreeMap::new();
    for line in FLIGHTS.split(", ") {
        let words: Vec<&str> = line.split(' ').collect();
        let [month, kept, breached, void] = [1, 2, 3, 4].map(|index| words[index].parse::<u64>().unwrap());
        expected.insert((words[0].to_owned(), u32::try_from(month).unwrap()), [kept, breached, void]);
    }
    let store = folder.path().join(".concord/store");
    assert_eq!(outcomes(&store, "all"), expected);
    assert_eq!(expected.values().flatten().sum::<u64>(), 80_789);
    let origins = outcomes(&store, "origin");
    let february = ["EWR", "JFK", "LGA"].map(|origin| origins[&(origin.to_owned(), 2)]);
    assert_eq!(february, [[6401, 2172, 532], [6128, 1873, 414], [5648, 1381, 394]]);
}

#[test]
fn a_project_with_one_source_says_nothing_about_the_others() {
    let folder = run("flights", &[]);
    let found = rows(&folder.path().join("feeds/measures/month=2013-03/measures.parquet"), &["measure"]);
    let other = found.iter().find(|row| !row[0].ends_with(":arrival") && row[0] != "commitment_score");
    assert_eq!((found.is_empty(), other), (false, None));
}

#[test]
fn hospitals_join_as_pandas_joins_them() {
    // The files may not be part of the repository.
    let files = package().join("../shared/data/real/cms_2021");
    if !files.is_dir() {
        eprintln!("hospitals: not run, the files of the release of April 2021 are not at hand");
        return;
    }
    let folder = run("hospitals", &["--data", files.to_str().unwrap()]);
    let ledger = json(&folder.path().join(".concord/store/ledger.json"));
    let delivered = ledger["files"].as_object().unwrap();
    let accepted: Vec<(&str, u64, u64)> = delivered
        .values()
        .map(|one| {
            let accepted = &one["months"]["2021-04"]["accepted"];
            (one["file"].as_str().unwrap(), one["rows"].as_u64().unwrap(), accepted.as_u64().unwrap())
        })
        .collect();
    let expected = [
        ("satisfaction.csv", 3311, 3311),
        ("staff_practice.csv", 5415, 5415),
        ("commitments.csv", 4751, 4751),
    ];
    assert_eq!(accepted, expected);
    let measures = folder.path().join("feeds/measures/month=2021-04/measures.parquet");
    let values = values(&measures);
    let sides = ["satisfaction_index", "commitment_score", "competency_share"];
    let having = |sides: &[&str]| {
        let has = |hospital: &&String| sides.iter().all(|side| values[*side].contains_key(*hospital));
        values[sides[0]].keys().filter(has).count()
    };
    assert_eq!(sides.map(|side| having(&[side])), [3311, 3133, 3732]);
    assert_eq!(having(&sides), 2755);
    let of = |hospital: &str| sides.map(|side| values[side][hospital]);
    assert_near(of("010001"), [56.25, 60.0, 0.89]);
    assert_near(of("050454"), [63.888_888_888_888_886, 28.0, 0.9]);
    assert_near(of("330101"), [38.888_888_888_888_886, 58.0, 0.915]);
    hospitals_relate_as_pandas_says(folder.path());
}

/// Pearson's r over the hospitals that have both sides, `frame.corr()` of pandas.
fn hospitals_relate_as_pandas_says(folder: &Path) {
    let path = folder.join("feeds/relations/month=2021-04/relations.parquet");
    let found = rows(&path, &["relation", "kind", "n", "value"]);
    for (relation, n, r) in [
        ("care-satisfaction", "2902", 0.071_263),
        ("practice-satisfaction", "3036", 0.139_949),
        ("practice-care", "2908", 0.092_876),
    ] {
        let row = found.iter().find(|row| row[0] == relation && row[1] == "between").unwrap();
        let value: f64 = row[3].parse().unwrap();
        assert!(row[2] == n && (value - r).abs() < 1e-6, "{row:?}");
    }
}

#[test]
fn trusts_relate_over_years_as_pandas_says() {
    // The files may not be part of the repository.
    let files = package().join("../shared/data/real");
    if !files.join("nhs_staff_survey_2012_2019.csv").is_file() {
        eprintln!("trusts: not run, the files are not at hand");
        return;
    }
    let folder = run("nhs", &["--data", files.to_str().unwrap()]);
    let ledger = json(&folder.path().join(".concord/store/ledger.json"));
    let accepted = |file: &str| -> (u64, u64) {
        let own = ledger["files"].as_object().unwrap().values().find(|one| one["file"] == file).unwrap();
        let months = own["months"].as_object().unwrap();
        (
            own["rows"].as_u64().unwrap(),
            months.values().map(|month| month["accepted"].as_u64().unwrap()).sum(),
        )
    };
    assert_eq!(accepted("ae_attendances_2016_2019.csv"), (12_765, 9_279));
    assert_eq!(accepted("nhs_staff_survey_2012_2019.csv"), (1084, 1073));
    // Kept of all attendances of a year against the survey of the year, residuals on trust and year dummies (numpy.linalg.lstsq).
    let found = rows(
        &folder.path().join("feeds/relations/month=2019-12/relations.parquet"),
        &["relation", "lag", "kind", "n", "value"],
    );
    for (relation, lag, n, r) in [
        ("engagement-waiting", "-1", "384", 0.132_240_933),
        ("engagement-waiting", "0", "519", 0.139_939_764),
        ("engagement-waiting", "1", "528", 0.098_181_339),
        ("care-waiting", "0", "519", 0.249_792_690),
        ("stress-waiting", "0", "518", -0.170_687_827),
    ] {
        let row = found.iter().find(|row| row[..3] == [relation, lag, "within"]).unwrap();
        let value: f64 = row[4].parse().unwrap();
        assert!(row[3] == n && (value - r).abs() < 1e-8, "{row:?}");
    }
}

/// Values of the month by measure and department.
fn values(path: &Path) -> BTreeMap<String, BTreeMap<String, f64>> {
    let mut values: BTreeMap<String, BTreeMap<String, f64>> = BTreeMap::new();
    let headline = ["satisfaction_index", "commitment_score", "competency_share"];
    let columns = ["measure", "department", "window_months", "value"];
    let table = std::fs::File::open(path).unwrap();
    let table = ParquetReader::new(table).finish().unwrap();
    let [measure, department, window, value] = columns.map(|name| table.column(name).unwrap());
    for row in 0..table.height() {
        let measure = measure.str().unwrap().get(row).unwrap();
        // Hospitals have codes of six signs, the states above them of two.
        if let Some(value) = value.f64().unwrap().get(row)
            && department.str().unwrap().get(row).is_some_and(|code| code.len() == 6)
            && headline.contains(&measure)
            && window.i64().unwrap().get(row) == Some(1)
        {
            let department = department.str().unwrap().get(row).unwrap();
            values.entry(measure.to_owned()).or_default().insert(department.to_owned(), value);
        }
    }
    values
}

/// Where the files are that may not be part of the repository; says so where they are not.
#[expect(clippy::print_stderr, reason = "a test that does not run says so")]
fn apart(project: &str, file: &str) -> Option<String> {
    let folder = package().join("../shared/data/real");
    if !folder.join(file).is_file() {
        eprintln!("{project}: not run, {file} is not at hand");
        return None;
    }
    Some(folder.to_str().unwrap().to_owned())
}

/// Kept, broken, open and void cases of every department in a store, all months together.
fn cases(store: &Path) -> BTreeMap<String, [u64; 4]> {
    let mut counts: BTreeMap<String, [u64; 4]> = BTreeMap::new();
    let names = ["kept", "breached_unremedied", "open", "void"];
    for month in std::fs::read_dir(store).unwrap().map(|entry| entry.unwrap().path()) {
        let table = month.join("outcomes.parquet");
        let own =
            if table.is_file() { rows(&table, &["cut", "department", "outcome", "n"]) } else { Vec::new() };
        for row in own.iter().filter(|row| row[0] == "all") {
            if let Some(place) = names.iter().position(|name| *name == row[2]) {
                counts.entry(row[1].clone()).or_default()[place] += row[3].parse::<u64>().unwrap();
            }
        }
    }
    counts
}

/// What pandas counts in the same files.
fn counted(what: &str, files: &str) -> serde_json::Value {
    serde_json::from_str(&run_python("count_cases.py", &[what, files])).unwrap()
}

fn of_pandas(counted: &serde_json::Value) -> BTreeMap<String, [u64; 4]> {
    serde_json::from_value(counted["departments"].clone()).unwrap()
}

#[test]
fn requests_are_kept_and_overdue_as_pandas_and_the_city_say() {
    let Some(files) = apart("boston-311", "boston_311_2015q1.csv") else { return };
    let folder = run("boston-311", &["--data", &files, "--month", "2015-06"]);
    let expected = counted("requests", &files);
    assert_eq!(cases(&folder.path().join(".concord/store")), of_pandas(&expected));
    // The city's own flag says the same of every request that has one.
    let agree = expected["city_agrees"].as_array().unwrap();
    assert!(agree[0] == agree[1] && agree[1].as_u64().unwrap() > 40_000);
    let ledger = json(&folder.path().join(".concord/store/ledger.json"));
    let aside = |one: &serde_json::Value| one["quarantined"].as_array().unwrap().len();
    assert_eq!(ledger["files"].as_object().unwrap().values().map(aside).sum::<usize>(), 84);
}

#[test]
fn the_last_revision_of_an_incident_is_its_state() {
    let Some(files) = apart("incidents", "incident_event_log_2016.csv") else { return };
    let folder = run("incidents", &["--data", &files]);
    let found = cases(&folder.path().join(".concord/store"));
    assert_eq!(found, of_pandas(&counted("incidents", &files)));
}

fn assert_near(found: [f64; 3], expected: [f64; 3]) {
    let near = found.iter().zip(expected).all(|(found, expected)| (found - expected).abs() < 1e-9);
    assert!(near, "{found:?} is not {expected:?}");
}
