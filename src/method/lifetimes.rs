//! Cases with the time to their event, read from a table.

use super::counts::frequencies;
use super::grouped::{Groups, numbers};
use super::{Fault, Request, Setting, required};
use crate::stats::survival::Lifetime;

/// Times.
pub(super) const TIME: Setting = required("time", "column of the times to the event, or observed without it");
/// Events.
pub(super) const EVENT: Setting =
    required("event", "column that is 1 where the event came and 0 where the case is still open");

/// Returns the cases of every group, rows with a gap left out, and how many these are.
pub(super) fn cases(request: &Request<'_>, groups: &Groups) -> Result<(Vec<Vec<Lifetime>>, u64), Fault> {
    let (times, events, counts) =
        (numbers(request, "time")?, numbers(request, "event")?, frequencies(request)?);
    let mut cases = vec![Vec::new(); groups.names.len()];
    for (row, &count) in counts.iter().enumerate() {
        let (Some(time), Some(event), Some(group)) = (times[row], events[row], groups.of_row[row]) else {
            continue;
        };
        if time < 0.0 {
            let message = format!("there is a time of {time}");
            return Err(Fault::at(
                row,
                message,
                "times count from 0; was the case closed before it was opened?",
            ));
        }
        if !(event.abs() <= 0.0 || (event - 1.0).abs() <= 0.0) {
            return Err(Fault::at(
                row,
                format!("there is an event of {event}"),
                "events are 1, cases still open are 0",
            ));
        }
        cases[group].push(Lifetime { time, event: event > 0.5, count });
    }
    Ok((cases, groups.lost(&counts, |row| times[row].is_some() && events[row].is_some())))
}
