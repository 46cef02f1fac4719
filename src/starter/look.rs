//! How the columns of a file look: what their values can be read as.

use std::collections::BTreeMap;
use std::path::PathBuf;

use crate::error::Result;
use crate::month::{Day, Month};
use crate::source::{Batch, Cell, Wanted, header, open};

/// Different values of a column that are kept.
const VALUES: usize = 3_000;

/// One column.
pub(super) struct Look {
    /// Its name.
    pub(super) name: String,
    /// Its different values with the number of each; no longer all of them where there are many.
    pub(super) values: BTreeMap<String, u64>,
    /// Rows with a value.
    pub(super) n: u64,
    /// Rows whose value is a day or a point of time.
    times: u64,
    /// Rows whose value is a number.
    numbers: u64,
    /// Rows by month.
    months: BTreeMap<Month, u64>,
}

/// Share of rows that may be damaged without making a column look like something else.
const DAMAGED: f64 = 0.01;

impl Look {
    /// Says whether the values are days or points of time.
    pub(super) fn is_time(&self) -> bool {
        self.n > 0 && self.times * 20 >= self.n * 19
    }

    /// Says whether the values are numbers.
    pub(super) fn is_number(&self) -> bool {
        self.n > 0 && self.numbers * 20 >= self.n * 19
    }

    /// Says whether hardly any value occurs twice: deliveries have their duplicates.
    pub(super) fn is_id(&self) -> bool {
        let kept: u64 = self.values.values().sum();
        !self.is_time() && kept > 1 && (kept - self.values.len() as u64) * 20 < kept
    }

    /// Says whether few values occur again and again.
    pub(super) fn is_category(&self) -> bool {
        !self.is_time() && self.values.len() < VALUES && (self.values.len() as u64) * 2 <= self.n.max(2)
    }

    /// Returns the first month with more than stray rows.
    pub(super) fn first_month(&self) -> Option<Month> {
        let least = self.n as f64 * DAMAGED / 4.0;
        self.months.iter().find(|(_, n)| **n as f64 > least).map(|(month, _)| *month)
    }

    /// Returns the scale that the answers of an item seem to have; nothing where it is no item.
    pub(super) fn scale(&self) -> Option<(i32, i32)> {
        let scales = [(1, 5), (1, 7), (1, 10), (0, 10)];
        scales.into_iter().find(|scale| self.is_within(*scale)).filter(|_| self.values.len() > 2)
    }

    /// Returns the narrowest scale from 0 or 1 that levels seem to have.
    pub(super) fn levels(&self) -> Option<(i32, i32)> {
        let scales = (1..=10).flat_map(|high| [(1, high), (0, high)]);
        scales.into_iter().find(|scale| self.is_within(*scale))
    }

    fn is_within(&self, (low, high): (i32, i32)) -> bool {
        let fits = |text: &&String| {
            let number = text.parse::<f64>().ok().filter(|number| number.fract().abs() < 1e-9);
            number.is_some_and(|number| number >= f64::from(low) && number <= f64::from(high))
        };
        let within: u64 = self.values.iter().filter(|(text, _)| fits(text)).map(|(_, n)| n).sum();
        self.n > 0 && within as f64 >= self.n as f64 * (1.0 - DAMAGED)
    }

    fn add(&mut self, cell: Cell<'_>) {
        let text = cell.show();
        let (day, number) = match cell {
            Cell::Missing => return,
            Cell::Day(day) => (Some(day), None),
            Cell::Instant(seconds) => (Some(Day(seconds.div_euclid(86_400) as i32)), None),
            Cell::Integer(value) => (None, Some(value as f64)),
            Cell::Number(value) => (None, Some(value)),
            Cell::Text(text) => {
                (text.get(..10).and_then(|day| day.replace('/', "-").parse().ok()), text.parse().ok())
            }
        };
        self.n += 1;
        if self.values.len() < VALUES || self.values.contains_key(&text) {
            *self.values.entry(text).or_default() += 1;
        }
        if let Some(day) = day {
            self.times += 1;
            *self.months.entry(day.month()).or_default() += 1;
        }
        self.numbers += u64::from(number.is_some_and(|number: f64| number.is_finite()));
    }
}

/// Looks at all columns of files of one form; the first one tells which there are.
///
/// Errors: a file that cannot be read.
pub(super) fn look(paths: &[PathBuf]) -> Result<Vec<Look>> {
    let names = paths.first().map_or_else(|| Ok(Vec::new()), |path| header(path))?;
    let column = |name: &String| Wanted {
        name: name.clone(),
        column: name.trim().to_owned(),
        constant: None,
        required: false,
    };
    let wanted: Vec<Wanted> = names.iter().map(column).collect();
    let empty = |name: &String| Look {
        name: name.trim().to_owned(),
        values: BTreeMap::new(),
        n: 0,
        times: 0,
        numbers: 0,
        months: BTreeMap::new(),
    };
    let mut looks: Vec<Look> = names.iter().map(empty).collect();
    for path in paths {
        for batch in open(path, &wanted)? {
            let batch: Batch = batch?;
            for row in (0..batch.rows).filter(|row| !batch.broken.contains_key(row)) {
                looks.iter_mut().enumerate().for_each(|(column, look)| look.add(batch.cell(column, row)));
            }
        }
    }
    Ok(looks)
}
