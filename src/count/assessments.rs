//! Ratings of people, as far as a month may use them: a multiset of levels per person, competency and quarter.
//!
//! They are few and relational, so they are kept, not counted away; person-level rows stay in the store and never reach outputs.

use std::collections::BTreeMap;

use crate::assess::Assessments;
use crate::books::Cut;
use crate::check::Registers;
use crate::month::{Month, Quarter};

/// One level given to one person in one competency and quarter.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct AssessedKey {
    /// Position of the department the person worked in when rated.
    pub department: u32,
    /// Quarter of the assessment.
    pub quarter: Quarter,
    /// Position of the person in the register.
    pub person: u32,
    /// Role of the person then.
    pub role: String,
    /// Whether the person headed the department then.
    pub head: bool,
    /// Position of the competency.
    pub competency: u32,
    /// The level given.
    pub level: i16,
}

/// Lists the ratings that `month` may use: of its own quarter and the `carry_quarters` before, known by the cut.
pub fn count_assessments(
    registers: &Registers<'_>,
    assessments: &Assessments,
    month: Month,
    cut: Cut,
) -> BTreeMap<AssessedKey, u64> {
    let project = registers.project;
    let last = month.quarter();
    let quarters = Quarter(last.0 - project.time.carry_quarters)..=last;
    let mut counts = BTreeMap::new();
    for (&(person, competency, quarter), rated) in &assessments.0 {
        if !quarters.contains(&quarter) {
            continue;
        }
        for &(day, known, level) in &rated.ratings {
            let post = project.post_at(registers.persons[person as usize], day);
            let department = post.and_then(|post| project.department(&post.department));
            if let (Some(post), Some(department)) = (post, department)
                && day <= month.last_day()
                && known <= cut.day
            {
                let department =
                    u32::try_from(department).expect("a register has fewer than 2^32 departments");
                let key = AssessedKey {
                    department,
                    quarter,
                    person,
                    role: post.role.clone(),
                    head: post.head,
                    competency,
                    level,
                };
                *counts.entry(key).or_default() += 1;
            }
        }
    }
    counts
}
