//! Disclose: [`Analysis`] -> [`Published`], the only value that outputs can take.
//!
//! In: everything computed. Out: the same with every figure about fewer than `min_people` persons withheld, and with it what it would
//! follow from. Deliberately absent: any other way to make a [`Published`]. A measure about persons stays hidden wherever it stands: as
//! itself, in a window, in a rating.

mod complement;
mod grid;
mod competency;

use std::collections::{BTreeMap, BTreeSet};
use std::ops::Deref;

use crate::analysis::Analysis;
use crate::finding::{Finding, is_shown};
use crate::improvement::{Doubt, Progress, Verdict};
use crate::measure::{Code, Interviews, WHOLE};
use crate::month::Month;
use crate::project::Project;
use crate::rating::Rating;
use crate::relation::{ClassMean, Related, Told};
use crate::stats::{Figure, Reason};

/// An analysis that may be shown.
#[derive(Debug, Clone)]
pub struct Published(Analysis);

impl Deref for Published {
    type Target = Analysis;

    fn deref(&self) -> &Analysis {
        &self.0
    }
}

/// Withholds what would expose persons.
pub fn disclose(mut analysis: Analysis, project: &Project) -> Published {
    let least = project.privacy.min_people;
    let units = units(project);
    let withheld = withhold(
        &mut analysis.monthly,
        |(code, department, month)| ((code, *month), *department),
        (&units, least),
    );
    withhold(
        &mut analysis.rolling,
        |(code, department)| ((code, analysis.month), *department),
        (&units, least),
    );
    hide_staff_windows(&mut analysis.rolling);
    for (month, ratings) in &mut analysis.ratings {
        for rating in ratings {
            let department = rating.department;
            hide_parts(rating, least, |code| {
                withheld.get(&(code.clone(), *month)).is_some_and(|all| all.contains(&department))
            });
        }
    }
    for told in &mut analysis.relations {
        hide_levels(told, least);
    }
    competency::hide(&mut analysis.assessed, &units, least);
    for (one, shown) in analysis.priorities.iter_mut().zip(&analysis.assessed.shortfall) {
        one.required = *shown;
        if one.effect.is_ok_and(|effect| effect.n_clusters < least) {
            (one.effect, one.points) = (Err(Reason::Suppressed), Err(Reason::Suppressed));
        }
        one.points = shown.missing.and(one.points);
    }
    if let Some(interviews) = &mut analysis.interviews {
        hide_groups(interviews, least);
    }
    let hidden: BTreeSet<(usize, u32)> =
        analysis.progress.iter_mut().filter_map(|one| hide_progress(one, least, &withheld)).collect();
    analysis.findings.retain(|finding| match finding {
        Finding::Action { action, department, .. } => !hidden.contains(&(*action, *department)),
        other => is_shown(other, &analysis.assessed),
    });
    Published(analysis)
}

/// Hides the progress of a measure about persons where a figure behind it, the department's own or a comparable one's, is withheld or
/// is about few people.
fn hide_progress(progress: &mut Progress, least: u64, withheld: &Withheld) -> Option<(usize, u32)> {
    let is_hidden = |department: &u32| {
        withheld.iter().any(|((code, _), all)| *code == progress.code && all.contains(department))
    };
    let is_any_hidden = is_hidden(&progress.department) || progress.peers.iter().any(is_hidden);
    if !progress.code.is_about_persons() || (progress.fewest >= least && !is_any_hidden) {
        return None;
    }
    progress.found = Err(Reason::Suppressed);
    progress.verdict = Verdict::CannotTell(Doubt::Figure(Reason::Suppressed));
    (progress.worst, progress.previous, progress.held) = (None, None, None);
    Some((progress.action, progress.department))
}

/// Hides the levels that too few servers have; where the level that others are compared with is hidden, so are the differences, from
/// which it could be worked out.
fn hide_levels(told: &mut Told, least: u64) {
    let Related::Contact(Ok(contact)) = &mut told.related else { return };
    if !told.x.starts_with("level:") {
        return;
    }
    let is_hidden = |class: &ClassMean| class.n_servers < least;
    let is_reference_hidden =
        contact.classes.iter().any(|class| class.difference.is_none() && is_hidden(class));
    for class in &mut contact.classes {
        let is_own_hidden = is_hidden(class);
        if is_own_hidden {
            class.mean = Err(Reason::Suppressed);
        }
        if is_own_hidden || is_reference_hidden {
            class.difference = class.difference.map(|_| Err(Reason::Suppressed));
            (class.p_value, class.p_holm, class.p_bh) = (None, None, None);
        }
    }
}

/// Hides what was found in a group of too few persons, and with it every comparison with that group.
fn hide_groups(interviews: &mut Interviews, least: u64) {
    if interviews.persons.iter().all(|n| *n >= least) {
        return;
    }
    for one in &mut interviews.compared {
        one.contrast = Err(Reason::Suppressed);
        one.agreement = one.agreement.and(Err(Reason::Suppressed));
        (one.behaviours, one.levels) = ([0; 2], [None; 2]);
        (one.p_value, one.p_holm) = (None, None);
    }
}

/// Units with their direct parts, the deepest first and all departments together last.
fn units(project: &Project) -> Vec<(u32, Vec<u32>)> {
    let parent =
        |index: usize| project.departments[index].parent.as_deref().and_then(|code| project.department(code));
    let depth = |index: usize| std::iter::successors(parent(index), |&above| parent(above)).count();
    let position = |index: usize| u32::try_from(index).expect("a register has fewer than 2^32 departments");
    let mut parts: BTreeMap<usize, Vec<u32>> = BTreeMap::new();
    let mut top = Vec::new();
    for index in 0..project.departments.len() {
        match parent(index) {
            Some(above) => parts.entry(above).or_default().push(position(index)),
            None => top.push(position(index)),
        }
    }
    let mut units: Vec<(usize, Vec<u32>)> = parts.into_iter().collect();
    units.sort_by_key(|(unit, _)| std::cmp::Reverse(depth(*unit)));
    units.into_iter().map(|(unit, own)| (position(unit), own)).chain([(WHOLE, top)]).collect()
}

type Withheld = BTreeMap<(Code, Month), BTreeSet<u32>>;

/// Hides what the staff said over a window: less one survey it would tell another, in which few may have answered.
fn hide_staff_windows(rolling: &mut BTreeMap<(Code, u32), Figure>) {
    for (_, figure) in rolling.iter_mut().filter(|((code, _), _)| code.is_of_staff()) {
        *figure = figure.and(Err(Reason::Suppressed));
    }
}

/// Withholds the figures about persons that few people stand behind, and those they would follow from; returns who is withheld.
fn withhold<K: Ord>(
    figures: &mut BTreeMap<K, Figure>,
    told: impl Fn(&K) -> ((&Code, Month), u32),
    (units, least): (&[(u32, Vec<u32>)], u64),
) -> Withheld {
    let mut people: BTreeMap<(Code, Month), BTreeMap<u32, u64>> = BTreeMap::new();
    for (key, figure) in figures.iter() {
        let ((code, month), department) = told(key);
        if let (true, Ok(estimate)) = (code.is_about_persons(), figure) {
            people.entry((code.clone(), month)).or_default().insert(department, estimate.n);
        }
    }
    let mut withheld = Withheld::new();
    for ((code, month), people) in people {
        // What one person, the head, attains is never published.
        let is_hidden = |n: u64| code == Code::HeadLevel || n < least;
        let mut hidden =
            people.iter().filter(|(_, n)| is_hidden(**n)).map(|(department, _)| *department).collect();
        complement::complete(&mut hidden, &people, units, least);
        withheld.insert((code, month), hidden);
    }
    for (key, figure) in figures.iter_mut().filter(|(_, figure)| figure.is_ok()) {
        let ((code, month), department) = told(key);
        if withheld.get(&(code.clone(), month)).is_some_and(|hidden| hidden.contains(&department)) {
            *figure = Err(Reason::Suppressed);
        }
    }
    withheld
}

/// Hides the parts of a rating that are withheld, and with them all its numbers: scales and weights are known, so that a hidden part
/// would follow from the points and the other parts. The letter, which is coarse, stays.
fn hide_parts(rating: &mut Rating, least: u64, is_withheld: impl Fn(&Code) -> bool) {
    // A part carried from an earlier window was not among this month's figures.
    let is_hidden = |code: &Code, figure: &Figure| {
        code.is_about_persons() && figure.is_ok_and(|one| one.n < least || is_withheld(code))
    };
    if !rating.components.iter().any(|part| is_hidden(&part.code, &part.figure)) {
        return;
    }
    for part in &mut rating.components {
        if is_hidden(&part.code, &part.figure) {
            part.figure = Err(Reason::Suppressed);
        }
        part.points = Err(Reason::Suppressed);
        (part.contribution, part.to_next_grade) = (None, None);
    }
    let suppressed = |figure: Figure| figure.and(Err(Reason::Suppressed));
    (rating.raw, rating.shrunk) = (suppressed(rating.raw), suppressed(rating.shrunk));
    rating.change = Err(Reason::Suppressed);
    (rating.reliability, rating.probabilities, rating.rank) = (None, None, None);
    rating.could_be.clear();
}
