//! Every figure of the example bank's department-months, against another program that starts from the same raw files.

use std::collections::BTreeMap;
use std::path::Path;

use concord::check::Registers;
use concord::count::MonthCounts;
use concord::measure::{Code, Context, index_weights, measure};
use concord::month::Month;
use concord::project::{Project, load};
use concord::store::{MONTH_TABLES, Store, counts};

use crate::tools::{bank, run_python};

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
        let stored = store.read_month(month, &MONTH_TABLES).unwrap().unwrap();
        (month, counts(&registers, &context.layouts, month, &stored.tables))
    };
    store.list_months().unwrap().into_iter().map(read).collect()
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
