//! Targets in force.

use super::{Code, Context, Kept};
use crate::month::Month;
use crate::project::Status;

/// Returns the target of a measure by department and month: of `targets.csv`, else of the commitment, else of the rating.
pub fn target_of<'c>(context: &'c Context<'_>, code: &Code) -> impl Fn(u32, Month) -> Option<f64> + use<'c> {
    let project = context.project;
    let text = code.text(context);
    let headline = project.rating.measures.iter().find(|one| one.measure == text).and_then(|one| one.target);
    let commitment = match code {
        Code::Commitment(Kept::Share, of) | Code::Received(of) => {
            project.commitment(of).map(|index| &project.commitments[index])
        }
        _ => None,
    };
    move |department, month| {
        let own = usize::try_from(department).ok().and_then(|index| project.target(index, &text, month));
        let promised =
            || commitment.and_then(|one| one.limit_at(month.last_day())).and_then(|limit| limit.target);
        // What is no longer promised has no target.
        let is_withdrawn = commitment.is_some_and(|one| one.status_in(month) == Status::Withdrawn);
        own.or_else(promised).or(headline).filter(|_| !is_withdrawn)
    }
}
