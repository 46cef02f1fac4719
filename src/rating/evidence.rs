//! What a month's rating rests on: the headline measures of every department over the rolling window, and how they go together.
//!
//! In: counts per month. Out: figures and correlations of one window. Deliberately absent: points, weights, carrying.

use std::collections::{BTreeMap, BTreeSet};

use rayon::prelude::*;

use super::headline::{HeadlineMeasure, Source, source};
use crate::count::{Cell, MonthCounts, ReceivedKey};
use crate::measure::{Code, Context, latest_quarter, measure, shared_correlation};
use crate::month::Month;
use crate::stats::distribution::Z_975;
use crate::stats::{Estimate, Figure};

/// Measures over the window that ends with one month.
pub(super) struct Evidence {
    /// Figure by department and place of the headline measure.
    pub(super) figures: BTreeMap<(u32, usize), Figure>,
    /// Correlation of two headline measures that share answers, by department and places.
    pub(super) correlations: BTreeMap<(u32, usize, usize), f64>,
    /// Typical variance of one answer, by place of a headline measure: what stands for an error of 0.
    pub(super) typical: Vec<Option<f64>>,
}

impl Evidence {
    /// Computes the headline measures of `departments` over the window.
    pub(super) fn new(
        context: &Context<'_>,
        headlines: &[HeadlineMeasure],
        months: &BTreeMap<Month, MonthCounts>,
        month: Month,
        departments: &[u32],
    ) -> Self {
        let counts = window(context, headlines, months, month);
        let of = |&department: &u32| {
            let weighed = |place: &usize| headlines[*place].weight(context, department).is_some();
            let places: Vec<usize> = (0..headlines.len()).filter(weighed).collect();
            let figure = |&place: &usize| {
                ((department, place), measure(context, &counts, &headlines[place].code, department, month))
            };
            let figures: Vec<_> = places.iter().map(figure).collect();
            (figures, correlations(context, headlines, &counts, (department, month), &places))
        };
        // Departments are independent of each other and come back in their order: threads change no bit.
        let found: Vec<_> = departments.par_iter().map(of).collect();
        let (figures, correlations): (Vec<_>, Vec<_>) = found.into_iter().unzip();
        let figures: BTreeMap<(u32, usize), Figure> = figures.into_iter().flatten().collect();
        let typical = (0..headlines.len()).map(|place| typical(&headlines[place], &figures, place)).collect();
        Self { figures, correlations: correlations.into_iter().flatten().collect(), typical }
    }

    /// Returns the estimate with the typical spread where all answers were alike: few answers of one kind do not make a figure certain.
    pub(super) fn widened(&self, place: usize, estimate: Estimate) -> Estimate {
        let alike = estimate.std_error.is_some_and(|error| error <= 0.0) && estimate.n_effective > 0.0;
        match self.typical[place].filter(|_| alike) {
            None => estimate,
            Some(variance) => {
                let error = (variance / estimate.n_effective).sqrt();
                let end = |sign: f64| Some(estimate.value + sign * Z_975 * error);
                Estimate { std_error: Some(error), lower: end(-1.0), upper: end(1.0), ..estimate }
            }
        }
    }
}

/// Median over departments of s²·n, for measures of answers.
fn typical(
    headline: &HeadlineMeasure,
    figures: &BTreeMap<(u32, usize), Figure>,
    place: usize,
) -> Option<f64> {
    if !matches!(source(&headline.code), Source::Survey(_)) {
        return None;
    }
    let of = |estimate: &Estimate| estimate.std_error.map(|error| error * error * estimate.n_effective);
    let own = figures.iter().filter(|((_, own), _)| *own == place);
    let mut variances: Vec<f64> = own.filter_map(|(_, figure)| of(figure.as_ref().ok()?)).collect();
    variances.retain(|variance| *variance > 0.0);
    variances.sort_by(f64::total_cmp);
    variances.get(variances.len() / 2).copied()
}

/// Correlations of measures of the client questionnaire, whose answers are the same; see [`HeadlineMeasure::shares`] for the rest.
fn correlations(
    context: &Context<'_>,
    headlines: &[HeadlineMeasure],
    counts: &MonthCounts,
    (department, month): (u32, Month),
    places: &[usize],
) -> Vec<((u32, usize, usize), f64)> {
    let client = Source::Survey("client");
    let mut found = Vec::new();
    for (rank, &one) in places.iter().enumerate() {
        for &other in &places[rank + 1..] {
            let (a, b) = (&headlines[one], &headlines[other]);
            let shared = match source(&a.code) == client && source(&b.code) == client {
                true => {
                    let of_measures =
                        shared_correlation(context, counts, (&a.code, &b.code), department, month);
                    of_measures * a.direction() * b.direction()
                }
                false => f64::from(u8::from(a.shares(b))),
            };
            found.push(((department, one, other), shared));
        }
    }
    found
}

/// Adds the months of the window, as far as the headline measures need them: whole departments only, no servers, no links.
///
/// Ratings of people are those that the last month with counts may use, totals those of the month itself: neither adds up.
fn window(
    context: &Context<'_>,
    headlines: &[HeadlineMeasure],
    months: &BTreeMap<Month, MonthCounts>,
    month: Month,
) -> MonthCounts {
    let mut sum = MonthCounts::default();
    let span = months.range(month.plus(1 - context.project.rating.window_months)..=month);
    for (_, counts) in span.clone() {
        add_surveys(&mut sum, counts, headlines);
        add_outcomes(&mut sum, counts, context, headlines);
    }
    if let Some((_, last)) = span.clone().next_back()
        && headlines.iter().any(|headline| source(&headline.code) == Source::Competency)
    {
        sum.assessments.clone_from(&last.assessments);
    }
    if let Some(counts) = months.get(&month) {
        sum.totals.clone_from(&counts.totals);
    }
    sum
}

fn add_surveys(sum: &mut MonthCounts, counts: &MonthCounts, headlines: &[HeadlineMeasure]) {
    for (questionnaire, survey) in &counts.surveys {
        let own = Source::Survey(questionnaire);
        let n_asked = headlines.iter().filter(|headline| source(&headline.code) == own).count();
        if n_asked == 0 {
            continue;
        }
        let own = sum.surveys.entry(questionnaire.clone()).or_default();
        for (cell, row) in survey.marginals.iter().filter(|(cell, _)| cell.cut == 0) {
            let target = own.marginals.entry(*cell).or_default();
            target.resize(row.len(), Default::default());
            target.iter_mut().zip(row).for_each(|(own, other)| own.merge(other));
        }
        // Only two measures of the same answers need more than the family of dimension scores, which stands first.
        let families = survey.families.iter().filter(|((_, family), _)| n_asked > 1 || *family == 0);
        for (key, sums) in families {
            own.families.entry(*key).and_modify(|own| own.merge(sums)).or_insert_with(|| sums.clone());
        }
    }
}

fn add_outcomes(
    sum: &mut MonthCounts,
    counts: &MonthCounts,
    context: &Context<'_>,
    headlines: &[HeadlineMeasure],
) {
    let timed = |headline: &HeadlineMeasure| match &headline.code {
        Code::Commitment(_, code) => {
            context.project.commitment(code).and_then(|index| u32::try_from(index).ok())
        }
        _ => None,
    };
    let timed: BTreeSet<u32> = headlines.iter().filter_map(timed).collect();
    if !headlines.iter().any(|headline| source(&headline.code) == Source::Commitments) {
        return;
    }
    let own = &mut sum.commitments;
    for (key, outcomes) in counts.commitments.outcomes.iter().filter(|((cell, _), _)| cell.cut == 0) {
        own.outcomes.entry(*key).or_default().merge(&outcomes.rated());
    }
    for (key, distribution) in
        counts.commitments.distributions.iter().filter(|(key, _)| timed.contains(&key.1))
    {
        own.distributions.entry(*key).or_default().merge(distribution);
    }
}

/// Returns the newest month of the `limit` months before `month`, or `month` itself, from which the measure has observations.
///
/// For ratings of people it is the last month of their quarter, as far as `month` has reached it.
pub(super) fn newest(
    context: &Context<'_>,
    months: &BTreeMap<Month, MonthCounts>,
    (code, department): (&Code, u32),
    (month, limit): (Month, i32),
) -> Option<Month> {
    let first = month.plus(-limit);
    let seen = |(then, counts): (&Month, &MonthCounts)| {
        let quarter = match source(code) {
            Source::Competency => latest_quarter(counts, department, *then),
            _ => None,
        };
        quarter
            .map(|quarter| quarter.last_month().min(month))
            .or_else(|| observed(context, counts, code, department).then_some(*then))
    };
    months.range(first..=month).rev().find_map(seen).filter(|newest| *newest >= first)
}

/// Says whether a month has rows or totals of a measure other than ratings of people.
fn observed(context: &Context<'_>, counts: &MonthCounts, code: &Code, department: u32) -> bool {
    let total = |prefix: &str| {
        let next = counts.totals.range((department, prefix.to_owned())..).next();
        next.is_some_and(|((owner, variable), _)| *owner == department && variable.starts_with(prefix))
    };
    match source(code) {
        Source::Survey(questionnaire) => {
            let survey = counts.surveys.get(questionnaire);
            survey.is_some_and(|survey| survey.marginals.contains_key(&Cell::whole(department)))
                || total("item:")
        }
        Source::Commitments => {
            let wanted = match code {
                Code::Commitment(_, code) => {
                    context.project.commitment(code).and_then(|index| u32::try_from(index).ok())
                }
                _ => None,
            };
            let cell = Cell::whole(department);
            let mut own = counts
                .commitments
                .outcomes
                .range((cell, wanted.unwrap_or(0))..=(cell, wanted.unwrap_or(u32::MAX)));
            own.any(|(_, outcomes)| outcomes.judged() > 0)
                || match code {
                    Code::Commitment(_, code) => total(&format!("kept:{code}")),
                    _ => total("kept:"),
                }
        }
        Source::Received => {
            let first = ReceivedKey::first(department, 0);
            let next = counts.commitments.received.range(first..).next();
            next.is_some_and(|(key, _)| key.customer == department)
        }
        Source::Competency => total("required:"),
        Source::Results => counts.results.keys().any(|(owner, _)| *owner == department),
    }
}
