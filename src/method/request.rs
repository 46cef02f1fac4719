//! A call of a method: its table and its options, with what every method asks of them.

use std::collections::BTreeMap;

use super::{Column, Method, Preset, Table};

/// What is wrong with a call.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Fault {
    /// What is wrong, and where.
    pub message: String,
    /// What to do.
    pub hint: String,
}

impl Fault {
    /// Makes a fault.
    pub fn new(message: impl Into<String>, hint: impl Into<String>) -> Self {
        Self { message: message.into(), hint: hint.into() }
    }
}

/// A call.
pub struct Request<'a> {
    table: &'a Table,
    options: BTreeMap<&'a str, &'a str>,
}

impl<'a> Request<'a> {
    /// Makes a call of `method`; options that it does not know must have been refused before.
    pub fn new(
        method: &'a Method,
        table: &'a Table,
        given: impl IntoIterator<Item = (&'a str, &'a str)>,
    ) -> Result<Self, Fault> {
        let mut options: BTreeMap<&str, &str> = given.into_iter().collect();
        for setting in method.options {
            match setting.default {
                Preset::Value(value) => _ = options.entry(setting.name).or_insert(value),
                Preset::Required if !options.contains_key(setting.name) => {
                    let message = format!("`{}` needs `--{}`", method.name, setting.name);
                    return Err(Fault::new(message, setting.about));
                }
                _ => {}
            }
        }
        Ok(Self { table, options })
    }

    /// Returns the table.
    pub fn table(&self) -> &'a Table {
        self.table
    }

    /// Returns the text of an option.
    pub fn option(&self, name: &str) -> Option<&'a str> {
        self.options.get(name).copied()
    }

    /// Returns the parts of an option that is a list.
    pub fn list(&self, name: &str) -> Vec<&'a str> {
        let parts = self.option(name).into_iter().flat_map(|text| text.split(','));
        parts.map(str::trim).filter(|part| !part.is_empty()).collect()
    }

    /// Returns an option that is a number.
    pub fn value(&self, name: &str) -> Result<Option<f64>, Fault> {
        let Some(text) = self.option(name) else { return Ok(None) };
        match text.parse::<f64>() {
            Ok(value) if value.is_finite() => Ok(Some(value)),
            _ => Err(Fault::new(
                format!("`--{name} {text}` is not a number"),
                format!("write `--{name} 0.5`, say"),
            )),
        }
    }

    /// Returns an option that is a whole number from 0.
    pub fn whole(&self, name: &str) -> Result<Option<usize>, Fault> {
        let Some(text) = self.option(name) else { return Ok(None) };
        let wrong = |_| {
            Fault::new(
                format!("`--{name} {text}` is not a whole number"),
                format!("write `--{name} 12`, say"),
            )
        };
        text.parse().map(Some).map_err(wrong)
    }

    /// Returns an option that is one of `words`.
    pub fn word(&self, name: &str, words: &[&'static str]) -> Result<Option<&'static str>, Fault> {
        let Some(text) = self.option(name) else { return Ok(None) };
        match words.iter().find(|word| **word == text) {
            Some(word) => Ok(Some(word)),
            None => Err(Fault::new(
                format!("`--{name} {text}` is unknown"),
                format!("it can be {}", words.join(", ")),
            )),
        }
    }

    /// Returns the confidence of intervals, from the option `level`.
    pub fn level(&self) -> Result<f64, Fault> {
        let level = self.value("level")?.unwrap_or(0.95);
        match level > 0.0 && level < 1.0 {
            true => Ok(level),
            false => Err(Fault::new(
                format!("`--level {level}` is not between 0 and 1"),
                "write `--level 0.95`, say",
            )),
        }
    }

    /// Returns the numbers of a column by its name.
    pub fn numbers(&self, column: &str) -> Result<Vec<Option<f64>>, Fault> {
        match self.find(column)? {
            Column::Number(values) => {
                match values.iter().position(|value| value.is_some_and(f64::is_infinite)) {
                    None => Ok(values.clone()),
                    Some(row) => Err(Fault::new(
                        format!("row {} of `{column}` is infinite", row + 1),
                        "leave a missing value empty, or take another column",
                    )),
                }
            }
            Column::Text(values) => {
                values.iter().enumerate().map(|(row, text)| number(column, row, text)).collect()
            }
        }
    }

    /// Returns the words of a column by its name; `NA` is a missing one, as in columns of numbers.
    pub fn texts(&self, column: &str) -> Result<Vec<Option<String>>, Fault> {
        Ok(match self.find(column)? {
            Column::Number(values) => {
                values.iter().map(|value| value.map(|value| value.to_string())).collect()
            }
            Column::Text(values) => {
                values.iter().map(|text| text.clone().filter(|text| text != "NA")).collect()
            }
        })
    }

    /// Returns the numbers of the column that an option names; nothing where the option is not given.
    pub fn numbers_of(&self, option: &str) -> Result<Option<Vec<Option<f64>>>, Fault> {
        self.option(option).map(|column| self.numbers(column)).transpose()
    }

    /// Returns the words of the column that an option names; nothing where the option is not given.
    pub fn texts_of(&self, option: &str) -> Result<Option<Vec<Option<String>>>, Fault> {
        self.option(option).map(|column| self.texts(column)).transpose()
    }

    fn find(&self, column: &str) -> Result<&'a Column, Fault> {
        self.table.column(column).ok_or_else(|| {
            Fault::new(
                format!("the table has no column `{column}`"),
                format!("its columns are {}", self.table.names().join(", ")),
            )
        })
    }
}

fn number(column: &str, row: usize, text: &Option<String>) -> Result<Option<f64>, Fault> {
    let Some(text) = text.as_deref().map(str::trim).filter(|text| !text.is_empty() && *text != "NA") else {
        return Ok(None);
    };
    match text.parse::<f64>() {
        Ok(value) if value.is_finite() => Ok(Some(value)),
        _ => Err(Fault::new(
            format!("row {} of `{column}` holds `{text}`, which is not a number", row + 1),
            "leave a missing value empty, or take another column",
        )),
    }
}
