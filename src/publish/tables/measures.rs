//! One measure of one department over one month or the rolling window.

use super::super::feed::{Feed, FeedColumn};
use super::{code_of, column, figure_columns, flags, integers, numbers, texts, window_months};
use crate::disclose::Published;
use crate::measure::{Code, Context};
use crate::project::Project;
use crate::stats::{Estimate, Figure};

struct Row<'a> {
    code: &'a Code,
    department: u32,
    window_months: u64,
    figure: Figure,
}

pub(super) fn feed(published: &Published, project: &Project) -> Feed {
    let rows = rows(published, window_months(project));
    let context = Context::new(project, Default::default());
    let mut columns = vec![
        column("department", texts(&rows, |row| code_of(project, row.department))),
        column("measure", texts(&rows, |row| row.code.text(&context))),
        column("unit", texts(&rows, |row| row.code.unit_in(project).code().into())),
        column("window_months", integers(&rows, |row| Some(row.window_months))),
    ];
    columns.extend(figure_columns(&rows, |row| row.figure));
    columns.extend(marks(&rows, published, project));
    let description = "One measure of one department over one month or the rolling window";
    Feed { name: "measures", description, partition: Some(published.month), columns }
}

fn rows(published: &Published, rolling_months: u64) -> Vec<Row<'_>> {
    let month = published.monthly.iter().filter(|((.., month), _)| *month == published.month);
    let month = month.map(|((code, department, _), figure)| Row {
        code,
        department: *department,
        window_months: 1,
        figure: *figure,
    });
    let rolling = published.rolling.iter().map(|((code, department), figure)| Row {
        code,
        department: *department,
        window_months: rolling_months,
        figure: *figure,
    });
    month.chain(rolling).collect()
}

fn marks(rows: &[Row<'_>], published: &Published, project: &Project) -> Vec<FeedColumn> {
    let min_answers = project.privacy.min_answers;
    let target = |row: &Row<'_>| published.targets.get(&(row.code.clone(), row.department)).copied();
    let is_few =
        |row: &Row<'_>| row.code.is_of_answers() && row.figure.as_ref().is_ok_and(|one| one.n < min_answers);
    let mark = |get: fn(&Estimate) -> bool| flags(rows, |row| row.figure.as_ref().is_ok_and(get));
    vec![
        column("target", numbers(rows, target)),
        column("higher_is_better", flags(rows, |row| row.code.higher_is_better_in(project))),
        column("state", texts(rows, |_| published.state.code().into())),
        column("carried", mark(|one| one.marks.carried)),
        column("derived", mark(|one| one.marks.derived)),
        column("approximate", mark(|one| one.marks.approximate)),
        column("few", flags(rows, is_few)),
    ]
}
