//! Who answers: response rates by what had become of the customers' promises, by segment and by channel; and the satisfaction index as it
//! would be if all customers had answered like those of their kind who did.

mod strata;

use std::collections::BTreeMap;

use super::satisfaction::{family, index_coefficients, shift, weights};
use super::{Code, Context};
use crate::count::{Asked, ContactCell, FamilySums, MonthCounts};
use crate::link::Outcome;
use crate::month::Month;
use crate::project::{Kind, Project, Shape};
use crate::stats::post_stratified::{Stratum, post_stratified};
use crate::stats::proportion::wilson;
use crate::stats::{Figure, Reason};
use strata::{Group, strata};

/// The questionnaire of the customers.
const CLIENT: &str = "client";

/// Fewest answers of a stratum that stands for its customers: with one there is no error.
const REPRESENTED: u64 = 2;

/// Largest share of the customers that no answer stands for, above which the index of all is not told.
pub const UNREPRESENTED: f64 = 0.10;

/// Whom response rates are of.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Population {
    /// Customers who were invited to answer, as delivered.
    Invited,
    /// Customers of the case log.
    CaseLog,
}

/// Returns whom response rates of a project are of; nothing where neither invitations nor a case log tell.
pub fn population(project: &Project) -> Option<Population> {
    let has = |kind: Kind| {
        project.sources.iter().any(|source| source.kind == kind && is_of_customers(source.shape, kind))
    };
    match () {
        () if project.questionnaire(CLIENT).is_none() => None,
        () if has(Kind::Invitations) => Some(Population::Invited),
        () if has(Kind::Commitments) => Some(Population::CaseLog),
        () => None,
    }
}

/// Published totals of cases name no customers.
fn is_of_customers(shape: Shape, kind: Kind) -> bool {
    kind == Kind::Invitations || shape == Shape::Rows
}

/// Customers of one outcome, segment and channel; nothing stands for all.
#[derive(Debug, Clone, Default, PartialEq, Eq, PartialOrd, Ord)]
pub struct Slice {
    /// Worst outcome of their promises.
    pub outcome: Option<Outcome>,
    /// Their segment.
    pub segment: Option<String>,
    /// Their channel.
    pub channel: Option<String>,
}

/// The index of respondents beside that of all customers.
#[derive(Debug, Clone, PartialEq)]
pub struct Adjusted {
    /// The index of those who answered.
    pub raw: Figure,
    /// The index of all customers, each kind as those of it who answered.
    pub index: Figure,
    /// Share of the customers that no answer stands for.
    pub unrepresented: f64,
    /// Complete answers that are not used, because they do not say which contact they are about, or because no such customer is known.
    pub unused: u64,
}

/// Who answered over a window.
#[derive(Debug, Clone, PartialEq)]
pub struct Responses {
    /// Whom the rates are of.
    pub population: Population,
    /// Customers and answers, by department and slice.
    pub rates: BTreeMap<(u32, Slice), Asked>,
    /// The index, by department.
    pub indices: BTreeMap<u32, Adjusted>,
}

impl Asked {
    /// Returns the share who answered, with Wilson's interval; too few without a customer.
    pub fn rate(&self) -> Figure {
        wilson(self.answered as f64, self.asked as f64, self.asked as f64)
    }
}

impl Responses {
    /// Returns the customers of a department in a slice, and those of them who answered.
    pub fn of(&self, department: u32, slice: &Slice) -> Asked {
        self.rates.get(&(department, slice.clone())).copied().unwrap_or_default()
    }

    /// Returns those of a department with an outcome.
    pub fn of_outcome(&self, department: u32, outcome: Outcome) -> Asked {
        self.of(department, &Slice { outcome: Some(outcome), ..Slice::default() })
    }
}

/// Computes a measure of who answers.
///
/// Undefined: not measured without a population or the questionnaire; a gap where none of the department's customers is known; the index
/// of all is too few where more than [`UNREPRESENTED`] of the customers belong to strata with fewer than two answers.
pub(super) fn measure(
    context: &Context<'_>,
    counts: &MonthCounts,
    code: &Code,
    department: u32,
    month: Month,
) -> Figure {
    let population = population(context.project).ok_or(Reason::NotMeasured)?;
    match code {
        Code::ResponseRate => asked(counts, population, department).ok_or(Reason::Gap)?.rate(),
        _ => adjusted(context, counts, (population, department), month).ok_or(Reason::Gap)?.index,
    }
}

/// Tells who answered, by department; nothing for a project that does not know its customers.
pub fn responses(
    context: &Context<'_>,
    counts: &MonthCounts,
    departments: &[u32],
    month: Month,
) -> Option<Responses> {
    let population = population(context.project)?;
    let mut rates: BTreeMap<(u32, Slice), Asked> = BTreeMap::new();
    for &department in departments {
        for (cell, asked) in of(cells(counts, population), department) {
            for slice in slices(cell) {
                rates.entry((department, slice)).or_default().merge(asked);
            }
        }
    }
    let index =
        |&department: &u32| Some((department, adjusted(context, counts, (population, department), month)?));
    let indices = departments.iter().filter_map(index).collect();
    (!rates.is_empty()).then_some(Responses { population, rates, indices })
}

/// Returns the customers of a population.
pub(super) fn cells(counts: &MonthCounts, population: Population) -> &BTreeMap<ContactCell, Asked> {
    match population {
        Population::Invited => &counts.response.invitations,
        Population::CaseLog => &counts.response.contacts,
    }
}

/// Returns the cells of a department.
pub(super) fn of<T>(
    cells: &BTreeMap<ContactCell, T>,
    department: u32,
) -> impl Iterator<Item = (&ContactCell, &T)> {
    let (segment, channel) = (String::new(), String::new());
    let first = ContactCell { department, served_by: 0, outcome: None, segment, channel };
    cells.range(first..).take_while(move |(cell, _)| cell.department == department)
}

/// Returns the customers of a department, and those who answered; nothing where none is known.
pub(super) fn asked(counts: &MonthCounts, population: Population, department: u32) -> Option<Asked> {
    of(cells(counts, population), department).map(|(_, asked)| *asked).reduce(|mut all, one| {
        all.merge(&one);
        all
    })
}

/// The slices that a cell belongs to: each of its three sides as it is, or all of them together; a side without a name is not told apart.
fn slices(cell: &ContactCell) -> Vec<Slice> {
    let sides = |name: &String| match name.is_empty() {
        true => vec![None],
        false => vec![None, Some(name.clone())],
    };
    let mut slices = Vec::new();
    for outcome in [None, cell.outcome].into_iter().take(if cell.outcome.is_some() { 2 } else { 1 }) {
        for segment in sides(&cell.segment) {
            slices.extend(sides(&cell.channel).into_iter().map(|channel| Slice {
                outcome,
                segment: segment.clone(),
                channel,
            }));
        }
    }
    slices
}

/// Weighs the means of a unit's strata to how many customers there are of each; nothing where none of its customers is known.
///
/// Every department has strata of its own. Its customers count as many times as its answers do on average: where every second one is
/// invited and answers weigh 2, so do customers.
fn adjusted(
    context: &Context<'_>,
    counts: &MonthCounts,
    (population, department): (Population, u32),
    month: Month,
) -> Option<Adjusted> {
    let layout = context.client()?;
    let mut parts: BTreeMap<u32, Vec<(&ContactCell, &Asked)>> = BTreeMap::new();
    for (cell, asked) in of(cells(counts, population), department) {
        parts.entry(cell.served_by).or_default().push((cell, asked));
    }
    let all: u64 = of(&counts.response.scores, department).map(|(_, sums)| sums.count.n).sum();
    let mut sized: Vec<(f64, Group)> = Vec::new();
    for (served_by, cells) in &parts {
        let weight = mean_weight(of(&counts.response.scores, department), *served_by);
        let groups = strata(cells.iter().copied(), &counts.response.scores);
        sized.extend(groups.into_iter().map(|group| (group.asked as f64 * weight, group)));
    }
    let total: f64 = sized.iter().map(|(size, _)| size).sum();
    let used: u64 = sized.iter().map(|(_, group)| group.answers()).sum();
    let (told, untold): (Vec<_>, Vec<_>) =
        sized.into_iter().partition(|(_, group)| group.answers() >= REPRESENTED);
    let unrepresented = untold.iter().map(|(size, _)| size).sum::<f64>() / total;
    let (coefficients, constant) = index_coefficients(layout, &weights(context, layout, month));
    let stratum = |(size, group): &(f64, Group)| {
        let mean = family(group.sums.as_ref()?).combination(&coefficients).ok()?;
        Some(Stratum { size: *size, mean })
    };
    let strata: Vec<Stratum> = told.iter().filter_map(stratum).collect();
    let index = match unrepresented <= UNREPRESENTED {
        true => post_stratified(&strata).and_then(|index| shift(index, constant)),
        false => Err(Reason::TooFew),
    };
    let raw = super::measure(context, counts, &Code::Index(CLIENT.into()), department, month);
    (total > 0.0).then_some(Adjusted { raw, index, unrepresented, unused: all - used })
}

/// Returns the mean weight of a department's answers; 1 without any.
fn mean_weight<'c>(scores: impl Iterator<Item = (&'c ContactCell, &'c FamilySums)>, served_by: u32) -> f64 {
    let (mut n, mut weight) = (0u64, 0i128);
    for (_, sums) in scores.filter(|(cell, _)| cell.served_by == served_by) {
        n += sums.count.n;
        weight += sums.count.w;
    }
    if n > 0 { weight as f64 / n as f64 / WEIGHT_SCALE } else { 1.0 }
}

/// Weights are held in millionths.
const WEIGHT_SCALE: f64 = 1e6;
