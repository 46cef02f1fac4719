//! Strata of respondents: customers that are alike, joined by a fixed rule where few of them answered.

use std::collections::BTreeMap;

use crate::count::{Asked, ContactCell, FamilySums};
use crate::link::Outcome;

/// Fewest answers of a stratum; below it is joined with the next like it.
pub(super) const LEAST: u64 = 5;

/// Customers that count as alike.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Group {
    /// How many there are.
    pub(super) asked: u64,
    /// What those who answered say; nothing where nobody did.
    pub(super) sums: Option<FamilySums>,
}

impl Group {
    /// Complete answers.
    pub(super) fn answers(&self) -> u64 {
        self.sums.as_ref().map_or(0, |sums| sums.count.n)
    }

    fn join(&mut self, other: Self) {
        self.asked += other.asked;
        match (&mut self.sums, other.sums) {
            (Some(own), Some(sums)) => own.merge(&sums),
            (own @ None, sums) => *own = sums,
            (Some(_), None) => {}
        }
    }
}

/// Returns the strata of one department's customers: outcome by segment by channel.
///
/// Where a cell has fewer than [`LEAST`] answers it is joined with the other such channels of its outcome and segment; if these are still
/// too few, with the channel that has the fewest of the others; if there is none, the outcome's segments are joined by the same rule; and
/// at last remedied with unremedied breaches. Outcomes are not joined otherwise, because that is what answers differ by.
pub(super) fn strata<'c>(
    cells: impl Iterator<Item = (&'c ContactCell, &'c Asked)>,
    scores: &BTreeMap<ContactCell, FamilySums>,
) -> Vec<Group> {
    let mut outcomes: BTreeMap<Outcome, BTreeMap<&str, Vec<Group>>> = BTreeMap::new();
    for (cell, asked) in cells.filter(|(_, asked)| asked.asked > 0) {
        let group = Group { asked: asked.asked, sums: scores.get(cell).cloned() };
        let outcome = cell.outcome.unwrap_or(Outcome::NoCase);
        outcomes.entry(outcome).or_default().entry(&cell.segment).or_default().push(group);
    }
    let mut breached = Vec::new();
    let mut strata = Vec::new();
    for (outcome, segments) in outcomes {
        let joined = join(segments.into_values().flat_map(join).collect());
        match outcome {
            Outcome::BreachedRemedied | Outcome::BreachedUnremedied => breached.extend(joined),
            _ => strata.extend(joined),
        }
    }
    strata.extend(join(breached));
    strata
}

/// Joins the groups with too few answers; a single one of them stays where there is nothing to join it with.
fn join(groups: Vec<Group>) -> Vec<Group> {
    let (mut enough, few): (Vec<Group>, Vec<Group>) =
        groups.into_iter().partition(|group| group.answers() >= LEAST);
    let rest = few.into_iter().reduce(|mut all, one| {
        all.join(one);
        all
    });
    let Some(rest) = rest else { return enough };
    let smallest = (0..enough.len()).min_by_key(|&place| enough[place].answers());
    match smallest {
        Some(smallest) if rest.answers() < LEAST => enough[smallest].join(rest),
        _ => enough.push(rest),
    }
    enough
}

#[cfg(test)]
mod tests {
    use super::*;

    fn cell(outcome: Outcome, segment: &str, channel: &str) -> ContactCell {
        let (segment, channel) = (segment.to_owned(), channel.to_owned());
        ContactCell { department: 0, served_by: 0, outcome: Some(outcome), segment, channel }
    }

    /// Makes strata of cells with so many customers and answers; returns the two numbers of each.
    fn told(cells: &[(Outcome, &str, &str, u64, u64)]) -> Vec<(u64, u64)> {
        let (mut asked, mut scores) = (BTreeMap::new(), BTreeMap::new());
        for &(outcome, segment, channel, customers, answers) in cells {
            let cell = cell(outcome, segment, channel);
            asked.insert(cell.clone(), Asked { asked: customers, answered: answers });
            let mut sums = FamilySums::new(1);
            (0..answers).for_each(|_| sums.add(&[3], 1_000_000));
            if answers > 0 {
                scores.insert(cell, sums);
            }
        }
        let found = strata(asked.iter(), &scores);
        let mut told: Vec<(u64, u64)> = found.iter().map(|group| (group.asked, group.answers())).collect();
        told.sort_unstable();
        told
    }

    const KEPT: Outcome = Outcome::Kept;
    const LATE: Outcome = Outcome::BreachedUnremedied;
    const MENDED: Outcome = Outcome::BreachedRemedied;

    #[test]
    fn cells_with_enough_answers_stay_apart() {
        assert_eq!(
            told(&[(KEPT, "a", "x", 50, 5), (KEPT, "a", "y", 60, 6), (LATE, "a", "x", 7, 5)]),
            [(7, 5), (50, 5), (60, 6)]
        );
    }

    #[test]
    fn sparse_channels_are_joined_first() {
        let three = [(KEPT, "a", "x", 50, 9), (KEPT, "a", "y", 60, 3), (KEPT, "a", "z", 70, 2)];
        assert_eq!(told(&three), [(50, 9), (130, 5)]);
        let two = [(KEPT, "a", "w", 10, 20), (KEPT, "a", "x", 50, 9), (KEPT, "a", "y", 60, 3)];
        assert_eq!(told(&two), [(10, 20), (110, 12)], "with the fewest of the others");
    }

    #[test]
    fn then_segments_then_breaches_and_never_breaches_with_kept_promises() {
        let segments = [(KEPT, "a", "x", 50, 9), (KEPT, "b", "x", 60, 3), (KEPT, "b", "y", 70, 1)];
        assert_eq!(told(&segments), [(180, 13)]);
        let breaches = [(LATE, "a", "x", 5, 3), (MENDED, "a", "x", 6, 2), (KEPT, "a", "x", 50, 30)];
        assert_eq!(told(&breaches), [(11, 5), (50, 30)]);
        let few = [(LATE, "a", "x", 5, 1), (KEPT, "a", "x", 50, 30)];
        assert_eq!(told(&few), [(5, 1), (50, 30)]);
    }

    #[test]
    fn customers_without_an_answer_are_joined_or_stand_alone() {
        assert_eq!(told(&[(KEPT, "a", "x", 50, 9), (KEPT, "a", "y", 60, 0)]), [(110, 9)]);
        assert_eq!(told(&[(LATE, "a", "x", 3, 0), (KEPT, "a", "y", 60, 9)]), [(3, 0), (60, 9)]);
        assert_eq!(told(&[(KEPT, "a", "x", 0, 0)]), []);
        assert_eq!(told(&[]), []);
    }
}
