//! The departments, from their register or mapped from a file of the data folder.

use std::collections::BTreeMap;
use std::path::Path;

use super::Text;
use super::log::{Log, Place, Register, State};
use super::table::{Layout, Mapping, Row, Table};
use super::value::quote;
use crate::month::Day;

/// One department, with its life.
#[derive(Debug, Clone, PartialEq)]
pub struct Department {
    /// Code in the data.
    pub code: String,
    /// Name for readers.
    pub name: Text,
    /// Code of the unit above, if any.
    pub parent: Option<String>,
    /// Peer group.
    pub profile: String,
    /// First day, if it was opened within the project's time.
    pub valid_from: Option<Day>,
    /// Last day, if it was closed.
    pub valid_to: Option<Day>,
    /// Code of the department that took it over.
    pub successor: Option<String>,
    /// Whether no department names it as its parent: only leaves own rows.
    pub leaf: bool,
}

/// Columns of the register; a leaf's profile may not be empty, so the column must be there.
pub(super) const LAYOUT: Layout = Layout {
    register: Register::Departments,
    known: &[
        "code",
        "name",
        "name.en",
        "name.ru",
        "name.zh",
        "parent",
        "profile",
        "valid_from",
        "valid_to",
        "successor",
    ],
    required: &["code", "profile"],
};

/// A department and where it stands.
type Placed = (Department, Place);

/// Reads the departments, sorted by code, each once.
pub(super) fn read(log: &Log, root: &Path, data: &Path, mapping: Option<&Mapping>) -> Vec<Department> {
    let table = match mapping {
        Some(mapping) => Table::map(log, data, mapping, LAYOUT),
        None => Table::read(log, root, LAYOUT),
    };
    let Some(table) = table else {
        note_absence(log);
        return Vec::new();
    };
    let mut departments: Vec<Placed> = table.rows().filter_map(|row| department(log, &row)).collect();
    if departments.is_empty() && log.state(Register::Departments) == State::Read {
        let file = mapping.map_or(Register::Departments.file(), |mapping| &mapping.file);
        log.problem(&Place::new(file, 0), "there is no department in the file", "");
    }
    if mapping.is_some() {
        add_parents(&mut departments);
    }
    // A stable sort: of two departments with one code the first in the file stays.
    departments.sort_by(|(a, _), (b, _)| a.code.cmp(&b.code));
    departments.dedup_by(|(again, place), (first, before)| {
        if again.code == first.code {
            let message = format!("department {} occurs twice", quote(&again.code));
            log.problem(place, message, format!("it stands in line {} already", before.line));
        }
        again.code == first.code
    });
    check(log, &mut departments);
    departments.into_iter().map(|(department, _)| department).collect()
}

fn note_absence(log: &Log) {
    // Without its settings nothing can be said about where a project keeps its departments.
    if log.state(Register::Departments) == State::Absent && log.state(Register::Settings) == State::Read {
        let hint = "give it the columns `code`, `name`, `parent`, `profile`, \
                    or map another file under `[registers.departments]` in concord.toml";
        log.problem(&Place::new(Register::Departments.file(), 0), "there is no such file", hint);
    }
    log.set(Register::Departments, State::Doubtful);
}

fn department(log: &Log, row: &Row<'_>) -> Option<Placed> {
    let Some(code) = row.code("code") else {
        log.set(Register::Departments, State::Doubtful);
        return None;
    };
    if code == "all" {
        row.fail("`all` stands for all departments together", "give the department another code");
    }
    let (valid_from, valid_to) = row.span();
    let owned = |column| row.get(column).map(str::to_string);
    let mut name = row.localised("name");
    if name.0.is_empty() {
        name = Text::plain(&code);
    }
    let department = Department {
        name,
        parent: owned("parent"),
        profile: owned("profile").unwrap_or_default(),
        valid_from,
        valid_to,
        successor: owned("successor"),
        leaf: true,
        code,
    };
    Some((department, row.place()))
}

/// Adds the units above that have no row of their own.
fn add_parents(departments: &mut Vec<Placed>) {
    let mut missing: BTreeMap<String, Place> = BTreeMap::new();
    for (department, place) in departments.iter() {
        if let Some(parent) = &department.parent {
            missing.entry(parent.clone()).or_insert_with(|| place.clone());
        }
    }
    for (department, _) in departments.iter() {
        missing.remove(&department.code);
    }
    departments.extend(missing.into_iter().map(|(code, place)| {
        let (parent, successor, valid_from, valid_to) = (None, None, None, None);
        let (name, profile, leaf) = (Text::plain(&code), String::new(), false);
        (Department { code, name, parent, profile, valid_from, valid_to, successor, leaf }, place)
    }));
}

/// Marks the leaves and notes what does not fit together.
fn check(log: &Log, departments: &mut [Placed]) {
    let codes: Vec<String> = departments.iter().map(|(department, _)| department.code.clone()).collect();
    let index = |code: &String| codes.binary_search(code).ok();
    let parents = links(log, departments, &index, ("parent", |department| &department.parent));
    let successors = links(log, departments, &index, ("successor", |department| &department.successor));
    for parent in parents.iter().flatten() {
        departments[*parent].0.leaf = false;
    }
    note_cycles(log, departments, &parents, "the units above");
    note_cycles(log, departments, &successors, "the successors of");
    // Where the column is missing or a row is torn, every other row would be told.
    let judged = log.state(Register::Departments) == State::Read;
    for (department, place) in departments.iter().filter(|(department, _)| judged && department.leaf) {
        if department.profile.is_empty() {
            let message = format!("department {} has no profile", quote(&department.code));
            log.problem(place, message, "a profile is the group of departments it is compared with");
        }
    }
}

/// Returns for each department the index of the one that a column names; that there is none is noted.
fn links(
    log: &Log,
    departments: &[Placed],
    index: &impl Fn(&String) -> Option<usize>,
    (column, value): (&str, fn(&Department) -> &Option<String>),
) -> Vec<Option<usize>> {
    let doubtful = log.state(Register::Departments) == State::Doubtful;
    let link = |(department, place): &Placed| {
        let code = value(department).as_ref()?;
        let found = index(code);
        if found.is_none() && !doubtful {
            let message = format!("{column} {} of {} is no department", quote(code), quote(&department.code));
            let known = departments.iter().map(|(department, _)| department.code.as_str());
            log.problem(place, message, log.suggest(code, known, "give it a row of its own"));
        }
        found
    };
    departments.iter().map(link).collect()
}

/// Notes every circle of `links` once, at the department that is met first.
fn note_cycles(log: &Log, departments: &[Placed], links: &[Option<usize>], what: &str) {
    let mut walk_of = vec![usize::MAX; links.len()];
    for start in 0..links.len() {
        let mut at = Some(start);
        while let Some(here) = at.filter(|here| walk_of[*here] == usize::MAX) {
            walk_of[here] = start;
            at = links[here];
        }
        let Some(first) = at.filter(|here| walk_of[*here] == start) else {
            continue;
        };
        let code = |index: usize| departments[index].0.code.as_str();
        let mut circle = vec![quote(code(first))];
        let mut next = links[first];
        while let Some(here) = next.filter(|here| *here != first) {
            circle.push(quote(code(here)));
            next = links[here];
        }
        circle.push(quote(code(first)));
        // A circle through a whole register would fill the screen.
        let mut shown = circle[..circle.len().min(8)].join(", ");
        if circle.len() > 8 {
            shown.push_str(" …");
        }
        let message = format!("{what} {} lead back to it", quote(code(first)));
        log.problem(&departments[first].1, message, format!("break the circle {shown}"));
    }
}

#[cfg(test)]
mod tests {
    use crate::project::sample::{edit, mapped, problems};

    const FILE: &str = "registers/departments.csv";

    #[test]
    fn parents_and_successors_exist() {
        assert_eq!(
            edit(FILE, "B2,Harbour,,north,", "B2,Harbour,,nort,"),
            [
                "registers/departments.csv:4: parent `nort` of `B2` is no department\nhint: did you mean `north`?"
            ]
        );
        assert_eq!(
            edit(FILE, "2025-06-30,B1", "2025-06-30,X99"),
            [
                "registers/departments.csv:5: successor `X99` of `B3` is no department\nhint: give it a row of its own"
            ]
        );
    }

    #[test]
    fn circles_are_told_once() {
        let text = "code,parent,profile,successor\nA,B,x,\nB,C,x,\nC,A,x,\nB1,A,branch,B1\nB2,,x,\n";
        assert_eq!(
            problems(&[(FILE, text)]),
            [
                "registers/departments.csv:2: the units above `A` lead back to it\n\
             hint: break the circle `A`, `B`, `C`, `A`",
                "registers/departments.csv:5: the successors of `B1` lead back to it\n\
             hint: break the circle `B1`, `B1`",
            ]
        );
    }

    #[test]
    fn a_circle_ends_where_owners_are_looked_for() {
        let departments = "code,parent,profile\nA,B,x\nB,A,x\nB1,A,branch\n";
        let commitments = "[[commitment]]\ncode = \"card\"\nstatement = \"Soon\"\npromised_to = \"customer\"\n\
            owner = \"elsewhere\"\nunit = \"hours\"\nclock = \"working\"\nlimits = [{ limit = 2 }]\n";
        let told = problems(&[(FILE, departments), ("registers/commitments.toml", commitments)]);
        let circle = "registers/departments.csv:2: the units above `A` lead back to it";
        assert!(told.iter().any(|one| one.starts_with(circle)), "{told:?}");
    }

    #[test]
    fn codes_are_unique_and_visible() {
        assert_eq!(
            edit(FILE, "B2,Harbour", "B1,Harbour")[0],
            "registers/departments.csv:4: department `B1` occurs twice\nhint: it stands in line 3 already"
        );
        assert_eq!(
            edit(FILE, "B3,", "B\u{7}3,")[0],
            "registers/departments.csv:5: code `B\\u{7}3` has invisible characters"
        );
    }

    #[test]
    fn only_leaves_need_a_profile() {
        assert_eq!(
            edit(FILE, "north,branch,,,\nB3", "north,,,,\nB3"),
            ["registers/departments.csv:4: department `B2` has no profile\n\
             hint: a profile is the group of departments it is compared with"]
        );
    }

    #[test]
    fn a_span_ends_after_it_begins() {
        assert_eq!(
            edit(FILE, ",,2025-06-30,B1", ",2025-07-01,2025-06-30,B1"),
            ["registers/departments.csv:5: `valid_to` 2025-06-30 is before `valid_from` 2025-07-01"]
        );
        assert_eq!(
            edit(FILE, "2025-06-30,B1", "30.06.2025,B1"),
            ["registers/departments.csv:5: `valid_to`: `30.06.2025` is not a date of the form 2026-10-31 \
             between 1900 and 2200"]
        );
    }

    #[test]
    fn a_mapped_file_adds_its_units_above() {
        let project =
            mapped("provider_id,hospital_name,state,beds\n010,\"Saint, Mary\",AL,7\n020,Hope,AK,9\n")
                .unwrap();
        let seen: Vec<_> = project
            .departments
            .iter()
            .map(|d| (d.code.as_str(), d.name.get("en"), d.parent.as_deref(), d.profile.as_str(), d.leaf))
            .collect();
        assert_eq!(
            seen,
            [
                ("010", "Saint, Mary", Some("AL"), "hospital", true),
                ("020", "Hope", Some("AK"), "hospital", true),
                ("AK", "AK", None, "", false),
                ("AL", "AL", None, "", false),
            ]
        );
    }

    #[test]
    fn a_mapping_names_columns_that_the_file_has() {
        let refused = mapped("provider,hospital_name,state\n010,Mary,AL\n").unwrap_err().to_string();
        assert_eq!(
            refused,
            "concord.toml:8: `hospitals.csv` has no column `provider_id`\nhint: did you mean `provider`?"
        );
    }
}
