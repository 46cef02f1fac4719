//! Measures of the promises.

use super::remedies::in_time;
use super::{Code, Context};
use crate::count::{Cell, Measured, MonthCounts, OutcomeCounts};
use crate::measure::code::Kept;
use crate::month::{Day, Month};
use crate::project::{Commitment, Status};
use crate::stats::distribution::Z_975;
use crate::stats::proportion::wilson;
use crate::stats::quantile::quantile;
use crate::stats::{Estimate, Figure, Marks, Reason};

/// Computes a measure of the promises.
pub(super) fn measure(
    context: &Context<'_>,
    counts: &MonthCounts,
    code: &Code,
    department: u32,
    month: Month,
) -> Figure {
    match code {
        Code::CommitmentScore => {
            importance_weighted(context, |promise| rated(counts, promise, department, month))
        }
        Code::Commitment(kept, code) => {
            let commitment = context
                .project
                .commitment(code)
                .and_then(|index| u32::try_from(index).ok())
                .ok_or(Reason::NotMeasured)?;
            one(context, counts, (*kept, commitment), department)
        }
        _ => Err(Reason::NotApplicable),
    }
}

/// Returns the outcomes of one promise of a department.
pub fn judged(counts: &MonthCounts, commitment: u32, department: u32) -> Option<OutcomeCounts> {
    counts.commitments.outcomes.get(&(Cell::whole(department), commitment)).copied()
}

/// Returns the share kept of one promise of a department.
pub(super) fn kept_share(
    context: &Context<'_>,
    counts: &MonthCounts,
    commitment: u32,
    department: u32,
) -> Figure {
    one(context, counts, (Kept::Share, commitment), department)
}

fn one(
    context: &Context<'_>,
    counts: &MonthCounts,
    (kept, commitment): (Kept, u32),
    department: u32,
) -> Figure {
    let Some(outcomes) = judged(counts, commitment, department) else {
        let code = &context.project.commitments[commitment as usize].code;
        return if kept == Kept::Share { published(counts, code, department) } else { Err(Reason::Gap) };
    };
    let n = outcomes.judged();
    let share = |k: u64| wilson(k as f64, n as f64, n as f64);
    match kept {
        Kept::Share => share(outcomes.kept),
        Kept::Remedied => share(outcomes.breached_remedied),
        Kept::Unremedied => share(outcomes.breached_unremedied),
        // All cases are counted: a number of breaches is a fact, not an estimate.
        Kept::Breaches | Kept::Beyond | Kept::Excused if n == 0 => Err(Reason::TooFew),
        Kept::Breaches | Kept::Beyond => Ok(fact(outcomes.breached() as f64, n)),
        Kept::Excused => Ok(fact(outcomes.excused as f64, outcomes.breached())),
        Kept::Open => Ok(fact(outcomes.open as f64, n + outcomes.open + outcomes.void)),
        Kept::Void => Ok(fact(outcomes.void as f64, n + outcomes.open + outcomes.void)),
        Kept::DueDiffers => Ok(fact(outcomes.due_differs as f64, n + outcomes.open + outcomes.void)),
        Kept::RemediedShare => {
            let breached = outcomes.breached() as f64;
            wilson(outcomes.breached_remedied as f64, breached, breached)
        }
        Kept::InTime => in_time(counts, commitment, department),
        Kept::OrExcused => share(outcomes.kept + outcomes.excused),
        Kept::Median => duration(counts, commitment, department, 0.5),
        Kept::NinetiethPercentile => duration(counts, commitment, department, 0.9),
    }
}

pub(super) fn fact(value: f64, n: u64) -> Estimate {
    Estimate {
        value,
        std_error: None,
        lower: None,
        upper: None,
        n,
        n_effective: n as f64,
        marks: Marks::default(),
    }
}

fn duration(counts: &MonthCounts, commitment: u32, department: u32, p: f64) -> Figure {
    let distribution = counts
        .commitments
        .distributions
        .get(&(department, commitment, Measured::Duration))
        .ok_or(Reason::NotMeasured)?;
    let values: Vec<(i64, u64)> = distribution.counts.iter().map(|(&value, &n)| (value, n)).collect();
    let estimate = quantile(&values, p)?;
    Ok(Estimate { marks: Marks { approximate: distribution.binned, ..estimate.marks }, ..estimate })
}

/// A share as it was published: kept = round(share · n).
fn published(counts: &MonthCounts, code: &str, department: u32) -> Figure {
    let total = counts.totals.get(&(department, format!("kept:{code}"))).ok_or(Reason::Gap)?;
    let marks = Marks { derived: true, ..Marks::default() };
    match total.n {
        Some(n) if n > 0 => {
            let k = (total.value * n as f64).round();
            Ok(Estimate { value: total.value, marks, ..wilson(k, n as f64, n as f64)? })
        }
        _ => Ok(Estimate { marks, ..fact(total.value, 0) }),
    }
}

/// Share kept of the cases that are rated.
fn rated(
    counts: &MonthCounts,
    (position, commitment): (u32, &Commitment),
    department: u32,
    month: Month,
) -> Figure {
    match judged(counts, position, department).map(|outcomes| outcomes.rated()) {
        Some(own) => wilson(own.kept as f64, own.judged() as f64, own.judged() as f64),
        None if commitment.status_in(month) == Status::Announced => {
            published(counts, &commitment.code, department)
        }
        None => Err(Reason::NotMeasured),
    }
}

/// Returns the importance-weighted mean of kept shares, `share` of each commitment, in points, never pooled over cases, so that 1200 calls do not drown 6 complaints.
///
/// score = Σ g·p / Σ g over the promises with a judged case that began while they were announced. The interval recovers each share's own Wilson interval (MOVER,
/// Zou & Donner 2008): lower = score − √Σ(g(p − l))², upper likewise.
pub(super) fn importance_weighted(
    context: &Context<'_>,
    share: impl Fn((u32, &Commitment)) -> Figure,
) -> Figure {
    let (mut total, mut weight, mut below, mut above, mut n) = (0.0, 0.0, 0.0, 0.0, 0);
    let mut marks = Marks::default();
    for (position, commitment) in (0..).zip(&context.project.commitments) {
        let Ok(share) = share((position, commitment)) else { continue };
        let (Some(lower), Some(upper)) = (share.lower, share.upper) else { continue };
        let g = commitment.importance;
        total += g * share.value;
        weight += g;
        below += (g * (share.value - lower)).powi(2);
        above += (g * (upper - share.value)).powi(2);
        n += share.n;
        marks.derived |= share.marks.derived;
    }
    if weight <= 0.0 {
        return Err(Reason::Gap);
    }
    let (value, below, above) =
        (100.0 * total / weight, 100.0 * below.sqrt() / weight, 100.0 * above.sqrt() / weight);
    let std_error = Some((below + above) / (2.0 * Z_975));
    Ok(Estimate {
        value,
        std_error,
        lower: Some(value - below),
        upper: Some(value + above),
        n,
        n_effective: n as f64,
        marks,
    })
}

/// Returns how many cases were judged after the day of the last breach, and that day; all cases where there was none.
///
/// `months` must be in order of time.
pub fn cases_since_breach<'c>(
    months: impl DoubleEndedIterator<Item = &'c MonthCounts>,
    commitment: u32,
    department: u32,
) -> (u64, Option<Day>) {
    let mut since = 0;
    for counts in months.rev() {
        let days = counts
            .commitments
            .days
            .range((department, commitment, Day(i32::MIN))..=(department, commitment, Day(i32::MAX)));
        for (&(_, _, day), &(judged, breached)) in days.rev() {
            if breached > 0 {
                return (since, Some(day));
            }
            since += judged;
        }
    }
    (since, None)
}
