//! Relations: the questions of `relations.toml` -> correlations over departments and periods, differences between classes of contacts.
//!
//! In: the counts of the window. Out: one [`Told`] per question, p values adjusted over all that was asked. Deliberately absent: pooled
//! correlations, which mix what differs within departments with what differs between them; anything that was not asked in advance.
//!
//! | module | holds |
//! |---|---|
//! | `cells` | both measures of each department and period |
//! | `panel` | correlations within and between departments, reliabilities |
//! | `answers` | what is told of an answer, and its sums by class and server |
//! | `contact` | means of classes of contacts and their differences, clustered by server |
//! | `priorities` | what is missing in a competency times what a level of it goes with |
//! | `remedy` | remedied breaches against those that were not, among breaches that compare |

mod cells;
mod panel;
mod answers;
mod contact;
#[cfg(test)]
mod tests;
mod remedy;
mod priorities;

use rayon::prelude::*;

pub use contact::{ClassMean, ContactTold};
pub use panel::{Coefficient, PanelTold};
pub use priorities::{Priority, priorities};
pub use remedy::{RemedyTold, remedy_contrast};

use crate::count::MonthCounts;
use crate::measure::Context;
use crate::month::Month;
use crate::project::{Grain, Method, Relation};
use crate::stats::Reason;
use crate::stats::adjust::Adjustment::{BenjaminiHochberg, Holm};
use cells::{Periods, Sides};

/// What is told about one relation.
#[derive(Debug, Clone, PartialEq)]
pub struct Told {
    /// Code of the relation.
    pub code: String,
    /// The grain that was asked.
    pub grain: Grain,
    /// The coefficient that was asked; differences between contacts have none.
    pub method: Method,
    /// Code of the first measure; for contacts `outcome` or `level:COMPETENCY`.
    pub x: String,
    /// Code of the second measure.
    pub y: String,
    /// By how many periods the first measure comes before the second; negative where it comes after.
    pub lag: i32,
    /// The answer.
    pub related: Related,
}

/// The answer to a relation.
#[derive(Debug, Clone, PartialEq)]
pub enum Related {
    /// Correlations over departments and periods.
    Panel(Box<PanelTold>),
    /// Differences between single contacts, or the reason why there are none: not measured, or a gap without any linked answer.
    Contact(Result<ContactTold, Reason>),
}

/// Answers every relation of the project at each of its lags, in the order of the register, from `months`, which end with `reported`.
///
/// p values are adjusted over families: within departments and between them, each in the same period and with a lag, and contrasts of
/// contacts. What is undefined is no test. Years reach back as far as `months` do, everything else as far as the window, which begins with
/// `first`.
pub fn relate(
    context: &Context<'_>,
    months: Vec<(Month, &MonthCounts)>,
    (first, reported): (Month, Month),
) -> Vec<Told> {
    let relations = &context.project.relations;
    let grains = relations.iter().map(cells::grain).collect();
    let periods = Periods::new(months, (first, reported, context.project.time.to), &grains);
    let told = relations.par_iter().flat_map(|relation| tell(context, &periods, relation, reported));
    let mut told: Vec<Told> = told.collect();
    adjust_all(&mut told);
    told
}

fn tell(context: &Context<'_>, periods: &Periods<'_>, relation: &Relation, reported: Month) -> Vec<Told> {
    let told = |lag: i32, related: Related| Told {
        code: relation.code.clone(),
        grain: relation.grain,
        method: relation.method,
        x: relation.x.clone(),
        y: relation.y.clone(),
        lag,
        related,
    };
    if relation.grain == Grain::Contact {
        return vec![told(
            0,
            Related::Contact(contact::contact(context, periods.months(), relation, reported)),
        )];
    }
    let sides = Sides::new(context, periods, relation);
    let grain = cells::grain(relation);
    let at = |&lag: &i32| {
        // A relation without a lag keeps the random streams that its code alone names.
        let name = if lag == 0 { relation.code.clone() } else { format!("{}:{lag}", relation.code) };
        let words = [context.project.name.as_str(), &reported.to_string(), &name];
        let cells = sides.cells(lag);
        told(lag, Related::Panel(Box::new(panel::panel(cells.as_deref(), grain, relation.method, words))))
    };
    relation.lags.iter().map(at).collect()
}

/// A p value and the places for the adjusted ones.
type Test<'t> = (Option<f64>, &'t mut Option<f64>, &'t mut Option<f64>);

fn adjust_all(told: &mut [Told]) {
    let (mut within, mut between): ([Vec<Test<'_>>; 2], [Vec<Test<'_>>; 2]) = Default::default();
    let mut contrasts: Vec<Test<'_>> = Vec::new();
    for one in told {
        match &mut one.related {
            Related::Panel(panel) => {
                let family = usize::from(one.lag != 0);
                within[family].extend(panel.within.as_mut().ok().map(Coefficient::test));
                between[family].extend(panel.between.as_mut().ok().map(Coefficient::test));
            }
            Related::Contact(Ok(contact)) => {
                contrasts.extend(contact.classes.iter_mut().map(ClassMean::test))
            }
            Related::Contact(Err(_)) => {}
        }
    }
    within.into_iter().chain(between).chain([contrasts]).for_each(adjust);
}

fn adjust(family: Vec<Test<'_>>) {
    let p_values: Vec<Option<f64>> = family.iter().map(|test| test.0).collect();
    let adjusted = Holm.adjust(&p_values).into_iter().zip(BenjaminiHochberg.adjust(&p_values));
    for ((_, p_holm, p_bh), (holm, bh)) in family.into_iter().zip(adjusted) {
        (*p_holm, *p_bh) = (holm, bh);
    }
}
