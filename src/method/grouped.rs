//! What several methods share: rows put into groups, counts, and the rows of an interval in an answer.

use std::collections::BTreeMap;

use super::{Answer, Fault, Request};
use crate::stats::Reason;
use crate::stats::tally::Tally;

/// Largest count of a row, so that no sum of counts overflows.
const LARGEST_COUNT: f64 = 1e12;

/// The group of each row.
pub(super) struct Groups {
    /// Names of the groups in their order: as `--groups` gives them, else by their text.
    pub(super) names: Vec<String>,
    /// Place of each row's group; nothing where the row belongs to none.
    pub(super) of_row: Vec<Option<usize>>,
}

impl Groups {
    /// Groups the rows by the column that option `option` names: one group `all` without it.
    ///
    /// Where the method has an option `groups`, only the groups named there are kept, in that order.
    pub(super) fn of(request: &Request<'_>, option: &str) -> Result<Self, Fault> {
        let Some(texts) = request.texts_of(option)? else {
            return Ok(Self { names: vec!["all".to_owned()], of_row: vec![Some(0); request.table().rows()] });
        };
        let wanted: Vec<String> = request.list("groups").into_iter().map(str::to_owned).collect();
        let mut names: Vec<String> = texts.iter().flatten().cloned().collect();
        names.sort();
        names.dedup();
        if let Some(missing) = wanted.iter().find(|name| !names.contains(name)) {
            let hint = format!("its groups are {}", names.join(", "));
            return Err(Fault::new(format!("no row belongs to the group `{missing}`"), hint));
        }
        if !wanted.is_empty() {
            names = wanted;
        }
        let places: BTreeMap<&str, usize> =
            names.iter().enumerate().map(|(i, name)| (name.as_str(), i)).collect();
        let of_row = texts.iter().map(|text| places.get(text.as_deref()?).copied()).collect();
        Ok(Self { names, of_row })
    }

    /// Returns an error unless there are exactly two groups.
    pub(super) fn two(&self) -> Result<(), Fault> {
        if self.names.len() == 2 {
            return Ok(());
        }
        let message =
            format!("two groups are compared, and there are {}: {}", self.names.len(), self.names.join(", "));
        Err(Fault::new(message, "name two of them with `--groups FIRST,SECOND`"))
    }
}

/// Returns how often each row counts, from option `frequency`; a missing or negative count, or one that is not whole, is a fault.
pub(super) fn frequencies(request: &Request<'_>) -> Result<Vec<u64>, Fault> {
    match request.option("frequency") {
        Some(column) => {
            request.numbers(column)?.iter().enumerate().map(|(row, n)| whole(column, row, *n)).collect()
        }
        None => Ok(vec![1; request.table().rows()]),
    }
}

/// Returns a count as a whole number.
pub(super) fn whole(column: &str, row: usize, value: Option<f64>) -> Result<u64, Fault> {
    match value {
        Some(value) if (0.0..=LARGEST_COUNT).contains(&value) && value.fract().abs() <= 0.0 => {
            Ok(value as u64)
        }
        None => Ok(0),
        Some(value) => Err(Fault::new(
            format!("row {} of `{column}` holds {value}, which is not a count", row + 1),
            "counts are whole numbers from 0 to 10¹²",
        )),
    }
}

/// Returns the numbers of the column that a required option names.
pub(super) fn numbers(request: &Request<'_>, option: &str) -> Result<Vec<Option<f64>>, Fault> {
    request.numbers_of(option)?.ok_or_else(|| {
        Fault::new(format!("the option `--{option}` is missing"), format!("write `--{option} COLUMN`"))
    })
}

/// Returns the values of option `value` tallied by the groups, rows without a value or group left out.
pub(super) fn tally(request: &Request<'_>, groups: &Groups) -> Result<Tally, Fault> {
    let (values, counts) = (numbers(request, "value")?, frequencies(request)?);
    let rows = values.iter().zip(&groups.of_row).zip(counts);
    let rows = rows.filter_map(|((value, group), count)| Some(((*value)?, (*group)?, count)));
    Ok(Tally::new(rows, groups.names.len()))
}

/// Returns a level in percent as it stands in the names of quantities: 95, 99.8.
pub(super) fn percent(level: f64) -> String {
    ((level * 1e10).round() / 1e8).to_string()
}

/// Adds the two ends of an interval: `PREFIXci95_low`, `PREFIXci95_high`.
pub(super) fn ends(
    answer: &mut Answer,
    (element, prefix): (&str, &str),
    level: f64,
    interval: Result<(f64, f64), Reason>,
) {
    let percent = percent(level);
    answer.figure(element, &format!("{prefix}ci{percent}_low"), interval.map(|ends| ends.0));
    answer.figure(element, &format!("{prefix}ci{percent}_high"), interval.map(|ends| ends.1));
}

/// Adds several figures of an element.
pub(super) fn figures(answer: &mut Answer, element: &str, figures: &[(&str, Result<f64, Reason>)]) {
    figures.iter().for_each(|(quantity, value)| answer.figure(element, quantity, *value));
}

/// Adds several numbers of an element, or the one reason why none of them exists.
pub(super) fn all_of<const N: usize>(
    answer: &mut Answer,
    element: &str,
    names: [&str; N],
    values: Result<[f64; N], Reason>,
) {
    for (place, name) in names.iter().enumerate() {
        answer.figure(element, name, values.map(|values| values[place]));
    }
}
