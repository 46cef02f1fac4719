//! Each person against the own role and each head as a rater: for the local lists that a project may ask for, never for a report or feed.

use super::leniency::{Leniency, leniency};
use super::states::state;
use super::{MIN_RATERS, Quarters, Subject, newest};
use crate::check::Registers;
use crate::month::{Month, Quarter};
use crate::project::Project;
use crate::stats::Figure;

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

/// The head of a department as a rater of its people.
#[derive(Debug, Clone, PartialEq)]
pub struct HeadAsRater {
    /// Code of the department.
    pub department: String,
    /// Codes of those who headed it on the last day of the quarter.
    pub heads: Vec<String>,
    /// Quarter of the assessment.
    pub quarter: Quarter,
    /// People whom the head and at least one other, not themselves, rated.
    pub people: u64,
    /// Mean difference of the head's levels to those of the others, in levels.
    pub difference: Figure,
    /// How much more than the mean of the other heads.
    pub excess: Figure,
    /// Two-sided p value of no excess, after Holm over all heads.
    pub p_holm: Option<f64>,
    /// Whether the head is remarkable as a rater.
    pub is_remarkable: bool,
}

/// What is told of single persons.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Persons {
    /// Everybody against the own role, in the order of the registers.
    pub roles: Vec<AgainstRole>,
    /// Every head as a rater, in the order of the departments.
    pub raters: Vec<HeadAsRater>,
}

/// Lists persons by the newest assessment that `month` may use.
pub fn persons(registers: &Registers<'_>, quarters: &Quarters, month: Month) -> Persons {
    let project = registers.project;
    let newest = newest(project.time.carry_quarters, quarters, month);
    newest.map_or_else(Persons::default, |(quarter, subjects)| Persons {
        roles: against_roles(registers, (quarter, subjects)),
        raters: as_raters(project, (quarter, subjects)),
    })
}

fn as_raters(project: &Project, (quarter, subjects): (Quarter, &[Subject])) -> Vec<HeadAsRater> {
    let heads = project.heads_at(quarter.last_month().last_day());
    let head = |one: &Leniency| {
        let department = one.department as usize;
        let own = heads.get(&department).into_iter().flatten();
        HeadAsRater {
            department: project.departments[department].code.clone(),
            heads: own.map(|post| post.person.clone()).collect(),
            quarter,
            people: one.people,
            difference: one.difference,
            excess: one.excess,
            p_holm: one.p_holm,
            is_remarkable: one.is_remarkable(),
        }
    };
    leniency(subjects).iter().map(head).collect()
}

fn against_roles(registers: &Registers<'_>, (quarter, subjects): (Quarter, &[Subject])) -> Vec<AgainstRole> {
    let project = registers.project;
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
