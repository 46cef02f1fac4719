//! The sources of data: their section of `concord.toml`, their columns, their files.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

use super::Project;
use super::document::{Entry, Node};
use super::log::{Place, Wanted};
use super::value::quote;
use crate::error::{Error, Result};

/// What a source holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Kind {
    /// Answered questionnaires.
    Survey,
    /// Cases of promises.
    Commitments,
    /// Ratings of people on competencies.
    Competency,
    /// Behaviours coded in interviews.
    Interviews,
    /// Business results: totals alone.
    Results,
    /// Customers invited to answer, and those who did: totals alone.
    Invitations,
}

/// Whether a source holds single rows or published totals.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Shape {
    /// One row is one answer, case or rating.
    Rows,
    /// One row is one published figure of one department.
    Totals,
}

/// One source of data: files of one form.
#[derive(Debug, Clone)]
pub struct Source {
    /// Its name in `concord.toml`.
    pub name: String,
    /// What it holds.
    pub kind: Kind,
    /// Single rows or totals.
    pub shape: Shape,
    /// Code of the questionnaire, for surveys.
    pub questionnaire: Option<String>,
    /// Patterns of its files, relative to the data folder.
    pub files: Vec<String>,
    /// Canonical column -> column of the file. A canonical column that is not named here is looked up by its own name.
    pub columns: BTreeMap<String, String>,
    /// Values that hold for every row (canonical column -> value), for columns that the files lack.
    pub constants: BTreeMap<String, String>,
    /// Largest share of rows with a reason (by the reason's code) before the run stops; `*` for all reasons not named.
    pub thresholds: BTreeMap<String, f64>,
}

/// Reasons for which a row can be refused, as thresholds name them; `*` stands for all reasons not named.
pub const REASONS: &[&str] = &[
    "missing_field",
    "not_a_number",
    "not_a_date",
    "not_a_month",
    "unknown_department",
    "unknown_person",
    "unknown_commitment",
    "unknown_competency",
    "rater_is_the_person",
    "rater_is_not_the_person",
    "conflicting_rating",
    "unknown_indicator",
    "unknown_result",
    "unknown_code",
    "code_out_of_range",
    "negative_number",
    "not_a_whole_number",
    "more_than_all",
    "divided_by_zero",
    "amount_too_large",
    "level_outside_scale",
    "weight_not_positive",
    "weight_not_finite",
    "weight_out_of_scale",
    "all_answers_missing",
    "closed_before_opened",
    "before_groups_fixed",
    "completed_before_service",
    "recorded_before_event",
    "fewer_answers_than_survey",
    "outside_project",
    "conflicting_id",
    "department_not_in_force",
    "no_calendar",
    "ragged_row",
    "not_text",
    "*",
];

/// Largest share of rows with a reason that no threshold names.
const THRESHOLD: f64 = 0.05;
const KEYS: [&str; 7] = ["kind", "shape", "questionnaire", "files", "columns", "constants", "thresholds"];
const KINDS: &[(&str, Kind)] = &[
    ("survey", Kind::Survey),
    ("commitments", Kind::Commitments),
    ("competency", Kind::Competency),
    ("interviews", Kind::Interviews),
    ("results", Kind::Results),
    ("invitations", Kind::Invitations),
];
const SHAPES: [(&str, Shape); 2] = [("rows", Shape::Rows), ("totals", Shape::Totals)];

const SURVEY_ROWS: &[&str] = &[
    "response",
    "respondent",
    "department",
    "date",
    "completed_at",
    "recorded_at",
    "contact",
    "server",
    "weight",
];
const COMMITMENT_ROWS: &[&str] = &[
    "case",
    "commitment",
    "department",
    "customer_department",
    "contact",
    "opened_at",
    "due_at",
    "closed_at",
    "value",
    "cancelled_at",
    "remedied_at",
    "remedy",
    "cause",
    "excused",
    "server",
    "revision",
];
const COMPETENCY_ROWS: &[&str] = &[
    "rating",
    "person",
    "rater",
    "relation",
    "competency",
    "level",
    "indicator",
    "seen",
    "date",
    "recorded_at",
];
const INTERVIEW_ROWS: &[&str] = &[
    "interview",
    "person",
    "group",
    "competency",
    "coder",
    "behaviour",
    "behaviours",
    "level",
    "minutes",
    "date",
];
const SURVEY_TOTALS: &[&str] = &["department", "period", "item", "value", "n", "sd"];
const COMMITMENT_TOTALS: &[&str] = &["department", "commitment", "period", "kept", "breached", "share", "n"];
const COMPETENCY_TOTALS: &[&str] = &["department", "competency", "period", "share", "n"];

const RESULT_TOTALS: &[&str] = &["department", "result", "period", "value", "denominator"];
const INVITATION_TOTALS: &[&str] =
    &["department", "period", "segment", "channel", "outcome", "invited", "answered"];

/// Returns the canonical columns that every source of `kind` and `shape` can have.
fn fixed_columns(kind: Kind, shape: Shape) -> &'static [&'static str] {
    match (kind, shape) {
        (Kind::Survey, Shape::Rows) => SURVEY_ROWS,
        (Kind::Survey, Shape::Totals) => SURVEY_TOTALS,
        (Kind::Commitments, Shape::Rows) => COMMITMENT_ROWS,
        (Kind::Commitments, Shape::Totals) => COMMITMENT_TOTALS,
        (Kind::Competency, Shape::Rows) => COMPETENCY_ROWS,
        (Kind::Competency, Shape::Totals) => COMPETENCY_TOTALS,
        // Interviews are few: nobody publishes totals of them.
        (Kind::Interviews, _) => INTERVIEW_ROWS,
        (Kind::Results, _) => RESULT_TOTALS,
        (Kind::Invitations, _) => INVITATION_TOTALS,
    }
}

/// Returns whether a column of surveys that is no item's is called `column`.
pub(super) fn is_survey_column(project: &Project, column: &str) -> bool {
    SURVEY_ROWS.contains(&column)
        || SURVEY_TOTALS.contains(&column)
        || project.cuts.iter().any(|cut| cut == column)
}

impl Source {
    /// Returns the names of all canonical columns that the source can have in `project`: the fixed ones, the cuts, the columns of the items.
    pub fn canonical_columns<'a>(&self, project: &'a Project) -> Vec<&'a str> {
        let mut columns = fixed_columns(self.kind, self.shape).to_vec();
        if self.shape == Shape::Rows && matches!(self.kind, Kind::Survey | Kind::Commitments) {
            columns.extend(project.cuts.iter().map(String::as_str));
        }
        let questionnaire = self.questionnaire.as_deref().and_then(|code| project.questionnaire(code));
        if let Some(questionnaire) = questionnaire {
            let items: BTreeSet<&str> = questionnaire.items.iter().map(|item| item.column.as_str()).collect();
            columns.extend(items);
        }
        columns
    }

    /// Returns the files under `folder` that match the source's patterns, sorted, each once; none is an ordinary state.
    ///
    /// Files whose name begins with a dot match only a pattern that begins so.
    pub fn list(&self, folder: &Path) -> Result<Vec<PathBuf>> {
        let options = glob::MatchOptions { require_literal_leading_dot: true, ..glob::MatchOptions::new() };
        let mut files = BTreeSet::new();
        for pattern in &self.files {
            let escaped = glob::Pattern::escape(&folder.to_string_lossy());
            let whole = Path::new(&escaped).join(pattern);
            let matches =
                glob::glob_with(&whole.to_string_lossy(), options).map_err(Error::format(folder))?;
            for path in matches {
                let path = path
                    .map_err(|error| Error::Io { path: error.path().to_path_buf(), source: error.into() })?;
                if path.is_file() {
                    files.insert(path);
                }
            }
        }
        Ok(files.into_iter().collect())
    }
}

/// Reads the table `sources`, in its order.
pub(super) fn read(node: &Node<'_>) -> Vec<Source> {
    let mut sources = Vec::new();
    for entry in node.entries() {
        sources.extend(source(sources.len(), &entry));
    }
    sources
}

fn source(index: usize, entry: &Entry<'_>) -> Option<Source> {
    entry.check_key();
    let node = entry.node()?;
    node.only(&KEYS);
    let kind = node.need("kind").and_then(|entry| entry.choice(KINDS));
    let shape = shape(&node, kind);
    let columns = strings(&node, "columns");
    let constants = strings(&node, "constants");
    for (column, (_, place)) in columns.iter().chain(&constants) {
        // Of a source whose kind is not known no column is.
        if kind.is_some() && shape.is_some() {
            node.log().want(place, Wanted::Column(index), column);
        }
    }
    for (column, (_, place)) in constants.iter().filter(|(column, _)| columns.contains_key(*column)) {
        node.log().problem(
            place,
            format!("{} is both a column and a constant", quote(column)),
            "leave one of them out",
        );
    }
    let values = |map: BTreeMap<String, (String, Place)>| {
        map.into_iter().map(|(column, (value, _))| (column, value)).collect()
    };
    Some(Source {
        name: entry.key.to_string(),
        kind: kind.unwrap_or(Kind::Survey),
        shape: shape.unwrap_or(Shape::Rows),
        questionnaire: questionnaire(&node, kind),
        files: node.need("files").map_or_else(Vec::new, |entry| files(&entry)),
        columns: values(columns),
        constants: values(constants),
        thresholds: thresholds(&node),
    })
}

/// Reads the shape: rows where it is not told, and totals of results and invitations, which have no other.
fn shape(node: &Node<'_>, kind: Option<Kind>) -> Option<Shape> {
    let of_totals = match kind {
        Some(Kind::Results) => Some("results are totals"),
        Some(Kind::Invitations) => Some("invitations are totals"),
        _ => None,
    };
    let usual = if of_totals.is_some() { Shape::Totals } else { Shape::Rows };
    let Some(entry) = node.get("shape") else { return Some(usual) };
    let shape = entry.choice(&SHAPES)?;
    if let (Some(message), Shape::Rows) = (of_totals, shape) {
        entry.fail(message, "leave `shape` out");
    }
    Some(shape)
}

fn questionnaire(node: &Node<'_>, kind: Option<Kind>) -> Option<String> {
    match (kind, node.get("questionnaire")) {
        (Some(Kind::Survey), None) => {
            node.need("questionnaire");
            None
        }
        (None, _) | (_, None) => None,
        (Some(Kind::Survey), Some(entry)) => {
            let code = entry.text()?;
            node.log().want(&entry.place(), Wanted::Questionnaire, &code);
            Some(code)
        }
        (Some(_), Some(entry)) => {
            entry.fail("only a survey has a questionnaire", "leave it out, or write `kind = \"survey\"`");
            None
        }
    }
}

fn files(entry: &Entry<'_>) -> Vec<String> {
    let mut patterns = Vec::new();
    let elements = entry.elements();
    if entry.is_array() && elements.is_empty() {
        entry.fail("`files` names no file", "write it as `[\"survey/*.csv\"]`");
    }
    for element in elements {
        let Some(pattern) = element.text() else {
            continue;
        };
        if let Err(error) = glob::Pattern::new(&pattern) {
            element.fail(format!("{} is no pattern of files: {}", quote(&pattern), error.msg), "");
        }
        patterns.push(pattern);
    }
    patterns
}

/// Reads a table of texts (`name.en = …` counts as key `name.en`), each with its place.
pub(super) fn strings(node: &Node<'_>, key: &str) -> BTreeMap<String, (String, Place)> {
    let mut found = BTreeMap::new();
    let Some(node) = node.get(key).and_then(|entry| entry.node()) else {
        return found;
    };
    for entry in node.entries() {
        if !entry.is_table() {
            found.extend(entry.constant().map(|text| (entry.key.to_string(), (text, entry.place()))));
            continue;
        }
        for inner in entry.node().iter().flat_map(Node::entries) {
            let key = format!("{}.{}", entry.key, inner.key);
            found.extend(inner.constant().map(|text| (key, (text, inner.place()))));
        }
    }
    found
}

fn thresholds(node: &Node<'_>) -> BTreeMap<String, f64> {
    let mut thresholds = BTreeMap::from([("*".to_string(), THRESHOLD)]);
    if let Some(node) = node.get("thresholds").and_then(|entry| entry.node()) {
        node.only(REASONS);
        let share = |entry: Entry<'_>| Some((entry.key.to_string(), entry.number_within(0.0, 1.0)?));
        thresholds.extend(node.entries().filter_map(share));
    }
    thresholds
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::project::sample::{edit, project};

    const FILE: &str = "concord.toml";

    #[test]
    fn slips_in_a_source_are_told() {
        assert_eq!(
            edit(FILE, "files = [\"survey/*.csv\"]", "fils = [\"survey/*.csv\"]"),
            [
                "concord.toml:14: missing key `files`",
                "concord.toml:17: unknown key `fils`\nhint: did you mean `files`?",
            ]
        );
        assert_eq!(
            edit(FILE, "questionnaire = \"client\"", "questionnaire = \"clent\""),
            ["concord.toml:16: unknown questionnaire `clent`\nhint: did you mean `client`?"]
        );
        assert_eq!(
            edit(FILE, "[\"survey/*.csv\"]", "[\"survey/[.csv\", 7]"),
            [
                "concord.toml:17: `files`: expected a string, found an integer\nhint: put it in quotes",
                "concord.toml:17: `survey/[.csv` is no pattern of files: invalid range pattern",
            ]
        );
        assert_eq!(
            edit(FILE, "unknown_department = 0.01", "unknown_departments = 1.5\nragged_row = -1"),
            [
                "concord.toml:21: `unknown_departments` is 1.5, outside 0 to 1",
                "concord.toml:21: unknown key `unknown_departments`\nhint: did you mean `unknown_department`?",
                "concord.toml:22: `ragged_row` is -1, outside 0 to 1",
            ]
        );
    }

    #[test]
    fn invitations_are_totals() {
        let of = |more: &str| {
            let source = format!(
                "[sources.asked]\nkind = \"invitations\"\nfiles = [\"i.csv\"]\n{more}\n[sources.ratings]"
            );
            edit(FILE, "[sources.ratings]", &source)
        };
        assert!(of("shape = \"rows\"")[0].ends_with("invitations are totals\nhint: leave `shape` out"));
        assert!(of("[sources.asked.columns]\ninvitd = \"n\"")[0].ends_with("hint: did you mean `invited`?"));
        assert!(of("questionnaire = \"client\"")[0].contains("only a survey has a questionnaire"));
    }

    #[test]
    fn columns_are_canonical() {
        assert_eq!(
            edit(FILE, "response = \"answer_id\"", "respons = \"answer_id\"\nq01 = \"Q 1\"\nbranch = 7"),
            [
                "concord.toml:19: unknown column `respons` of source `client`\nhint: did you mean `response`?",
                "concord.toml:21: unknown column `branch` of source `client`\nhint: known are `response`, `respondent`, \
             `department`, `date`, `completed_at`, `recorded_at`, `contact`, `server`, `weight`, `segment`, \
             `channel`, `q01`, `total`",
            ]
        );
    }

    #[test]
    fn files_are_listed_once_and_sorted() {
        let folder = tempfile::tempdir().unwrap();
        for name in ["b.csv", "a.csv", ".hidden.csv", "c.txt", "[1].csv"] {
            std::fs::write(folder.path().join(name), "").unwrap();
        }
        std::fs::create_dir(folder.path().join("folder.csv")).unwrap();
        let mut source = project().sources[0].clone();
        source.files = vec!["*.csv".to_string(), "b.csv".to_string(), "none/*.csv".to_string()];
        let names = |files: Vec<PathBuf>| -> Vec<String> {
            files.iter().map(|file| file.file_name().unwrap().to_string_lossy().into_owned()).collect()
        };
        assert_eq!(names(source.list(folder.path()).unwrap()), ["[1].csv", "a.csv", "b.csv"]);
        assert!(source.list(&folder.path().join("absent")).unwrap().is_empty());
    }
}
