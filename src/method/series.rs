//! Series of a table: the rows of each unit in slots of time, and what a slot holds.
//!
//! In: a call with the options `time`, `by`, `every`. Out: units with their slots. Deliberately absent: what is drawn of them.

use std::collections::BTreeMap;

use super::calendar::{Clock, Slot};
use super::{Fault, Request, Setting, optional, preset};

/// The option that names the periods.
pub(super) const TIME: Setting = optional(
    "time",
    "column with the period: a date, month, number or word; without it each row is a period, in its order",
);
/// The option that names the units.
pub(super) const BY: Setting =
    optional("by", "column with the department or unit: each is charted apart, elements are `unit~period`");
/// The option for the length of a period.
pub(super) const EVERY: Setting = preset(
    "every",
    "length of a period, so that a missing one keeps its slot and parts its neighbours: auto (months and weeks are recognised), rows, day, week, \
     month, quarter, year, number",
    "auto",
);

/// A column of numbers with gaps.
pub(super) type Numbers = Vec<Option<f64>>;

/// One unit's series.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Unit {
    /// Its name; nothing where the table is one unit.
    name: Option<String>,
    /// Its periods in order.
    pub(super) slots: Vec<Slot>,
}

impl Unit {
    /// Returns the element of a period, or of the chart as a whole.
    pub(super) fn element(&self, part: &str) -> String {
        self.name.as_ref().map_or_else(|| part.to_owned(), |name| format!("{name}~{part}"))
    }
}

/// Returns the units of a call in the order of their names.
pub(super) fn units(request: &Request<'_>) -> Result<Vec<Unit>, Fault> {
    let words = ["auto", "rows", "day", "week", "month", "quarter", "year", "number"];
    let every = request.word("every", &words)?.unwrap_or("rows");
    let times = match request.texts_of("time")? {
        Some(times) => complete(times, "time")?,
        None => (1..=request.table().rows()).map(|row| row.to_string()).collect(),
    };
    let clock = Clock::choose(&times, every)?;
    let mut groups: BTreeMap<Option<String>, Vec<(usize, String)>> = BTreeMap::new();
    let names = request.texts_of("by")?.map(|names| complete(names, "by")).transpose()?;
    for (row, time) in times.into_iter().enumerate() {
        let name = names.as_ref().map(|names| names[row].clone());
        groups.entry(name).or_default().push((row, time));
    }
    groups.into_iter().map(|(name, rows)| Ok(Unit { name, slots: clock.slots(&rows)? })).collect()
}

fn complete(words: Vec<Option<String>>, option: &str) -> Result<Vec<String>, Fault> {
    let missing = |row: usize| {
        Fault::new(
            format!("row {} has no word in the column of `--{option}`", row + 1),
            "fill it, or leave the row out",
        )
    };
    words.into_iter().enumerate().map(|(row, word)| word.ok_or_else(|| missing(row))).collect()
}

/// Returns the one value of a slot; nothing in a gap.
pub(super) fn single(slot: &Slot, values: &[Option<f64>]) -> Result<Option<f64>, Fault> {
    match slot.rows.as_slice() {
        [] => Ok(None),
        [row] => Ok(values[*row]),
        [_, row, ..] => Err(Fault::new(
            format!("row {} is another value of period `{}`", row + 1, slot.label),
            "name the unit with `--by`, or use a chart of counts or means (p-chart, u-chart, i-prime), which add up the rows of a period",
        )),
    }
}

/// Returns the sums of a slot's counts and numbers, rows with both only; nothing in a gap.
pub(super) fn sums(slot: &Slot, counts: &[Option<f64>], numbers: &[Option<f64>]) -> Option<(f64, f64)> {
    let pairs = slot.rows.iter().filter_map(|&row| counts[row].zip(numbers[row]));
    pairs.fold(None, |sums, (k, n)| Some(sums.map_or((k, n), |(a, b)| (a + k, b + n))))
}

/// Returns the column of numerators and that of denominators, which is 1 a row where it is not given.
pub(super) fn counted(request: &Request<'_>, numerator: &str) -> Result<(Numbers, Numbers), Fault> {
    let counts = request.numbers_of(numerator)?.unwrap_or_default();
    let numbers = request.numbers_of("n")?.unwrap_or_else(|| vec![Some(1.0); counts.len()]);
    Ok((counts, numbers))
}

/// Refuses counts that cannot be: below 0, or (of shares) above their number.
pub(super) fn check(counts: &[Option<f64>], numbers: &[Option<f64>], is_share: bool) -> Result<(), Fault> {
    let wrong = |(k, n): (f64, f64)| k < 0.0 || n < 0.0 || (is_share && k > n);
    let pairs = counts.iter().zip(numbers).map(|(k, n)| k.zip(*n));
    match pairs.enumerate().find_map(|(row, pair)| pair.filter(|&pair| wrong(pair)).map(|pair| (row, pair))) {
        None => Ok(()),
        Some((row, (k, n))) => Err(Fault::new(
            format!("row {} counts {k} of {n}, which cannot be", row + 1),
            "counts are at least 0 and, of shares, at most `--n`; events that can exceed their number belong on a u-chart",
        )),
    }
}
