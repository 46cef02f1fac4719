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
    let index = match () {
        // Where most answers are of customers whom nobody counts, those who are counted stand for themselves alone.
        () if used < all - used => Err(Reason::NotComparable),
        () if unrepresented <= UNREPRESENTED => {
            post_stratified(&strata).and_then(|index| shift(index, constant))
        }
        () => Err(Reason::TooFew),
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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::measure::roll_up;
    use crate::project::sample::project;

    fn cell(department: u32, outcome: Outcome) -> ContactCell {
        let (segment, channel) = (String::new(), String::new());
        ContactCell { department, served_by: department, outcome: Some(outcome), segment, channel }
    }

    /// Counts of rows: department, outcome, customers, weight of an answer, the answers to the one dimension.
    fn counts(rows: &[(u32, Outcome, u64, u64, &[i32])]) -> MonthCounts {
        let mut counts = MonthCounts::default();
        for &(department, outcome, customers, weight, answers) in rows {
            let cell = cell(department, outcome);
            let asked = Asked { asked: customers, answered: answers.len() as u64 };
            counts.response.contacts.insert(cell.clone(), asked);
            let mut sums = FamilySums::new(1);
            answers.iter().for_each(|answer| sums.add(&[*answer], weight * 1_000_000));
            counts.response.scores.insert(cell, sums);
        }
        counts
    }

    fn told(counts: &MonthCounts, department: u32) -> (Figure, Option<f64>) {
        let project = project();
        let context = Context::new(&project, BTreeMap::new());
        let month = Month::new(2026, 1);
        let found = adjusted(&context, counts, (Population::CaseLog, department), month);
        let index = measure(&context, counts, &Code::PostStratified, department, month);
        (index, found.map(|found| found.unrepresented))
    }

    const KEPT: Outcome = Outcome::Kept;
    const LATE: Outcome = Outcome::BreachedUnremedied;

    #[test]
    fn the_index_is_weighed_to_all_customers() {
        let counts = counts(&[(1, KEPT, 90, 1, &[4, 5, 4, 5, 3]), (1, LATE, 10, 1, &[1, 2, 1, 2, 3])]);
        let (index, unrepresented) = told(&counts, 1);
        let index = index.unwrap();
        // numpy: 25·(.9·4.2 + .1·1.8 − 1) and 25·√(.81·.7/5 + .01·.7/5).
        assert!((index.value - 74.0).abs() < 1e-9 && index.n == 10, "{index:?}");
        assert!((index.std_error.unwrap() - 8.470_537_173_048_708).abs() < 1e-9, "{index:?}");
        assert!(unrepresented.unwrap().abs() < 1e-12);
        assert_eq!(told(&counts, 2), (Err(Reason::Gap), None));
    }

    #[test]
    fn customers_without_enough_answers_are_told_and_bounded() {
        let tenth = counts(&[(1, KEPT, 90, 1, &[4, 5, 4, 5, 3]), (1, LATE, 10, 1, &[1])]);
        let (index, unrepresented) = told(&tenth, 1);
        assert!((index.unwrap().value - 80.0).abs() < 1e-9 && (unrepresented.unwrap() - 0.1).abs() < 1e-12);
        let more = counts(&[(1, KEPT, 88, 1, &[4, 5, 4, 5, 3]), (1, LATE, 12, 1, &[])]);
        assert_eq!(told(&more, 1).0, Err(Reason::TooFew));
        assert_eq!(told(&counts(&[(1, KEPT, 5, 1, &[])]), 1).0, Err(Reason::TooFew));
    }

    #[test]
    fn customers_whom_few_of_the_answers_are_of_stand_for_themselves_alone() {
        // Four answers of counted customers; the others do not say which contact they are about.
        let with = |others: usize| {
            let mut counts = counts(&[(1, KEPT, 90, 1, &[4, 5, 4, 5])]);
            let mut sums = FamilySums::new(1);
            (0..others).for_each(|_| sums.add(&[3], 1_000_000));
            counts.response.scores.insert(ContactCell { outcome: None, ..cell(1, KEPT) }, sums);
            told(&counts, 1).0
        };
        assert!(with(4).is_ok(), "half of them are");
        assert_eq!(with(5), Err(Reason::NotComparable));
    }

    #[test]
    fn a_unit_has_the_strata_of_its_departments_weighed_as_their_answers_are() {
        let counts = counts(&[(1, KEPT, 100, 2, &[5, 5, 5, 5, 5]), (2, KEPT, 100, 1, &[2, 2, 2, 2, 2])]);
        let unit = roll_up(&counts, |_| Some(0));
        // Two customers behind each of the first hundred: 25·((2·5 + 2)/3 − 1).
        assert!((told(&unit, 0).0.unwrap().value - 75.0).abs() < 1e-9);
    }

    #[test]
    fn rates_are_told_by_outcome_segment_and_channel() {
        let mut counts = counts(&[(1, KEPT, 90, 1, &[4, 5]), (1, LATE, 10, 1, &[1])]);
        let vip = ContactCell { segment: "vip".into(), ..cell(1, KEPT) };
        counts.response.contacts.insert(vip, Asked { asked: 30, answered: 15 });
        let project = project();
        let context = Context::new(&project, BTreeMap::new());
        let found = responses(&context, &counts, &[1, 2], Month::new(2026, 1)).unwrap();
        assert_eq!(found.population, Population::CaseLog);
        assert_eq!(found.of(1, &Slice::default()), Asked { asked: 130, answered: 18 });
        assert_eq!(found.of_outcome(1, KEPT), Asked { asked: 120, answered: 17 });
        let vip = Slice { segment: Some("vip".into()), ..Slice::default() };
        assert_eq!(found.of(1, &vip), Asked { asked: 30, answered: 15 });
        assert_eq!(found.of(2, &vip).rate(), Err(Reason::TooFew));
        assert_eq!(responses(&context, &MonthCounts::default(), &[1], Month::new(2026, 1)), None);
    }
}
