//! Measures about persons: which are withheld, in single months and over the window.
//!
//! A share or a count at level 0 is told only where both those whom it counts and those whom it does not are enough: of `least` − 1 who fall
//! short each is nearly named, and where all people are alike each one's own level is told. That nobody is at level 0 says of nobody that
//! he is there, and is told. Of a department's single competencies nothing is told unless the number of people in each state may be told
//! too: with the missing levels, from which it would follow.

use std::collections::{BTreeMap, BTreeSet};

use super::complement::{Behind, Groups, complete};
use crate::measure::{Attained, Code};
use crate::month::Month;
use crate::stats::{Estimate, Figure};

/// Units with their direct parts, and the fewest people that may be told of.
pub(super) type Rule<'a> = (&'a [(u32, Vec<u32>)], u64);

/// What stands behind a figure about persons.
fn behind(code: &Code, figure: &Estimate) -> Behind {
    // Of a share of levels the effective n counts the levels.
    let all = figure.n_effective.round() as u64;
    let hits = match code {
        Code::CompetencyShare | Code::Competency(Attained::Required, _) => figure.value * all as f64,
        Code::Competency(Attained::LevelZero, _) => figure.value,
        _ => return Behind { people: figure.n, counts: Vec::new() },
    };
    let hits = (hits.round() as u64).min(all);
    Behind { people: figure.n, counts: vec![hits, all - hits] }
}

/// Says whether a figure, or the sum of withheld ones, may be told.
fn may_tell(code: &Code, behind: &Behind, least: u64) -> bool {
    let is_nobody = |place: usize| place == 0 && matches!(code, Code::Competency(Attained::LevelZero, _));
    let mut counts = behind.counts.iter().enumerate();
    // What one person, the head, attains is never published.
    *code != Code::HeadLevel
        && behind.people >= least
        && counts.all(|(place, count)| *count >= least || (*count == 0 && is_nobody(place)))
}

/// Says whether a single figure may be told by its own numbers; one that is not about persons always may.
pub(super) fn is_enough(code: &Code, figure: &Figure, least: u64) -> bool {
    !code.is_about_persons() || figure.is_ok_and(|one| may_tell(code, &behind(code, &one), least))
}

/// Measures about persons and who is withheld, month by month.
#[derive(Debug, Default)]
pub(super) struct Hidden(BTreeMap<Month, OfMonth>);

/// The same of one month, by measure.
#[derive(Debug, Default)]
struct OfMonth {
    groups: BTreeMap<Code, Groups>,
    hidden: BTreeMap<Code, BTreeSet<u32>>,
}

impl Hidden {
    /// Finds the figures that are withheld: those that may not be told, those that `is_secret` names, and those that they would follow from.
    pub(super) fn find<'f>(
        figures: impl Iterator<Item = (&'f Code, Month, u32, &'f Figure)>,
        rule: Rule<'_>,
        is_secret: impl Fn(&Code, Month, u32, &Estimate) -> bool,
    ) -> Self {
        let mut all = Self::default();
        for (code, month, department, figure) in figures.filter(|(code, ..)| code.is_about_persons()) {
            let Ok(figure) = figure else { continue };
            let (own, behind) = (all.0.entry(month).or_default(), behind(code, figure));
            let hidden = own.hidden.entry(code.clone()).or_default();
            if is_secret(code, month, department, figure) || !may_tell(code, &behind, rule.1) {
                hidden.insert(department);
            }
            own.groups.entry(code.clone()).or_default().insert(department, behind);
        }
        all.0.values_mut().for_each(|month| month.complete(rule));
        all
    }

    /// Says whether a figure is withheld.
    pub(super) fn contains(&self, code: &Code, month: Month, department: u32) -> bool {
        self.0.get(&month).is_some_and(|own| own.is_hidden(code, department))
    }

    /// Says whether a figure is withheld in any month.
    pub(super) fn ever(&self, code: &Code, department: u32) -> bool {
        self.0.values().any(|own| own.is_hidden(code, department))
    }

    /// Returns what stands behind the shares of a department's single competencies, and whether each is withheld.
    pub(super) fn competencies(&self, month: Month, department: u32) -> Vec<(&str, &Behind, bool)> {
        let all = self.0.get(&month).into_iter().flat_map(|own| own.parts(department));
        let mut named = Vec::new();
        for (code, behind, is_hidden) in all {
            if let Code::Competency(_, competency) = code {
                named.push((competency.as_str(), behind, is_hidden));
            }
        }
        named
    }
}

impl OfMonth {
    fn is_hidden(&self, code: &Code, department: u32) -> bool {
        self.hidden.get(code).is_some_and(|all| all.contains(&department))
    }

    /// The shares of the single competencies of a department, of which that of all levels is the sum.
    fn parts(&self, department: u32) -> impl Iterator<Item = (&Code, &Behind, bool)> {
        let is_part = |code: &&Code| matches!(code, Code::Competency(Attained::Required, _));
        let own = self.groups.iter().filter(move |(code, _)| is_part(code));
        own.filter_map(move |(code, groups)| {
            Some((code, groups.get(&department)?, self.is_hidden(code, department)))
        })
    }

    fn complete(&mut self, rule: Rule<'_>) {
        let codes: Vec<Code> = self.groups.keys().cloned().collect();
        codes.iter().for_each(|code| self.complete_units(code, rule));
        while let Some((code, department)) = self.weakest(rule.1) {
            self.hidden.entry(code.clone()).or_default().insert(department);
            self.complete_units(&code, rule);
        }
    }

    /// Withholds what withheld figures would follow from by the units that they add up to.
    fn complete_units(&mut self, code: &Code, (units, least): Rule<'_>) {
        if let Some((groups, hidden)) = self.groups.get(code).zip(self.hidden.get_mut(code)) {
            complete(hidden, groups, units, |behind| may_tell(code, behind, least));
        }
    }

    /// Returns what is to be withheld next because a withheld competency would follow from the share of all levels: a told competency of
    /// the fewest people, else that share itself.
    fn weakest(&self, least: u64) -> Option<(Code, u32)> {
        let code = Code::CompetencyShare;
        let told = self.groups.get(&code)?.keys().filter(|department| !self.is_hidden(&code, **department));
        told.copied().find_map(|department| {
            let (hidden, told): (Vec<_>, Vec<_>) =
                self.parts(department).partition(|(.., is_hidden)| *is_hidden);
            if protect_each_other(hidden.iter().map(|(_, behind, _)| *behind), least) {
                return None;
            }
            let smallest = told.into_iter().min_by_key(|(_, behind, _)| behind.people);
            Some((smallest.map_or_else(|| code.clone(), |(code, ..)| code.clone()), department))
        })
    }
}

/// Says whether nothing follows where the sum of these shares is told: there are none, or several whose sum may be told.
pub(super) fn protect_each_other<'b>(shares: impl Iterator<Item = &'b Behind>, least: u64) -> bool {
    let all: Vec<&Behind> = shares.collect();
    let sum = Behind::sum(all.iter().copied());
    all.is_empty() || (all.len() >= 2 && may_tell(&Code::CompetencyShare, &sum, least))
}

/// Departments that a single competency alone stands behind, by month: their share of all levels is the share of that one.
pub(super) fn of_one_competency<'f>(
    figures: impl Iterator<Item = (&'f Code, Month, u32, &'f Figure)>,
) -> BTreeSet<(Month, u32)> {
    let mut competencies: BTreeMap<(Month, u32), u64> = BTreeMap::new();
    let is_own = |code: &Code| matches!(code, Code::Competency(Attained::Required, _));
    for (_, month, department, _) in figures.filter(|one| is_own(one.0) && one.3.is_ok()) {
        *competencies.entry((month, department)).or_default() += 1;
    }
    competencies.retain(|_, n| *n == 1);
    competencies.into_keys().collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::stats::Marks;

    const MONTH: Month = Month(2026 * 12);

    fn share(hits: u64, n: u64) -> Figure {
        let (value, marks) = (hits as f64 / n as f64, Marks::default());
        Ok(Estimate { value, std_error: None, lower: None, upper: None, n, n_effective: n as f64, marks })
    }

    fn required(code: &str) -> Code {
        Code::Competency(Attained::Required, code.into())
    }

    fn hidden(figures: &[(Code, u32, Figure)], units: &[(u32, Vec<u32>)]) -> Hidden {
        let all = figures.iter().map(|(code, department, figure)| (code, MONTH, *department, figure));
        Hidden::find(all, (units, 5), |_, _, _, _| false)
    }

    #[test]
    fn who_falls_short_or_reaches_it_is_never_one_of_a_few() {
        let is_told = |hits: u64, n: u64| is_enough(&required("A"), &share(hits, n), 5);
        assert!(!is_told(4, 5), "exactly one falls short");
        assert!(!is_told(1, 12) && !is_told(8, 12));
        assert!(!is_told(5, 5) && !is_told(0, 12), "all are alike: each one's own is told");
        assert!(is_told(5, 10) && is_told(7, 12));
    }

    #[test]
    fn nobody_at_level_zero_may_be_told_but_not_a_few() {
        let is_told = |count: f64| {
            let figure = share(0, 12).map(|one| Estimate { value: count, ..one });
            is_enough(&Code::Competency(Attained::LevelZero, "A".into()), &figure, 5)
        };
        assert!(is_told(0.0) && is_told(6.0));
        assert!(!is_told(1.0) && !is_told(4.0) && !is_told(9.0) && !is_told(12.0));
    }

    #[test]
    fn one_withheld_competency_does_not_follow_from_the_share_of_all() {
        let figures = [
            (Code::CompetencyShare, 1, share(30, 48).map(|one| Estimate { n: 16, ..one })),
            (required("A"), 1, share(14, 16)),
            (required("B"), 1, share(8, 16)),
            (required("C"), 1, share(8, 16)),
        ];
        let hidden = hidden(&figures, &[]);
        let is_hidden = |code: &Code| hidden.contains(code, MONTH, 1);
        assert!(is_hidden(&required("A")) && is_hidden(&required("B")));
        assert!(!is_hidden(&required("C")) && !is_hidden(&Code::CompetencyShare));
    }

    #[test]
    fn a_withheld_share_does_not_follow_from_its_unit() {
        let figures = [(1, share(9, 10)), (2, share(7, 12)), (3, share(10, 20)), (9, share(26, 42))]
            .map(|(place, own)| (required("A"), place, own));
        let hidden = hidden(&figures, &[(9, vec![1, 2, 3])]);
        let who: Vec<u32> =
            [1, 2, 3, 9].into_iter().filter(|one| hidden.contains(&required("A"), MONTH, *one)).collect();
        assert_eq!(who, [1, 2]);
    }
}
