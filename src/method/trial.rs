//! Calls of methods on small tables, for tests.

use super::{Answer, Column, Fault, Table, Value, find};

/// Calls `method` on columns of words with `options`.
pub(super) fn call(
    method: &str,
    columns: &[(&str, &str)],
    options: &[(&str, &str)],
) -> Result<Answer, Fault> {
    let column = |words: &str| {
        Column::Text(words.split(' ').map(|word| (word != "NA").then(|| word.to_owned())).collect())
    };
    let table = Table::new(columns.iter().map(|(name, words)| ((*name).to_owned(), column(words))).collect());
    find(method).expect("a method").answer(&table, options.iter().copied())
}

/// Returns the value of one row.
pub(super) fn value(answer: &Answer, element: &str, quantity: &str) -> Value {
    let row = answer.rows.iter().find(|row| row.element == element && row.quantity == quantity);
    row.unwrap_or_else(|| panic!("no {quantity} of {element}")).value.clone()
}

/// Returns the number of one row.
pub(super) fn number(answer: &Answer, element: &str, quantity: &str) -> f64 {
    match value(answer, element, quantity) {
        Value::Number(number) => number,
        other => panic!("{quantity} of {element} is {other:?}"),
    }
}

/// Asserts that two answers have the same rows, numbers to a relative 1e-9.
pub(super) fn same(one: &Answer, other: &Answer) {
    assert_eq!(one.rows.len(), other.rows.len());
    for (a, b) in one.rows.iter().zip(&other.rows) {
        assert_eq!((&a.element, &a.quantity), (&b.element, &b.quantity));
        match (&a.value, &b.value) {
            (Value::Number(a), Value::Number(b)) => {
                assert!((a - b).abs() <= 1e-9 * (1.0 + b.abs()), "{a} {b}")
            }
            (a, b) => assert_eq!(a, b),
        }
    }
}
