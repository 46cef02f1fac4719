//! What is withheld of competency beside its measures: standings, counts of states, changes, what is missing.
//!
//! In: figures with the number of people behind them. Out: the same, with what few people stand behind withheld, and what that would follow
//! from. Deliberately absent: values as a criterion, except counts, which are their own number of people.

use std::collections::{BTreeMap, BTreeSet};

use super::complement::complete;
use super::grid::Grid;
use crate::measure::{Assessed, Change, Split, States, WHOLE};
use crate::stats::{Figure, Reason};

/// People whose coming, going or other level may not make a whole change.
const ONE_OR_TWO: std::ops::RangeInclusive<u64> = 1..=2;

type Units<'a> = &'a [(u32, Vec<u32>)];

/// Withholds what few people stand behind.
pub(super) fn hide(assessed: &mut Assessed, units: Units<'_>, least: u64) {
    let hidden =
        hidden(assessed.standing.iter().map(|one| (one.department, one.people.unwrap_or(0))), units, least);
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
    hide_states(&mut assessed.states, units, least);
    hide_changes(&mut assessed.changes, units, least);
    let competencies: BTreeSet<u32> = assessed.shortfall.iter().map(|one| one.competency).collect();
    for competency in competencies {
        let own = assessed.shortfall.iter().filter(|one| one.competency == competency);
        let hidden = self::hidden(own.map(|one| (one.department, behind(one.missing, least))), units, least);
        let own = assessed.shortfall.iter_mut().filter(|one| one.competency == competency);
        own.filter(|one| hidden.contains(&one.department))
            .for_each(|one| one.missing = Err(Reason::Suppressed));
    }
}

fn people(figure: Figure) -> u64 {
    figure.map_or(0, |one| one.n)
}

/// People behind missing levels: where only a few levels are missing in all, those few who miss them.
fn behind(missing: Figure, least: u64) -> u64 {
    let levels = missing.map_or(0, |one| (one.value * one.n as f64).round() as u64);
    if (1..least).contains(&levels) { levels } else { people(missing) }
}

/// Departments with too few people, and those that would tell them.
fn hidden(people: impl Iterator<Item = (u32, u64)>, units: Units<'_>, least: u64) -> BTreeSet<u32> {
    let people: BTreeMap<u32, u64> = people.filter(|(_, n)| *n > 0).collect();
    let mut hidden = people.iter().filter(|(_, n)| **n < least).map(|(department, _)| *department).collect();
    complete(&mut hidden, &people, &leaves_under_the_whole(&people, units), least);
    hidden
}

/// Only departments and the whole have these figures, no unit between them.
fn leaves_under_the_whole(people: &BTreeMap<u32, u64>, units: Units<'_>) -> Vec<(u32, Vec<u32>)> {
    let is_unit = |one: &u32| units.iter().any(|(unit, _)| unit == one);
    vec![(WHOLE, people.keys().copied().filter(|one| !is_unit(one)).collect())]
}

/// Hides counts of 1 to `least` − 1 and what they would follow from, in the rows of departments and the columns of states.
fn hide_states(states: &mut [States], units: Units<'_>, least: u64) {
    let competencies: BTreeSet<u32> = states.iter().map(|one| one.competency).collect();
    for competency in competencies {
        let mut own: Vec<&mut States> =
            states.iter_mut().filter(|one| one.competency == competency && !one.heads).collect();
        let hidden = hidden(own.iter().map(|one| (one.department, one.people.unwrap_or(0))), units, least);
        let Some(whole) = own.iter().position(|one| one.department == WHOLE) else { continue };
        let count = |one: &States| one.counts.iter().map(|(_, n)| n.unwrap_or(0)).collect::<Vec<u64>>();
        let mut total = Grid::new(vec![count(own[whole])], &[false], &[]);
        total.protect(least);
        let parts: Vec<usize> = (0..own.len()).filter(|place| *place != whole).collect();
        let small: Vec<bool> = parts.iter().map(|place| hidden.contains(&own[*place].department)).collect();
        let mut grid =
            Grid::new(parts.iter().map(|place| count(own[*place])).collect(), &small, &total.hidden[0]);
        grid.protect(least);
        if hidden.contains(&WHOLE) {
            own[whole].people = Err(Reason::Suppressed);
            total.hidden[0].fill(true);
        }
        apply(own[whole], &total.hidden[0]);
        for (row, place) in parts.iter().enumerate() {
            if small[row] {
                own[*place].people = Err(Reason::Suppressed);
            }
            apply(own[*place], &grid.hidden[row]);
        }
    }
    for heads in states.iter_mut().filter(|one| one.heads) {
        let counts = heads.counts.iter().map(|(_, n)| n.unwrap_or(0)).collect();
        let is_small = heads.people.is_ok_and(|n| n < least);
        let mut grid = Grid::new(vec![counts], &[is_small], &[]);
        grid.protect(least);
        if is_small {
            heads.people = Err(Reason::Suppressed);
        }
        apply(heads, &grid.hidden[0]);
    }
}

fn apply(states: &mut States, hidden: &[bool]) {
    for ((_, count), _) in states.counts.iter_mut().zip(hidden).filter(|(_, hidden)| **hidden) {
        *count = Err(Reason::Suppressed);
    }
    if hidden.iter().any(|hidden| *hidden) {
        states.divided = states.divided.and(Err(Reason::Suppressed));
    }
}

fn hide_changes(changes: &mut [Change], units: Units<'_>, least: u64) {
    let backs: BTreeSet<i32> = changes.iter().map(|one| one.back).collect();
    for back in backs {
        let size = |one: &Change| {
            let split = one.split.as_ref().ok()?;
            let fewest = people(split.before).min(people(split.now));
            let told = if ONE_OR_TWO.contains(&split.accounts) { 1.min(fewest) } else { fewest };
            Some((one.department, told))
        };
        let own = changes.iter().filter(|one| one.back == back).filter_map(size);
        let hidden = hidden(own, units, least);
        for one in changes.iter_mut().filter(|one| one.back == back) {
            match &mut one.split {
                Ok(split) if !hidden.contains(&one.department) => hide_parts(split, least),
                Ok(_) => one.split = Err(Reason::Suppressed),
                Err(_) => {}
            }
        }
    }
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
    use crate::stats::{Estimate, Marks};

    #[test]
    fn few_missing_levels_are_few_people() {
        let figure = |value: f64, n: u64| {
            let marks = Marks::default();
            Ok(Estimate { value, std_error: None, lower: None, upper: None, n, n_effective: n as f64, marks })
        };
        assert_eq!(behind(figure(0.2, 5), 5), 1, "one of five people misses a level");
        assert_eq!(behind(figure(0.8, 5), 5), 4);
        assert_eq!(behind(figure(1.0, 5), 5), 5);
        assert_eq!(behind(figure(0.0, 9), 5), 9, "nobody misses anything");
        assert_eq!(behind(Err(Reason::Gap), 5), 0);
    }
}
