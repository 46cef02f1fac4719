//! What is withheld of competency beside its measures: standings, numbers of people in each state, changes, what is missing.
//!
//! In: figures with the number of people behind them. Out: the same, with what few people stand behind withheld, and what that would follow
//! from. Of a department, states are told in full or not at all: missing levels are sums over them, from which a withheld one would follow.

use std::collections::BTreeSet;

use super::complement::{Behind, Groups, complete};
use super::measures::{Hidden, Rule, protect_each_other};
use crate::measure::{Assessed, Attained, Attainment, Change, Code, Required, Split, States, WHOLE};
use crate::month::{Month, Quarter};
use crate::project::Project;
use crate::stats::Reason;

/// People whose coming, going or other level may not make a whole change.
const ONE_OR_TWO: std::ops::RangeInclusive<u64> = 1..=2;

/// What else is told of the same people.
pub(super) struct Told<'a> {
    pub(super) project: &'a Project,
    /// The reported month.
    pub(super) month: Month,
    /// Departments and competencies whose states are told.
    pub(super) stated: &'a BTreeSet<(u32, u32)>,
    /// Departments and competencies whose share does not tell too much beside the missing levels.
    pub(super) beside: &'a BTreeSet<(u32, u32)>,
    /// Measures that are withheld.
    pub(super) hidden: &'a Hidden,
}

impl Told<'_> {
    /// Returns whose states are told although a share or the missing levels, which follow from them, are withheld.
    pub(super) fn contradicted(&self, assessed: &Assessed, rule: Rule<'_>) -> BTreeSet<(u32, u32)> {
        let without = without_missing(&assessed.shortfall, rule, self);
        let is_withheld = |place: &&(u32, u32)| {
            let code = &self.project.competencies[place.1 as usize].code;
            let mut shares = [Attained::Required, Attained::LevelZero].into_iter();
            without.contains(place)
                || shares.any(|kind| {
                    self.hidden.contains(&Code::Competency(kind, code.clone()), self.month, place.0)
                })
        };
        self.stated.iter().filter(|place| place.0 != WHOLE).filter(is_withheld).copied().collect()
    }
}

/// Withholds what few people stand behind.
pub(super) fn hide(assessed: &mut Assessed, rule: Rule<'_>, told: &Told<'_>) {
    let least = rule.1;
    let hidden = of_few(assessed.standing.iter().map(|one| (one.department, one.people.unwrap_or(0))), rule);
    for one in assessed.standing.iter_mut().filter(|one| hidden.contains(&one.department)) {
        for figure in [&mut one.coverage, &mut one.agreement, &mut one.mean, &mut one.own_gap] {
            *figure = Err(Reason::Suppressed);
        }
        (one.icc1, one.icc2) = (Err(Reason::Suppressed), Err(Reason::Suppressed));
        (one.in_post, one.people) = (Err(Reason::Suppressed), Err(Reason::Suppressed));
    }
    // Of few heads one who stands out is known.
    assessed.raters = assessed.raters.and_then(|raters| match raters.heads {
        heads if heads < least => Err(Reason::Suppressed),
        _ => Ok(raters),
    });
    for one in assessed.scales.iter_mut().filter(|one| one.people < least) {
        (one.alpha, one.icc1, one.icc2) =
            (Err(Reason::Suppressed), Err(Reason::Suppressed), Err(Reason::Suppressed));
    }
    let quarter = assessed.quarter;
    hide_changes(&mut assessed.changes, rule, |back, department| {
        let then = quarter.map(|now| Quarter(now.0 - back).last_month());
        let is_hidden = |month: Month| told.hidden.contains(&Code::CompetencyShare, month, department);
        is_hidden(told.month) || then.is_some_and(is_hidden)
    });
    hide_states(&mut assessed.states, least, told.stated);
    let without = without_missing(&assessed.shortfall, rule, told);
    let hidden =
        assessed.shortfall.iter_mut().filter(|one| without.contains(&(one.department, one.competency)));
    hidden.for_each(|one| one.missing = Err(Reason::Suppressed));
}

/// Departments that may not be told of, and those from which they would follow.
fn withheld(
    groups: &Groups,
    units: &[(u32, Vec<u32>)],
    is_secret: impl Fn(u32) -> bool,
    may_tell: impl Fn(&Behind) -> bool,
) -> BTreeSet<u32> {
    let secret = groups.iter().filter(|(one, behind)| is_secret(**one) || !may_tell(behind));
    let mut hidden = secret.map(|(one, _)| *one).collect();
    complete(&mut hidden, groups, &leaves_under_the_whole(groups, units), may_tell);
    hidden
}

/// Departments with too few people, and those that would tell them.
fn of_few(people: impl Iterator<Item = (u32, u64)>, (units, least): Rule<'_>) -> BTreeSet<u32> {
    let people = people.filter(|(_, n)| *n > 0);
    let groups = people.map(|(one, people)| (one, Behind { people, counts: Vec::new() })).collect();
    withheld(&groups, units, |_| false, |behind| behind.people >= least)
}

/// Only departments and the whole have these figures, no unit between them.
fn leaves_under_the_whole(groups: &Groups, units: &[(u32, Vec<u32>)]) -> Vec<(u32, Vec<u32>)> {
    let is_unit = |one: &u32| units.iter().any(|(unit, _)| unit == one);
    vec![(WHOLE, groups.keys().copied().filter(|one| !is_unit(one)).collect())]
}

/// Returns the departments, or the whole, and competencies whose states may be told: enough people in each state in which there are any, not
/// all in one, and enough of whom the same level is required, since with the missing levels the states tell how the others stand. `untold`
/// names those that are withheld for another reason.
pub(super) fn stated(
    assessed: &Assessed,
    (units, least): Rule<'_>,
    untold: &BTreeSet<(u32, u32)>,
) -> BTreeSet<(u32, u32)> {
    let everybody = || assessed.states.iter().filter(|one| !one.heads);
    let competencies: BTreeSet<u32> = everybody().map(|one| one.competency).collect();
    let is_few_required = |place: (u32, u32)| {
        let required = assessed.shortfall.iter().find(|one| (one.department, one.competency) == place);
        place.0 != WHOLE && required.is_some_and(|one| one.fewest < least)
    };
    let mut stated = BTreeSet::new();
    for competency in competencies {
        let own = || everybody().filter(|one| one.competency == competency);
        let Some(whole) = own().find(|one| one.department == WHOLE) else { continue };
        let untold_states = withheld_states(whole, None, least);
        let is_secret = |department: u32| {
            let row = own().find(|one| one.department == department && department != WHOLE);
            let place = (department, competency);
            row.is_some_and(|row| !may_state(&behind_states(row, &[]), least))
                || untold.contains(&place)
                || is_few_required(place)
        };
        let groups = own().map(|one| (one.department, behind_states(one, &untold_states))).collect();
        let hidden = withheld(&groups, units, is_secret, |behind| may_state(behind, least));
        let told = groups.into_keys().filter(|department| !hidden.contains(department));
        stated.extend(told.map(|department| (department, competency)));
    }
    stated
}

/// The people in each state; in the withheld ones nobody is counted.
fn behind_states(row: &States, withheld: &[bool]) -> Behind {
    let is_withheld = |place: usize| withheld.get(place).copied().unwrap_or(false);
    let count = |(place, (_, n)): (usize, &(Attainment, Result<u64, Reason>))| {
        if is_withheld(place) { 0 } else { n.unwrap_or(0) }
    };
    Behind { people: row.people.unwrap_or(0), counts: row.counts.iter().enumerate().map(count).collect() }
}

fn may_state(behind: &Behind, least: u64) -> bool {
    let is_enough = |count: &u64| *count == 0 || (*count >= least && *count < behind.people);
    behind.people >= least && behind.counts.iter().all(is_enough)
}

/// Returns which counts of a single row are withheld: 1 to `least` − 1, also of those who are in `whole` and not in it, and the smallest
/// others until they are two at least, of `least` people together; all where everybody is in one state.
fn withheld_states(row: &States, whole: Option<&States>, least: u64) -> Vec<bool> {
    let counts = behind_states(row, &[]).counts;
    let people = row.people.unwrap_or(0);
    if people < least || counts.contains(&people) {
        return vec![true; counts.len()];
    }
    let others = whole.map(|whole| behind_states(whole, &[]).counts).unwrap_or_default();
    let is_few = |(place, count): (usize, &u64)| {
        let rest = others.get(place).map_or(0, |all| all.saturating_sub(*count));
        (1..least).contains(count) || (1..least).contains(&rest)
    };
    let mut hidden: Vec<bool> = counts.iter().enumerate().map(is_few).collect();
    // How many are at level 0 is a measure of its own, which protects nobody where it is told.
    let rank = |place: usize| (row.counts[place].0 == Attainment::Zero, counts[place] == 0, counts[place]);
    loop {
        let within: Vec<u64> =
            (0..counts.len()).filter(|place| hidden[*place]).map(|place| counts[place]).collect();
        if within.is_empty() || (within.len() >= 2 && within.iter().sum::<u64>() >= least) {
            return hidden;
        }
        let open = (0..counts.len()).filter(|place| !hidden[*place]);
        match open.min_by_key(|place| rank(*place)) {
            Some(place) => hidden[place] = true,
            None => return hidden,
        }
    }
}

/// Withholds the states that are not told, and of the whole and of the heads the counts of few people.
fn hide_states(states: &mut [States], least: u64, stated: &BTreeSet<(u32, u32)>) {
    let all: Vec<States> =
        states.iter().filter(|one| one.department == WHOLE && !one.heads).cloned().collect();
    for row in states {
        let whole = all.iter().find(|one| row.heads && one.competency == row.competency);
        let is_told = row.heads || stated.contains(&(row.department, row.competency));
        let is_apart = row.heads || row.department == WHOLE;
        let hidden = match (is_told, is_apart) {
            (false, _) => vec![true; row.counts.len()],
            (true, true) => withheld_states(row, whole, least),
            (true, false) => Vec::new(),
        };
        if !is_told || row.people.is_ok_and(|people| people < least) {
            row.people = Err(Reason::Suppressed);
        }
        for ((_, count), _) in row.counts.iter_mut().zip(&hidden).filter(|(_, hidden)| **hidden) {
            *count = Err(Reason::Suppressed);
        }
        if hidden.contains(&true) {
            row.divided = row.divided.and(Err(Reason::Suppressed));
        }
    }
}

/// Returns the departments and competencies whose share may be told beside the missing levels: from both follows how many people miss one
/// level, and how many two.
pub(super) fn beside(assessed: &Assessed, least: u64) -> BTreeSet<(u32, u32)> {
    let enough = assessed.shortfall.iter().filter(|one| one.fewest_alike >= least);
    enough.map(|one| (one.department, one.competency)).collect()
}

/// Returns where missing levels are withheld: few of them are few people, and so are few that are not missing. Where the share of a
/// department's competency is told that tells too much beside them, they are, too.
pub(super) fn without_missing(all: &[Required], rule: Rule<'_>, told: &Told<'_>) -> BTreeSet<(u32, u32)> {
    let competencies: BTreeSet<u32> = all.iter().map(|one| one.competency).collect();
    let mut secret = with_shares(all, told);
    loop {
        let mut hidden = BTreeSet::new();
        for &competency in &competencies {
            let own = all.iter().filter(|one| one.competency == competency);
            let groups =
                own.map(|one| (one.department, levels(one))).filter(|(_, one)| one.people > 0).collect();
            let is_secret = |department: u32| secret.contains(&(department, competency));
            let may_tell = |behind: &Behind| {
                behind.people >= rule.1 && behind.counts.iter().all(|count| *count >= rule.1)
            };
            let own = withheld(&groups, rule.0, is_secret, may_tell);
            hidden.extend(own.into_iter().map(|department| (department, competency)));
        }
        let before = secret.len();
        secret.extend(telling(all, &hidden, (rule.1, told)));
        if secret.len() == before {
            return hidden;
        }
    }
}

/// People, and how many levels they miss and have of those required.
fn levels(one: &Required) -> Behind {
    let Ok(figure) = one.missing else { return Behind::default() };
    let missing = ((figure.value * figure.n as f64).round() as u64).min(one.levels);
    Behind { people: figure.n, counts: vec![missing, one.levels - missing] }
}

/// Departments and competencies whose share is told and tells too much beside the missing levels.
fn with_shares(all: &[Required], told: &Told<'_>) -> BTreeSet<(u32, u32)> {
    let places = all.iter().map(|one| (one.department, one.competency)).filter(|place| place.0 != WHOLE);
    let is_own = |place: &(u32, u32)| {
        let own = told.hidden.competencies(told.month, place.0);
        let code = &told.project.competencies[place.1 as usize].code;
        let is_beside = told.stated.contains(place) || told.beside.contains(place);
        !is_beside && own.iter().any(|(name, _, is_hidden)| *name == code && !is_hidden)
    };
    places.filter(is_own).collect()
}

/// Where a single level is required of everybody, the missing levels are the share. Returns one of these in each department whose share of
/// all levels would otherwise tell the last competencies that are withheld.
fn telling(
    all: &[Required],
    hidden: &BTreeSet<(u32, u32)>,
    (least, told): (u64, &Told<'_>),
) -> BTreeSet<(u32, u32)> {
    let departments: BTreeSet<u32> =
        all.iter().map(|one| one.department).filter(|one| *one != WHOLE).collect();
    let telling = |department: u32| {
        let is_share = |one: &&Required| {
            let is_own = one.department == department && !hidden.contains(&(department, one.competency));
            is_own && one.missing.is_ok_and(|figure| figure.n == one.levels)
        };
        let shares: Vec<&Required> = all.iter().filter(is_share).collect();
        let code = |one: &Required| told.project.competencies[one.competency as usize].code.as_str();
        let own = told.hidden.competencies(told.month, department);
        let is_unknown = |(name, _, is_hidden): &&(&str, &Behind, bool)| {
            *is_hidden && !shares.iter().any(|one| code(one) == *name)
        };
        let is_sum_told = !told.hidden.contains(&Code::CompetencyShare, told.month, department);
        let is_safe = protect_each_other(own.iter().filter(is_unknown).map(|(_, behind, _)| *behind), least);
        let smallest = shares.iter().min_by_key(|one| one.levels).filter(|_| is_sum_told && !is_safe);
        smallest.map(|one| (department, one.competency))
    };
    departments.into_iter().filter_map(telling).collect()
}

fn hide_changes(changes: &mut [Change], rule: Rule<'_>, is_share_hidden: impl Fn(i32, u32) -> bool) {
    let least = rule.1;
    let backs: BTreeSet<i32> = changes.iter().map(|one| one.back).collect();
    for back in backs {
        let group = |one: &Change| Some((one.department, behind_change(one.split.as_ref().ok()?)));
        let groups = changes.iter().filter(|one| one.back == back).filter_map(group).collect();
        let is_secret = |department: u32| is_share_hidden(back, department);
        let may_tell =
            |behind: &Behind| behind.people >= least && behind.counts.iter().all(|count| *count >= least);
        let hidden = withheld(&groups, rule.0, is_secret, may_tell);
        for one in changes.iter_mut().filter(|one| one.back == back) {
            match &mut one.split {
                Ok(split) if !hidden.contains(&one.department) => hide_parts(split, least),
                Ok(_) => one.split = Err(Reason::Suppressed),
                Err(_) => {}
            }
        }
    }
}

/// People behind a change, and the levels that are reached and that are not, then and now.
fn behind_change(split: &Split) -> Behind {
    let shares = [split.before, split.now].map(|one| {
        one.map_or((0, 0, 0), |one| {
            let all = one.n_effective.round() as u64;
            let hits = ((one.value * one.n_effective).round() as u64).min(all);
            (one.n, hits, all - hits)
        })
    });
    let fewest = shares[0].0.min(shares[1].0);
    let people = if ONE_OR_TWO.contains(&split.accounts) { 1.min(fewest) } else { fewest };
    Behind { people, counts: shares.iter().flat_map(|one| [one.1, one.2]).collect() }
}

/// Hides parts of too few people; since the parts sum to the change, one or a few people alone among the hidden take the smallest other
/// part with them.
fn hide_parts(split: &mut Split, least: u64) {
    let sizes = split.parts.map(|part| part.people.unwrap_or(0));
    let mut hidden = sizes.map(|n| n > 0 && n < least);
    loop {
        let within: Vec<u64> =
            (0..sizes.len()).filter(|place| hidden[*place]).map(|place| sizes[place]).collect();
        if within.is_empty() || (within.len() >= 2 && within.iter().sum::<u64>() >= least) {
            break;
        }
        let open = (0..sizes.len()).filter(|place| !hidden[*place] && sizes[*place] > 0);
        match open.min_by_key(|place| sizes[*place]) {
            Some(place) => hidden[place] = true,
            None => break,
        }
    }
    for (part, _) in split.parts.iter_mut().zip(hidden).filter(|(_, hidden)| *hidden) {
        part.change = Err(Reason::Suppressed);
        part.people = Err(Reason::Suppressed);
    }
    for part in &mut split.parts {
        // How many of them moved is a count of people too, and so is how many did not.
        let others = part.people.unwrap_or(0).saturating_sub(part.moved.unwrap_or(0));
        let few = |n: u64| n > 0 && n < least;
        if part.people.is_err() || few(part.moved.unwrap_or(0)) || few(others) {
            part.moved = Err(Reason::Suppressed);
        }
    }
    split.accounts = 0;
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::project::sample;
    use crate::stats::{Estimate, Marks};

    const LEAST: u64 = 5;

    fn row(department: u32, counts: &[u64]) -> States {
        let levels = (0..).zip(counts).map(|(level, n)| (Attainment::Level(level), Ok(*n)));
        States {
            department,
            heads: false,
            competency: 0,
            people: Ok(counts.iter().sum()),
            counts: levels.collect(),
            divided: Err(Reason::NotMeasured),
        }
    }

    fn missing(department: u32, missing: u64, (people, levels): (u64, u64)) -> Required {
        let marks = Marks::default();
        let (value, n_effective) = (missing as f64 / people as f64, people as f64);
        let figure =
            Estimate { value, std_error: None, lower: None, upper: None, n: people, n_effective, marks };
        Required {
            department,
            competency: 0,
            missing: Ok(figure),
            levels,
            fewest_alike: people,
            fewest: people,
        }
    }

    fn told_of(states: Vec<States>, shortfall: Vec<Required>) -> Vec<u32> {
        let assessed = Assessed { states, shortfall, ..Assessed::default() };
        let stated = stated(&assessed, (&[], LEAST), &BTreeSet::new());
        stated.into_iter().map(|(department, _)| department).filter(|one| *one != WHOLE).collect()
    }

    #[test]
    fn states_are_told_in_full_or_not_at_all() {
        let rows = |first: &[u64]| {
            let others = [row(1, &[0, 7, 6]), row(2, &[5, 9, 0]), row(3, &[1, 4, 2]), row(4, &[2, 8, 7])];
            let all: Vec<States> = std::iter::once(row(0, first)).chain(others).collect();
            let sum = |place: usize| all.iter().map(|one| one.counts[place].1.unwrap()).sum();
            let whole = row(WHOLE, &[sum(0), sum(1), sum(2)]);
            all.into_iter().chain([whole]).collect::<Vec<States>>()
        };
        // 3 and 4 are withheld, with three people in state 0: the smallest other goes with them.
        assert_eq!(told_of(rows(&[5, 0, 8]), Vec::new()), [1, 2]);
        assert_eq!(told_of(rows(&[2, 0, 8]), Vec::new()), [1, 2], "five in state 0 of three tell of none");
        assert!(told_of(rows(&[0, 5, 0]), Vec::new()).is_empty(), "all alike tells each one's own");
        let few = |fewest: u64| vec![Required { fewest, ..missing(1, 6, (13, 26)) }];
        assert_eq!(told_of(rows(&[5, 0, 8]), few(13)), [1, 2]);
        assert_eq!(told_of(rows(&[5, 0, 8]), few(1)), [2], "one has a role of its own");
    }

    #[test]
    fn a_small_count_of_the_whole_takes_the_smallest_other_with_it() {
        let withheld_states = |row: &States, least: u64| withheld_states(row, None, least);
        assert_eq!(withheld_states(&row(WHOLE, &[0, 3, 40, 60]), LEAST), [false, true, true, false]);
        assert_eq!(withheld_states(&row(WHOLE, &[0, 3, 2, 60]), LEAST), [false, true, true, false]);
        assert_eq!(withheld_states(&row(WHOLE, &[0, 30, 0]), LEAST), [true; 3], "everybody is in one state");
        assert_eq!(withheld_states(&row(WHOLE, &[0, 30, 5]), LEAST), [false; 3]);
    }

    #[test]
    fn heads_do_not_tell_of_the_few_others() {
        let (whole, heads) = (row(WHOLE, &[0, 20, 40]), row(WHOLE, &[0, 18, 9]));
        assert_eq!(withheld_states(&heads, Some(&whole), LEAST), [false, true, true]);
        assert_eq!(withheld_states(&heads, Some(&heads), LEAST), [false; 3], "everybody is a head");
    }

    #[test]
    fn a_share_stands_beside_missing_levels_where_enough_people_miss_as_many() {
        let is_beside = |fewest_alike: u64| {
            let one = Required { fewest_alike, ..missing(0, 12, (20, 40)) };
            beside(&Assessed { shortfall: vec![one], ..Assessed::default() }, LEAST).contains(&(0, 0))
        };
        assert!(is_beside(5) && !is_beside(1), "eleven fall short by twelve levels: one of them by two");
    }

    #[test]
    fn few_levels_that_are_missing_or_not_are_few_people() {
        let project = sample::project();
        let (none, hidden) = (BTreeSet::new(), Hidden::default());
        let told = Told { project: &project, month: Month(0), stated: &none, beside: &none, hidden: &hidden };
        let is_hidden = |few: u64, (people, levels): (u64, u64)| {
            let all = [missing(0, few, (people, levels)), missing(1, 20, (30, 60)), missing(2, 20, (20, 40))];
            let sum = missing(WHOLE, 40 + few, (50 + people, 100 + levels));
            let all: Vec<Required> = all.into_iter().chain([sum]).collect();
            without_missing(&all, (&[], LEAST), &told).contains(&(0, 0))
        };
        assert!(is_hidden(1, (5, 10)) && is_hidden(4, (5, 10)), "four levels are four people at most");
        assert!(is_hidden(4, (5, 5)) && is_hidden(5, (8, 8)), "three reach it");
        assert!(is_hidden(0, (9, 18)) && is_hidden(18, (9, 18)), "all alike");
        assert!(!is_hidden(5, (5, 10)) && !is_hidden(12, (9, 18)));
    }
}
