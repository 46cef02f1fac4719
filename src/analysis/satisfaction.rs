//! What the customers' answers say beside means: segments, layers, priorities, spread.

use std::collections::BTreeMap;
use std::path::Path;

use super::stored::segments;
use crate::check::Registers;
use crate::count::MonthCounts;
use crate::error::Result;
use crate::measure::{
    Code, Context, Contrasts, Cut, Expectation, Layers, Priority, Spread, contrasts, cuts, expectations,
    layers, priorities, spreads,
};
use crate::month::Month;
use crate::stats::Figure;

/// Segments, layers, priorities and spread over the rolling window, by department.
#[derive(Debug, Clone, Default)]
pub struct Satisfaction {
    /// The satisfaction index by segment of each cut.
    pub cuts: Vec<Cut>,
    /// Which service layers are reached; empty for a project whose items have none.
    pub layers: Vec<Layers>,
    /// Importance minus satisfaction of the items; empty without an importance survey.
    pub priorities: BTreeMap<u32, Vec<Priority>>,
    /// What was perceived against what was expected.
    pub expectations: Vec<Expectation>,
    /// What a dimension costs below the middle of its scale and gains above it; nothing without an overall judgement.
    pub contrasts: Option<Contrasts>,
    /// Spread of the index, dimensions and items, and of the index from month to month.
    pub spreads: Vec<Spread>,
}

/// All months, the rolling window added up over departments and units, figures of single months.
type Counted<'a> =
    (&'a BTreeMap<Month, MonthCounts>, &'a MonthCounts, &'a BTreeMap<(Code, u32, Month), Figure>);

impl Satisfaction {
    /// Computes it for the departments and units of `everyone` over the rolling window that ends with `month`; `folder` holds the store.
    ///
    /// Errors: the store is damaged.
    pub(super) fn new(
        context: &Context<'_>,
        folder: &Path,
        (months, rolled, monthly): Counted<'_>,
        (everyone, month): (&[u32], Month),
    ) -> Result<Self> {
        let first = month.plus(1 - context.project.rating.window_months);
        Ok(Self {
            cuts: by_segment(context, folder, (first, month))?,
            layers: layers(context, rolled, everyone, month),
            priorities: priorities(context, (months, rolled), everyone, month),
            expectations: expectations(context, rolled, everyone),
            contrasts: contrasts(context, rolled, (first, month)),
            spreads: spreads(context, (rolled, monthly), everyone, (first, month)),
        })
    }
}

/// Tells the index by segment over the window from `first` to `month`, and what the mix of segments did since the window before it.
fn by_segment(context: &Context<'_>, folder: &Path, (first, month): (Month, Month)) -> Result<Vec<Cut>> {
    let Some(layout) = context.client().filter(|_| !context.project.cuts.is_empty()) else {
        return Ok(Vec::new());
    };
    let registers = Registers::new(context.project);
    let start = first.plus(first.0 - month.0 - 1);
    let before = segments(&registers, layout, folder, (start, first.plus(-1)))?;
    let now = segments(&registers, layout, folder, (first, month))?;
    Ok(cuts(context, (&before, &now), (start, month)))
}
