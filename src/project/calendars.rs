//! Working calendars: weekly hours, dated exceptions and a time zone, and whose they are.

use std::path::Path;

use super::Department;
use super::document::{self, Node};
use super::log::{Log, Place, Register, Wanted};
use super::questionnaires::{code_of, note_twice};
use crate::calendar::Calendar;

/// The calendars of a project.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Calendars {
    /// The calendars, in the order of the register.
    pub calendars: Vec<Calendar>,
    /// Position of each department's calendar, by index of the department.
    of_departments: Vec<Option<usize>>,
}

impl Calendars {
    /// Returns the calendar of a department: the one that names it, else the one that names its profile, else the first one that names
    /// nobody.
    pub fn of(&self, department: usize) -> Option<&Calendar> {
        self.of_departments.get(department).copied().flatten().map(|position| &self.calendars[position])
    }

    /// Returns a calendar by its code.
    pub fn named(&self, code: &str) -> Option<&Calendar> {
        self.calendars.iter().find(|calendar| calendar.name() == code)
    }
}

/// A calendar, whom it is for, and where that stands.
struct Entry {
    calendar: Option<Calendar>,
    code: String,
    place: Place,
    who: Vec<String>,
}

const KEYS: [&str; 4] = ["code", "hours", "zone", "departments"];

/// Reads the calendars; dated exceptions stand in `registers/calendars/CODE.csv`.
pub(super) fn read(log: &Log, root: &Path, departments: &[Department]) -> Calendars {
    let entries: Vec<Entry> = document::read(log, root, Register::Calendars, |node| {
        node.only_or(&["calendar"], &[("in a `[[calendar]]`", &KEYS)]);
        node.nodes("calendar").iter().filter_map(|node| entry(node, root)).collect()
    })
    .unwrap_or_default();
    note_twice(log, "calendar", entries.iter().map(|entry| (entry.code.as_str(), entry.place.clone())));
    note_claims(log, &entries);
    note_orphans(log, root, &entries);
    let entries: Vec<Entry> = entries.into_iter().filter(|entry| entry.calendar.is_some()).collect();
    let of = |department: &Department| {
        let names = |name: &str| entries.iter().position(|entry| entry.who.iter().any(|who| who == name));
        let everybody = || entries.iter().position(|entry| entry.who.is_empty());
        names(&department.code).or_else(|| names(&department.profile)).or_else(everybody)
    };
    let of_departments = departments.iter().map(of).collect();
    Calendars { of_departments, calendars: entries.into_iter().filter_map(|entry| entry.calendar).collect() }
}

/// Notes departments and profiles that two calendars name.
fn note_claims(log: &Log, entries: &[Entry]) {
    for (place, entry) in entries.iter().enumerate() {
        let before = &entries[..place];
        let named = |who: &String| before.iter().find(|other| other.who.contains(who));
        for (who, other) in entry.who.iter().filter_map(|who| Some((who, named(who)?))) {
            let message = format!("`{who}` has calendar `{}` already", other.code);
            log.problem(&entry.place, message, "a department has one calendar");
        }
    }
}

/// Notes files of exceptions that no calendar reads.
fn note_orphans(log: &Log, root: &Path, entries: &[Entry]) {
    if entries.is_empty() {
        return;
    }
    let Ok(files) = std::fs::read_dir(root.join("registers/calendars")) else { return };
    let mut names: Vec<String> = files.filter_map(|file| file.ok()?.file_name().into_string().ok()).collect();
    names.sort();
    for name in names {
        let code = name.strip_suffix(".csv").filter(|code| entries.iter().any(|entry| entry.code == **code));
        if code.is_none() && name.ends_with(".csv") {
            let known = entries.iter().map(|entry| entry.code.as_str());
            let stem = name.trim_end_matches(".csv");
            let hint = log.suggest(stem, known, "name it after a calendar of calendars.toml");
            log.problem(
                &Place::new(&format!("registers/calendars/{name}"), 0),
                "belongs to no calendar",
                hint,
            );
        }
    }
}

fn entry(node: &Node<'_>, root: &Path) -> Option<Entry> {
    node.only(&KEYS);
    let code = code_of(node, Register::Calendars)?;
    let hours = node.need("hours").and_then(|entry| entry.text());
    let zone = node.get("zone").and_then(|entry| entry.text());
    let named = node.get("departments").map_or_else(Vec::new, |entry| entry.elements());
    let who: Vec<String> = named.iter().filter_map(|entry| entry.text()).collect();
    for (entry, name) in named.iter().zip(&who) {
        node.log().want(&entry.place(), Wanted::Owner, name);
    }
    let calendar = hours.and_then(|hours| calendar(node, root, &code, (&hours, zone.as_deref())));
    Some(Entry { calendar, code, place: node.place(), who })
}

fn calendar(
    node: &Node<'_>,
    root: &Path,
    code: &str,
    (hours, zone): (&str, Option<&str>),
) -> Option<Calendar> {
    let file = format!("registers/calendars/{code}.csv");
    let exceptions = match std::fs::read_to_string(root.join(&file)) {
        Ok(text) if text.trim().is_empty() => {
            node.log().problem(
                &Place::new(&file, 0),
                "is empty",
                "give it the columns date and kind, or remove it",
            );
            return None;
        }
        Ok(text) => text,
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => String::new(),
        Err(error) => {
            node.log().problem(&Place::new(&file, 0), error.to_string(), "");
            return None;
        }
    };
    let note = |fault: crate::calendar::Fault| {
        let place = if fault.line == 0 { node.place() } else { Place::new(&file, fault.line) };
        node.log().problem(&place, fault.message, fault.hint);
    };
    Calendar::parse(code, hours, &exceptions, zone).map_err(|faults| faults.into_iter().for_each(note)).ok()
}

#[cfg(test)]
mod tests {
    use crate::project::sample::only;

    const SETTINGS: (&str, &str) = ("concord.toml", "name = \"a\"\ntime.from = 2025-01-01\n");
    const DEPARTMENTS: (&str, &str) =
        ("registers/departments.csv", "code,profile\nB1,branch\nC1,contact\nC2,contact\n");

    const CALENDARS: &str = "[[calendar]]\ncode = \"office\"\nhours = \"Mon-Fri 09:00-18:00\"\n\
        [[calendar]]\ncode = \"always\"\nhours = \"24/7\"\ndepartments = [\"contact\"]\n\
        [[calendar]]\ncode = \"late\"\nhours = \"Mon-Fri 12:00-20:00\"\ndepartments = [\"C2\"]\n";

    fn told(files: &[(&str, &str)]) -> String {
        only(&[&[SETTINGS, DEPARTMENTS], files].concat()).unwrap_err().to_string()
    }

    #[test]
    fn a_department_comes_before_its_profile_and_that_before_everybody() {
        let project = only(&[SETTINGS, DEPARTMENTS, ("registers/calendars.toml", CALENDARS)]).unwrap();
        let name = |index: usize| project.calendars.of(index).map(|calendar| calendar.name().to_owned());
        assert_eq!((0..3).filter_map(name).collect::<Vec<_>>(), ["office", "always", "late"]);
    }

    #[test]
    fn exceptions_are_told_with_their_file_and_line() {
        let calendars = ("registers/calendars.toml", CALENDARS);
        let wrong = told(&[calendars, ("registers/calendars/office.csv", "date,kind\n2025-01-01,holyday\n")]);
        assert!(wrong.contains("registers/calendars/office.csv:2: "), "{wrong}");
        let wrong = told(&[(
            "registers/calendars.toml",
            "[[calendar]]\ncode = \"a\"\nhours = \"Mon 18:00-09:00\"\n",
        )]);
        assert!(wrong.contains("registers/calendars.toml:1: "), "{wrong}");
        for (file, text, wanted) in [
            ("registers/calendars/office.csv", "", "registers/calendars/office.csv: is empty"),
            ("registers/calendars/ofice.csv", "date,kind\n", "did you mean `office`?"),
        ] {
            let wrong = told(&[calendars, (file, text)]);
            assert!(wrong.contains(wanted), "{wrong}");
        }
        let twice = CALENDARS.replace("[\"C2\"]", "[\"contact\"]");
        let wrong = told(&[("registers/calendars.toml", &twice)]);
        assert!(wrong.contains("`contact` has calendar `always` already"), "{wrong}");
        // Without a register of calendars such a file is none of its own.
        assert!(only(&[SETTINGS, DEPARTMENTS, ("registers/calendars/office.csv", "date,kind\n")]).is_ok());
        let wrong = told(&[("registers/calendars.toml", &CALENDARS.replace("\"C2\"", "\"C3\""))]);
        assert!(wrong.contains("registers/calendars.toml:11: ") && wrong.contains("`C3`"), "{wrong}");
    }
}
