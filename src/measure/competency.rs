//! Measures of competency: who attains what the role requires.
//!
//! All people are assessed, so the uncertainty lies in the raters: intervals resample raters within persons.

use std::collections::{BTreeMap, BTreeSet};

use super::code::Attained;
use super::{Code, Context};
use crate::count::{AssessedKey, MonthCounts};
use crate::month::{Month, Quarter};
use crate::stats::resample::{Person, level_shares, lower_median};
use crate::stats::{Estimate, Figure, Marks, Reason};

/// Raters below which a person's level is not published.
const MIN_RATERS: usize = 3;

/// Returns the ratings of a department in the quarters from `first` on; keys are sorted by department, then quarter.
fn from_quarter(
    counts: &MonthCounts,
    department: u32,
    first: Quarter,
) -> impl Iterator<Item = (&AssessedKey, &u64)> {
    let start = AssessedKey {
        department,
        quarter: first,
        person: 0,
        role: String::new(),
        head: false,
        competency: 0,
        level: i16::MIN,
    };
    counts.assessments.range(start..).take_while(move |(key, _)| key.department == department)
}

/// Returns the ratings of a department in one quarter.
fn of_quarter(
    counts: &MonthCounts,
    department: u32,
    quarter: Quarter,
) -> impl Iterator<Item = (&AssessedKey, &u64)> {
    from_quarter(counts, department, quarter).take_while(move |(key, _)| key.quarter == quarter)
}

/// Returns the quarter that `month` tells of: the latest that has ended by then in which somebody in the department was rated, one under way
/// only where there is no other. What two months of a quarter tell differs by few people, and would tell of these.
pub fn latest_quarter(counts: &MonthCounts, department: u32, month: Month) -> Option<Quarter> {
    let rated = || from_quarter(counts, department, Quarter(i32::MIN)).map(|(key, _)| key.quarter);
    rated().filter(|quarter| quarter.last_month() <= month).max().or_else(|| rated().max())
}

/// Returns how many months lie between the quarter of an assessment and `month`; 0 within the quarter.
pub fn age_in_months(quarter: Quarter, month: Month) -> i32 {
    (month.0 - quarter.last_month().0).max(0)
}

/// Returns the ratings that the competency measures of a department rest on: while they stay the same, so do the measures.
pub fn basis(counts: &MonthCounts, department: u32, month: Month) -> Vec<(&AssessedKey, u64)> {
    let Some(quarter) = latest_quarter(counts, department, month) else { return Vec::new() };
    of_quarter(counts, department, quarter).map(|(key, n)| (key, *n)).collect()
}

/// Computes a measure of competency.
pub(super) fn measure(
    context: &Context<'_>,
    counts: &MonthCounts,
    code: &Code,
    department: u32,
    month: Month,
) -> Figure {
    if let Code::Competency(Attained::Required, code) = code
        && let Some(total) = counts.totals.get(&(department, format!("required:{code}")))
    {
        let n = total.n.unwrap_or_default();
        let marks = Marks { derived: true, ..Marks::default() };
        let k = (total.value * n as f64).round();
        return Ok(Estimate {
            value: total.value,
            marks,
            ..crate::stats::proportion::wilson(k, n as f64, n as f64)?
        });
    }
    if let (Code::CompetencyShare, Some(figure)) = (code, published_share(context, counts, department)) {
        return figure;
    }
    let quarter = latest_quarter(counts, department, month).ok_or(Reason::Gap)?;
    let rated = |competency| rated(counts, department, quarter, competency);
    let figure = match code {
        Code::CompetencyShare => share(context, &rated(None), true),
        Code::Competency(attained, code) => {
            let index = context.project.competency(code).and_then(|index| u32::try_from(index).ok());
            share(context, &rated(Some(index.ok_or(Reason::NotMeasured)?)), *attained == Attained::Required)
        }
        Code::HeadLevel => head(context, &rated(None)),
        _ => Err(Reason::NotApplicable),
    };
    figure.map(|estimate| Estimate {
        marks: Marks { carried: quarter < month.quarter(), ..estimate.marks },
        ..estimate
    })
}

/// The share from published totals: the mean over the competencies, weighted as the register says.
fn published_share(context: &Context<'_>, counts: &MonthCounts, department: u32) -> Option<Figure> {
    let (mut total, mut weight, mut variance, mut n) = (0.0, 0.0, 0.0, u64::MAX);
    for competency in &context.project.competencies {
        let Some(one) = counts.totals.get(&(department, format!("required:{}", competency.code))) else {
            continue;
        };
        let k = one.n.unwrap_or_default();
        let share =
            crate::stats::proportion::wilson((one.value * k as f64).round(), k as f64, k as f64).ok()?;
        total += competency.weight * one.value;
        weight += competency.weight;
        variance += (competency.weight * share.std_error.unwrap_or_default()).powi(2);
        n = n.min(k);
    }
    (weight > 0.0).then(|| {
        let (value, error) = (total / weight, variance.sqrt() / weight);
        let end =
            |sign: f64| Some((value + sign * crate::stats::distribution::Z_975 * error).clamp(0.0, 1.0));
        let marks = Marks { derived: true, ..Marks::default() };
        Ok(Estimate {
            value,
            std_error: Some(error),
            lower: end(-1.0),
            upper: end(1.0),
            n,
            n_effective: n as f64,
            marks,
        })
    })
}

type Rated<'c> = BTreeMap<(u32, u32), (&'c AssessedKey, Vec<i32>)>;

/// Ratings of one quarter by person and competency, of all competencies or one.
fn rated(counts: &MonthCounts, department: u32, quarter: Quarter, competency: Option<u32>) -> Rated<'_> {
    let mut rated = Rated::new();
    let is_wanted = |key: &AssessedKey| competency.is_none_or(|wanted| wanted == key.competency);
    for (key, &n) in of_quarter(counts, department, quarter).filter(|(key, _)| is_wanted(key)) {
        let levels = &mut rated.entry((key.person, key.competency)).or_insert_with(|| (key, Vec::new())).1;
        levels.extend(std::iter::repeat_n(i32::from(key.level), usize::try_from(n).unwrap_or(0)));
    }
    rated
}

fn share(context: &Context<'_>, rated: &Rated<'_>, at_required: bool) -> Figure {
    let mut people = BTreeSet::new();
    let mut persons = Vec::new();
    for (&(person, index), (key, ratings)) in rated {
        let code = &context.project.competencies[index as usize].code;
        let required = context.project.roles.get(&key.role).and_then(|required| required.get(code));
        // Whoever's role requires nothing cannot fall short of it.
        if (required.is_some() || !at_required) && ratings.len() >= MIN_RATERS {
            people.insert(person);
            persons.push(Person { ratings: ratings.clone(), required: required.copied().unwrap_or(0) });
        }
    }
    let shares = level_shares(&persons)?;
    let estimate = if at_required { shares.at_required } else { shares.at_zero };
    // The people behind the share, not their single levels, decide what may be shown.
    Ok(Estimate { n: people.len() as u64, ..estimate })
}

/// The head's attained level in the competency that the head's role requires highest.
fn head(context: &Context<'_>, rated: &Rated<'_>) -> Figure {
    let required = |key: &AssessedKey, index: u32| {
        let code = &context.project.competencies[index as usize].code;
        context.project.roles.get(&key.role).and_then(|required| required.get(code)).copied()
    };
    let heads = rated.iter().filter(|(_, (key, _))| key.head);
    let best =
        heads.filter_map(|(&(_, index), (key, ratings))| required(key, index).map(|level| (level, ratings)));
    let (_, ratings) = best.max_by_key(|(level, _)| *level).ok_or(Reason::NotMeasured)?;
    let level = lower_median(ratings).ok_or(Reason::TooFew)?;
    let marks = Marks::default();
    Ok(Estimate {
        value: f64::from(level),
        std_error: None,
        lower: None,
        upper: None,
        n: 1,
        n_effective: 1.0,
        marks,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_quarter_is_told_of_when_it_has_ended() {
        let key = |quarter: Quarter| AssessedKey {
            department: 0,
            quarter,
            person: 1,
            role: "teller".into(),
            head: false,
            competency: 0,
            level: 2,
        };
        let (august, september) = (Month::new(2026, 8), Month::new(2026, 9));
        let (earlier, now) = (Quarter(august.quarter().0 - 1), august.quarter());
        let mut counts = MonthCounts::default();
        counts.assessments.insert(key(now), 3);
        assert_eq!(latest_quarter(&counts, 0, august), Some(now), "there is no other");
        counts.assessments.insert(key(earlier), 3);
        assert_eq!(latest_quarter(&counts, 0, august), Some(earlier));
        assert_eq!(latest_quarter(&counts, 0, september), Some(now));
        assert_eq!(basis(&counts, 0, august).len(), 1, "of one quarter alone");
        assert_eq!(latest_quarter(&counts, 1, august), None);
    }
}
