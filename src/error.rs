//! What can stop a run, and what a project's files can have wrong with them.
//!
//! Messages say what and where in lower case; what to do about it is the hint.

use std::fmt;
use std::path::{Path, PathBuf};

/// A reason that a run cannot go on.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// The project's own files are wrong; every problem of one reading.
    #[error("{}", list(.0))]
    Project(Vec<Problem>),
    /// The data are worse than the thresholds allow, or cannot be read at all.
    #[error("{message}")]
    Data {
        /// What is wrong and where.
        message: String,
        /// What to do.
        hint: String,
    },
    /// The command line asks for something that cannot be done.
    #[error("{message}")]
    Usage {
        /// What is wrong.
        message: String,
        /// What to do.
        hint: String,
    },
    /// A file or folder could not be read or written.
    #[error("{}: {source}", path.display())]
    Io {
        /// The file or folder.
        path: PathBuf,
        /// What the system said.
        source: std::io::Error,
    },
    /// A stored or generated file is damaged.
    #[error("{}: {message}", path.display())]
    Format {
        /// The file.
        path: PathBuf,
        /// What is wrong with it.
        message: String,
    },
}

/// The result of anything that can stop a run.
pub type Result<T> = std::result::Result<T, Error>;

impl Error {
    /// Returns a function that wraps a system error with the path it is about.
    pub fn io(path: &Path) -> impl FnOnce(std::io::Error) -> Self {
        move |source| Self::Io { path: path.to_path_buf(), source }
    }

    /// Returns a function that wraps any error about the content of a file with its path.
    pub fn format<E: fmt::Display>(path: &Path) -> impl FnOnce(E) -> Self {
        move |error| Self::Format { path: path.to_path_buf(), message: error.to_string() }
    }

    /// Returns what the user can do, if that is not already in the message.
    pub fn hint(&self) -> Option<&str> {
        match self {
            Self::Data { hint, .. } | Self::Usage { hint, .. } if !hint.is_empty() => Some(hint),
            Self::Format { path, .. } if path.components().any(|part| part.as_os_str() == "store") => Some(
                "remove this file's folder from the store, or the whole store: a run counts again what is missing",
            ),
            Self::Io { source, .. } if source.kind() == std::io::ErrorKind::NotFound => {
                Some("look at the path: relative ones begin at the folder you are in")
            }
            _ => None,
        }
    }

    /// Returns the exit code: 1 data rejected, 2 usage or configuration, 3 anything else.
    pub fn exit_code(&self) -> u8 {
        match self {
            Self::Data { .. } => 1,
            Self::Project(_) | Self::Usage { .. } => 2,
            Self::Io { .. } | Self::Format { .. } => 3,
        }
    }
}

/// One thing wrong in one of the project's own files.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Problem {
    /// The file, relative to the project.
    pub file: String,
    /// The line, from 1; 0 when the whole file is meant.
    pub line: usize,
    /// What is wrong.
    pub message: String,
    /// What to do, if there is something to say.
    pub hint: Option<String>,
}

impl fmt::Display for Problem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.line {
            0 => write!(f, "{}: {}", self.file, self.message)?,
            line => write!(f, "{}:{line}: {}", self.file, self.message)?,
        }
        match &self.hint {
            Some(hint) => write!(f, "\nhint: {hint}"),
            None => Ok(()),
        }
    }
}

/// Problems that are shown at once: more than anybody mends before the next try.
const SHOWN: usize = 100;

fn list(problems: &[Problem]) -> String {
    let mut lines: Vec<String> = problems.iter().take(SHOWN).map(Problem::to_string).collect();
    if problems.len() > SHOWN {
        lines.push(format!("… and {} more", problems.len() - SHOWN));
    }
    lines.join("\n")
}
