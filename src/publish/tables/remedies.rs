//! One figure about what was done about breaches.

use super::super::feed::Feed;
use super::{code_of, column, figure_columns, flags, integers, texts, window_months};
use crate::disclose::Published;
use crate::measure::{Remedies, Unit, WHOLE};
use crate::project::Project;
use crate::relation::RemedyTold;
use crate::stats::{Figure, Reason};

struct Row {
    department: u32,
    commitment: Option<u32>,
    measure: &'static str,
    /// Code of the kind of remedy; nothing for all kinds together.
    remedy: Option<&'static str>,
    unit: Unit,
    window_months: u64,
    figure: Figure,
}

pub(super) fn feed(published: &Published, project: &Project) -> Feed {
    let months = |first: crate::month::Month| u64::try_from(published.month.0 - first.0 + 1).unwrap_or(1);
    let rolling = window_months(project);
    let own = published.remedies.iter().flat_map(|(key, own)| of(*key, own, rolling));
    let first = published.window.first().copied().unwrap_or(published.month);
    let contrast = published.remedy_contrast.iter().filter(|_| !published.remedies.is_empty());
    let rows: Vec<Row> = own.chain(contrast.flat_map(|told| differences(told, months(first)))).collect();
    let mut columns = vec![
        column("department", texts(&rows, |row| code_of(project, row.department))),
        column(
            "commitment",
            texts(&rows, |row| {
                row.commitment
                    .map_or_else(|| super::ALL.into(), |one| project.commitments[one as usize].code.clone())
            }),
        ),
        column("measure", texts(&rows, |row| row.measure.into())),
        column("remedy", texts(&rows, |row| row.remedy.unwrap_or(super::ALL).into())),
        column("unit", texts(&rows, |row| row.unit.code().into())),
        column("window_months", integers(&rows, |row| Some(row.window_months))),
    ];
    columns.extend(figure_columns(&rows, |row| row.figure));
    columns
        .push(column("approximate", flags(&rows, |row| row.figure.is_ok_and(|one| one.marks.approximate))));
    let description = "One figure about what was done about breaches: shares remedied and in time, times to remedy in seconds of the limit's clock, kept shares with and without excused breaches, satisfaction after a remedy";
    Feed { name: "remedies", description, partition: Some(published.month), columns }
}

fn of((department, commitment): (u32, Option<u32>), own: &Remedies, window_months: u64) -> Vec<Row> {
    let row = |measure, unit, figure| Row {
        department,
        commitment,
        measure,
        remedy: None,
        unit,
        window_months,
        figure,
    };
    let mut rows = vec![
        row("remedied", Unit::Share, own.remedied),
        row("remedied_in_time", Unit::Share, own.in_time),
        row("remedied_by_limit", Unit::Share, own.time.by_limit),
        row("time_to_remedy_median", Unit::Seconds, own.time.median),
        row("time_of_remedied_median", Unit::Seconds, own.time.median_of_remedied),
        row("kept", Unit::Share, own.kept),
        row("kept_or_excused", Unit::Share, own.kept_or_excused),
    ];
    for one in &own.kinds {
        let of_kind =
            |measure, figure| Row { remedy: Some(one.kind.code()), ..row(measure, Unit::Share, figure) };
        rows.extend([of_kind("remedy_share", one.share), of_kind("remedied_in_time", one.in_time)]);
    }
    rows
}

fn differences(told: &RemedyTold, window_months: u64) -> [Row; 2] {
    [("remedy_difference", &told.naive), ("remedy_difference_adjusted", &told.adjusted)].map(
        |(measure, contrast)| Row {
            department: WHOLE,
            commitment: None,
            measure,
            remedy: None,
            unit: Unit::Points,
            window_months,
            figure: contrast.as_ref().map(|one| one.clustered.estimate).map_err(|reason: &Reason| *reason),
        },
    )
}
