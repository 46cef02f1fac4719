//! Counts of business results: published totals that add up over months and departments.

use std::collections::BTreeMap;

use crate::check::Total;
use crate::project::Project;

/// What stands before the code of a result in the name of a total.
pub const RESULT: &str = "result:";

/// Values are held in millionths of their unit.
pub const RESULT_SCALE: f64 = 1e6;

/// One result of one department.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct ResultCounts {
    /// Σ value in millionths.
    pub value: i128,
    /// Σ denominator; 0 for amounts by the month.
    pub denominator: u64,
    /// Months that it covers.
    pub months: u64,
}

impl ResultCounts {
    /// Adds other months of the same department.
    pub fn follow(&mut self, other: &Self) {
        self.value += other.value;
        self.denominator += other.denominator;
        self.months += other.months;
    }

    /// Adds another department of the same months: a unit covers the months that any of its departments does.
    pub fn join(&mut self, other: &Self) {
        self.value += other.value;
        self.denominator += other.denominator;
        self.months = self.months.max(other.months);
    }
}

/// Takes the results out of the totals of one month.
pub fn count_results<'t>(
    project: &Project,
    totals: impl Iterator<Item = &'t Total>,
) -> BTreeMap<(u32, u32), ResultCounts> {
    let count = |total: &Total| {
        let position = u32::try_from(project.result(total.variable.strip_prefix(RESULT)?)?).ok()?;
        let value = (total.value * RESULT_SCALE).round() as i128;
        let counts = ResultCounts { value, denominator: total.n.unwrap_or_default(), months: 1 };
        Some(((total.department, position), counts))
    };
    totals.filter_map(count).collect()
}
