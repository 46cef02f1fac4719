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
}
