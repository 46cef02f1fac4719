//! Of each department: how many were assessed, whether raters agree, how people see themselves, and whether a mean may be shown.

use std::collections::BTreeSet;

use super::{MIN_RATERS, ScaleAgreement, Subject, WHOLE, of_unit};
use crate::check::Registers;
use crate::month::Day;
use crate::project::{Competency, Project};
use crate::stats::aggregation::{ENOUGH, grouped, rwg_star, uniform_null};
use crate::stats::distribution::Z_975;
use crate::stats::interval::{LEVEL, student};
use crate::stats::krippendorff::{Scale, Units};
use crate::stats::{Estimate, Figure, Marks, Reason};

/// Share of the people in post that must have been assessed before a department's mean is shown.
pub const COVERED: f64 = 0.70;

/// Whether the ratings of a department may be averaged.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Verdict {
    /// Its raters agree and enough people were assessed.
    Agreed,
    /// Its raters do not agree.
    NoAgreement,
    /// Too few of its people were assessed.
    LowCoverage,
    /// Fewer people than may be spoken of.
    FewPeople,
}

impl Verdict {
    /// Returns its code in feeds.
    pub fn code(self) -> &'static str {
        match self {
            Self::Agreed => "agreed",
            Self::NoAgreement => "no_agreement",
            Self::LowCoverage => "low_coverage",
            Self::FewPeople => "few_people",
        }
    }
}

/// What the assessments of a department rest on.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Standing {
    /// Position of the department, or [`WHOLE`].
    pub department: u32,
    /// People in post on the last day of the quarter.
    pub in_post: Result<u64, Reason>,
    /// People assessed in the department.
    pub people: Result<u64, Reason>,
    /// Share of the people in post who were assessed in the quarter, by [`MIN_RATERS`] others or more.
    pub coverage: Figure,
    /// Agreement of a person's raters, 1 − s²/σ² of random ratings, the mean over people; 1 is complete, 0 is chance.
    pub agreement: Figure,
    /// Share of the variance of ratings that lies between people, ICC(1).
    pub icc1: Result<f64, Reason>,
    /// Reliability of the mean over a person's raters, ICC(2).
    pub icc2: Result<f64, Reason>,
    /// Mean of the others' ratings on 0 to 100 of their scales, competencies by their weights; not applicable unless agreed.
    pub mean: Figure,
    /// Own level minus the mean of the others, in levels, the mean over people.
    pub own_gap: Figure,
    /// Whether the ratings may be averaged.
    pub verdict: Verdict,
}

/// Judges a department on `day`, the last of the quarter that is known.
pub(super) fn standing(registers: &Registers<'_>, subjects: &[Subject], (unit, day): (u32, Day)) -> Standing {
    let project = registers.project;
    let own: Vec<&Subject> = of_unit(subjects, unit).collect();
    let in_post = in_post(registers, unit, day);
    let assessed: BTreeSet<u32> =
        subjects.iter().filter(|one| one.is_assessed()).map(|one| one.person).collect();
    let covered = in_post.iter().filter(|person| assessed.contains(person)).count();
    let coverage = census(covered as u64, in_post.len() as u64);
    let agreement = agreement(project, &own);
    let people = own.iter().filter(|one| one.is_assessed()).count() as u64;
    let verdict = verdict(people, (coverage, agreement), project.privacy.min_people);
    let icc = between_people(&own);
    Standing {
        department: unit,
        in_post: Ok(in_post.len() as u64),
        people: Ok(people),
        coverage,
        agreement,
        icc1: icc.map(|(one, _)| one),
        icc2: icc.map(|(_, two)| two),
        mean: if verdict == Verdict::Agreed { mean(project, &own) } else { Err(Reason::NotApplicable) },
        own_gap: own_gap(&own),
        verdict,
    }
}

fn verdict(people: u64, (coverage, agreement): (Figure, Figure), least: u64) -> Verdict {
    let reaches = |figure: Figure, bar: f64| figure.is_ok_and(|one| one.value >= bar);
    if people < least {
        Verdict::FewPeople
    } else if !reaches(coverage, COVERED) {
        Verdict::LowCoverage
    } else if !reaches(agreement, ENOUGH) {
        Verdict::NoAgreement
    } else {
        Verdict::Agreed
    }
}

/// People in post in a department on a day, by position.
fn in_post(registers: &Registers<'_>, unit: u32, day: Day) -> Vec<u32> {
    let is_in_post = posts(registers);
    let people = (0..).zip(&registers.persons).map(|(person, _)| person);
    people.filter(|&person| is_in_post(person, unit, day)).collect()
}

/// Returns whether a person had a post in a department, or anywhere, on a day.
pub(super) fn posts<'r>(registers: &'r Registers<'_>) -> impl Fn(u32, u32, Day) -> bool + 'r {
    |person, unit, day| {
        let post = registers.project.post_at(registers.persons[person as usize], day);
        let department = post.and_then(|post| registers.project.department(&post.department));
        department.is_some_and(|own| unit == WHOLE || u32::try_from(own) == Ok(unit))
    }
}

/// A share of people who are all known: it has no error of sampling.
fn census(k: u64, n: u64) -> Figure {
    if n == 0 {
        return Err(Reason::Gap);
    }
    let value = k as f64 / n as f64;
    let n_effective = n as f64;
    Ok(Estimate { value, std_error: None, lower: None, upper: None, n, n_effective, marks: Marks::default() })
}

/// The mean of one value a person, with Student's interval; too few below two people.
fn mean_of(values: &[f64]) -> Figure {
    let n = values.len() as f64;
    if values.len() < 2 {
        return Err(Reason::TooFew);
    }
    let value = values.iter().sum::<f64>() / n;
    let variance = values.iter().map(|x| (x - value) * (x - value)).sum::<f64>() / (n - 1.0);
    let std_error = (variance / n).sqrt();
    let ends = student(value, std_error, n - 1.0, LEVEL).ok_or(Reason::TooFew)?;
    Ok(Estimate {
        value,
        std_error: Some(std_error),
        lower: Some(ends.0),
        upper: Some(ends.1),
        n: values.len() as u64,
        n_effective: n,
        marks: Marks::default(),
    })
}

fn options(competency: &Competency) -> f64 {
    f64::from(competency.high - competency.low + 1)
}

fn floats(ratings: &[i32]) -> Vec<f64> {
    ratings.iter().map(|&level| f64::from(level)).collect()
}

/// Agreement of each person's raters on each competency, r*wg, averaged over competencies, then over people.
fn agreement(project: &Project, own: &[&Subject]) -> Figure {
    let of_person = |subject: &&Subject| {
        let judged = subject.judged.iter().filter(|(_, judged)| judged.levels.len() >= MIN_RATERS);
        let ratios = judged.filter_map(|(&place, judged)| {
            let null = uniform_null(options(&project.competencies[place as usize]));
            rwg_star(&[floats(&judged.ratings())], null).ok()
        });
        let ratios: Vec<f64> = ratios.collect();
        (!ratios.is_empty()).then(|| ratios.iter().sum::<f64>() / ratios.len() as f64)
    };
    mean_of(&own.iter().filter_map(of_person).collect::<Vec<f64>>())
        .map(|one| Estimate { upper: one.upper.map(|upper| upper.min(1.0)), ..one })
}

/// ICC(1) and ICC(2) of ratings within people's competencies.
fn between_people(own: &[&Subject]) -> Result<(f64, f64), Reason> {
    let (mut groups, mut values) = (Vec::new(), Vec::new());
    let judged = own.iter().flat_map(|subject| subject.judged.values());
    for (group, judged) in judged.filter(|judged| judged.levels.len() >= MIN_RATERS).enumerate() {
        values.extend(floats(&judged.ratings()));
        groups.resize(values.len(), group);
    }
    grouped(&groups, &values).map(|found| (found.icc1_unbiased, found.icc2))
}

/// The weighted mean of the others' ratings; its error is that of the raters of each person, not of sampling people.
fn mean(project: &Project, own: &[&Subject]) -> Figure {
    let (mut total, mut weight, mut variance) = (0.0, 0.0, 0.0);
    for (&place, judged) in own.iter().flat_map(|subject| &subject.judged) {
        let competency = &project.competencies[place as usize];
        let (low, range) = (f64::from(competency.low), f64::from(competency.high - competency.low));
        if judged.levels.len() < MIN_RATERS {
            continue;
        }
        let points: Vec<f64> = floats(&judged.ratings()).iter().map(|x| 100.0 * (x - low) / range).collect();
        let k = points.len() as f64;
        let centre = points.iter().sum::<f64>() / k;
        let spread = points.iter().map(|x| (x - centre) * (x - centre)).sum::<f64>() / (k - 1.0);
        total += competency.weight * centre;
        weight += competency.weight;
        variance += competency.weight * competency.weight * spread / k;
    }
    if weight <= 0.0 {
        return Err(Reason::TooFew);
    }
    let n = own.iter().filter(|one| one.is_assessed()).count() as u64;
    let (value, error) = (total / weight, variance.sqrt() / weight);
    let end = |sign: f64| Some((value + sign * Z_975 * error).clamp(0.0, 100.0));
    let (lower, upper) = (end(-1.0), end(1.0));
    Ok(Estimate {
        value,
        std_error: Some(error),
        lower,
        upper,
        n,
        n_effective: n as f64,
        marks: Marks::default(),
    })
}

/// How far people see themselves above the others who rated them.
fn own_gap(own: &[&Subject]) -> Figure {
    let of_person = |subject: &&Subject| {
        let gap = |judged: &super::Judged| {
            let others = judged.ratings();
            let mean = |levels: &[i32]| floats(levels).iter().sum::<f64>() / levels.len() as f64;
            (others.len() >= MIN_RATERS && !judged.own.is_empty()).then(|| mean(&judged.own) - mean(&others))
        };
        let gaps: Vec<f64> = subject.judged.values().filter_map(gap).collect();
        (!gaps.is_empty()).then(|| gaps.iter().sum::<f64>() / gaps.len() as f64)
    };
    mean_of(&own.iter().filter_map(of_person).collect::<Vec<f64>>())
}

/// Agreement by competency, over all departments.
pub(super) fn scales(project: &Project, subjects: &[Subject]) -> Vec<ScaleAgreement> {
    let places = (0..).zip(&project.competencies).map(|(place, _)| place);
    places.filter_map(|place| scale(subjects, place)).collect()
}

fn scale(subjects: &[Subject], competency: u32) -> Option<ScaleAgreement> {
    let (mut units, mut groups, mut means) = (Vec::new(), Vec::new(), Vec::new());
    for subject in subjects {
        let Some(judged) = subject.judged.get(&competency) else { continue };
        if judged.levels.len() >= MIN_RATERS {
            let ratings = floats(&judged.ratings());
            means.push(ratings.iter().sum::<f64>() / ratings.len() as f64);
            groups.push(subject.department as usize);
            units.push(ratings.into_iter().map(Some).collect::<Vec<Option<f64>>>());
        }
    }
    let icc = grouped(&groups, &means);
    (!units.is_empty()).then(|| ScaleAgreement {
        competency,
        people: units.len() as u64,
        alpha: Units::new(&units).alpha(Scale::Ordinal),
        icc1: icc.map(|found| found.icc1_unbiased),
        icc2: icc.map(|found| found.icc2),
    })
}
