//! One action in one department: levels, step, verdict.

use super::super::feed::{Feed, FeedColumn, Values};
use super::{code_of, column, figure_columns, integers, numbers, texts};
use crate::disclose::Published;
use crate::improvement::Progress;
use crate::month::Month;
use crate::project::Project;
use crate::stats::interrupted::Interrupted;

pub(super) fn feed(published: &Published, project: &Project) -> Feed {
    let rows = &published.progress;
    let action = |row: &Progress| &project.improvement.actions[row.action];
    let mut columns = vec![
        column("action", texts(rows, |row| action(row).code.clone())),
        column("department", texts(rows, |row| code_of(project, row.department))),
        column("measure", texts(rows, |row| action(row).measure.clone())),
        column("unit", texts(rows, |row| row.code.unit().code().into())),
        column("action_verdict", texts(rows, |row| row.verdict.code().into())),
        column("gain", optional(rows, |row| row.held.as_ref().map(|(held, _)| held.code()))),
    ];
    columns.extend(figure_columns(rows, |row| {
        row.found.as_ref().map(|found| found.step).map_err(|reason| *reason)
    }));
    columns.extend(evidence(rows));
    let description = "One improvement action in one department; the figure is the step of its measure beyond comparable departments";
    Feed { name: "actions", description, partition: Some(published.month), columns }
}

fn optional(rows: &[Progress], of: impl Fn(&Progress) -> Option<&'static str>) -> Values {
    Values::Text(rows.iter().map(|row| of(row).map(str::to_owned)).collect())
}

fn months(rows: &[Progress], of: impl Fn(&Progress) -> Option<Month>) -> Values {
    Values::Month(rows.iter().map(of).collect())
}

fn evidence(rows: &[Progress]) -> Vec<FeedColumn> {
    let found = |get: fn(&Interrupted) -> f64| numbers(rows, move |row| row.found.as_ref().ok().map(get));
    let placebo = |row: &Progress| row.found.as_ref().ok()?.placebo_p(!row.code.higher_is_better());
    let count = |get: fn(&Interrupted) -> u64| integers(rows, move |row| row.found.as_ref().ok().map(get));
    vec![
        column("level_before", found(|one| one.before.value)),
        column("level_after", found(|one| one.after.value)),
        column("before_from", months(rows, |row| Some(row.window.before.0))),
        column("before_to", months(rows, |row| Some(row.window.before.1))),
        column("after_from", months(rows, |row| row.window.after.map(|(first, _)| first))),
        column("after_to", months(rows, |row| row.window.after.map(|(_, last)| last))),
        column("n_before", count(|one| one.before.n)),
        column("n_after", count(|one| one.after.n)),
        column("p_placebo", numbers(rows, placebo)),
        column("n_peers", count(|one| one.placebos.len() as u64)),
        column("smallest_step", found(|one| one.smallest)),
        column("worst_month", months(rows, |row| row.worst.map(|(month, _)| month))),
        column("worst_value", numbers(rows, |row| row.worst.map(|(_, value)| value))),
        column("regression_to_the_mean", numbers(rows, Progress::regression_to_the_mean)),
        column("step_held", numbers(rows, |row| row.held.as_ref().map(|(_, found)| found.step.value))),
    ]
}
