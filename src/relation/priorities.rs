//! What to develop first: how far people are from what their roles require, times what a level of it goes with in satisfaction.
//!
//! The effect is that of all contacts whose server's level is known, clustered by server; levels are not given to servers by lot, so that
//! it says what goes together and not what training would bring. Where a competency's level is not linked to answers, no effect is known.

use super::answers::{Grouped, Value};
use crate::count::{LinkBy, MonthCounts};
use crate::measure::{Assessed, Context, Required};
use crate::month::Month;
use crate::stats::cluster::Clustered;
use crate::stats::cluster_slope::clustered_slope;
use crate::stats::{Estimate, Figure, Reason};

/// The measure of satisfaction that effects are on.
const SATISFACTION: &str = "satisfaction_index";

/// One competency of a department as something to develop.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Priority {
    /// What is missing.
    pub required: Required,
    /// Points of the satisfaction index that one level more goes with; not measured where levels are not linked to answers.
    pub effect: Result<Clustered, Reason>,
    /// Missing levels times the effect, in points of the index; its error is that of both.
    pub points: Figure,
}

/// Returns the priorities of every department and the whole, in the order of the shortfalls.
pub fn priorities(
    context: &Context<'_>,
    months: &[(Month, &MonthCounts)],
    (assessed, reported): (&Assessed, Month),
) -> Vec<Priority> {
    let competencies = 0..context.project.competencies.len();
    let effect = |place: usize| {
        u32::try_from(place)
            .map_or(Err(Reason::NotMeasured), |place| effect(context, months, (place, reported)))
    };
    let effects: Vec<Result<Clustered, Reason>> = competencies.map(effect).collect();
    let of = |required: &Required| {
        let effect = effects[required.competency as usize];
        Priority {
            required: *required,
            effect,
            points: effect.and_then(|effect| points(required.missing, effect.estimate)),
        }
    };
    assessed.shortfall.iter().map(of).collect()
}

/// The slope of the satisfaction index over the server's levels of a competency.
fn effect(
    context: &Context<'_>,
    months: &[(Month, &MonthCounts)],
    (competency, reported): (u32, Month),
) -> Result<Clustered, Reason> {
    let layout =
        context.client().filter(|_| context.competencies.contains(&competency)).ok_or(Reason::NotMeasured)?;
    let value = Value::find(context, layout, SATISFACTION, reported).ok_or(Reason::NotMeasured)?;
    let grouped = Grouped::new(layout, months, &value, LinkBy::Level(competency));
    if grouped.classes.is_empty() {
        return Err(Reason::Gap);
    }
    let levels: Vec<f64> = grouped.classes.iter().map(|&level| f64::from(level)).collect();
    clustered_slope(grouped.clusters().shared, &levels, value.scale)
}

/// The product of two independent figures, its variance to the first order.
fn points(missing: Figure, effect: Estimate) -> Figure {
    let missing = missing?;
    let error = |one: &Estimate| one.std_error.unwrap_or(0.0);
    let value = missing.value * effect.value;
    let std_error = libm::hypot(missing.value * error(&effect), effect.value * error(&missing));
    let half = crate::stats::distribution::Z_975 * std_error;
    let (lower, upper) = (Some(value - half), Some(value + half));
    Ok(Estimate { value, std_error: Some(std_error), lower, upper, ..missing })
}
