//! Heads as raters: how far above or below the others who rated the same people, against the other heads. What is found of one head is
//! for the local list alone; outputs tell how many there are.

use std::collections::BTreeMap;

use super::Subject;
use crate::check::Relation;
use crate::stats::adjust::Adjustment::Holm;
use crate::stats::distribution::student_two_sided;
use crate::stats::interval::{LEVEL, student};
use crate::stats::{Estimate, Figure, Marks, Reason};

/// Levels from which on a head who differs from the others is worth a word.
const LENIENT: f64 = 0.3;
/// Level below which a difference is beyond chance, after Holm over all heads.
const CHANCE: f64 = 0.05;

/// How many heads rate otherwise than heads usually do.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Raters {
    /// Heads who are compared with the others.
    pub heads: u64,
    /// Heads who rate remarkably higher.
    pub higher: u64,
    /// Heads who rate remarkably lower.
    pub lower: u64,
}

/// One head as a rater.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Leniency {
    /// Position of the department whose people the head rated.
    pub(super) department: u32,
    /// People whom the head and at least one other, not themselves, rated.
    pub(super) people: u64,
    /// Mean difference of the head's levels to those of the others, in levels.
    pub(super) difference: Figure,
    /// How much more than the mean of the other heads.
    pub(super) excess: Figure,
    /// Two-sided p value of no excess.
    pub(super) p_value: Option<f64>,
    /// The same after Holm over all heads.
    pub(super) p_holm: Option<f64>,
}

impl Leniency {
    /// Says whether the head is remarkable as a rater, after Holm and by size.
    pub(super) fn is_remarkable(&self) -> bool {
        self.p_holm.is_some_and(|p| p < CHANCE) && self.excess.is_ok_and(|one| one.value.abs() >= LENIENT)
    }
}

/// Counts the heads who stand out; not measured where no head can be compared.
pub(super) fn raters(all: &[Leniency]) -> Result<Raters, Reason> {
    let compared = || all.iter().filter_map(|one| Some((one.is_remarkable(), one.excess.ok()?.value)));
    let count = |is_wanted: fn(f64) -> bool| {
        compared().filter(|(is_remarkable, value)| *is_remarkable && is_wanted(*value)).count() as u64
    };
    let heads = compared().count() as u64;
    let found = Raters { heads, higher: count(|value| value > 0.0), lower: count(|value| value < 0.0) };
    if heads > 0 { Ok(found) } else { Err(Reason::NotMeasured) }
}

/// Compares heads with the others who rated the same people; heads themselves, whom the head of another department rates, are left out.
///
/// One value a person, the mean over competencies, so that the error is that of people; excess has the errors of the head's own mean and of
/// the mean over the other heads. Too few below two people.
pub(super) fn leniency(subjects: &[Subject]) -> Vec<Leniency> {
    let mut heads: BTreeMap<(u32, u64), Vec<f64>> = BTreeMap::new();
    for subject in subjects.iter().filter(|subject| !subject.head) {
        let mut by_head: BTreeMap<u64, Vec<f64>> = BTreeMap::new();
        for judged in subject.judged.values() {
            let is_head = |one: &&(Relation, u64, i32)| one.0 == Relation::Manager;
            let others: Vec<f64> =
                judged.levels.iter().filter(|one| !is_head(one)).map(|one| f64::from(one.2)).collect();
            if others.is_empty() {
                continue;
            }
            let mean = others.iter().sum::<f64>() / others.len() as f64;
            for (_, rater, level) in judged.levels.iter().filter(is_head) {
                by_head.entry(*rater).or_default().push(f64::from(*level) - mean);
            }
        }
        for (rater, gaps) in by_head {
            let gap = gaps.iter().sum::<f64>() / gaps.len() as f64;
            heads.entry((subject.department, rater)).or_default().push(gap);
        }
    }
    let summaries: Vec<(u32, Summary)> =
        heads.iter().map(|((department, _), gaps)| (*department, Summary::of(gaps))).collect();
    let mut all: Vec<Leniency> = (0..summaries.len()).map(|place| of(&summaries, place)).collect();
    let adjusted = Holm.adjust(&all.iter().map(|one| one.p_value).collect::<Vec<_>>());
    all.iter_mut().zip(adjusted).for_each(|(one, p)| one.p_holm = p);
    all
}

#[derive(Debug, Clone, Copy)]
struct Summary {
    n: f64,
    mean: f64,
    /// Variance of the mean; nothing below two people.
    variance: Option<f64>,
}

impl Summary {
    fn of(gaps: &[f64]) -> Self {
        let n = gaps.len() as f64;
        let mean = gaps.iter().sum::<f64>() / n;
        let squares: f64 = gaps.iter().map(|gap| (gap - mean) * (gap - mean)).sum();
        Self { n, mean, variance: (n > 1.0).then(|| squares / (n - 1.0) / n) }
    }

    fn figure(&self, (value, variance): (f64, f64)) -> Figure {
        let std_error = variance.sqrt();
        let ends = student(value, std_error, self.n - 1.0, LEVEL).ok_or(Reason::TooFew)?;
        Ok(Estimate {
            value,
            std_error: Some(std_error),
            lower: Some(ends.0),
            upper: Some(ends.1),
            n: self.n as u64,
            n_effective: self.n,
            marks: Marks::default(),
        })
    }
}

fn of(all: &[(u32, Summary)], place: usize) -> Leniency {
    let (department, own) = all[place];
    let others: Vec<&Summary> = all
        .iter()
        .enumerate()
        .filter(|(other, one)| *other != place && one.1.variance.is_some())
        .map(|(_, one)| &one.1)
        .collect();
    let k = others.len() as f64;
    let usual = others.iter().map(|one| one.mean).sum::<f64>() / k;
    // Heads differ by more than chance: their own spread is part of what one of them is held against.
    let spread =
        others.iter().map(|one| (one.mean - usual) * (one.mean - usual)).sum::<f64>() / (k - 1.0).max(1.0);
    let excess = match own.variance {
        _ if others.is_empty() => Err(Reason::NotApplicable),
        None => Err(Reason::TooFew),
        Some(variance) => own.figure((own.mean - usual, variance + spread / k)),
    };
    let p_value = excess.ok().and_then(|one| {
        let error = one.std_error.filter(|&error| error > 0.0)?;
        Some(student_two_sided(one.value / error, own.n - 1.0))
    });
    Leniency {
        department,
        people: own.n as u64,
        difference: own.variance.ok_or(Reason::TooFew).and_then(|variance| own.figure((own.mean, variance))),
        excess,
        p_value,
        p_holm: None,
    }
}
