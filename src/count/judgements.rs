//! What every single rater said of a person: a level, or an indicator that was seen or not.
//!
//! A rating stands in one month: the first whose books know it. So the months up to a reported one hold together what it may use, and a
//! month costs what it brings. The rows stay in the store and never reach outputs.

use std::collections::BTreeMap;

use crate::books::Cut;
use crate::check::{Indicator, Observation, Rating, Registers, Relation};
use crate::month::{Month, Quarter};

/// One thing that one rater said of one person in one quarter.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct JudgementKey {
    /// Quarter of the assessment.
    pub quarter: Quarter,
    /// Position of the department the person worked in when rated.
    pub department: u32,
    /// Position of the person in the register.
    pub person: u32,
    /// Role of the person then.
    pub role: String,
    /// Whether the person headed the department then.
    pub head: bool,
    /// Position of the competency.
    pub competency: u32,
    /// What the rater is to the person.
    pub relation: Relation,
    /// Keyed hash of the rater.
    pub rater: u64,
    /// The indicator that was looked for; nothing where a level was given.
    pub indicator: Option<Indicator>,
    /// What was said.
    pub said: Observation,
}

/// Lists the ratings that the books of `month` know and those of the month before (`before`, nothing for the first) did not: of its own
/// quarter and the `carry_quarters` before.
pub fn count_judgements(
    registers: &Registers<'_>,
    ratings: &[Rating],
    month: Month,
    (before, cut): (Option<Cut>, Cut),
) -> BTreeMap<JudgementKey, u64> {
    let project = registers.project;
    let last = month.quarter();
    let quarters = Quarter(last.0 - project.time.carry_quarters)..=last;
    let knows = |rating: &Rating, month: Month, cut: Cut| {
        rating.day <= month.last_day() && rating.recorded <= cut.day
    };
    let is_known_before =
        |rating: &Rating| before.is_some_and(|before| knows(rating, month.plus(-1), before));
    let mut counts = BTreeMap::new();
    let own = ratings.iter().filter(|rating| quarters.contains(&rating.day.month().quarter()));
    for rating in own.filter(|rating| knows(rating, month, cut) && !is_known_before(rating)) {
        let post = project.post_at(registers.persons[rating.person as usize], rating.day);
        let department = post.and_then(|post| project.department(&post.department));
        if let (Some(post), Some(department)) = (post, department) {
            let key = JudgementKey {
                quarter: rating.day.month().quarter(),
                department: u32::try_from(department).expect("a register has fewer than 2^32 departments"),
                person: rating.person,
                role: post.role.clone(),
                head: post.head,
                competency: rating.competency,
                relation: rating.relation,
                rater: rating.rater,
                indicator: rating.indicator,
                said: rating.observation,
            };
            *counts.entry(key).or_default() += 1;
        }
    }
    counts
}
