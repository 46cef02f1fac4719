//! What measures need besides the counts, and how counts are added over months and departments.

use std::collections::BTreeMap;

use crate::count::{Cell, Layout, MonthCounts, ReceivedKey, linked_competencies};
use crate::month::Month;
use crate::project::Project;

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
    /// Competencies whose levels are linked to answers.
    pub competencies: Vec<u32>,
}

impl<'a> Context<'a> {
    /// Makes the context of a project; weights come from the importance survey, see [`super::index_weights`].
    pub fn new(project: &'a Project, weights: BTreeMap<i32, Vec<f64>>) -> Self {
        let layouts =
            project.questionnaires.iter().map(|one| (one.code.as_str(), Layout::new(project, one))).collect();
        Self { project, layouts, weights, competencies: linked_competencies(project) }
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

/// Adds what measures need of several months of the same project; links and servers are left out, and assessments and totals, which do
/// not add up, are those of the last.
pub fn merge<'c>(months: impl IntoIterator<Item = &'c MonthCounts>) -> MonthCounts {
    let mut sum = MonthCounts::default();
    for counts in months {
        for (questionnaire, survey) in &counts.surveys {
            sum.surveys.entry(questionnaire.clone()).or_default().merge_levels(survey);
        }
        sum.commitments.merge(&counts.commitments);
        sum.assessments.clone_from(&counts.assessments);
        sum.totals.clone_from(&counts.totals);
    }
    sum
}

/// Counts in which departments were replaced by the unit that `unit` names for them; those it names none for are left out.
pub type Unified = MonthCounts;

/// Adds the counts of departments to units; totals, which do not add up, are left out.
pub fn roll_up(counts: &MonthCounts, unit: impl Fn(u32) -> Option<u32>) -> Unified {
    let mut sum = MonthCounts::default();
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
    for (key, n) in &counts.assessments {
        if let Some(department) = unit(key.department) {
            let key = crate::count::AssessedKey { department, ..key.clone() };
            *sum.assessments.entry(key).or_default() += n;
        }
    }
    sum
}
