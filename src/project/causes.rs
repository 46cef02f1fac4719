//! Causes of breaches, by category, with the countermeasures that hang on them.

use std::path::Path;

use super::Text;
use super::document::{self, Node};
use super::log::{Log, Place, Register};
use super::questionnaires::{code_of, note_twice};

/// A group of causes: one bone of the fishbone.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Category {
    /// Its code.
    pub code: String,
    /// Name for readers.
    pub name: Text,
}

/// One cause of breaches.
#[derive(Debug, Clone, PartialEq)]
pub struct Cause {
    /// Its code in the data.
    pub code: String,
    /// Name for readers.
    pub name: Text,
    /// Its category, by position.
    pub category: usize,
    /// Minutes of work that one breach of this cause costs, if declared.
    pub minutes: Option<f64>,
    /// What can be done about it.
    pub countermeasures: Vec<Text>,
}

/// The causes in the order of the register, and their categories.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Causes {
    /// The categories.
    pub categories: Vec<Category>,
    /// The causes, those of a category together.
    pub causes: Vec<Cause>,
}

impl Causes {
    /// Returns the position of a cause.
    pub fn position(&self, code: &str) -> Option<usize> {
        self.causes.iter().position(|cause| cause.code == code)
    }
}

const KEYS: [&str; 3] = ["code", "name", "causes"];
/// Most minutes of work of one breach: a slip of the pen is larger.
const MINUTES_MAX: f64 = 100_000.0;

/// Reads the causes in the order of the register.
pub(super) fn read(log: &Log, root: &Path) -> Causes {
    let placed: Vec<Placed> = document::read(log, root, Register::Causes, |node| {
        node.only_or(&["category"], &[("in a `[[category]]`", &KEYS)]);
        let categories = node.nodes("category");
        categories.iter().enumerate().filter_map(|(position, node)| category(node, position)).collect()
    })
    .unwrap_or_default();
    let codes = placed.iter().map(|(category, place, _)| (category.code.as_str(), place.clone()));
    note_twice(log, "category", codes);
    let causes = placed.iter().flat_map(|(.., causes)| causes);
    note_twice(log, "cause", causes.map(|(cause, place)| (cause.code.as_str(), place.clone())));
    let mut register = Causes::default();
    for (category, _, causes) in placed {
        register.categories.push(category);
        register.causes.extend(causes.into_iter().map(|(cause, _)| cause));
    }
    register
}

type Placed = (Category, Place, Vec<(Cause, Place)>);

fn category(node: &Node<'_>, position: usize) -> Option<Placed> {
    node.only(&KEYS);
    let code = code_of(node, Register::Causes)?;
    let causes = node.nodes("causes").iter().filter_map(|node| cause(node, position)).collect();
    Some((Category { name: name(node, &code), code }, node.place(), causes))
}

fn cause(node: &Node<'_>, category: usize) -> Option<(Cause, Place)> {
    node.only(&["code", "name", "minutes", "countermeasures"]);
    let code = code_of(node, Register::Causes)?;
    let countermeasures = node.get("countermeasures").map_or_else(Vec::new, |entry| entry.elements());
    let cause = Cause {
        name: name(node, &code),
        category,
        minutes: node.get("minutes").and_then(|entry| entry.number_within(0.0, MINUTES_MAX)),
        countermeasures: countermeasures.iter().filter_map(|entry| entry.localised()).collect(),
        code,
    };
    Some((cause, node.place()))
}

fn name(node: &Node<'_>, code: &str) -> Text {
    node.get("name").and_then(|entry| entry.localised()).unwrap_or_else(|| Text::plain(code))
}

#[cfg(test)]
mod tests {
    use crate::project::sample::only;

    const DEPARTMENTS: (&str, &str) = ("registers/departments.csv", "code,profile\nB1,branch\n");

    fn causes(text: &str) -> Result<super::Causes, String> {
        let settings = ("concord.toml", "name = \"a\"\ntime.from = 2025-01-01\n");
        only(&[settings, DEPARTMENTS, ("registers/causes.toml", text)])
            .map(|project| project.causes)
            .map_err(|error| error.to_string())
    }

    #[test]
    fn causes_stand_by_category_and_carry_countermeasures() {
        let read = causes(
            "[[category]]\ncode = \"people\"\nname = { en = \"People\" }\n\
             causes = [{ code = \"lunch\", minutes = 4, countermeasures = [\"Two at lunch in turn\"] }, { code = \"away\" }]\n\
             [[category]]\ncode = \"means\"\ncauses = [{ code = \"system\" }]\n",
        )
        .unwrap();
        assert_eq!(read.categories.len(), 2);
        let told: Vec<_> = read.causes.iter().map(|one| (one.code.as_str(), one.category)).collect();
        assert_eq!(told, [("lunch", 0), ("away", 0), ("system", 1)]);
        assert_eq!(read.causes[0].countermeasures[0].get("en"), "Two at lunch in turn");
        assert_eq!(read.position("system"), Some(2));
    }

    #[test]
    fn a_cause_stands_once() {
        let twice = causes("[[category]]\ncode = \"a\"\ncauses = [{ code = \"x\" }, { code = \"x\" }]\n");
        assert!(twice.unwrap_err().contains("registers/causes.toml:3: cause `x`"));
        assert!(
            causes("[[category]]\ncode = \"a\"\ncause = []\n").unwrap_err().contains("did you mean `causes`")
        );
    }
}
