//! Interview rows: one behaviour that one coder found in one interview, or how many of one competency.

use std::path::Path;

use super::reading::{Content, Reading, day_of};
use super::{Checked, Place, Registers, Take, check_file, wanted};
use crate::error::Result;
use crate::month::Day;
use crate::project::Source;

/// Canonical columns, and whether a file must have them.
pub(super) const COLUMNS: [(&str, bool); 10] = [
    ("interview", true),
    ("person", true),
    ("group", true),
    ("competency", true),
    ("coder", true),
    ("behaviour", false),
    ("behaviours", false),
    ("level", false),
    ("minutes", true),
    ("date", true),
];
const INTERVIEW: usize = 0;
const PERSON: usize = 1;
const GROUP: usize = 2;
const COMPETENCY: usize = 3;
const CODER: usize = 4;
const BEHAVIOUR: usize = 5;
const BEHAVIOURS: usize = 6;
const LEVEL: usize = 7;
const MINUTES: usize = 8;
const DATE: usize = 9;

/// Most minutes of one interview, and most behaviours of one row: slips of the pen are larger.
const MOST: u64 = 10_000;

/// What one row of an interview says.
#[derive(Debug, Clone, PartialEq)]
pub struct Behaviour {
    /// Keyed hash of the behaviour's id; where rows carry counts, of interview, coder, competency and level.
    pub id: u128,
    /// Hash of everything the row says.
    pub content: u64,
    /// Where it stands.
    pub place: Place,
    /// Keyed hash of the interview's id.
    pub interview: u128,
    /// Position of the person.
    pub person: u32,
    /// Position of the group in the code book.
    pub group: u32,
    /// Position of the competency in the code book.
    pub competency: u32,
    /// Keyed hash of the coder.
    pub coder: u128,
    /// Level of the behaviours, if coded.
    pub level: Option<i16>,
    /// Behaviours.
    pub n: u64,
    /// Minutes of the interview.
    pub minutes: u64,
    /// Day of the interview.
    pub day: Day,
}

/// Checks one file of interview rows and hands those it understands to `take`.
pub fn check_interviews(
    registers: &Registers<'_>,
    source: &Source,
    (path, file): (&Path, u32),
    take: Take<'_, Behaviour>,
) -> Result<Checked> {
    let row = |reading: &mut Reading<'_>| {
        behaviour(reading, registers).map(|one| Behaviour { place: Place { file, ..one.place }, ..one })
    };
    check_file(path, &wanted(registers.project, source), row, take)
}

fn behaviour(reading: &mut Reading<'_>, registers: &Registers<'_>) -> Option<Behaviour> {
    let (book, time) = (&registers.project.interviews, &registers.project.time);
    let interview = reading.required(INTERVIEW);
    reading.required(PERSON);
    let person = reading.person(registers, PERSON);
    let place = |position: Option<usize>| position.and_then(|position| u32::try_from(position).ok());
    let group = reading.known((GROUP, "unknown_code"), |code| place(book.group(code)));
    let competency = reading.known((COMPETENCY, "unknown_competency"), |code| place(book.competency(code)));
    let coder = reading.required(CODER);
    let named = reading.text(BEHAVIOUR);
    // A row is one behaviour with an id of its own, or says how many there were: else two alike could not be told from one twice.
    let n = match named {
        Some(_) if reading.text(BEHAVIOURS).is_none() => Some(1),
        _ => reading.required(BEHAVIOURS).and_then(|_| number(reading, BEHAVIOURS, 0)),
    };
    let level = reading.integer(LEVEL, "level_outside_scale").and_then(|level| i16::try_from(level).ok());
    let minutes = reading.required(MINUTES).and_then(|_| number(reading, MINUTES, 1));
    let day = reading.required_instant(DATE).map(day_of);
    reading.within(DATE, day, time.from, time.to);
    if book.fixed.is_some_and(|fixed| day.is_some_and(|day| day <= fixed)) {
        reading.fault(DATE, "before_groups_fixed");
    }
    let (interview, coder) = (interview?, coder?);
    let texts = [&interview, &coder, &reading.text(COMPETENCY)?, &reading.text(LEVEL).unwrap_or_default()];
    let own = named.unwrap_or_else(|| texts.map(String::as_str).join("\u{1}"));
    let (person, group, competency, n, minutes, day) = (person?, group?, competency?, n?, minutes?, day?);
    let numbers = [i64::from(person), i64::from(group), n as i64, minutes as i64, i64::from(day.0)];
    let content = numbers.into_iter().fold(Content::new(), |content, number| content.add(Some(number)));
    Some(Behaviour {
        id: registers.hash("behaviour", &own),
        content: texts.into_iter().fold(content, |content, text| content.text(text)).finish(),
        place: Place { file: 0, line: reading.line() },
        interview: registers.hash("interview", &interview),
        person,
        group,
        competency,
        coder: registers.hash("coder", &coder),
        level,
        n,
        minutes,
        day,
    })
}

fn number(reading: &mut Reading<'_>, column: usize, least: u64) -> Option<u64> {
    let value = reading.count(column)?;
    if !(least..=MOST).contains(&value) {
        reading.fault(column, "code_out_of_range");
        return None;
    }
    Some(value)
}
