//! Each person against the own role: for the local list that a project may ask for, never for a report or feed.

use super::states::state;
use super::{MIN_RATERS, Quarters, newest};
use crate::check::Registers;
use crate::month::{Month, Quarter};

/// One person in one competency that the role requires.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AgainstRole {
    /// Code of the person.
    pub person: String,
    /// Code of the department.
    pub department: String,
    /// Role.
    pub role: String,
    /// Code of the competency.
    pub competency: String,
    /// Quarter of the assessment.
    pub quarter: Quarter,
    /// Raters other than oneself.
    pub raters: u64,
    /// Code of the state.
    pub attained: String,
    /// Lower median of the levels that others gave; nothing of fewer than three.
    pub level: Option<i32>,
    /// Required level.
    pub required: i32,
}

/// Lists everybody against the own role, by the newest assessment that `month` may use, in the order of the registers.
pub fn against_roles(registers: &Registers<'_>, quarters: &Quarters, month: Month) -> Vec<AgainstRole> {
    let project = registers.project;
    let Some((quarter, subjects)) = newest(project.time.carry_quarters, quarters, month) else {
        return Vec::new();
    };
    let mut rows = Vec::new();
    for subject in subjects {
        for (&place, judged) in &subject.judged {
            let competency = &project.competencies[place as usize];
            let Some(required) = subject.required(project, place) else { continue };
            let ratings = judged.ratings();
            let found = state(competency, judged, project.needed);
            rows.push(AgainstRole {
                person: registers.persons[subject.person as usize].to_owned(),
                department: project.departments[subject.department as usize].code.clone(),
                role: subject.role.clone(),
                competency: competency.code.clone(),
                quarter,
                raters: judged.raters().len() as u64,
                attained: found.map(|(state, _)| state.code()).unwrap_or_default(),
                level: judged.level().filter(|_| ratings.len() >= MIN_RATERS),
                required,
            });
        }
    }
    rows
}
