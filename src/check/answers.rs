//! Survey rows: one answered questionnaire each.

use std::collections::BTreeMap;
use std::path::Path;

use serde::{Deserialize, Serialize};

use super::reading::{Content, Reading, day_of, last_second};
use super::{Checked, Place, Registers, Take, check_file, item_columns, items, wanted};
use crate::error::Result;
use crate::month::Day;
use crate::project::{Item, Source};

/// The level of an item that was not answered, or does not apply.
pub const MISSING: i16 = i16::MIN;

/// Canonical columns before the cuts and the items, and whether a file must have them.
pub(super) const COLUMNS: [(&str, bool); 9] = [
    ("response", true),
    ("respondent", false),
    ("department", true),
    ("date", true),
    ("completed_at", false),
    ("recorded_at", false),
    ("contact", false),
    ("server", false),
    ("weight", false),
];
const RESPONSE: usize = 0;
const RESPONDENT: usize = 1;
const DEPARTMENT: usize = 2;
const DATE: usize = 3;
const COMPLETED: usize = 4;
const RECORDED: usize = 5;
const CONTACT: usize = 6;
const SERVER: usize = 7;
const WEIGHT: usize = 8;

/// Weights are held in millionths; below this one they would keep fewer than six digits.
const WEIGHT_SCALE: f64 = 1e6;
const LEAST_WEIGHT: f64 = 0.1;

/// One answered questionnaire.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Answer {
    /// Keyed hash of the response's id.
    pub id: u128,
    /// Hash of everything the row says.
    pub content: u64,
    /// Where it stands.
    pub place: Place,
    /// Position of the department that served.
    pub department: u32,
    /// Day of the service.
    #[serde(with = "crate::month::number")]
    pub day: Day,
    /// When it was answered, in seconds since 1970-01-01.
    pub completed: i64,
    /// Day from which the row was known.
    #[serde(with = "crate::month::number")]
    pub recorded: Day,
    /// Keyed hash of the contact.
    pub contact: Option<u128>,
    /// Position of the person who served.
    pub server: Option<u32>,
    /// Weight in millionths.
    pub weight: u64,
    /// Segment of each cut (hash of its name; 0 = missing).
    pub segments: [u64; 4],
    /// Level of each item of the questionnaire, [`MISSING`] where there is none.
    pub levels: Box<[i16]>,
}

/// Checks one file of survey rows and hands those it understands to `take`; `names` learns the names of the segments that occur.
pub fn check_answers(
    registers: &Registers<'_>,
    source: &Source,
    (path, file): (&Path, u32),
    names: &mut BTreeMap<u64, String>,
    take: Take<'_, Answer>,
) -> Result<Checked> {
    let domain = format!("response:{}", source.questionnaire.as_deref().unwrap_or_default());
    let items = items(registers.project, source);
    let columns = item_columns(items);
    let first_item = COLUMNS.len() + registers.project.cuts.len();
    let place_of = |item: &Item| {
        first_item + columns.iter().position(|&column| column == item.column).unwrap_or_default()
    };
    let items: Vec<(&Item, usize)> = items.iter().map(|item| (item, place_of(item))).collect();
    let row = |reading: &mut Reading<'_>| {
        let id = reading.required(RESPONSE).map(|id| registers.hash(&domain, &id));
        let answer = answer(reading, registers, &items, names);
        answer.zip(id).map(|(answer, id)| Answer { id, place: Place { file, ..answer.place }, ..answer })
    };
    check_file(path, &wanted(registers.project, source), row, take)
}

fn answer(
    reading: &mut Reading<'_>,
    registers: &Registers<'_>,
    items: &[(&Item, usize)],
    names: &mut BTreeMap<u64, String>,
) -> Option<Answer> {
    let department = reading.department(registers, DEPARTMENT, true);
    let day = reading.required_instant(DATE).map(day_of);
    let completed = reading.until(COMPLETED);
    let recorded = reading.instant(RECORDED).map(day_of);
    let server = if registers.persons.is_empty() { None } else { reading.person(registers, SERVER) };
    let weight = weight(reading);
    let time = &registers.project.time;
    reading.within(DATE, day, time.from, time.to);
    reading.in_force(registers, DEPARTMENT, department, day);
    if let (Some(day), Some(completed)) = (day, completed)
        && day_of(completed) < day
    {
        reading.fault(COMPLETED, "completed_before_service");
    }
    reading.within(COMPLETED, completed.map(day_of), time.from, time.to.map(|month| month.plus(12)));
    reading.known_since(RECORDED, recorded, day.max(completed.map(day_of)));
    let levels = levels(reading, items, day);
    let (day, department) = (day?, department?);
    // Whoever does not say when, had seen by the end of that day what had become of the promises.
    let completed = completed.unwrap_or_else(|| last_second(recorded.unwrap_or(day)));
    let segments = segments(reading, registers.project.cuts.len(), COLUMNS.len(), names);
    let contact = reading.text(CONTACT).map(|id| registers.hash("contact", &id));
    let content = Content::new()
        .add(Some(i64::from(department)))
        .add(Some(i64::from(day.0)))
        .add(Some(completed))
        .add(server.map(i64::from))
        .add(weight.and_then(|weight| i64::try_from(weight).ok()))
        .text(&reading.text(RESPONDENT).unwrap_or_default())
        .text(&reading.text(CONTACT).unwrap_or_default());
    let content = segments.iter().fold(content, |content, &segment| content.add(Some(segment as i64)));
    let content = levels.iter().fold(content, |content, &level| content.add(Some(i64::from(level))));
    Some(Answer {
        id: 0,
        content: content.finish(),
        place: Place { file: 0, line: reading.line() },
        department,
        day,
        completed,
        recorded: recorded.unwrap_or_else(|| day_of(completed)),
        contact,
        server,
        weight: weight?,
        segments,
        levels: levels.into(),
    })
}

fn weight(reading: &mut Reading<'_>) -> Option<u64> {
    let weight = match reading.cell(WEIGHT) {
        crate::source::Cell::Missing => return Some(WEIGHT_SCALE as u64),
        _ => reading.number(WEIGHT)?,
    };
    let reason = match weight {
        weight if !weight.is_finite() => "weight_not_finite",
        weight if weight <= 0.0 => "weight_not_positive",
        weight if !(LEAST_WEIGHT..=1e6).contains(&weight) => "weight_out_of_scale",
        weight => return Some((weight * WEIGHT_SCALE).round() as u64),
    };
    reading.fault(WEIGHT, reason);
    None
}

/// Reads the level of every item that was asked on `day`.
fn levels(reading: &mut Reading<'_>, items: &[(&Item, usize)], day: Option<Day>) -> Vec<i16> {
    let faults_before = reading.n_faults();
    let levels: Vec<i16> = items.iter().map(|(item, column)| level(reading, item, *column, day)).collect();
    unasked(reading, items, day);
    if reading.n_faults() == faults_before && levels.iter().all(|&level| level == MISSING) {
        reading.fault(items.first().map_or(RESPONSE, |item| item.1), "all_answers_missing");
    }
    levels
}

fn is_asked(item: &Item, day: Option<Day>) -> bool {
    day.is_none_or(|day| {
        item.valid_from.is_none_or(|from| from <= day) && item.valid_to.is_none_or(|to| day <= to)
    })
}

/// Notes the columns that hold an answer although no version of their question was asked on `day`.
fn unasked(reading: &mut Reading<'_>, items: &[(&Item, usize)], day: Option<Day>) {
    let others = items.iter().enumerate().filter(|(_, (item, _))| !is_asked(item, day));
    for (place, &(_, column)) in others {
        let Some(answer) = reading.text(column) else { continue };
        let mut versions = items.iter().filter(|version| version.1 == column);
        let is_first = !items[..place].iter().any(|version| version.1 == column);
        let is_no_answer = |item: &Item| item.not_applicable.iter().any(|code| code.to_string() == answer);
        if is_first && !versions.any(|(version, _)| is_asked(version, day) || is_no_answer(version)) {
            reading.unasked(column);
        }
    }
}

fn level(reading: &mut Reading<'_>, item: &Item, column: usize, day: Option<Day>) -> i16 {
    if !is_asked(item, day) {
        return MISSING;
    }
    match reading.integer(column, "code_out_of_range") {
        None => MISSING,
        Some(code) if item.not_applicable.contains(&code) => MISSING,
        Some(code) if (item.low..=item.high).contains(&code) => i16::try_from(code).unwrap_or(MISSING),
        Some(_) => {
            reading.fault(column, "code_out_of_range");
            MISSING
        }
    }
}

/// Returns the hash of a segment's name; 0 for the missing one.
pub fn segment_of(name: &str) -> u64 {
    if name.is_empty() { 0 } else { Content::new().text(name).finish() | 1 }
}

/// Reads the segments of a row: hashes of their names, which `names` keeps.
pub(super) fn segments(
    reading: &Reading<'_>,
    cuts: usize,
    first: usize,
    names: &mut BTreeMap<u64, String>,
) -> [u64; 4] {
    let mut segments = [0; 4];
    for (cut, segment) in segments.iter_mut().enumerate().take(cuts) {
        if let Some(name) = reading.text(first + cut) {
            *segment = segment_of(&name);
            names.entry(*segment).or_insert(name);
        }
    }
    segments
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::project::load;

    const SETTINGS: &str = "name = \"b\"\ntime.from = \"2026-01\"\n\
        [sources.c]\nkind = \"survey\"\nquestionnaire = \"client\"\nfiles = [\"c.csv\"]\n";
    const QUESTIONNAIRES: &str = "[client]\n\
        [[client.items]]\ncode = \"q1\"\ntext = \"One\"\nscale = [1, 5]\nkind = \"satisfaction\"\n\
        [[client.items]]\ncode = \"old\"\ncolumn = \"q2\"\ntext = \"Two\"\nscale = [1, 10]\nkind = \"other\"\n\
        valid_to = 2026-01-31\nnot_applicable = [99]\n\
        [[client.items]]\ncode = \"new\"\ncolumn = \"q2\"\ntext = \"Two\"\nscale = [1, 5]\nkind = \"other\"\n\
        valid_from = 2026-03-01\n";

    /// Levels of the accepted rows, line and reasons of the others, and the answers that nobody asked for.
    type Told = (Vec<Vec<i16>>, Vec<(u64, Vec<&'static str>)>, BTreeMap<String, u64>);

    fn check(rows: &str) -> Told {
        let folder = tempfile::tempdir().unwrap();
        std::fs::create_dir(folder.path().join("registers")).unwrap();
        let write = |name: &str, text: &str| std::fs::write(folder.path().join(name), text).unwrap();
        write("concord.toml", SETTINGS);
        write("registers/departments.csv", "code,profile\neast,branch\n");
        write("registers/questionnaires.toml", QUESTIONNAIRES);
        write("c.csv", &format!("response,department,date,completed_at,recorded_at,q1,q2\n{rows}"));
        let project = load(folder.path(), None).unwrap();
        let path = folder.path().join("c.csv");
        let (registers, mut levels) = (Registers::new(&project), Vec::new());
        let take = &mut |answer: Answer| {
            levels.push(answer.levels.to_vec());
            Ok(())
        };
        let source = &project.sources[0];
        let checked = check_answers(&registers, source, (&path, 0), &mut BTreeMap::new(), take).unwrap();
        let reasons = |row: &crate::check::Quarantined| {
            (row.line, row.faults.iter().map(|fault| fault.reason).collect())
        };
        (levels, checked.quarantined.iter().map(reasons).collect(), checked.unasked)
    }

    #[test]
    fn answers_to_a_question_that_was_not_asked_that_day_are_told() {
        const M: i16 = MISSING;
        let (levels, aside, unasked) = check(
            "1,east,2026-01-05,,,4,7\n2,east,2026-02-05,,,4,7\n3,east,2026-02-06,,,4,\n4,east,2026-02-07,,,4,99\n\
            5,east,2026-03-05,,,4,3\n6,east,2026-02-08,,,,5\n",
        );
        assert_eq!(levels, [[4, 7, M], [4, M, M], [4, M, M], [4, M, M], [4, M, 3]]);
        // The quarantine keeps the last row's answer.
        assert_eq!(aside, [(7, vec!["all_answers_missing"])]);
        assert_eq!(unasked, BTreeMap::from([("q2".to_owned(), 1)]));
    }

    #[test]
    fn an_answer_is_not_known_before_it_was_given() {
        let (levels, aside, _) = check(
            "1,east,2026-01-05,2026-01-07,2026-01-07,4,\n2,east,2026-01-05,,2026-01-04,4,\n\
            3,east,2026-01-05,2026-01-07,2026-01-06,4,\n",
        );
        assert_eq!(levels.len(), 1);
        assert_eq!(aside, [3, 4].map(|line| (line, vec!["recorded_before_event"])));
    }
}
