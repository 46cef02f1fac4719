//! The measures of every single month of the window.

use std::collections::BTreeMap;

use rayon::prelude::*;

use super::units::unified;
use crate::count::MonthCounts;
use crate::measure::{Code, Context, WHOLE, basis, measure};
use crate::month::Month;
use crate::stats::{Estimate, Figure, Marks};

pub(super) type Scope<'a> = (&'a [Month], &'a [u32], &'a [Vec<u32>]);

pub(super) fn monthly(
    context: &Context<'_>,
    months: &BTreeMap<Month, MonthCounts>,
    (window, departments, units): Scope<'_>,
) -> BTreeMap<(Code, u32, Month), Figure> {
    let (assessed, others): (Vec<Code>, Vec<Code>) =
        Code::all(context).into_iter().partition(Code::is_of_assessments);
    let everyone: Vec<u32> = departments.iter().copied().chain([WHOLE]).collect();
    let one = |(month, counts): (Month, MonthCounts)| {
        let pairs = everyone.iter().flat_map(|&department| others.iter().map(move |code| (code, department)));
        let figures: Vec<((Code, u32, Month), Figure)> = pairs
            .map(|(code, department)| {
                ((code.clone(), department, month), measure(context, &counts, code, department, month))
            })
            .collect();
        // Of the rest of a month nothing is kept: it would be held for every month of the window.
        let MonthCounts { assessments, totals, .. } = counts;
        (figures, (month, MonthCounts { assessments, totals, ..MonthCounts::default() }))
    };
    let unified = |month: &Month| Some((*month, unified(context.project, months.get(month)?, units)));
    let (figures, persons): (Vec<_>, Vec<_>) = window.par_iter().filter_map(unified).map(one).unzip();
    let about_persons = everyone
        .par_iter()
        .map(|&department| carried(context, &persons, &assessed, department))
        .collect::<Vec<_>>();
    figures.into_iter().chain(about_persons).flatten().collect()
}

/// Measures of assessments, computed once for as long as the ratings behind them stay the same.
pub(super) fn carried(
    context: &Context<'_>,
    months: &[(Month, MonthCounts)],
    codes: &[Code],
    department: u32,
) -> Vec<((Code, u32, Month), Figure)> {
    let mut figures = Vec::new();
    let mut last: Option<(Vec<_>, Vec<Figure>)> = None;
    for (month, counts) in months {
        let now = basis(counts, department, *month);
        let is_same = last.as_ref().is_some_and(|(before, _)| *before == now && !now.is_empty());
        let quarter = crate::measure::latest_quarter(counts, department, *month);
        let fresh: Vec<Figure> = match &last {
            Some((_, figures)) if is_same => figures.clone(),
            _ => codes.iter().map(|code| measure(context, counts, code, department, *month)).collect(),
        };
        for (code, figure) in codes.iter().zip(&fresh) {
            let is_carried = quarter.is_some_and(|quarter| quarter < month.quarter());
            let mark = |one: Estimate| Estimate { marks: Marks { carried: is_carried, ..one.marks }, ..one };
            figures.push(((code.clone(), department, *month), figure.map(mark)));
        }
        last = Some((now, fresh));
    }
    figures
}
