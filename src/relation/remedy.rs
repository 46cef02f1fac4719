//! What customers say after a remedied breach and after one that was not remedied: plainly, and among breaches that compare.
//!
//! A remedy is not given by lot: those who waited longest complain most and get one. So breaches of the same commitment, with a delay of the
//! same class, of customers of the same segment are compared with one another. Even so it is an association.

use std::collections::BTreeMap;

use super::answers::Value;
use crate::count::{BreachKey, FamilySums, Layout, LinkBy, MonthCounts, SurveyCounts};
use crate::measure::Context;
use crate::month::Month;
use crate::stats::Reason;
use crate::stats::cluster::Sums;
use crate::stats::moments::Moments;
use crate::stats::stratified::{Contrast, Part, Stratified, stratified_contrast};

/// Satisfaction index after remedied breaches minus that after the others, in points.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct RemedyTold {
    /// Of all answers after a breach.
    pub naive: Result<Contrast, Reason>,
    /// Among breaches of the same commitment, class of delay and segment.
    pub adjusted: Result<Contrast, Reason>,
}

/// A stratum's number, by what makes it one.
type Strata = BTreeMap<(u32, u8, u64), usize>;

/// Compares the answers of all months after breaches, by what the customers knew when they answered.
///
/// Undefined: not measured without an index, a gap without any answer after a breach.
pub fn remedy_contrast(
    context: &Context<'_>,
    months: &[(Month, &MonthCounts)],
    reported: Month,
) -> Result<RemedyTold, Reason> {
    let layout = context.client().ok_or(Reason::NotMeasured)?;
    let value = Value::find(context, layout, "satisfaction_index", reported).ok_or(Reason::NotMeasured)?;
    let surveys: Vec<&SurveyCounts> =
        months.iter().filter_map(|(_, counts)| counts.surveys.get("client")).collect();
    let mut strata = Strata::new();
    for key in surveys.iter().flat_map(|survey| survey.breaches.keys()) {
        let next = strata.len();
        strata.entry(alike(key)).or_insert(next);
    }
    if strata.is_empty() {
        return Err(Reason::Gap);
    }
    // The variance of the index is that over all answers, whatever the class.
    let variance = value.variance(layout, (&surveys, LinkBy::Outcome), 0);
    let contrast = |stratum: &dyn Fn(&BreachKey) -> usize| {
        let mut grouped = Grouped::default();
        for (key, sums) in surveys.iter().flat_map(|survey| &survey.breaches) {
            grouped.add((layout, &value), (key, stratum(key)), sums);
        }
        grouped.contrast(variance, value.scale)
    };
    Ok(RemedyTold { naive: contrast(&|_| 0), adjusted: contrast(&|key| strata[&alike(key)]) })
}

fn alike(key: &BreachKey) -> (u32, u8, u64) {
    (key.breach.commitment, key.breach.delay.0, key.segment)
}

/// Answers after breaches by server, stratum and whether the breach was remedied; a server who moved is one cluster.
#[derive(Default)]
struct Grouped {
    shared: BTreeMap<u32, BTreeMap<(usize, bool), Sums>>,
    singles: BTreeMap<(usize, bool), Moments>,
}

impl Grouped {
    /// Adds answers; what rounding takes from the coefficients of the index is far below a thousandth of a point.
    fn add(
        &mut self,
        (layout, value): (&Layout, &Value),
        (key, stratum): (&BreachKey, usize),
        sums: &FamilySums,
    ) {
        let place = (stratum, key.breach.remedied);
        match key.server {
            Some(server) => {
                let own = self.shared.entry(server).or_default().entry(place).or_default();
                let more = value.sums(layout, sums);
                *own = Sums { n: own.n + more.n, w: own.w + more.w, wx: own.wx + more.wx };
            }
            None => self.singles.entry(place).or_default().merge(&value.moments(layout, sums)),
        }
    }

    fn contrast(&self, variance: f64, scale: f64) -> Result<Contrast, Reason> {
        let part = |(&(stratum, first), &sums): (&(usize, bool), &Sums)| Part { stratum, first, sums };
        let shared: Vec<Vec<Part>> = self.shared.values().map(|own| own.iter().map(part).collect()).collect();
        stratified_contrast(&Stratified { shared: &shared, singles: &self.singles, variance, scale })
    }
}

#[cfg(test)]
mod tests {
    use std::cmp::Reverse;

    use super::*;
    use crate::link::Breach;
    use crate::project::sample::project;

    const MONTH: Month = Month(2026 * 12 + 9);

    /// Counts answers: (delay, remedied, server or none, level of every dimension).
    fn counts(context: &Context<'_>, rows: &[(u8, bool, Option<u32>, i32)]) -> MonthCounts {
        let k = context.client().unwrap().dimensions.len();
        let mut survey = SurveyCounts::default();
        for &(delay, remedied, server, level) in rows {
            let breach = Breach { delay: Reverse(delay), commitment: 0, remedied };
            let key = BreachKey { department: 0, breach, segment: 0, server };
            survey.breaches.entry(key).or_insert_with(|| FamilySums::new(k)).add(&vec![level; k], 1_000_000);
        }
        MonthCounts { surveys: [("client".to_owned(), survey)].into(), ..MonthCounts::default() }
    }

    #[test]
    fn a_longer_delay_hides_what_a_remedy_goes_with() {
        let project = project();
        let context = Context::new(&project, BTreeMap::new());
        // Short delays, answered high, are seldom remedied; within a delay a remedy goes with one level more.
        let short = |remedied, level| (1, remedied, None, level);
        let long = |remedied, level| (5, remedied, Some(u32::from(remedied)), level);
        let mut rows = vec![short(false, 4); 6];
        rows.extend([short(true, 5), short(true, 5), long(false, 1), long(false, 1)]);
        rows.extend([long(true, 2); 6]);
        let counts = counts(&context, &rows);
        let told = remedy_contrast(&context, &[(MONTH, &counts)], MONTH).unwrap();
        let value = |one: Result<Contrast, Reason>| one.unwrap().clustered.estimate.value;
        assert!(value(told.naive) < 0.0 && value(told.adjusted) > 0.0, "{told:?}");
        assert_eq!(told.adjusted.unwrap().n_strata, 2);
    }

    #[test]
    fn without_answers_after_breaches_there_is_a_gap() {
        let project = project();
        let context = Context::new(&project, BTreeMap::new());
        assert_eq!(remedy_contrast(&context, &[], MONTH), Err(Reason::Gap));
        let one = counts(&context, &[(1, true, None, 3)]);
        let told = remedy_contrast(&context, &[(MONTH, &one)], MONTH).unwrap();
        assert_eq!((told.naive, told.adjusted), (Err(Reason::TooFew), Err(Reason::TooFew)));
    }
}
