//! Measures: counts -> named measures of a department, each with interval and n, or the reason why there is none.
//!
//! In: [`MonthCounts`] of one month, or of several added up. Out: [`Figure`]s by measure code. Deliberately absent: time; a rolling
//! window is the same measure of merged counts.

mod code;
mod context;
mod target;
mod published;
mod breaks;
mod levels;
mod whole;
mod satisfaction;
mod response;
mod cuts;
mod priorities;
mod penalty;
mod remedies;
mod commitments;
mod layers;
mod spread;
mod received;
mod causes;
mod rare;
mod register;
mod competency;
mod assessed;
mod interviews;
mod results;
mod signs;

use std::collections::BTreeMap;

pub use assessed::Verdict as MeanVerdict;
pub use assessed::{
    AgainstRole, Assessed, Attainment, COVERED, Change, HeadAsRater, MIN_RATERS, PARTS, Part, Persons,
    Quarters, Raters, Required, ScaleAgreement, Split, Standing, States, Subject, assessed, persons,
    quarters,
};
pub use breaks::{breaks, stretch};
pub use causes::{CauseShare, Pareto, paretos};
pub use code::{Attained, Code, Kept, Unit};
pub use commitments::{cases_since_breach, judged};
pub use competency::{age_in_months, basis, latest_quarter};
pub use context::{Context, Unified, WHOLE, merge, roll_up};
pub use cuts::{Cut, Segment, Shift, cuts};
pub use interviews::{Compared, Interviews, compare_interviews};
pub use layers::{LayerTold, Layers, Standing as LayerStanding, layers};
pub use penalty::{Bend, Contrast, Contrasts, LEAST_DEPARTMENTS, LEAST_ON_A_SIDE, contrasts};
pub use priorities::{Against, Expectation, Priority, expectations, priorities};
pub use rare::{NEARLY_ALWAYS, Rare, RareCell, Run, Test, rare};
pub use register::{Criterion, Verdict, judge_register};
pub use remedies::{KindOfRemedy, Remedies, TimeToRemedy, remedies};
pub use response::{Adjusted, Population, Responses, Slice, UNREPRESENTED, population, responses};
pub use satisfaction::{index_coefficients, index_weights, shared_correlation};
pub use signs::{LEAST_DIFFERENCE, Seen, Sign, SignKind, Signs, signs};
pub use spread::{Monthly, Spread, spreads};
pub use target::target_of;
pub use whole::bridges;

use crate::count::MonthCounts;
use crate::month::Month;
use crate::stats::Figure;

/// Computes measure `code` of `department` from `counts`, as the project stood in `month`.
pub fn measure(
    context: &Context<'_>,
    counts: &MonthCounts,
    code: &Code,
    department: u32,
    month: Month,
) -> Figure {
    match code {
        Code::Index(_)
        | Code::NetPromoter
        | Code::TopTwo
        | Code::BottomTwo
        | Code::Variable(_)
        | Code::Staff(_) => satisfaction::measure(context, counts, code, department, month),
        Code::CommitmentScore | Code::Commitment(..) => {
            commitments::measure(context, counts, code, department, month)
        }
        Code::ReceivedScore | Code::Received(_) => {
            received::measure(context, counts, code, department, month)
        }
        Code::CompetencyShare | Code::Competency(..) | Code::HeadLevel => {
            competency::measure(context, counts, code, department, month)
        }
        Code::ResponseRate | Code::PostStratified => {
            response::measure(context, counts, code, department, month)
        }
        Code::Result(code) => results::measure(context, counts, code, department),
    }
}

/// Computes every measure of every department that `counts` hold.
pub fn measure_all(
    context: &Context<'_>,
    counts: &MonthCounts,
    departments: &[u32],
    month: Month,
) -> BTreeMap<(Code, u32), Figure> {
    let codes = Code::all(context);
    let pairs = departments.iter().flat_map(|&department| codes.iter().map(move |code| (code, department)));
    pairs
        .map(|(code, department)| {
            ((code.clone(), department), measure(context, counts, code, department, month))
        })
        .collect()
}
