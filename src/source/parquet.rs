//! Parquet, streamed by polars: only the wanted columns, a batch at a time, in the order of the file.

use std::collections::BTreeMap;
use std::fmt::Display;
use std::path::{Path, PathBuf};
use std::sync::mpsc::{Receiver, sync_channel};

use polars::prelude::*;

use super::{Batch, Batches, Column, Wanted, fixed, locate};
use crate::error::{Error, Result};

fn scan(path: &Path) -> Result<(LazyFrame, Vec<String>)> {
    std::fs::File::open(path).map_err(Error::io(path))?;
    let text = path.to_str().ok_or_else(|| unreadable(path)("the file name is not text"))?;
    let arguments =
        ScanArgsParquet { glob: false, hive_options: HiveOptions::new_disabled(), ..Default::default() };
    let mut frame = LazyFrame::scan_parquet(PlRefPath::new(text), arguments).map_err(unreadable(path))?;
    let schema = frame.collect_schema().map_err(unreadable(path))?;
    let header = schema.iter_names().map(|name| name.to_string()).collect();
    Ok((frame, header))
}

pub(super) fn header(path: &Path) -> Result<Vec<String>> {
    scan(path).map(|(_, header)| header)
}

pub(super) fn open(path: &Path, wanted: &[Wanted]) -> Result<Batches> {
    let (frame, header) = scan(path)?;
    let places = locate(path, &header, wanted)?;
    let mut names: Vec<&str> = places.iter().flatten().map(|&place| header[place].as_str()).collect();
    names.sort_unstable();
    names.dedup();
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
            Column::Integer(series.cast(&DataType::Int64)?.i64()?.iter().collect())
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
