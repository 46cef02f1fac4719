//! What stands beside a figure: its target, the cases since the last breach.

use std::collections::BTreeMap;

use crate::count::MonthCounts;
use crate::measure::{Code, Context, WHOLE, cases_since_breach, target_of};
use crate::month::{Day, Month};
use crate::project::Project;

/// Targets in force, of every measure and department.
pub(super) fn targets(
    context: &Context<'_>,
    departments: &[u32],
    month: Month,
) -> BTreeMap<(Code, u32), f64> {
    let mut targets = BTreeMap::new();
    for code in Code::all(context) {
        let target = target_of(context, &code);
        // What all departments were promised is what all of them promised: its target stands there, once.
        let is_twice = |department: u32| department == WHOLE && matches!(code, Code::Received(_));
        for &department in departments.iter().filter(|&&one| !is_twice(one)) {
            if let Some(target) = target(department, month) {
                targets.insert((code.clone(), department), target);
            }
        }
    }
    targets
}

pub(super) fn since_breach(
    project: &Project,
    months: &BTreeMap<Month, MonthCounts>,
    departments: &[u32],
) -> BTreeMap<(u32, u32), (u64, Option<Day>)> {
    let mut since = BTreeMap::new();
    let measured = (0..).zip(&project.commitments).filter(|(_, one)| one.is_ever_measured());
    for (commitment, _) in measured {
        for &department in departments {
            let (n, day) = cases_since_breach(months.values(), commitment, department);
            if n > 0 || day.is_some() {
                since.insert((commitment, department), (n, day));
            }
        }
    }
    since
}
