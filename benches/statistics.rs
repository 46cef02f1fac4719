//! How long statistics take on tables in memory: `statistics FOLDER` reads what `benches/peers/statistics.py` wrote there and prints a line
//! a task with its least wall time in seconds over some runs. That script calls it and sets the same tasks of other packages beside it.

#![expect(clippy::disallowed_methods, clippy::print_stdout, reason = "a benchmark tells the time")]

use std::path::Path;
use std::time::Instant;

use concord::method::{Column, Table, find};

/// Task, file of its columns, number of columns, and the call.
const TASKS: [(&str, &str, usize, &str); 6] = [
    ("kendall_pair", "pair.f64", 2, "correlation --columns c0,c1 --method kendall"),
    ("kendall_matrix", "matrix.f64", 20, "correlation --columns * --method kendall"),
    ("kendall_continuous", "continuous.f64", 20, "correlation --columns * --method kendall"),
    ("lmg", "drivers.f64", 13, "drivers --y c0 --x * --replicates 1000"),
    ("permutation", "groups.f64", 2, "permutation --value c0 --by c1 --replicates 999"),
    ("rank_draws", "ranks.f64", 2, "rank-draws --value c0 --error c1 --replicates 10000"),
];
const RUNS: usize = 5;

fn main() {
    let folder = std::env::args().nth(1).expect("a folder is named");
    for (task, file, columns, call) in TASKS {
        let table = read(&Path::new(&folder).join(file), columns);
        let seconds = (0..RUNS).map(|_| run(&table, call)).fold(f64::INFINITY, f64::min);
        println!("{task} {seconds}");
    }
}

/// Reads columns of numbers, one after another, eight bytes each.
fn read(path: &Path, columns: usize) -> Table {
    let bytes = std::fs::read(path).expect("the file is there");
    let values: Vec<f64> =
        bytes.as_chunks().0.iter().map(|eight: &[u8; 8]| f64::from_le_bytes(*eight)).collect();
    let rows = values.len() / columns;
    let column = |k: usize| Column::Number(values[k * rows..][..rows].iter().copied().map(Some).collect());
    Table::new((0..columns).map(|k| (format!("c{k}"), column(k))).collect())
}

fn run(table: &Table, call: &str) -> f64 {
    let names: Vec<String> =
        table.names().iter().filter(|name| !call.contains(&format!("--y {name} "))).cloned().collect();
    let call = call.replace('*', &names.join(","));
    let words: Vec<&str> = call.split(' ').collect();
    let method = find(words[0]).expect("a method");
    let given = words[1..].chunks(2).map(|pair| (pair[0].trim_start_matches("--"), pair[1]));
    let begin = Instant::now();
    let answer = method.answer(table, given).unwrap_or_else(|fault| panic!("{}", fault.message));
    assert!(!answer.rows.is_empty());
    begin.elapsed().as_secs_f64()
}
