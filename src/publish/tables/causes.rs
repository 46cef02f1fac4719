//! One cause of the breaches of a department, over the rolling window.

use super::super::feed::Feed;
use super::{code_of, column, figure_columns, flags, integers, texts};
use crate::disclose::Published;
use crate::measure::{CauseShare, Pareto};
use crate::project::Project;

struct Row {
    department: u32,
    commitment: Option<u32>,
    share: CauseShare,
    is_vital: bool,
}

pub(super) fn feed(published: &Published, project: &Project) -> Feed {
    let of = |(&(department, commitment), pareto): (&(u32, Option<u32>), &Pareto)| {
        let vital = pareto.vital;
        let shares = pareto.causes.clone().into_iter().enumerate();
        shares.map(move |(place, share)| Row { department, commitment, share, is_vital: place < vital })
    };
    let rows: Vec<Row> = published.causes.iter().flat_map(of).collect();
    let register = &project.causes;
    let cause = |row: &Row| register.causes.get(row.share.cause? as usize);
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
