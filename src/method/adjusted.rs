//! p values adjusted over a family, as the option `adjust` asks.

use super::{Answer, Fault, Request};
use crate::stats::Reason;
use crate::stats::adjust::Adjustment;

/// What the option `adjust` can hold.
pub(super) const ADJUST: &str =
    "adjustments of the p values: bonferroni, holm, hochberg, hommel, bh, by; none";

/// Returns the adjustments that the option `adjust` names, with their names in quantities; none for `none`.
pub(super) fn adjustments(request: &Request<'_>) -> Result<Vec<(&'static str, Adjustment)>, Fault> {
    let known = |name: &&str| Adjustment::ALL.into_iter().find(|(own, _)| own.eq_ignore_ascii_case(name));
    let unknown = |name: &str| {
        Fault::new(
            format!("`--adjust {name}` is unknown"),
            "it can be bonferroni, holm, hochberg, hommel, bh, by, none",
        )
    };
    let names = request.list("adjust").into_iter().filter(|name| *name != "none");
    names.map(|name| known(&name).ok_or_else(|| unknown(name))).collect()
}

/// Adds the p values of a family after each adjustment, as `PREFIX_holm`; an undefined one keeps its reason and is no test.
pub(super) fn adjusted(
    answer: &mut Answer,
    adjustments: &[(&str, Adjustment)],
    prefix: &str,
    family: &[(&str, Result<f64, Reason>)],
) {
    let p_values: Vec<Option<f64>> = family.iter().map(|(_, p)| p.ok()).collect();
    for (name, how) in adjustments {
        for ((element, plain), p) in family.iter().zip(how.adjust(&p_values)) {
            let p = plain.and_then(|_| p.ok_or(Reason::TooFew));
            answer.figure(element, &format!("{prefix}_{name}"), p);
        }
    }
}
