//! Business results that departments publish as totals: retention, funds, referrals.

use std::path::Path;

use super::Text;
use super::document::{self, Node};
use super::log::{Log, Place, Register};
use super::questionnaires::{code_of, note_twice};

/// What a result's value is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ResultKind {
    /// A number out of the denominator: 2072 of 2100 customers stayed.
    Ratio,
    /// An amount; by the month, or for each of the denominator where the register says of what.
    Amount,
}

/// One business result.
#[derive(Debug, Clone, PartialEq)]
pub struct BusinessResult {
    /// Its code in the data.
    pub code: String,
    /// Name for readers.
    pub name: Text,
    /// Unit of an amount, for readers.
    pub unit: Text,
    /// What an amount is divided by, for readers; nothing where it is told by the month.
    pub per: Option<Text>,
    /// What its value is.
    pub kind: ResultKind,
    /// Whether more is better.
    pub higher_is_better: bool,
}

impl BusinessResult {
    /// Says whether a row of the result must have a denominator.
    pub fn needs_denominator(&self) -> bool {
        self.kind == ResultKind::Ratio || self.per.is_some()
    }
}

const KEYS: [&str; 6] = ["code", "name", "unit", "per", "kind", "better"];
const KINDS: [(&str, ResultKind); 2] = [("ratio", ResultKind::Ratio), ("amount", ResultKind::Amount)];
const BETTER: [(&str, bool); 2] = [("lower", false), ("higher", true)];

/// Reads the results in the order of the register.
pub(super) fn read(log: &Log, root: &Path) -> Vec<BusinessResult> {
    let placed: Vec<(BusinessResult, Place)> = document::read(log, root, Register::Results, |node| {
        node.only_or(&["result"], &[("in a `[[result]]`", &KEYS)]);
        node.nodes("result").iter().filter_map(result).collect()
    })
    .unwrap_or_default();
    note_twice(log, "result", placed.iter().map(|(result, place)| (result.code.as_str(), place.clone())));
    placed.into_iter().map(|(result, _)| result).collect()
}

fn result(node: &Node<'_>) -> Option<(BusinessResult, Place)> {
    node.only(&KEYS);
    let code = code_of(node, Register::Results);
    let kind = node.need("kind").and_then(|entry| entry.choice(&KINDS));
    for entry in ["unit", "per"].iter().filter_map(|key| node.get(key)) {
        if kind == Some(ResultKind::Ratio) {
            entry.fail("a ratio is a share and has no unit", "only amounts have `unit` and `per`");
        }
    }
    let text = |key: &str| node.get(key).and_then(|entry| entry.localised());
    let (code, kind) = (code?, kind?);
    let result = BusinessResult {
        name: text("name").unwrap_or_else(|| Text::plain(&code)),
        unit: text("unit").unwrap_or_default(),
        per: text("per"),
        kind,
        higher_is_better: node.get("better").and_then(|entry| entry.choice(&BETTER)).unwrap_or(true),
        code,
    };
    Some((result, node.place()))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::project::sample::only;

    fn results(text: &str) -> Result<Vec<BusinessResult>, String> {
        let settings = ("concord.toml", "name = \"a\"\ntime.from = 2025-01-01\n");
        let departments = ("registers/departments.csv", "code,profile\nB1,branch\n");
        only(&[settings, departments, ("registers/results.toml", text)])
            .map(|project| project.results)
            .map_err(|error| error.to_string())
    }

    #[test]
    fn a_result_is_a_ratio_or_an_amount() {
        let read = results(
            "[[result]]\ncode = \"kept_customers\"\nkind = \"ratio\"\n\
             [[result]]\ncode = \"funds\"\nkind = \"amount\"\nunit = \"million\"\nper = \"customer\"\n\
             [[result]]\ncode = \"claims\"\nkind = \"amount\"\nbetter = \"lower\"\n",
        )
        .unwrap();
        let told: Vec<_> = read
            .iter()
            .map(|one| (one.code.as_str(), one.needs_denominator(), one.higher_is_better))
            .collect();
        assert_eq!(told, [("kept_customers", true, true), ("funds", true, true), ("claims", false, false)]);
    }

    #[test]
    fn slips_in_a_result_are_told() {
        let told = |text: &str| results(text).unwrap_err();
        assert!(told("[[result]]\ncode = \"a\"\nkind = \"rate\"\n").contains("did you mean `ratio`"));
        assert!(told("[[result]]\ncode = \"a\"\nkind = \"ratio\"\nunit = \"x\"\n").contains("has no unit"));
        let twice =
            "[[result]]\ncode = \"a\"\nkind = \"ratio\"\n[[result]]\ncode = \"a\"\nkind = \"ratio\"\n";
        assert!(told(twice).contains("registers/results.toml:4: result `a`"));
    }
}
