//! What raters say of people together: states, what means rest on, heads as raters, changes, what to develop first.

use super::super::feed::{Feed, Values};
use super::{code_of, column, figure_columns, flags, integers, numbers, texts};
use crate::disclose::Published;
use crate::measure::{Attainment, PARTS, Raters, States};
use crate::project::Project;
use crate::relation::Priority;
use crate::stats::{Estimate, Figure, Marks, Reason};

fn competency(project: &Project, place: u32) -> String {
    project.competencies[place as usize].code.clone()
}

fn quarter(published: &Published) -> String {
    published.assessed.quarter.map(|quarter| quarter.to_string()).unwrap_or_default()
}

/// How many people are in which state.
pub(super) fn states(published: &Published, project: &Project) -> Feed {
    type Row<'a> = (&'a States, Attainment, Result<u64, Reason>);
    let all = published.assessed.states.iter();
    let rows: Vec<Row<'_>> =
        all.flat_map(|own| own.counts.iter().map(move |&(state, count)| (own, state, count))).collect();
    let quarter = quarter(published);
    let scope = |row: &Row<'_>| if row.0.heads { "heads" } else { "everybody" }.to_owned();
    let reason = |row: &Row<'_>| row.2.err().map(|reason| reason.code().to_owned());
    let columns = vec![
        column("department", texts(&rows, |row| code_of(project, row.0.department))),
        column("scope", texts(&rows, scope)),
        column("competency", texts(&rows, |row| competency(project, row.0.competency))),
        column("quarter", texts(&rows, |_| quarter.clone())),
        column("attained", texts(&rows, |row| row.1.code())),
        column("people", integers(&rows, |row| row.0.people.ok())),
        column("count", integers(&rows, |row| row.2.ok())),
        column("reason", Values::Text(rows.iter().map(reason).collect())),
    ];
    let description = "How many people of a department are in which state of a competency, by the consensus of their raters; counts of 1 to 4 are withheld with what they would follow from";
    Feed { name: "competency_states", description, partition: Some(published.month), columns }
}

/// What the means of a department rest on.
pub(super) fn standing(published: &Published, project: &Project) -> Feed {
    type Row = (u32, &'static str, &'static str, &'static str, Figure);
    let plain = |value: Result<f64, Reason>, n: u64| {
        let marks = Marks::default();
        value.map(|value| Estimate {
            value,
            std_error: None,
            lower: None,
            upper: None,
            n,
            n_effective: n as f64,
            marks,
        })
    };
    let rows: Vec<Row> = published
        .assessed
        .standing
        .iter()
        .flat_map(|own| {
            let n = own.people.unwrap_or(0);
            [
                ("coverage", "share", own.coverage),
                ("agreement", "share", own.agreement),
                ("icc1", "share", plain(own.icc1, n)),
                ("icc2", "share", plain(own.icc2, n)),
                ("mean_rating", "points", own.mean),
                ("own_gap", "level", own.own_gap),
            ]
            .map(|(measure, unit, figure)| (own.department, own.verdict.code(), measure, unit, figure))
        })
        .collect();
    let quarter = quarter(published);
    let mut columns = vec![
        column("department", texts(&rows, |row| code_of(project, row.0))),
        column("quarter", texts(&rows, |_| quarter.clone())),
        column("measure", texts(&rows, |row| row.2.into())),
        column("unit", texts(&rows, |row| row.3.into())),
        column("may_average", texts(&rows, |row| row.1.into())),
    ];
    columns.extend(figure_columns(&rows, |row| row.4));
    let description = "One figure that the assessments of a department rest on: share of people in post who were assessed, agreement of raters (1 less the variance within people over that of random ratings), ICC, mean rating where it may be averaged, own level less that of the others";
    Feed { name: "competency_standing", description, partition: Some(published.month), columns }
}

/// Heads as raters: how many stand out, never who.
pub(super) fn raters(published: &Published, _: &Project) -> Feed {
    let rows: Vec<Result<Raters, Reason>> = match published.assessed.raters {
        Err(Reason::NotMeasured) => Vec::new(),
        raters => vec![raters],
    };
    let quarter = quarter(published);
    let reason = |row: &Result<Raters, Reason>| row.err().map(|reason| reason.code().to_owned());
    let count = |of: fn(&Raters) -> u64| integers(&rows, move |row| row.as_ref().ok().map(of));
    let columns = vec![
        column("quarter", texts(&rows, |_| quarter.clone())),
        column("heads", count(|raters| raters.heads)),
        column("heads_higher", count(|raters| raters.higher)),
        column("heads_lower", count(|raters| raters.lower)),
        column("reason", Values::Text(rows.iter().map(reason).collect())),
    ];
    let description = "Heads as raters: how many are compared with the others who rated the same people, and how many rate remarkably higher or lower than heads usually do (.3 levels or more, p below .05 after Holm); who, is told nowhere";
    Feed { name: "competency_raters", description, partition: Some(published.month), columns }
}

struct ChangeRow {
    department: u32,
    back: i32,
    part: &'static str,
    people: Option<u64>,
    moved: Option<u64>,
    figure: Figure,
}

/// Changes and their parts.
pub(super) fn changes(published: &Published, project: &Project) -> Feed {
    let mut rows: Vec<ChangeRow> = Vec::new();
    for own in &published.assessed.changes {
        let row = |part, figure: Figure| ChangeRow {
            department: own.department,
            back: own.back,
            part,
            people: figure.ok().map(|one| one.n),
            moved: None,
            figure,
        };
        match &own.split {
            Err(reason) => rows.push(row("change", Err(*reason))),
            Ok(split) => {
                rows.extend([
                    row("before", split.before),
                    row("now", split.now),
                    row("change", split.change),
                ]);
                let parts = PARTS.iter().zip(&split.parts);
                rows.extend(parts.map(|(name, part)| ChangeRow {
                    people: part.people.ok(),
                    moved: part.moved.ok(),
                    ..row(name, part.change)
                }));
            }
        }
    }
    let quarter = quarter(published);
    let mut columns = vec![
        column("department", texts(&rows, |row| code_of(project, row.department))),
        column("quarter", texts(&rows, |_| quarter.clone())),
        column("quarters_back", integers(&rows, |row| u64::try_from(row.back).ok())),
        column("part", texts(&rows, |row| row.part.into())),
        column("unit", texts(&rows, |_| "share".into())),
        column("people", integers(&rows, |row| row.people)),
        column("moved", integers(&rows, |row| row.moved)),
    ];
    columns.extend(figure_columns(&rows, |row| row.figure));
    let description = "The share of required levels attained against an earlier quarter, and its parts; withheld where one or two people account for it";
    Feed { name: "competency_changes", description, partition: Some(published.month), columns }
}

/// What to develop first.
pub(super) fn priorities(published: &Published, project: &Project) -> Feed {
    let rows: Vec<(&Priority, &'static str, &'static str, Figure)> = published
        .priorities
        .iter()
        .flat_map(|own| {
            [(own, "missing", "level", own.required.missing), (own, "priority", "points", own.points)]
        })
        .collect();
    let quarter = quarter(published);
    let own =
        |row: &(&Priority, &str, &str, Figure)| &project.competencies[row.0.required.competency as usize];
    let effect = |get: fn(&Estimate) -> Option<f64>| {
        numbers(&rows, move |row| row.0.effect.as_ref().ok().and_then(|effect| get(&effect.estimate)))
    };
    let mut columns = vec![
        column("department", texts(&rows, |row| code_of(project, row.0.required.department))),
        column("competency", texts(&rows, |row| own(row).code.clone())),
        column("quarter", texts(&rows, |_| quarter.clone())),
        column("core", flags(&rows, |row| own(row).core)),
        column("weight", numbers(&rows, |row| Some(own(row).weight))),
        column("measure", texts(&rows, |row| row.1.into())),
        column("unit", texts(&rows, |row| row.2.into())),
    ];
    columns.extend(figure_columns(&rows, |row| row.3));
    columns.extend([
        column("effect", effect(|one| Some(one.value))),
        column("effect_lower", effect(|one| one.lower)),
        column("effect_upper", effect(|one| one.upper)),
    ]);
    let description = "What to develop first: mean number of levels that people miss of what their role requires, and that times what a level goes with in satisfaction, in points of the index; an association, not what training would bring";
    Feed { name: "competency_priorities", description, partition: Some(published.month), columns }
}
