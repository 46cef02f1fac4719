//! One department and promise that is almost always kept: breaches, exact tests, the share drawn to those of the others.

use super::super::feed::{Feed, Values};
use super::{code_of, column, figure_columns, flags, integers, numbers, texts};
use crate::disclose::Published;
use crate::measure::{Rare, RareCell, Test};
use crate::project::Project;

type Row<'a> = (u32, &'a RareCell);

pub(super) fn feed(published: &Published, project: &Project) -> Feed {
    let rows: Vec<Row<'_>> = published.rare.iter().flat_map(cells).collect();
    let p = |test: Option<Test>| test.map(|test| test.p_value);
    let holm = |test: Option<Test>| test.map(|test| test.p_holm);
    let mut columns = vec![
        column("department", texts(&rows, |row| code_of(project, row.1.department))),
        column("commitment", texts(&rows, |row| project.commitments[row.0 as usize].code.clone())),
        column("target", numbers(&rows, |row| row.1.target)),
        column("cases_1", integers(&rows, |row| Some(row.1.month.0))),
        column("breaches_1", integers(&rows, |row| Some(row.1.month.1))),
        column("cases_3", integers(&rows, |row| Some(row.1.quarter.0))),
        column("breaches_3", integers(&rows, |row| Some(row.1.quarter.1))),
        column("cases_12", integers(&rows, |row| Some(row.1.year.0))),
        column("breaches_12", integers(&rows, |row| Some(row.1.year.1))),
        column("cases_since_breach", integers(&rows, |row| Some(row.1.since.0))),
        column("last_breach", Values::Day(rows.iter().map(|row| row.1.since.1).collect())),
        column("run_ended", integers(&rows, |row| row.1.ended.map(|run| run.cases))),
        column("p_target", numbers(&rows, |row| p(row.1.against_target))),
        column("p_target_holm", numbers(&rows, |row| holm(row.1.against_target))),
        column("p_past", numbers(&rows, |row| p(row.1.against_past))),
        column("p_past_holm", numbers(&rows, |row| holm(row.1.against_past))),
        column("alarm", flags(&rows, |row| row.1.is_alarm())),
        column("chance_below_target", numbers(&rows, |row| row.1.chance_below)),
    ];
    columns.extend(figure_columns(&rows, |row| Ok(row.1.shrunk)));
    let description = "A department and commitment that is almost always kept: breaches as counts, exact tests, and the share kept over twelve months, or those there are, drawn to those of the other departments";
    Feed { name: "rare_breaches", description, partition: Some(published.month), columns }
}

fn cells(one: &Rare) -> impl Iterator<Item = Row<'_>> {
    one.cells.iter().map(|cell| (one.commitment, cell))
}
