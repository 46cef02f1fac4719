//! Count: linked rows -> the tables of one month, every one a sum of whole numbers.
//!
//! In: the rows of one month with what the link knows of them. Out: [`MonthCounts`]. Deliberately absent: floating point;
//! anything that two months, departments or threads could not simply add.

mod variables;
mod sums;
mod penalties;
mod survey;
mod causes;
mod received;
mod remedies;
mod outcomes;
mod assessments;
mod judgements;
mod interviews;
mod results;
mod response;

use std::collections::BTreeMap;

pub use assessments::{AssessedKey, count_assessments};
pub use causes::{CauseCounts, CauseKey};
pub use interviews::{InterviewCounts, InterviewKey, count_interviews};
pub use judgements::{JudgementKey, count_judgements};
pub use outcomes::{CommitmentCounts, CommitmentKey, Measured, OutcomeCounts, count_cases};
pub use penalties::{SIDES, hinges, penalty_names};
pub use received::{ReceivedCounts, ReceivedKey};
pub use remedies::{RemedyCounts, RemedyKey};
pub use response::{
    AnswerCounts, Asked, ContactCell, REOPENED_WITHIN, Reopened, ResponseCounts, count_contacts,
    count_invitations, count_reopened, count_responses,
};
pub use results::{RESULT, RESULT_SCALE, ResultCounts, count_results};
pub use sums::{Distribution, FamilySums, Weighted};
pub use survey::{BreachKey, ClusterKey, ClusterSums, LinkBy, LinkKey, SurveyCounts, count_answers};
pub use variables::{DIMENSIONS, Layout, Variable, gap_family};

use crate::check::Total;
use crate::project::{Project, Relation};

/// A department, and the whole of it (cut 0) or one segment of a cut (cuts from 1).
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Cell {
    /// Position of the department.
    pub department: u32,
    /// 0 for the whole, else 1 + the number of the cut.
    pub cut: u8,
    /// Hash of the segment's name, 0 where it is missing or the whole is meant.
    pub segment: u64,
}

impl Cell {
    /// Returns the whole of a department.
    pub fn whole(department: u32) -> Self {
        Self { department, cut: 0, segment: 0 }
    }

    /// Returns the cells a row belongs to: the whole, and one segment of each cut.
    pub fn of(department: u32, segments: &[u64; 4], cuts: usize) -> impl Iterator<Item = Self> + '_ {
        let segment = move |cut: usize| Self { department, cut: cut as u8 + 1, segment: segments[cut] };
        std::iter::once(Self::whole(department)).chain((0..cuts).map(segment))
    }
}

/// All counts of one month.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct MonthCounts {
    /// Counts of each questionnaire, by its code.
    pub surveys: BTreeMap<String, SurveyCounts>,
    /// Counts of the promises.
    pub commitments: CommitmentCounts,
    /// Ratings of people, as a multiset of levels.
    pub assessments: BTreeMap<AssessedKey, u64>,
    /// What single raters said, of ratings that no earlier month knew.
    pub judgements: BTreeMap<JudgementKey, u64>,
    /// Behaviours coded in interviews of the month.
    pub interviews: BTreeMap<InterviewKey, InterviewCounts>,
    /// Business results by department and position of the result.
    pub results: BTreeMap<(u32, u32), ResultCounts>,
    /// Who was asked, who answered and how.
    pub response: ResponseCounts,
    /// Published totals of other things: (department, variable) -> figure.
    pub totals: BTreeMap<(u32, String), Total>,
}

/// Returns the positions of the competencies whose levels are linked to answers: those that contact relations name.
pub fn linked_competencies(project: &Project) -> Vec<u32> {
    let code = |relation: &Relation| relation.x.strip_prefix("level:").map(str::to_owned);
    let mut codes: Vec<String> = project.relations.iter().filter_map(code).collect();
    codes.sort();
    codes.dedup();
    codes
        .iter()
        .filter_map(|code| project.competency(code))
        .filter_map(|index| u32::try_from(index).ok())
        .collect()
}
