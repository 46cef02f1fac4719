//! Cases with the time to their event, read from a table.

use super::grouped::{Groups, frequencies, numbers};
use super::{Fault, Request, Setting, optional, required};
use crate::stats::survival::Lifetime;

/// Times.
pub(super) const TIME: Setting = required("time", "column of the times to the event, or observed without it");
/// Events.
pub(super) const EVENT: Setting =
    required("event", "column that is 1 where the event came and 0 where the case is still open");
/// How often a row counts.
pub(super) const FREQUENCY: Setting =
    optional("frequency", "column with the number of cases that a row stands for");

/// Returns the cases of every group, rows with a gap left out.
pub(super) fn cases(request: &Request<'_>, groups: &Groups) -> Result<Vec<Vec<Lifetime>>, Fault> {
    let (times, events) = (numbers(request, "time")?, numbers(request, "event")?);
    let mut cases = vec![Vec::new(); groups.names.len()];
    for (row, count) in frequencies(request)?.into_iter().enumerate() {
        let (Some(time), Some(event), Some(group)) = (times[row], events[row], groups.of_row[row]) else {
            continue;
        };
        if time < 0.0 {
            let message = format!("row {} has a time of {time}", row + 1);
            return Err(Fault::new(message, "times count from 0; was the case closed before it was opened?"));
        }
        if !(event.abs() <= 0.0 || (event - 1.0).abs() <= 0.0) {
            return Err(Fault::new(
                format!("row {} has an event of {event}", row + 1),
                "events are 1, cases still open are 0",
            ));
        }
        cases[group].push(Lifetime { time, event: event > 0.5, count });
    }
    Ok(cases)
}
