//! The face: help pages, and what goes to stdout and what to stderr.

use std::path::Path;

use crate::tools::{Project, concord, ended, package, program};

/// The commands with the flags of each.
const COMMANDS: [(&str, &[&str]); 4] = [
    ("init", &["--example", "--scale", "--months", "--seed"]),
    ("check", &["--data", "--store"]),
    ("run", &["--data", "--store", "--as-of", "--accept", "--out", "--month", "--from", "--to", "--reports"]),
    ("report", &["--data", "--store", "--out", "--month", "--from", "--to", "--reports"]),
];
const COMMON: [&str; 4] = ["--quiet", "--format", "--threads", "--help"];

fn help(arguments: &[&str]) -> String {
    concord(Path::new("."), arguments).done()
}

#[test]
fn the_help_lists_every_command_and_flag() {
    let all = help(&["--help"]);
    let mut listed: Vec<&str> = all
        .lines()
        .skip_while(|line| *line != "Commands:")
        .skip(1)
        .take_while(|line| !line.is_empty())
        .collect();
    listed.retain(|line| line.starts_with("  ") && !line.starts_with("   "));
    let listed: Vec<&str> = listed.iter().filter_map(|line| line.split_whitespace().next()).collect();
    for (command, flags) in COMMANDS {
        assert!(listed.contains(&command), "{command}");
        let text = help(&[command, "--help"]);
        for flag in flags.iter().chain(&COMMON) {
            assert!(text.contains(flag), "{command} {flag}");
        }
        let documented = text.lines().map(str::trim_start).filter(|line| line.starts_with('-')).count();
        assert!(documented >= flags.len() + COMMON.len(), "{command} has flags that this test does not know");
    }
}

#[test]
fn every_flag_says_what_it_does() {
    for (command, _) in COMMANDS {
        let text = help(&[command, "-h"]);
        for line in text.lines().filter(|line| line.trim_start().starts_with('-')) {
            let words = line.trim_start().split("  ").filter(|part| !part.trim().is_empty()).count();
            assert!(words >= 2, "{command}: {line}");
        }
    }
}

#[test]
fn results_go_to_stdout_and_everything_else_to_stderr() {
    let project = Project::bank(1);
    let check = project.run(&["check"]);
    assert_eq!(check.stderr, "");
    assert!(check.stdout.starts_with("source "), "{}", check.stdout);
    let json: serde_json::Value =
        serde_json::from_str(&project.run(&["check", "--format", "json"]).done()).unwrap();
    assert!(json["sources"]["client"]["rows"]["read"].as_u64().unwrap() > 0);
    let run = project.run(&["run"]);
    assert_eq!(run.stderr, "");
    assert!(run.stdout.contains(" rows read, "), "{}", run.stdout);
}

#[test]
fn remarks_are_silent_when_asked() {
    let folder = tempfile::tempdir().unwrap();
    let init = |name: &str, flags: &[&str]| {
        concord(folder.path(), &[&["init", "--months", "1", name], flags].concat())
    };
    let loud = init("a", &[]);
    assert_eq!((loud.stdout.as_str(), loud.stderr.as_str()), ("", "a is ready; next: concord run a\n"));
    let quiet = init("b", &["--quiet"]);
    assert_eq!((quiet.stdout.as_str(), quiet.stderr.as_str()), ("", ""));
    let error = concord(folder.path(), &["run", "nowhere", "--quiet"]);
    assert!(error.stderr.starts_with("error: "), "errors are never silent");
}

#[test]
fn no_escape_codes_leave_a_terminal() {
    let folder = tempfile::tempdir().unwrap();
    for colour in [None, Some("1")] {
        let mut command = program(folder.path());
        command.args(["run", "nowhere"]);
        colour.map(|value| command.env("NO_COLOR", value));
        assert!(!ended(&mut command).stderr.contains('\u{1b}'));
    }
}

#[test]
fn the_commands_in_the_readme_work() {
    let folder = tempfile::tempdir().unwrap();
    let readme = std::fs::read_to_string(package().join("README.md")).unwrap();
    let commands: Vec<&str> = readme.lines().filter_map(|line| line.strip_prefix("$ concord ")).collect();
    assert!(commands.len() >= COMMANDS.len());
    for command in commands {
        concord(folder.path(), &command.split(' ').collect::<Vec<_>>()).done();
    }
}
