//! Service layers: core, additional, extra, beyond awareness. Which of them does a department reach?
//!
//! A layer has items and promises. It is reached when as many answers are satisfied, as few dissatisfied and as many promises kept as its
//! bars ask for; the department reaches it when all layers before it are reached, too: nobody is delighted over what must be there.
//! Each criterion is held against its interval, so that few answers say neither yes nor no.

use super::Context;
use super::commitments::{judged, kept_share};
use super::levels::levels;
use crate::count::{Cell, Layout, MonthCounts, Weighted};
use crate::month::Month;
use crate::project::{Item, ItemKind, LAYER_ORDER, LayerBar, PromisedTo, Status};
use crate::stats::proportion::wilson;
use crate::stats::{Estimate, Figure, Marks, Reason};

/// From how many points of 0 to 100 on an answer is satisfied: 4 of 1 to 5, 8 of 1 to 10.
const SATISFIED: f64 = 75.0;
/// Up to how many it is dissatisfied: 2 of 1 to 5, 3 of 1 to 10.
const DISSATISFIED: f64 = 25.0;

/// Whether something is reached.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Standing {
    /// Every criterion is met beyond chance.
    Reached,
    /// A criterion is missed beyond chance.
    NotReached,
    /// There are too few answers or cases to say.
    CannotTell,
}

impl Standing {
    /// Returns the code, as it stands in feeds.
    pub fn code(self) -> &'static str {
        match self {
            Self::Reached => "reached",
            Self::NotReached => "not_reached",
            Self::CannotTell => "cannot_tell",
        }
    }

    /// Adds a criterion that must hold as well.
    fn and(self, other: Self) -> Self {
        match (self, other) {
            (Self::NotReached, _) | (_, Self::NotReached) => Self::NotReached,
            (Self::CannotTell, _) | (_, Self::CannotTell) => Self::CannotTell,
            _ => Self::Reached,
        }
    }
}

/// One layer of a department.
#[derive(Debug, Clone, PartialEq)]
pub struct LayerTold {
    /// The layer.
    pub layer: &'static str,
    /// The bar in force.
    pub bar: LayerBar,
    /// Items of the layer that were answered.
    pub items: usize,
    /// Share of satisfied answers, mean over the items.
    pub satisfied: Figure,
    /// Share of dissatisfied answers, mean over the items.
    pub dissatisfied: Figure,
    /// Promises of the layer that were judged.
    pub commitments: usize,
    /// Share kept, mean over the promises by importance; not applicable without such promises.
    pub kept: Figure,
    /// Whether the layer by itself is reached.
    pub standing: Standing,
}

/// The layers of a department over the rolling window.
#[derive(Debug, Clone, PartialEq)]
pub struct Layers {
    /// Position of the department, or [`super::WHOLE`].
    pub department: u32,
    /// The layers that the project asks about, the first ones first.
    pub layers: Vec<LayerTold>,
    /// How many of them are reached, from the first on without a gap.
    pub reached: usize,
}

impl Layers {
    /// Says what is known of the first layer that is not reached; nothing where all are.
    pub fn next(&self) -> Option<&LayerTold> {
        self.layers.get(self.reached)
    }
}

/// Tells the layers of every department with answers; nothing for a project whose items have no layers.
pub fn layers(context: &Context<'_>, counts: &MonthCounts, departments: &[u32], month: Month) -> Vec<Layers> {
    let Some(layout) = context.client() else { return Vec::new() };
    let Some(survey) = counts.surveys.get("client") else { return Vec::new() };
    let told = |&department: &u32| {
        let row = survey.marginals.get(&Cell::whole(department))?;
        let of = |layer: &&'static str| one(context, (layout, row), (counts, department), (layer, month));
        let layers: Vec<LayerTold> = LAYER_ORDER.iter().filter_map(of).collect();
        let reached = layers.iter().take_while(|one| one.standing == Standing::Reached).count();
        (!layers.is_empty()).then_some(Layers { department, layers, reached })
    };
    departments.iter().filter_map(told).collect()
}

/// Tells one layer; nothing where no item of it is asked.
fn one(
    context: &Context<'_>,
    (layout, row): (&Layout, &[Weighted]),
    (counts, department): (&MonthCounts, u32),
    (layer, month): (&'static str, Month),
) -> Option<LayerTold> {
    let client = context.project.questionnaire("client")?;
    let is_asked = |item: &&Item| {
        item.layer.as_deref() == Some(layer) && item.kind == ItemKind::Satisfaction && item.is_asked_in(month)
    };
    let items: Vec<&Item> = client.items.iter().filter(is_asked).collect();
    if items.is_empty() {
        return None;
    }
    let bar = context.project.rating.layer_bar(layer, month)?.clone();
    let shares = |is_in: fn(f64) -> bool| -> Vec<Estimate> {
        let of = |item: &&Item| share(layout, row, layout.position(&item.code)?, is_in).ok();
        items.iter().filter_map(of).collect()
    };
    let least = context.project.privacy.min_answers;
    let (high, low) = (shares(|points| points >= SATISFIED), shares(|points| points <= DISSATISFIED));
    let (satisfied, dissatisfied) = (mean(&high, least), mean(&low, least));
    let (commitments, kept) = kept(context, (counts, department), (layer, month));
    let mut standing = at_least(&satisfied, bar.satisfied).and(at_most(&dissatisfied, bar.dissatisfied));
    if kept != Err(Reason::NotApplicable) {
        standing = standing.and(at_least(&kept, bar.kept));
    }
    Some(LayerTold { layer, bar, items: high.len(), satisfied, dissatisfied, commitments, kept, standing })
}

/// Returns the share of an item's answers whose value on 0 to 100 `is_in` takes, with Wilson's interval.
pub(super) fn share(layout: &Layout, row: &[Weighted], position: usize, is_in: fn(f64) -> bool) -> Figure {
    let variable = &layout.variables[position];
    let (mut inside, mut all) = (0i128, Weighted::default());
    for (level, count) in levels(layout, row, position) {
        all.merge(count);
        if is_in(variable.percent(level as f64)) {
            inside += count.w;
        }
    }
    if all.ww == 0 {
        return Err(Reason::TooFew);
    }
    let n_effective = all.w as f64 * all.w as f64 / all.ww as f64;
    Ok(Estimate { n: all.n, ..wilson(inside as f64, all.w as f64, n_effective)? })
}

/// Returns the mean of the items' shares. The same persons answered them, so that their errors may all point one way: the ends are the
/// means of the items' ends, which is never too narrow. Undefined: too few below `least` answers to an item, or without items.
pub(super) fn mean(shares: &[Estimate], least: u64) -> Figure {
    let n = shares.iter().map(|one| one.n).min().unwrap_or(0);
    if n < least.max(1) {
        return Err(Reason::TooFew);
    }
    let k = shares.len() as f64;
    let mean = |of: fn(&Estimate) -> f64| shares.iter().map(of).sum::<f64>() / k;
    Ok(Estimate {
        value: mean(|one| one.value),
        std_error: Some(mean(|one| one.std_error.unwrap_or(0.0))),
        lower: Some(mean(|one| one.lower.unwrap_or(one.value))),
        upper: Some(mean(|one| one.upper.unwrap_or(one.value))),
        n,
        n_effective: mean(|one| one.n_effective),
        marks: Marks::default(),
    })
}

/// Returns the number of the layer's promises to customers that were judged, and the mean of their kept shares by importance.
fn kept(
    context: &Context<'_>,
    (counts, department): (&MonthCounts, u32),
    (layer, month): (&str, Month),
) -> (usize, Figure) {
    let own = (0..).zip(&context.project.commitments).filter(|(_, promise)| {
        promise.layer.as_deref() == Some(layer)
            && promise.promised_to == PromisedTo::Customer
            && promise.status_in(month) == Status::Announced
    });
    let parts: Vec<(f64, Estimate)> = own
        .filter(|(position, _)| judged(counts, *position, department).is_some_and(|one| one.judged() > 0))
        .filter_map(|(position, promise)| {
            Some((promise.importance, kept_share(context, counts, position, department).ok()?))
        })
        .collect();
    let weight: f64 = parts.iter().map(|(importance, _)| importance).sum();
    if parts.is_empty() || weight <= 0.0 {
        return (0, Err(Reason::NotApplicable));
    }
    let value = parts.iter().map(|(importance, one)| importance * one.value).sum::<f64>() / weight;
    let variance =
        |(importance, one): &(f64, Estimate)| (importance / weight * one.std_error.unwrap_or(0.0)).powi(2);
    let std_error = parts.iter().map(variance).sum::<f64>().sqrt();
    let half = crate::stats::distribution::Z_975 * std_error;
    let estimate = Estimate {
        value,
        std_error: Some(std_error),
        lower: Some((value - half).max(0.0)),
        upper: Some((value + half).min(1.0)),
        n: parts.iter().map(|(_, one)| one.n).sum(),
        n_effective: parts.iter().map(|(_, one)| one.n_effective).sum(),
        marks: Marks::default(),
    };
    (parts.len(), Ok(estimate))
}

fn at_least(figure: &Figure, bar: f64) -> Standing {
    match figure.map(|one| (one.lower, one.upper)) {
        Ok((Some(lower), _)) if lower >= bar => Standing::Reached,
        Ok((_, Some(upper))) if upper < bar => Standing::NotReached,
        _ => Standing::CannotTell,
    }
}

fn at_most(figure: &Figure, bar: f64) -> Standing {
    match figure.map(|one| (one.lower, one.upper)) {
        Ok((_, Some(upper))) if upper <= bar => Standing::Reached,
        Ok((Some(lower), _)) if lower > bar => Standing::NotReached,
        _ => Standing::CannotTell,
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use super::*;
    use crate::count::{OutcomeCounts, SurveyCounts};
    use crate::project::Project;
    use crate::project::sample::changed;

    /// Item q02 is core; the one added here is extra; commitment `calls`, the first, is core.
    fn layered() -> Project {
        let extra = "[[client.items]]\ncode = \"plus\"\ntext = \"Plus\"\nscale = [1, 5]\nkind = \"satisfaction\"\nlayer = \"extra\"\n[[client.items]]\ncode = \"total\"\n";
        let mut project =
            changed("registers/questionnaires.toml", "[[client.items]]\ncode = \"total\"\n", extra);
        project.commitments[0].layer = Some("core".into());
        project
    }

    fn counts(layout: &Layout, items: [(&str, [u64; 5]); 2], (kept, broken): (u64, u64)) -> MonthCounts {
        let mut row = vec![Weighted::default(); layout.width];
        for (code, levels) in items {
            let start = layout.starts[layout.position(code).unwrap()];
            for (place, n) in levels.into_iter().enumerate() {
                row[start + place] = Weighted { n, w: i128::from(n), ww: i128::from(n) };
            }
        }
        let mut survey = SurveyCounts::default();
        survey.marginals.insert(Cell::whole(0), row);
        let mut counts =
            MonthCounts { surveys: [("client".to_owned(), survey)].into(), ..MonthCounts::default() };
        let outcomes = OutcomeCounts { kept, breached_unremedied: broken, ..OutcomeCounts::default() };
        counts.commitments.outcomes.insert((Cell::whole(0), 0), outcomes);
        counts
    }

    fn told(items: [(&str, [u64; 5]); 2], cases: (u64, u64)) -> Layers {
        let project = layered();
        let context = Context::new(&project, BTreeMap::new());
        let counts = counts(context.client().unwrap(), items, cases);
        layers(&context, &counts, &[0, 1], "2025-12".parse().unwrap()).remove(0)
    }

    const GOOD: [u64; 5] = [10, 20, 170, 400, 400];
    const BAD: [u64; 5] = [200, 200, 300, 200, 100];

    #[test]
    fn a_layer_counts_only_above_reached_ones() {
        let all = told([("q02", GOOD), ("plus", GOOD)], (950, 50));
        assert_eq!(
            (all.layers.iter().map(|one| one.layer).collect::<Vec<_>>(), all.reached),
            (vec!["core", "extra"], 2)
        );
        // statsmodels: proportion_confint(800, 1000, method="wilson").
        let satisfied = all.layers[0].satisfied.unwrap();
        assert!((satisfied.lower.unwrap() - 0.7740810353518655).abs() < 1e-9, "{satisfied:?}");
        assert!((all.layers[0].dissatisfied.unwrap().value - 0.03).abs() < 1e-12);
        assert!((all.layers[0].kept.unwrap().value - 0.95).abs() < 1e-12);
        assert_eq!(all.layers[1].kept, Err(Reason::NotApplicable));
        // The core fails at the bottom, and what is hoped for does not make up for it.
        let bottom = told([("q02", BAD), ("plus", GOOD)], (950, 50));
        assert_eq!(
            (bottom.layers[0].standing, bottom.layers[1].standing, bottom.reached),
            (Standing::NotReached, Standing::Reached, 0)
        );
        let broken = told([("q02", GOOD), ("plus", GOOD)], (700, 300));
        assert_eq!((broken.layers[0].standing, broken.reached), (Standing::NotReached, 0));
    }

    #[test]
    fn few_answers_say_neither_yes_nor_no() {
        let few = told([("q02", [0, 0, 1, 2, 2]), ("plus", [0, 0, 0, 0, 0])], (950, 50));
        assert_eq!(
            (few.layers[0].satisfied, few.layers[0].standing),
            (Err(Reason::TooFew), Standing::CannotTell)
        );
        assert_eq!((few.layers[1].items, few.layers[1].satisfied, few.reached), (0, Err(Reason::TooFew), 0));
        // Two of three with twenty answers: the bar of .60 lies inside the interval.
        let some = told([("q02", [0, 1, 6, 7, 6]), ("plus", GOOD)], (950, 50));
        assert_eq!((some.layers[0].standing, some.next().unwrap().layer), (Standing::CannotTell, "core"));
    }
}
