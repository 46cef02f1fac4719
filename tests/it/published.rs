//! What a run publishes: the same bytes on any number of threads, the old month or the new one after any crash, and a sensible page
//! however little there is to report.

use std::collections::BTreeMap;
use std::fs;

use concord::publish::FEEDS;
use concord::store::fault::publication_points;

use crate::tools::{Project, assert_same, ended, files, program};

/// Folders that the report and the six feeds of a month replace.
const EXCHANGES: usize = 7;

fn published(project: &Project) -> BTreeMap<String, Vec<u8>> {
    let all = files(&project.root());
    let is_output =
        |name: &str| ["reports/", "feeds/", "manifest.json"].iter().any(|start| name.starts_with(start));
    all.into_iter().filter(|(name, _)| is_output(name)).collect()
}

#[test]
fn any_number_of_threads_publishes_the_same_bytes() {
    let project = Project::bank(3);
    let run = |threads: &str| {
        fs::remove_dir_all(project.path(".concord")).ok();
        project.run(&["run", "--threads", threads]).done();
        published(&project)
    };
    let one = run("1");
    assert_eq!(one.len(), FEEDS.len() + 2, "{:?}", one.keys());
    assert_same(&one, &run("4"));
    // The store alone is enough to draw the same again.
    fs::remove_dir_all(project.path("survey")).unwrap();
    project.run(&["report"]).done();
    assert_same(&published(&project), &one);
}

#[test]
fn a_killed_publication_leaves_the_old_month_or_the_new_one() {
    let project = Project::small();
    let publish = |title: &str| {
        project.run(&["run", "--as-of", "2026-03-20"]).done();
        let page = project.read("reports/2026-02/report.html");
        assert!(page.contains(title));
        published(&project)
    };
    let old = publish("Small Bank");
    project.edit("concord.toml", "Small Bank", "Little Bank");
    let new = publish("Little Bank");
    for point in publication_points(EXCHANGES) {
        project.edit("concord.toml", "Little Bank", "Small Bank");
        project.run(&["report"]).done();
        assert_same(&published(&project), &old);
        project.edit("concord.toml", "Small Bank", "Little Bank");
        let run = ended(program(&project.root()).arg("report").env("CONCORD_FAULT", &point));
        assert_eq!(run.code, -1, "{point} is never reached");
        // The next start, of a run that then refuses its arguments, ends what was begun.
        project.run(&["report", "--month", "1999-01"]);
        let after = published(&project);
        assert!(after == old || after == new, "{point} left half a month");
    }
}

#[test]
fn few_months_have_a_page_of_their_own() {
    for (months, words) in
        [(1, "1 of 12 months"), (2, "2 of 12 months"), (3, "3 of 12 months"), (12, "could be")]
    {
        let project = Project::bank(months);
        project.run(&["run"]).done();
        let pages: Vec<String> =
            published(&project).into_keys().filter(|name| name.ends_with(".html")).collect();
        assert_eq!(pages.len(), 1);
        assert!(project.read(&pages[0]).contains(words), "{months} months: no `{words}`");
    }
}

#[test]
fn a_missing_source_leaves_the_others_their_page() {
    for (source, words) in [
        ("survey", "no data for the period"),
        ("commitments", "no data for the period"),
        ("competency", "no data for the period"),
    ] {
        let project = Project::bank(3);
        fs::remove_dir_all(project.path(source)).unwrap();
        project.run(&["run"]).done();
        let page = project.read("reports/2025-01/report.html");
        assert!(page.contains(words), "without {source}: no `{words}`");
    }
}
