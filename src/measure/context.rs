//! What measures need besides the counts, and how counts are added over months and departments.

use std::collections::BTreeMap;

use crate::check::Total;
use crate::count::{Cell, Layout, MonthCounts, ReceivedKey, linked_competencies};
use crate::month::Month;
use crate::project::Project;
use crate::stats::equating::Overlap;

/// The department that stands for all departments together.
pub const WHOLE: u32 = u32::MAX;

/// Registers and weights.
pub struct Context<'a> {
    /// The project.
    pub project: &'a Project,
    /// Variables of each questionnaire.
    pub layouts: BTreeMap<&'a str, Layout>,
    /// Importance weights of the client questionnaire's dimensions, by the calendar year they hold for.
    pub weights: BTreeMap<i32, Vec<f64>>,
    /// Samples that tell what answers on an old scale would have been on the new one, by the new item of the client questionnaire.
    pub bridges: BTreeMap<String, Overlap>,
    /// Competencies whose levels are linked to answers.
    pub competencies: Vec<u32>,
}

impl<'a> Context<'a> {
    /// Makes the context of a project; weights come from the importance survey, see [`super::index_weights`].
    pub fn new(project: &'a Project, weights: BTreeMap<i32, Vec<f64>>) -> Self {
        let layouts =
            project.questionnaires.iter().map(|one| (one.code.as_str(), Layout::new(project, one))).collect();
        Self {
            project,
            layouts,
            weights,
            bridges: BTreeMap::new(),
            competencies: linked_competencies(project),
        }
    }

    /// Returns the layout of the client questionnaire.
    pub fn client(&self) -> Option<&Layout> {
        self.layouts.get("client")
    }

    /// Says whether `code` is a dimension of the client questionnaire.
    pub fn is_dimension(&self, code: &str) -> bool {
        let client = self.project.questionnaire("client");
        client.is_some_and(|client| client.dimensions.iter().any(|dimension| dimension.code == code))
    }

    /// Returns the weights of the dimensions in the year of `month`: the latest that began to hold, else the first.
    pub fn weights_at(&self, month: Month) -> Option<&[f64]> {
        let latest = self.weights.range(..=month.year()).next_back().or_else(|| self.weights.iter().next());
        latest.map(|(_, weights)| weights.as_slice())
    }
}

/// Adds what measures need of several months of the same project; links and servers are left out, and assessments, which do not add up,
/// are those of the last.
pub fn merge<'c>(months: impl IntoIterator<Item = &'c MonthCounts>) -> MonthCounts {
    let mut sum = MonthCounts::default();
    for counts in months {
        for (questionnaire, survey) in &counts.surveys {
            sum.surveys.entry(questionnaire.clone()).or_default().merge_levels(survey);
        }
        sum.commitments.merge(&counts.commitments);
        sum.response.merge(&counts.response);
        for (key, results) in &counts.results {
            sum.results.entry(*key).or_default().follow(results);
        }
        sum.assessments.clone_from(&counts.assessments);
        counts.totals.iter().for_each(|(key, total)| add_total(&mut sum.totals, key.clone(), total));
    }
    sum
}

/// Adds a published total: shares kept of so many cases add up as those cases do, of everything else the later total stands.
fn add_total(sum: &mut BTreeMap<(u32, String), Total>, key: (u32, String), later: &Total) {
    let earlier = sum.get(&key).filter(|_| is_counted(later));
    let cases = earlier.and_then(|earlier| Some((earlier.value, earlier.n?, later.n?)));
    let mut total = later.clone();
    if let Some((value, before, now)) = cases {
        let kept = |share: f64, n: u64| (share * n as f64).round();
        let n = before + now;
        let all = kept(value, before) + kept(later.value, now);
        total = Total { value: all / n as f64, n: Some(n), ..total };
    }
    sum.insert(key, total);
}

/// Says whether a total is a share kept of a number of cases.
fn is_counted(total: &Total) -> bool {
    total.variable.starts_with("kept:") && total.n.is_some_and(|n| n > 0)
}

/// Counts in which departments were replaced by the unit that `unit` names for them; those it names none for are left out.
pub type Unified = MonthCounts;

/// Adds the counts of departments to units; totals that do not add up are left out.
pub fn roll_up(counts: &MonthCounts, unit: impl Fn(u32) -> Option<u32>) -> Unified {
    let mut sum = MonthCounts::default();
    roll_up_surveys(counts, &unit, &mut sum);
    sum.response.roll_up(&counts.response, &unit);
    for ((cell, commitment), outcomes) in &counts.commitments.outcomes {
        if let Some(department) = unit(cell.department) {
            sum.commitments
                .outcomes
                .entry((Cell { department, ..*cell }, *commitment))
                .or_default()
                .merge(outcomes);
        }
    }
    for (&(department, commitment, measured), distribution) in &counts.commitments.distributions {
        if let Some(department) = unit(department) {
            sum.commitments
                .distributions
                .entry((department, commitment, measured))
                .or_default()
                .merge(distribution);
        }
    }
    for (&(department, commitment, cause), causes) in &counts.commitments.causes {
        if let Some(department) = unit(department) {
            sum.commitments.causes.entry((department, commitment, cause)).or_default().merge(causes);
        }
    }
    for (key, counts) in &counts.commitments.received {
        if let Some(customer) = unit(key.customer) {
            let key = ReceivedKey { customer, ..*key };
            sum.commitments.received.entry(key).or_default().merge(counts);
        }
    }
    for (&(department, result), own) in &counts.results {
        if let Some(department) = unit(department) {
            sum.results.entry((department, result)).or_default().join(own);
        }
    }
    for (&(department, commitment, kind), remedies) in &counts.commitments.remedies {
        if let Some(department) = unit(department) {
            sum.commitments.remedies.entry((department, commitment, kind)).or_default().merge(remedies);
        }
    }
    for (key, n) in &counts.assessments {
        if let Some(department) = unit(key.department) {
            let key = crate::count::AssessedKey { department, ..key.clone() };
            *sum.assessments.entry(key).or_default() += n;
        }
    }
    for ((department, variable), total) in counts.totals.iter().filter(|(_, total)| is_counted(total)) {
        if let Some(department) = unit(*department) {
            add_total(&mut sum.totals, (department, variable.clone()), total);
        }
    }
    sum
}

fn roll_up_surveys(counts: &MonthCounts, unit: impl Fn(u32) -> Option<u32>, sum: &mut MonthCounts) {
    for (questionnaire, survey) in &counts.surveys {
        let own = sum.surveys.entry(questionnaire.clone()).or_default();
        for (cell, row) in &survey.marginals {
            if let Some(department) = unit(cell.department) {
                let target = own.marginals.entry(Cell { department, ..*cell }).or_default();
                target.resize(row.len(), Default::default());
                target.iter_mut().zip(row).for_each(|(own, other)| own.merge(other));
            }
        }
        for (&(department, family), sums) in &survey.families {
            if let Some(department) = unit(department) {
                own.families
                    .entry((department, family))
                    .and_modify(|own| own.merge(sums))
                    .or_insert_with(|| sums.clone());
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::check::Place;

    fn month(variable: &str, value: f64, n: Option<u64>) -> MonthCounts {
        let total = Total {
            id: 0,
            content: 0,
            place: Place { file: 0, line: 0 },
            department: 0,
            month: Month::new(2026, 1),
            variable: variable.into(),
            value,
            n,
            sd: None,
        };
        let mut counts = MonthCounts::default();
        counts.totals.insert((0, variable.into()), total);
        counts
    }

    fn told(counts: &MonthCounts, department: u32, variable: &str) -> Option<(f64, Option<u64>)> {
        counts.totals.get(&(department, variable.to_owned())).map(|total| (total.value, total.n))
    }

    #[test]
    fn published_shares_of_cases_add_up_and_means_do_not() {
        let kept = merge([&month("kept:a", 0.75, Some(4)), &month("kept:a", 0.5, Some(6))]);
        assert_eq!(told(&kept, 0, "kept:a"), Some((0.6, Some(10))));
        let unknown = merge([&month("kept:a", 0.75, Some(4)), &month("kept:a", 0.5, None)]);
        assert_eq!(told(&unknown, 0, "kept:a"), Some((0.5, None)));
        let mean = merge([&month("item:q", 3.0, Some(4)), &MonthCounts::default()]);
        assert_eq!(told(&mean, 0, "item:q"), Some((3.0, Some(4))));
        assert_eq!(told(&roll_up(&kept, |_| Some(WHOLE)), WHOLE, "kept:a"), Some((0.6, Some(10))));
        assert_eq!(told(&roll_up(&mean, |_| Some(WHOLE)), WHOLE, "item:q"), None);
    }
}
