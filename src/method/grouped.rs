//! What several methods share: rows put into groups, counts, and the rows of an interval in an answer.

use std::collections::BTreeMap;

use super::counts::frequencies;
use super::{Answer, Fault, Request, percent};
use crate::stats::Reason;
use crate::stats::tally::Tally;

/// The group of each row.
pub(super) struct Groups {
    /// Names of the groups in their order: as `--groups` gives them, else by their text.
    pub(super) names: Vec<String>,
    /// Place of each row's group; nothing where the row belongs to none of them.
    pub(super) of_row: Vec<Option<usize>>,
    /// Whether the row does not say its group.
    is_untold: Vec<bool>,
}

impl Groups {
    /// Groups the rows by the column that option `option` names: one group `all` without it.
    ///
    /// Where the method has an option `groups`, only the groups named there are kept, in that order.
    pub(super) fn of(request: &Request<'_>, option: &str) -> Result<Self, Fault> {
        let Some(texts) = request.texts_of(option)? else {
            let rows = request.table().rows();
            return Ok(Self {
                names: vec!["all".to_owned()],
                of_row: vec![Some(0); rows],
                is_untold: vec![false; rows],
            });
        };
        let wanted: Vec<String> = request.names("groups")?.into_iter().map(str::to_owned).collect();
        let mut names: Vec<String> = texts.iter().flatten().cloned().collect();
        names.sort();
        names.dedup();
        if let Some(missing) = wanted.iter().find(|name| !names.contains(name)) {
            let hint = match &names[..] {
                [] => format!("the column of `--{option}` is empty"),
                names => format!("its groups are {}", names.join(", ")),
            };
            return Err(Fault::new(format!("no row belongs to the group `{missing}`"), hint));
        }
        if !wanted.is_empty() {
            names = wanted;
        }
        let places: BTreeMap<&str, usize> =
            names.iter().enumerate().map(|(i, name)| (name.as_str(), i)).collect();
        let of_row = texts.iter().map(|text| places.get(text.as_deref()?).copied()).collect();
        Ok(Self { names, of_row, is_untold: texts.iter().map(Option::is_none).collect() })
    }

    /// Returns the groups, or where no row says its own the one group `all` without rows, so that there is something to give a reason for.
    pub(super) fn or_all(mut self) -> Self {
        if self.names.is_empty() {
            self.names.push("all".to_owned());
        }
        self
    }

    /// Returns how many rows, as often as `counts` says, lack their group, or being of a group wanted are not whole.
    pub(super) fn lost(&self, counts: &[u64], is_whole: impl Fn(usize) -> bool) -> u64 {
        let is_lost = |row: usize| self.is_untold[row] || (self.of_row[row].is_some() && !is_whole(row));
        (0..counts.len()).filter(|&row| is_lost(row)).map(|row| counts[row]).fold(0, u64::saturating_add)
    }

    /// Adds the names of the groups in the order in which they are compared: `group1`, `group2`.
    pub(super) fn tell(&self, answer: &mut Answer) {
        for (name, number) in self.names.iter().zip(1..) {
            answer.text("summary", &format!("group{number}"), name);
        }
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

/// Returns the numbers of the column that a required option names.
pub(super) fn numbers(request: &Request<'_>, option: &str) -> Result<Vec<Option<f64>>, Fault> {
    request.numbers_of(option)?.ok_or_else(|| {
        Fault::new(format!("the option `--{option}` is missing"), format!("write `--{option} COLUMN`"))
    })
}

/// Returns the values of option `value` tallied by the groups, and how many rows lack value or group.
pub(super) fn tallied(request: &Request<'_>, groups: &Groups) -> Result<(Tally, u64), Fault> {
    let (values, counts) = (numbers(request, "value")?, frequencies(request)?);
    let lost = groups.lost(&counts, |row| values[row].is_some());
    let rows = values.iter().zip(&groups.of_row).zip(counts);
    let rows = rows.filter_map(|((value, group), count)| Some(((*value)?, (*group)?, count)));
    Ok((Tally::new(rows, groups.names.len()), lost))
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
