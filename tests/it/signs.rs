//! Signs to look into, through the program: the bank's stories and nothing else, the null twin, plants in the files.

use std::path::Path;

use crate::tools::{Project, bank, concord, make_bank, rows};

/// What is to be looked into: sign, department, commitment, month.
fn told(folder: &Path, month: &str) -> Vec<[String; 4]> {
    let path = folder.join(format!("feeds/signs/month={month}/signs.parquet"));
    let read = rows(&path, &["sign", "department", "commitment", "jump_month", "to_look_into"]);
    let own = read.into_iter().filter(|row| row[4] == "true");
    own.map(|row| [row[0].clone(), row[1].clone(), row[2].clone(), row[3].clone()]).collect()
}

/// The number of tests of each kind.
fn tests(folder: &Path, month: &str, sign: &str) -> usize {
    let path = folder.join(format!("feeds/signs/month={month}/signs.parquet"));
    rows(&path, &["sign"]).iter().filter(|row| row[0] == sign).count()
}

fn told_of(found: &[[String; 4]], sign: &str) -> Vec<[String; 3]> {
    let own = found.iter().filter(|row| row[0] == sign);
    own.map(|row| [row[1].clone(), row[2].clone(), row[3].clone()]).collect()
}

fn own(department: &str, commitment: &str, month: &str) -> [String; 3] {
    [department, commitment, month].map(str::to_owned)
}

#[test]
fn the_bank_shows_its_stories_and_nothing_else() {
    let found = told(bank(), "2026-10");
    assert_eq!(told_of(&found, "heaping"), [own("northgate", "queue", "")]);
    assert_eq!(told_of(&found, "not_as_seen"), [own("northgate", "all", "")]);
    assert_eq!(told_of(&found, "response_jump"), [own("harbour-square", "all", "2025-11")]);
    // Customers who are asked because they look content give the best answer everywhere.
    assert_eq!(told_of(&found, "straight_lining"), [own("harbour-square", "all", "")]);
    assert_eq!(found.len(), 4, "{found:?}");
    for (sign, least) in [
        ("heaping", 100),
        ("reopened", 100),
        ("response_jump", 300),
        ("not_invited", 25),
        ("straight_lining", 25),
    ] {
        assert!(tests(bank(), "2026-10", sign) >= least, "{sign}");
    }
}

#[test]
fn what_northgate_customers_saw_is_not_what_its_log_says() {
    let path = bank().join("feeds/signs/month=2026-10/signs.parquet");
    let kappa = |department: &str| {
        let all = rows(&path, &["sign", "department", "value", "lower", "upper"]);
        let own = all.into_iter().find(|row| row[0] == "kappa" && row[1] == department).unwrap();
        [2, 3, 4].map(|column| own[column].parse::<f64>().unwrap())
    };
    let ([whole, lower, _], [northgate, _, upper]) = (kappa("all"), kappa("northgate"));
    assert!(whole > 0.85 && northgate < 0.7 && upper < lower, "{whole} {northgate} {upper}");
}

#[test]
fn words_are_careful() {
    let page = std::fs::read_to_string(bank().join("reports/2026-10/report.html")).unwrap();
    let start = page.find("id=\"signs\"").unwrap();
    let section = &page[start..start + page[start..].find("</section>").unwrap()];
    assert!(section.contains("To be looked into") && section.contains("a sign is a question"));
    for word in ["cheat", "manipulat", "fraud", "caused", "guilt"] {
        assert!(!section.contains(word), "{word}");
    }
}

#[test]
fn the_null_twin_shows_nothing() {
    let folder = tempfile::tempdir().unwrap();
    let root = folder.path().join("twin");
    let arguments = ["init", "--example", "bank", "--without", "all", root.to_str().unwrap()];
    concord(Path::new("."), &arguments).done();
    concord(&root, &["run"]).done();
    let found = told(&root, "2026-10");
    assert!(found.is_empty(), "{found:?}");
}

#[test]
fn customers_with_broken_promises_who_are_not_invited_are_a_sign() {
    let project = Project::bank(6);
    for year in ["2024", "2025"] {
        let name = format!("invitations/invitations-{year}.csv");
        let rows = project.read(&name);
        let is_kept = |line: &&str| !(line.contains(",millpond,") && line.contains(",breached_"));
        let kept: Vec<&str> = rows.lines().filter(is_kept).collect();
        project.write(&name, kept.join("\n") + "\n");
    }
    project.run(&["run"]).done();
    let found = told(&project.root(), "2025-04");
    assert_eq!(told_of(&found, "not_invited"), [own("millpond", "all", "")], "{found:?}");
}

#[test]
fn cases_opened_again_and_straight_answers_are_signs() {
    let project = Project::bank(1);
    let log = "commitments/cases-ferry-landing-2024-11.csv";
    let text = project.read(log);
    let accounts = text.lines().filter(|line| line.contains(",account,"));
    let again: Vec<String> = accounts.take(20).filter_map(reopened).collect();
    assert!(again.len() > 10);
    project.write(log, format!("{text}{}\n", again.join("\n")));
    let answers = "survey/client-south-2024-11.csv";
    let straight: Vec<String> = project.read(answers).lines().map(straighten).collect();
    project.write(answers, straight.join("\n") + "\n");
    project.run(&["run"]).done();
    let found = told(&project.root(), "2024-11");
    assert_eq!(told_of(&found, "reopened"), [own("ferry-landing", "account", "")], "{found:?}");
    let departments: Vec<String> =
        told_of(&found, "straight_lining").into_iter().map(|row| row[0].clone()).collect();
    assert!(departments.contains(&"westquay".to_owned()), "{found:?}");
}

/// Makes a case of the same contact that begins an hour after the end of a kept one.
fn reopened(line: &str) -> Option<String> {
    let cells: Vec<&str> = line.split(',').collect();
    let (due, closed) = (cells[6], cells[7]);
    if closed.is_empty() || cells[4].is_empty() || closed > due || !cells[9].is_empty() {
        return None;
    }
    let later = |hour: u32, minute: &str| format!("{}T{:02}:{minute}:00", &closed[..10], hour);
    let hour = closed[11..13].parse::<u32>().ok()? + 1;
    let mut again: Vec<String> = cells.iter().map(|cell| (*cell).to_owned()).collect();
    again[0] = format!("{}-again", cells[0]);
    again[5] = later(hour, "00");
    again[6] = later(hour, "20");
    again[7] = later(hour, "10");
    Some(again.join(","))
}

/// Gives every question about satisfaction at Westquay the answer of the first.
fn straighten(line: &str) -> String {
    let mut cells: Vec<&str> = line.split(',').collect();
    let first = cells[13];
    if cells[2] == "westquay" && first.len() == 1 {
        cells[13..28].fill(first);
    }
    cells.join(",")
}

#[test]
fn a_project_with_nothing_to_look_at_has_no_such_section() {
    let folder = tempfile::tempdir().unwrap();
    let root = folder.path().join("bank");
    make_bank(&root, 1);
    let settings = std::fs::read_to_string(root.join("concord.toml")).unwrap();
    let start = settings.find("[sources.client]").unwrap();
    let results = &settings[settings.find("[sources.results]").unwrap()
        ..settings.find("[sources.invitations]").unwrap_or(settings.len())];
    std::fs::write(root.join("concord.toml"), format!("{}{results}", &settings[..start])).unwrap();
    concord(&root, &["run"]).done();
    let page = std::fs::read_to_string(root.join("reports/2024-11/report.html")).unwrap();
    assert!(!page.contains("id=\"signs\"") && !page.contains("id=\"response\""));
}
