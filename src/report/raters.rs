//! Findings about assessments, as sentences.

use super::words::Words;
use crate::finding::Finding;

/// Returns the sentence of a finding about assessments; nothing of any other.
pub(super) fn sentence(words: &Words<'_>, finding: &Finding) -> String {
    let locale = words.locale();
    match finding {
        Finding::Rater { department, quarter, excess, people, p_value } => {
            let key = if *excess > 0.0 { "report-finding-lenient" } else { "report-finding-severe" };
            let args = [
                ("name", words.department(*department).into()),
                ("levels", locale.decimal(excess.abs(), 2).into()),
                ("quarter", quarter.to_string().into()),
                ("people", words.count(*people).into()),
                ("p", locale.p_value(*p_value).into()),
            ];
            words.say(key, &args)
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
