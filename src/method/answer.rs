//! What a method answers: one number, word or reason a row.

use crate::stats::Reason;

/// A value, or why there is none.
#[derive(Debug, Clone, PartialEq)]
pub enum Value {
    /// A finite number.
    Number(f64),
    /// A word.
    Text(String),
    /// Why there is no number.
    Undefined(Reason),
}

/// One row of an answer.
#[derive(Debug, Clone, PartialEq)]
pub struct Number {
    /// Which pair, item, unit, term or date it belongs to; `a~b` for pairs, `all` for the whole.
    pub element: String,
    /// What it is.
    pub quantity: String,
    /// The value.
    pub value: Value,
}

/// The rows of an answer, in their order.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Answer {
    /// The rows.
    pub rows: Vec<Number>,
}

impl Answer {
    /// Adds a number; one that is not finite is no variation to speak of, so it must be caught before: it is told as not converged.
    pub fn number(&mut self, element: &str, quantity: &str, value: f64) {
        // Nobody means a zero with a sign.
        let value = value + 0.0;
        let value =
            if value.is_finite() { Value::Number(value) } else { Value::Undefined(Reason::NotConverged) };
        self.rows.push(Number { element: element.to_owned(), quantity: quantity.to_owned(), value });
    }

    /// Adds a number or the reason why there is none.
    pub fn figure(&mut self, element: &str, quantity: &str, value: Result<f64, Reason>) {
        match value {
            Ok(value) => self.number(element, quantity, value),
            Err(reason) => self.rows.push(Number {
                element: element.to_owned(),
                quantity: quantity.to_owned(),
                value: Value::Undefined(reason),
            }),
        }
    }

    /// Adds a word.
    pub fn text(&mut self, element: &str, quantity: &str, word: &str) {
        let value = Value::Text(word.to_owned());
        self.rows.push(Number { element: element.to_owned(), quantity: quantity.to_owned(), value });
    }

    /// Adds how many rows were left out, each as often as it counts, because they lack a value without which they cannot be used.
    ///
    /// Rows of groups that were not asked for are not lost. Every method that leaves rows out says so, also when there are none.
    pub(super) fn rows_lost(&mut self, element: &str, rows: u64) {
        self.number(element, "rows_lost", rows as f64);
    }
}

/// Returns a level in percent as it stands in the names of quantities: 95, 99.8.
pub(super) fn percent(level: f64) -> String {
    ((level * 1e10).round() / 1e8).to_string()
}
