//! One change of a question within the window.

use super::super::feed::{Feed, Values};
use super::{column, flags, texts};
use crate::disclose::Published;
use crate::measure::{Code, Context, breaks};
use crate::project::{Change, Project, Questionnaire};

pub(super) fn feed(published: &Published, project: &Project) -> Feed {
    let first = published.window.first().copied().unwrap_or(published.month);
    let context = Context::new(project, Default::default());
    let rows = project.question_changes(first, published.month);
    let replaces = rows.iter().map(|(_, change)| change.before.clone()).collect();
    let columns = vec![
        column("questionnaire", texts(&rows, |(of, _)| of.code.clone())),
        column("item", texts(&rows, |(_, change)| change.item.clone())),
        column("from_month", texts(&rows, |(_, change)| change.month.to_string())),
        column("change", texts(&rows, |(_, change)| change.kind.code().to_owned())),
        column("replaces", Values::Text(replaces)),
        column("bridged", flags(&rows, |(_, change)| change.is_bridged)),
        column("breaks", texts(&rows, |(of, change)| broken(&context, of, change).join(" "))),
    ];
    let description =
        "One change of a question within the window, and the measures that must not be compared across it";
    Feed { name: "questions", description, partition: Some(published.month), columns }
}

fn broken(context: &Context<'_>, of: &Questionnaire, change: &Change) -> Vec<String> {
    let is_own = |code: &Code| match code {
        Code::Index(questionnaire) => *questionnaire == of.code,
        Code::Staff(_) => of.code == "staff",
        _ => of.code == "client",
    };
    let is_broken = |code: &Code| is_own(code) && breaks(context.project, code).contains(change);
    Code::all(context).iter().filter(|code| is_broken(code)).map(|code| code.text(context)).collect()
}
