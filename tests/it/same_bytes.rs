//! Same input, same bytes: any number of threads, month by month or at once, files in any order, after any change.

use std::collections::BTreeMap;
use std::fs;

use crate::tools::{Project, assert_same, deliveries};

const MONTHS: u32 = 5;
const SOUTH: &str = "survey/client-south-2024-11.csv";
const FERRY_LANDING: &str = "commitments/cases-ferry-landing-2024-11.csv";

/// Returns how many months a run says it has counted, and how many there are.
fn counted(project: &Project) -> (u32, u32) {
    let said = project.count();
    let number_before = |mark: &str| {
        let start = said.split(mark).next().filter(|start| start.len() < said.len()).unwrap();
        start.split_whitespace().next_back().unwrap().parse().unwrap()
    };
    (number_before(" counted now"), number_before(" months in the store"))
}

/// Returns the delivered files of a project, relative to it.
fn delivered(project: &Project) -> Vec<String> {
    let folders = ["survey", "commitments", "competency"];
    let list = |folder: &str| {
        let entries = fs::read_dir(project.path(folder)).unwrap();
        entries
            .map(|entry| format!("{folder}/{}", entry.unwrap().file_name().to_str().unwrap()))
            .collect::<Vec<_>>()
    };
    let mut files: Vec<String> = folders.into_iter().flat_map(list).collect();
    files.sort();
    files
}

/// Returns the month in which a file is delivered, counted from November 2024.
fn delivery_month(file: &str) -> u32 {
    let period = file
        .rsplit('/')
        .next()
        .unwrap()
        .split(['.', '-'])
        .filter(|part| part.starts_with(|c: char| c.is_ascii_digit()));
    let period: Vec<&str> = period.collect();
    let (year, part) =
        (period[0][..4].parse::<u32>().unwrap(), period.get(1).copied().unwrap_or(&period[0][4..]));
    let month = match part.split_at_checked(1) {
        None => 11,
        Some(("q", quarter)) => 3 * quarter.parse::<u32>().unwrap(),
        Some(("h", half)) => 6 * half.parse::<u32>().unwrap() - 3,
        Some(_) => part.parse().unwrap(),
    };
    year * 12 + month - (2024 * 12 + 11)
}

#[test]
fn threads_do_not_matter() {
    let project = Project::bank(3);
    let store = |threads: &str| {
        fs::remove_dir_all(project.path(".concord")).ok();
        project.run(&["run", "--count-only", "--threads", threads]).done();
        project.store()
    };
    assert_same(&store("1"), &store("4"));
}

#[test]
fn month_by_month_is_as_all_at_once() {
    let project = Project::bank(MONTHS);
    project.count();
    let at_once = project.store();
    fs::remove_dir_all(project.path(".concord")).unwrap();
    let files = delivered(&project);
    let aside = |file: &str| format!("waiting-{}", file.replace('/', "-"));
    files.iter().for_each(|file| fs::rename(project.path(file), project.path(&aside(file))).unwrap());
    for month in 0..MONTHS {
        for file in &files {
            // One log comes two months late, after answers about its cases.
            let due = delivery_month(file) + if file == "commitments/cases-2024-12.parquet" { 2 } else { 0 };
            if due == month {
                fs::rename(project.path(&aside(file)), project.path(file)).unwrap();
            }
        }
        project.count();
    }
    assert_eq!(delivered(&project), files, "every file was delivered");
    assert_same(&project.store(), &at_once);
}

#[test]
fn the_order_of_files_does_not_matter() {
    let project = Project::bank(3);
    project.count();
    let tables = |project: &Project| -> BTreeMap<String, Vec<u8>> {
        // Headers and the ledger name the files; what is counted does not know them.
        project
            .store()
            .into_iter()
            .filter(|(name, _)| name.ends_with(".parquet") || name.starts_with("ids/"))
            .collect()
    };
    let before = tables(&project);
    for (number, file) in delivered(&project).iter().enumerate() {
        // Patterns ask for the beginning of a name only.
        let (start, rest) = file.split_once('-').unwrap();
        fs::rename(project.path(file), project.path(&format!("{start}-{:03}-{rest}", 999 - number))).unwrap();
    }
    project.count();
    assert_same(&tables(&project), &before);
}

#[test]
fn a_second_run_counts_nothing() {
    let project = Project::bank(2);
    project.count();
    let first = project.store();
    assert_eq!(counted(&project).0, 0);
    assert_same(&project.store(), &first);
}

#[test]
fn a_changed_file_recounts_only_what_it_concerns() {
    let project = Project::bank(MONTHS);
    project.count();
    let text = project.read(SOUTH);
    let rest = text.trim_end().rsplit_once('\n').unwrap().0;
    project.write(SOUTH, format!("{rest}\n"));
    assert_eq!(counted(&project), (1, MONTHS + 1));
    assert_same(&project.store(), &project.counted_afresh());
}

#[test]
fn a_removed_file_recounts_what_it_concerned() {
    let project = Project::bank(MONTHS);
    project.count();
    fs::remove_file(project.path(FERRY_LANDING)).unwrap();
    let (now, all) = counted(&project);
    assert!(0 < now && now < all, "{now} of {all}");
    assert_same(&project.store(), &project.counted_afresh());
}

#[test]
fn a_conflict_across_months_sets_both_rows_aside() {
    let project = Project::bank(MONTHS);
    project.count();
    let mut reader = csv::Reader::from_path(project.path(FERRY_LANDING)).unwrap();
    let header = reader.headers().unwrap().clone();
    let place = |name: &str| header.iter().position(|column| column == name).unwrap();
    let is_plain = |row: &csv::StringRecord| {
        row[place("cancelled_at")].is_empty() && !row[place("closed_at")].is_empty()
    };
    let row = reader.records().map(Result::unwrap).filter(is_plain).nth(40).unwrap();
    // The same case again, as if it had been begun in January.
    let january = |field: &str| field.replace("2024-11-", "2025-01-").replace("2024-12-", "2025-02-");
    let moved: Vec<String> = row.iter().map(january).collect();
    let mut writer =
        csv::Writer::from_path(project.path("commitments/cases-ferry-landing-2025-01.csv")).unwrap();
    writer.write_record(&header).unwrap();
    writer.write_record(&moved).unwrap();
    writer.flush().unwrap();
    let (now, all) = counted(&project);
    assert!(0 < now && now <= all, "{now} of {all}");
    let case = &row[place("case")];
    let mut aside: Vec<String> = Vec::new();
    for delivery in deliveries(&project.root()) {
        let rows =
            delivery["conflicts"].as_object().unwrap().values().flat_map(|rows| rows.as_array().unwrap());
        let own = rows.filter(|row| row["record"].as_str().unwrap().contains(case));
        aside.extend(own.map(|_| delivery["file"].as_str().unwrap().to_owned()));
    }
    // A row that is delivered twice is set aside twice.
    aside.dedup();
    assert_eq!(aside, [FERRY_LANDING, "commitments/cases-ferry-landing-2025-01.csv"]);
    assert_same(&project.store(), &project.counted_afresh());
    // Taking the contradiction away gives back what was there.
    fs::remove_file(project.path("commitments/cases-ferry-landing-2025-01.csv")).unwrap();
    project.count();
    assert_same(&project.store(), &project.counted_afresh());
}
