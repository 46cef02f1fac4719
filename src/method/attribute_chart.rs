//! What the charts of shares and rates share: reading counts, and the conventions of qcc.

use super::control_chart::{QICHARTS, Style, charts, with_common};
use super::series::{Series, check, counted, sums};
use super::{Answer, Fault, Request, Setting, optional, preset, required};
use crate::stats::attributes::{Counted, attributes};

/// Option: numerator of a share.
const KEPT: Setting = required(
    "kept",
    "column with the count (kept, breached ...) of a row, or 1 and 0 for single cases; rows of a period are added up",
);
/// Option: numerator of a rate.
const EVENTS: Setting =
    required("kept", "column with the number of events of a row; rows of a period are added up");
/// Option: denominator.
const N: Setting =
    optional("n", "column with the number of cases (or area of opportunity) of a row; 1 without it");
/// Option: whose names.
const CONVENTION: Setting = preset(
    "convention",
    "concord (names of qicharts2), or qcc: center, sd, beyond_limits, and violating_run from the 7th point of a run on",
    "concord",
);

/// The options of charts of shares.
pub(super) const OF_SHARES: &[Setting] = &with_common::<13>(&[KEPT, N, CONVENTION]);
/// The options of charts of rates.
pub(super) const OF_RATES: &[Setting] = &with_common::<13>(&[EVENTS, N, CONVENTION]);

/// Draws charts of shares or rates, with Laney's widening where asked for.
pub(super) fn attribute_charts(
    request: &Request<'_>,
    counting: Counted,
    laney: bool,
) -> Result<Answer, Fault> {
    let (counts, numbers) = counted(request, "kept")?;
    check(&counts, &numbers, counting == Counted::Share)?;
    let series = Series::of(request, |row| counts[row].is_some() && numbers[row].is_some())?;
    let is_qcc = request.word("convention", &["concord", "qcc"])? == Some("qcc");
    let style = match (is_qcc, counting) {
        (false, _) => QICHARTS,
        (true, Counted::Share) => {
            Style::qcc(|limits| (limits.center * (1.0 - limits.center)).max(0.0).sqrt())
        }
        (true, Counted::Rate) => Style::qcc(|limits| limits.center.max(0.0).sqrt()),
    };
    charts(
        request,
        &style,
        &series,
        |slot| Ok(sums(slot, &counts, &numbers).filter(|&(_, n)| n > 0.0)),
        |counts, phases| Ok(attributes(counts, phases, (counting, laney))),
    )
}
