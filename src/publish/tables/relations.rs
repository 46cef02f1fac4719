//! One coefficient or class mean of one relation asked in advance.

use super::super::feed::{Feed, FeedColumn, Values};
use super::{column, figure_columns, integers, numbers, texts};
use crate::disclose::Published;
use crate::project::{Grain, Method, Project};
use crate::relation::{ClassMean, Coefficient, PanelTold, Related, Told};
use crate::stats::{Figure, Reason};

/// What a row says beside its relation; what a kind of row does not have is nothing.
struct Row<'a> {
    told: &'a Told,
    kind: &'static str,
    class: &'a str,
    grain: Grain,
    figure: Figure,
    p_values: [Option<f64>; 4],
    panel: Option<&'a PanelTold>,
    n_servers: Option<u64>,
}

pub(super) fn feed(published: &Published, _: &Project) -> Feed {
    let rows: Vec<Row<'_>> = published.relations.iter().flat_map(rows).collect();
    let mut columns = vec![
        column("relation", texts(&rows, |row| row.told.code.clone())),
        column("x", texts(&rows, |row| row.told.x.clone())),
        column("y", texts(&rows, |row| row.told.y.clone())),
        column("kind", texts(&rows, |row| row.kind.into())),
        column("class", texts(&rows, |row| row.class.to_owned())),
        column("grain", texts(&rows, |row| grain(row.grain).into())),
        column("method", texts(&rows, |row| method(row.told.method).into())),
        column("lag", Values::Integer(rows.iter().map(|row| Some(row.told.lag.into())).collect())),
    ];
    columns.extend(figure_columns(&rows, |row| row.figure));
    columns.extend(evidence(&rows));
    let description = "One coefficient or class mean of one relation asked in advance";
    Feed { name: "relations", description, partition: Some(published.month), columns }
}

fn grain(grain: Grain) -> &'static str {
    match grain {
        Grain::Week => "week",
        Grain::Month => "month",
        Grain::Quarter => "quarter",
        Grain::Year => "year",
        Grain::Contact => "contact",
    }
}

fn method(method: Method) -> &'static str {
    match method {
        Method::Pearson => "pearson",
        Method::Spearman => "spearman",
    }
}

fn evidence(rows: &[Row<'_>]) -> Vec<FeedColumn> {
    let p = |index: usize| numbers(rows, |row| row.p_values[index]);
    let of = |get: fn(&PanelTold) -> Option<f64>| numbers(rows, |row| row.panel.and_then(get));
    let count = |get: fn(&PanelTold) -> u64| integers(rows, |row| row.panel.map(get));
    vec![
        column("p_value", p(0)),
        column("p_value_t", p(1)),
        column("p_holm", p(2)),
        column("p_bh", p(3)),
        column("reliability_x", of(|panel| panel.reliability_x)),
        column("reliability_y", of(|panel| panel.reliability_y)),
        column("smallest_detectable", of(|panel| panel.smallest_detectable)),
        column("n_departments", count(|panel| panel.n_departments)),
        column("n_periods", count(|panel| panel.n_periods)),
        column("n_servers", integers(rows, |row| row.n_servers)),
    ]
}

fn rows(told: &Told) -> Vec<Row<'_>> {
    let empty = Row {
        told,
        kind: "mean",
        class: "",
        grain: Grain::Contact,
        figure: Err(Reason::Gap),
        p_values: [None; 4],
        panel: None,
        n_servers: None,
    };
    match &told.related {
        Related::Panel(panel) => {
            let row = |kind, coefficient: &Result<Coefficient, Reason>| Row {
                kind,
                grain: panel.grain,
                figure: coefficient.as_ref().map(|one| one.estimate).map_err(|reason| *reason),
                p_values: coefficient.as_ref().map_or([None; 4], p_values),
                panel: Some(panel),
                ..empty
            };
            vec![row("within", &panel.within), row("between", &panel.between)]
        }
        Related::Contact(Ok(contact)) => {
            contact.classes.iter().flat_map(|class| class_rows(told, class)).collect()
        }
        Related::Contact(Err(reason)) => vec![Row { figure: Err(*reason), ..empty }],
    }
}

fn p_values(coefficient: &Coefficient) -> [Option<f64>; 4] {
    [coefficient.p_value, coefficient.p_value_t, coefficient.p_holm, coefficient.p_bh]
}

fn class_rows<'a>(told: &'a Told, class: &'a ClassMean) -> Vec<Row<'a>> {
    let row = |kind, figure: Figure, p_values| Row {
        told,
        kind,
        class: &class.class,
        grain: Grain::Contact,
        figure,
        p_values,
        panel: None,
        // How few people a withheld mean is about is withheld with it.
        n_servers: (class.mean.as_ref().err() != Some(&Reason::Suppressed)).then_some(class.n_servers),
    };
    let mean = class.mean.as_ref().map(|one| one.estimate).map_err(|reason| *reason);
    let mut rows = vec![row("mean", mean, [None; 4])];
    if let Some(difference) = &class.difference {
        let figure = difference.as_ref().map(|one| one.estimate).map_err(|reason| *reason);
        rows.push(row("difference", figure, [class.p_value, None, class.p_holm, class.p_bh]));
    }
    rows
}
