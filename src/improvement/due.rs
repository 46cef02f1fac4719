//! What is due: stages of actions and reviews of standards.

use super::{is_known, review_due};
use crate::month::{Day, Month};
use crate::project::{Project, Stage};

/// What is to be done.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Task {
    /// A stage of the schedule.
    Stage(Stage),
    /// A review, so many months after the standard.
    Review(i32),
}

/// How urgent it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum DueState {
    /// It should have been done before the reported month.
    Overdue,
    /// It should have been done in the reported month.
    Due,
    /// It is to be done in one of the three months that follow.
    Soon,
}

impl DueState {
    /// Returns the code, as it stands in the catalogue.
    pub fn code(self) -> &'static str {
        match self {
            Self::Overdue => "overdue",
            Self::Due => "due",
            Self::Soon => "soon",
        }
    }
}

/// One thing of an action that is not done.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Due {
    /// Position of the action.
    pub action: usize,
    /// What is to be done.
    pub task: Task,
    /// By when.
    pub day: Day,
    /// How urgent it is.
    pub state: DueState,
}

/// Returns what is not done at the end of `month` and was due by then, or is within three months, the most urgent first.
pub fn due(project: &Project, month: Month) -> Vec<Due> {
    let mut all = Vec::new();
    for (position, action) in
        project.improvement.actions.iter().enumerate().filter(|(_, one)| is_known(one, month))
    {
        let stages = action.schedule.iter().map(|step| (Task::Stage(step.stage), step.due, step.done));
        let reviews = action.standard.iter().flat_map(|standard| {
            action.reviews.iter().map(|review| {
                (Task::Review(review.months), review_due(standard.date, review.months), review.done)
            })
        });
        let open = stages.chain(reviews).filter(|(.., done)| done.is_none_or(|done| done > month.last_day()));
        all.extend(open.filter_map(|(task, day, _)| {
            Some(Due { action: position, task, day, state: state(day, month)? })
        }));
    }
    all.sort_by_key(|one| (one.state, one.day, one.action));
    all
}

/// How urgent something is that is due on `day`; nothing while it is far away.
pub fn state(day: Day, month: Month) -> Option<DueState> {
    match day {
        day if day < month.first_day() => Some(DueState::Overdue),
        day if day <= month.last_day() => Some(DueState::Due),
        day if day <= month.plus(3).last_day() => Some(DueState::Soon),
        _ => None,
    }
}
