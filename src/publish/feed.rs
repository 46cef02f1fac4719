//! Feeds: tidy tables as Hive-partitioned Parquet, every column described in the file itself.
//!
//! In: a [`Feed`], column-wise. Out: `feeds/NAME/month=2026-10/NAME.parquet` (or `feeds/NAME/NAME.parquet`), the same bytes for
//! the same table. Deliberately absent: figures that are not numbers. NaN and infinity are refused, a null needs its reason.

use std::collections::{BTreeSet, HashMap};
use std::path::PathBuf;
use std::sync::Arc;

use arrow::array::{
    ArrayRef, BooleanArray, Date32Array, Float64Array, Int64Array, ListBuilder, RecordBatch, StringArray,
    StringBuilder,
};
use arrow::datatypes::{Field, Schema};

use crate::error::{Error, Result};
use crate::month::{Day, Month};
use crate::store::encode::parquet_bytes;

/// Name of the column that all null figures without a reason column of their own are explained by.
pub const REASON: &str = "reason";

/// The values of a column, one per row; nothing is a null.
#[derive(Debug, Clone, PartialEq)]
pub enum Values {
    /// Text, UTF-8.
    Text(Vec<Option<String>>),
    /// Integers of 64 bits.
    Integer(Vec<Option<i64>>),
    /// Figures; never NaN or infinite.
    Number(Vec<Option<f64>>),
    /// Yes or no.
    Flag(Vec<Option<bool>>),
    /// Months, as text of the form `2026-10`, like the partitions.
    Month(Vec<Option<Month>>),
    /// Days, as dates.
    Day(Vec<Option<Day>>),
    /// Lists of texts, possibly empty, never null.
    TextList(Vec<Vec<String>>),
}

/// Which cells of a column may be null.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Nulls {
    /// None.
    Never,
    /// Any; if the column holds figures, the table has a column `reason`.
    Allowed,
    /// Those in whose row this text column says why.
    Explained(&'static str),
}

/// A column of a feed.
#[derive(Debug, Clone, PartialEq)]
pub struct FeedColumn {
    /// Name, lower case with underscores.
    pub name: &'static str,
    /// What it holds, for readers.
    pub description: &'static str,
    /// Unit of the values (`points`, `share`, `days`, `answers`); empty when it has none.
    pub unit: &'static str,
    /// Which cells may be null.
    pub nulls: Nulls,
    /// The cells.
    pub values: Values,
}

/// A tidy table for dashboards and databases.
#[derive(Debug, Clone, PartialEq)]
pub struct Feed {
    /// Name, also of its folder and file.
    pub name: &'static str,
    /// What a row is, for readers.
    pub description: &'static str,
    /// The month of all rows, if the feed is partitioned; it is the path's, so no column may be named `month` then.
    pub partition: Option<Month>,
    /// The columns, all of one length.
    pub columns: Vec<FeedColumn>,
}

impl Feed {
    /// Returns the folder that is exchanged whole when the feed is published.
    pub fn folder(&self) -> PathBuf {
        match self.partition {
            Some(month) => format!("feeds/{}/month={month}", self.name).into(),
            None => format!("feeds/{}", self.name).into(),
        }
    }

    /// Returns the path of the feed's one file.
    pub fn path(&self) -> PathBuf {
        let folder = self.folder();
        format!("{}/{}.parquet", folder.display(), self.name).into()
    }

    /// Returns the feed as a Parquet file; refuses what a feed must not hold, naming column and row.
    pub fn write(&self) -> Result<Vec<u8>> {
        let path = self.path();
        self.check().map_err(Error::format(&path))?;
        let fields: Vec<Field> = self.columns.iter().map(FeedColumn::field).collect();
        let about = [("name", self.name), ("description", self.description)];
        let schema = Arc::new(Schema::new_with_metadata(fields, metadata(&about)));
        let columns = self.columns.iter().map(|column| array(&column.values)).collect();
        let batch = RecordBatch::try_new(schema, columns).map_err(Error::format(&path))?;
        parquet_bytes(&batch, false).map_err(Error::format(&path))
    }

    fn check(&self) -> std::result::Result<(), String> {
        let n_rows = self.columns.first().ok_or("a feed needs a column")?.values.len();
        let mut names = BTreeSet::new();
        for column in &self.columns {
            let name = column.name;
            if !is_name(name) || !names.insert(name) || (self.partition.is_some() && name == "month") {
                return Err(format!("`{name}` cannot name a column here"));
            }
            if column.values.len() != n_rows {
                return Err(format!("column `{name}` has {} rows, not {n_rows}", column.values.len()));
            }
            self.check_cells(column).map_err(|(row, what)| format!("column `{name}`, row {row}: {what}"))?;
        }
        if is_name(self.name) { Ok(()) } else { Err(format!("`{}` cannot name a feed", self.name)) }
    }

    fn check_cells(&self, column: &FeedColumn) -> std::result::Result<(), (usize, &'static str)> {
        let is_number = matches!(column.values, Values::Number(_));
        let reasons = match column.nulls {
            Nulls::Explained(name) => self.texts(name),
            Nulls::Never | Nulls::Allowed => self.texts(REASON),
        };
        for row in 0..column.values.len() {
            if let Values::Number(values) = &column.values
                && values[row].is_some_and(|value| !value.is_finite())
            {
                return Err((row, "a figure is never NaN or infinite"));
            }
            if !column.values.is_null(row) {
                continue;
            }
            let explained = reasons.is_some_and(|reasons| reasons.get(row).is_some_and(Option::is_some));
            match column.nulls {
                Nulls::Never => return Err((row, "null")),
                Nulls::Explained(_) if !explained => return Err((row, "null without a reason")),
                Nulls::Allowed if is_number && reasons.is_none() => {
                    return Err((row, "null without a reason column"));
                }
                Nulls::Explained(_) | Nulls::Allowed => {}
            }
        }
        Ok(())
    }

    fn texts(&self, name: &str) -> Option<&Vec<Option<String>>> {
        self.columns.iter().find_map(|column| match &column.values {
            Values::Text(texts) if column.name == name => Some(texts),
            _ => None,
        })
    }
}

impl FeedColumn {
    fn field(&self) -> Field {
        let about = [("description", self.description), ("unit", self.unit), ("kind", self.values.kind())];
        let array = array(&self.values);
        let nullable = self.nulls != Nulls::Never;
        Field::new(self.name, array.data_type().clone(), nullable).with_metadata(metadata(&about))
    }
}

impl Values {
    /// Returns the number of rows.
    pub fn len(&self) -> usize {
        match self {
            Self::Text(cells) => cells.len(),
            Self::Integer(cells) => cells.len(),
            Self::Number(cells) => cells.len(),
            Self::Flag(cells) => cells.len(),
            Self::Month(cells) => cells.len(),
            Self::Day(cells) => cells.len(),
            Self::TextList(cells) => cells.len(),
        }
    }

    /// Says whether there is no row.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// Returns the name of the kind, as it stands in the file's metadata.
    pub fn kind(&self) -> &'static str {
        match self {
            Self::Text(_) => "text",
            Self::Integer(_) => "integer",
            Self::Number(_) => "number",
            Self::Flag(_) => "flag",
            Self::Month(_) => "month",
            Self::Day(_) => "day",
            Self::TextList(_) => "text_list",
        }
    }

    fn is_null(&self, row: usize) -> bool {
        match self {
            Self::Text(cells) => cells[row].is_none(),
            Self::Integer(cells) => cells[row].is_none(),
            Self::Number(cells) => cells[row].is_none(),
            Self::Flag(cells) => cells[row].is_none(),
            Self::Month(cells) => cells[row].is_none(),
            Self::Day(cells) => cells[row].is_none(),
            Self::TextList(_) => false,
        }
    }
}

fn array(values: &Values) -> ArrayRef {
    match values {
        Values::Text(cells) => Arc::new(StringArray::from_iter(cells.iter().map(Option::as_deref))),
        Values::Integer(cells) => Arc::new(Int64Array::from(cells.clone())),
        Values::Number(cells) => Arc::new(Float64Array::from(cells.clone())),
        Values::Flag(cells) => Arc::new(BooleanArray::from(cells.clone())),
        Values::Month(cells) => {
            Arc::new(StringArray::from_iter(cells.iter().map(|month| month.map(|month| month.to_string()))))
        }
        Values::Day(cells) => Arc::new(Date32Array::from_iter(cells.iter().map(|day| day.map(|day| day.0)))),
        Values::TextList(cells) => {
            let mut lists = ListBuilder::new(StringBuilder::new());
            for texts in cells {
                lists.append_value(texts.iter().map(Some));
            }
            Arc::new(lists.finish())
        }
    }
}

fn is_name(text: &str) -> bool {
    text.starts_with(|c: char| c.is_ascii_lowercase())
        && text.chars().all(|c| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '_')
}

fn metadata(entries: &[(&str, &str)]) -> HashMap<String, String> {
    entries.iter().map(|(key, value)| ((*key).to_owned(), (*value).to_owned())).collect()
}

#[cfg(test)]
mod tests {
    use std::path::Path;

    use super::*;

    fn column(name: &'static str, nulls: Nulls, values: Values) -> FeedColumn {
        FeedColumn { name, description: "what it is, 是什么", unit: "points", nulls, values }
    }

    fn texts(cells: &[Option<&str>]) -> Values {
        Values::Text(cells.iter().map(|cell| cell.map(str::to_owned)).collect())
    }

    fn feed(month: Month) -> Feed {
        let columns = vec![
            column("department", Nulls::Never, texts(&[Some("Карты"), Some("客户"), Some("")])),
            column("value", Nulls::Explained("reason"), Values::Number(vec![Some(1.5), None, Some(-0.0)])),
            column("std_error", Nulls::Allowed, Values::Number(vec![Some(0.1), None, None])),
            column("reason", Nulls::Allowed, texts(&[None, Some("too_few"), None])),
            column("n", Nulls::Never, Values::Integer(vec![Some(1), Some(2), Some(i64::MAX)])),
            column("flagged", Nulls::Allowed, Values::Flag(vec![Some(true), None, Some(false)])),
            column("since", Nulls::Allowed, Values::Month(vec![Some(month), None, Some(month)])),
            column("day", Nulls::Allowed, Values::Day(vec![Some(Day(0)), None, Some(Day(20_000))])),
            column("marks", Nulls::Never, Values::TextList(vec![vec!["carried".to_owned()], vec![], vec![]])),
        ];
        Feed { name: "measures", description: "one row a measure", partition: Some(month), columns }
    }

    const MONTH: Month = Month(2026 * 12 + 9);

    fn refused(change: impl FnOnce(&mut Feed)) -> String {
        let mut feed = feed(MONTH);
        change(&mut feed);
        feed.write().unwrap_err().to_string()
    }

    #[test]
    fn the_same_table_is_the_same_bytes() {
        let bytes = feed(MONTH).write().unwrap();
        for _ in 0..20 {
            assert_eq!(feed(MONTH).write().unwrap(), bytes);
        }
        // Kept for a look with other readers.
        if let Ok(folder) = std::env::var("CONCORD_TEST_FEEDS") {
            for month in MONTH.to(MONTH.plus(1)) {
                let feed = feed(month);
                let path = Path::new(&folder).join(feed.path());
                std::fs::create_dir_all(path.parent().unwrap()).unwrap();
                std::fs::write(path, feed.write().unwrap()).unwrap();
            }
        }
    }

    #[test]
    fn a_feed_has_one_file_in_a_folder_of_its_own() {
        let mut feed = feed(MONTH);
        assert_eq!(feed.path(), Path::new("feeds/measures/month=2026-10/measures.parquet"));
        feed.partition = None;
        assert_eq!(feed.path(), Path::new("feeds/measures/measures.parquet"));
        assert_eq!(feed.folder(), Path::new("feeds/measures"));
    }

    #[test]
    fn figures_are_never_nan_and_nulls_have_reasons() {
        for bad in [f64::NAN, f64::INFINITY, f64::NEG_INFINITY] {
            let error =
                refused(|feed| feed.columns[1].values = Values::Number(vec![Some(1.0), None, Some(bad)]));
            assert!(error.ends_with("column `value`, row 2: a figure is never NaN or infinite"), "{error}");
        }
        let error = refused(|feed| feed.columns[1].values = Values::Number(vec![None, None, Some(1.0)]));
        assert!(error.ends_with("column `value`, row 0: null without a reason"), "{error}");
        let error = refused(|feed| drop(feed.columns.remove(3)));
        assert!(error.ends_with("column `value`, row 1: null without a reason"), "{error}");
        let error = refused(|feed| feed.columns.retain(|column| !["value", "reason"].contains(&column.name)));
        assert!(error.ends_with("column `std_error`, row 1: null without a reason column"), "{error}");
        let error = refused(|feed| feed.columns[4].values = Values::Integer(vec![Some(1), None, None]));
        assert!(error.ends_with("column `n`, row 1: null"), "{error}");
    }

    #[test]
    fn columns_that_readers_would_trip_over_are_refused() {
        assert!(refused(|feed| feed.columns[0].name = "month").contains("`month` cannot name a column"));
        assert!(refused(|feed| feed.columns[0].name = "value").contains("`value` cannot name a column"));
        assert!(refused(|feed| feed.columns[0].name = "a b").contains("`a b` cannot name a column"));
        let longer = texts(&[Some("a"), Some("b"), Some("c"), Some("d")]);
        assert!(refused(|feed| feed.columns[3].values = longer).contains("`reason` has 4 rows, not 3"));
        assert!(refused(|feed| feed.columns.clear()).contains("needs a column"));
        assert!(refused(|feed| feed.name = "../x").contains("cannot name a feed"));
    }
}
