//! Measures of the questionnaires.
//!
//! The satisfaction index is Σ w·d over the family of dimension scores on 0 to 100, complete answers only, with stated-importance
//! weights w (Hill, Brierley & MacDougall): mean w'm and variance w'Sw/n from the family counts, so that new weights need no recount.

use std::collections::BTreeMap;

use super::levels::{item_mean, moments};
use super::published::Published;
use super::whole::{Asked, version};
use super::{Code, Context};
use crate::count::{Cell, FamilySums, Layout, MonthCounts, SurveyCounts, Weighted};
use crate::month::Month;
use crate::stats::family::Family;
use crate::stats::{Estimate, Figure, Reason};

/// Computes a measure of a questionnaire.
pub(super) fn measure(
    context: &Context<'_>,
    counts: &MonthCounts,
    code: &Code,
    department: u32,
    month: Month,
) -> Figure {
    let questionnaire = match code {
        Code::Index(questionnaire) => questionnaire.as_str(),
        Code::Staff(_) => "staff",
        _ => "client",
    };
    let layout = context.layouts.get(questionnaire).ok_or(Reason::NotMeasured)?;
    let published = Published { context, layout, counts, department };
    if published.is_all_there_is() {
        return published.measure(code, &weights(context, layout, month));
    }
    let survey = counts.surveys.get(questionnaire).ok_or(Reason::Gap)?;
    let row = survey.marginals.get(&Cell::whole(department)).ok_or(Reason::Gap)?;
    match code {
        Code::Index(_) => index(context, layout, survey, department, month),
        Code::NetPromoter | Code::TopTwo | Code::BottomTwo => {
            Asked::new(context, layout, (row, month), code)?.figure(code)
        }
        Code::Variable(code) | Code::Staff(code) => {
            item_mean(layout, row, layout.position(code).ok_or(Reason::NotMeasured)?)
        }
        _ => Err(Reason::NotApplicable),
    }
}

/// Returns the coefficients that turn means of dimension levels into the index: w·100/(scale·(high − low)), and what to add.
pub fn index_coefficients(layout: &Layout, weights: &[f64]) -> (Vec<f64>, f64) {
    let mut constant = 0.0;
    let mut coefficients = Vec::with_capacity(weights.len());
    for (&dimension, &weight) in layout.dimensions.iter().zip(weights) {
        let variable = &layout.variables[dimension];
        let range = f64::from(variable.high - variable.low);
        coefficients.push(weight * 100.0 / (f64::from(variable.scale) * range));
        constant -= weight * 100.0 * f64::from(variable.low) / range;
    }
    (coefficients, constant)
}

pub(super) fn weights(context: &Context<'_>, layout: &Layout, month: Month) -> Vec<f64> {
    let stated = (layout.questionnaire == "client").then(|| context.weights_at(month)).flatten();
    let k = layout.dimensions.len();
    // A questionnaire without an importance survey weighs its dimensions alike.
    stated.filter(|weights| weights.len() == k).map_or_else(|| vec![1.0 / k as f64; k], <[f64]>::to_vec)
}

fn index(
    context: &Context<'_>,
    layout: &Layout,
    survey: &SurveyCounts,
    department: u32,
    month: Month,
) -> Figure {
    // The family of all dimension scores stands first in every layout that has dimensions.
    let sums = survey.families.get(&(department, 0)).ok_or(Reason::TooFew)?;
    let (coefficients, constant) = index_coefficients(layout, &weights(context, layout, month));
    shift(family(sums).combination(&coefficients)?, constant)
}

/// Moves an estimate on 0 to 100.
pub(super) fn shift(estimate: Estimate, by: f64) -> Figure {
    Ok(Estimate {
        value: estimate.value + by,
        lower: estimate.lower.map(|end| (end + by).max(0.0)),
        upper: estimate.upper.map(|end| (end + by).min(100.0)),
        ..estimate
    })
}

/// Returns the sums as the statistics take them.
pub(crate) fn family(sums: &FamilySums) -> Family {
    Family {
        n: sums.count.n,
        w: sums.count.w,
        ww: sums.count.ww,
        wx: sums.wx.clone(),
        wxx: sums.wxy.clone(),
        wwx: sums.wwx.clone(),
        wwxx: sums.wwxy.clone(),
    }
}

/// Makes the weights of the client questionnaire's dimensions from the importance survey: an item's mean stated importance, summed per
/// dimension and normalised; each calendar year uses the last survey before it, the first years the first one.
pub fn index_weights(
    context: &Context<'_>,
    months: &BTreeMap<Month, &MonthCounts>,
) -> BTreeMap<i32, Vec<f64>> {
    let mut by_year: BTreeMap<i32, Vec<f64>> = BTreeMap::new();
    let (Some(layout), Some(client)) =
        (context.layouts.get("importance"), context.project.questionnaire("client"))
    else {
        return by_year;
    };
    let Some(importance) = context.project.questionnaire("importance") else { return by_year };
    for (month, counts) in months {
        let Some(survey) = counts.surveys.get("importance") else { continue };
        let mut row = vec![Weighted::default(); layout.width];
        for (_, own) in survey.marginals.iter().filter(|(cell, _)| cell.cut == 0) {
            row.iter_mut().zip(own).for_each(|(sum, own)| sum.merge(own));
        }
        let mut sums: BTreeMap<&str, f64> = BTreeMap::new();
        for item in &importance.items {
            let rated = client.items.iter().find(|one| Some(&one.code) == item.importance_of.as_ref());
            let dimension = rated.and_then(|one| one.dimension.as_deref());
            let mean = layout
                .position(&item.code)
                .and_then(|position| moments(layout, &row, position).mean(1.0).ok());
            if let (Some(dimension), Some(mean)) = (dimension, mean) {
                *sums.entry(dimension).or_default() += mean.value;
            }
        }
        let total: f64 = sums.values().sum();
        let weight = |code: &str| sums.get(code).copied().unwrap_or_default() / total;
        if total > 0.0 {
            let weights = client.dimensions.iter().map(|dimension| weight(&dimension.code)).collect();
            by_year.insert(month.year() + 1, weights);
        }
    }
    by_year
}

/// Returns the correlation, over single answers, of two client measures that share answers; 1 where it is not known, which makes no
/// interval too narrow when both count in the same direction.
pub fn shared_correlation(
    context: &Context<'_>,
    counts: &MonthCounts,
    (one, other): (&Code, &Code),
    department: u32,
    month: Month,
) -> f64 {
    let Some(layout) = context.client() else { return 1.0 };
    let Some(survey) = counts.surveys.get("client") else { return 1.0 };
    let side = |code: &Code| -> Option<(Option<usize>, f64)> {
        match code {
            Code::Index(_) | Code::PostStratified => Some((None, 1.0)),
            Code::NetPromoter | Code::TopTwo | Code::BottomTwo => {
                let asked = version(context, code, month)?;
                let sign = if *code == Code::BottomTwo { -1.0 } else { 1.0 };
                Some((layout.position(&asked.code), sign))
            }
            Code::Variable(code) => Some((layout.position(code), 1.0)),
            _ => None,
        }
    };
    let (Some((a, sign_a)), Some((b, sign_b))) = (side(one), side(other)) else { return 0.0 };
    let sign = sign_a * sign_b;
    let wanted = |members: &[usize]| {
        let holds = |variable: Option<usize>| match variable {
            Some(variable) => members.contains(&variable),
            None => layout.dimensions.iter().all(|dimension| members.contains(dimension)),
        };
        holds(a) && holds(b)
    };
    let Some(family_position) = layout.families.iter().position(|(_, members)| wanted(members)) else {
        return sign;
    };
    let Some(sums) = survey.families.get(&(department, family_position)) else { return sign };
    let members = &layout.families[family_position].1;
    let (coefficients, _) = index_coefficients(layout, &weights(context, layout, month));
    let vector = |variable: Option<usize>| -> Vec<f64> {
        let of = |member: &usize| match variable {
            Some(variable) => f64::from(u8::from(*member == variable)),
            None => layout
                .dimensions
                .iter()
                .position(|dimension| dimension == member)
                .map_or(0.0, |place| coefficients[place]),
        };
        members.iter().map(of).collect()
    };
    let Ok(covariance) = family(sums).covariance() else { return sign };
    let (a, b) = (vector(a), vector(b));
    let bilinear = |x: &[f64], y: &[f64]| -> f64 {
        (0..x.len()).map(|i| (0..y.len()).map(|j| x[i] * covariance.at(i, j) * y[j]).sum::<f64>()).sum()
    };
    let scale = (bilinear(&a, &a) * bilinear(&b, &b)).sqrt();
    if scale > 0.0 { sign * (bilinear(&a, &b) / scale).clamp(-1.0, 1.0) } else { sign }
}
