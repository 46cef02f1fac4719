//! One row while it is being understood: typed access to its columns, and the faults found on the way.

use std::collections::BTreeMap;

use chrono::{NaiveDate, NaiveDateTime};

use super::Fault;
use crate::month::{Day, Month};
use crate::project::Project;
use crate::source::{Batch, Cell, Wanted};

/// The registers as the check needs them: codes -> positions, and the key of the identity hashes.
pub struct Registers<'a> {
    /// The project.
    pub project: &'a Project,
    /// Codes of all people, sorted.
    pub persons: Vec<&'a str>,
    departments: BTreeMap<&'a str, u32>,
    commitments: BTreeMap<&'a str, u32>,
    key: [u8; 32],
}

impl<'a> Registers<'a> {
    /// Indexes the registers of `project`.
    pub fn new(project: &'a Project) -> Self {
        let mut persons: Vec<&str> = project.posts.iter().map(|post| post.person.as_str()).collect();
        persons.sort_unstable();
        persons.dedup();
        let departments =
            project.departments.iter().zip(0..).map(|(department, index)| (department.code.as_str(), index));
        let names = project.commitments.iter().zip(0..);
        let names = names.flat_map(|(one, index)| one.names().map(move |name| (name, index)));
        Self {
            project,
            persons,
            commitments: names.collect(),
            departments: departments.collect(),
            key: blake3::derive_key("concord identity", project.name.as_bytes()),
        }
    }

    /// Returns the keyed 128-bit hash of an identity; `domain` keeps ids of different things apart.
    pub fn hash(&self, domain: &str, id: &str) -> u128 {
        hash_id(&self.key, domain, id)
    }

    /// Returns the position of a commitment by its code or another name of it.
    pub fn commitment(&self, name: &str) -> Option<u32> {
        self.commitments.get(name).copied()
    }

    /// Returns the position of a person's code.
    pub fn person(&self, code: &str) -> Option<u32> {
        self.persons.binary_search(&code).ok().and_then(|index| u32::try_from(index).ok())
    }
}

/// Returns the 128-bit hash of `id` in `domain` under `key`: who a row is about can be matched but not read back.
pub fn hash_id(key: &[u8; 32], domain: &str, id: &str) -> u128 {
    let mut hasher = blake3::Hasher::new_keyed(key);
    hasher.update(domain.as_bytes());
    hasher.update(&[0]);
    hasher.update(id.as_bytes());
    let mut bytes = [0; 16];
    bytes.copy_from_slice(&hasher.finalize().as_bytes()[..16]);
    u128::from_le_bytes(bytes)
}

/// Counts end here: a slip of the pen is as large.
const COUNT_END: f64 = 1e9;

/// One row of a batch with its faults.
pub struct Reading<'a> {
    batch: &'a Batch,
    wanted: &'a [Wanted],
    row: usize,
    faults: Vec<Fault>,
    unasked: Vec<usize>,
}

impl<'a> Reading<'a> {
    pub(super) fn new(batch: &'a Batch, wanted: &'a [Wanted], row: usize) -> Self {
        Self { batch, wanted, row, faults: Vec::new(), unasked: Vec::new() }
    }

    /// Returns what is wrong with the row, and the columns whose answers nobody asked for.
    pub(super) fn told(self) -> (Vec<Fault>, Vec<usize>) {
        (self.faults, self.unasked)
    }

    pub(super) fn n_faults(&self) -> usize {
        self.faults.len()
    }

    pub(super) fn line(&self) -> u64 {
        self.batch.lines[self.row]
    }

    pub(super) fn cell(&self, column: usize) -> Cell<'a> {
        self.batch.cell(column, self.row)
    }

    /// Notes that the value in `column` cannot stand.
    pub(super) fn fault(&mut self, column: usize, reason: &'static str) {
        let value = self.cell(column).show();
        self.faults.push(Fault { column: self.wanted[column].column.clone(), value, reason });
    }

    /// Notes that `column` holds an answer to a question that was not asked then: the row stands, the answer counts nowhere.
    pub(super) fn unasked(&mut self, column: usize) {
        self.unasked.push(column);
    }

    /// Returns the text of `column`; whole numbers of typed files count as their digits.
    pub(super) fn text(&self, column: usize) -> Option<String> {
        match self.cell(column) {
            Cell::Missing => None,
            cell => Some(cell.show()),
        }
    }

    /// Returns the text of `column`, or notes that it is missing.
    pub(super) fn required(&mut self, column: usize) -> Option<String> {
        let text = self.text(column);
        if text.is_none() {
            self.fault(column, "missing_field");
        }
        text
    }

    /// Returns what the text of `column` stands for; a text that `find` does not know has `reason`, none at all is missing.
    pub(super) fn known<T>(
        &mut self,
        (column, reason): (usize, &'static str),
        find: impl FnOnce(&str) -> Option<T>,
    ) -> Option<T> {
        let found = find(&self.required(column)?);
        if found.is_none() {
            self.fault(column, reason);
        }
        found
    }

    /// Returns the number in `column`, if there is one; anything else there is a fault.
    pub(super) fn number(&mut self, column: usize) -> Option<f64> {
        let number = match self.cell(column) {
            Cell::Missing => return None,
            Cell::Integer(value) => Some(value as f64),
            Cell::Number(value) => Some(value),
            Cell::Text(text) => text.parse().ok(),
            Cell::Day(_) | Cell::Instant(_) => None,
        };
        if number.is_none() {
            self.fault(column, "not_a_number");
        }
        number
    }

    /// Returns the number in `column`, where yes and true count as 1, no and false as 0.
    pub(super) fn yes(&mut self, column: usize) -> Option<f64> {
        let word = self.text(column).map(|text| text.to_ascii_lowercase());
        match word.as_deref() {
            Some("yes" | "true") => Some(1.0),
            Some("no" | "false") => Some(0.0),
            _ => self.number(column),
        }
    }

    /// Returns the whole number in `column`; text is `not_a_number`, a broken number or one out of bounds has `reason`.
    pub(super) fn integer(&mut self, column: usize, reason: &'static str) -> Option<i32> {
        let number = self.number(column)?;
        if number.fract() == 0.0 && number.abs() < 1e9 {
            return Some(number as i32);
        }
        self.fault(column, reason);
        None
    }

    /// Returns how many things `column` tells, if it does: a whole number, not negative, and not larger than a slip of the pen is.
    pub(super) fn count(&mut self, column: usize) -> Option<u64> {
        let number = self.number(column)?;
        let reason = match number {
            number if !number.is_finite() => "not_a_number",
            number if number < 0.0 => "negative_number",
            number if number.fract() != 0.0 => "not_a_whole_number",
            number if number >= COUNT_END => "amount_too_large",
            number => return Some(number as u64),
        };
        self.fault(column, reason);
        None
    }

    /// Returns the point of time in `column` in seconds since 1970-01-01; a day means its midnight.
    pub(super) fn instant(&mut self, column: usize) -> Option<i64> {
        let instant = match self.cell(column) {
            Cell::Missing => return None,
            Cell::Day(day) => Some(midnight(day)),
            Cell::Instant(seconds) => Some(seconds),
            Cell::Text(text) => parse_instant(text),
            Cell::Integer(_) | Cell::Number(_) => None,
        };
        if instant.is_none() {
            self.fault(column, "not_a_date");
        }
        instant
    }

    /// Returns what puts rows in order: a whole number, or a point of time in seconds.
    pub(super) fn moment(&mut self, column: usize) -> Option<i64> {
        match self.cell(column) {
            Cell::Integer(value) => Some(value),
            Cell::Text(text) => text.parse().ok().or_else(|| self.instant(column)),
            _ => self.instant(column),
        }
    }

    /// Returns the point of time in `column`, where a day means its last second: what is due on a day may be done on it.
    pub(super) fn until(&mut self, column: usize) -> Option<i64> {
        let instant = self.instant(column)?;
        Some(if self.is_day(column) { last_second(day_of(instant)) } else { instant })
    }

    /// Returns the point of time in `column`, which comes after `earlier`; a day means its midnight, or `earlier` where that is on it.
    pub(super) fn since(&mut self, column: usize, earlier: Option<i64>) -> Option<i64> {
        let instant = self.instant(column)?;
        let same_day = earlier.filter(|&earlier| self.is_day(column) && day_of(earlier) == day_of(instant));
        Some(same_day.unwrap_or(instant))
    }

    /// Says whether `column` holds a day without a time.
    fn is_day(&self, column: usize) -> bool {
        match self.cell(column) {
            Cell::Day(_) => true,
            Cell::Text(text) => parse_day(text).is_some(),
            _ => false,
        }
    }

    /// Returns the point of time in `column`, or notes that it is missing.
    pub(super) fn required_instant(&mut self, column: usize) -> Option<i64> {
        if self.cell(column) == Cell::Missing {
            self.fault(column, "missing_field");
        }
        self.instant(column)
    }

    /// Returns the department in `column`: a known leaf.
    pub(super) fn department(
        &mut self,
        registers: &Registers<'_>,
        column: usize,
        required: bool,
    ) -> Option<u32> {
        let code = if required { self.required(column)? } else { self.text(column)? };
        match registers.departments.get(code.as_str()) {
            Some(&index) if registers.project.departments[index as usize].leaf => Some(index),
            Some(_) => {
                self.fault(column, "department_not_in_force");
                None
            }
            None => {
                self.fault(column, "unknown_department");
                None
            }
        }
    }

    /// Notes a department that does not exist on `day`; days outside the project are told as such and not judged.
    pub(super) fn in_force(
        &mut self,
        registers: &Registers<'_>,
        column: usize,
        department: Option<u32>,
        day: Option<Day>,
    ) {
        let time = &registers.project.time;
        if let (Some(department), Some(day)) = (department, day)
            && day.month() >= time.from
            && time.to.is_none_or(|to| day.month() <= to)
            && !registers.project.departments[department as usize].in_force(day)
        {
            self.fault(column, "department_not_in_force");
        }
    }

    /// Returns the person in `column`, if there is one: known, where the project has a register of people.
    pub(super) fn person(&mut self, registers: &Registers<'_>, column: usize) -> Option<u32> {
        let code = self.text(column)?;
        let person = registers.person(&code);
        if person.is_none() {
            self.fault(column, "unknown_person");
        }
        person
    }

    /// Notes a row that is said to have been known before `event`, of which it tells.
    pub(super) fn known_since(&mut self, column: usize, recorded: Option<Day>, event: Option<Day>) {
        if let (Some(recorded), Some(event)) = (recorded, event)
            && recorded < event
        {
            self.fault(column, "recorded_before_event");
        }
    }

    /// Notes a day outside the months `first` to `last`.
    pub(super) fn within(&mut self, column: usize, day: Option<Day>, first: Month, last: Option<Month>) {
        if day.is_some_and(|day| day.month() < first || last.is_some_and(|last| day.month() > last)) {
            self.fault(column, "outside_project");
        }
    }
}

/// Returns the first second of a day.
pub(super) fn midnight(day: Day) -> i64 {
    i64::from(day.0) * 86_400
}

/// Returns the last second of a day.
pub(super) fn last_second(day: Day) -> i64 {
    midnight(day) + 86_399
}

/// Returns the day that holds a second.
pub fn day_of(seconds: i64) -> Day {
    Day(seconds.div_euclid(86_400) as i32)
}

fn parse_day(text: &str) -> Option<Day> {
    let date =
        NaiveDate::parse_from_str(text, "%Y-%m-%d").or_else(|_| NaiveDate::parse_from_str(text, "%Y/%m/%d"));
    date.ok().map(Day::from_date)
}

/// Reads `2026-10-31`, `2026-10-31T12:30`, `2026-10-31 12:30:05`, with or without fractions of a second.
fn parse_instant(text: &str) -> Option<i64> {
    if let Some(day) = parse_day(text) {
        return Some(midnight(day));
    }
    const FORMS: [&str; 4] =
        ["%Y-%m-%dT%H:%M:%S%.f", "%Y-%m-%d %H:%M:%S%.f", "%Y-%m-%dT%H:%M", "%Y-%m-%d %H:%M"];
    FORMS
        .iter()
        .find_map(|form| NaiveDateTime::parse_from_str(text, form).ok())
        .map(|time| time.and_utc().timestamp())
}

/// Hash of what a row says, independent of the format it came in.
pub(super) struct Content(blake3::Hasher);

impl Content {
    pub(super) fn new() -> Self {
        Self(blake3::Hasher::new())
    }

    pub(super) fn add(mut self, value: Option<i64>) -> Self {
        self.0.update(&[u8::from(value.is_some())]);
        self.0.update(&value.unwrap_or_default().to_le_bytes());
        self
    }

    pub(super) fn text(mut self, value: &str) -> Self {
        self.0.update(&(value.len() as u64).to_le_bytes());
        self.0.update(value.as_bytes());
        self
    }

    pub(super) fn finish(self) -> u64 {
        let mut bytes = [0; 8];
        bytes.copy_from_slice(&self.0.finalize().as_bytes()[..8]);
        u64::from_le_bytes(bytes)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times_are_read_in_the_usual_forms_and_no_other() {
        let noon = Some(1_793_448_000);
        for text in ["2026-10-31T12:00", "2026-10-31 12:00:00", "2026-10-31T12:00:00.0"] {
            assert_eq!(parse_instant(text), noon, "{text}");
        }
        assert_eq!(parse_instant("2026-10-31"), noon.map(|seconds| seconds - 43_200));
        for text in ["2025-02-30", "31.10.2026", "2026-10-31T25:00", "soon"] {
            assert_eq!(parse_instant(text), None, "{text}");
        }
    }

    #[test]
    fn ids_of_different_things_do_not_meet() {
        let key = blake3::derive_key("concord identity", b"x");
        assert_ne!(hash_id(&key, "contact", "1"), hash_id(&key, "case", "1"));
        assert_eq!(hash_id(&key, "case", "1"), hash_id(&key, "case", "1"));
    }
}
