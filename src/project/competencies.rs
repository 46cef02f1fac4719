//! The competencies, their indicators, and the levels that roles require.

use std::collections::BTreeMap;
use std::path::Path;

use super::document::{self, Node};
use super::log::{Log, Place, Register};
use super::questionnaires::{code_of, note_twice, scale};
use super::value::quote;
use super::{Competency, Text};

const GROUPS: [(&str, &str); 3] =
    [("general", "general"), ("post", "post"), ("professional", "professional")];
/// Most levels of a competency.
const LEVELS_MAX: i32 = 21;

/// Required levels: role -> competency code -> level.
pub(super) type Roles = BTreeMap<String, BTreeMap<String, i32>>;

/// Reads the competencies in the order of the register, and the roles.
pub(super) fn read(log: &Log, root: &Path) -> (Vec<Competency>, Roles) {
    document::read(log, root, Register::Competencies, |node| {
        node.only(&["competency", "roles"]);
        let placed: Vec<(Competency, Place)> =
            node.nodes("competency").iter().filter_map(competency).collect();
        note_twice(
            log,
            "competency",
            placed.iter().map(|(competency, place)| (competency.code.as_str(), place.clone())),
        );
        let competencies: Vec<Competency> = placed.into_iter().map(|(competency, _)| competency).collect();
        let roles = roles(&node, &competencies);
        (competencies, roles)
    })
    .unwrap_or_default()
}

fn competency(node: &Node<'_>) -> Option<(Competency, Place)> {
    node.only(&["code", "name", "group", "scale", "weight", "levels"]);
    let code = code_of(node, Register::Competencies)?;
    let (low, high) = node.get("scale").and_then(|entry| scale(&entry, LEVELS_MAX)).unwrap_or((0, 3));
    let competency = Competency {
        name: node.get("name").and_then(|entry| entry.localised()).unwrap_or_else(|| Text::plain(&code)),
        group: node.get("group").and_then(|entry| entry.choice(&GROUPS)).unwrap_or("general").to_string(),
        low,
        high,
        weight: node.get("weight").and_then(|entry| entry.positive()).unwrap_or(1.0),
        levels: levels(node, low, high),
        code,
    };
    Some((competency, node.place()))
}

fn levels(node: &Node<'_>, low: i32, high: i32) -> BTreeMap<i32, Vec<Text>> {
    let mut levels = BTreeMap::new();
    for node in node.nodes("levels") {
        node.only(&["level", "indicators"]);
        let Some(level) = node.need("level").and_then(|entry| entry.integer_within(low, high)) else {
            continue;
        };
        let indicators = node.need("indicators").map_or_else(Vec::new, |entry| entry.elements());
        let texts = indicators.iter().filter_map(|entry| entry.localised()).collect();
        if levels.insert(level, texts).is_some() {
            node.log().problem(&node.place(), format!("level {level} occurs twice"), "");
        }
    }
    levels
}

fn roles(node: &Node<'_>, competencies: &[Competency]) -> Roles {
    let Some(node) = node.get("roles").and_then(|entry| entry.node()) else {
        return Roles::new();
    };
    let required = |node: Node<'_>| {
        let level = |entry: document::Entry<'_>| {
            let Some(competency) = competencies.iter().find(|competency| competency.code == entry.key) else {
                let known = competencies.iter().map(|competency| competency.code.as_str());
                let hint = entry.log().suggest(entry.key, known, "");
                entry.fail(format!("unknown competency {}", quote(entry.key)), hint);
                return None;
            };
            Some((entry.key.to_string(), entry.integer_within(competency.low, competency.high)?))
        };
        node.entries().filter_map(level).collect()
    };
    node.entries().filter_map(|entry| Some((entry.key.to_string(), entry.node().map(required)?))).collect()
}

#[cfg(test)]
mod tests {
    use crate::project::sample::edit;

    const FILE: &str = "registers/competencies.toml";

    #[test]
    fn roles_require_known_competencies_at_their_levels() {
        assert_eq!(
            edit(FILE, "teller = { A = 1, comm = 2 }", "teller = { A = 4, com = 2 }"),
            [
                "registers/competencies.toml:14: `A` is 4, outside 0 to 3",
                "registers/competencies.toml:14: unknown competency `com`\nhint: did you mean `comm`?",
            ]
        );
    }

    #[test]
    fn levels_stand_once_and_on_the_scale() {
        assert_eq!(
            edit(FILE, "level = 2", "level = 1"),
            ["registers/competencies.toml:8: level 1 occurs twice"]
        );
        assert_eq!(
            edit(FILE, "level = 2", "level = 7"),
            ["registers/competencies.toml:8: `level` is 7, outside 0 to 3"]
        );
        assert_eq!(
            edit(FILE, "level = 2", "level = 2.0"),
            ["registers/competencies.toml:8: `level`: expected an integer, found a float"]
        );
        assert_eq!(
            edit(FILE, "weight = 2", "weight = -2"),
            ["registers/competencies.toml:5: `weight` is -2, not above 0"]
        );
    }
}
