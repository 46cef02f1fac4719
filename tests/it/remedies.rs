//! What was done about broken promises, through the program: the bank's truth, kinds that nobody knows, projects that remedy nothing.

use std::path::Path;

use crate::tools::{Project, bank, json, rows};

/// Returns the figures of the feed in `folder`: department, commitment, measure, remedy, value, lower, upper, n.
fn figures(folder: &Path, month: &str) -> Vec<Vec<String>> {
    let path = folder.join(format!("feeds/remedies/month={month}/remedies.parquet"));
    rows(&path, &["department", "commitment", "measure", "remedy", "value", "lower", "upper", "n"])
}

/// Returns value, lower and upper end of a figure about all departments together.
fn whole(all: &[Vec<String>], commitment: &str, measure: &str) -> [f64; 3] {
    let wanted = ["all", commitment, measure, "all"];
    let row =
        all.iter().find(|row| row[..4] == wanted).unwrap_or_else(|| panic!("no {commitment} {measure}"));
    [4, 5, 6].map(|column| row[column].parse().unwrap_or(f64::NAN))
}

#[test]
fn the_bank_remedies_as_it_was_made_to() {
    let all = figures(bank(), "2026-10");
    // Planted: 43 % of breaches, chances rising with the delay; two working days of nine hours is the median time and the limit.
    let [remedied, ..] = whole(&all, "all", "remedied");
    assert!((remedied - 0.43).abs() < 0.025, "{remedied}");
    let [median, lower, upper] = whole(&all, "all", "time_of_remedied_median");
    let planted = 2.0 * 9.0 * 3600.0;
    assert!(lower * 0.97 <= planted && planted <= upper * 1.03 && (median / planted - 1.0).abs() < 0.05);
    let ([in_time, ..], [by_limit, lower, upper]) =
        (whole(&all, "all", "remedied_in_time"), whole(&all, "all", "remedied_by_limit"));
    assert!((in_time - by_limit).abs() < 0.002 && lower < in_time && in_time < upper);
    assert!(
        (in_time / remedied - 0.5).abs() < 0.04,
        "half of the remedies are in time: {in_time} of {remedied}"
    );
    let ([kept, ..], [excused, ..]) = (whole(&all, "queue", "kept"), whole(&all, "queue", "kept_or_excused"));
    // Planted: 5 % of breaches are excused.
    assert!(((excused - kept) / (1.0 - kept) - 0.05).abs() < 0.02, "{kept} {excused}");
}

#[test]
fn a_remedy_goes_with_better_answers_once_breaches_compare() {
    let all = figures(bank(), "2026-10");
    let truth = json(&bank().join("truth.json"));
    let effects = truth["effects"].as_array().unwrap();
    let remedy = effects.iter().find(|effect| effect["name"] == "remedy").unwrap();
    let planted = remedy["value_respondents"][0].as_f64().unwrap();
    let [naive, ..] = whole(&all, "all", "remedy_difference");
    let [adjusted, lower, upper] = whole(&all, "all", "remedy_difference_adjusted");
    assert!(lower <= planted && planted <= upper, "{lower} to {upper} does not hold {planted}");
    // Whoever waited longest is remedied most often, so that the plain difference is too small.
    assert!(naive + 0.5 < adjusted && naive + 0.5 < planted, "{naive} {adjusted} {planted}");
    assert!(lower > 0.0 && upper - lower < 4.0);
}

#[test]
fn a_kind_that_nobody_knows_keeps_its_case() {
    let project = Project::bank(1);
    let file = "commitments/cases-ferry-landing-2024-11.csv";
    let before = project.run(&["check"]).done();
    let log = project.read(file);
    project.write(file, log.replace(",gift,", ",flowers,"));
    assert_eq!(project.run(&["check"]).done(), before);
    project.run(&["run"]).done();
    let kinds = figures(&project.root(), "2024-11");
    assert!(kinds.iter().any(|row| row[0] == "all" && row[2] == "remedy_share" && row[3] == "?"));
}

#[test]
fn a_project_that_remedies_nothing_has_no_such_section() {
    let project = Project::bank(1);
    project.edit("registers/commitments.toml", "remedy_limit = ", "# remedy_limit = ");
    project.edit(
        "concord.toml",
        "[sources.cases]\n",
        "[sources.cases]\ncolumns = { remedied_at = \"nothing\", remedy = \"nothing_either\" }\n",
    );
    project.run(&["run"]).done();
    let report = project.read("reports/2024-11/report.html");
    assert!(!report.contains("id=\"remedies\"") && report.contains("id=\"causes\""));
    assert_eq!(figures(&project.root(), "2024-11"), Vec::<Vec<String>>::new());
}
