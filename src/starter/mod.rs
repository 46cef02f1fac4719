//! Starter: delivered files -> a first project that counts them, with everything it guessed in plain sight.
//!
//! In: files and what each holds. Out: the texts of `concord.toml` and the registers, and what was taken for what. Deliberately absent:
//! targets, weights and what a role requires, which nobody can read from data.
//!
//! | module | holds |
//! |---|---|
//! | `look` | how columns look |
//! | `part` | which column is what |
//! | `registers` | the texts of the registers |

mod look;
mod part;
mod registers;

use std::collections::BTreeMap;
use std::fmt::Write;
use std::path::{Path, PathBuf};

use crate::error::{Error, Result};
use crate::month::Month;
use crate::project::Kind;
use crate::source::{Wanted, open};
use look::Look;

/// Files of one form and what they hold.
pub struct Given {
    /// What the files hold.
    pub kind: Kind,
    /// The files.
    pub paths: Vec<PathBuf>,
    /// How the project names them: a path or a pattern.
    pub named: String,
}

/// Files with their columns understood.
struct Read<'g> {
    given: &'g Given,
    looks: Vec<Look>,
    parts: Vec<(&'static str, usize)>,
}

impl Read<'_> {
    /// Returns the column that is `part`.
    fn part(&self, part: &str) -> Option<&Look> {
        self.parts.iter().find(|(name, _)| *name == part).map(|(_, place)| &self.looks[*place])
    }

    /// Returns the columns that are nothing else and look like questions, each with its scale.
    fn items(&self) -> Vec<(&Look, (i32, i32))> {
        let is_free = |(place, _): &(usize, &Look)| !self.parts.iter().any(|(_, taken)| taken == place);
        let free = self.looks.iter().enumerate().filter(is_free);
        free.filter_map(|(_, look)| Some((look, look.scale()?))).collect()
    }

    /// Returns where people work, as far as the rows say; the last row counts.
    fn posts(&self) -> Result<BTreeMap<String, String>> {
        let mut posts = BTreeMap::new();
        let person = self.part("person").or(self.part("server"));
        let (Some(person), Some(department)) = (person, self.part("department")) else { return Ok(posts) };
        let wanted = [person, department].map(|look| Wanted {
            name: look.name.clone(),
            column: look.name.clone(),
            constant: None,
            required: false,
        });
        for path in &self.given.paths {
            for batch in open(path, &wanted)? {
                let batch = batch?;
                for row in (0..batch.rows).filter(|row| !batch.broken.contains_key(row)) {
                    let [person, department] = [0, 1].map(|column| batch.cell(column, row).show());
                    if !person.is_empty() && !department.is_empty() {
                        posts.insert(person, department);
                    }
                }
            }
        }
        Ok(posts)
    }

    fn first_month(&self) -> Option<Month> {
        self.part(if self.given.kind == Kind::Commitments { "opened_at" } else { "date" })?.first_month()
    }
}

/// A first project.
pub struct Draft {
    /// Texts of its files by their paths.
    pub files: BTreeMap<&'static str, String>,
    /// What was taken for what, a line a file, and what is left to be said.
    pub remarks: Vec<String>,
}

/// Drafts the project `name` of the files in `given`.
///
/// Errors: a file that cannot be read, or whose rows lack something they need.
pub fn draft(name: &str, given: &[Given]) -> Result<Draft> {
    let read: Vec<Read<'_>> = given.iter().map(understand).collect::<Result<_>>()?;
    let mut draft = Draft { files: BTreeMap::new(), remarks: read.iter().map(remark).collect() };
    draft.files.insert("concord.toml", settings(name, &read));
    registers::write(&read, &mut draft)?;
    Ok(draft)
}

fn understand(given: &Given) -> Result<Read<'_>> {
    let looks = look::look(&given.paths)?;
    if looks.iter().all(|look| look.n == 0) {
        return Err(Error::Data {
            message: format!("{}: there are no rows", given.named),
            hint: "a project is drafted from what the rows hold".into(),
        });
    }
    match part::find(given.kind, &looks) {
        Ok(parts) => Ok(Read { given, looks, parts }),
        Err(missing) if !part::unread_times(given.kind, &looks, &missing).is_empty() => {
            let told = part::unread_times(given.kind, &looks, &missing);
            let sample = told[0].values.keys().next().cloned().unwrap_or_default();
            Err(Error::Data {
                message: format!(
                    "{}: `{}` holds `{sample}`, which is read as no date",
                    given.named, told[0].name
                ),
                hint: "write dates as 2026-10-31, times as 2026-10-31T12:30, both of the local clock".into(),
            })
        }
        Err(missing) => {
            let columns: Vec<&str> = looks.iter().map(|look| look.name.as_str()).collect();
            Err(Error::Data {
                message: format!("{}: no column looks like `{}`", given.named, missing.join("`, `")),
                hint: format!(
                    "rename it in the file, or write the project by hand and map it; columns: {}",
                    columns.join(", ")
                ),
            })
        }
    }
}

/// Says which column was taken for what.
fn remark(read: &Read<'_>) -> String {
    let parts: Vec<String> = read
        .parts
        .iter()
        .map(|(part, place)| match read.looks[*place].name.as_str() {
            own if own == *part => own.to_owned(),
            own => format!("{own} as {part}"),
        })
        .collect();
    let mut text = format!("{}: {}", read.given.named, parts.join(", "));
    if read.given.kind == Kind::Survey {
        let items: Vec<&str> = read.items().iter().map(|(look, _)| look.name.as_str()).collect();
        let _ = write!(text, "; questions: {}", items.join(", "));
    }
    let is_question = |look: &Look| read.given.kind == Kind::Survey && look.scale().is_some();
    let is_left = |(place, look): &(usize, &Look)| {
        !read.parts.iter().any(|(_, taken)| taken == place) && !is_question(look)
    };
    let left: Vec<&str> =
        read.looks.iter().enumerate().filter(is_left).map(|(_, look)| look.name.as_str()).collect();
    if !left.is_empty() {
        let _ = write!(text, "; left out: {}", left.join(", "));
    }
    text
}

/// Name of a source and kind as `concord.toml` writes it.
fn words(kind: Kind) -> (&'static str, &'static str) {
    match kind {
        Kind::Survey => ("client", "survey"),
        Kind::Commitments => ("cases", "commitments"),
        Kind::Competency => ("ratings", "competency"),
        Kind::Interviews => ("interviews", "interviews"),
        Kind::Results => ("results", "results"),
        Kind::Invitations => ("invitations", "invitations"),
    }
}

fn settings(name: &str, read: &[Read<'_>]) -> String {
    let code: String =
        name.to_lowercase().chars().map(|c| if c.is_alphanumeric() { c } else { '-' }).collect();
    let first = read.iter().filter_map(Read::first_month).min();
    let mut text = format!(
        "# A first project. Lines that begin with # explain what can be said; nothing here is hidden elsewhere.\n\
        name = {}\ntitle = {}\nlanguages = [\"en\"]\n\n[time]\nfrom = \"{}\"\n\
        # A month is provisional until so many days after its end.\nsettle_days = 10\n",
        quote(code.trim_matches('-')),
        quote(name),
        first.unwrap_or(Month::new(2026, 1)),
    );
    for kind in [Kind::Survey, Kind::Commitments, Kind::Competency] {
        let own: Vec<&Read<'_>> = read.iter().filter(|read| read.given.kind == kind).collect();
        for (number, read) in own.iter().enumerate() {
            source(&mut text, read, number);
        }
    }
    text
}

fn source(text: &mut String, read: &Read<'_>, number: usize) {
    let (name, kind) = words(read.given.kind);
    let number = if number > 0 { format!("-{}", number + 1) } else { String::new() };
    let head = format!("sources.{name}{number}");
    let _ = write!(text, "\n[{head}]\nkind = \"{kind}\"\n");
    if read.given.kind == Kind::Survey {
        text.push_str("questionnaire = \"client\"\n");
    }
    let _ = write!(
        text,
        "# Patterns such as \"answers-*.csv\" take every month's file.\nfiles = [{}]\n",
        quote(&read.given.named)
    );
    let is_mapped = |(part, place): &&(&str, usize)| {
        read.looks[*place].name != *part && !(read.given.kind == Kind::Competency && *part == "department")
    };
    let mapped: Vec<_> = read.parts.iter().filter(is_mapped).collect();
    if !mapped.is_empty() {
        let _ = write!(text, "# what Concord calls it = \"what the file calls it\"\n[{head}.columns]\n");
        for (part, place) in mapped {
            let _ = writeln!(text, "{part} = {}", quote(&read.looks[*place].name));
        }
    }
    let constants = [(Kind::Commitments, "commitment", "service"), (Kind::Competency, "relation", "peer")];
    for (kind, part, value) in constants {
        if read.given.kind == kind && read.part(part).is_none() {
            let _ = write!(text, "[{head}.constants]\n{part} = \"{value}\"\n");
        }
    }
}

/// Writes a text as TOML does.
fn quote(text: &str) -> String {
    toml::Value::String(text.to_owned()).to_string()
}

/// Returns how a project in `folder` names `path`: relative to the folder.
pub fn relative(folder: &Path, path: &Path) -> String {
    let shared = folder.components().zip(path.components()).take_while(|(a, b)| a == b).count();
    let up = folder.components().skip(shared).map(|_| "..".to_owned());
    let down = path.components().skip(shared).map(|part| part.as_os_str().to_string_lossy().into_owned());
    up.chain(down).collect::<Vec<_>>().join("/")
}
