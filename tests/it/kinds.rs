//! Promises of every kind, and their lives, through the program: a small log whose figures can be counted by hand.

use std::collections::BTreeMap;
use std::path::Path;

use crate::tools::{concord, rows};

const SETTINGS: &str = "name = \"kinds\"\ntime.from = \"2026-01\"\ntime.settle_days = 0\n\
    [sources.log]\nkind = \"commitments\"\nfiles = [\"log.csv\"]\n\
    [sources.published]\nkind = \"commitments\"\nshape = \"totals\"\nfiles = [\"totals.csv\"]\n";

/// Code, unit and the rest of each promise.
const PROMISES: [(&str, &str); 6] = [
    ("atm", "unit = \"share\"\nbetter = \"higher\"\nlimits = [{ limit = 0.98, target = 0.9 }]\n"),
    ("rings", "unit = \"count\"\nlimits = [{ limit = 3, target = 0.9 }]\n"),
    ("greeted", "unit = \"yes\"\nlimits = [{ target = 0.9 }]\n"),
    ("letter", "unit = \"hours\"\nlimits = [{ limit = 2, target = 0.9 }]\n"),
    ("cash", "unit = \"hours\"\nlimits = [{ limit = 2, target = 0.9 }]\n"),
    (
        "tried",
        "unit = \"count\"\nlimits = [{ limit = 1, target = 0.9 }]\n\
         life = [{ from = 2026-01-10, status = \"trial\" }, { from = 2026-01-20, status = \"announced\" },\n\
         { from = 2026-02-01, status = \"withdrawn\" }]\n",
    ),
];

const LOG: &str = "case,commitment,department,opened_at,due_at,closed_at,value\n\
    1,atm,b1,2026-01-05,,,0.98\n2,atm,b1,2026-01-06,,,0.979\n3,atm,b1,2026-01-07,,,1\n4,atm,b1,2026-01-08,,,\n\
    5,rings,b1,2026-01-05,,,3\n6,rings,b1,2026-01-05,,,4\n7,rings,b1,2026-01-05,,,0\n\
    8,greeted,b1,2026-01-05,,,1\n9,greeted,b1,2026-01-05,,,0\n10,greeted,b1,2026-01-05,,,no\n11,greeted,b1,2026-01-05,,,TRUE\n\
    12,letter,b1,2026-01-05T09:00,,2026-01-05T11:00,\n13,letter,b1,2026-01-05T09:00,,2026-01-05T11:01,\n\
    14,letter,b1,2026-01-05T09:00,2026-01-06,2026-01-06T18:00,\n15,letter,b1,2026-01-05T09:00,,,1.5\n\
    16,letter,b1,2026-01-31T23:30,,,\n\
    17,tried,b1,2026-01-05,,,1\n18,tried,b1,2026-01-10,,,2\n19,tried,b1,2026-01-19,,,2\n20,tried,b1,2026-01-20,,,1\n\
    21,tried,b1,2026-02-01,,,5\n22,rings,b1,2026-02-02,,,1\n23,rings,b1,2026-02-28T23:00,,2026-02-28T23:59,2\n";

type Found = BTreeMap<String, (String, String, String)>;

/// Value, n and reason of every measure of the department in a month.
fn measures(folder: &Path, month: &str) -> Found {
    let path = folder.join(format!("feeds/measures/month={month}/measures.parquet"));
    let columns = ["measure", "department", "window_months", "value", "n", "reason"];
    let own = rows(&path, &columns).into_iter().filter(|row| row[1] == "b1" && row[2] == "1");
    own.map(|row| (row[0].clone(), (row[3].clone(), row[4].clone(), row[5].clone()))).collect()
}

fn run(log: &str) -> tempfile::TempDir {
    let folder = tempfile::tempdir().unwrap();
    let write = |name: &str, text: &str| std::fs::write(folder.path().join(name), text).unwrap();
    std::fs::create_dir(folder.path().join("registers")).unwrap();
    let promise = |(code, rest): &(&str, &str)| {
        format!(
            "[[commitment]]\ncode = \"{code}\"\nstatement = \"{code}\"\npromised_to = \"customer\"\nowner = \"branch\"\n\
             observed = \"log\"\n{rest}"
        )
    };
    write("concord.toml", SETTINGS);
    write("registers/departments.csv", "code,profile\nb1,branch\nb2,branch\n");
    write("registers/commitments.toml", &PROMISES.iter().map(promise).collect::<String>());
    write("log.csv", log);
    write(
        "totals.csv",
        "department,commitment,period,kept,share,n\nb1,cash,2026-01,,0.995,200\nb2,cash,2026-01,18,,20\n",
    );
    concord(folder.path(), &["run", "--as-of", "2026-03-01", "--reports", "all"]).done();
    folder
}

#[test]
fn every_kind_of_promise_is_judged_as_by_hand() {
    let folder = run(LOG);
    let found = measures(folder.path(), "2026-01");
    let share = |code: &str| found[&format!("kept:{code}")].clone();
    let expected = [("atm", 2, 3), ("rings", 2, 3), ("greeted", 2, 4), ("letter", 3, 4), ("cash", 199, 200)];
    for (code, kept, n) in expected {
        let (value, cases, _) = share(code);
        let expected = f64::from(kept) / f64::from(n);
        assert!((value.parse::<f64>().unwrap() - expected).abs() < 1e-12 && cases == n.to_string(), "{code}");
    }
    assert_eq!(found["void:atm"].0, "1.0");
    // Due on 1 February at half past one: another month's case.
    assert_eq!(measures(folder.path(), "2026-02")["breaches:letter"].0, "1.0");
}

#[test]
fn a_draft_is_not_judged_and_a_trial_not_rated() {
    let folder = run(LOG);
    let found = measures(folder.path(), "2026-01");
    // Of four cases one began while the promise was a draft, and two on trial: shown. One is rated.
    assert_eq!((found["kept:tried"].1.as_str(), found["breaches:tried"].0.as_str()), ("3", "2.0"));
    let (score, n, _) = &found["commitment_score"];
    let shares = [2.0 / 3.0, 2.0 / 3.0, 0.5, 0.75, 0.995, 1.0];
    let mean = 100.0 * shares.iter().sum::<f64>() / 6.0;
    assert!((score.parse::<f64>().unwrap() - mean).abs() < 1e-9, "{score}");
    assert_eq!(n, "215");
    let february = measures(folder.path(), "2026-02");
    assert_eq!(february["breaches:tried"].0, "1.0");
    let (score, n, _) = &february["commitment_score"];
    // The rings, all kept, and a letter that was never answered; the withdrawn promise's breach is shown, not rated.
    assert!((score.parse::<f64>().unwrap() - 50.0).abs() < 1e-9 && n == "3", "{score} {n}");
    let page = |month: &str| {
        std::fs::read_to_string(folder.path().join(format!("reports/{month}/report.html"))).unwrap()
    };
    assert!(page("2026-01").contains("not judged: tried (1)"));
    assert!(
        page("2026-02").contains("withdrawn, not rated") && page("2026-02").contains("Withdrawn: tried.")
    );
}

#[test]
fn due_times_that_mostly_contradict_the_register_are_told() {
    let log = "case,commitment,department,opened_at,due_at,closed_at\n\
        1,letter,b1,2026-01-05T09:00,2026-01-05T13:00,2026-01-05T12:00\n\
        2,letter,b1,2026-01-06T09:00,2026-01-06T13:00,2026-01-06T12:00\n\
        3,letter,b2,2026-01-07T09:00,2026-01-07T11:00,2026-01-07T10:00\n";
    let page = |log: &str| {
        let folder = run(log);
        std::fs::read_to_string(folder.path().join("reports/2026-01/report.html")).unwrap()
    };
    assert!(page(log).contains("2 of 3 cases. The log and the register cannot both be right"));
    assert!(!page(&log.replace("06T13:00", "06T11:00")).contains("cannot both be right"));
}
