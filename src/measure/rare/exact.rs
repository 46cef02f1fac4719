//! Exact tests of breaches that are rare: against the target, and against the department's own past.

use super::{Rare, Series, WINDOWS, sum};
use crate::month::Month;
use crate::project::Commitment;
use crate::stats::adjust::Adjustment::Holm;
use crate::stats::discrete::binomial_upper;
use crate::stats::fisher::fisher_greater;

/// An alarm needs a p below this, so that one cell seldom rings over the months, …
pub(super) const LEVEL: f64 = 0.001;
/// … and below this after Holm over all tests of the month, so that few reports ring by chance.
const FAMILY_LEVEL: f64 = 0.05;

/// One exact test, one-sided, the most surprising of the windows.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Test {
    /// Months of the window.
    pub months: i32,
    /// Cases judged in the window as far as they are comparable, and breaches among them.
    pub recent: (u64, u64),
    /// The same of the time before; nothing for the test against the target.
    pub before: Option<(u64, u64)>,
    /// p value, times the number of windows tried.
    pub p_value: f64,
    /// The p value after Holm over all tests of the month.
    pub p_holm: f64,
}

impl Test {
    /// Says whether breaches are more than chance explains: p below .001, and below .05 after Holm over all tests of the month.
    pub fn is_alarm(&self) -> bool {
        self.p_value < LEVEL && self.p_holm < FAMILY_LEVEL
    }
}

/// One promise of one department, as it is tested.
pub(super) struct Judged<'a> {
    pub(super) one: &'a Commitment,
    pub(super) series: &'a Series,
    pub(super) month: Month,
    pub(super) targets: &'a dyn Fn(Month) -> Option<f64>,
}

impl Judged<'_> {
    pub(super) fn window(&self, months: i32) -> (u64, u64) {
        sum(self.series.range(self.month.plus(1 - months)..=self.month))
    }

    /// Says whether a month had the limit of the reported one from its first day on.
    fn is_comparable(&self, month: Month) -> bool {
        let limit = |month: Month| self.one.limit_at(month.first_day()).and_then(|limit| limit.limit);
        limit(month) == limit(self.month)
    }

    /// Cases of the last `months` that are comparable and fit `keep`.
    fn recent(&self, months: i32, keep: impl Fn(Month) -> bool) -> (u64, u64) {
        let own = self.series.range(self.month.plus(1 - months)..=self.month);
        sum(own.filter(|(month, _)| self.is_comparable(**month) && keep(**month)))
    }

    pub(super) fn against_target(&self) -> Option<Test> {
        let target = (self.targets)(self.month).filter(|target| *target < 1.0)?;
        most_surprising(|months| {
            let recent = self.recent(months, |month| (self.targets)(month) == Some(target));
            (recent.0 > 0).then(|| (recent, None, binomial_upper(recent.1, recent.0, 1.0 - target)))
        })
    }

    pub(super) fn against_past(&self) -> Option<Test> {
        most_surprising(|months| {
            let recent = self.recent(months, |_| true);
            let past = self.series.range(..self.month.plus(1 - months));
            let before = sum(past.filter(|(month, _)| self.is_comparable(**month)));
            if recent.0 == 0 || before.0 == 0 {
                return None;
            }
            let table = [[recent.1, recent.0 - recent.1], [before.1, before.0 - before.1]];
            // Without any breach there is nothing to be surprised at.
            let p = if recent.1 == 0 { 1.0 } else { fisher_greater(table).ok()? };
            Some((recent, Some(before), p))
        })
    }
}

type Tried = ((u64, u64), Option<(u64, u64)>, f64);

/// Tries every window and returns the one with the smallest p, times the number of windows.
fn most_surprising(tried: impl Fn(i32) -> Option<Tried>) -> Option<Test> {
    let tests: Vec<(i32, Tried)> =
        WINDOWS.into_iter().filter_map(|months| Some((months, tried(months)?))).collect();
    let times = tests.len() as f64;
    let least = tests.into_iter().min_by(|a, b| a.1.2.total_cmp(&b.1.2));
    least.map(|(months, (recent, before, p))| {
        let p_value = (p * times).min(1.0);
        Test { months, recent, before, p_value, p_holm: p_value }
    })
}

/// Adjusts the p values of all tests of the month.
pub(super) fn adjust(all: &mut [Rare]) {
    let cells = all.iter_mut().flat_map(|one| &mut one.cells);
    let tests = cells.flat_map(|cell| cell.against_target.iter_mut().chain(&mut cell.against_past));
    let mut tests: Vec<&mut Test> = tests.collect();
    let p_values: Vec<Option<f64>> = tests.iter().map(|test| Some(test.p_value)).collect();
    for (test, p) in tests.iter_mut().zip(Holm.adjust(&p_values)) {
        test.p_holm = p.unwrap_or(1.0);
    }
}
