//! For tests of methods: small tables, calls, and their numbers.

use super::{Answer, Column, Fault, Method, Table, Value};
use crate::stats::Reason;

/// Returns a table from lines of CSV without quotes; an empty field is missing.
pub(super) fn table(csv: &str) -> Table {
    let mut lines = csv.trim().lines().map(|line| line.trim().split(','));
    let names: Vec<String> = lines.next().expect("a header").map(str::to_owned).collect();
    let mut columns = vec![Vec::new(); names.len()];
    for line in lines {
        let fields = line.map(|field| (!field.is_empty()).then(|| field.to_owned()));
        columns.iter_mut().zip(fields).for_each(|(column, field)| column.push(field));
    }
    Table::new(names.into_iter().zip(columns.into_iter().map(Column::Text)).collect())
}

/// Calls a method with options written as on the command line.
pub(super) fn call(method: &Method, table: &Table, options: &str) -> Result<Answer, Fault> {
    let words: Vec<&str> = options.split_whitespace().collect();
    let given = words.chunks(2).map(|pair| (pair[0].trim_start_matches("--"), pair[1]));
    method.answer(table, given)
}

/// Calls a method that must answer.
pub(super) fn answer(method: &Method, csv: &str, options: &str) -> Answer {
    call(method, &table(csv), options).expect("an answer")
}

/// Returns a number of an answer, or the reason why there is none.
pub(super) fn number(answer: &Answer, element: &str, quantity: &str) -> Result<f64, Reason> {
    let row = answer.rows.iter().find(|row| row.element == element && row.quantity == quantity);
    match &row.unwrap_or_else(|| panic!("no {element} {quantity}")).value {
        Value::Number(value) => Ok(*value),
        Value::Undefined(reason) => Err(*reason),
        Value::Text(word) => panic!("{element} {quantity} is {word}"),
    }
}

/// Checks a number to 1e-9 of its size.
pub(super) fn check(answer: &Answer, element: &str, quantity: &str, expected: f64) {
    let found = number(answer, element, quantity).expect("a number");
    assert!((found - expected).abs() <= 1e-9 * expected.abs().max(1e-3), "{element} {quantity} {found}");
}

/// Checks that two answers have the same rows but for the last digits.
pub(super) fn same(one: &Answer, other: &Answer) {
    assert_eq!(one.rows.len(), other.rows.len());
    for (one, other) in one.rows.iter().zip(&other.rows) {
        assert_eq!((&one.element, &one.quantity), (&other.element, &other.quantity));
        match (&one.value, &other.value) {
            (Value::Number(a), Value::Number(b)) => {
                assert!((a - b).abs() <= 1e-9 * a.abs().max(1.0), "{} {} {a} {b}", one.element, one.quantity);
            }
            (a, b) => assert_eq!(a, b),
        }
    }
}
