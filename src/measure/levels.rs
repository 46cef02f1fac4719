//! What the counts per level say of one variable: its levels, their moments, their mean on 0 to 100.

use crate::count::{Layout, Weighted};
use crate::stats::moments::Moments;
use crate::stats::{Estimate, Figure};

/// Returns the levels of a variable that were answered, with their counts.
pub(super) fn levels<'a>(
    layout: &'a Layout,
    row: &'a [Weighted],
    position: usize,
) -> impl Iterator<Item = (i64, &'a Weighted)> {
    let variable = &layout.variables[position];
    let start = layout.starts[position];
    (0..variable.n_levels())
        .map(move |index| (variable.level(index), &row[start + index]))
        .filter(|(_, count)| count.n > 0)
}

/// Returns the moments of a variable's levels.
pub(super) fn moments(layout: &Layout, row: &[Weighted], position: usize) -> Moments {
    let mut moments = Moments::default();
    for (level, count) in levels(layout, row, position) {
        let x = i128::from(level);
        moments.n += count.n;
        moments.w += count.w;
        moments.ww += count.ww;
        moments.wx += count.w * x;
        moments.wxx += count.w * x * x;
        moments.wwx += count.ww * x;
        moments.wwxx += count.ww * x * x;
    }
    moments
}

/// Returns the mean of a variable on 0 to 100.
pub(super) fn item_mean(layout: &Layout, row: &[Weighted], position: usize) -> Figure {
    let variable = &layout.variables[position];
    let estimate = moments(layout, row, position).mean(1.0)?;
    let spread = 100.0 / (f64::from(variable.scale) * f64::from(variable.high - variable.low));
    Ok(Estimate {
        value: variable.percent(estimate.value),
        std_error: estimate.std_error.map(|error| error * spread),
        lower: estimate.lower.map(|end| variable.percent(end).max(0.0)),
        upper: estimate.upper.map(|end| variable.percent(end).min(100.0)),
        ..estimate
    })
}
