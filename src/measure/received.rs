//! Measures of what departments were promised by others: the same cases as those of the promises, seen by those they were promised to.

use super::commitments::importance_weighted;
use super::{Code, Context};
use crate::count::{MonthCounts, ReceivedCounts, ReceivedKey};
use crate::month::Month;
use crate::project::{PromisedTo, Status};
use crate::stats::proportion::wilson;
use crate::stats::{Figure, Reason};

/// Computes a measure of what a department was promised.
pub(super) fn measure(
    context: &Context<'_>,
    counts: &MonthCounts,
    code: &Code,
    department: u32,
    month: Month,
) -> Figure {
    match code {
        Code::ReceivedScore => importance_weighted(context, |(position, commitment)| {
            let is_rated = commitment.promised_to == PromisedTo::Department
                && commitment.status_in(month) == Status::Announced;
            if is_rated { share(counts, position, department) } else { Err(Reason::NotApplicable) }
        }),
        Code::Received(code) => {
            let position = context.project.commitment(code).and_then(|index| u32::try_from(index).ok());
            share(counts, position.ok_or(Reason::NotMeasured)?, department)
        }
        _ => Err(Reason::NotApplicable),
    }
}

/// Returns the share kept of the judged cases that a commitment promised to `customer`, by whichever department.
///
/// Wilson's interval. Undefined: a gap where nothing was promised, too few where nothing was judged.
fn share(counts: &MonthCounts, commitment: u32, customer: u32) -> Figure {
    let own = counts
        .commitments
        .received
        .range(ReceivedKey::first(customer, commitment)..)
        .take_while(|(key, _)| (key.customer, key.commitment) == (customer, commitment));
    let mut all: Option<ReceivedCounts> = None;
    own.for_each(|(_, counts)| all.get_or_insert_default().merge(counts));
    let all = all.ok_or(Reason::Gap)?;
    let n = (all.kept + all.breached) as f64;
    wilson(all.kept as f64, n, n)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::month::Day;
    use crate::project::sample::project;

    fn counts(rows: &[(u32, u32, u32, i32, ReceivedCounts)]) -> MonthCounts {
        let mut counts = MonthCounts::default();
        for &(customer, commitment, department, day, received) in rows {
            let key = ReceivedKey { customer, commitment, department, day: Day(day) };
            counts.commitments.received.insert(key, received);
        }
        counts
    }

    #[test]
    fn what_was_promised_to_a_department_counts_whoever_promised_it() {
        let of = |kept, breached, open, void| ReceivedCounts { kept, breached, open, void };
        let counts = counts(&[
            (1, 0, 0, 20_000, of(3, 1, 0, 0)),
            (1, 0, 2, 20_001, of(5, 0, 4, 1)),
            (1, 1, 0, 20_000, of(1, 1, 0, 0)),
            (2, 0, 0, 20_000, of(0, 9, 0, 0)),
            (0, 0, 1, 20_000, of(0, 0, 2, 1)),
        ]);
        let mut project = project();
        project.commitments.iter_mut().for_each(|one| one.promised_to = PromisedTo::Department);
        let context = Context::new(&project, Default::default());
        let measure = |code: &str, department| {
            measure(&context, &counts, &Code::parse(code).unwrap(), department, Month::new(2026, 1))
                .map(|one| (one.value, one.n))
        };
        assert_eq!(measure("received:calls", 1), Ok((8.0 / 9.0, 9)));
        assert_eq!(measure("received:calls", 0), Err(Reason::TooFew));
        assert_eq!(measure("received:letters", 2), Err(Reason::Gap));
        // Calls weigh 3, letters 1 as both are announced.
        let (score, n) = measure("received_score", 1).unwrap();
        assert!((score - 100.0 * (3.0 * 8.0 / 9.0 + 0.5) / 4.0).abs() < 1e-12 && n == 11);
        assert_eq!(measure("received_score", 3), Err(Reason::Gap));
    }
}
