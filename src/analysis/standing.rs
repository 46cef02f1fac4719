//! What stands beside a figure: its target, the cases since the last breach.

use std::collections::BTreeMap;

use crate::count::MonthCounts;
use crate::measure::{Code, Context, cases_since_breach};
use crate::month::{Day, Month};
use crate::project::{Project, Status};

/// Targets in force: of `targets.csv`, else of the commitment, else of the rating.
pub(super) fn targets(
    context: &Context<'_>,
    departments: &[u32],
    month: Month,
) -> BTreeMap<(Code, u32), f64> {
    let project = context.project;
    let mut targets = BTreeMap::new();
    for code in Code::all(context) {
        let text = code.text(context);
        let headline =
            project.rating.measures.iter().find(|one| one.measure == text).and_then(|one| one.target);
        let promised = match &code {
            Code::Commitment(crate::measure::Kept::Share, of) | Code::Received(of) => {
                let commitment = project.commitment(of).map(|index| &project.commitments[index]);
                commitment.and_then(|one| one.limit_at(month.last_day())).and_then(|limit| limit.target)
            }
            _ => None,
        };
        for &department in departments {
            let own = usize::try_from(department).ok().filter(|&index| index < project.departments.len());
            let own = own.and_then(|index| project.target(index, &text, month));
            if let Some(target) = own.or(promised).or(headline) {
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
    let measured = (0..)
        .zip(&project.commitments)
        .filter(|(_, one)| matches!(one.status, Status::Trial | Status::Announced));
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
