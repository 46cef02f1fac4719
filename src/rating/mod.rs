//! Ratings: headline measures over a rolling window -> points, interval, grade with probabilities, rank.
//!
//! In: counts of all months. Out: [`Rating`]s of the month and of those before it, since letters are a chain. Deliberately absent: any
//! sentence about a rating, and whatever may not be shown.
//!
//! | step | rule |
//! |---|---|
//! | components | headline measures with a weight for the department's profile (else `*`), over the window, rows of all its months added; published totals, which do not add up, are the month's own |
//! | points | worst 0, own target 70, best 100, straight in between, clipped; the error follows the steeper side: see [`Scale`] |
//! | missing | the last figure stands in with its age, up to `carry_quarters`; also a window whose newest observation is older is too old. Else not rated, never reweighted |
//! | raw | Σ w·points; variance with the covariance of measures that share answers; cases or ratings that two measures share count as correlated by 1 |
//! | alike | an error of 0 from answers that are all the same becomes the typical one (median over departments of s²·n, over n) |
//! | shrunk | all departments towards one mean with one τ, integrated over τ (`Shrinkage`): points measure against each department's own target, so one scale holds for all profiles, and τ of 3 departments is a lottery (practice.md 26) |
//! | reliability | below `min_reliability`: too little data, no letter |
//! | letter | kept unless its own probability is below `keep_probability`; else the most probable, of equals the better |
//! | chain | from the first month with a full window behind it, published or not; in months without a letter the last one waits |
//! | first months | points and reliability, but no letters, probabilities or ranks, until the store reaches back over a whole window |
//! | few departments | below 5 with points, nothing is shrunk: raw points, their normal distribution, no reliability, no ranks |
//! | ranks | of the reported month, [`DRAWS`] joint draws; none beyond 500 departments |
//! | change | against the month before, only between like component sets: same measures, weights, targets, and sources brought forward |

mod grade;
mod points;
mod headline;
mod evidence;
mod component;
mod verdict;
#[cfg(test)]
mod tests;

use std::collections::BTreeMap;

pub use component::Component;
pub use grade::Grade;
pub use points::{Scale, TARGET_POINTS, combine};

use component::Basis;
use evidence::Evidence;
use headline::HeadlineMeasure;
use verdict::Chain;

use crate::count::MonthCounts;
use crate::measure::{Code, Context};
use crate::month::Month;
use crate::stats::shrinkage::RankDistribution;
use crate::stats::{Figure, Reason};

/// Joint draws behind ranks.
pub const DRAWS: usize = 10_000;

/// Why a rating has a letter or none.
#[derive(Debug, Clone, PartialEq)]
pub enum RatingState {
    /// It has a letter.
    Rated,
    /// Its reliability is below the least one.
    TooLittleData,
    /// Components have no figure, or a figure without any error to judge by.
    NotRated(Vec<(Code, Reason)>),
    /// The store does not reach back over a whole window.
    NotYet {
        /// Months it reaches back, the rated one included.
        months: u32,
    },
}

impl RatingState {
    /// Returns the state's code, as it stands in feeds.
    pub fn code(&self) -> &'static str {
        match self {
            Self::Rated => "rated",
            Self::TooLittleData => "too_little_data",
            Self::NotRated(_) => "not_rated",
            Self::NotYet { .. } => "not_yet",
        }
    }
}

/// The rating of one department in one month.
#[derive(Debug, Clone, PartialEq)]
pub struct Rating {
    /// Position of the department in the register.
    pub department: u32,
    /// Months of the window in which the department existed, as far as the store reaches back.
    pub months: u32,
    /// The components, in the order of the register.
    pub components: Vec<Component>,
    /// Weighted points.
    pub raw: Figure,
    /// What is believed of the points: shrunk towards all departments, the raw ones where there are fewer than 5.
    pub shrunk: Figure,
    /// Share of a department's deviation from the others that is kept, 0 to 1; nothing where nothing is shrunk.
    pub reliability: Option<f64>,
    /// Probabilities of A to E; nothing before the first gradable month.
    pub probabilities: Option<[f64; 5]>,
    /// Whether there is a letter, and why not.
    pub state: RatingState,
    /// The letter, if the department is rated.
    pub letter: Option<Grade>,
    /// Whether the letter was kept although another one is more probable.
    pub kept_letter: bool,
    /// Other grades with a probability of at least 10 %, best first; empty without letter.
    pub could_be: Vec<Grade>,
    /// Rank among all departments with points, 1 is best; of the reported month only.
    pub rank: Option<RankDistribution>,
    /// Shrunk points less those of the month before.
    pub change: Result<f64, Reason>,
    /// The letter of the month before, if it had one.
    pub previous_letter: Option<Grade>,
}

/// Rates all departments in every month of the chain of letters up to `reported`, and in at least the last two.
///
/// `months` are all months of the store; those after `reported` are left aside. A month holds the leaf departments in force in it whose
/// profile has a weight for a headline measure, in the order of the register.
pub fn rate_all(
    context: &Context<'_>,
    months: &BTreeMap<Month, MonthCounts>,
    reported: Month,
) -> BTreeMap<Month, Vec<Rating>> {
    let Some((&first, _)) = months.range(..=reported).next() else { return BTreeMap::new() };
    let gradable = first.plus(context.project.rating.window_months - 1);
    let start = gradable.min(reported.plus(-1)).max(first);
    let mut basis =
        Basis { context, headlines: HeadlineMeasure::all(context), months, evidence: BTreeMap::new() };
    for month in start.plus(-basis.limit()).max(first).to(reported) {
        let evidence = Evidence::new(context, &basis.headlines, months, month, &departments(&basis, month));
        basis.evidence.insert(month, evidence);
    }
    let mut chain = Chain::new(first, gradable, reported);
    let mut ratings: BTreeMap<Month, Vec<Rating>> = BTreeMap::new();
    for month in start.to(reported) {
        let own = chain.rate(
            &basis,
            &departments(&basis, month),
            month,
            ratings.get(&month.plus(-1)).map(Vec::as_slice),
        );
        ratings.insert(month, own);
    }
    ratings
}

/// Leaf departments in force in the month that have components.
fn departments(basis: &Basis<'_>, month: Month) -> Vec<u32> {
    let project = basis.context.project;
    let is_rated = |department: &u32| {
        let own = &project.departments[*department as usize];
        let begins = own.valid_from.is_none_or(|from| from <= month.last_day());
        let lasts = own.valid_to.is_none_or(|to| month.first_day() <= to);
        let weighed = |headline: &HeadlineMeasure<'_>| headline.weight(basis.context, *department).is_some();
        own.leaf && begins && lasts && basis.headlines.iter().any(weighed)
    };
    (0..).take(project.departments.len()).filter(is_rated).collect()
}
