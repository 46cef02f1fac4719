//! Components of a rating: one headline measure of one department, in points, brought forward where its source is missing.

use std::collections::BTreeMap;

use super::Grade;
use super::evidence::{Evidence, newest};
use super::headline::HeadlineMeasure;
use super::points::{Scale, combine};
use crate::count::MonthCounts;
use crate::measure::{Code, Context};
use crate::month::Month;
use crate::stats::{Estimate, Figure, Marks, Reason};

/// One headline measure in the rating of one department.
#[derive(Debug, Clone, PartialEq)]
pub struct Component {
    /// The measure.
    pub code: Code,
    /// Its weight; the weights of a department's components sum to 1, whether all have figures or not.
    pub weight: f64,
    /// The measure over the rolling window, in its own unit: of the month, or brought forward.
    pub figure: Figure,
    /// The value of 0 points.
    pub worst: f64,
    /// The value of 70 points in force in the month; nothing without target, or with one that is not strictly between worst and best.
    pub target: Option<f64>,
    /// The value of 100 points.
    pub best: f64,
    /// The figure in points.
    pub points: Figure,
    /// Months since the newest observation behind the figure, 0 when the month (for ratings of people, its quarter) has its own.
    pub carried_months: u32,
    /// Whether the month's own window has no such figure, so that an earlier one stands in for it.
    pub brought_forward: bool,
    /// Whether the figure counts as known without error: a plain number of all cases, or a total published without dispersion.
    pub without_error: bool,
    /// weight · points; the contributions sum to the raw points.
    pub contribution: Option<f64>,
    /// Further points of this component alone that would bring the next better grade; nothing for an A, without letter, or out of reach.
    pub to_next_grade: Option<f64>,
}

/// What all months and departments share while ratings are made.
pub(super) struct Basis<'a> {
    pub(super) context: &'a Context<'a>,
    pub(super) headlines: Vec<HeadlineMeasure<'a>>,
    pub(super) months: &'a BTreeMap<Month, MonthCounts>,
    pub(super) evidence: BTreeMap<Month, Evidence>,
}

impl Basis<'_> {
    /// Returns how old a figure may be, in months.
    pub(super) fn limit(&self) -> i32 {
        3 * self.context.project.time.carry_quarters
    }

    /// Returns the components of a department, with their places among the headline measures.
    pub(super) fn components(&self, department: u32, month: Month) -> Vec<(usize, Component)> {
        let weight = |headline: &HeadlineMeasure<'_>| headline.weight(self.context, department);
        let total: f64 = self.headlines.iter().filter_map(weight).sum();
        let component = |(place, headline): (usize, &HeadlineMeasure<'_>)| {
            Some((
                place,
                self.component(
                    (place, headline.weight(self.context, department)? / total),
                    department,
                    month,
                ),
            ))
        };
        self.headlines.iter().enumerate().filter_map(component).collect()
    }

    fn component(&self, (place, weight): (usize, f64), department: u32, month: Month) -> Component {
        let headline = &self.headlines[place];
        let target = self.context.project.target(department as usize, &headline.rule.measure, month);
        let scale = Scale::new(headline.rule.worst, target.or(headline.rule.target), headline.rule.best);
        let Found { figure, then, age } = self.find(place, department, month);
        let widened = |estimate: Estimate| {
            self.evidence.get(&then).map_or(estimate, |own| own.widened(place, estimate))
        };
        let is_exact = |estimate: &Estimate| estimate.std_error.is_none() && estimate.lower.is_none();
        let without_error = figure.as_ref().is_ok_and(is_exact);
        let points = figure.and_then(|estimate| {
            match without_error && !headline.is_fact() && !estimate.marks.derived {
                // One answer has a value, but is no fact about the department.
                true => Err(Reason::TooFew),
                false => Ok(scale.score(&widened(estimate))),
            }
        });
        Component {
            code: headline.code.clone(),
            weight,
            figure,
            worst: scale.worst,
            target: scale.target,
            best: scale.best,
            points,
            carried_months: age,
            brought_forward: then < month,
            without_error,
            contribution: points.ok().map(|points| weight * points.value),
            to_next_grade: None,
        }
    }

    /// Returns the figure of the month's window, or the last one before it that is not too old.
    fn find(&self, place: usize, department: u32, month: Month) -> Found {
        let code = &self.headlines[place].code;
        let age = |then: Month| {
            let newest = newest(self.context, self.months, (code, department), (then, self.limit()))?;
            u32::try_from(month.0 - newest.0)
                .ok()
                .filter(|age| i32::try_from(*age).is_ok_and(|age| age <= self.limit()))
        };
        let own = |then: Month| {
            self.evidence.get(&then).and_then(|own| own.figures.get(&(department, place)).copied())
        };
        let current = own(month).unwrap_or(Err(Reason::Gap));
        for then in (month.0 - self.limit()..=month.0).rev().map(Month) {
            let Some(Ok(estimate)) = own(then) else { continue };
            let Some(age) = age(then) else { break };
            let carried = estimate.marks.carried || then < month;
            let figure = Ok(Estimate { marks: Marks { carried, ..estimate.marks }, ..estimate });
            return Found { figure, then, age };
        }
        Found { figure: Err(current.err().unwrap_or(Reason::Gap)), then: month, age: 0 }
    }

    /// Returns the weighted points, or the reason of the first component that has none: the others are never reweighted to stand for it.
    pub(super) fn raw(&self, components: &[(usize, Component)], department: u32, month: Month) -> Figure {
        let mut parts = Vec::with_capacity(components.len());
        for (_, component) in components {
            parts.push((component.weight, component.points?));
        }
        let correlations = self.evidence.get(&month).map(|own| &own.correlations);
        combine(&parts, |one, other| {
            let key = (department, components[one].0, components[other].0);
            correlations.and_then(|own| own.get(&key)).copied().unwrap_or(0.0)
        })
    }
}

struct Found {
    figure: Figure,
    /// The month whose window the figure is of.
    then: Month,
    age: u32,
}

/// Says whether two ratings consist of the same things: measures, weights, scales, and which of them were brought forward.
pub(super) fn are_alike(one: &[Component], other: &[Component]) -> bool {
    let is_like = |(one, other): (&Component, &Component)| {
        let scale = |own: &Component| [Some(own.weight), Some(own.worst), own.target, Some(own.best)];
        let bits = |own: &Component| scale(own).map(|value| value.map(f64::to_bits));
        one.code == other.code && one.brought_forward == other.brought_forward && bits(one) == bits(other)
    };
    one.len() == other.len() && one.iter().zip(other).all(is_like)
}

/// Fills in what each component alone would have to gain for the next better grade.
///
/// The distance to its cut point in shrunk points is distance/reliability in raw ones, since shrinkage keeps that share of a gain.
pub(super) fn fill_next(
    components: &mut [Component],
    letter: Grade,
    (points, reliability): (f64, f64),
    cuts: &[f64; 4],
) {
    let Some(better) = letter.place().checked_sub(1) else { return };
    let distance = (cuts[better] - points).max(0.0) / reliability;
    for component in components {
        let needed = distance / component.weight;
        let is_in_reach = component.points.is_ok_and(|points| points.value + needed <= 100.0);
        component.to_next_grade = is_in_reach.then_some(needed);
    }
}
