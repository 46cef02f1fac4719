//! What raters say of people, through the program: the bank's plants, a recount with pandas, what stays hidden, the list on request.

use std::path::Path;

use serde_json::Value;

use crate::tools::{Project, bank, concord, files, rows, run_python};

/// Reads columns of a competency feed.
fn feed(folder: &Path, name: &str, month: &str, columns: &[&str]) -> Vec<Vec<String>> {
    rows(&folder.join(format!("feeds/competency_{name}/month={month}/competency_{name}.parquet")), columns)
}

/// The bank's month in which the five advisers who moved were assessed again.
fn moved() -> &'static Path {
    static MOVED: std::sync::OnceLock<tempfile::TempDir> = std::sync::OnceLock::new();
    let folder = MOVED.get_or_init(|| {
        let folder = tempfile::tempdir().unwrap();
        let out = folder.path().to_str().unwrap();
        concord(bank(), &["report", "--month", "2025-06", "--out", out]).done();
        folder
    });
    folder.path()
}

/// What the local list of a month says of heads as raters, of a copy of the bank that asks for it: department, people, excess, lower end,
/// whether remarkable.
fn heads_listed(month: &str) -> Vec<Vec<String>> {
    let folder = tempfile::tempdir().unwrap();
    for name in ["registers", ".concord/store"] {
        for (file, bytes) in files(&bank().join(name)) {
            let path = folder.path().join(name).join(file);
            std::fs::create_dir_all(path.parent().unwrap()).unwrap();
            std::fs::write(path, bytes).unwrap();
        }
    }
    let settings = std::fs::read_to_string(bank().join("concord.toml")).unwrap();
    let asked = settings.replacen("min_people = 5", "min_people = 5\nperson_file = true", 1);
    std::fs::write(folder.path().join("concord.toml"), asked).unwrap();
    concord(folder.path(), &["report", "--month", month, "--out", "out"]).done();
    let list = folder.path().join(format!(".concord/store-persons/{month}-raters.csv"));
    let text = std::fs::read_to_string(list).unwrap();
    let mut lines = text.lines();
    let head = "department,heads,quarter,people,difference,excess,p_holm,remarkable";
    assert_eq!(lines.next(), Some(head));
    lines.map(|line| line.split(',').map(str::to_owned).collect()).collect()
}

fn number(row: &[String], column: usize) -> f64 {
    row[column].parse().unwrap_or(f64::NAN)
}

fn recount(quarter: &str, earlier: &str) -> Value {
    let bank = bank().to_str().unwrap();
    serde_json::from_str(&run_python("count_ratings.py", &[bank, quarter, earlier])).unwrap()
}

#[test]
fn pandas_finds_the_same_agreement_gaps_and_heads() {
    for (folder, month, quarter, earlier) in
        [(bank(), "2026-10", "2026q3", "2026q2"), (moved(), "2025-06", "2025q2", "2025q1")]
    {
        let counted = recount(quarter, earlier);
        let standing = feed(folder, "standing", month, &["department", "measure", "value", "std_error"]);
        let mut compared = 0;
        for row in standing.iter().filter(|row| row[1] == "agreement" && !row[2].is_empty()) {
            let expected = counted["agreement"][&row[0]].as_f64().unwrap();
            assert!((number(row, 2) - expected).abs() < 1e-9, "{row:?} {expected}");
            compared += 1;
        }
        assert!(compared > 30);
        let gap = standing.iter().find(|row| row[0] == "all" && row[1] == "own_gap").unwrap();
        for (column, part) in [(2, "value"), (3, "std_error")] {
            assert!(
                (number(gap, column) - counted["own_gap"][part].as_f64().unwrap()).abs() < 1e-9,
                "{gap:?}"
            );
        }
    }
}

#[test]
fn heads_as_raters_are_counted_in_outputs_and_named_in_the_list_alone() {
    let heads = heads_listed("2026-10");
    let counted = recount("2026q3", "2026q2");
    let compared: Vec<&Vec<String>> = heads.iter().filter(|row| !row[5].is_empty()).collect();
    for row in &compared {
        let expected = counted["excess"][&row[0]].as_f64().unwrap();
        assert!((number(row, 5) - expected).abs() < 1e-9, "{row:?} {expected}");
    }
    let lenient: Vec<&Vec<String>> = heads.iter().filter(|row| row[7] == "true").collect();
    // Planted: .8 higher; at the top of the scale there is no room for it.
    assert_eq!(lenient.len(), 1, "{lenient:?}");
    assert!(lenient[0][0] == "orchard-hill" && number(lenient[0], 5) > 0.5, "{lenient:?}");
    let told = feed(bank(), "raters", "2026-10", &["heads", "heads_higher", "heads_lower", "reason"]);
    assert_eq!(told, [[&compared.len().to_string(), "1", "0", ""]]);
    let report = std::fs::read_to_string(bank().join("reports/2026-10/report.html")).unwrap();
    assert!(
        report.contains("rates higher than heads usually do") && !report.contains("head of Orchard Hill")
    );
}

#[test]
fn raters_are_told_as_they_were_made() {
    let standing = feed(
        bank(),
        "standing",
        "2026-10",
        &["department", "measure", "value", "may_average", "lower", "upper"],
    );
    let gap = standing.iter().find(|row| row[0] == "all" && row[1] == "own_gap").unwrap();
    // Planted: people see themselves .35 higher; at the ends of the scale there is no room for it.
    assert!((number(gap, 2) - 0.35).abs() < 0.08, "{gap:?}");
    let without: Vec<&str> = standing
        .iter()
        .filter(|row| row[1] == "agreement" && row[3] == "no_agreement")
        .map(|row| row[0].as_str())
        .collect();
    assert_eq!(without, ["marketing", "premises"], "planted: two departments whose raters do not agree");
    let mean = |department: &str| {
        standing.iter().find(|row| row[0] == department && row[1] == "mean_rating").map(|row| row[2].as_str())
    };
    assert_eq!(mean("marketing"), Some(""), "what is not agreed is not averaged");
    assert_ne!(mean("accounts"), Some(""));
    let report = std::fs::read_to_string(bank().join("reports/2026-10/report.html")).unwrap();
    assert!(report.contains("do not agree about the same people"));
}

#[test]
fn people_who_move_are_no_improvement() {
    let columns = ["department", "quarters_back", "part", "value", "people", "moved"];
    let changes = feed(moved(), "changes", "2025-06", &columns);
    let part = |department: &str, part: &str| {
        changes.iter().find(|row| row[0] == department && row[1] == "1" && row[2] == part).unwrap()
    };
    let value = |department: &str, name: &str| number(part(department, name), 3);
    // Planted: five advisers of level 3 in everything move from Eastgate to Westquay.
    assert_eq!((part("westquay", "joined")[4].as_str(), part("westquay", "left")[5].as_str()), ("5", "5"));
    assert!(value("westquay", "change") > 0.1 && value("westquay", "reassessed").abs() < 0.05);
    let staff = value("westquay", "joined") + value("westquay", "left");
    assert!(staff > 0.9 * value("westquay", "change"));
    assert!(value("eastgate", "left") < -0.1, "what leaves is missing there");
    let counted = recount("2025q2", "2025q1");
    let expected = |name: &str| counted["westquay"][name].as_f64().unwrap();
    for (name, own) in [("change", "change"), ("came", "joined"), ("left", "left"), ("stayed", "reassessed")]
    {
        assert!((value("westquay", own) - expected(name)).abs() < 1e-9, "{name}");
    }
    let report = std::fs::read_to_string(moved().join("reports/2025-06/report.html")).unwrap();
    assert!(report.contains("percentage points with who came and who left"));
}

#[test]
fn the_parts_of_what_is_shown_sum_to_the_change() {
    let columns = ["department", "quarters_back", "part", "value", "people"];
    let changes = feed(bank(), "changes", "2026-10", &columns);
    let mut whole = 0;
    for row in changes.iter().filter(|row| row[2] == "change" && !row[3].is_empty()) {
        let own: Vec<&Vec<String>> = changes
            .iter()
            .filter(|other| {
                other[..2] == row[..2] && !["before", "now", "change"].contains(&other[2].as_str())
            })
            .collect();
        assert_eq!(own.len(), 5);
        if own.iter().all(|part| !part[3].is_empty()) {
            let sum: f64 = own.iter().map(|part| number(part, 3)).sum();
            assert!((sum - number(row, 3)).abs() < 1e-12, "{row:?}");
            whole += 1;
        }
        let hidden: Vec<_> = own.iter().filter(|part| part[3].is_empty()).collect();
        assert_ne!(hidden.len(), 1, "one hidden part would follow from the others: {own:?}");
        for part in &own {
            assert!(part[4].is_empty() || part[4] == "0" || number(part, 4) >= 5.0, "{part:?}");
        }
    }
    assert!(whole >= 2, "at least all departments together are told in full");
}

#[test]
fn few_people_are_in_no_count() {
    for (folder, month) in [(bank(), "2026-10"), (moved(), "2025-06")] {
        let columns = ["department", "scope", "competency", "attained", "people", "count", "reason"];
        let states = feed(folder, "states", month, &columns);
        let mut counts = 0;
        for row in &states {
            assert!(!["1", "2", "3", "4"].contains(&row[5].as_str()), "{row:?}");
            assert!(row[5].is_empty() == (row[6] == "suppressed"), "{row:?}");
            assert!(row[4].is_empty() || number(row, 4) >= 5.0, "{row:?}");
            counts += usize::from(!row[5].is_empty());
        }
        assert!(counts > 200, "{counts}");
        // A row whose people are told hides none of its counts, or two at least.
        for row in states.iter().filter(|row| !row[4].is_empty()) {
            let same = |other: &&Vec<String>| other[..3] == row[..3] && other[5].is_empty();
            assert_ne!(states.iter().filter(same).count(), 1, "{row:?}");
        }
    }
}

/// Runs a project of so many people in one department, each rated by three others, named or not, and returns its page.
fn page_of(people: usize, is_named: bool) -> String {
    let folder = tempfile::tempdir().unwrap();
    let person = |person: usize| {
        let rater = |(rater, relation, day): (&str, &str, u32)| {
            let rater = if is_named { rater } else { "" };
            format!("p{person},{rater},{relation},A,{},2026-09-{day},a\n", 1 + person % 2)
        };
        [("h", "manager", 10), ("x", "peer", 11), ("y", "peer", 12)].map(rater).concat()
    };
    let ratings: String = (0..people).map(person).collect();
    let write = |name: &str, text: &str| std::fs::write(folder.path().join(name), text).unwrap();
    write("ratings.csv", &format!("person,rater,relation,competency,level,date,department\n{ratings}"));
    let cases = "id,department,opened,closed,commitment\n1,a,2026-09-03,2026-09-04,call\n2,a,2026-09-05,2026-09-06,call\n";
    write("cases.csv", cases);
    let init = ["init", "--competency", "ratings.csv", "--commitments", "cases.csv", "project"];
    concord(folder.path(), &init).done();
    concord(folder.path(), &["run", "project", "--as-of", "2026-10-20"]).done();
    std::fs::read_to_string(folder.path().join("project/reports/2026-09/report.html")).unwrap()
}

#[test]
fn a_page_of_few_people_says_why_it_tells_nothing() {
    let required = "Who attains what the role requires";
    let page = page_of(3, true);
    assert!(page.contains("Withheld: fewer than 5 people were assessed"));
    assert!(!page.contains(required));
    assert!(!page.contains("No questionnaire was answered"), "nobody is asked anything here");
    let page = page_of(12, true);
    assert!(page.contains(required) && !page.contains("Withheld: fewer than"));
    let page = page_of(12, false);
    assert!(page.contains(required) && page.contains("Raters whom the ratings do not name count as one"));
}

#[test]
fn priorities_say_where_no_effect_is_known() {
    let columns = ["department", "competency", "measure", "value", "effect", "reason", "core"];
    let all = feed(bank(), "priorities", "2026-10", &columns);
    let row = |competency: &str, measure: &str| {
        all.iter().find(|row| row[0] == "all" && row[1] == competency && row[2] == measure).unwrap()
    };
    for competency in ["A", "J"] {
        let (missing, priority) = (row(competency, "missing"), row(competency, "priority"));
        assert!((number(priority, 3) - number(missing, 3) * number(missing, 4)).abs() < 1e-12);
        // Planted: communication acts on two dimensions of five, product knowledge on one by .1 of a point of 1 to 5.
        assert!(number(missing, 4) > 0.2 && number(missing, 4) < 4.0, "{missing:?}");
    }
    assert_eq!(row("K", "priority")[3..6], ["", "", "not_measured"]);
    assert!(row("K", "missing")[6] == "true" && row("H", "missing")[6] == "false");
}

/// True levels of the heads in client orientation, by department.
fn true_heads() -> Vec<(String, String)> {
    let text = include_str!("../../src/example/bank/departments.csv");
    let cells = |line: &str| -> Vec<String> { line.split(',').map(str::to_owned).collect() };
    let head = cells(text.lines().next().unwrap());
    let place = head.iter().position(|name| name == "head_level").unwrap();
    text.lines().skip(1).map(|line| (cells(line)[0].clone(), cells(line)[place].clone())).collect()
}

#[test]
fn persons_are_listed_only_where_the_project_asks() {
    let project = Project::bank(2);
    project.run(&["run"]).done();
    let list = ".concord/store-persons/2024-12.csv";
    assert!(!project.path(".concord/store-persons").exists(), "off by default");
    let published = |project: &Project| {
        let mut all = files(&project.path("feeds"));
        all.extend(files(&project.path("reports")));
        all
    };
    let before = published(&project);
    project.edit("concord.toml", "min_people = 5", "min_people = 5\nperson_file = true");
    project.run(&["report"]).done();
    crate::tools::assert_same(&before, &published(&project));
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt;
        let mode = std::fs::metadata(project.path(list)).unwrap().permissions().mode();
        assert_eq!(mode & 0o077, 0, "nobody else may read it");
    }
    let text = project.read(list);
    assert!(
        text.starts_with(
            "person,department,role,competency,quarter,raters,attained,level,required,missing\n"
        )
    );
    let heads: Vec<Vec<&str>> = text
        .lines()
        .map(|line| line.split(',').collect::<Vec<&str>>())
        .filter(|row| row[3] == "CO")
        .collect();
    let truth = true_heads();
    let is_true = |row: &&Vec<&str>| truth.iter().any(|(code, level)| code == row[1] && level == row[6]);
    // The manager alone confirms level 0: a head of level 1 whom he takes for one of 0, or of whom he saw by mistake one negative
    // indicator of three, is at 0 or contradictory. Of the others most are where they are.
    let reached: Vec<&Vec<&str>> = heads.iter().filter(|row| ["1", "2", "3"].contains(&row[6])).collect();
    let hits = reached.iter().copied().filter(is_true).count();
    assert!(heads.len() >= 30 && reached.len() >= 15 && hits * 10 >= reached.len() * 7, "{heads:?}");
    let zeros = truth.iter().filter(|(_, level)| level == "0").map(|(code, _)| code);
    let mut found = zeros.filter_map(|code| heads.iter().find(|row| row[1] == code));
    assert!(found.all(|row| row[6] == "0"), "{heads:?}");
    project.edit("concord.toml", "person_file = true", "person_file = false");
    project.run(&["report"]).done();
    assert!(!project.path(".concord/store-persons").exists(), "what is no longer asked for is gone");
}

#[test]
fn an_indicator_that_the_register_does_not_know_is_set_aside() {
    let project = Project::bank(2);
    let file = "competency/ratings-product-2024q4.csv";
    let text = project.read(file);
    assert!(text.contains(",2.1,"));
    project.write(file, text.replacen(",2.1,", ",2.9,", 1).replacen(",1.2,", ",one,", 1));
    project.run(&["run"]).done();
    let aside = project.read(".concord/quarantine/ratings.csv");
    for value in ["2.9", "one"] {
        assert!(aside.contains(&format!("unknown_indicator,indicator,{value},")), "{aside}");
    }
}
