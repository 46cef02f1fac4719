//! Parquet, streamed by polars: only the wanted columns, a batch at a time, in the order of the file.

use std::collections::BTreeMap;
use std::fmt::Display;
use std::path::{Path, PathBuf};
use std::sync::mpsc::{Receiver, sync_channel};

use arrow::datatypes::DataType as ArrowType;
use parquet::arrow::arrow_reader::ParquetRecordBatchReaderBuilder;
use polars::prelude::*;

use super::{Batch, Batches, Column, Wanted, fixed, locate};
use crate::error::{Error, Result};

/// Refuses what polars cannot name: it would stop at the whole file, whichever columns are wanted of it.
fn refuse_foreign_types(path: &Path) -> Result<()> {
    let file = std::fs::File::open(path).map_err(Error::io(path))?;
    let reader = ParquetRecordBatchReaderBuilder::try_new(file).map_err(unreadable(path))?;
    let is_foreign = |of: &ArrowType| matches!(of, ArrowType::Float16 | ArrowType::FixedSizeList(..));
    match reader.schema().fields().iter().find(|field| is_foreign(field.data_type())) {
        None => Ok(()),
        Some(field) => Err(Error::Data {
            message: format!(
                "{}: column `{}` is of type {}, which cannot be read",
                path.display(),
                field.name(),
                field.data_type()
            ),
            hint: "leave the column out of the file, or write it as another type".into(),
        }),
    }
}

fn scan(path: &Path) -> Result<(LazyFrame, Vec<String>)> {
    refuse_foreign_types(path)?;
    let text = path.to_str().ok_or_else(|| unreadable(path)("the file name is not text"))?;
    let arguments =
        ScanArgsParquet { glob: false, hive_options: HiveOptions::new_disabled(), ..Default::default() };
    let mut frame = LazyFrame::scan_parquet(PlRefPath::new(text), arguments).map_err(unreadable(path))?;
    let schema = frame.collect_schema().map_err(unreadable(path))?;
    let header = schema.iter_names().map(|name| name.to_string()).collect();
    Ok((frame, header))
}

/// Names of the columns that hold one plain value a row.
pub(super) fn header(path: &Path) -> Result<Vec<String>> {
    let (mut frame, names) = scan(path)?;
    let schema = frame.collect_schema().map_err(unreadable(path))?;
    let is_plain = |name: &String| schema.get(name).is_some_and(is_plain);
    Ok(names.into_iter().filter(is_plain).collect())
}

fn is_plain(dtype: &DataType) -> bool {
    let is_time = matches!(dtype, DataType::Date | DataType::Datetime(_, None) | DataType::Time);
    let is_text = matches!(dtype, DataType::String | DataType::Categorical(..) | DataType::Enum(..));
    is_time
        || is_text
        || dtype.is_primitive_numeric()
        || matches!(dtype, DataType::Boolean | DataType::Null)
        || dtype.is_decimal()
}

/// The clock of the place decides on which day a customer came, and only the place knows it.
fn refuse_zones(path: &Path, schema: &Schema, names: &[&str]) -> Result<()> {
    for name in names {
        if let Some(DataType::Datetime(_, Some(zone))) = schema.get(name) {
            return Err(Error::Data {
                message: format!("{}: the times of `{name}` are those of a zone, {zone}", path.display()),
                hint: "write local times without a zone: the day on which something happened is that of the local clock".into(),
            });
        }
    }
    Ok(())
}

pub(super) fn open(path: &Path, wanted: &[Wanted]) -> Result<Batches> {
    let (mut frame, header) = scan(path)?;
    let places = locate(path, &header, wanted)?;
    let mut names: Vec<&str> = places.iter().flatten().map(|&place| header[place].as_str()).collect();
    names.sort_unstable();
    names.dedup();
    let schema = frame.collect_schema().map_err(unreadable(path))?;
    refuse_zones(path, &schema, &names)?;
    if names.is_empty() {
        // Rows are counted even where no column of theirs is wanted.
        names.extend(header.first().map(String::as_str));
    }
    let selected: Vec<Expr> = names.iter().map(|name| col(*name)).collect();
    let batches = stream(frame.select(selected));
    let columns = places.iter().map(|place| place.map(|place| header[place].clone())).collect();
    Ok(Box::new(Frames { path: path.to_path_buf(), batches, columns, wanted: wanted.to_vec(), read: 0 }))
}

/// Wraps what makes a delivered file unreadable.
fn unreadable<E: Display>(path: &Path) -> impl FnOnce(E) -> Error {
    move |error| Error::Data {
        message: format!("{}: {error}", path.display()),
        hint: "the file is damaged or not a Parquet file; have it delivered again".into(),
    }
}

/// Runs the query on a thread of its own; a batch is made only when the one before it was taken.
fn stream(frame: LazyFrame) -> Receiver<PolarsResult<DataFrame>> {
    let (send, receive) = sync_channel(1);
    std::thread::spawn(move || {
        let batches = send.clone();
        // A reader that went away stops the query.
        let callback = PlanCallback::new(move |frame| Ok(batches.send(Ok(frame)).is_err()));
        let query = frame
            .sink_batches(callback, true, None)
            .and_then(|query| query.collect_with_engine(Engine::Streaming));
        if let Err(error) = query {
            // Nobody waits for the error of a query whose reader went away.
            let _ = send.send(Err(error));
        }
    });
    receive
}

struct Frames {
    path: PathBuf,
    batches: Receiver<PolarsResult<DataFrame>>,
    columns: Vec<Option<String>>,
    wanted: Vec<Wanted>,
    read: u64,
}

impl Frames {
    fn batch(&mut self, frame: &DataFrame) -> PolarsResult<Batch> {
        let rows = frame.height();
        let mut columns = Vec::with_capacity(self.columns.len());
        for (name, want) in self.columns.iter().zip(&self.wanted) {
            columns.push(match name {
                Some(name) => convert(frame.column(name)?.as_materialized_series())?,
                None => fixed(want),
            });
        }
        let lines = (self.read + 1..=self.read + rows as u64).collect();
        self.read += rows as u64;
        Ok(Batch { rows, lines, columns, broken: BTreeMap::new() })
    }
}

impl Iterator for Frames {
    type Item = Result<Batch>;

    fn next(&mut self) -> Option<Self::Item> {
        let frame = match self.batches.recv().ok()? {
            Ok(frame) => frame,
            Err(error) => return Some(Err(unreadable(&self.path)(error))),
        };
        let batch = self.batch(&frame);
        Some(batch.map_err(|error| unreadable(&self.path)(error)))
    }
}

/// Turns a polars column into ours: whole numbers, numbers, days, points of time, or text.
fn convert(series: &Series) -> PolarsResult<Column> {
    Ok(match series.dtype() {
        dtype if dtype.is_integer() || *dtype == DataType::Boolean => {
            let whole = series.cast(&DataType::Int64)?;
            if whole.null_count() > series.null_count() {
                // Hashes and the like, too large to count with.
                return text(&series.cast(&DataType::String)?);
            }
            Column::Integer(whole.i64()?.iter().collect())
        }
        dtype if dtype.is_float() || dtype.is_decimal() => {
            Column::Number(series.cast(&DataType::Float64)?.f64()?.iter().collect())
        }
        DataType::Date => Column::Day(series.to_physical_repr().i32()?.iter().collect()),
        DataType::Datetime(unit, _) => {
            let scale = match unit {
                TimeUnit::Milliseconds => 1_000,
                TimeUnit::Microseconds => 1_000_000,
                TimeUnit::Nanoseconds => 1_000_000_000,
            };
            let physical = series.to_physical_repr();
            Column::Instant(
                physical.i64()?.iter().map(|time| time.map(|time: i64| time.div_euclid(scale))).collect(),
            )
        }
        _ => text(&series.cast(&DataType::String)?)?,
    })
}

fn text(series: &Series) -> PolarsResult<Column> {
    let mut text = String::new();
    let mut ends = Vec::with_capacity(series.len());
    for value in series.str()?.iter() {
        text.push_str(value.unwrap_or_default());
        ends.push(text.len());
    }
    Ok(Column::Text(text, ends))
}
