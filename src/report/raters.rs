//! Findings about assessments, as sentences.

use super::words::Words;
use crate::finding::Finding;
use crate::measure::Raters;

/// Says how many heads rate higher and how many lower than heads usually do.
pub(super) fn counts(words: &Words<'_>, raters: &Raters) -> String {
    let count = |n: u64| usize::try_from(n).unwrap_or(usize::MAX);
    let args = [
        ("heads", count(raters.heads).into()),
        ("higher", count(raters.higher).into()),
        ("lower", count(raters.lower).into()),
    ];
    let key = match (raters.higher, raters.lower) {
        (0, 0) => "report-raters-none",
        (_, 0) => "report-raters-higher",
        (0, _) => "report-raters-lower",
        _ => "report-raters-both",
    };
    words.say(key, &args)
}

/// Returns the sentence of a finding about assessments; nothing of any other.
pub(super) fn sentence(words: &Words<'_>, finding: &Finding) -> String {
    let locale = words.locale();
    match finding {
        Finding::Raters { quarter, raters } => {
            let told = counts(words, raters);
            words.say(
                "report-finding-raters",
                &[("quarter", quarter.to_string().into()), ("told", told.into())],
            )
        }
        Finding::NoAgreement { department, quarter, agreement } => {
            let args = [
                ("name", words.department(*department).into()),
                ("quarter", quarter.to_string().into()),
                ("agreement", locale.decimal(*agreement, 2).into()),
            ];
            words.say("report-finding-no-agreement", &args)
        }
        Finding::StaffMoved { department, quarter, moved, stayed } => {
            let args = [
                ("name", words.department(*department).into()),
                ("quarter", quarter.to_string().into()),
                ("change", locale.change(100.0 * moved, 1).into()),
                ("stayed", locale.change(100.0 * stayed, 1).into()),
            ];
            words.say("report-finding-staff-moved", &args)
        }
        _ => String::new(),
    }
}
