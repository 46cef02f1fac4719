//! Targets of departments, profiles and all.

use std::path::Path;

use super::log::{Log, Place, Register, Wanted};
use super::measures::is_share;
use super::table::{Layout, Row, Table};
use super::value::quote;
use crate::month::Month;

/// A target value of a measure.
#[derive(Debug, Clone, PartialEq)]
pub struct Target {
    /// Department code, profile, or `*`.
    pub who: String,
    /// Code of the measure.
    pub measure: String,
    /// First month it holds.
    pub from: Month,
    /// The target, in the measure's unit.
    pub target: f64,
}

const LAYOUT: Layout = Layout {
    register: Register::Targets,
    known: &["who", "measure", "from", "target"],
    required: &["who", "measure", "from", "target"],
};

/// Reads the targets, sorted by who, measure, first month.
pub(super) fn read(log: &Log, root: &Path) -> Vec<Target> {
    let Some(table) = Table::read(log, root, LAYOUT) else {
        return Vec::new();
    };
    let mut targets: Vec<(Target, Place)> = table.rows().filter_map(|row| target(log, &row)).collect();
    targets.sort_by(|(a, _), (b, _)| (&a.who, &a.measure, a.from).cmp(&(&b.who, &b.measure, b.from)));
    for pair in targets.windows(2) {
        let ((first, before), (again, place)) = (&pair[0], &pair[1]);
        if (&first.who, &first.measure, first.from) == (&again.who, &again.measure, again.from) {
            let (who, measure) = (quote(&again.who), quote(&again.measure));
            let message = format!("target of {who} for {measure} from {} occurs twice", again.from);
            log.problem(place, message, format!("it stands in line {} already", before.line));
        }
    }
    targets.into_iter().map(|(target, _)| target).collect()
}

fn target(log: &Log, row: &Row<'_>) -> Option<(Target, Place)> {
    let (who, measure) = (row.need("who"), row.need("measure"));
    if let Some(who) = who {
        log.want(&row.place(), Wanted::Who, who);
    }
    if let Some(measure) = measure {
        log.want(&row.place(), Wanted::Measure, measure);
    }
    let share = measure.is_some_and(is_share);
    let from = row.need("from").and_then(|_| row.month("from"));
    let target = row.need("target").and_then(|_| match share {
        true => row.number_within("target", 0.0, 1.0),
        false => row.number("target"),
    });
    let (who, measure) = (who?.to_string(), measure?.to_string());
    Some((Target { who, measure, from: from?, target: target? }, row.place()))
}

#[cfg(test)]
mod tests {
    use crate::project::sample::edit;

    const FILE: &str = "registers/targets.csv";

    #[test]
    fn targets_name_who_and_what() {
        assert_eq!(
            edit(FILE, "branch,kept:calls,2025-11,0.95", "brnch,kept:cals,2025-11-01,95"),
            [
                "registers/targets.csv:3: `brnch` is neither a department nor a profile nor `*`\nhint: did you mean `branch`?",
                "registers/targets.csv:3: `from`: `2025-11-01` is not a month of the form 2026-10 between 1900 and 2200",
                "registers/targets.csv:3: `target` is 95, outside 0 to 1\nhint: write 95 % as 0.95",
                "registers/targets.csv:3: unknown measure `kept:cals`\nhint: did you mean `kept:calls`?",
            ]
        );
    }

    #[test]
    fn a_target_stands_once() {
        assert_eq!(
            edit(FILE, "branch,kept:calls,2025-11", "*,satisfaction_index,2024-11"),
            ["registers/targets.csv:3: target of `*` for `satisfaction_index` from 2024-11 occurs twice\n\
             hint: it stands in line 2 already"]
        );
    }
}
