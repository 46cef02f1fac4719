//! One person in one quarter, with everything that raters said.

use std::collections::{BTreeMap, BTreeSet};

use super::{MIN_RATERS, Quarters};
use crate::check::{Indicator, Observation, Relation};
use crate::count::JudgementKey;
use crate::project::Project;
use crate::stats::resample::lower_median;

/// A person as rated in one department and quarter.
#[derive(Debug, Clone, PartialEq)]
pub struct Subject {
    /// Position of the department.
    pub department: u32,
    /// Position of the person in the register.
    pub person: u32,
    /// Role then.
    pub role: String,
    /// Whether the person headed the department then.
    pub head: bool,
    /// What was said, by competency.
    pub judged: BTreeMap<u32, Judged>,
}

/// What was said of one person's competency.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Judged {
    /// Levels that the person gave.
    pub own: Vec<i32>,
    /// Levels that others gave.
    pub levels: Vec<(Relation, u64, i32)>,
    /// What others saw of the indicators; nothing where they had no opportunity.
    pub seen: Vec<(Relation, u64, Indicator, Option<bool>)>,
}

impl Judged {
    /// Returns the levels that others gave.
    pub fn ratings(&self) -> Vec<i32> {
        self.levels.iter().map(|(_, _, level)| *level).collect()
    }

    /// Returns the lower median of the others' levels; nothing of fewer than [`MIN_RATERS`].
    pub fn level(&self) -> Option<i32> {
        lower_median(&self.ratings()).filter(|_| self.levels.len() >= MIN_RATERS)
    }

    /// Returns the raters other than oneself, each with its relation.
    pub fn raters(&self) -> BTreeSet<(Relation, u64)> {
        let levels = self.levels.iter().map(|(relation, rater, _)| (*relation, *rater));
        levels.chain(self.seen.iter().map(|(relation, rater, ..)| (*relation, *rater))).collect()
    }
}

impl Judged {
    /// Keeps one word of each rater, so that agreement and the number of raters rest on raters, not on rows: of several levels their
    /// lower median; of an indicator on which one rater says both, nothing. All whom the rows do not name are one.
    fn once_a_rater(&mut self) {
        let mut levels: BTreeMap<(Relation, u64), Vec<i32>> = BTreeMap::new();
        for &(relation, rater, level) in &self.levels {
            levels.entry((relation, rater)).or_default().push(level);
        }
        let level = |((relation, rater), levels): ((Relation, u64), Vec<i32>)| {
            Some((relation, rater, lower_median(&levels)?))
        };
        self.levels = levels.into_iter().filter_map(level).collect();
        let mut seen: BTreeMap<(Relation, u64, Indicator), BTreeSet<bool>> = BTreeMap::new();
        for &(relation, rater, indicator, answer) in &self.seen {
            seen.entry((relation, rater, indicator)).or_default().extend(answer);
        }
        let answer =
            |((relation, rater, indicator), answers): ((Relation, u64, Indicator), BTreeSet<bool>)| {
                (relation, rater, indicator, answers.first().copied().filter(|_| answers.len() == 1))
            };
        self.seen = seen.into_iter().map(answer).collect();
    }
}

impl Subject {
    /// Returns the level that the person's role requires of a competency.
    pub fn required(&self, project: &Project, competency: u32) -> Option<i32> {
        project.roles.get(&self.role)?.get(&project.competencies[competency as usize].code).copied()
    }

    /// Says whether enough raters spoke of any competency.
    pub fn is_assessed(&self) -> bool {
        self.judged.values().any(|judged| judged.raters().len() >= MIN_RATERS)
    }
}

/// Groups what was said by quarter and person; keys come in their order.
pub(super) fn subjects(said: &BTreeMap<&JudgementKey, u64>) -> Quarters {
    let mut quarters = Quarters::new();
    for (key, &n) in said {
        let list = quarters.entry(key.quarter).or_default();
        let is_same = |last: &Subject| (last.department, last.person) == (key.department, key.person);
        if !list.last().is_some_and(is_same) {
            list.push(Subject {
                department: key.department,
                person: key.person,
                role: key.role.clone(),
                head: key.head,
                judged: BTreeMap::new(),
            });
        }
        let Some(subject) = list.last_mut() else { continue };
        let judged = subject.judged.entry(key.competency).or_default();
        for _ in 0..n {
            note(judged, key);
        }
    }
    let judged = quarters.values_mut().flatten().flat_map(|subject| subject.judged.values_mut());
    judged.for_each(Judged::once_a_rater);
    quarters
}

fn note(judged: &mut Judged, key: &JudgementKey) {
    let seen = match (key.said, key.indicator) {
        (Observation::Level(level), _) if key.relation == Relation::Own => {
            return judged.own.push(i32::from(level));
        }
        (Observation::Level(level), _) => {
            return judged.levels.push((key.relation, key.rater, i32::from(level)));
        }
        (Observation::Seen, indicator) => (indicator, Some(true)),
        (Observation::NotSeen, indicator) => (indicator, Some(false)),
        (Observation::NoOpportunity, indicator) => (indicator, None),
    };
    if let ((Some(indicator), seen), true) = (seen, key.relation != Relation::Own) {
        judged.seen.push((key.relation, key.rater, indicator, seen));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_rater_speaks_once_of_a_person() {
        use Relation::{Manager, Peer};
        let indicator = |number| Indicator { level: 1, number };
        let mut judged = Judged {
            levels: vec![(Manager, 7, 3), (Peer, 0, 1), (Peer, 0, 2), (Peer, 0, 3)],
            seen: vec![
                (Peer, 0, indicator(1), Some(true)),
                (Peer, 0, indicator(1), Some(false)),
                (Peer, 0, indicator(2), Some(true)),
                (Peer, 0, indicator(2), None),
                (Peer, 0, indicator(2), Some(true)),
            ],
            ..Judged::default()
        };
        assert_eq!(judged.level(), Some(2), "four rows");
        judged.once_a_rater();
        assert_eq!(judged.levels, [(Manager, 7, 3), (Peer, 0, 2)]);
        assert_eq!(judged.seen, [(Peer, 0, indicator(1), None), (Peer, 0, indicator(2), Some(true))]);
        assert_eq!(judged.level(), None, "two raters");
    }
}
