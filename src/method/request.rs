//! A call of a method: its table and its options, with what every method asks of them.

use std::borrow::Cow;
use std::collections::BTreeMap;
use std::sync::atomic::{AtomicBool, Ordering};

use super::fault::Fault;
use super::{Column, Method, Preset, Table, list};

/// One option of a call.
struct Told<'a> {
    text: &'a str,
    words: Vec<String>,
    /// Whether the caller wrote it, rather than the method's own preset.
    is_given: bool,
    /// Whether the method has asked for it.
    is_read: AtomicBool,
}

impl<'a> Told<'a> {
    fn new(text: &'a str, is_given: bool) -> Self {
        Self { text, words: list::words(text), is_given, is_read: AtomicBool::new(false) }
    }

    fn is_read(&self) -> bool {
        self.is_read.load(Ordering::Relaxed)
    }
}

/// A call.
///
/// It remembers which options the method has read, so that one that was given and says nothing can be refused.
pub struct Request<'a> {
    method: &'a Method,
    table: &'a Table,
    options: BTreeMap<&'a str, Told<'a>>,
}

impl<'a> Request<'a> {
    /// Makes a call of `method`; an option that it does not know, or one that it lacks, is a fault.
    pub(super) fn new(
        method: &'a Method,
        table: &'a Table,
        given: impl IntoIterator<Item = (&'a str, &'a str)>,
    ) -> Result<Self, Fault> {
        let mut options: BTreeMap<&str, Told<'_>> =
            given.into_iter().map(|(name, text)| (name, Told::new(text, true))).collect();
        let is_known = |name: &str| method.options.iter().any(|setting| setting.name == name);
        if let Some(name) = options.keys().find(|name| !is_known(name)) {
            let known: Vec<String> =
                method.options.iter().map(|setting| format!("`--{}`", setting.name)).collect();
            let message = format!("`{}` has no option `--{name}`", method.name);
            return Err(Fault::new(message, format!("its options are {}", known.join(", "))));
        }
        for setting in method.options {
            match setting.default {
                Preset::Value(text) => _ = options.entry(setting.name).or_insert(Told::new(text, false)),
                Preset::Required if !options.contains_key(setting.name) => {
                    let message = format!("`{}` needs `--{}`", method.name, setting.name);
                    return Err(Fault::new(message, setting.about));
                }
                _ => {}
            }
        }
        Ok(Self { method, table, options })
    }

    /// Refuses the options that were given and not read, so that they said nothing.
    pub(super) fn refuse_unread(&self) -> Result<(), Fault> {
        let named = |is_read: bool| -> Vec<String> {
            let own = self.options.iter().filter(|(_, told)| told.is_given && told.is_read() == is_read);
            own.map(|(name, _)| format!("`--{name}`")).collect()
        };
        let (silent, beside) = (named(false), named(true));
        if silent.is_empty() {
            return Ok(());
        }
        let verb = if silent.len() == 1 { "says" } else { "say" };
        let beside =
            if beside.is_empty() { "here".to_owned() } else { format!("beside {}", beside.join(", ")) };
        let used = self.options.iter().filter(|(_, told)| told.is_read());
        let used: Vec<String> = used.map(|(name, told)| format!("`--{name} {}`", told.text)).collect();
        let hint = format!("`{}` goes by {}; leave the rest out", self.method.name, used.join(", "));
        Err(Fault::new(format!("{} {verb} nothing {beside}", silent.join(", ")), hint))
    }

    /// Returns the table.
    pub fn table(&self) -> &'a Table {
        self.table
    }

    /// Tells whether an option was given or is preset, without reading it: for the choice between ways of asking.
    pub fn has(&self, name: &str) -> bool {
        self.options.contains_key(name)
    }

    fn read(&self, name: &str) -> Option<&Told<'a>> {
        let told = self.options.get(name)?;
        told.is_read.store(true, Ordering::Relaxed);
        Some(told)
    }

    /// Returns the text of an option.
    pub fn option(&self, name: &str) -> Option<&'a str> {
        self.read(name).map(|told| told.text)
    }

    /// Returns the parts of an option that is a list.
    pub fn list(&self, name: &str) -> Vec<&str> {
        self.read(name).map_or_else(Vec::new, |told| told.words.iter().map(String::as_str).collect())
    }

    /// Returns the parts of an option that is a list of names; one that stands twice is a fault.
    pub fn names(&self, name: &str) -> Result<Vec<&str>, Fault> {
        let names = self.list(name);
        match names.iter().enumerate().find(|(place, one)| names[..*place].contains(one)) {
            Some((_, one)) => Err(Fault::new(format!("`--{name}` names `{one}` twice"), "name each once")),
            None => Ok(names),
        }
    }

    /// Returns an option that is a list of numbers.
    pub fn values(&self, name: &str) -> Result<Vec<f64>, Fault> {
        let number = |text: &&str| text.parse::<f64>().ok().filter(|value| value.is_finite());
        let wrong = |text: &&str| {
            let message = format!("`{text}` in `--{name}` is not a number");
            Fault::new(message, "write numbers with a decimal point, and commas between them")
        };
        self.list(name).iter().map(|text| number(text).ok_or_else(|| wrong(text))).collect()
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

    /// Returns how often a method shall draw, from the option `replicates`: once at least.
    pub fn draws(&self) -> Result<usize, Fault> {
        match self.whole("replicates")? {
            Some(0) => Err(Fault::new("`--replicates 0` draws nothing", "write `--replicates 9999`, say")),
            draws => Ok(draws.unwrap_or(9999)),
        }
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
        self.borrowed_numbers(column).map(Cow::into_owned)
    }

    /// Returns the numbers of a column by its name, without a copy where the table holds them.
    pub fn borrowed_numbers(&self, column: &str) -> Result<Cow<'a, [Option<f64>]>, Fault> {
        match self.find(column)? {
            Column::Number(values) => {
                match values.iter().position(|value| value.is_some_and(f64::is_infinite)) {
                    None => Ok(Cow::Borrowed(values)),
                    Some(row) => Err(Fault::at(
                        row,
                        format!("`{column}` is infinite"),
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
        _ => Err(Fault::no_number(row, column, text)),
    }
}
