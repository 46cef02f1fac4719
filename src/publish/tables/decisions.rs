//! One decision about the reported month or one before it.

use super::super::feed::{Feed, Values};
use super::{column, texts};
use crate::disclose::Published;
use crate::month::Day;
use crate::project::{Decision, Project, Text};

pub(super) fn feed(published: &Published, project: &Project) -> Feed {
    let all = project.improvement.decisions.iter();
    let rows: Vec<&Decision> = all.filter(|one| one.month <= published.month).collect();
    let main = project.languages.first().map_or("en", String::as_str);
    let say = |text: &Text| text.get(main).to_owned();
    let optional =
        |of: &dyn Fn(&Decision) -> Option<String>| Values::Text(rows.iter().map(|row| of(row)).collect());
    let days = |of: &dyn Fn(&Decision) -> Option<Day>| Values::Day(rows.iter().map(|row| of(row)).collect());
    let columns = vec![
        column("decided_on", days(&|row| Some(row.date))),
        column("about_month", Values::Month(rows.iter().map(|row| Some(row.month)).collect())),
        column("decided_by", texts(&rows, |row| say(&row.decided_by))),
        column("departments", Values::TextList(rows.iter().map(|row| row.departments.clone()).collect())),
        column("decision", texts(&rows, |row| say(&row.text))),
        column("of_action", optional(&|row| row.action.clone())),
        column("due", days(&|row| row.due)),
        column("status", texts(&rows, |row| row.status.code().into())),
        column("outcome", optional(&|row| row.outcome.as_ref().map(say))),
    ];
    let description = "One decision about the month or one before it, and what became of it";
    Feed { name: "decisions", description, partition: Some(published.month), columns }
}
