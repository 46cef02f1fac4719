//! What the charts of shares and rates share: reading counts, and the conventions of qcc.

use super::control_chart::{QICHARTS, Style, charts};
use super::series::{check, counted, sums};
use super::{Answer, Fault, Request, Setting, optional, preset, required};
use crate::stats::attributes::{Counted, attributes};

/// Option: numerator of a share.
pub(super) const KEPT: Setting = required(
    "kept",
    "column with the count (kept, breached ...) of a row, or 1 and 0 for single cases; rows of a period are added up",
);
/// Option: numerator of a rate.
pub(super) const EVENTS: Setting =
    required("kept", "column with the number of events of a row; rows of a period are added up");
/// Option: denominator.
pub(super) const N: Setting =
    optional("n", "column with the number of cases (or area of opportunity) of a row; 1 without it");
/// Option: whose names.
pub(super) const CONVENTION: Setting = preset(
    "convention",
    "concord (names of qicharts2), or qcc: center, sd, beyond_limits, and violating_run from the 7th point of a run on",
    "concord",
);

/// Draws charts of shares or rates, with Laney's widening where asked for.
pub(super) fn attribute_charts(
    request: &Request<'_>,
    counting: Counted,
    laney: bool,
) -> Result<Answer, Fault> {
    let (counts, numbers) = counted(request, "kept")?;
    check(&counts, &numbers, counting == Counted::Share)?;
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
        |slot| Ok(sums(slot, &counts, &numbers).filter(|&(_, n)| n > 0.0)),
        |counts, phases| Ok(attributes(counts, phases, (counting, laney))),
    )
}
