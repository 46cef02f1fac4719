//! Conclusions about competency: heads who rate otherwise than the rest, raters who do not agree, changes that are people moving.

use super::Finding;
use crate::measure::{Assessed, Change, MeanVerdict, Split, WHOLE};
use crate::month::Quarter;

/// Share of required levels from which on a change is worth a word.
const WORTH: f64 = 0.05;
/// Places of who came and who left among the parts of a change.
const MOVED: [usize; 2] = [2, 3];

/// Draws the findings: how many heads stand out as raters, departments without agreement, changes by staff against the quarter before.
pub(super) fn draw(assessed: &Assessed) -> Vec<Finding> {
    let Some(quarter) = assessed.quarter else { return Vec::new() };
    let remarkable = assessed.raters.ok().filter(|raters| raters.higher + raters.lower > 0);
    let mut findings: Vec<Finding> =
        remarkable.map(|raters| Finding::Raters { quarter, raters }).into_iter().collect();
    findings.extend(assessed.standing.iter().filter(|one| one.department != WHOLE).filter_map(|one| {
        let agreement = one.agreement.ok().filter(|_| one.verdict == MeanVerdict::NoAgreement)?.value;
        Some(Finding::NoAgreement { department: one.department, quarter, agreement })
    }));
    findings.extend(assessed.changes.iter().filter_map(|one| moved(one, quarter)));
    findings
}

/// A change against the quarter before that comes of who came and left, and not of the people who stayed.
fn moved(change: &Change, quarter: Quarter) -> Option<Finding> {
    let split = change.split.as_ref().ok().filter(|_| change.back == 1 && change.department != WHOLE)?;
    let (moved, stayed) = (staff(split)?, split.parts[0].change.ok()?.value);
    let is_surely = split.change.ok()?.std_error.is_some_and(|error| moved.abs() > 2.0 * error);
    let is_theirs = moved.abs() >= WORTH && moved.abs() > 2.0 * stayed.abs();
    (is_surely && is_theirs).then_some(Finding::StaffMoved {
        department: change.department,
        quarter,
        moved,
        stayed,
    })
}

/// What those who came and those who left add to a change; nothing where either part is withheld.
pub fn staff(split: &Split) -> Option<f64> {
    MOVED.iter().map(|place| Some(split.parts[*place].change.ok()?.value)).sum()
}

/// Says whether a finding still stands on what may be shown.
pub fn is_shown(finding: &Finding, assessed: &Assessed) -> bool {
    match finding {
        Finding::Raters { .. } => assessed.raters.is_ok(),
        Finding::NoAgreement { department, .. } => {
            assessed.standing.iter().any(|one| one.department == *department && one.agreement.is_ok())
        }
        Finding::StaffMoved { department, .. } => assessed.changes.iter().any(|one| {
            let shown = |split: &Split| staff(split).is_some() && split.parts[0].change.is_ok();
            (one.department, one.back) == (*department, 1) && one.split.as_ref().is_ok_and(shown)
        }),
        _ => true,
    }
}
