//! Complementary suppression: a withheld figure must not follow from a unit's figure and those of its other parts.
//!
//! In: the tree of units, what stands behind each figure, and who is withheld for its own sake. Out: who else is withheld.
//! Deliberately absent: what may be told, the caller says it of a figure and of the sum of withheld ones alike.

use std::collections::{BTreeMap, BTreeSet};

/// What stands behind a figure, all of it adding up over the parts of a unit.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct Behind {
    /// People.
    pub(super) people: u64,
    /// How many of them, or of their levels, are of which kind.
    pub(super) counts: Vec<u64>,
}

impl Behind {
    fn add(&mut self, other: &Self) {
        self.people += other.people;
        self.counts.resize(self.counts.len().max(other.counts.len()), 0);
        self.counts.iter_mut().zip(&other.counts).for_each(|(own, other)| *own += other);
    }

    /// Adds up several.
    pub(super) fn sum<'b>(all: impl Iterator<Item = &'b Self>) -> Self {
        let mut sum = Self::default();
        all.for_each(|one| sum.add(one));
        sum
    }
}

/// What stands behind each figure there is.
pub(super) type Groups = BTreeMap<u32, Behind>;

/// Adds to `hidden` what must be withheld with it.
///
/// `parts` holds the direct parts of each unit, deepest units first. A published unit tells the sum of its hidden parts; that is harmless
/// when they are at least two and their sum may be told. Else its smallest published part without parts of its own is hidden too, then the
/// smallest one within which something is hidden; where there are none left, the unit itself is, and the same question arises for the unit
/// above.
pub(super) fn complete(
    hidden: &mut BTreeSet<u32>,
    groups: &Groups,
    parts: &[(u32, Vec<u32>)],
    may_tell: impl Fn(&Behind) -> bool,
) {
    let units: BTreeMap<u32, &[u32]> = parts.iter().map(|(unit, own)| (*unit, own.as_slice())).collect();
    // Of a hidden unit only its hidden parts are unknown: these are what it protects.
    let own = hidden.iter().filter(|one| !units.contains_key(one));
    let unknown = own.filter_map(|one| Some((*one, groups.get(one)?.clone()))).collect();
    let mut tree = Tree { groups, units, hidden, unknown };
    for (unit, own) in parts {
        loop {
            let (n, sum) = tree.secrets(own);
            // From a unit that is withheld itself nobody can subtract; but it follows from parts that are all told.
            let is_kept = match (n, tree.hidden.contains(unit)) {
                (0, is_hidden) => !is_hidden,
                (_, true) => true,
                (1, false) => false,
                (_, false) => may_tell(&sum),
            };
            if !is_kept && tree.hide_one(own) {
                continue;
            }
            if !is_kept || tree.hidden.contains(unit) {
                tree.hidden.insert(*unit);
                tree.unknown.insert(*unit, sum);
            }
            break;
        }
    }
}

/// What is hidden in a tree of units, and what stands behind it.
struct Tree<'t> {
    groups: &'t Groups,
    units: BTreeMap<u32, &'t [u32]>,
    hidden: &'t mut BTreeSet<u32>,
    unknown: Groups,
}

impl Tree<'_> {
    /// How many of the parts are hidden, and what they come to.
    fn secrets(&self, parts: &[u32]) -> (usize, Behind) {
        let own = parts.iter().filter_map(|part| self.unknown.get(part));
        (own.clone().count(), Behind::sum(own))
    }

    /// Hides one more of the parts; says whether there was any that can be.
    fn hide_one(&mut self, parts: &[u32]) -> bool {
        let open = parts.iter().filter(|part| !self.hidden.contains(part) && self.is_hideable(**part));
        let size = |part: &u32| (self.units.contains_key(part), self.groups.get(part).map(|one| one.people));
        // Among equals the first in the register goes first.
        let Some(part) = open.copied().min_by_key(|part| (size(part), *part)) else { return false };
        let behind = match self.units.get(&part).copied() {
            None => self.groups.get(&part).cloned().unwrap_or_default(),
            Some(own) => {
                // What is told in all its parts cannot be hidden.
                if self.secrets(own).0 == 0 {
                    self.hide_one(own);
                }
                self.secrets(own).1
            }
        };
        self.hidden.insert(part);
        self.unknown.insert(part, behind);
        true
    }

    /// Says whether a figure can be hidden: of a unit, where something within it is hidden.
    fn is_hideable(&self, part: u32) -> bool {
        let is_secret = |one: &u32| {
            self.unknown.contains_key(one) || (self.units.contains_key(one) && self.is_hideable(*one))
        };
        self.groups.contains_key(&part) && self.units.get(&part).is_none_or(|own| own.iter().any(is_secret))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn enough(behind: &Behind) -> bool {
        behind.people >= 5 && behind.counts.iter().all(|count| *count >= 5)
    }

    fn completed(groups: &Groups, parts: &[(u32, Vec<u32>)]) -> BTreeSet<u32> {
        let few = groups.iter().filter(|(_, behind)| !enough(behind));
        let mut hidden = few.map(|(one, _)| *one).collect();
        complete(&mut hidden, groups, parts, enough);
        hidden
    }

    fn of_people(people: &[(u32, u64)], parts: &[(u32, Vec<u32>)]) -> Vec<u32> {
        let group = |&(one, people): &(u32, u64)| (one, Behind { people, counts: Vec::new() });
        completed(&people.iter().map(group).collect(), parts).into_iter().collect()
    }

    #[test]
    fn one_small_part_takes_the_smallest_other_with_it() {
        assert_eq!(of_people(&[(1, 4), (2, 9), (3, 7), (10, 20)], &[(10, vec![1, 2, 3])]), [1, 3]);
    }

    #[test]
    fn two_small_parts_with_enough_people_protect_each_other() {
        assert_eq!(of_people(&[(1, 4), (2, 3), (3, 7), (10, 14)], &[(10, vec![1, 2, 3])]), [1, 2]);
        assert_eq!(of_people(&[(1, 1), (2, 2), (3, 7), (10, 10)], &[(10, vec![1, 2, 3])]), [1, 2, 3]);
    }

    #[test]
    fn a_small_unit_among_units_hides_the_unit_above() {
        let parts = [(20, vec![1, 2]), (21, vec![3]), (30, vec![20, 21])];
        assert_eq!(of_people(&[(1, 9), (2, 8), (3, 3), (20, 17), (21, 3), (30, 20)], &parts), [3, 21, 30]);
    }

    #[test]
    fn parts_without_people_protect_nobody() {
        assert_eq!(of_people(&[(1, 4), (3, 7), (10, 11)], &[(10, vec![1, 2, 3])]), [1, 3]);
    }

    /// Ranks a system of sums: whether `wanted` is a linear combination of `rows`, by Gaussian elimination over fractions of doubles.
    fn follows(mut rows: Vec<Vec<f64>>, mut wanted: Vec<f64>) -> bool {
        let mut used = 0;
        for column in 0..wanted.len() {
            let Some(pivot) = (used..rows.len()).find(|&row| rows[row][column].abs() > 1e-9) else {
                continue;
            };
            rows.swap(used, pivot);
            let lead = rows[used].clone();
            let mut reduce = |row: &mut Vec<f64>| {
                let factor = row[column] / lead[column];
                row.iter_mut().zip(&lead).for_each(|(own, lead)| *own -= factor * lead);
            };
            rows[used + 1..].iter_mut().for_each(&mut reduce);
            reduce(&mut wanted);
            used += 1;
        }
        wanted.iter().all(|value| value.abs() < 1e-9)
    }

    #[test]
    fn few_of_a_kind_are_withheld_with_others_until_their_sum_may_be_told() {
        let group =
            |reached: u64, short: u64| Behind { people: reached + short, counts: vec![reached, short] };
        let all = [group(9, 1), group(20, 2), group(12, 6), group(8, 9), group(49, 18)];
        let groups: Groups = [1, 2, 3, 4, 10].into_iter().zip(all).collect();
        // One and two fall short: 3 in all, so that the smallest of the others goes with them.
        assert_eq!(completed(&groups, &[(10, vec![1, 2, 3, 4])]), [1, 2, 4].into());
    }

    #[test]
    fn a_withheld_unit_takes_another_with_it_that_has_withheld_parts() {
        let group =
            |reached: u64, short: u64| Behind { people: reached + short, counts: vec![reached, short] };
        let of = [(1, 9, 1), (2, 9, 2), (3, 9, 3), (4, 9, 4), (5, 30, 30)];
        let mut groups: Groups = of.into_iter().map(|(one, hits, short)| (one, group(hits, short))).collect();
        groups.extend([(20, group(18, 3)), (21, group(18, 7)), (22, group(30, 30)), (30, group(66, 40))]);
        let parts = [(20, vec![1, 2]), (21, vec![3, 4]), (22, vec![5]), (30, vec![20, 21, 22])];
        assert_eq!(completed(&groups, &parts), [1, 2, 3, 4, 20, 21].into());
    }

    #[test]
    fn a_unit_whose_parts_are_told_takes_one_of_them_with_it() {
        let group = |people: u64| Behind { people, counts: Vec::new() };
        // Unit 20 has one part, which is hidden; unit 21 is the sum of 22 and 23, which tell of several hidden parts each.
        let sizes = [(1, 9), (2, 9), (3, 9), (4, 9), (5, 9), (20, 9), (22, 18), (23, 18), (21, 36), (30, 45)];
        let groups: Groups = sizes.into_iter().map(|(one, people)| (one, group(people))).collect();
        let parts =
            [(22, vec![2, 3]), (23, vec![4, 5]), (20, vec![1]), (21, vec![22, 23]), (30, vec![20, 21])];
        let mut hidden: BTreeSet<u32> = [1, 2, 3, 4, 5].into();
        complete(&mut hidden, &groups, &parts, enough);
        assert_eq!(hidden, [1, 2, 3, 4, 5, 20, 21, 22].into());
    }

    proptest! {
        #[test]
        fn nothing_hidden_follows_from_what_is_published(
            sizes in prop::collection::vec(0u64..24, 3..9), kinds in prop::collection::vec(0u64..14, 9), cut in 1usize..8, second in 1usize..8,
        ) {
            let n = sizes.len();
            let (cut, second) = (cut.min(n - 1), second.min(n - 1));
            let (low, high) = (cut.min(second), cut.max(second));
            let ranges = [0..low, low..high, high..n];
            // Of every size so many of one kind; the rest is of the other.
            let group = |place: usize| Behind {
                people: sizes[place],
                counts: vec![sizes[place].min(kinds[place]), sizes[place].saturating_sub(kinds[place])],
            };
            let mut groups: Groups =
                (0..).zip(0..n).filter(|(_, place)| sizes[*place] > 0).map(|(one, place)| (one, group(place))).collect();
            let mut parts: Vec<(u32, Vec<u32>)> = Vec::new();
            for (unit, range) in (100..).zip(&ranges) {
                let own: Vec<u32> = range.clone().map(|one| u32::try_from(one).unwrap()).collect();
                let sum = Behind::sum(own.iter().filter_map(|one| groups.get(one)));
                if sum.people > 0 {
                    groups.insert(unit, sum);
                }
                parts.push((unit, own));
            }
            groups.insert(200, Behind::sum([100, 101, 102].iter().filter_map(|one| groups.get(one))));
            parts.push((200, vec![100, 101, 102]));
            let hidden = completed(&groups, &parts);
            let indicator = |one: u32| -> Vec<f64> {
                let holds = |leaf: usize| match one {
                    200 => true,
                    100..=102 => ranges[(one - 100) as usize].contains(&leaf),
                    own => own as usize == leaf,
                };
                (0..n).map(|leaf| f64::from(u8::from(sizes[leaf] > 0 && holds(leaf)))).collect()
            };
            let published: Vec<Vec<f64>> =
                groups.keys().filter(|one| !hidden.contains(one)).map(|one| indicator(*one)).collect();
            for small in groups.iter().filter(|(_, behind)| !enough(behind)).map(|(one, _)| *one) {
                prop_assert!(!follows(published.clone(), indicator(small)), "{small} follows: {groups:?} {low} {high}");
            }
        }
    }
}
