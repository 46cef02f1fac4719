//! A run that dies or finds the disk full, anywhere on the way into the store, is made good by the next one.

use concord::store::fault::STORE_POINTS;

use crate::tools::{Project, assert_same, ended, program};

/// Removes the last row of a file, so that its month must be counted again.
fn shorten(project: &Project, file: &str) {
    let text = project.read(file);
    let rest = text.trim_end().rsplit_once('\n').unwrap().0;
    project.write(file, format!("{rest}\n"));
}

/// Runs into a fault at each point, in an empty store and in one whose months are replaced, and then without one.
fn made_good((project, file): (&Project, &str), fault: impl Fn(&str) -> String, code: i32) {
    for point in STORE_POINTS {
        for is_replaced in [false, true] {
            std::fs::remove_dir_all(project.path(".concord")).ok();
            if is_replaced {
                project.count();
                shorten(project, file);
            }
            let run = ended(
                program(&project.root()).args(["run", "--count-only"]).env("CONCORD_FAULT", fault(point)),
            );
            assert_eq!(run.code, code, "{point}: {}", run.stderr);
            project.count();
            assert_same(&project.store(), &project.counted_afresh());
        }
    }
}

#[test]
fn a_killed_run_is_made_good_by_the_next() {
    made_good((&Project::bank(2), "survey/client-south-2024-11.csv"), str::to_owned, -1);
}

#[test]
fn a_full_disk_is_told_and_made_good_by_the_next_run() {
    made_good((&Project::small(), "log.csv"), |point| format!("full:{point}"), 3);
}
