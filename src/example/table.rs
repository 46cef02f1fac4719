//! Rows of one file, and how they are written: CSV or Parquet, the same bytes every time.
//!
//! In: rows of values under declared columns. Out: bytes on disk. Deliberately absent: meaning.

use std::borrow::Cow;
use std::fs::{self, File};
use std::path::Path;
use std::sync::Arc;

use arrow::array::{
    ArrayRef, Date32Array, Float64Array, Int8Array, Int16Array, StringArray, TimestampMillisecondArray,
};
use arrow::record_batch::RecordBatch;
use parquet::arrow::ArrowWriter;
use parquet::basic::{Compression, Encoding, ZstdLevel};
use parquet::file::properties::{WriterProperties, WriterPropertiesBuilder};
use parquet::schema::types::ColumnPath;

use super::calendar::Moment;
use crate::error::{Error, Result};
use crate::month::Day;

/// What a column holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Form {
    /// Unique, almost sorted text.
    Id,
    /// Text with few values.
    Code,
    /// Whole numbers of one byte.
    Small,
    /// Whole numbers of two bytes.
    Whole,
    /// Fractions.
    Real,
    /// A day.
    Date,
    /// A moment.
    Time,
}

/// One cell.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Value {
    /// Nothing.
    Empty,
    /// Text; in a column of numbers or dates this is damage, which only CSV can hold.
    Text(Cow<'static, str>),
    /// A whole number.
    Int(i16),
    /// A fraction.
    Real(f64),
    /// A day.
    Date(Day),
    /// A moment.
    Time(Moment),
}

impl From<&'static str> for Value {
    fn from(text: &'static str) -> Self {
        Self::Text(Cow::Borrowed(text))
    }
}

impl From<String> for Value {
    fn from(text: String) -> Self {
        Self::Text(Cow::Owned(text))
    }
}

impl From<i8> for Value {
    fn from(number: i8) -> Self {
        Self::Int(number.into())
    }
}

impl From<i16> for Value {
    fn from(number: i16) -> Self {
        Self::Int(number)
    }
}

impl From<f64> for Value {
    fn from(number: f64) -> Self {
        Self::Real(number)
    }
}

impl From<Day> for Value {
    fn from(day: Day) -> Self {
        Self::Date(day)
    }
}

impl From<Moment> for Value {
    fn from(moment: Moment) -> Self {
        Self::Time(moment)
    }
}

impl<T: Into<Value>> From<Option<T>> for Value {
    fn from(value: Option<T>) -> Self {
        value.map_or(Self::Empty, Into::into)
    }
}

/// The columns of a file.
pub(super) type Columns = &'static [(&'static str, Form)];
/// One row.
pub(super) type Row = Vec<Value>;

/// The rows of one file.
#[derive(Debug, Clone)]
pub(super) struct Table {
    /// Names and forms, in order.
    pub(super) columns: Columns,
    /// Rows in the order of the file.
    pub(super) rows: Vec<Row>,
}

impl Table {
    /// Returns a table with these rows.
    pub(super) fn new(columns: Columns, rows: Vec<Row>) -> Self {
        Self { columns, rows }
    }

    /// Returns the position of a column that is known to be there.
    pub(super) fn column(&self, name: &str) -> usize {
        self.columns.iter().position(|(column, _)| *column == name).expect("a column of this table")
    }

    /// Writes the table; the ending of `path` decides the format.
    pub(super) fn write(&self, path: &Path) -> Result<()> {
        create_parent(path)?;
        match path.extension().is_some_and(|ending| ending == "csv") {
            true => self.write_csv(path),
            false => self.write_parquet(path),
        }
    }

    fn write_csv(&self, path: &Path) -> Result<()> {
        let mut writer = csv::Writer::from_path(path).map_err(Error::format(path))?;
        let names = self.columns.iter().map(|(name, _)| *name);
        writer.write_record(names).map_err(Error::format(path))?;
        for row in &self.rows {
            writer.write_record(row.iter().map(text)).map_err(Error::format(path))?;
        }
        writer.flush().map_err(Error::io(path))
    }

    fn write_parquet(&self, path: &Path) -> Result<()> {
        let arrays =
            self.columns.iter().enumerate().map(|(i, (name, form))| (*name, self.array(i, *form), true));
        let batch = RecordBatch::try_from_iter_with_nullable(arrays).map_err(Error::format(path))?;
        let file = File::create(path).map_err(Error::io(path))?;
        let mut writer = ArrowWriter::try_new(file, batch.schema(), Some(self.properties()))
            .map_err(Error::format(path))?;
        writer.write(&batch).map_err(Error::format(path))?;
        writer.close().map_err(Error::format(path))?;
        Ok(())
    }

    fn properties(&self) -> WriterProperties {
        let level = ZstdLevel::try_new(9).expect("zstd has a level 9");
        let properties = WriterProperties::builder()
            .set_created_by("concord".to_owned())
            .set_compression(Compression::ZSTD(level));
        self.columns.iter().fold(properties, |p, (name, form)| encode(p, name, *form)).build()
    }

    fn array(&self, column: usize, form: Form) -> ArrayRef {
        let cells = self.rows.iter().map(|row| &row[column]);
        match form {
            Form::Id | Form::Code => Arc::new(cells.map(as_text).collect::<StringArray>()),
            Form::Small => Arc::new(cells.map(|v| as_whole(v).map(|n| n as i8)).collect::<Int8Array>()),
            Form::Whole => Arc::new(cells.map(as_whole).collect::<Int16Array>()),
            Form::Real => Arc::new(cells.map(as_real).collect::<Float64Array>()),
            Form::Date => Arc::new(cells.map(as_date).collect::<Date32Array>()),
            Form::Time => Arc::new(cells.map(as_time).collect::<TimestampMillisecondArray>()),
        }
    }
}

fn encode(properties: WriterPropertiesBuilder, name: &str, form: Form) -> WriterPropertiesBuilder {
    let column = ColumnPath::from(name);
    let encoding = match form {
        Form::Id => Encoding::DELTA_BYTE_ARRAY,
        Form::Time => Encoding::DELTA_BINARY_PACKED,
        _ => return properties,
    };
    properties.set_column_dictionary_enabled(column.clone(), false).set_column_encoding(column, encoding)
}

fn text(value: &Value) -> String {
    match value {
        Value::Empty => String::new(),
        Value::Text(text) => text.to_string(),
        Value::Int(number) => number.to_string(),
        Value::Real(number) => number.to_string(),
        Value::Date(day) => day.to_string(),
        Value::Time(moment) => {
            format!("{}T{:02}:{:02}:00", moment.day(), moment.minute() / 60, moment.minute() % 60)
        }
    }
}

fn as_text(value: &Value) -> Option<&str> {
    match value {
        Value::Text(text) => Some(text),
        _ => None,
    }
}

fn as_whole(value: &Value) -> Option<i16> {
    match value {
        Value::Int(number) => Some(*number),
        _ => None,
    }
}

fn as_real(value: &Value) -> Option<f64> {
    match value {
        Value::Real(number) => Some(*number),
        _ => None,
    }
}

fn as_date(value: &Value) -> Option<i32> {
    match value {
        Value::Date(day) => Some(day.0),
        _ => None,
    }
}

fn as_time(value: &Value) -> Option<i64> {
    match value {
        Value::Time(moment) => Some(moment.0 * 60_000),
        _ => None,
    }
}

/// Writes a text file, with its folders.
pub(super) fn write_text(path: &Path, content: &str) -> Result<()> {
    create_parent(path)?;
    fs::write(path, content).map_err(Error::io(path))
}

fn create_parent(path: &Path) -> Result<()> {
    let parent = path.parent().expect("a file lies in a folder");
    fs::create_dir_all(parent).map_err(Error::io(parent))
}
