//! `concord stat`: every method through the program, and its figures beside those of other packages.

use std::fs;

use concord::method::{Column, METHODS, Table, Value};
use serde_json::Value as Json;

use crate::tools::{concord, ended, package, program, run_python};

fn example(name: &str) -> Vec<&'static str> {
    METHODS.iter().find(|method| method.name == name).unwrap().example.split_whitespace().collect()
}

fn stat<'a>(name: &'a str, arguments: &[&'a str]) -> Vec<&'a str> {
    [&["stat", name], arguments].concat()
}

#[test]
fn every_method_answers_its_example_and_explains_itself() {
    for method in METHODS {
        let json = concord(
            &package(),
            &stat(method.name, &[&example(method.name)[..], &["--format", "json"]].concat()),
        );
        let rows: Vec<Json> = serde_json::from_str(&json.done()).unwrap();
        let is_told = |row: &Json| ["value", "text", "reason"].iter().any(|name| !row[*name].is_null());
        assert!(!rows.is_empty() && rows.iter().all(is_told), "{}", method.name);
        let has_number = rows.iter().any(|row| row["value"].is_number());
        assert!(has_number, "{} has no number to show", method.name);
        let help = concord(&package(), &["stat", method.name, "--help"]).done();
        for part in ["Source: ", "Known elsewhere as ", "Example: concord stat "] {
            assert!(help.contains(part), "{}: no `{part}`", method.name);
        }
    }
}

/// A column: its name and its values.
type Texts = (String, Vec<Option<String>>);

/// The table of a method's example, its columns as text, and the options of the example.
fn example_table(name: &str) -> (Vec<Texts>, Vec<(&'static str, &'static str)>) {
    let words = example(name);
    let mut reader = csv::Reader::from_path(package().join(words[0])).unwrap();
    let mut columns: Vec<Texts> =
        reader.headers().unwrap().iter().map(|name| (name.to_owned(), Vec::new())).collect();
    for row in reader.records().map(Result::unwrap) {
        for ((_, values), text) in columns.iter_mut().zip(row.iter()) {
            values.push(Some(text.to_owned()).filter(|text| !text.is_empty()));
        }
    }
    (columns, words[1..].chunks(2).map(|pair| (pair[0].trim_start_matches("--"), pair[1])).collect())
}

/// What can befall a table: how a value is changed, given its row.
type Fate = fn(usize, Option<String>) -> Option<String>;

/// Changes numbers alone; dates and names stay.
fn number(value: Option<String>, change: fn(f64) -> f64) -> Option<String> {
    let text = value?;
    Some(text.parse::<f64>().map_or(text, |number| change(number).to_string()))
}

const FATES: [(&str, usize, Fate); 10] = [
    ("no rows", 0, |_, value| value),
    ("one row", 1, |_, value| value),
    ("two rows", 2, |_, value| value),
    ("three rows", 3, |_, value| value),
    ("nothing but gaps", usize::MAX, |_, _| None),
    ("many gaps", usize::MAX, |row, value| value.filter(|_| row % 3 == 0)),
    ("one number", usize::MAX, |_, value| number(value, |_| 1.0)),
    ("zeros", usize::MAX, |_, value| number(value, |_| 0.0)),
    ("far away", usize::MAX, |_, value| number(value, |number| number + 1e9)),
    ("huge", usize::MAX, |_, value| number(value, |number| number * 1e300)),
];

#[test]
fn no_table_gives_a_number_that_is_none() {
    for method in METHODS {
        let (columns, options) = example_table(method.name);
        for (name, rows, fate) in FATES {
            let changed = columns.iter().map(|(title, values)| {
                let values =
                    values.iter().take(rows).cloned().enumerate().map(|(row, value)| fate(row, value));
                (title.clone(), Column::Text(values.collect()))
            });
            let table = Table::new(changed.collect());
            let few =
                options.iter().map(|&(name, value)| (name, if name == "replicates" { "50" } else { value }));
            let answer = method.answer(&table, few);
            // A refusal is as good as an answer, and a number must be one.
            let Ok(answer) = answer else { continue };
            for row in &answer.rows {
                let is_sound = !matches!(row.value, Value::Number(value) if !value.is_finite());
                assert!(is_sound, "{} of {name}: {row:?}", method.name);
            }
        }
    }
}

#[test]
fn the_list_names_every_method_and_what_others_call_it() {
    let list = concord(&package(), &["stat", "list"]).done();
    for known in [
        "psych::alpha",
        "pingouin.rm_corr",
        "qicharts2::qic",
        "FunnelPlotR::funnel_plot",
        "relaimpo::calc.relimp",
    ] {
        assert!(list.contains(known), "{known}");
    }
    assert!(METHODS.iter().all(|method| list.contains(method.name)));
}

#[test]
fn all_forms_of_output_say_the_same() {
    let arguments = stat("correlation", &["data/examples/questionnaire.csv", "--columns", "q1,q2,q3"]);
    let run = |form: &str| concord(&package(), &[&arguments[..], &["--format", form]].concat()).done();
    let json: Vec<Json> = serde_json::from_str(&run("json")).unwrap();
    let csv = run("csv");
    let mut reader = csv::Reader::from_reader(csv.as_bytes());
    for (row, line) in json.iter().zip(reader.records().map(Result::unwrap)) {
        assert_eq!((row["element"].as_str(), row["quantity"].as_str()), (Some(&line[0]), Some(&line[1])));
        // The reader of JSON may err in the last digit.
        let (json, csv) = (row["value"].as_f64(), line[2].parse::<f64>().ok());
        assert!(
            json == csv || (json.unwrap() - csv.unwrap()).abs() <= 1e-15 * csv.unwrap().abs(),
            "{row} {line:?}"
        );
    }
    assert_eq!(json.len() + 1, csv.lines().count());
    let table = run("table");
    assert!(table.lines().any(|line| line.starts_with("q1~q3 ")), "{table}");
}

#[test]
fn the_same_table_gives_the_same_bytes_however_many_threads() {
    for name in ["bootstrap", "drivers", "rank-sets", "rank-draws", "krippendorff", "correlation"] {
        let run = |threads: &str| {
            let arguments = [&example(name)[..], &["--format", "csv", "--threads", threads]].concat();
            concord(&package(), &stat(name, &arguments)).done()
        };
        assert_eq!(run("1"), run("4"), "{name}");
    }
}

#[test]
fn a_wrong_call_says_what_to_do() {
    let folder = tempfile::tempdir().unwrap();
    fs::write(folder.path().join("t.csv"), "a,b,day\n1,2,2026-01-01\n2,x,2026-01-02\n3,4\n").unwrap();
    fs::write(folder.path().join("u.csv"), "a,b\n1,2\n2,x\n").unwrap();
    fs::write(folder.path().join("empty.csv"), "a,b\n").unwrap();
    fs::write(folder.path().join("na.csv"), "x,y\n1,1\nNA,NA\n2,2\n2,1\n1,1\nNA,1\n").unwrap();
    let kappa =
        concord(folder.path(), &["stat", "kappa", "na.csv", "--x", "x", "--y", "y", "--format", "csv"])
            .done();
    assert!(kappa.contains(",n,4,") && kappa.contains(",0.5,"), "{kappa}");
    fs::write(folder.path().join("v.csv"), "a,b\n1,2\n2,3\n4,3\n").unwrap();
    for (arguments, code, words) in [
        (vec!["alpha", "u.csv", "--columns", "a,c"], 2, "no column `c`"),
        (vec!["alpha", "u.csv", "--columns", "a,b"], 1, "u.csv:3: `b` holds `x`"),
        (vec!["alpha", ".", "--columns", "a,b"], 1, "is a folder"),
        (vec!["alpha", "t.csv", "--columns", "a,b"], 1, "t.csv:4: ragged row"),
        (vec!["alpha", "none.csv", "--columns", "a,b"], 3, "none.csv"),
        (vec!["alpha", "u.csv"], 2, "--columns"),
        (vec!["correlation", "v.csv", "--columns", "a,b", "--x", "a"], 2, "`--x` says nothing"),
        (vec!["alpha", "v.csv", "--columns", "a,b", "--level", "2"], 2, "not between 0 and 1"),
        (vec!["alpah", "u.csv"], 2, "alpha"),
        (vec!["alpha", "u.csv", "--colums", "a,b"], 2, "--columns"),
    ] {
        let run = concord(folder.path(), &[&["stat"], &arguments[..]].concat());
        assert!(run.code == code && run.stderr.contains(words), "{arguments:?}: {} {}", run.code, run.stderr);
    }
    let empty =
        concord(folder.path(), &["stat", "alpha", "empty.csv", "--columns", "a,b", "--format", "csv"]).done();
    assert!(empty.contains("raw_alpha,,,too_few"), "{empty}");
    let other = ended(program(folder.path()).args(["check", "--format", "csv"]));
    assert!(other.code == 2 && other.stderr.contains("is for `concord stat`"), "{}", other.stderr);
}

#[test]
fn a_parquet_table_is_as_good_as_text() {
    let feed = crate::tools::bank().join("feeds/measures/month=2026-10/measures.parquet");
    let arguments = stat("mean", &["--value", "value", "--by", "measure", "--format", "csv"]);
    let run = concord(&package(), &[&arguments[..], &[feed.to_str().unwrap()]].concat()).done();
    assert!(run.contains("net_promoter,"), "{run}");
}

#[test]
fn figures_are_those_of_well_known_packages() {
    let shared = package().join("../shared");
    if !shared.join("golden").is_dir() {
        eprintln!("golden: not run, the golden files are not at hand");
        return;
    }
    let command = program(&package()).get_program().to_str().unwrap().to_owned() + " --format csv stat";
    let said = run_python("golden/golden.py", &[&command, shared.to_str().unwrap()]);
    assert!(said.contains("FunnelPlotR"), "{said}");
}
