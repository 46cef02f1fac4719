//! The example bank through the program: no row is lost, and exactly the planted damage is found.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;

use serde_json::Value;

use crate::tools::{
    assert_same, bank, concord, deliveries, files, json, make_bank, package, rows, run_python,
};

fn number(value: &Value) -> u64 {
    value.as_u64().unwrap_or_else(|| panic!("{value} is no count"))
}

fn text(value: &Value) -> String {
    value.as_str().unwrap_or_else(|| panic!("{value} is no text")).to_owned()
}

/// Sums one fate of a delivery's rows over its months.
fn fate(delivery: &Value, name: &str) -> u64 {
    delivery["months"].as_object().unwrap().values().map(|month| number(&month[name])).sum()
}

/// Returns the quarantined rows of a delivery: those that stand by themselves, and the contradicting ones.
fn asides(delivery: &Value) -> impl Iterator<Item = &Value> {
    let own = delivery["quarantined"].as_array().unwrap().iter();
    own.chain(delivery["conflicts"].as_object().unwrap().values().flat_map(|rows| rows.as_array().unwrap()))
}

#[test]
fn rows_read_are_those_an_independent_program_counts() {
    let counted: BTreeMap<String, u64> =
        serde_json::from_str(&run_python("count_rows.py", &[bank().to_str().unwrap()])).unwrap();
    let read: BTreeMap<String, u64> =
        deliveries(bank()).iter().map(|one| (text(&one["file"]), number(&one["rows"]))).collect();
    assert_eq!(read, counted);
}

#[test]
fn every_row_is_accounted_for() {
    let answer = concord(bank(), &["check", "--format", "json"]).done();
    let answer: Value = serde_json::from_str(&answer).unwrap();
    let sources = answer["sources"].as_object().unwrap();
    assert_eq!(sources.len(), 9);
    for (source, found) in sources {
        let rows = |name: &str| number(&found["rows"][name]);
        let fates = ["accepted", "duplicate", "superseded", "late", "quarantined"];
        assert_eq!(rows("read"), fates.map(rows).iter().sum::<u64>(), "{source}");
    }
}

type Rows = BTreeMap<(String, u64), BTreeSet<String>>;

#[test]
fn quarantine_holds_the_planted_rows_with_their_reasons_and_no_other() {
    let truth = json(&bank().join("truth.json"));
    let reasons = |row: &Value| row["reasons"].as_array().unwrap().iter().map(text).collect();
    let planted = truth["damaged"].as_array().unwrap().iter();
    let planted: Rows =
        planted.map(|row| ((text(&row["file"]), number(&row["line"])), reasons(row))).collect();
    let mut found = Rows::new();
    for delivery in deliveries(bank()) {
        for row in asides(&delivery) {
            let reasons = row["faults"].as_array().unwrap().iter().map(|fault| text(&fault[2])).collect();
            found.insert((text(&delivery["file"]), number(&row["line"])), reasons);
        }
    }
    let differing = |one: &Rows, other: &Rows| -> Vec<_> {
        one.iter()
            .filter(|(row, reasons)| other.get(*row) != Some(*reasons))
            .take(10)
            .map(|(row, reasons)| format!("{row:?} {reasons:?}"))
            .collect()
    };
    assert!(planted.len() > 500);
    assert_eq!(differing(&planted, &found), Vec::<String>::new(), "planted but not found so");
    assert_eq!(differing(&found, &planted), Vec::<String>::new(), "found but not planted so");
}

#[test]
fn the_quarantine_files_list_the_same_rows() {
    let mut listed: BTreeSet<(String, u64)> = BTreeSet::new();
    for (name, bytes) in files(&bank().join(".concord/quarantine")) {
        let mut reader = csv::Reader::from_reader(bytes.as_slice());
        assert_eq!(
            reader.headers().unwrap(),
            vec!["file", "line", "reason", "column", "value", "record"],
            "{name}"
        );
        listed.extend(
            reader.records().map(Result::unwrap).map(|row| (row[0].to_owned(), row[1].parse().unwrap())),
        );
    }
    let all = deliveries(bank());
    let known = all.iter().flat_map(|one| asides(one).map(|row| (text(&one["file"]), number(&row["line"]))));
    assert_eq!(listed, known.collect());
}

/// Of two copies the later file's is the duplicate; files of one month are told together, since either may come later.
fn group(file: &str) -> String {
    ["-south", "-payments", "-product"]
        .iter()
        .fold(file.to_owned(), |name, part| name.replace(part, ""))
        .replace(".csv", ".parquet")
}

#[test]
fn repeated_and_outdated_rows_are_as_many_as_planted() {
    let truth = json(&bank().join("truth.json"));
    let mut duplicates: BTreeMap<String, (u64, u64)> = BTreeMap::new();
    // Invitations are totals, in which nothing is planted.
    let is_planted = |delivery: &Value| !text(&delivery["file"]).starts_with("invitations/");
    let all: Vec<Value> = deliveries(bank()).into_iter().filter(is_planted).collect();
    for delivery in &all {
        let file = text(&delivery["file"]);
        let planted = &truth["rows"][&file];
        assert_eq!(number(&delivery["rows"]), number(&planted["rows"]), "{file}");
        assert_eq!(asides(delivery).count() as u64, number(&planted["damaged"]), "{file}");
        assert_eq!(fate(delivery, "superseded"), number(&planted["superseded"]), "{file}");
        let (found, told) = duplicates.entry(group(&file)).or_default();
        *found += fate(delivery, "duplicate");
        *told += number(&planted["duplicate"]);
    }
    assert_eq!(all.len(), truth["rows"].as_object().unwrap().len());
    for (files, (found, told)) in duplicates {
        assert_eq!(found, told, "{files}");
    }
}

#[test]
fn due_times_by_the_calendars_are_the_banks_own() {
    // The generator has its own arithmetic of working time; every case with a limit is computed again from opening and calendar.
    let path = bank().join("feeds/measures/month=2026-10/measures.parquet");
    let all = rows(&path, &["measure", "department", "window_months", "value", "n"]);
    let off =
        all.iter().filter(|row| row[0].starts_with("due_differs:") && row[1] == "all" && row[2] == "12");
    let (differing, cases): (Vec<f64>, Vec<u64>) =
        off.map(|row| (row[3].parse::<f64>().unwrap(), row[4].parse::<u64>().unwrap())).unzip();
    assert_eq!((differing.len(), differing.iter().sum::<f64>()), (23, 0.0));
    assert!(cases.iter().sum::<u64>() > 100_000);
}

#[test]
fn the_register_is_judged_as_it_was_made() {
    let told = concord(bank(), &["check", "--format", "json"]).done();
    let told: Value = serde_json::from_str(&told).unwrap();
    let advice = |code: &str, criterion: &str| {
        told["commitments"][code][criterion]["advice"].as_str().map(str::to_owned)
    };
    assert_eq!(advice("mortgage", "realistic").as_deref(), Some("hardly_reached"));
    assert_eq!(advice("cash", "realistic").as_deref(), Some("too_easy"));
    assert_eq!(advice("polite", "clear").as_deref(), Some("vague"));
    assert_eq!(advice("polite", "observable").as_deref(), Some("no_limit"));
    assert_eq!(advice("queue", "clear"), None);
}

/// Service, influence and information are shown 1.6 times as often by those who stand out, all other behaviours as often by both.
#[test]
fn interviews_tell_what_was_planted() {
    let columns = ["competency", "group", "persons", "ratio", "ratio_lower", "ratio_upper", "p_holm"];
    let all = rows(&bank().join("feeds/interviews/month=2026-10/interviews.parquet"), &columns);
    let number = |text: &String| text.parse::<f64>().unwrap();
    let mut covered = 0;
    for row in all.iter().filter(|row| row[1] == "top") {
        let is_planted = ["service", "influence", "information"].contains(&row[0].as_str());
        let truth = if is_planted { 1.6 } else { 1.0 };
        covered += usize::from(number(&row[4]) <= truth && truth <= number(&row[5]));
        assert_eq!(row[2], "12");
        assert!(is_planted || number(&row[6]) > 0.05, "{row:?}");
        assert!(row[0] != "influence" || number(&row[6]) < 0.05, "{row:?}");
    }
    assert!(covered >= 11, "{covered} of 12 intervals hold the truth");
}

#[test]
fn circles_are_told_apart_as_they_were_planted() {
    let path = bank().join("feeds/actions/month=2026-10/actions.parquet");
    let columns = [
        "action",
        "action_verdict",
        "gain",
        "lower",
        "upper",
        "p_placebo",
        "regression_to_the_mean",
        "value",
    ];
    let told = rows(&path, &columns);
    let verdicts: Vec<(&str, &str, &str)> = told.iter().map(|row| (&*row[0], &*row[1], &*row[2])).collect();
    assert_eq!(
        verdicts,
        [
            ("calls-at-noon", "improved", "held"),
            ("warm-welcome", "no_evidence", ""),
            ("short-queue", "no_evidence", "")
        ]
    );
    let number = |row: usize, column: usize| told[row][column].parse::<f64>().unwrap();
    let truth = json(&bank().join("truth.json"));
    let effects = truth["effects"].as_array().unwrap();
    let planted = effects.iter().find(|one| one["name"] == "circle_contact_centre").unwrap();
    let planted = planted["kept_share"].as_f64().unwrap();
    assert!(number(0, 3) < planted && planted < number(0, 4), "{told:?}");
    assert!(number(0, 5) < 0.05 && number(1, 3) < 0.0 && number(2, 3) < 0.0);
    // Begun after the worst month: what that comparison claims is mostly what follows bad months anyway.
    assert!(number(2, 6) > 0.05 && number(2, 6) > number(2, 7), "{told:?}");
    let page = fs::read_to_string(bank().join("reports/2026-10/report.html")).unwrap();
    assert!(
        page.contains("<section id=\"circle\"") && page.contains("which is mostly regression to the mean")
    );
}

/// Value, lower and upper end of a coefficient of the bank.
fn coefficient(relation: &str, lag: &str, kind: &str) -> [f64; 3] {
    let path = bank().join("feeds/relations/month=2026-10/relations.parquet");
    let all = rows(&path, &["relation", "lag", "kind", "value", "lower", "upper"]);
    let own = all.iter().find(|row| row[..3] == [relation, lag, kind]);
    let own = own.unwrap_or_else(|| panic!("{relation} {lag} {kind}"));
    [3, 4, 5].map(|place| own[place].parse().unwrap_or_else(|_| panic!("{own:?}")))
}

fn is_seen([_, lower, upper]: [f64; 3]) -> bool {
    lower > 0.0 || upper < 0.0
}

#[test]
fn the_chain_is_found_in_its_week_and_its_null_twin_is_not() {
    // A late repair breaks six points of calls and queue in its own week; a late handover nothing.
    let [r, lower, _] = coefficient("repair-queue", "0", "within");
    assert!(r > 0.05 && lower > 0.0, "{r} from {lower}");
    assert!(!is_seen(coefficient("repair-queue", "1", "within")));
    assert!(!is_seen(coefficient("handover-queue", "0", "within")));
    assert!(coefficient("promises-satisfaction", "0", "within")[1] > 0.0);
}

#[test]
fn funds_follow_satisfaction_in_the_same_quarter() {
    // Funds of a customer are .9 + .8 of the mean satisfaction, of that month alone.
    let [r, lower, _] = coefficient("satisfaction-funds", "0", "within");
    assert!(lower > 0.0, "{r} from {lower}");
    for lag in ["-1", "1"] {
        assert!(coefficient("satisfaction-funds", lag, "within")[0] < r, "lag {lag}");
    }
}

#[test]
fn the_staff_side_is_there_and_leisure_shows_nothing() {
    assert!(!is_seen(coefficient("leisure-satisfaction", "0", "within")));
    let path = bank().join("feeds/measures/month=2026-09/measures.parquet");
    assert!(!path.exists(), "a run publishes one month");
    let path = bank().join("feeds/measures/month=2026-10/measures.parquet");
    let all = rows(&path, &["measure", "department", "window_months", "value", "reason"]);
    let needs: Vec<_> = all.iter().filter(|row| row[0].starts_with("staff:n") && row[2] == "12").collect();
    // A window less one survey would tell what the others said, in which few may have answered.
    assert!(needs.iter().all(|row| row[3].is_empty()) && needs.iter().any(|row| row[4] == "suppressed"));
    let page = fs::read_to_string(bank().join("reports/2026-10/report.html")).unwrap();
    assert!(page.contains("id=\"staff\"") && page.contains("Enough leisure"));
}

#[test]
fn bank_is_current() {
    let kept = package().join("data/bank");
    assert!(kept.is_dir(), "data/bank is missing; make it with `concord init --example bank data/bank`");
    let folder = tempfile::tempdir().unwrap();
    let fresh = folder.path().join("bank");
    make_bank(&fresh, 24);
    let mut kept = files(&kept);
    // What runs over the visitors' copy leave behind is not part of it.
    kept.retain(|name, _| {
        ![".", "reports/", "feeds/"].iter().any(|own| name.starts_with(own))
            && !["index.html", "manifest.json"].contains(&name.as_str())
    });
    assert_same(&kept, &files(&fresh));
}

#[test]
fn another_seed_makes_other_rows_and_the_same_seed_the_same() {
    let folder = tempfile::tempdir().unwrap();
    let make = |name: &str, seed: &str| {
        let path = folder.path().join(name);
        concord(folder.path(), &["init", "--months", "1", "--seed", seed, name]).done();
        let rows = files(&path);
        fs::remove_dir_all(path).unwrap();
        rows
    };
    let first = make("a", "7");
    assert_same(&first, &make("b", "7"));
    assert_ne!(first["survey/client-2024-11.parquet"], make("c", "8")["survey/client-2024-11.parquet"]);
}
