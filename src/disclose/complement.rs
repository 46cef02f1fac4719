//! Complementary suppression: a withheld figure must not follow from a unit's figure and those of its other parts.
//!
//! In: the tree of units, who has a figure about how many people, and who is withheld for having too few. Out: who else is withheld.
//! Deliberately absent: values; what is hidden depends on numbers of people alone, so that the choice itself tells nothing.

use std::collections::{BTreeMap, BTreeSet};

/// Adds to `hidden` what must be withheld with it.
///
/// `people` holds the number behind every figure there is, `parts` the direct parts of each unit, deepest units first. A published
/// unit tells the sum of its hidden parts; that is harmless when they are at least two with `least` people together. Else its smallest
/// published parts that have no parts of their own are hidden too; where there are none left, the unit itself is, and the same question
/// arises for the unit above.
pub(super) fn complete(
    hidden: &mut BTreeSet<u32>,
    people: &BTreeMap<u32, u64>,
    parts: &[(u32, Vec<u32>)],
    least: u64,
) {
    // A unit that is hidden for its parts' sake protects only them: that many people, not all of its own.
    let mut protected: BTreeMap<u32, u64> =
        hidden.iter().filter_map(|one| Some((*one, *people.get(one)?))).collect();
    let units: BTreeSet<u32> = parts.iter().map(|(unit, _)| *unit).collect();
    for (unit, own) in parts {
        let mut open: Vec<(u64, u32)> = own
            .iter()
            .filter(|part| !hidden.contains(part) && !units.contains(part))
            .filter_map(|part| Some((*people.get(part)?, *part)))
            .collect();
        // The smallest comes off the end first; among equals the first in the register.
        open.sort_by(|a, b| b.cmp(a));
        loop {
            let within: Vec<u64> = own.iter().filter_map(|part| protected.get(part)).copied().collect();
            let sum: u64 = within.iter().sum();
            if within.is_empty() || (within.len() >= 2 && sum >= least) {
                break;
            }
            match open.pop() {
                Some((n, part)) => {
                    hidden.insert(part);
                    protected.insert(part, n);
                }
                None => {
                    hidden.insert(*unit);
                    protected.insert(*unit, sum);
                    break;
                }
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn completed(people: &[(u32, u64)], parts: &[(u32, Vec<u32>)]) -> Vec<u32> {
        let people: BTreeMap<u32, u64> = people.iter().copied().collect();
        let mut hidden = people.iter().filter(|(_, n)| **n < 5).map(|(one, _)| *one).collect();
        complete(&mut hidden, &people, parts, 5);
        hidden.into_iter().collect()
    }

    #[test]
    fn one_small_part_takes_the_smallest_other_with_it() {
        assert_eq!(completed(&[(1, 4), (2, 9), (3, 7), (10, 20)], &[(10, vec![1, 2, 3])]), [1, 3]);
    }

    #[test]
    fn two_small_parts_with_enough_people_protect_each_other() {
        assert_eq!(completed(&[(1, 4), (2, 3), (3, 7), (10, 14)], &[(10, vec![1, 2, 3])]), [1, 2]);
        assert_eq!(completed(&[(1, 1), (2, 2), (3, 7), (10, 10)], &[(10, vec![1, 2, 3])]), [1, 2, 3]);
    }

    #[test]
    fn a_small_unit_among_units_hides_the_unit_above() {
        let parts = [(20, vec![1, 2]), (21, vec![3]), (30, vec![20, 21])];
        assert_eq!(completed(&[(1, 9), (2, 8), (3, 3), (20, 17), (21, 3), (30, 20)], &parts), [3, 21, 30]);
    }

    #[test]
    fn parts_without_people_protect_nobody() {
        assert_eq!(completed(&[(1, 4), (3, 7), (10, 11)], &[(10, vec![1, 2, 3])]), [1, 3]);
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

    proptest! {
        #[test]
        fn nothing_hidden_follows_from_what_is_published(
            sizes in prop::collection::vec(0u64..12, 3..9), cut in 1usize..8, second in 1usize..8,
        ) {
            let n = sizes.len();
            let (cut, second) = (cut.min(n - 1), second.min(n - 1));
            let (low, high) = (cut.min(second), cut.max(second));
            let groups = [0..low, low..high, high..n];
            let mut people: BTreeMap<u32, u64> =
                (0..).zip(&sizes).filter(|(_, n)| **n > 0).map(|(one, n)| (one, *n)).collect();
            let mut parts: Vec<(u32, Vec<u32>)> = Vec::new();
            for (unit, group) in (100..).zip(&groups) {
                let own: Vec<u32> = group.clone().map(|one| u32::try_from(one).unwrap()).collect();
                let sum: u64 = own.iter().filter_map(|one| people.get(one)).sum();
                if sum > 0 {
                    people.insert(unit, sum);
                }
                parts.push((unit, own));
            }
            let all: u64 = sizes.iter().sum();
            // Of nobody nothing is told.
            prop_assume!(all > 0);
            people.insert(200, all);
            parts.push((200, vec![100, 101, 102]));
            let mut hidden: BTreeSet<u32> =
                people.iter().filter(|(_, n)| **n < 5).map(|(one, _)| *one).collect();
            complete(&mut hidden, &people, &parts, 5);
            let indicator = |one: u32| -> Vec<f64> {
                let holds = |leaf: usize| match one {
                    200 => true,
                    100..=102 => groups[(one - 100) as usize].contains(&leaf),
                    own => own as usize == leaf,
                };
                (0..n).map(|leaf| f64::from(u8::from(sizes[leaf] > 0 && holds(leaf)))).collect()
            };
            let published: Vec<Vec<f64>> =
                people.keys().filter(|one| !hidden.contains(one)).map(|one| indicator(*one)).collect();
            for small in people.iter().filter(|(_, n)| **n < 5).map(|(one, _)| *one) {
                prop_assert!(!follows(published.clone(), indicator(small)), "{small} follows: {sizes:?} {low} {high}");
            }
        }
    }
}
