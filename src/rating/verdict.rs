//! From raw points to a verdict: shrinkage over all departments, probabilities, the chain of letters, ranks.

use std::collections::BTreeMap;

use rayon::prelude::*;

use super::component::{Basis, Component, are_alike, fill_next};
use super::grade::{Grade, most_probable, next_letter, normal_probabilities};
use super::{DRAWS, Rating, RatingState};
use crate::measure::{Code, breaks};
use crate::month::Month;
use crate::project::RatingRules;
use crate::random::Random;
use crate::stats::shrinkage::{RankDistribution, Shrinkage};
use crate::stats::{Estimate, Figure, Reason};

/// Departments with points from which on they are shrunk and ranked: four or fewer say next to nothing of τ.
const SHRUNK_MIN: usize = 5;
/// Departments up to which ranks are drawn jointly.
const RANKED_MAX: usize = 500;
/// Probability from which on another grade is named.
const COULD_BE: f64 = 0.10;

/// The letters as they go from month to month, published or not.
pub(super) struct Chain {
    first: Month,
    gradable: Month,
    reported: Month,
    letters: BTreeMap<u32, Grade>,
}

/// What is believed of one department before letters.
struct Belief {
    shrunk: Figure,
    reliability: Option<f64>,
    probabilities: Option<[f64; 5]>,
    rank: Option<RankDistribution>,
}

impl Chain {
    /// Begins the chain: `first` is the first month of the store, `gradable` the first with a whole window.
    pub(super) fn new(first: Month, gradable: Month, reported: Month) -> Self {
        Self { first, gradable, reported, letters: BTreeMap::new() }
    }

    /// Rates `departments` in the next month of the chain.
    pub(super) fn rate(
        &mut self,
        basis: &Basis<'_>,
        departments: &[u32],
        month: Month,
        before: Option<&[Rating]>,
    ) -> Vec<Rating> {
        let cuts = cuts_at(&basis.context.project.rating, month);
        let of = |&department: &u32| {
            let placed = basis.components(department, month);
            let raw = basis.raw(&placed, department, month);
            (placed.into_iter().map(|(_, component)| component).collect(), raw)
        };
        let (components, raw): (Vec<Vec<Component>>, Vec<Figure>) = departments.iter().map(of).unzip();
        let beliefs = self.beliefs(basis, &raw, &cuts, month);
        let all = departments.iter().zip(components).zip(raw.iter().zip(beliefs));
        let rate = |((&department, components), (&raw, belief))| {
            let mut rating = self.verdict(basis, (department, components, raw), belief, month);
            let is_new =
                |code: &Code| breaks(basis.context.project, code).iter().any(|one| one.month == month);
            compare(&mut rating, before, is_new);
            explain(&mut rating, &cuts);
            rating
        };
        all.map(rate).collect()
    }

    fn beliefs(&self, basis: &Basis<'_>, raw: &[Figure], cuts: &[f64; 4], month: Month) -> Vec<Belief> {
        let known = raw.iter().filter(|figure| figure.is_ok_and(|points| points.std_error.is_some())).count();
        let is_gradable = month >= self.gradable;
        if known < SHRUNK_MIN {
            return raw.iter().map(|raw| unshrunk(raw, cuts, is_gradable)).collect();
        }
        let Ok(shrinkage) = Shrinkage::new(raw) else { return Vec::new() };
        let is_ranked = is_gradable && month == self.reported && known <= RANKED_MAX;
        let words = [basis.context.project.name.as_str(), &month.to_string(), "ranks"];
        let ranks = is_ranked.then(|| shrinkage.ranks(DRAWS, &mut Random::new(&words)));
        let belief = |place: usize| {
            let found = shrinkage.posterior(place);
            Belief {
                shrunk: found.map(|found| within_scale(found.estimate)),
                reliability: found.ok().and_then(|found| found.reliability),
                probabilities: is_gradable.then(|| grade_probabilities(&shrinkage, place, cuts)).flatten(),
                rank: ranks.as_ref().and_then(|ranks| ranks[place].ok()),
            }
        };
        (0..raw.len()).into_par_iter().map(belief).collect()
    }

    fn verdict(
        &mut self,
        basis: &Basis<'_>,
        (department, components, raw): (u32, Vec<Component>, Figure),
        belief: Belief,
        month: Month,
    ) -> Rating {
        let rules = &basis.context.project.rating;
        let state = self.state(rules, &components, &belief, month);
        let probabilities = belief.probabilities.filter(|_| state == RatingState::Rated);
        let held = self.letters.get(&department).copied();
        let letter = probabilities.map(|own| next_letter(&own, held, rules.keep_probability));
        if let Some(letter) = letter {
            self.letters.insert(department, letter);
        }
        let kept_letter = letter
            .zip(probabilities)
            .is_some_and(|(letter, own)| own[letter.place()] < own[most_probable(&own).place()]);
        let is_likely = |grade: &Grade| {
            Some(*grade) != letter && probabilities.is_some_and(|own| own[grade.place()] >= COULD_BE)
        };
        Rating {
            department,
            months: self.months_of(basis, department, month),
            components,
            raw,
            shrunk: belief.shrunk,
            reliability: belief.reliability,
            probabilities: belief.probabilities,
            state,
            letter,
            kept_letter,
            could_be: Grade::ALL.into_iter().filter(is_likely).collect(),
            rank: belief.rank,
            change: Err(Reason::Gap),
            previous_letter: None,
        }
    }

    fn state(
        &self,
        rules: &RatingRules,
        components: &[Component],
        belief: &Belief,
        month: Month,
    ) -> RatingState {
        if month < self.gradable {
            let months = u32::try_from(month.0 - self.first.0 + 1).unwrap_or(0);
            return RatingState::NotYet { months };
        }
        let missing: Vec<_> =
            components.iter().filter_map(|one| Some((one.code.clone(), one.points.err()?))).collect();
        if !missing.is_empty() {
            return RatingState::NotRated(missing);
        }
        match (belief.probabilities, belief.reliability) {
            (None, _) => RatingState::NotRated(
                components.iter().map(|one| (one.code.clone(), Reason::NoDispersion)).collect(),
            ),
            (Some(_), Some(reliability)) if reliability < rules.min_reliability => RatingState::TooLittleData,
            (Some(_), _) => RatingState::Rated,
        }
    }

    /// Months of the window in which the department existed and the store has begun.
    fn months_of(&self, basis: &Basis<'_>, department: u32, month: Month) -> u32 {
        let project = basis.context.project;
        let opened =
            project.departments[department as usize].valid_from.map_or(self.first, |from| from.month());
        let window = month.plus(1 - project.rating.window_months);
        u32::try_from(month.0 - opened.max(self.first).max(window).0 + 1).unwrap_or(0)
    }
}

/// Returns the cut points in force: the last that began by the month, before all of them the first.
fn cuts_at(rules: &RatingRules, month: Month) -> [f64; 4] {
    let in_force = rules.cut_points.iter().rev().find(|(from, _)| *from <= month);
    in_force.or(rules.cut_points.first()).map_or([85.0, 70.0, 55.0, 40.0], |(_, cuts)| *cuts)
}

/// Keeps an interval within the points there are.
fn within_scale(estimate: Estimate) -> Estimate {
    let within = |end: f64| end.clamp(0.0, 100.0);
    Estimate {
        value: within(estimate.value),
        lower: estimate.lower.map(within),
        upper: estimate.upper.map(within),
        ..estimate
    }
}

fn unshrunk(raw: &Figure, cuts: &[f64; 4], is_gradable: bool) -> Belief {
    let points = raw.ok().filter(|_| is_gradable);
    let probabilities = points.and_then(|own| Some(normal_probabilities(own.value, own.std_error?, cuts)));
    Belief { shrunk: *raw, reliability: None, probabilities, rank: None }
}

fn grade_probabilities(shrinkage: &Shrinkage, place: usize, cuts: &[f64; 4]) -> Option<[f64; 5]> {
    let [a, b, c, d] = *cuts;
    let mut ascending = shrinkage.probabilities(place, &[d, c, b, a]).ok()?;
    ascending.reverse();
    ascending.try_into().ok()
}

/// Fills in what became of the rating since the month before; a measure whose questions are new in this month is not what it was then.
fn compare(rating: &mut Rating, before: Option<&[Rating]>, is_new: impl Fn(&Code) -> bool) {
    let Some(before) = before.and_then(|all| all.iter().find(|one| one.department == rating.department))
    else {
        return;
    };
    rating.previous_letter = before.letter;
    let is_like = are_alike(&rating.components, &before.components)
        && !rating.components.iter().any(|component| is_new(&component.code))
        && rating.reliability.is_some() == before.reliability.is_some();
    rating.change = match (rating.shrunk, before.shrunk) {
        (Ok(now), Ok(then)) if is_like => Ok(now.value - then.value),
        (Ok(_), Ok(_)) => Err(Reason::NotComparable),
        (Err(reason), _) | (_, Err(reason)) => Err(reason),
    };
}

fn explain(rating: &mut Rating, cuts: &[f64; 4]) {
    if let (Some(letter), Ok(shrunk)) = (rating.letter, rating.shrunk) {
        fill_next(&mut rating.components, letter, (shrunk.value, rating.reliability.unwrap_or(1.0)), cuts);
    }
}
