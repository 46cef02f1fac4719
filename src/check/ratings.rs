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

    /// Returns the relation of a code, in capitals or not.
    fn of(code: &str) -> Option<Self> {
        let code = code.to_lowercase();
        Self::ALL.iter().find(|(own, _)| *own == code).map(|(_, one)| *one)
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
    /// Keyed hash of the rater. Nobody knows how many those are whom rows do not name: of a person and relation they are one.
    pub rater: u64,
    /// Whether it is known who rated: the row names the rater, or says that it is the person.
    pub is_named: bool,
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
    let relation = reading.known((RELATION, "unknown_code"), Relation::of);
    let rater = rater(reading, (person, relation));
    let competency = reading.known((COMPETENCY, "unknown_competency"), |code| {
        registers.project.competency(code).and_then(|index| u32::try_from(index).ok())
    });
    let indicator = indicator(reading, registers, competency);
    let observation = match indicator {
        None => level(reading, registers, competency),
        Some(_) => {
            reading.known((SEEN, "unknown_code"), |word| Observation::of_indicator(&word.to_lowercase()))
        }
    };
    let day = reading.required_instant(DATE).map(day_of);
    // A first assessment may lie up to a year before the project's first month and still tell today's level.
    reading.within(DATE, day, time.from.plus(-12), time.to);
    let recorded = reading.instant(RECORDED).map(day_of);
    reading.known_since(RECORDED, recorded, day);
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
    let nameless = || format!("\u{1}{person}\u{1}{}", relation.code());
    Some(Rating {
        id: registers.hash("rating", &id),
        content: content.finish(),
        place: Place { file: 0, line: reading.line() },
        person,
        relation,
        // Half of the hash tells raters apart as surely as is needed.
        rater: registers.hash("rater", &rater.clone().unwrap_or_else(nameless)) as u64,
        is_named: rater.is_some(),
        competency,
        indicator,
        observation,
        day,
        recorded: recorded.unwrap_or(day),
    })
}

/// Reads who rated; of a rating of oneself it is the person, named or not.
///
/// Faults: oneself is told to be somebody else, or somebody else to be oneself. Raters need not be among the people: managers sit elsewhere,
/// and customers come from outside.
fn rater(reading: &mut Reading<'_>, (person, relation): (Option<u32>, Option<Relation>)) -> Option<String> {
    let own = reading.text(PERSON);
    let rater = reading.text(RATER);
    let (true, Some(relation)) = (rater.is_some(), relation) else {
        return rater.or(own.filter(|_| relation == Some(Relation::Own)));
    };
    let is_own = rater == own;
    if is_own != (relation == Relation::Own) {
        let reason = if is_own { "rater_is_the_person" } else { "rater_is_not_the_person" };
        if person.is_some() {
            reading.fault(RATER, reason);
        }
    }
    rater
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

    const SETTINGS: &str =
        "name = \"b\"\ntime.from = \"2026-01\"\n[sources.r]\nkind = \"competency\"\nfiles = [\"r.csv\"]\n";

    /// Checks rows of two people and one competency: the accepted ones, and line and reasons of the others.
    fn check(rows: &str) -> (Vec<Rating>, Vec<(u64, Vec<&'static str>)>) {
        let folder = tempfile::tempdir().unwrap();
        std::fs::create_dir(folder.path().join("registers")).unwrap();
        let write = |name: &str, text: &str| std::fs::write(folder.path().join(name), text).unwrap();
        write("concord.toml", SETTINGS);
        write("registers/departments.csv", "code,profile\neast,branch\n");
        write("registers/people.csv", "person,department,role\np1,east,teller\np2,east,teller\n");
        write("registers/competencies.toml", "[[competency]]\ncode = \"A\"\nname = \"Attentive\"\n");
        write("r.csv", &format!("rating,person,rater,relation,level,date,recorded_at,competency\n{rows}"));
        let project = crate::project::load(folder.path(), None).unwrap();
        let path = folder.path().join("r.csv");
        let mut ratings = Vec::new();
        let take = &mut |rating: Rating| {
            ratings.push(rating);
            Ok(())
        };
        let checked =
            check_ratings(&Registers::new(&project), &project.sources[0], (&path, 0), take).unwrap();
        let reasons = |row: &crate::check::Quarantined| {
            (row.line, row.faults.iter().map(|fault| fault.reason).collect())
        };
        (ratings, checked.quarantined.iter().map(reasons).collect())
    }

    #[test]
    fn raters_are_people_who_can_say_it() {
        let (ratings, aside) = check(
            "1,p1,p1,manager,2,2026-01-05,,A\n2,p1,p2,self,2,2026-01-05,,A\n5,p9,p9,manager,2,2026-01-05,,A\n6,p1,p2,peer,2,2026-01-05,2026-01-04,A\n\
            3,p1,p9,peer,2,2026-01-05,,A\n4,p1,p9,manager,2,2026-01-05,,A\n7,p1,p2,PEER,2,2026-01-05,,A\n8,p1,X17,customer,2,2026-01-05,,A\n9,p1,p1,self,2,2026-01-05,,A\n",
        );
        let reasons =
            ["rater_is_the_person", "rater_is_not_the_person", "unknown_person", "recorded_before_event"];
        assert_eq!(aside, (2..).zip(reasons).map(|(line, reason)| (line, vec![reason])).collect::<Vec<_>>());
        assert_eq!(ratings.iter().map(|one| one.place.line).collect::<Vec<_>>(), [6, 7, 8, 9, 10]);
    }

    #[test]
    fn raters_whom_rows_do_not_name_are_one_of_a_person_and_relation() {
        let (ratings, aside) = check(
            "1,p1,,peer,2,2026-01-05,,A\n2,p1,,peer,3,2026-01-05,,A\n3,p1,,manager,2,2026-01-05,,A\n\
            4,p2,,peer,2,2026-01-05,,A\n5,p1,,self,2,2026-01-05,,A\n6,p1,p1,self,2,2026-01-06,,A\n",
        );
        assert_eq!(aside, []);
        let raters: Vec<u64> = ratings.iter().map(|one| one.rater).collect();
        assert_eq!((raters[0], raters[4]), (raters[1], raters[5]));
        assert!(raters[0] != raters[2] && raters[0] != raters[3] && raters[2] != raters[3]);
        let named: Vec<bool> = ratings.iter().map(|one| one.is_named).collect();
        assert_eq!(named, [false, false, false, false, true, true], "of oneself it is known who rates");
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
