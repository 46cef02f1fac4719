//! Departments with figures, the units above them, and their counts added up.

use std::collections::BTreeMap;

use crate::count::MonthCounts;
use crate::measure::{WHOLE, merge, roll_up};
use crate::month::Month;
use crate::project::Project;

/// Ancestors of each department, the nearest first.
pub(super) fn units(project: &Project) -> Vec<Vec<u32>> {
    let parent =
        |index: usize| project.departments[index].parent.as_deref().and_then(|code| project.department(code));
    let ancestors = |index: usize| {
        std::iter::successors(parent(index), |&above| parent(above)).filter_map(|one| u32::try_from(one).ok())
    };
    (0..project.departments.len()).map(|index| ancestors(index).collect()).collect()
}

/// Departments and units that any month counted something for.
pub(super) fn departments(
    project: &Project,
    months: &BTreeMap<Month, MonthCounts>,
    units: &[Vec<u32>],
) -> Vec<u32> {
    let mut seen: std::collections::BTreeSet<u32> = Default::default();
    for counts in months.values() {
        seen.extend(
            counts.surveys.values().flat_map(|survey| survey.marginals.keys().map(|cell| cell.department)),
        );
        seen.extend(counts.commitments.outcomes.keys().map(|(cell, _)| cell.department));
        seen.extend(counts.commitments.received.keys().map(|key| key.customer));
        seen.extend(counts.assessments.keys().map(|key| key.department));
        seen.extend(counts.results.keys().map(|(department, _)| *department));
        seen.extend(counts.response.invitations.keys().map(|cell| cell.department));
        seen.extend(counts.totals.keys().map(|(department, _)| *department));
    }
    let above: Vec<u32> = seen.iter().flat_map(|&department| units[department as usize].clone()).collect();
    seen.extend(above);
    seen.into_iter().filter(|&department| (department as usize) < project.departments.len()).collect()
}

/// Counts of the departments, of the units above them, and of the whole, side by side.
pub(super) fn unified(project: &Project, counts: &MonthCounts, units: &[Vec<u32>]) -> MonthCounts {
    let mut all = merge([counts]);
    let depth = units.iter().map(Vec::len).max().unwrap_or(0);
    let mut join = |other: MonthCounts| {
        for (questionnaire, survey) in other.surveys {
            all.surveys.entry(questionnaire).or_default().merge_levels(&survey);
        }
        all.commitments.merge(&other.commitments);
        all.response.merge(&other.response);
        for (key, own) in other.results {
            all.results.entry(key).or_default().join(&own);
        }
        all.totals.extend(other.totals);
        for (key, n) in other.assessments {
            *all.assessments.entry(key).or_default() += n;
        }
    };
    for level in 0..depth {
        join(roll_up(counts, |department| units[department as usize].get(level).copied()));
    }
    let is_leaf = |department: u32| project.departments[department as usize].leaf;
    join(roll_up(counts, |department| is_leaf(department).then_some(WHOLE)));
    all
}
