//! The code book of behaviour interviews: the groups compared, by which outcome and when they were fixed, and the competencies coded.

use std::path::Path;

use super::Text;
use super::document::{self, Node};
use super::log::{Log, Place, Register, State};
use super::questionnaires::{code_of, note_twice};
use crate::month::Day;

/// A code with its name: a group of persons, or a competency that behaviours are coded by.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Coded {
    /// Its code in the data.
    pub code: String,
    /// Name for readers.
    pub name: Text,
}

/// How interviews are coded; empty for a project without any.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct CodeBook {
    /// The outcome by which the groups were told apart.
    pub criterion: Text,
    /// Day on which the groups were fixed: interviews must be later.
    pub fixed: Option<Day>,
    /// The two groups: those who stand out, then those they are compared with.
    pub groups: Vec<Coded>,
    /// The competencies, in the order of the register.
    pub competencies: Vec<Coded>,
}

impl CodeBook {
    /// Returns the position of a group.
    pub fn group(&self, code: &str) -> Option<usize> {
        self.groups.iter().position(|one| one.code == code)
    }

    /// Returns the position of a competency.
    pub fn competency(&self, code: &str) -> Option<usize> {
        self.competencies.iter().position(|one| one.code == code)
    }
}

/// Groups that are compared.
const GROUPS: usize = 2;

/// Reads the code book.
pub(super) fn read(log: &Log, root: &Path) -> CodeBook {
    document::read(log, root, Register::Interviews, |node| {
        node.only(&["criterion", "fixed", "group", "competency"]);
        let [groups, competencies] = ["group", "competency"].map(|key| coded(&node, key));
        if groups.len() != GROUPS {
            let message = format!("{} groups are declared, and two are compared", groups.len());
            let hint = "name those who stand out in the first `[[group]]`, those they are compared with in the second";
            log.problem(&node.place(), message, hint);
        }
        if competencies.is_empty() && log.state(Register::Interviews) == State::Read {
            let hint = "name what behaviours are coded by, each in a `[[competency]]`";
            log.problem(&node.place(), "no competency is declared", hint);
        }
        CodeBook {
            criterion: node.need("criterion").and_then(|entry| entry.localised()).unwrap_or_default(),
            fixed: node.need("fixed").and_then(|entry| entry.day()),
            groups,
            competencies,
        }
    })
    .unwrap_or_default()
}

fn coded(node: &Node<'_>, key: &str) -> Vec<Coded> {
    let placed: Vec<(Coded, Place)> = node.nodes(key).iter().filter_map(one).collect();
    note_twice(node.log(), key, placed.iter().map(|(one, place)| (one.code.as_str(), place.clone())));
    placed.into_iter().map(|(one, _)| one).collect()
}

fn one(node: &Node<'_>) -> Option<(Coded, Place)> {
    node.only(&["code", "name"]);
    let code = code_of(node, Register::Interviews)?;
    let name = node.get("name").and_then(|entry| entry.localised()).unwrap_or_else(|| Text::plain(&code));
    Some((Coded { code, name }, node.place()))
}

#[cfg(test)]
mod tests {
    use crate::project::sample::only;

    const HEAD: &str = "criterion = \"kept share\"\nfixed = 2025-01-31\n";

    fn book(text: &str) -> Result<super::CodeBook, String> {
        let settings = ("concord.toml", "name = \"a\"\ntime.from = 2025-01-01\n");
        let departments = ("registers/departments.csv", "code,profile\nB1,branch\n");
        only(&[settings, departments, ("registers/interviews.toml", text)])
            .map(|project| project.interviews)
            .map_err(|error| error.to_string())
    }

    #[test]
    fn two_groups_and_their_competencies() {
        let two =
            "[[group]]\ncode = \"top\"\n[[group]]\ncode = \"average\"\n[[competency]]\ncode = \"service\"\n";
        let read = book(&format!("{HEAD}{two}")).unwrap();
        assert_eq!(
            (read.group("average"), read.competency("service"), read.group("x")),
            (Some(1), Some(0), None)
        );
        assert_eq!(read.fixed.unwrap().to_string(), "2025-01-31");
    }

    #[test]
    fn what_is_missing_is_told() {
        let told = book(&format!("{HEAD}[[group]]\ncode = \"top\"\n")).unwrap_err();
        assert!(
            told.contains("1 groups are declared") && told.contains("no competency is declared"),
            "{told}"
        );
        let told = book("[[group]]\ncode = \"a\"\n[[group]]\ncode = \"a\"\n").unwrap_err();
        assert!(told.contains("group `a`") && told.contains("missing key `criterion`"), "{told}");
    }
}
