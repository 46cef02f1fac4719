//! The problems of one reading, and the names that its files use before all registers are known.
//!
//! In: problems and references, in any order. Out: problems sorted by file and line. Deliberately absent: what the files mean.

use std::cell::{Cell, RefCell};
use std::collections::BTreeMap;
use std::path::Path;
use std::rc::Rc;

use super::value::{nearest, quote};
use crate::error::Problem;

/// Comparisons of words that a reading may spend on hints, so that a wholly wrong file is still told quickly.
const COMPARISONS: usize = 2_000_000;

/// One file of a project.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Register {
    Settings,
    Departments,
    People,
    Questionnaires,
    Commitments,
    Causes,
    Calendars,
    Competencies,
    Interviews,
    Targets,
    Rating,
    Relations,
    Results,
    Actions,
    Decisions,
    Practices,
}

impl Register {
    /// Returns the file, relative to the project.
    pub(super) fn file(self) -> &'static str {
        match self {
            Self::Settings => "concord.toml",
            Self::Departments => "registers/departments.csv",
            Self::People => "registers/people.csv",
            Self::Questionnaires => "registers/questionnaires.toml",
            Self::Commitments => "registers/commitments.toml",
            Self::Calendars => "registers/calendars.toml",
            Self::Causes => "registers/causes.toml",
            Self::Competencies => "registers/competencies.toml",
            Self::Interviews => "registers/interviews.toml",
            Self::Targets => "registers/targets.csv",
            Self::Rating => "registers/rating.toml",
            Self::Relations => "registers/relations.toml",
            Self::Results => "registers/results.toml",
            Self::Actions => "registers/actions.toml",
            Self::Decisions => "registers/decisions.toml",
            Self::Practices => "registers/practices.toml",
        }
    }
}

/// How far a register could be read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum State {
    /// There is no such file.
    Absent,
    /// Some of its codes are unknown, so names cannot be held against it.
    Doubtful,
    /// All its codes are known.
    Read,
}

/// A place in a file.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Place {
    pub(super) file: Rc<str>,
    pub(super) line: usize,
}

impl Place {
    /// Returns line `line` of `file`.
    pub(super) fn new(file: &str, line: usize) -> Self {
        Self { file: file.into(), line }
    }
}

/// What a name must be found among.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Wanted {
    Department,
    /// A department that has no parts.
    Leaf,
    /// A person of the register of people, where there is one.
    Person,
    Cause,
    Commitment,
    Action,
    Role,
    Questionnaire,
    /// A profile, or `*`.
    Profile,
    Calendar,
    /// A department or profile.
    Owner,
    /// A department, a profile, or `*`.
    Who,
    Measure,
    /// A measure or a business result.
    Side,
    /// What a contact can be asked for: `outcome` or `level:COMPETENCY`.
    ContactCause,
    /// An item or dimension of the client questionnaire.
    ContactEffect,
    /// An item of the client questionnaire.
    ClientItem,
    /// A canonical column of the source with this index.
    Column(usize),
    /// A column that no canonical column of surveys is called by.
    ItemColumn,
}

/// A name that stands in a file and must be found in a register.
#[derive(Debug, Clone)]
pub(super) struct Reference {
    pub(super) place: Place,
    pub(super) wanted: Wanted,
    pub(super) name: String,
}

/// What a reading has met so far.
#[derive(Debug, Default)]
pub(super) struct Log {
    problems: RefCell<Vec<Problem>>,
    references: RefCell<Vec<Reference>>,
    states: RefCell<BTreeMap<Register, State>>,
    compared: Cell<usize>,
}

impl Log {
    /// Notes a problem; an empty hint is none.
    pub(super) fn problem(&self, place: &Place, message: impl Into<String>, hint: impl Into<String>) {
        let hint = Some(hint.into()).filter(|hint| !hint.is_empty());
        let (file, message) = (place.file.to_string(), message.into());
        self.problems.borrow_mut().push(Problem { file, line: place.line, message, hint });
    }

    /// Notes a name that has to be found in a register.
    pub(super) fn want(&self, place: &Place, wanted: Wanted, name: &str) {
        let reference = Reference { place: place.clone(), wanted, name: name.to_string() };
        self.references.borrow_mut().push(reference);
    }

    /// Notes how far a register could be read.
    pub(super) fn set(&self, register: Register, state: State) {
        self.states.borrow_mut().insert(register, state);
    }

    /// Returns how far a register could be read.
    pub(super) fn state(&self, register: Register) -> State {
        self.states.borrow().get(&register).copied().unwrap_or(State::Absent)
    }

    /// Returns the names that have to be found.
    pub(super) fn references(&self) -> Vec<Reference> {
        self.references.take()
    }

    /// Returns all problems, sorted by file and line, each once.
    pub(super) fn into_problems(self) -> Vec<Problem> {
        let mut problems = self.problems.into_inner();
        problems.sort();
        problems.dedup();
        problems
    }

    /// Returns the hint that names what was probably meant among `known`, or `otherwise`.
    pub(super) fn suggest<'a, I>(&self, name: &str, known: I, otherwise: &str) -> String
    where
        I: IntoIterator<Item = &'a str>,
    {
        let left = COMPARISONS.saturating_sub(self.compared.get());
        let counted = known.into_iter().take(left).inspect(|_| self.compared.set(self.compared.get() + 1));
        nearest(name, counted)
            .map_or_else(|| otherwise.to_string(), |known| format!("did you mean {}?", quote(known)))
    }

    /// Returns the text of a file without its byte order mark; what keeps it from being read is noted, absence is not.
    pub(super) fn read(&self, path: &Path, file: &str, register: Register) -> Option<String> {
        let bytes = match std::fs::read(path) {
            Ok(bytes) => bytes,
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => return None,
            Err(error) => {
                self.set(register, State::Doubtful);
                self.problem(&Place::new(file, 0), format!("cannot be read: {error}"), "");
                return None;
            }
        };
        self.set(register, State::Read);
        match String::from_utf8(bytes) {
            Ok(text) => Some(text.strip_prefix('\u{feff}').map(str::to_string).unwrap_or(text)),
            Err(error) => {
                self.set(register, State::Doubtful);
                let valid = &error.as_bytes()[..error.utf8_error().valid_up_to()];
                let line = 1 + valid.iter().filter(|byte| **byte == b'\n').count();
                self.problem(&Place::new(file, line), "the text is not UTF-8", "save the file as UTF-8");
                None
            }
        }
    }

    /// Returns `number` when it lies in `low..=high`; else notes that `name` does not.
    pub(super) fn within(&self, place: &Place, name: &str, number: f64, range: (f64, f64)) -> Option<f64> {
        let (low, high) = range;
        if (low..=high).contains(&number) {
            return Some(number);
        }
        let message = format!("{} is {number}, outside {low} to {high}", quote(name));
        let is_percent = range == (0.0, 1.0) && (2.0..=100.0).contains(&number);
        let hint = if is_percent { format!("write {number} % as {}", number / 100.0) } else { String::new() };
        self.problem(place, message, hint);
        None
    }

    /// Returns `number` when it is above zero; else notes that `name` is not.
    pub(super) fn positive(&self, place: &Place, name: &str, number: f64) -> Option<f64> {
        if number > 0.0 {
            return Some(number);
        }
        let hint = "what is twice as large counts twice; leave it out where all count alike";
        self.problem(place, format!("{} is {number}, not above 0", quote(name)), hint);
        None
    }
}
