//! One cause of the breaches of a department, over the rolling window.

use super::super::feed::Feed;
use super::{code_of, column, figure_columns, flags, integers, texts};
use crate::disclose::Published;
use crate::measure::{CauseShare, Pareto};
use crate::project::Project;

struct Row<'a> {
    department: u32,
    commitment: Option<u32>,
    share: &'a CauseShare,
    is_vital: bool,
}

pub(super) fn feed(published: &Published, project: &Project) -> Feed {
    let of = |(&(department, commitment), pareto): (&(u32, Option<u32>), &'_ Pareto)| {
        let vital = pareto.vital;
        let rows = pareto.causes.iter().enumerate();
        rows.map(move |(place, share)| (department, commitment, *share, place < vital)).collect::<Vec<_>>()
    };
    let all: Vec<_> = published.causes.iter().flat_map(of).collect();
    let rows: Vec<Row<'_>> = all
        .iter()
        .map(|(department, commitment, share, is_vital)| Row {
            department: *department,
            commitment: *commitment,
            share,
            is_vital: *is_vital,
        })
        .collect();
    let register = &project.causes;
    let cause = |row: &Row<'_>| register.causes.get(row.share.cause? as usize);
    let mut columns = vec![
        column("department", texts(&rows, |row| code_of(project, row.department))),
        column(
            "commitment",
            texts(&rows, |row| {
                row.commitment
                    .map_or_else(|| super::ALL.into(), |one| project.commitments[one as usize].code.clone())
            }),
        ),
        column(
            "category",
            texts(&rows, |row| {
                cause(row).map(|one| register.categories[one.category].code.clone()).unwrap_or_default()
            }),
        ),
        column(
            "cause",
            texts(&rows, |row| match (cause(row), row.share.cause) {
                (Some(one), _) => one.code.clone(),
                (None, Some(_)) => "?".into(),
                (None, None) => String::new(),
            }),
        ),
        column("window_months", integers(&rows, |_| u64::try_from(project.rating.window_months).ok())),
        column("breaches", integers(&rows, |row| Some(row.share.counts.n))),
        column("excused", integers(&rows, |row| Some(row.share.counts.excused))),
        column("late_seconds", integers(&rows, |row| Some(row.share.counts.late.1))),
        column("vital", flags(&rows, |row| row.is_vital)),
    ];
    columns.extend(figure_columns(&rows, |row| row.share.share));
    let description =
        "One cause of the breaches of a department over the rolling window; an empty cause was not coded";
    Feed { name: "causes", description, partition: Some(published.month), columns }
}
