//! CSV registers with line numbers: typed access to the columns of a row, each slip noted where it stands.
//!
//! In: the text of a file, and the columns it may have. Out: rows. Deliberately absent: what the columns mean.

use std::collections::BTreeMap;
use std::collections::btree_map::Entry;
use std::io::Read;
use std::path::Path;

use csv::StringRecord;

use super::Text;
use super::document::LANGUAGES;
use super::log::{Log, Place, Register, State};
use super::value::{fault_of_code, parse_day, parse_month, parse_number, quote, quote_all};
use crate::month::{Day, Month};

/// The columns of a register.
#[derive(Debug, Clone, Copy)]
pub(super) struct Layout {
    pub(super) register: Register,
    pub(super) known: &'static [&'static str],
    pub(super) required: &'static [&'static str],
}

/// How the columns of a foreign file are to be read as a register.
#[derive(Debug, Clone)]
pub(super) struct Mapping {
    /// The file, relative to the data folder.
    pub(super) file: String,
    /// Where the mapping stands.
    pub(super) place: Place,
    /// Canonical column -> column of the file, and where that stands.
    pub(super) columns: BTreeMap<String, (String, Place)>,
    /// Canonical column -> value for every row.
    pub(super) constants: BTreeMap<String, String>,
}

/// A register in memory.
#[derive(Debug)]
pub(super) struct Table<'a> {
    log: &'a Log,
    file: std::rc::Rc<str>,
    columns: BTreeMap<String, usize>,
    constants: BTreeMap<String, String>,
    records: Vec<(usize, StringRecord)>,
}

impl<'a> Table<'a> {
    /// Reads a register of the project in `root`; nothing when the file is absent or cannot be read.
    pub(super) fn read(log: &'a Log, root: &Path, layout: Layout) -> Option<Self> {
        let file = layout.register.file();
        let text = log.read(&root.join(file), file, layout.register)?;
        let mut table = Self::split(log, file, &text, layout)?;
        table.check_columns(layout);
        Some(table)
    }

    /// Reads the register `layout` from a foreign file in `folder`; nothing when the file is absent or cannot be read.
    pub(super) fn map(log: &'a Log, folder: &Path, mapping: &Mapping, layout: Layout) -> Option<Self> {
        let file = &mapping.file;
        let Some(text) = log.read(&folder.join(file), file, layout.register) else {
            if log.state(layout.register) == State::Absent {
                log.set(layout.register, State::Doubtful);
                let message = format!("there is no file {} in the data folder", quote(file));
                log.problem(&mapping.place, message, "");
            }
            return None;
        };
        let mut table = Self::split(log, file, &text, layout)?;
        table.columns = table.mapped_columns(mapping, layout);
        table.constants = mapping.constants.clone();
        Some(table)
    }

    /// Splits `text` into a header and rows as wide as it.
    fn split(log: &'a Log, file: &str, text: &str, layout: Layout) -> Option<Self> {
        let (records, open) = records(text);
        if let Some(line) = open {
            log.set(layout.register, State::Doubtful);
            log.problem(&Place::new(file, line), "a quote in the row is never closed", "");
        }
        let mut rows = records.into_iter();
        let Some((line, header)) = rows.next() else {
            let hint =
                format!("its first row names the columns {}", quote_all(layout.required.iter().copied()));
            if open.is_none() {
                log.problem(&Place::new(file, 0), "the file is empty", hint);
            }
            log.set(layout.register, State::Doubtful);
            return None;
        };
        let is_parted_by = |mark: &str| header.len() == 1 && header[0].contains(mark);
        if let Some((_, name)) =
            [(";", "`;`"), ("\t", "tabs")].into_iter().find(|(mark, _)| is_parted_by(mark))
        {
            log.set(layout.register, State::Doubtful);
            let message = format!("the columns are parted by {name}, not by commas");
            log.problem(&Place::new(file, line), message, "save the file with commas between its columns");
            return None;
        }
        let mut columns = BTreeMap::new();
        for (index, column) in header.iter().enumerate() {
            if columns.insert(column.trim().to_string(), index).is_some() {
                let message = format!("column {} occurs twice", quote(column.trim()));
                log.problem(&Place::new(file, line), message, "");
            }
        }
        let mut table =
            Self { log, file: file.into(), columns, constants: BTreeMap::new(), records: Vec::new() };
        for (line, record) in rows {
            if record.len() == header.len() {
                table.records.push((line, record));
                continue;
            }
            log.set(layout.register, State::Doubtful);
            let message = format!("the row has {} fields, the header {}", record.len(), header.len());
            log.problem(&table.place(line), message, "put quotes around a value that holds a comma");
        }
        Some(table)
    }

    fn place(&self, line: usize) -> Place {
        Place { file: self.file.clone(), line }
    }

    /// Notes unknown columns and missing ones, unless an unknown one is a missing one misspelt.
    fn check_columns(&mut self, layout: Layout) {
        let place = self.place(1);
        let mut hints = String::new();
        for column in self.columns.keys().filter(|column| !layout.known.contains(&column.as_str())) {
            let otherwise = format!("known columns are {}", quote_all(layout.known.iter().copied()));
            let hint = self.log.suggest(column, layout.known.iter().copied(), &otherwise);
            self.log.problem(&place, format!("unknown column {}", quote(column)), hint.as_str());
            hints.push_str(&hint);
        }
        for column in layout.required {
            // A missing column is one problem, not one a row.
            let Entry::Vacant(vacant) = self.columns.entry((*column).to_string()) else {
                continue;
            };
            vacant.insert(usize::MAX);
            self.log.set(layout.register, State::Doubtful);
            if !hints.contains(&format!("did you mean {}?", quote(column))) {
                let message = format!("missing column {}", quote(column));
                self.log.problem(&place, message, "");
            }
        }
    }

    /// Returns where the canonical columns stand in a foreign file.
    fn mapped_columns(&self, mapping: &Mapping, layout: Layout) -> BTreeMap<String, usize> {
        let mut found = BTreeMap::new();
        for &canonical in layout.known {
            let Some((column, place)) = mapping.columns.get(canonical) else {
                if let Some(index) = self.columns.get(canonical) {
                    found.insert(canonical.to_string(), *index);
                } else if layout.required.contains(&canonical) && !mapping.constants.contains_key(canonical) {
                    let message = format!("{} has no column {}", quote(&self.file), quote(canonical));
                    let hint = format!("map {} under `[registers.departments.columns]`", quote(canonical));
                    self.log.problem(&mapping.place, message, hint);
                    found.insert(canonical.to_string(), usize::MAX);
                }
                continue;
            };
            let index = self.columns.get(column).copied();
            if index.is_none() {
                let message = format!("{} has no column {}", quote(&self.file), quote(column));
                let known = self.columns.keys().map(String::as_str);
                self.log.problem(place, message, self.log.suggest(column, known, ""));
            }
            found.insert(canonical.to_string(), index.unwrap_or(usize::MAX));
        }
        found
    }

    /// Returns the rows in the order of the file.
    pub(super) fn rows(&self) -> impl Iterator<Item = Row<'_>> {
        self.records.iter().map(|(line, record)| Row { table: self, line: *line, record })
    }
}

/// Splits `text` into records with their lines, and returns the line of the record whose quote is never closed.
fn records(text: &str) -> (Vec<(usize, StringRecord)>, Option<usize>) {
    // A row of our own at the end comes back as it is, unless an open quote has swallowed it.
    const LAST: &str = "\u{1}";
    let whole = text.as_bytes().chain("\n\u{1}".as_bytes());
    let mut reader = csv::ReaderBuilder::new().has_headers(false).flexible(true).from_reader(whole);
    let rows = reader.records().filter_map(Result::ok).map(|record| {
        let line = record.position().map_or(0, csv::Position::line);
        (usize::try_from(line).unwrap_or(0), record)
    });
    let mut records: Vec<(usize, StringRecord)> = rows.collect();
    let last = records.pop();
    let open = last.filter(|(_, record)| record.iter().ne([LAST])).map(|(line, _)| line);
    (records, open)
}

/// One row of a register.
#[derive(Debug, Clone, Copy)]
pub(super) struct Row<'a> {
    table: &'a Table<'a>,
    line: usize,
    record: &'a StringRecord,
}

impl<'a> Row<'a> {
    /// Returns where the row begins.
    pub(super) fn place(&self) -> Place {
        self.table.place(self.line)
    }

    /// Notes a problem of this row.
    pub(super) fn fail(&self, message: impl Into<String>, hint: impl Into<String>) {
        self.table.log.problem(&self.place(), message, hint);
    }

    /// Returns the value of a column without spaces around it; nothing when it is empty or there is no such column.
    pub(super) fn get(&self, column: &str) -> Option<&'a str> {
        let field = match self.table.columns.get(column) {
            Some(index) => self.record.get(*index),
            None => self.table.constants.get(column).map(String::as_str),
        };
        field.map(str::trim).filter(|text| !text.is_empty())
    }

    /// Returns the value of a column; that it is empty is noted.
    pub(super) fn need(&self, column: &str) -> Option<&'a str> {
        let value = self.get(column);
        let known_as_missing = self.table.columns.get(column) == Some(&usize::MAX);
        if value.is_none() && !known_as_missing {
            self.fail(format!("{} is empty", quote(column)), "");
        }
        value
    }

    /// Returns a code; that it is empty or no code is noted.
    pub(super) fn code(&self, column: &str) -> Option<String> {
        let code = self.need(column)?;
        if let Some(fault) = fault_of_code(code) {
            self.fail(fault, "");
        }
        Some(code.to_string())
    }

    fn parsed<T>(&self, column: &str, parse: fn(&str) -> Result<T, String>) -> Option<T> {
        let parsed = parse(self.get(column)?);
        parsed.map_err(|message| self.fail(format!("{}: {message}", quote(column)), "")).ok()
    }

    /// Returns a day, if there is one.
    pub(super) fn day(&self, column: &str) -> Option<Day> {
        self.parsed(column, parse_day)
    }

    /// Returns a month, if there is one.
    pub(super) fn month(&self, column: &str) -> Option<Month> {
        self.parsed(column, parse_month)
    }

    /// Returns a finite number, if there is one.
    pub(super) fn number(&self, column: &str) -> Option<f64> {
        self.parsed(column, parse_number)
    }

    /// Returns a number in `low..=high`, if there is one.
    pub(super) fn number_within(&self, column: &str, low: f64, high: f64) -> Option<f64> {
        self.table.log.within(&self.place(), column, self.number(column)?, (low, high))
    }

    /// Returns whether a column says 1 (yes) and not 0 or nothing (no).
    pub(super) fn flag(&self, column: &str) -> bool {
        match self.get(column) {
            None | Some("0") => false,
            Some("1") => true,
            Some(text) => {
                let hint = "write 1 for yes, 0 or nothing for no";
                self.fail(format!("{}: {} is neither 0 nor 1", quote(column), quote(text)), hint);
                false
            }
        }
    }

    /// Returns the first and last day of the row's life; that they are in the wrong order is noted.
    pub(super) fn span(&self) -> (Option<Day>, Option<Day>) {
        let (from, to) = (self.day("valid_from"), self.day("valid_to"));
        if let (Some(from), Some(to)) = (from, to)
            && to < from
        {
            self.fail(format!("`valid_to` {to} is before `valid_from` {from}"), "");
        }
        (from, to)
    }

    /// Returns the text in `column` and `column.en` and so on.
    pub(super) fn localised(&self, column: &str) -> Text {
        let plain = self.get(column).map(|text| ("en".to_string(), text.to_string()));
        let given = LANGUAGES.iter().filter_map(|language| {
            let text = self.get(&format!("{column}.{language}"))?;
            Some(((*language).to_string(), text.to_string()))
        });
        Text(plain.into_iter().chain(given).collect())
    }
}

#[cfg(test)]
mod tests {
    use crate::project::sample::{DEPARTMENTS, problems};

    #[test]
    fn headers_are_checked_before_rows() {
        let refused = problems(&[("registers/departments.csv", "code,profil,colour\nA,branch,red\n")]);
        assert_eq!(
            refused[..2],
            [
                "registers/departments.csv:1: unknown column `colour`\nhint: known columns are `code`, `name`, \
                 `name.en`, `name.ru`, `name.zh`, `parent`, `profile`, `valid_from`, `valid_to`, `successor`",
                "registers/departments.csv:1: unknown column `profil`\nhint: did you mean `profile`?",
            ]
        );
        assert_eq!(refused.len(), 2, "{refused:?}");
    }

    #[test]
    fn ragged_rows_and_empty_fields_are_told_with_their_line() {
        let text = "\u{feff}code,profile,name\n\n\"B1\",branch,\"a\nb\"\nB2,branch\n,branch,c\nB3,branch,d\n";
        let refused = problems(&[("registers/departments.csv", text)]);
        assert_eq!(
            refused[..2],
            [
                "registers/departments.csv:5: the row has 2 fields, the header 3\n\
                 hint: put quotes around a value that holds a comma",
                "registers/departments.csv:6: `code` is empty",
            ]
        );
    }

    #[test]
    fn other_marks_than_commas_are_told_once() {
        let refused = problems(&[("registers/departments.csv", "code;profile\nB1;branch\nB2;branch\n")]);
        assert_eq!(
            refused,
            ["registers/departments.csv:1: the columns are parted by `;`, not by commas\n\
              hint: save the file with commas between its columns"]
        );
    }

    #[test]
    fn an_open_quote_swallows_no_rows_in_silence() {
        let refused =
            problems(&[("registers/departments.csv", "code,profile,name\nB1,branch,\"a\nB2,branch,b\n")]);
        assert_eq!(refused, ["registers/departments.csv:2: a quote in the row is never closed"]);
    }

    #[test]
    fn a_file_that_is_no_text_or_empty_is_told() {
        assert_eq!(
            problems(&[("registers/departments.csv", "")]),
            [
                "registers/departments.csv: the file is empty\nhint: its first row names the columns `code`, `profile`"
            ]
        );
        let twice = DEPARTMENTS.replacen("name.ru", "name.en", 1);
        assert!(
            problems(&[("registers/departments.csv", &twice)])
                .contains(&"registers/departments.csv:1: column `name.en` occurs twice".to_string())
        );
    }
}
