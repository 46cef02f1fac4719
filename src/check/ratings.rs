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

/// An indicator of a competency, written `LEVEL.NUMBER`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Indicator {
    /// The level that it shows; negative behaviour at level 0.
    pub level: i16,
    /// Its number among the level's indicators, from 1.
    pub number: u16,
}

impl Indicator {
    /// Reads `LEVEL.NUMBER`; nothing of anything else.
    pub fn parse(text: &str) -> Option<Self> {
        let (level, number) = text.split_once('.')?;
        let own = Self { level: level.parse().ok()?, number: number.parse().ok()? };
        // One indicator has one name: `1.01` and `+1.1` would be answers beside those of `1.1`.
        (own.number > 0 && own.to_string() == text).then_some(own)
    }
}

impl std::fmt::Display for Indicator {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{}.{}", self.level, self.number)
    }
}

impl Relation {
    /// Every relation with its code in the data.
    pub const ALL: [(&'static str, Self); 4] =
        [("self", Self::Own), ("manager", Self::Manager), ("peer", Self::Peer), ("customer", Self::Customer)];

    /// Returns the code in the data.
    pub fn code(self) -> &'static str {
        Self::ALL.iter().find(|(_, one)| *one == self).map_or("", |(code, _)| code)
    }
}

impl Observation {
    const WORDS: [(&'static str, Self); 3] =
        [("seen", Self::Seen), ("not_seen", Self::NotSeen), ("no_opportunity", Self::NoOpportunity)];

    /// Reads what is said of an indicator.
    fn of_indicator(text: &str) -> Option<Self> {
        Self::WORDS.iter().find(|(word, _)| *word == text).map(|(_, one)| *one)
    }

    /// Reads what [`Self::word`] writes.
    pub fn parse(word: &str) -> Option<Self> {
        Self::of_indicator(word).or_else(|| word.parse().ok().map(Self::Level))
    }

    /// Returns the level, or the word for what was seen.
    pub fn word(self) -> String {
        match self {
            Self::Level(level) => level.to_string(),
            other => {
                Self::WORDS.iter().find(|(_, one)| *one == other).map_or("", |(word, _)| word).to_owned()
            }
        }
    }
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
    /// Keyed hash of the rater; where the row names none, of the rating, so that each such row is a rater of its own.
    pub rater: u64,
    /// Position of the competency.
    pub competency: u32,
    /// The indicator that was looked for; nothing where a level was given.
    pub indicator: Option<Indicator>,
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
    rater(reading, relation);
    let competency = competency(reading, registers);
    let indicator = indicator(reading, registers, competency);
    let observation = match indicator {
        None => level(reading, registers, competency),
        Some(_) => seen(reading),
    };
    let day = reading.required_instant(DATE).map(day_of);
    // A first assessment may lie up to a year before the project's first month and still tell today's level.
    reading.within(DATE, day, time.from.plus(-12), time.to);
    let recorded = reading.instant(RECORDED).map(day_of);
    let (person, relation, competency, observation, day) =
        (person?, relation?, competency?, observation?, day?);
    let indicator = match indicator {
        Some(found) => Some(found?),
        None => None,
    };
    let texts = [PERSON, RATER, RELATION, COMPETENCY, INDICATOR]
        .map(|column| reading.text(column).unwrap_or_default());
    let said = [LEVEL, SEEN].map(|column| reading.text(column).unwrap_or_default());
    let content = texts
        .iter()
        .chain(&said)
        .fold(Content::new().add(Some(i64::from(day.0))), |content, text| content.text(text));
    let id = reading.text(RATING).unwrap_or_else(|| format!("{}\u{1}{}", texts.join("\u{1}"), day.0));
    let rater = reading.text(RATER).unwrap_or_else(|| format!("\u{1}{id}"));
    Some(Rating {
        id: registers.hash("rating", &id),
        content: content.finish(),
        place: Place { file: 0, line: reading.line() },
        person,
        relation,
        // Half of the hash tells raters apart as surely as is needed.
        rater: registers.hash("rater", &rater) as u64,
        competency,
        indicator,
        observation,
        day,
        recorded: recorded.unwrap_or(day),
    })
}

/// Notes a person who is named as somebody else's rater of himself: his word is not that of a manager or a colleague.
fn rater(reading: &mut Reading<'_>, relation: Option<Relation>) {
    let is_other = relation.is_some_and(|relation| relation != Relation::Own);
    let rater = reading.text(RATER);
    if is_other && rater.is_some() && rater == reading.text(PERSON) {
        reading.fault(RATER, "rater_is_the_person");
    }
}

fn relation(reading: &mut Reading<'_>) -> Option<Relation> {
    let text = reading.required(RELATION)?.to_lowercase();
    let relation = Relation::ALL.iter().find(|(code, _)| *code == text).map(|(_, one)| *one);
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

/// Reads the indicator: nothing where the row names none, nothing inside where the register does not know it.
fn indicator(
    reading: &mut Reading<'_>,
    registers: &Registers<'_>,
    competency: Option<u32>,
) -> Option<Option<Indicator>> {
    let text = reading.text(INDICATOR)?;
    let declared = |one: &Indicator| {
        let Some(competency) = competency.map(|index| &registers.project.competencies[index as usize]) else {
            return true;
        };
        let texts = competency.levels.get(&i32::from(one.level));
        texts.is_some_and(|texts| usize::from(one.number) <= texts.len())
    };
    let indicator = Indicator::parse(&text).filter(declared);
    if indicator.is_none() {
        reading.fault(INDICATOR, "unknown_indicator");
    }
    Some(indicator)
}

fn seen(reading: &mut Reading<'_>) -> Option<Observation> {
    let seen = Observation::of_indicator(&reading.required(SEEN)?.to_lowercase());
    if seen.is_none() {
        reading.fault(SEEN, "unknown_code");
    }
    seen
}

/// Reads a level; of a competency with bands it is the level whose band holds the points.
fn level(
    reading: &mut Reading<'_>,
    registers: &Registers<'_>,
    competency: Option<u32>,
) -> Option<Observation> {
    reading.required(LEVEL)?;
    let said = reading.integer(LEVEL, "level_outside_scale")?;
    let all = &registers.project.competencies;
    // A level that no competency's scale holds is wrong whichever competency was meant.
    let scales = competency.map_or(all.as_slice(), |index| &all[index as usize..=index as usize]);
    let level = scales.iter().find_map(|competency| competency.level_of(said));
    if level.is_none() {
        reading.fault(LEVEL, "level_outside_scale");
    }
    i16::try_from(level?).ok().map(Observation::Level)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn indicators_are_a_level_and_a_number_from_1() {
        assert_eq!(Indicator::parse("2.1"), Some(Indicator { level: 2, number: 1 }));
        assert_eq!(Indicator { level: 0, number: 12 }.to_string(), "0.12");
        for text in ["", "2", "2.", ".1", "2.0", "2.01", "+2.1", "2.+1", "2.1.1", "two.1", "2,1", "99999.1"] {
            assert_eq!(Indicator::parse(text), None, "{text}");
        }
    }

    #[test]
    fn what_was_said_is_read_back_as_written() {
        for said in [Observation::Level(3), Observation::Level(0), Observation::Seen, Observation::NotSeen] {
            assert_eq!(Observation::parse(&said.word()), Some(said));
        }
        assert_eq!(Observation::parse("perhaps"), None);
        assert!(Relation::ALL.iter().all(|(code, one)| one.code() == *code));
    }
}
