//! Signs to look into: every test that was made, and what customers saw against the log.

use super::super::feed::{Feed, Values};
use super::{code_of, column, figure_columns, flags, integers, numbers, texts};
use crate::disclose::Published;
use crate::measure::{Sign, WHOLE};
use crate::project::Project;
use crate::stats::Figure;

/// One row: a test, or the agreement of a department.
struct Row<'a> {
    department: u32,
    kind: &'static str,
    sign: Option<&'a Sign>,
    figure: Figure,
}

pub(super) fn feed(published: &Published, project: &Project) -> Feed {
    let told = published.signs.told();
    let tests = published.signs.tests.iter().map(|sign| Row {
        department: sign.department,
        kind: sign.kind.code(),
        sign: Some(sign),
        figure: sign.share(),
    });
    let seen = published.signs.seen.iter().map(|(department, seen)| Row {
        department: *department,
        kind: "kappa",
        sign: None,
        figure: seen.kappa,
    });
    let is_shown =
        |row: &Row<'_>| row.department == WHOLE || project.departments.len() > row.department as usize;
    let rows: Vec<Row<'_>> = tests.chain(seen).filter(is_shown).collect();
    let commitment = |row: &Row<'_>| {
        let own = row.sign.and_then(|sign| sign.commitment);
        own.map_or_else(|| super::ALL.into(), |one| project.commitments[one as usize].code.clone())
    };
    let month = |row: &Row<'_>| row.sign.and_then(|sign| sign.month);
    let mut columns = vec![
        column("sign", texts(&rows, |row| row.kind.into())),
        column("department", texts(&rows, |row| code_of(project, row.department))),
        column("commitment", texts(&rows, commitment)),
        column("jump_month", Values::Month(rows.iter().map(month).collect())),
        column("hits", integers(&rows, |row| row.sign.map(|sign| sign.hits))),
        column("expected", numbers(&rows, |row| row.sign.map(|sign| sign.expected))),
        column("p_test", numbers(&rows, |row| row.sign.map(|sign| sign.p_value))),
        column("p_holm", numbers(&rows, |row| row.sign.map(|sign| sign.p_holm))),
        column("to_look_into", flags(&rows, |row| row.sign.is_some_and(|sign| told.contains(&sign)))),
    ];
    columns.extend(figure_columns(&rows, |row| row.figure));
    let description = "Signs that a figure may be made to look better than it is: every test over the rolling window, with the share found and the share expected; and Cohen's kappa of what customers saw and what the log says";
    Feed { name: "signs", description, partition: Some(published.month), columns }
}
