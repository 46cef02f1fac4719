//! Competency rows: one rating of one person on one competency, or of one indicator, by one rater.

use std::path::Path;

use super::reading::{Content, Reading, day_of};
use super::{Checked, Place, Registers, Take, check_file, wanted};
use crate::error::Result;
use crate::month::Day;
use crate::project::Source;

/// Canonical columns, and whether a file must have them.
pub(super) const COLUMNS: [(&str, bool); 10] = [
    ("rating", false),
    ("person", true),
    ("rater", false),
    ("relation", true),
    ("competency", true),
    ("level", false),
    ("indicator", false),
    ("seen", false),
    ("date", true),
    ("recorded_at", false),
];
const RATING: usize = 0;
const PERSON: usize = 1;
const RATER: usize = 2;
const RELATION: usize = 3;
const COMPETENCY: usize = 4;
const LEVEL: usize = 5;
const INDICATOR: usize = 6;
const SEEN: usize = 7;
const DATE: usize = 8;
const RECORDED: usize = 9;

/// What the rater is to the person.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Relation {
    /// The person.
    Own,
    /// The person's manager.
    Manager,
    /// A colleague.
    Peer,
    /// A customer.
    Customer,
}

/// What a rating says.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Observation {
    /// A level on the competency's scale.
    Level(i16),
    /// An indicator was seen.
    Seen,
    /// An indicator was looked for and not seen.
    NotSeen,
    /// There was no opportunity to see the indicator.
    NoOpportunity,
}

/// One rating.
#[derive(Debug, Clone, PartialEq)]
pub struct Rating {
    /// Keyed hash of the rating's id, or of person, rater, competency, indicator and day where rows carry none.
    pub id: u128,
    /// Hash of everything the row says.
    pub content: u64,
    /// Where it stands.
    pub place: Place,
    /// Position of the person.
    pub person: u32,
    /// What the rater is to the person.
    pub relation: Relation,
    /// Position of the competency.
    pub competency: u32,
    /// What was said.
    pub observation: Observation,
    /// Day of the assessment.
    pub day: Day,
    /// Day from which the row was known.
    pub recorded: Day,
}

/// Checks one file of competency rows and hands those it understands to `take`.
pub fn check_ratings(
    registers: &Registers<'_>,
    source: &Source,
    (path, file): (&Path, u32),
    take: Take<'_, Rating>,
) -> Result<Checked> {
    let row = |reading: &mut Reading<'_>| {
        rating(reading, registers).map(|rating| Rating { place: Place { file, ..rating.place }, ..rating })
    };
    check_file(path, &wanted(registers.project, source), row, take)
}

fn rating(reading: &mut Reading<'_>, registers: &Registers<'_>) -> Option<Rating> {
    let time = &registers.project.time;
    reading.required(PERSON);
    let person = reading.person(registers, PERSON);
    let relation = relation(reading);
    let competency = competency(reading, registers);
    let observation = observation(reading, registers, competency);
    let day = reading.required_instant(DATE).map(day_of);
    // A first assessment may lie up to a year before the project's first month and still tell today's level.
    reading.within(DATE, day, time.from.plus(-12), time.to);
    let recorded = reading.instant(RECORDED).map(day_of);
    let (person, relation, competency, observation, day) =
        (person?, relation?, competency?, observation?, day?);
    let texts = [PERSON, RATER, RELATION, COMPETENCY, INDICATOR]
        .map(|column| reading.text(column).unwrap_or_default());
    let said = [LEVEL, SEEN].map(|column| reading.text(column).unwrap_or_default());
    let content = texts
        .iter()
        .chain(&said)
        .fold(Content::new().add(Some(i64::from(day.0))), |content, text| content.text(text));
    let id = reading.text(RATING).unwrap_or_else(|| format!("{}\u{1}{}", texts.join("\u{1}"), day.0));
    Some(Rating {
        id: registers.hash("rating", &id),
        content: content.finish(),
        place: Place { file: 0, line: reading.line() },
        person,
        relation,
        competency,
        observation,
        day,
        recorded: recorded.unwrap_or(day),
    })
}

fn relation(reading: &mut Reading<'_>) -> Option<Relation> {
    let relation = match reading.required(RELATION)?.to_lowercase().as_str() {
        "self" => Some(Relation::Own),
        "manager" => Some(Relation::Manager),
        "peer" => Some(Relation::Peer),
        "customer" => Some(Relation::Customer),
        _ => None,
    };
    if relation.is_none() {
        reading.fault(RELATION, "unknown_code");
    }
    relation
}

fn competency(reading: &mut Reading<'_>, registers: &Registers<'_>) -> Option<u32> {
    let code = reading.required(COMPETENCY)?;
    let competency = registers.project.competency(&code).and_then(|index| u32::try_from(index).ok());
    if competency.is_none() {
        reading.fault(COMPETENCY, "unknown_competency");
    }
    competency
}

fn observation(
    reading: &mut Reading<'_>,
    registers: &Registers<'_>,
    competency: Option<u32>,
) -> Option<Observation> {
    if reading.text(INDICATOR).is_some() {
        let seen = match reading.required(SEEN)?.to_lowercase().as_str() {
            "seen" => Some(Observation::Seen),
            "not_seen" => Some(Observation::NotSeen),
            "no_opportunity" => Some(Observation::NoOpportunity),
            _ => None,
        };
        if seen.is_none() {
            reading.fault(SEEN, "unknown_code");
        }
        return seen;
    }
    reading.required(LEVEL)?;
    let level = reading.integer(LEVEL, "level_outside_scale")?;
    let all = &registers.project.competencies;
    // A level that no competency's scale holds is wrong whichever competency was meant.
    let scales = competency.map_or(all.as_slice(), |index| &all[index as usize..=index as usize]);
    if !scales.iter().any(|competency| (competency.low..=competency.high).contains(&level)) {
        reading.fault(LEVEL, "level_outside_scale");
        return None;
    }
    i16::try_from(level).ok().map(Observation::Level)
}
