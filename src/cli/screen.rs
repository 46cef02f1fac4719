//! The terminal: results to stdout, everything else to stderr; progress bars only where somebody watches.

use std::io::{IsTerminal, Write};
use std::sync::Mutex;

use indicatif::{ProgressBar, ProgressStyle};

use crate::error::Error;

/// What a command may say, and how.
pub struct Screen {
    quiet: bool,
    json: bool,
    colour: bool,
    bar: Mutex<Option<(&'static str, ProgressBar)>>,
}

impl Screen {
    /// Opens the screen; colours only on a terminal and without `NO_COLOR`.
    pub fn new(quiet: bool, json: bool) -> Self {
        let colour = std::io::stderr().is_terminal()
            && std::env::var_os("NO_COLOR").is_none_or(|value| value.is_empty());
        Self { quiet, json, colour, bar: Mutex::new(None) }
    }

    /// Says whether nothing but errors and what was asked for is wanted.
    pub fn is_quiet(&self) -> bool {
        self.quiet
    }

    /// Says whether results are wanted as JSON.
    pub fn is_json(&self) -> bool {
        self.json
    }

    /// Writes a result to stdout; a reader that went away is no error.
    pub fn result(&self, text: &str) {
        self.clear();
        let _ = writeln!(std::io::stdout().lock(), "{text}");
    }

    /// Writes a remark to stderr.
    pub fn note(&self, text: &str) {
        if !self.quiet {
            self.clear();
            let _ = writeln!(std::io::stderr().lock(), "{text}");
        }
    }

    /// Writes an error and what to do about it to stderr.
    pub fn error(&self, error: &Error) {
        self.clear();
        let (red, blue, plain) =
            if self.colour { ("\u{1b}[1;31m", "\u{1b}[1;34m", "\u{1b}[0m") } else { ("", "", "") };
        let mut stderr = std::io::stderr().lock();
        let _ = writeln!(stderr, "{red}error{plain}: {error}");
        if let Some(hint) = error.hint() {
            let _ = writeln!(stderr, "{blue}hint{plain}: {hint}");
        }
    }

    /// Shows how far a stage has come.
    pub fn progress(&self, stage: &'static str, done: u64, total: u64) {
        if self.quiet || !std::io::stderr().is_terminal() {
            return;
        }
        let Ok(mut bar) = self.bar.lock() else { return };
        if bar.as_ref().is_none_or(|(shown, _)| *shown != stage) {
            let style = ProgressStyle::with_template("{msg:>8} {bar:30} {pos}/{len}")
                .unwrap_or_else(|_| ProgressStyle::default_bar());
            let fresh = ProgressBar::new(total).with_style(style).with_message(stage);
            if let Some((_, old)) = bar.replace((stage, fresh)) {
                old.finish_and_clear();
            }
        }
        if let Some((_, bar)) = bar.as_ref() {
            bar.set_position(done);
        }
    }

    fn clear(&self) {
        if let Ok(mut bar) = self.bar.lock()
            && let Some((_, bar)) = bar.take()
        {
            bar.finish_and_clear();
        }
    }
}
