//! The life of a promise: written down, tried, announced, withdrawn, each from a day on.

use serde::{Deserialize, Serialize};

use super::Commitment;
use super::document::Node;
use crate::month::{Day, Month};

/// Where a promise is in its life.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum Status {
    /// Written down only: its cases are not judged.
    Draft,
    /// Measured and shown, not rated.
    Trial,
    /// In force.
    Announced,
    /// No longer promised: cases that begin now are shown, not rated.
    Withdrawn,
}

/// A status from a day on.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct LifeStage {
    /// First day; nothing means from ever.
    pub from: Option<Day>,
    /// What the promise is from then on.
    pub status: Status,
}

const STATUSES: [(&str, Status); 4] = [
    ("draft", Status::Draft),
    ("trial", Status::Trial),
    ("announced", Status::Announced),
    ("withdrawn", Status::Withdrawn),
];

/// Reads `status`, which holds from ever, and the dated stages after it, oldest first; that they stand otherwise is noted.
///
/// Without either the promise is announced; without `status` it is a draft before its first dated stage.
pub(super) fn read(node: &Node<'_>) -> Vec<LifeStage> {
    let status = node.get("status").and_then(|entry| entry.choice(&STATUSES));
    let mut life: Vec<LifeStage> =
        status.map(|status| LifeStage { from: None, status }).into_iter().collect();
    for node in node.nodes("life") {
        node.only(&["from", "status"]);
        let from = node.need("from").and_then(|entry| entry.day());
        let status = node.need("status").and_then(|entry| entry.choice(&STATUSES));
        if let (Some(before), Some(from)) = (life.last().and_then(|stage| stage.from), from)
            && before >= from
        {
            let message = format!("stage from {from} does not begin after the one before it ({before})");
            node.log().problem(&node.place(), message, "sort the stages by date");
        }
        life.extend(from.zip(status).map(|(from, status)| LifeStage { from: Some(from), status }));
    }
    match life.first() {
        None => vec![LifeStage { from: None, status: Status::Announced }],
        Some(LifeStage { from: Some(_), .. }) => {
            let draft = LifeStage { from: None, status: Status::Draft };
            std::iter::once(draft).chain(life).collect()
        }
        Some(_) => life,
    }
}

impl Status {
    /// Returns its code, as it stands in registers and feeds.
    pub fn code(self) -> &'static str {
        STATUSES.iter().find(|(_, status)| *status == self).map_or("", |(code, _)| code)
    }
}

impl Commitment {
    /// Returns the stage of its life on `day`.
    pub fn stage_at(&self, day: Day) -> LifeStage {
        let last = self.life.iter().rfind(|stage| stage.from.is_none_or(|from| from <= day));
        last.copied().unwrap_or(LifeStage { from: None, status: Status::Draft })
    }

    /// Returns its status at the end of `month`.
    pub fn status_in(&self, month: Month) -> Status {
        self.stage_at(month.last_day()).status
    }

    /// Says whether it is or was anything but a draft, so that there can be figures about it.
    pub fn is_ever_measured(&self) -> bool {
        self.life.iter().any(|stage| stage.status != Status::Draft)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::project::sample::{changed, edit};

    const FILE: &str = "registers/commitments.toml";
    const PLAIN: &str = "status = \"announced\"";

    fn day(text: &str) -> Day {
        text.parse().unwrap()
    }

    fn stage(life: &str, on: &str) -> (Status, Option<Day>) {
        let project = changed(FILE, PLAIN, life);
        let stage = project.commitments[0].stage_at(day(on));
        (stage.status, stage.from)
    }

    #[test]
    fn the_latest_stage_that_began_holds() {
        let life = "life = [{ from = 2025-03-01, status = \"trial\" }, { from = 2025-06-15, status = \"announced\" }]";
        assert_eq!(stage(life, "2025-02-28"), (Status::Draft, None));
        assert_eq!(stage(life, "2025-03-01"), (Status::Trial, Some(day("2025-03-01"))));
        assert_eq!(stage(life, "2025-06-14").0, Status::Trial);
        assert_eq!(stage(life, "2026-01-01").0, Status::Announced);
        let ended = format!("{PLAIN}\nlife = [{{ from = 2025-06-01, status = \"withdrawn\" }}]");
        assert_eq!(
            (stage(&ended, "2025-05-31").0, stage(&ended, "2025-06-01").0),
            (Status::Announced, Status::Withdrawn)
        );
        assert_eq!(stage("", "2025-06-01"), (Status::Announced, None));
    }

    #[test]
    fn stages_are_sorted_dated_and_known() {
        let twice = "life = [{ from = 2025-03-01, status = \"trial\" }, { from = 2025-03-01, status = \"announced\" }]";
        assert_eq!(
            edit(FILE, PLAIN, twice),
            [
                "registers/commitments.toml:7: stage from 2025-03-01 does not begin after the one before it (2025-03-01)\n\
              hint: sort the stages by date"
            ]
        );
        assert_eq!(
            edit(FILE, PLAIN, "life = [{ status = \"tried\" }]"),
            [
                "registers/commitments.toml:7: missing key `from`",
                "registers/commitments.toml:7: unknown status `tried`\nhint: did you mean `trial`?",
            ]
        );
    }
}
