//! A change in the share of required levels attained, split exactly: who was reassessed, whose role changed, who came, who left, who was
//! assessed only once.
//!
//! With pairs of person and required competency, S = Σh/N over them (h = 1 where the level is reached), s for those who stayed:
//! S₂ − S₁ = (s₂ − s₁) + Σ(n/N₂)(h̄ − s₂) over those new in the assessment − Σ(n/N₁)(h̄ − s₁) over those no longer in it. What stayed
//! is split in turn: pairs of both quarters with the same requirement, and the rest. Every part is linear in h, so that the raters of each
//! pair give its error as they give that of a share.

use std::collections::{BTreeMap, BTreeSet};

use super::{MIN_RATERS, Subject, of_unit};
use crate::month::Day;
use crate::project::Project;
use crate::stats::distribution::Z_975;
use crate::stats::resample::{lower_median, redraw_chance};
use crate::stats::{Estimate, Figure, Marks, Reason};

/// A change of one department against an earlier quarter.
#[derive(Debug, Clone, PartialEq)]
pub struct Change {
    /// Position of the department, or [`super::WHOLE`].
    pub department: u32,
    /// How many quarters earlier.
    pub back: i32,
    /// The change and its parts; a gap where either quarter has no assessment, not comparable where nobody stayed.
    pub split: Result<Split, Reason>,
}

/// A change with its parts, which sum to it.
#[derive(Debug, Clone, PartialEq)]
pub struct Split {
    /// Share then; n counts people, the effective n required levels.
    pub before: Figure,
    /// Share now.
    pub now: Figure,
    /// Share now minus share then.
    pub change: Figure,
    /// The parts, in the order of [`PARTS`].
    pub parts: [Part; 5],
    /// People whose coming, going or other level makes the change.
    pub accounts: u64,
}

/// One part of a change.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Part {
    /// People in it.
    pub people: Result<u64, Reason>,
    /// People among them who came from, or went to, another department.
    pub moved: Result<u64, Reason>,
    /// What they add to the change.
    pub change: Figure,
}

/// Codes of the parts: the same people in the same requirements; the same people in others; who came into the department; who left it; who
/// was there both times and assessed once.
pub const PARTS: [&str; 5] = ["reassessed", "roles", "joined", "left", "coverage"];
const REASSESSED: usize = 0;
const ROLES: usize = 1;
const JOINED: usize = 2;
const LEFT: usize = 3;
const COVERAGE: usize = 4;

/// A person's required competency in one quarter.
#[derive(Debug, Clone, Copy, PartialEq)]
struct Pair {
    required: i32,
    hit: f64,
    /// Variance of the hit over redraws of the raters.
    variance: f64,
}

type Pairs = BTreeMap<(u32, u32), Pair>;

/// The people of two quarters.
#[derive(Debug, Clone, Copy)]
pub(super) struct Between<'a> {
    /// Subjects of the earlier quarter.
    pub(super) before: &'a [Subject],
    /// Subjects of the later quarter.
    pub(super) now: &'a [Subject],
    /// Last days of the earlier and the later quarter.
    pub(super) days: [Day; 2],
}

/// Splits the change of a department over `back` quarters; `in_post` says whether a person had a post there on a day.
pub(super) fn change(
    project: &Project,
    between: &Between<'_>,
    (department, back): (u32, i32),
    in_post: impl Fn(u32, Day) -> bool,
) -> Change {
    let [before, now] = [between.before, between.now].map(|subjects| pairs(project, subjects, department));
    let assessed = |subjects: &[Subject]| subjects.iter().map(|one| one.person).collect::<BTreeSet<u32>>();
    let elsewhere = [assessed(between.before), assessed(between.now)];
    let kind = |person: u32, was_before: bool| match (
        was_before,
        in_post(person, between.days[usize::from(was_before)]),
    ) {
        (_, true) => COVERAGE,
        (false, false) => JOINED,
        (true, false) => LEFT,
    };
    let moved = |person: u32, was_before: bool| elsewhere[usize::from(was_before)].contains(&person);
    Change { department, back, split: split([&before, &now], kind, moved) }
}

/// Lists the required competencies of the people of a department that enough raters spoke of.
fn pairs(project: &Project, subjects: &[Subject], department: u32) -> Pairs {
    let mut pairs = Pairs::new();
    for subject in of_unit(subjects, department) {
        for (&competency, judged) in
            subject.judged.iter().filter(|(_, judged)| judged.levels.len() >= MIN_RATERS)
        {
            let ratings = judged.ratings();
            if let (Some(required), Some(level)) =
                (subject.required(project, competency), lower_median(&ratings))
            {
                let chance = redraw_chance(&ratings, required);
                let hit = f64::from(u8::from(level >= required));
                pairs.insert(
                    (subject.person, competency),
                    Pair { required, hit, variance: chance * (1.0 - chance) },
                );
            }
        }
    }
    pairs
}

/// A sum Σc·h over pairs, with its error over redraws of their raters.
#[derive(Debug, Clone, Copy, Default)]
struct Sum {
    value: f64,
    variance: f64,
}

impl Sum {
    fn add(&mut self, coefficient: f64, pair: &Pair) {
        self.value += coefficient * pair.hit;
        self.variance += coefficient * coefficient * pair.variance;
    }

    fn figure(mut self, people: u64) -> Figure {
        // What rounding leaves of a sum of nothing is nothing.
        if self.value.abs() < 1e-12 {
            self.value = 0.0;
        }
        let error = self.variance.sqrt();
        let end = |sign: f64| Some((self.value + sign * Z_975 * error).clamp(-1.0, 1.0));
        Ok(Estimate {
            value: self.value,
            std_error: Some(error),
            lower: end(-1.0),
            upper: end(1.0),
            n: people,
            n_effective: people as f64,
            marks: Marks::default(),
        })
    }
}

fn persons(pairs: &Pairs) -> BTreeSet<u32> {
    pairs.keys().map(|(person, _)| *person).collect()
}

/// Splits the change between the pairs of two quarters. `kind` names the part of a person who is in only one of them (the earlier one when
/// true), `moved` whether that person was assessed elsewhere in the other.
fn split(
    [before, now]: [&Pairs; 2],
    kind: impl Fn(u32, bool) -> usize,
    moved: impl Fn(u32, bool) -> bool,
) -> Result<Split, Reason> {
    if before.is_empty() || now.is_empty() {
        return Err(Reason::Gap);
    }
    let [then_people, now_people] = [before, now].map(persons);
    let stayed: BTreeSet<u32> = then_people.intersection(&now_people).copied().collect();
    let same = |key: &(u32, u32)| {
        before.get(key).zip(now.get(key)).is_some_and(|(then, now)| then.required == now.required)
    };
    let n_same = before.keys().filter(|key| same(key)).count() as f64;
    if n_same == 0.0 {
        return Err(Reason::NotComparable);
    }
    let mut sums = [Sum::default(); 5];
    let mut whole = Sum::default();
    for (pairs, sign) in [(before, -1.0), (now, 1.0)] {
        let n = pairs.len() as f64;
        let n_stayed = pairs.keys().filter(|(person, _)| stayed.contains(person)).count() as f64;
        let mut others = [0.0; 5];
        for (person, _) in pairs.keys().filter(|(person, _)| !stayed.contains(person)) {
            others[kind(*person, sign < 0.0)] += 1.0;
        }
        for (key, pair) in pairs {
            whole.add(sign / n, pair);
            if !stayed.contains(&key.0) {
                sums[kind(key.0, sign < 0.0)].add(sign / n, pair);
                continue;
            }
            let own = if same(key) { 1.0 / n_same } else { 0.0 };
            sums[REASSESSED].add(sign * own, pair);
            sums[ROLES].add(sign * (1.0 / n_stayed - own), pair);
            for part in [JOINED, LEFT, COVERAGE] {
                sums[part].add(-sign * others[part] / n / n_stayed, pair);
            }
        }
    }
    let mut people: [BTreeSet<u32>; 5] = Default::default();
    let mut counts = [0u64; 5];
    for (list, was_before) in [(&then_people, true), (&now_people, false)] {
        for &person in list.difference(&stayed) {
            let part = kind(person, was_before);
            people[part].insert(person);
            counts[part] += u64::from(moved(person, was_before));
        }
    }
    for (key, _) in before.iter().chain(now).filter(|(key, _)| stayed.contains(&key.0)) {
        people[if same(key) { REASSESSED } else { ROLES }].insert(key.0);
    }
    let differs = |key: &&(u32, u32)| same(key) && (before[*key].hit > 0.5) != (now[*key].hit > 0.5);
    let mut accounts: BTreeSet<u32> = before.keys().filter(differs).map(|key| key.0).collect();
    people[ROLES..].iter().for_each(|own| accounts.extend(own));
    let n_all = then_people.union(&now_people).count() as u64;
    let part = |place: usize| {
        let n = people[place].len() as u64;
        Part { people: Ok(n), moved: Ok(counts[place]), change: sums[place].figure(n) }
    };
    Ok(Split {
        before: share(before, then_people.len() as u64),
        now: share(now, now_people.len() as u64),
        change: whole.figure(n_all),
        parts: std::array::from_fn(part),
        accounts: accounts.len() as u64,
    })
}

fn share(pairs: &Pairs, people: u64) -> Figure {
    let mut sum = Sum::default();
    pairs.values().for_each(|pair| sum.add(1.0 / pairs.len() as f64, pair));
    let bound = |end: Option<f64>| end.map(|end| end.clamp(0.0, 1.0));
    let n_effective = pairs.len() as f64;
    let bounded =
        |one: Estimate| Estimate { lower: bound(one.lower), upper: bound(one.upper), n_effective, ..one };
    sum.figure(people).map(bounded)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn pairs(list: &[(u32, u32, i32, bool)]) -> Pairs {
        let pair = |&(person, competency, required, hit): &(u32, u32, i32, bool)| {
            ((person, competency), Pair { required, hit: f64::from(u8::from(hit)), variance: 0.1 })
        };
        list.iter().map(pair).collect()
    }

    fn found(before: &Pairs, now: &Pairs, kind: impl Fn(u32, bool) -> usize) -> Result<Split, Reason> {
        split([before, now], kind, |_, _| true)
    }

    fn came_or_left(_: u32, was_before: bool) -> usize {
        if was_before { LEFT } else { JOINED }
    }

    #[test]
    fn who_comes_and_who_leaves_is_not_who_improves() {
        // 1 and 2 stay as they are, 3 (who did not reach the level) leaves, 4 (who does) comes.
        let before = pairs(&[(1, 0, 2, true), (2, 0, 2, false), (3, 0, 2, false)]);
        let now = pairs(&[(1, 0, 2, true), (2, 0, 2, false), (4, 0, 2, true)]);
        let split = found(&before, &now, came_or_left).unwrap();
        let values = split.parts.map(|part| part.change.unwrap().value);
        let expected = [0.0, 0.0, 1.0 / 6.0, 1.0 / 6.0, 0.0];
        assert!(values.iter().zip(expected).all(|(one, other)| (one - other).abs() < 1e-12), "{values:?}");
        assert!((split.change.unwrap().value - 1.0 / 3.0).abs() < 1e-12);
        assert_eq!(
            (split.accounts, split.parts[JOINED].people, split.parts[REASSESSED].people),
            (2, Ok(1), Ok(2))
        );
        // Six hits of variance 0.1, each a third of a share.
        let error = split.change.unwrap().std_error.unwrap();
        assert!((error - (6.0 * 0.1 / 9.0_f64).sqrt()).abs() < 1e-12, "{error}");
    }

    #[test]
    fn another_role_is_no_reassessment() {
        let before = pairs(&[(1, 0, 2, true), (2, 0, 1, true), (2, 1, 1, true)]);
        let now = pairs(&[(1, 0, 2, true), (2, 0, 2, false), (2, 1, 1, true)]);
        let split = found(&before, &now, came_or_left).unwrap();
        let values = split.parts.map(|part| part.change.unwrap().value);
        assert!(values[REASSESSED].abs() < 1e-12 && (values[ROLES] + 1.0 / 3.0).abs() < 1e-12, "{values:?}");
    }

    #[test]
    fn nobody_who_stayed_is_not_comparable() {
        let (one, other) = (pairs(&[(1, 0, 2, true)]), pairs(&[(2, 0, 2, true)]));
        assert_eq!(found(&one, &other, came_or_left), Err(Reason::NotComparable));
        assert_eq!(found(&one, &Pairs::new(), came_or_left), Err(Reason::Gap));
        let same = found(&one, &one, came_or_left).unwrap();
        assert_eq!((same.accounts, same.change.unwrap().value), (0, 0.0));
    }

    proptest! {
        #[test]
        fn the_parts_sum_to_the_change(
            before in prop::collection::vec((0u32..8, 0u32..3, 1i32..3, any::<bool>()), 1..25),
            now in prop::collection::vec((0u32..8, 0u32..3, 1i32..3, any::<bool>()), 1..25),
        ) {
            let (before, now) = (pairs(&before), pairs(&now));
            let kind = |person: u32, was_before: bool| match (person % 3, was_before) {
                (0, _) => COVERAGE,
                (_, true) => LEFT,
                _ => JOINED,
            };
            if let Ok(split) = found(&before, &now, kind) {
                let sum: f64 = split.parts.iter().map(|part| part.change.unwrap().value).sum();
                let (change, now, before) = (split.change.unwrap().value, split.now.unwrap().value, split.before.unwrap().value);
                prop_assert!((sum - change).abs() < 1e-12 && (now - before - change).abs() < 1e-12);
                for part in split.parts.iter().filter(|part| part.people == Ok(0)) {
                    prop_assert!(part.change.unwrap().value.abs() < 1e-12);
                }
            }
        }
    }
}
