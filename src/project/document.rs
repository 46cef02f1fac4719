//! TOML files with line numbers: typed access to keys, each slip noted where it stands.
//!
//! In: the text of a file. Out: nodes (tables) and entries (values). Deliberately absent: what the keys mean.

use std::path::Path;

use toml::Spanned;
use toml::de::{DeTable, DeValue};

use super::Text;
use super::log::{Log, Place, Register, State};
use super::value::{fault_of_joined_code, parse_day, parse_month, quote, quote_all};
use crate::month::{Day, Month};

/// Languages that texts can be given in.
pub(super) const LANGUAGES: [&str; 3] = ["en", "ru", "zh"];

/// Reads register `register` of the project in `root` by `body`; nothing when the file is absent or cannot be read.
pub(super) fn read<T>(
    log: &Log,
    root: &Path,
    register: Register,
    body: impl FnOnce(Node<'_>) -> T,
) -> Option<T> {
    let file = register.file();
    let text = log.read(&root.join(file), file, register)?;
    let lines = Lines::new(file, &text);
    let (table, errors) = DeTable::parse_recoverable(&text);
    if errors.is_empty() {
        return Some(body(Node { log, lines: &lines, table: table.get_ref(), line: 0 }));
    }
    log.set(register, State::Doubtful);
    let mut last = 0;
    for error in errors {
        let line = lines.line(error.span().map_or(0, |span| span.start));
        // One slip often makes several errors: the first on a line tells it.
        if line != last {
            log.problem(&lines.place(line), error.message(), mended(error.message()));
        }
        last = line;
    }
    None
}

/// Returns how the usual slips in TOML are mended; nothing for others.
fn mended(message: &str) -> &'static str {
    let known = [
        ("must be quoted", "put texts in straight quotes, `\"like this\"`"),
        ("duplicate key", "a key stands once in its table; each entry of a list begins with its own `[[…]]`"),
        ("invalid date", "write days as 2026-10-31, and months in quotes: `\"2026-10\"`"),
    ];
    known.iter().find(|(slip, _)| message.contains(slip)).map_or("", |(_, hint)| hint)
}

/// Where the lines of a file begin.
#[derive(Debug)]
struct Lines {
    file: std::rc::Rc<str>,
    starts: Vec<usize>,
}

impl Lines {
    fn new(file: &str, text: &str) -> Self {
        let starts = text.match_indices('\n').map(|(at, _)| at + 1).collect();
        Self { file: file.into(), starts }
    }

    fn line(&self, at: usize) -> usize {
        1 + self.starts.partition_point(|start| *start <= at)
    }

    fn place(&self, line: usize) -> Place {
        Place { file: self.file.clone(), line }
    }
}

/// One table of a file.
#[derive(Debug, Clone, Copy)]
pub(super) struct Node<'a> {
    log: &'a Log,
    lines: &'a Lines,
    table: &'a DeTable<'a>,
    line: usize,
}

impl<'a> Node<'a> {
    /// Returns where the table begins; line 0 for the whole file.
    pub(super) fn place(&self) -> Place {
        self.lines.place(self.line)
    }

    /// Returns the log of the reading.
    pub(super) fn log(&self) -> &'a Log {
        self.log
    }

    /// Notes every key that is not among `known`.
    pub(super) fn only(&self, known: &[&str]) {
        self.only_or(known, &[]);
    }

    /// Notes every key that is not among `known`; `elsewhere` says where else in the file keys stand that people put here.
    pub(super) fn only_or(&self, known: &[&str], elsewhere: &[(&str, &[&str])]) {
        for entry in self.entries().filter(|entry| !known.contains(&entry.key)) {
            let otherwise = format!("known keys are {}", quote_all(known.iter().copied()));
            let hint = match elsewhere.iter().find(|(_, keys)| keys.contains(&entry.key)) {
                Some((place, _)) => format!("{} stands {place}", quote(entry.key)),
                None => self.log.suggest(entry.key, known.iter().copied(), &otherwise),
            };
            self.log.problem(&entry.key_place, format!("unknown key {}", quote(entry.key)), hint);
        }
    }

    /// Returns the entries in the order of the file.
    pub(super) fn entries(&self) -> impl Iterator<Item = Entry<'a>> + use<'a> {
        let (log, lines) = (self.log, self.lines);
        self.table.iter().map(move |(key, value)| {
            let key_place = lines.place(lines.line(key.span().start));
            Entry { log, lines, key: key.get_ref(), key_place, value }
        })
    }

    /// Returns the entry of `key`, if there is one.
    pub(super) fn get(&self, key: &str) -> Option<Entry<'a>> {
        let (key, value) = self.table.get_key_value(key)?;
        let key_place = self.lines.place(self.lines.line(key.span().start));
        Some(Entry { log: self.log, lines: self.lines, key: key.get_ref(), key_place, value })
    }

    /// Returns the entry of `key`; that it is missing is noted.
    pub(super) fn need(&self, key: &str) -> Option<Entry<'a>> {
        let entry = self.get(key);
        if entry.is_none() {
            self.log.problem(&self.place(), format!("missing key {}", quote(key)), "");
        }
        entry
    }

    /// Returns the tables of the array `key`; none when the key is missing.
    pub(super) fn nodes(&self, key: &str) -> Vec<Node<'a>> {
        self.get(key).map_or_else(Vec::new, |entry| entry.nodes())
    }
}

/// One key with its value, or one element of an array.
#[derive(Debug, Clone)]
pub(super) struct Entry<'a> {
    log: &'a Log,
    lines: &'a Lines,
    pub(super) key: &'a str,
    key_place: Place,
    value: &'a Spanned<DeValue<'a>>,
}

impl<'a> Entry<'a> {
    /// Returns where the value stands; a table stands where its key does.
    pub(super) fn place(&self) -> Place {
        match self.value.get_ref() {
            DeValue::Table(_) => self.key_place.clone(),
            _ => self.lines.place(self.lines.line(self.value.span().start)),
        }
    }

    /// Returns the log of the reading.
    pub(super) fn log(&self) -> &'a Log {
        self.log
    }

    /// Returns whether the value is a table.
    pub(super) fn is_table(&self) -> bool {
        self.value.get_ref().is_table()
    }

    /// Returns whether the value is an array.
    pub(super) fn is_array(&self) -> bool {
        self.value.get_ref().is_array()
    }

    /// Notes a key that is no code.
    pub(super) fn check_key(&self) {
        if let Some(fault) = fault_of_joined_code(self.key) {
            self.log.problem(&self.key_place, fault, "");
        }
    }

    /// Notes a problem of this value.
    pub(super) fn fail(&self, message: impl Into<String>, hint: impl Into<String>) {
        self.log.problem(&self.place(), message, hint);
    }

    fn expected<T>(&self, what: &str) -> Option<T> {
        let found = match self.value.get_ref() {
            DeValue::String(_) => "a string",
            DeValue::Integer(_) => "an integer",
            DeValue::Float(_) => "a float",
            DeValue::Boolean(_) => "a boolean",
            DeValue::Datetime(_) => "a date",
            DeValue::Array(_) => "an array",
            DeValue::Table(_) => "a table",
        };
        self.fail(format!("{}: expected {what}, found {found}", quote(self.key)), self.rewritten(what));
        None
    }

    /// Returns how the value is written where `what` is expected; nothing where that says it all.
    fn rewritten(&self, what: &str) -> String {
        let hint = match (self.value.get_ref(), what) {
            (DeValue::Table(_), "an array") => {
                return format!("it is a list: write `[[{0}]]`, or `{0} = [{{ … }}]`", self.key);
            }
            (_, "an array") => "put it in square brackets",
            (DeValue::Array(_), "a table") => {
                return format!("it is one table: write `{} = {{ key = value, … }}`", self.key);
            }
            (_, "a table") => "write it in braces: `{ key = value, … }`",
            (_, "true or false") => "write true or false, without quotes",
            (DeValue::String(_), "a number" | "an integer") => "write the number alone, without quotes",
            (DeValue::Float(_), "an integer") => "write a whole number, without a decimal point",
            (DeValue::Array(_), "a string") => "write one text in quotes, without brackets",
            (DeValue::Table(_), _) => "",
            (_, what) if what.starts_with("a string") => "put it in quotes",
            _ => "",
        };
        hint.to_owned()
    }

    /// Returns a text that is not empty, without spaces around it.
    pub(super) fn text(&self) -> Option<String> {
        let Some(text) = self.value.get_ref().as_str() else {
            return self.expected("a string");
        };
        if text.trim().is_empty() {
            self.fail(format!("{} is empty", quote(self.key)), "");
            return None;
        }
        Some(text.trim().to_string())
    }

    /// Returns a code that other codes can be joined to by `:`.
    pub(super) fn joined_code(&self) -> Option<String> {
        let code = self.text()?;
        if let Some(fault) = fault_of_joined_code(&code) {
            self.fail(fault, "");
        }
        Some(code)
    }

    /// Returns the word's meaning among `known`.
    pub(super) fn choice<T: Copy>(&self, known: &[(&str, T)]) -> Option<T> {
        let text = self.text()?;
        let found = known.iter().find(|(word, _)| *word == text).map(|(_, meaning)| *meaning);
        if found.is_none() {
            let words = || known.iter().map(|(word, _)| *word);
            let otherwise = format!("known are {}", quote_all(words()));
            let hint = self.log.suggest(&text, words(), &otherwise);
            self.fail(format!("unknown {} {}", self.key, quote(&text)), hint);
        }
        found
    }

    /// Returns a text in one or more languages.
    pub(super) fn localised(&self) -> Option<Text> {
        match self.value.get_ref() {
            DeValue::String(_) => Some(Text::plain(&self.text()?)),
            DeValue::Table(_) => {
                let node = self.node()?;
                node.only(&LANGUAGES);
                if node.entries().next().is_none() {
                    self.fail(format!("{} is empty", quote(self.key)), "write it as `{ en = \"…\" }`");
                }
                let texts = node.entries().filter_map(|entry| Some((entry.key.to_string(), entry.text()?)));
                Some(Text(texts.collect()))
            }
            _ => self.expected("a string, or a table of languages"),
        }
    }

    /// Returns a finite number.
    pub(super) fn number(&self) -> Option<f64> {
        let number = match self.value.get_ref() {
            DeValue::Integer(_) => f64::from(self.integer_within(i32::MIN, i32::MAX)?),
            DeValue::Float(float) => float.as_str().parse().unwrap_or(f64::NAN),
            _ => return self.expected("a number"),
        };
        if !number.is_finite() {
            self.fail(format!("{} is not a finite number", quote(self.key)), "write a number such as 1.5");
            return None;
        }
        Some(number)
    }

    /// Returns true or false.
    pub(super) fn flag(&self) -> Option<bool> {
        match self.value.get_ref() {
            DeValue::Boolean(flag) => Some(*flag),
            _ => self.expected("true or false"),
        }
    }

    /// Returns a number in `low..=high`.
    pub(super) fn number_within(&self, low: f64, high: f64) -> Option<f64> {
        self.log.within(&self.place(), self.key, self.number()?, (low, high))
    }

    /// Returns a number above zero.
    pub(super) fn positive(&self) -> Option<f64> {
        self.log.positive(&self.place(), self.key, self.number()?)
    }

    /// Returns a whole number in `low..=high`.
    pub(super) fn integer_within(&self, low: i32, high: i32) -> Option<i32> {
        let DeValue::Integer(integer) = self.value.get_ref() else {
            return self.expected("an integer");
        };
        let number = i64::from_str_radix(integer.as_str(), integer.radix()).ok();
        let found = number.and_then(|number| i32::try_from(number).ok());
        let found = found.filter(|number| (low..=high).contains(number));
        if found.is_none() {
            let message = format!("{} is {integer}, outside {low} to {high}", quote(self.key));
            self.fail(message, "");
        }
        found
    }

    /// Returns a day, written as a date or as a string.
    pub(super) fn day(&self) -> Option<Day> {
        let text = self.date_text().or_else(|| self.expected("a date of the form 2026-10-31"))?;
        self.parsed(parse_day(&text), "write year, month and day, without a time")
    }

    /// Returns a month, written as a string, or as the date of its first day, in quotes or without.
    pub(super) fn month(&self) -> Option<Month> {
        let text = self.date_text().or_else(|| self.expected("a month of the form \"2026-10\""))?;
        let month = text.strip_suffix("-01").filter(|month| parse_month(month).is_ok()).unwrap_or(&text);
        self.parsed(parse_month(month), "write year and month in quotes, or the date of its first day")
    }

    fn date_text(&self) -> Option<String> {
        match self.value.get_ref() {
            DeValue::String(text) => Some(text.trim().to_string()),
            DeValue::Datetime(date) => Some(date.to_string()),
            _ => None,
        }
    }

    fn parsed<T>(&self, parsed: Result<T, String>, hint: &str) -> Option<T> {
        parsed.map_err(|message| self.fail(format!("{}: {message}", quote(self.key)), hint)).ok()
    }

    /// Returns a string, number or date as it would stand in a file.
    pub(super) fn constant(&self) -> Option<String> {
        match self.value.get_ref() {
            DeValue::Integer(_) => self.integer_within(i32::MIN, i32::MAX).map(|number| number.to_string()),
            DeValue::Float(_) => self.number().map(|number| number.to_string()),
            DeValue::Datetime(date) => Some(date.to_string()),
            _ => self.text(),
        }
    }

    /// Returns the elements of an array.
    pub(super) fn elements(&self) -> Vec<Entry<'a>> {
        let DeValue::Array(array) = self.value.get_ref() else {
            self.expected::<()>("an array");
            return Vec::new();
        };
        let element = |value: &'a Spanned<DeValue<'a>>| {
            let key_place = self.lines.place(self.lines.line(value.span().start));
            Entry { log: self.log, lines: self.lines, key: self.key, key_place, value }
        };
        array.iter().map(element).collect()
    }

    /// Returns the table.
    pub(super) fn node(&self) -> Option<Node<'a>> {
        match self.value.get_ref() {
            DeValue::Table(table) => {
                Some(Node { log: self.log, lines: self.lines, table, line: self.key_place.line })
            }
            _ => self.expected("a table"),
        }
    }

    /// Returns the tables of an array of tables.
    pub(super) fn nodes(&self) -> Vec<Node<'a>> {
        self.elements().iter().filter_map(Entry::node).collect()
    }
}
