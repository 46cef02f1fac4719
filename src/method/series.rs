//! Series of a table: the rows of each unit in slots of time, and what a slot holds.
//!
//! In: a call with the options `time`, `by`, `every`. Out: units with their slots. Deliberately absent: what is drawn of them.

use std::collections::BTreeMap;

use super::calendar::{Clock, Slot};
use super::{Answer, Fault, Request, Setting, optional, preset};

/// The option that names the periods.
pub(super) const TIME: Setting = optional(
    "time",
    "column with the period: dates as 2024-01-31, 2024-01, 2024-Q1 or 2024, numbers, or words in the order of the rows; without it each row is \
     a period",
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

/// The units of a call in the order of their names.
pub(super) struct Series {
    /// The units; one without slots where the table has no row that belongs to one.
    pub(super) units: Vec<Unit>,
    /// Whether times are words, which have the order of the rows.
    is_in_words: bool,
    /// Number of rows that cannot be used.
    lost: usize,
}

impl Series {
    /// Reads the units; a row without a unit is left out, as is one that `is_whole` says cannot be used, whose period keeps its slot.
    pub(super) fn of(request: &Request<'_>, is_whole: impl Fn(usize) -> bool) -> Result<Self, Fault> {
        let words = ["auto", "rows", "day", "week", "month", "quarter", "year", "number"];
        // Rows that are their own periods have no length to speak of.
        let every = if request.has("time") { request.word("every", &words)? } else { None }.unwrap_or("rows");
        let (names, times) = (request.texts_of("by")?, request.texts_of("time")?);
        let mut groups: BTreeMap<Option<String>, Vec<(usize, String)>> = BTreeMap::new();
        let (mut all, mut lost) = (vec![], 0);
        for row in 0..request.table().rows() {
            let name = names.as_ref().map(|names| names[row].clone());
            lost += usize::from(name == Some(None) || !is_whole(row));
            if name == Some(None) {
                continue;
            }
            let time = match &times {
                None => (row + 1).to_string(),
                Some(times) => times[row].clone().ok_or_else(|| untimed(row))?,
            };
            all.push((row, time.clone()));
            groups.entry(name.flatten()).or_default().push((row, time));
        }
        if groups.is_empty() {
            groups.insert(None, vec![]);
        }
        let clock = Clock::choose(&all, every)?;
        let units = groups.into_iter().map(|(name, rows)| Ok(Unit { name, slots: clock.slots(&rows)? }));
        Ok(Self {
            units: units.collect::<Result<_, Fault>>()?,
            is_in_words: clock == Clock::Appearance,
            lost,
        })
    }

    /// Returns the same units with other slots, in which each unit's rows stand as `slots` gives them.
    pub(super) fn with_slots(self, mut slots: impl FnMut(Unit) -> Vec<Slot>) -> Self {
        let unit = |unit: Unit| Unit { name: unit.name.clone(), slots: slots(unit) };
        Self { units: self.units.into_iter().map(unit).collect(), ..self }
    }

    /// Adds what became of rows and times.
    pub(super) fn tell(&self, answer: &mut Answer) {
        if self.is_in_words {
            answer.text(
                "all",
                "order",
                "as in the table: the times are words, so that missing ones are not known",
            );
        }
        answer.rows_lost("all", self.lost as u64);
    }
}

fn untimed(row: usize) -> Fault {
    Fault::at(row, "the column of `--time` is empty", "fill it, or leave the row out")
}

/// Returns the one value of a slot; nothing in a gap.
pub(super) fn single(slot: &Slot, values: &[Option<f64>]) -> Result<Option<f64>, Fault> {
    match slot.rows.as_slice() {
        [] => Ok(None),
        [row] => Ok(values[*row]),
        [_, row, ..] => Err(Fault::at(
            *row,
            format!("there is another value of period `{}`", slot.label),
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
        Some((row, (k, n))) => Err(Fault::at(
            row,
            format!("there are {k} of {n}, which cannot be"),
            "counts are at least 0 and, of shares, at most `--n`; events that can exceed their number belong on a u-chart",
        )),
    }
}
