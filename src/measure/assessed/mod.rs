//! What many raters say of people together: attained states, agreement, lenient raters, and what a change is made of.
//!
//! In: what single raters said, of all months so far. Out: [`Assessed`], figures of departments, of heads and of the whole. Deliberately
//! absent: persons in any figure; what is withheld because few people stand behind it, that is the disclosure's.
//!
//! | module | holds |
//! |---|---|
//! | `subjects` | one person in one quarter, with everything that was said |
//! | `states` | the attained state of each person in each competency, and how many are in each |
//! | `standing` | coverage, agreement, the gap between oneself and the others, and whether a mean may be shown |
//! | `leniency` | heads as raters, against the others who rated the same people |
//! | `change` | a change against an earlier quarter, split into who was reassessed, who came and who left |
//! | `shortfall` | how far people are from what their roles require |
//! | `roles` | each person against the own role and each head as a rater, for local lists alone |

mod subjects;
mod states;
mod standing;
mod leniency;
mod change;
mod shortfall;
mod roles;
#[cfg(test)]
mod tests;

use std::collections::{BTreeMap, BTreeSet};

use change::Between;
pub use change::{Change, PARTS, Part, Split};
pub use leniency::Raters;
pub use roles::{AgainstRole, HeadAsRater, Persons, persons};
pub use shortfall::Required;
pub use standing::{COVERED, Standing, Verdict};
pub use states::{Attainment, States};
pub use subjects::{Judged, Subject};

use super::WHOLE;
use crate::check::Registers;
use crate::count::{JudgementKey, MonthCounts};
use crate::month::{Month, Quarter};
use crate::stats::Reason;
use subjects::subjects;

/// Raters, other than oneself, below which what they say of a person is not used.
pub const MIN_RATERS: usize = 3;

/// What the assessments of one quarter say.
#[derive(Debug, Clone, PartialEq)]
pub struct Assessed {
    /// The newest quarter that the reported month may use and that has an assessment.
    pub quarter: Option<Quarter>,
    /// How many people are in which state: of every department and of the whole, and of the heads of the whole.
    pub states: Vec<States>,
    /// Each department and the whole.
    pub standing: Vec<Standing>,
    /// Agreement by competency, over all departments.
    pub scales: Vec<ScaleAgreement>,
    /// Heads as raters, without saying who.
    pub raters: Result<Raters, Reason>,
    /// Changes of each department and the whole against the quarter before and the same quarter a year ago.
    pub changes: Vec<Change>,
    /// How far people are from what their roles require, by department and competency.
    pub shortfall: Vec<Required>,
}

impl Default for Assessed {
    fn default() -> Self {
        Self {
            quarter: None,
            states: Vec::new(),
            standing: Vec::new(),
            scales: Vec::new(),
            raters: Err(Reason::NotMeasured),
            changes: Vec::new(),
            shortfall: Vec::new(),
        }
    }
}

/// Whether raters agree on a competency, and whether departments can be told apart by it.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct ScaleAgreement {
    /// Position of the competency.
    pub competency: u32,
    /// People with enough raters.
    pub people: u64,
    /// Krippendorff's ordinal alpha of all raters but oneself.
    pub alpha: Result<f64, Reason>,
    /// Share of the variance between people's mean levels that lies between departments, ICC(1).
    pub icc1: Result<f64, Reason>,
    /// Reliability of the departments' means, ICC(2).
    pub icc2: Result<f64, Reason>,
}

/// Everything said of people, by quarter.
pub type Quarters = BTreeMap<Quarter, Vec<Subject>>;

/// Collects what was said in all months so far.
pub fn quarters(months: &BTreeMap<Month, MonthCounts>) -> Quarters {
    let mut all: BTreeMap<&JudgementKey, u64> = BTreeMap::new();
    for (key, &n) in months.values().flat_map(|counts| &counts.judgements) {
        // A rating stands in one month; should two hold it all the same, it was still given once.
        let own = all.entry(key).or_default();
        *own = (*own).max(n);
    }
    subjects(&all)
}

/// Returns what `month` may say of competency; nothing measured when no assessment is young enough.
pub fn assessed(registers: &Registers<'_>, quarters: &Quarters, month: Month) -> Assessed {
    let project = registers.project;
    let Some((quarter, subjects)) = newest(project.time.carry_quarters, quarters, month) else {
        return Assessed::default();
    };
    let departments: BTreeSet<u32> = subjects.iter().map(|subject| subject.department).collect();
    let units: Vec<u32> = departments.into_iter().chain([WHOLE]).collect();
    let day = quarter.last_month().min(month).last_day();
    let in_post = standing::posts(registers);
    let change = |&unit: &u32| {
        let in_post = &in_post;
        [1, 4].map(|back| {
            let then = Quarter(quarter.0 - back);
            let before = quarters.get(&then).map_or(&[][..], Vec::as_slice);
            let between = Between { before, now: subjects, days: [then.last_month().last_day(), day] };
            change::change(project, &between, (unit, back), |person, day| in_post(person, unit, day))
        })
    };
    Assessed {
        quarter: Some(quarter),
        states: states::states(project, subjects, &units),
        standing: units.iter().map(|&unit| standing::standing(registers, subjects, (unit, day))).collect(),
        scales: standing::scales(project, subjects),
        raters: leniency::raters(&leniency::leniency(subjects)),
        changes: units.iter().flat_map(change).collect(),
        shortfall: shortfall::shortfall(project, subjects, &units),
    }
}

/// Returns the newest assessment that a month may use, of a quarter that has ended if there is one: what two months of a quarter tell differs
/// by few people, and would tell of these.
fn newest(carry: i32, quarters: &Quarters, month: Month) -> Option<(Quarter, &[Subject])> {
    let last = month.quarter();
    let mut usable = quarters.range(Quarter(last.0 - carry)..=last).rev();
    let newest = usable.clone().next();
    let (quarter, subjects) = usable.find(|(quarter, _)| quarter.last_month() <= month).or(newest)?;
    Some((*quarter, subjects))
}

/// Returns the subjects of a department, or all of them.
fn of_unit(subjects: &[Subject], unit: u32) -> impl Iterator<Item = &Subject> {
    subjects.iter().filter(move |subject| unit == WHOLE || subject.department == unit)
}
