//! The face: help pages, and what goes to stdout and what to stderr.

use std::path::Path;

use crate::tools::{Project, concord, ended, package, program, rows};

/// The commands with the flags of each.
const COMMANDS: [(&str, &[&str]); 5] = [
    (
        "init",
        &[
            "--survey",
            "--commitments",
            "--competency",
            "--example",
            "--scale",
            "--months",
            "--seed",
            "--without",
        ],
    ),
    ("check", &["--data", "--store"]),
    (
        "run",
        &[
            "--data",
            "--store",
            "--as-of",
            "--accept",
            "--out",
            "--month",
            "--from",
            "--to",
            "--reports",
            "--count-only",
        ],
    ),
    ("report", &["--data", "--store", "--out", "--month", "--from", "--to", "--reports"]),
    ("stat", &[]),
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
    // Nothing but remarks on surveys that are not made every month.
    let is_remark = |line: &str| line.starts_with("source `") && line.contains("no file matches");
    assert!(check.stderr.lines().all(is_remark), "{}", check.stderr);
    assert!(check.stdout.starts_with("source "), "{}", check.stdout);
    let json: serde_json::Value =
        serde_json::from_str(&project.run(&["check", "--format", "json"]).done()).unwrap();
    assert!(json["sources"]["client"]["rows"]["read"].as_u64().unwrap() > 0);
    let run = project.run(&["run"]);
    assert!(run.stderr.lines().all(is_remark), "{}", run.stderr);
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
fn a_first_project_is_drafted_from_files_and_counts_them() {
    let folder = tempfile::tempdir().unwrap();
    let write = |name: &str, text: &str| std::fs::write(folder.path().join(name), text).unwrap();
    write(
        "answers-1.csv",
        "AnswerID;Branch;Visit date;Q1;Q2;Recommend?;Comment\n1;East;2026-01-03;5;4;9;good\n2;\"West, old\";2026-01-04;3;4;7;\n",
    );
    write(
        "answers-2.csv",
        "AnswerID;Branch;Visit date;Q1;Q2;Recommend?;Comment\n3;East;2026-02-03;1;5;10;\n4;North;2026-02-04;3;2;2;bad\n",
    );
    write(
        "tickets.csv",
        "Ticket,Branch,Type,Opened on,Due,Closed at\nA,East,card,2026-01-03,2026-01-08,2026-01-08T17:00\nB,East,loan,2026-01-05,2026-01-06,2026-01-09\n\
        C,North,card,2026-01-05,2026-01-09,2026-01-08\n",
    );
    let init = ["init", "--survey", "answers-*.csv", "--commitments", "tickets.csv", "first"];
    let said = concord(folder.path(), &init);
    assert!(said.stderr.contains("Visit date as date; questions: Q1, Q2, Recommend?"), "{}", said.stderr);
    assert!(said.stderr.contains("Closed at as closed_at"), "{}", said.stderr);
    said.done();
    let out = concord(folder.path(), &["run", "first", "--as-of", "2026-03-15"]).done();
    assert!(out.contains("7 rows read, 0 in quarantine; 2 months in the store"), "{out}");
    let feed = folder.path().join("first/feeds/measures/month=2026-02/measures.parquet");
    let figures = rows(&feed, &["department", "measure", "window_months", "value", "n"]);
    let value = |key: [&str; 3]| {
        figures.iter().find(|row| row[..3] == key).map(|row| (row[3].as_str(), row[4].as_str()))
    };
    assert_eq!(value(["East", "satisfaction_index", "1"]), Some(("50.0", "1")));
    assert_eq!(value(["all", "kept:card", "12"]), Some(("1.0", "2")));
    assert_eq!(value(["East", "kept:loan", "12"]), Some(("0.0", "1")));
    // What is there stays.
    let again = concord(folder.path(), &init);
    assert!(
        again.code == 2 && again.stderr.contains("there is a `concord.toml` already"),
        "{}",
        again.stderr
    );
    let lacking = concord(folder.path(), &["init", "--competency", "tickets.csv", "second"]);
    assert!(lacking.code == 1 && lacking.stderr.contains("no column looks like"), "{}", lacking.stderr);
    assert!(!folder.path().join("second").exists());
    write("american.csv", "id,branch,date,q1\n1,a,04/26/2024,3\n2,b,04/27/2024,4\n3,a,12/28/2024,5\n");
    let unread = concord(folder.path(), &["init", "--survey", "american.csv", "second"]);
    assert!(
        unread.code == 1 && unread.stderr.contains("`date` holds `04/26/2024`, which is read as no date")
    );
    write(
        "spoken.csv",
        "id,branch,opened,promise\n1,a,2024-04-26,answer in 48 h\n2,b,2024-04-27,answer in 48 h\n",
    );
    let spoken = concord(folder.path(), &["init", "--commitments", "spoken.csv", "second"]);
    assert!(spoken.code == 2 && spoken.stderr.contains("code `answer in 48 h` has characters other than"));
}

#[test]
fn what_cannot_work_is_told_before_anything_is_counted() {
    let project = Project::bank(1);
    for (arguments, words) in [
        (vec!["run", "--out", "concord.toml"], "nothing can be written there"),
        (vec!["run", "--store", "concord.toml/store"], "nothing can be written there"),
        (vec!["run", "--store", "reports/st", "--out", "reports"], "would be published with reports"),
        (vec!["report", "--store", "public/../reports/st"], "would be published with"),
        (vec!["run", "--store", "st", "--out", "st/public"], "would hold what is published to st/public"),
        (vec!["run", "--from", "2025-02", "--to", "2025-01"], "comes after"),
        (vec!["run", "--threads", "0"], "invalid value"),
        (vec!["run", "--month", "2024-11", "--reports", "all"], "cannot be used with"),
    ] {
        let ended = project.run(&arguments);
        assert!(ended.code == 2 && ended.stderr.contains(words), "{arguments:?}: {}", ended.stderr);
    }
    assert!(!project.path(".concord").exists());
}

#[test]
fn a_store_may_be_named_without_a_folder() {
    let folder = tempfile::tempdir().unwrap();
    let tickets = "Ticket,Branch,Type,Opened on,Due,Closed at\n\
        A,East,card,2026-01-03,2026-01-08,2026-01-07\nB,East,card,2026-01-05,2026-01-09,2026-01-08\n";
    std::fs::write(folder.path().join("tickets.csv"), tickets).unwrap();
    concord(folder.path(), &["init", "--commitments", "tickets.csv", "first"]).done();
    let project = folder.path().join("first");
    concord(&project, &["run", "--store", "counted", "--as-of", "2026-03-15"]).done();
    assert!(project.join("counted/month=2026-01").is_dir() && !project.join(".concord").exists());
    let report = project.join("reports/2026-01/report.html");
    let before = std::fs::read(&report).unwrap();
    concord(&project, &["report", "--store", "counted"]).done();
    assert_eq!(before, std::fs::read(&report).unwrap());
}

#[test]
fn a_source_without_files_is_told() {
    let project = Project::bank(1);
    std::fs::remove_dir_all(project.path("commitments")).unwrap();
    let run = project.run(&["run"]);
    assert!(run.stderr.contains("source `cases`: no file matches commitments/"), "{}", run.stderr);
    assert!(project.run(&["run", "--quiet"]).stderr.is_empty());
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
