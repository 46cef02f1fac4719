//! The attained state of each person in each competency, and how many people are in each.
//!
//! Where raters were asked for indicators, these decide. Else the consensus of the levels given is their lower median; at 0 it rests on two
//! raters at least, which confirms it. Level 0 is negative behaviour: declared indicators of it, else ratings of level 0.

use std::collections::BTreeMap;

use super::{Judged, MIN_RATERS, Subject, WHOLE, of_unit};
use crate::check::{Indicator, Relation};
use crate::project::{Competency, Project};
use crate::stats::Reason;
use crate::stats::levels::{Form, State, attained};

/// Where a person stands, as it is counted.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Attainment {
    /// Negative behaviour, confirmed by the manager or by two raters.
    Zero,
    /// The first level is not reached, and no negative behaviour is confirmed.
    BelowFirst,
    /// The highest level reached.
    Level(u32),
    /// Nothing of the first level could be seen.
    NotObserved,
    /// Confirmed negative behaviour together with level 2 or above.
    Contradictory,
    /// Fewer than [`MIN_RATERS`] others spoke of it.
    FewRaters,
}

impl Attainment {
    /// Returns its code in feeds.
    pub fn code(self) -> String {
        match self {
            Self::Zero => "0".into(),
            Self::BelowFirst => "below_1".into(),
            Self::Level(level) => level.to_string(),
            Self::NotObserved => "not_observed".into(),
            Self::Contradictory => "contradictory".into(),
            Self::FewRaters => "few_raters".into(),
        }
    }

    fn of(state: State) -> Self {
        match state {
            State::Zero => Self::Zero,
            State::BelowFirst => Self::BelowFirst,
            State::Level(level) => Self::Level(level),
            State::NotObserved => Self::NotObserved,
            State::Contradictory => Self::Contradictory,
        }
    }
}

/// How many people of a department are in which state of a competency.
#[derive(Debug, Clone, PartialEq)]
pub struct States {
    /// Position of the department, or [`WHOLE`].
    pub department: u32,
    /// Whether these are the heads alone; else everybody, heads among them.
    pub heads: bool,
    /// Position of the competency.
    pub competency: u32,
    /// People assessed on it.
    pub people: Result<u64, Reason>,
    /// People in each state, every possible state once.
    pub counts: Vec<(Attainment, Result<u64, Reason>)>,
    /// Indicators on which the raters of a person are divided, over all people; not measured where only levels were given.
    pub divided: Result<u64, Reason>,
}

/// Counts the states: of everybody by department and in the whole, of heads in the whole.
pub(super) fn states(project: &Project, subjects: &[Subject], units: &[u32]) -> Vec<States> {
    let competencies = || (0..).zip(&project.competencies);
    let groups = units.iter().map(|&unit| (unit, false)).chain([(WHOLE, true)]);
    let of = |(unit, heads): (u32, bool)| {
        competencies().filter_map(move |(place, own)| {
            let people = of_unit(subjects, unit).filter(|subject| subject.head || !heads);
            count(project, (place, own), people).map(|found| States { department: unit, heads, ..found })
        })
    };
    groups.flat_map(of).collect()
}

fn count<'s>(
    project: &Project,
    (place, competency): (u32, &Competency),
    people: impl Iterator<Item = &'s Subject>,
) -> Option<States> {
    let mut counts: BTreeMap<Attainment, u64> = BTreeMap::new();
    let (mut divided, mut by_indicators) = (0, false);
    for judged in people.filter_map(|subject| subject.judged.get(&place)) {
        by_indicators |= !judged.seen.is_empty();
        let (state, own) = state(competency, judged, project.needed)?;
        *counts.entry(state).or_default() += 1;
        divided += own;
    }
    let people: u64 = counts.values().sum();
    let levels = (1..=competency.high).filter_map(|level| u32::try_from(level).ok()).map(Attainment::Level);
    let ends = [Attainment::NotObserved, Attainment::Contradictory, Attainment::FewRaters];
    let all = [Attainment::Zero, Attainment::BelowFirst].into_iter().chain(levels).chain(ends);
    (people > 0).then(|| States {
        department: WHOLE,
        heads: false,
        competency: place,
        people: Ok(people),
        counts: all.map(|state| (state, Ok(counts.get(&state).copied().unwrap_or(0)))).collect(),
        divided: if by_indicators { Ok(divided) } else { Err(Reason::NotMeasured) },
    })
}

/// Returns the state of one person and the number of indicators on which raters are divided; nothing for a scale without levels above 0.
pub(super) fn state(competency: &Competency, judged: &Judged, needed: f64) -> Option<(Attainment, u64)> {
    let raters = judged.raters();
    if raters.len() < MIN_RATERS {
        return Some((Attainment::FewRaters, 0));
    }
    if judged.seen.is_empty() {
        return Some((by_levels(judged)?, 0));
    }
    let (indicators, levels) = looked_for(competency);
    let forms: Vec<Form> =
        raters.iter().map(|&(relation, rater)| form(judged, &indicators, (relation, rater))).collect();
    let found = attained(&forms, &levels, needed).ok()?;
    let is_by_indicators = indicators.iter().any(|one| matches!(one, Looked::For(_)));
    Some((Attainment::of(found.state), if is_by_indicators { found.divided } else { 0 }))
}

/// The consensus of raters who gave levels alone.
fn by_levels(judged: &Judged) -> Option<Attainment> {
    let level = u32::try_from(judged.level()?).ok().filter(|level| *level > 0);
    Some(level.map_or(Attainment::Zero, Attainment::Level))
}

/// What a rater's answers are held against.
#[derive(Debug, Clone, Copy, PartialEq)]
enum Looked {
    /// An indicator of the register.
    For(Indicator),
    /// A given level of 0.
    AtZero,
}

/// Lists what is looked for, and the level of each.
fn looked_for(competency: &Competency) -> (Vec<Looked>, Vec<u32>) {
    let mut looked: Vec<(Looked, u32)> = Vec::new();
    for (level, texts) in &competency.levels {
        let Ok((short, natural)) =
            i16::try_from(*level).and_then(|short| Ok((short, u32::try_from(*level)?)))
        else {
            continue;
        };
        let numbers = (1..).take(texts.len());
        looked.extend(numbers.map(|number| (Looked::For(Indicator { level: short, number }), natural)));
    }
    if competency.low <= 0 && !looked.iter().any(|(_, level)| *level == 0) {
        looked.push((Looked::AtZero, 0));
    }
    looked.into_iter().unzip()
}

fn form(judged: &Judged, looked: &[Looked], rater: (Relation, u64)) -> Form {
    let given = judged.levels.iter().find(|one| (one.0, one.1) == rater).map(|one| one.2);
    let answer = |one: &Looked| match one {
        Looked::For(indicator) => {
            let own = judged.seen.iter().find(|seen| (seen.0, seen.1) == rater && seen.2 == *indicator);
            own.and_then(|own| own.3)
        }
        Looked::AtZero => given.map(|given| given <= 0),
    };
    Form { manager: rater.0 == Relation::Manager, seen: looked.iter().map(answer).collect() }
}
