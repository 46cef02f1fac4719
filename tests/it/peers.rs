//! Every figure of the example bank's department-months, against another program that starts from the same raw files.

use std::collections::BTreeMap;
use std::path::Path;

use concord::check::Registers;
use concord::count::MonthCounts;
use concord::measure::{Code, Context, index_weights, measure};
use concord::month::Month;
use concord::project::{Project, load};
use concord::store::{MONTH_TABLES, Store, counts};

use crate::tools::{bank, rows, run_python};

/// (department, month, measure) -> value and number of answers or cases.
type Figures = BTreeMap<(String, Month, String), (f64, u64)>;

fn peer() -> Figures {
    let out = Path::new(env!("CARGO_TARGET_TMPDIR")).join("peer.csv");
    run_python("../../benches/peers/counts.py", &[bank().to_str().unwrap(), out.to_str().unwrap()]);
    let rows = csv::Reader::from_path(out).unwrap().into_records().map(Result::unwrap);
    let figure = |row: csv::StringRecord| {
        let key = (row[0].to_owned(), row[1].parse().unwrap(), row[2].to_owned());
        (key, (row[3].parse().unwrap(), row[4].parse().unwrap()))
    };
    rows.map(figure).filter(|((_, _, measure), _)| measure != "answers").collect()
}

fn months(project: &Project, context: &Context<'_>) -> BTreeMap<Month, MonthCounts> {
    let registers = Registers::new(project);
    let store = Store::open(&bank().join(".concord/store")).unwrap();
    let read = |month: Month| {
        let stored = store.read_month(month, MONTH_TABLES).unwrap().unwrap();
        (month, counts(&registers, &context.layouts, month, &stored.tables))
    };
    store.list_months().unwrap().into_iter().map(read).collect()
}

/// Breaches of a department by promise and cause, written `PROMISE:CAUSE`.
fn breaches(project: &Project, counts: &MonthCounts, department: u32, cause: &str) -> u64 {
    let (promise, cause) = cause.split_once(':').unwrap();
    let promise = u32::try_from(project.commitment(promise).unwrap()).unwrap();
    let cause = project.causes.position(cause).map(|position| u32::try_from(position).unwrap());
    counts.commitments.causes.get(&(department, promise, cause)).map_or(0, |own| own.n)
}

#[test]
fn figures_are_those_a_peer_computes_from_the_raw_files() {
    let peer = peer();
    let project = load(bank(), None).unwrap();
    let months = months(&project, &Context::new(&project, BTreeMap::new()));
    let weights = index_weights(
        &Context::new(&project, BTreeMap::new()),
        &months.iter().map(|(&month, counts)| (month, counts)).collect(),
    );
    let context = Context::new(&project, weights);
    let mut differing = Vec::new();
    for ((department, month, code), &(value, n)) in &peer {
        let position = u32::try_from(project.department(department).unwrap()).unwrap();
        if let Some(cause) = code.strip_prefix("cause:") {
            let own = breaches(&project, &months[month], position, cause);
            if own != n {
                differing.push(format!("{department} {month} {code}: peer {n}, own {own}"));
            }
            continue;
        }
        let figure = measure(&context, &months[month], &Code::parse(code).unwrap(), position, *month);
        let is_same = match &figure {
            Ok(own) => own.n == n && (own.value - value).abs() <= 1e-12 * value.abs().max(1.0),
            // One answer has no dispersion; Concord then says so instead of a value.
            Err(_) => n < 2,
        };
        if !is_same {
            differing.push(format!("{department} {month} {code}: peer {value} of {n}, own {figure:?}"));
        }
    }
    assert!(peer.len() > 40_000);
    assert!(
        differing.is_empty(),
        "{} of {}: {:#?}",
        differing.len(),
        peer.len(),
        &differing[..differing.len().min(10)]
    );
}

/// Rows of a relation: (relation, kind, class) -> value, n, standard error, p value, p value of the t form.
type Relations = BTreeMap<[String; 3], [Option<f64>; 5]>;

const RELATED: [&str; 5] = ["value", "n", "std_error", "p_value", "p_value_t"];

fn own_relations() -> Relations {
    let path = bank().join("feeds/relations/month=2026-10/relations.parquet");
    let keys = rows(&path, &["relation", "kind", "class"]);
    let numbers = rows(&path, &RELATED);
    let relation = |(key, numbers): (Vec<String>, Vec<String>)| {
        let numbers: Vec<Option<f64>> = numbers.iter().map(|text| text.parse().ok()).collect();
        (key.try_into().unwrap(), numbers.try_into().unwrap())
    };
    keys.into_iter().zip(numbers).map(relation).collect()
}

fn peer_relations() -> Relations {
    let out = Path::new(env!("CARGO_TARGET_TMPDIR")).join("relations.csv");
    run_python("../../benches/peers/relations.py", &[bank().to_str().unwrap(), out.to_str().unwrap()]);
    let mut reader = csv::Reader::from_path(out).unwrap();
    let names = reader.headers().unwrap().clone();
    let place = |name: &str| names.iter().position(|one| one == name).unwrap();
    let relation = |row: csv::StringRecord| {
        let key = ["relation", "kind", "class"].map(|name| row[place(name)].to_owned());
        (key, RELATED.map(|name| row[place(name)].parse().ok()))
    };
    reader.into_records().map(|row| relation(row.unwrap())).collect()
}

#[test]
fn relations_are_those_a_peer_computes_from_the_raw_files() {
    let (own, peer) = (own_relations(), peer_relations());
    assert!(peer.len() > 50, "{}", peer.len());
    for (key, theirs) in &peer {
        let ours = own.get(key).unwrap_or_else(|| panic!("no {key:?}"));
        for ((name, own), peer) in RELATED.iter().zip(ours).zip(theirs) {
            // What a peer does not resample alike, it leaves empty.
            let Some(peer) = peer else { continue };
            let scale = peer.abs().max(1.0);
            // The errors of the index by contact rest on whole numbers, see `relation/answers.rs`.
            let tolerance = if *name == "value" || *name == "n" { 1e-9 } else { 1e-6 };
            assert!(
                own.is_some_and(|own| (own - peer).abs() <= tolerance * scale),
                "{key:?} {name}: {own:?} {peer}"
            );
        }
    }
}

#[test]
fn intervals_cover_what_is_true() {
    // The command takes as many banks as one likes; here it is the one that all tests share.
    println!("{}", run_python("../../benches/coverage.py", &["--read", bank().to_str().unwrap()]));
}
