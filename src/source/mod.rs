//! Read: files -> batches of canonical columns, each row with its file and line.
//!
//! In: the path of a file and the canonical columns wanted of it. Out: [`Batch`]es, streamed; the file is never held as a
//! whole. Deliberately absent: any judgement of a value, that is the check's.

mod csv;
mod parquet;

use std::collections::BTreeMap;
use std::path::Path;

use crate::error::{Error, Result};
use crate::month::Day;

/// One value as the file holds it.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Cell<'a> {
    /// Nothing there.
    Missing,
    /// Text, untouched but for surrounding blanks.
    Text(&'a str),
    /// A whole number of a typed file.
    Integer(i64),
    /// A number of a typed file.
    Number(f64),
    /// A day of a typed file.
    Day(Day),
    /// A point of time of a typed file, in seconds since 1970-01-01 on the local clock.
    Instant(i64),
}

impl Cell<'_> {
    /// Returns the value as the quarantine shows it.
    pub fn show(&self) -> String {
        match self {
            Self::Missing => String::new(),
            Self::Text(text) => (*text).to_owned(),
            Self::Integer(value) => value.to_string(),
            Self::Number(value) => value.to_string(),
            Self::Day(day) => day.to_string(),
            Self::Instant(seconds) => chrono::DateTime::from_timestamp(*seconds, 0)
                .map_or_else(String::new, |time| time.format("%Y-%m-%dT%H:%M:%S").to_string()),
        }
    }
}

/// The values of one canonical column in one batch.
#[derive(Debug, Clone)]
pub enum Column {
    /// The file has no such column.
    Absent,
    /// The project declares one value for every row.
    Constant(String),
    /// Text of all rows, one after another, with the end of each; an empty text is a missing value.
    Text(String, Vec<usize>),
    /// Whole numbers.
    Integer(Vec<Option<i64>>),
    /// Numbers.
    Number(Vec<Option<f64>>),
    /// Days since 1970-01-01.
    Day(Vec<Option<i32>>),
    /// Seconds since 1970-01-01.
    Instant(Vec<Option<i64>>),
}

impl Column {
    fn cell(&self, row: usize) -> Cell<'_> {
        match self {
            Self::Absent => Cell::Missing,
            Self::Constant(value) => text_cell(value),
            Self::Text(text, ends) => {
                let start = if row == 0 { 0 } else { ends[row - 1] };
                text_cell(&text[start..ends[row]])
            }
            Self::Integer(values) => values[row].map_or(Cell::Missing, Cell::Integer),
            Self::Number(values) => values[row].map_or(Cell::Missing, Cell::Number),
            Self::Day(values) => values[row].map_or(Cell::Missing, |day| Cell::Day(Day(day))),
            Self::Instant(values) => values[row].map_or(Cell::Missing, Cell::Instant),
        }
    }
}

fn text_cell(text: &str) -> Cell<'_> {
    match text.trim() {
        "" => Cell::Missing,
        text => Cell::Text(text),
    }
}

/// Some rows of a file.
#[derive(Debug, Clone)]
pub struct Batch {
    /// Number of rows.
    pub rows: usize,
    /// Line of each row: the physical line where a record begins (the header is line 1), or the row's number from 1 in files without lines.
    pub lines: Vec<u64>,
    /// The wanted columns, in the order asked for.
    pub columns: Vec<Column>,
    /// Rows that could not be split into their columns, with the reason.
    pub broken: BTreeMap<usize, &'static str>,
}

impl Batch {
    /// Returns the value of canonical column number `column` in row `row`.
    pub fn cell(&self, column: usize, row: usize) -> Cell<'_> {
        self.columns[column].cell(row)
    }
}

/// A canonical column that is wanted of a file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Wanted {
    /// Its canonical name.
    pub name: String,
    /// The file's column.
    pub column: String,
    /// The value for every row, where the project declares one.
    pub constant: Option<String>,
    /// Whether a file without the column cannot be read.
    pub required: bool,
}

/// A stream of batches.
pub type Batches = Box<dyn Iterator<Item = Result<Batch>>>;

/// One file format: its file name endings and the function that opens such a file.
struct Format {
    endings: &'static [&'static str],
    open: fn(&Path, &[Wanted]) -> Result<Batches>,
    header: fn(&Path) -> Result<Vec<String>>,
}

/// Every format that can be read.
static FORMATS: [Format; 2] = [
    Format { endings: &["csv", "tsv", "txt"], open: csv::open, header: csv::header },
    Format { endings: &["parquet", "pq"], open: parquet::open, header: parquet::header },
];

/// Opens `path` and streams its rows.
///
/// Errors: unknown format, unreadable file, missing or doubled column; each with a hint.
pub fn open(path: &Path, wanted: &[Wanted]) -> Result<Batches> {
    (format_of(path)?.open)(path, wanted)
}

/// Returns the names of a file's columns.
///
/// Errors: unknown format, unreadable file; each with a hint.
pub fn header(path: &Path) -> Result<Vec<String>> {
    (format_of(path)?.header)(path)
}

fn format_of(path: &Path) -> Result<&'static Format> {
    if path.is_dir() {
        return Err(Error::Data {
            message: format!("{} is a folder", path.display()),
            hint: "name a file in it".into(),
        });
    }
    let ending = path.extension().and_then(|ending| ending.to_str()).unwrap_or_default().to_lowercase();
    match FORMATS.iter().find(|format| format.endings.contains(&ending.as_str())) {
        Some(format) => Ok(format),
        None => Err(Error::Data {
            message: format!("{}: files ending in `.{ending}` cannot be read", path.display()),
            hint: format!(
                "known endings: {}",
                FORMATS.each_ref().map(|format| format.endings.join(", ")).join(", ")
            ),
        }),
    }
}

/// Finds the wanted columns in a file's header: the position of each, or nothing where it is absent or constant.
fn locate(path: &Path, header: &[String], wanted: &[Wanted]) -> Result<Vec<Option<usize>>> {
    let mut missing = Vec::new();
    let mut found = Vec::with_capacity(wanted.len());
    for want in wanted {
        let mut places = (0..header.len()).filter(|&place| header[place].trim() == want.column);
        let place = places.next();
        if let (Some(_), Some(_)) = (place, places.next()) {
            return Err(Error::Data {
                message: format!("{}: column `{}` occurs twice", path.display(), want.column),
                hint: "name one of them differently, so that it is clear which is meant".into(),
            });
        }
        if place.is_none() && want.required && want.constant.is_none() {
            missing.push(want);
        }
        found.push(if want.constant.is_some() { None } else { place });
    }
    if missing.is_empty() { Ok(found) } else { Err(missing_columns(path, header, &missing)) }
}

fn missing_columns(path: &Path, header: &[String], missing: &[&Wanted]) -> Error {
    let names: Vec<String> = missing.iter().map(|want| format!("`{}`", want.column)).collect();
    let nearest = header
        .iter()
        .map(|name| (strsim::jaro_winkler(name.trim(), &missing[0].column), name.trim()))
        .max_by(|a, b| a.0.total_cmp(&b.0))
        .map_or_else(String::new, |(_, name)| format!("; the nearest is `{name}`"));
    let verb = if names.len() == 1 { "column {} is missing" } else { "columns {} are missing" };
    Error::Data {
        message: format!("{}: {}", path.display(), verb.replace("{}", &names.join(", "))),
        hint: format!(
            "the file has {} columns{nearest}; map it under the source's `columns`, as in `{} = \"…\"`",
            header.len(),
            missing[0].name
        ),
    }
}

/// Returns the column of a batch that needs no file: a declared constant, or nothing.
fn fixed(want: &Wanted) -> Column {
    want.constant.clone().map_or(Column::Absent, Column::Constant)
}
