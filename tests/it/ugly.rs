//! Hostile inputs through the program: what it says, and how it ends.

use crate::tools::{Project, assert_same, concord};

const FILE: &str = "survey/client-south-2024-11.csv";

/// Demands that `run` ends with `code`, says exactly `said` on stderr and nothing on stdout, and counts nothing.
fn refused(project: &Project, code: i32, said: &str) {
    let run = project.run(&["run"]);
    assert_eq!((run.code, run.stderr.as_str(), run.stdout.as_str()), (code, said, ""));
    let months = std::fs::read_dir(project.path(".concord/store")).map(|entries| {
        entries
            .filter(|entry| entry.as_ref().unwrap().file_name().to_str().unwrap().starts_with("month="))
            .count()
    });
    assert_eq!(months.unwrap_or(0), 0, "nothing is counted");
}

#[test]
fn unreadable_files_are_told_with_what_to_do() {
    let project = Project::bank(1);
    let sound = project.read(FILE);
    project.write(FILE, "");
    refused(
        &project,
        1,
        "error: survey/client-south-2024-11.csv: the file is empty\nhint: a file needs at least its header row\n",
    );
    project.write(FILE, sound.replacen("department", "departmnt", 1));
    refused(
        &project,
        1,
        "error: survey/client-south-2024-11.csv: column `department` is missing\n\
         hint: the file has 33 columns; the nearest is `departmnt`; map it under the source's `columns`, as in `department = \"…\"`\n",
    );
    project.write(FILE, sound.replacen("segment", "date", 1));
    refused(
        &project,
        1,
        "error: survey/client-south-2024-11.csv: column `date` occurs twice\n\
         hint: name one of them differently, so that it is clear which is meant\n",
    );
    project.write(FILE, sound);
    project.write("survey/client-2024-11.xls", "x");
    project.edit("concord.toml", "survey/client-*.csv", "survey/client-*.xls");
    refused(
        &project,
        1,
        "error: survey/client-2024-11.xls: files ending in `.xls` cannot be read\nhint: known endings: csv, tsv, txt, parquet, pq\n",
    );
}

#[test]
fn another_encoding_is_refused_whole() {
    let project = Project::bank(1);
    let wide: Vec<u8> = project.read(FILE).encode_utf16().flat_map(u16::to_le_bytes).collect();
    project.write(FILE, wide);
    let run = project.run(&["check"]);
    assert_eq!(run.code, 1);
    assert!(run.stderr.starts_with("error: survey/client-south-2024-11.csv: "), "{}", run.stderr);
    assert!(run.stderr.contains("\nhint: "), "{}", run.stderr);
}

#[test]
fn a_file_without_rows_is_no_error() {
    let project = Project::bank(1);
    let header = project.read(FILE).lines().next().unwrap().to_owned();
    project.write(FILE, header);
    project.count();
    assert_eq!(rows(&project, FILE), 0);
}

#[test]
fn bad_rows_go_to_quarantine_and_hide_no_other() {
    let project = Project::bank(1);
    let mut bytes = project.read(FILE).into_bytes();
    let before = bytes.split(|&byte| byte == b'\n').count();
    bytes.extend_from_slice(b"A1,too,short\nA2,\xff\xfe,not text\n");
    project.write(FILE, bytes);
    project.count();
    assert_eq!(rows(&project, FILE), before as u64);
    let listed = project.read(".concord/quarantine/client.csv");
    for line in [before, before + 1] {
        assert!(listed.contains(&format!("{FILE},{line},ragged_row,,,")), "line {line}");
    }
}

fn rows(project: &Project, file: &str) -> u64 {
    let deliveries = crate::tools::deliveries(&project.root());
    deliveries.iter().find(|one| one["file"] == file).unwrap()["rows"].as_u64().unwrap()
}

#[test]
fn sources_without_files_are_ordinary_but_no_file_at_all_is_refused() {
    let project = Project::bank(1);
    std::fs::remove_dir_all(project.path("commitments")).unwrap();
    project.run(&["run"]).done();
    for folder in ["survey", "interviews", "invitations", "results", ".concord"] {
        std::fs::remove_dir_all(project.path(folder)).unwrap();
    }
    let run = project.run(&["run"]);
    assert_eq!(run.code, 1);
    assert!(run.stderr.starts_with("error: no rows were found under "), "{}", run.stderr);
    assert!(run.stderr.contains("\nhint: the sources look for survey/client-*.parquet, "), "{}", run.stderr);
}

#[test]
fn a_delivery_of_which_no_row_is_understood_says_why() {
    let project = Project::empty();
    project.write(
        "concord.toml",
        "name = \"a\"\ntime.from = \"2026-01\"\n[sources.c]\nkind = \"commitments\"\nfiles = [\"c.csv\"]\n",
    );
    project.write("registers/departments.csv", "code,profile\neast,branch\n");
    project.write(
        "registers/commitments.toml",
        "[[commitment]]\ncode = \"card\"\nstatement = \"Soon\"\npromised_to = \"customer\"\nowner = \"branch\"\n\
         unit = \"days\"\nlimits = [{ limit = 2 }]\n",
    );
    project.write(
        "c.csv",
        "case,commitment,department,opened_at\n1,crad,east,2026-01-05\n2,crad,east,2026-01-06\n",
    );
    let run = project.run(&["run"]);
    assert!(run.code == 1 && run.stderr.contains("unknown_commitment"), "{}", run.stderr);
    let set_aside = project.read(".concord/quarantine/c.csv");
    assert_eq!(set_aside.lines().count(), 3, "{set_aside}");
}

#[test]
fn a_cause_that_the_register_does_not_know_keeps_its_case() {
    let project = Project::bank(1);
    let accepted = |project: &Project| project.run(&["check"]).done();
    let before = accepted(&project);
    project.edit("registers/causes.toml", "code = \"one-at-lunch\"", "code = \"lunch\"");
    project.edit("registers/actions.toml", "one-at-lunch", "lunch");
    assert_eq!(accepted(&project), before);
    project.run(&["run"]).done();
    let causes = project.path("feeds/causes/month=2024-11/causes.parquet");
    let all = crate::tools::rows(&causes, &["cause", "department"]);
    assert!(all.contains(&vec!["?".to_owned(), "all".to_owned()]));
}

#[test]
fn interview_rows_are_understood_or_kept_aside() {
    let project = Project::bank(1);
    let path = "interviews/more.csv";
    project.write(
        path,
        "interview,person,group,competency,coder,behaviour,level,minutes,date\n\
         W1,P0001,top,service,anna,B1,2,90,2024-11-20\n\
         W1,P0001,top,service,anna,B2,3,90,2024-11-20\n\
         W1,P0001,top,service,anna,B2,3,90,2024-11-20\n\
         W1,P0001,top,service,anna,,3,90,2024-11-20\n\
         W1,P0001,best,charm,anna,B3,2,0,2024-10-01\n",
    );
    project.run(&["run", "--accept", "a test"]).done();
    let aside = std::fs::read_to_string(project.path(".concord/quarantine/interviews.csv")).unwrap();
    let wanted =
        ["missing_field", "before_groups_fixed", "code_out_of_range", "unknown_code", "unknown_competency"];
    for reason in wanted {
        assert!(aside.contains(reason), "{reason}: {aside}");
    }
    let feed = project.path("feeds/interviews/month=2024-11/interviews.parquet");
    let all = crate::tools::rows(&feed, &["competency", "group", "persons", "level_mean"]);
    assert!(all.contains(&["service", "top", "13", "2.5"].map(str::to_owned).to_vec()), "{all:?}");
}

#[test]
fn a_bad_register_is_told_by_line() {
    let project = Project::bank(1);
    project.edit("concord.toml", "min_people", "min_peeple");
    project.edit("registers/rating.toml", "measure = \"net_promoter\"", "measure = \"net_promotor\"");
    refused(
        &project,
        2,
        "error: concord.toml:26: unknown key `min_peeple`\nhint: did you mean `min_people`?\n\
         registers/rating.toml:23: unknown measure `net_promotor`\nhint: did you mean `net_promoter`?\n",
    );
    project.write("concord.toml", "name = [");
    let run = project.run(&["check"]);
    assert_eq!(run.code, 2);
    assert!(run.stderr.starts_with("error: concord.toml:1: "), "{}", run.stderr);
}

#[test]
fn no_project_is_a_matter_of_usage() {
    let folder = tempfile::tempdir().unwrap();
    let run = concord(folder.path(), &["run", "nowhere"]);
    let said = "error: nowhere: there is no `concord.toml`\n\
                hint: name the folder of a project, or make one with `concord init --example bank DIR`\n";
    assert_eq!((run.code, run.stderr.as_str()), (2, said));
    assert_eq!(concord(folder.path(), &["run", "--bogus"]).code, 2);
    let init = concord(folder.path(), &["init", "."]);
    assert_eq!(init.code, 0, "an empty folder may be filled");
    let again = concord(folder.path(), &["init", "."]);
    assert_eq!(
        (again.code, again.stderr.as_str()),
        (2, "error: .: the folder is not empty\nhint: name a new folder\n")
    );
}

#[test]
fn too_much_damage_stops_the_run_until_it_is_accepted() {
    let project = Project::bank(1);
    project.edit("concord.toml", "unknown_department = 0.01", "unknown_department = 0.0");
    refused(
        &project,
        1,
        "error: source `client`: 2 of 2065 rows are quarantined as `unknown_department`, more than the 0 % allowed; nothing was counted\n\
         hint: see .concord/quarantine/client.csv; mend the delivery or the register, or run with `--accept REASON`, which is recorded\n",
    );
    assert!(
        project.read(".concord/quarantine/client.csv").contains(",unknown_department,"),
        "the rows can be looked at"
    );
    project.run(&["run", "--accept", "agreed with the South"]).done();
    let ledger = crate::tools::json(&project.path(".concord/store/ledger.json"));
    let reasons: Vec<&serde_json::Value> = ledger["accepted"].as_object().unwrap().values().collect();
    assert_eq!(reasons, ["agreed with the South"]);
    assert!(project.path(".concord/store/month=2024-11").is_dir());
    // What was accepted is not judged again.
    project.count();
}

#[test]
fn a_damaged_store_is_told_and_counted_again_from_the_files() {
    let project = Project::bank(1);
    project.count();
    let whole = project.store();
    let files = whole.keys().filter(|name| name.contains("2024-11") || name.ends_with("ledger.json"));
    for (place, name) in files.enumerate() {
        let bytes = &whole[name];
        // By turns cut off and changed in one bit.
        let damage = if place % 2 == 0 { flipped(bytes) } else { bytes[..bytes.len() / 2].to_vec() };
        project.write(&format!(".concord/store/{name}"), damage);
        let run = project.run(&["run", "--count-only"]);
        assert!(run.stderr.contains(&format!("store/{name}: ")), "{name}: {}", run.stderr);
        assert!(run.stderr.contains("; counted again from the files"), "{}", run.stderr);
        run.done();
        assert_same(&project.store(), &whole);
    }
    // Without the sources, it can only be told.
    project.write(".concord/store/month=2024-11/header.json", "x");
    let report = project.run(&["report"]);
    assert_eq!(report.code, 3);
    assert!(report.stderr.contains("month=2024-11/header.json: "), "{}", report.stderr);
    assert!(report.stderr.contains("hint: remove this file's folder from the store"), "{}", report.stderr);
}

/// Changes one bit in the middle.
fn flipped(bytes: &[u8]) -> Vec<u8> {
    let mut bytes = bytes.to_vec();
    let middle = bytes.len() / 2;
    bytes[middle] ^= 1;
    bytes
}

#[test]
fn names_that_look_like_formulas_are_harmless_in_the_quarantine() {
    let project = Project::bank(1);
    let text = project.read(FILE);
    let fields = text.lines().nth(5).unwrap().split(',');
    let evil: Vec<&str> =
        fields.enumerate().map(|(place, field)| if place == 2 { "=cmd()" } else { field }).collect();
    project.write(FILE, format!("{}\n{}\n", text.trim_end(), evil.join(",")));
    project.count();
    assert!(
        project.read(".concord/quarantine/client.csv").contains(",unknown_department,department,'=cmd(),")
    );
}

#[test]
fn times_of_a_zone_are_refused() {
    use polars::prelude::*;
    let project = Project::bank(1);
    let path = project.path("survey/client-2024-11.parquet");
    let mut frame = ParquetReader::new(std::fs::File::open(&path).unwrap()).finish().unwrap();
    let zone = TimeZone::opt_try_new(Some("UTC")).unwrap();
    let column = frame.column("completed_at").unwrap().clone();
    let column = column.cast(&DataType::Datetime(TimeUnit::Microseconds, zone)).unwrap();
    frame.with_column(column).unwrap();
    ParquetWriter::new(std::fs::File::create(&path).unwrap()).finish(&mut frame).unwrap();
    let run = project.run(&["run"]);
    assert_eq!(run.code, 1, "{}", run.stderr);
    assert!(run.stderr.contains("the times of `completed_at` are those of a zone, UTC"), "{}", run.stderr);
}

#[test]
fn answers_that_nobody_asked_for_are_told() {
    let project = Project::empty();
    project.write(
        "concord.toml",
        "name = \"a\"\ntime.from = \"2026-01\"\n\
         [sources.client]\nkind = \"survey\"\nquestionnaire = \"client\"\nfiles = [\"s.csv\"]\n",
    );
    project.write("registers/departments.csv", "code,profile\neast,branch\n");
    project.write(
        "registers/questionnaires.toml",
        "[client]\ndimensions = [{ code = \"speed\", name = \"Speed\" }]\n\
         [[client.items]]\ncode = \"q1\"\ntext = \"Soon?\"\nscale = [1, 5]\nkind = \"satisfaction\"\n\
         dimension = \"speed\"\n\
         [[client.items]]\ncode = \"q2\"\ntext = \"Nice?\"\nscale = [1, 5]\nkind = \"other\"\n\
         valid_from = 2026-01-15\n",
    );
    project.write("s.csv", "response,department,date,q1,q2\n1,east,2026-01-05,4,4\n2,east,2026-01-20,4,4\n");
    let check = project.run(&["check"]).done();
    assert!(check.contains(" 1 in `q2`, not asked on that day: counts nowhere\n"), "{check}");
    let check = project.run(&["check", "--format", "json"]).done();
    assert!(check.contains("\"unasked\":{\"q2\":1}"), "{check}");
    project.run(&["run"]).done();
    let report = project.read("reports/2026-01/report.html");
    let told = "client: 1 answer stands in a column whose question was not asked on its day, and counts nowhere: q2 (1).";
    assert!(report.contains(told), "the report tells it too");
}
