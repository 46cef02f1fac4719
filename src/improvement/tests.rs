//! Windows, comparable departments, verdicts and what is due, on counts made by hand.

use std::collections::BTreeMap;

use super::*;
use crate::count::{Cell, OutcomeCounts};
use crate::project::sample::with;

const DEPARTMENTS: usize = 24;
const ACTION: &str = "[[action]]\ncode = \"rings\"\ntopic = \"Answer sooner\"\ndepartments = [\"D00\"]\n\
    measure = \"kept:letters\"\ntrigger = \"2025-09\"\nstart = 2025-10-02\n\
    schedule = [{ stage = \"check\", due = 2026-01-20 }]\nstandard = { date = 2026-01-05, text = \"Two at lunch\" }\n";

fn project(action: &str) -> Project {
    let mut departments = String::from("code,profile,parent\nB1,other,\nB2,other,\n");
    (0..DEPARTMENTS).for_each(|one| departments += &format!("D{one:02},branch,\n"));
    with(&[("registers/departments.csv", &departments), ("registers/actions.toml", action)])
}

fn month(text: &str) -> Month {
    text.parse().unwrap()
}

/// Kept letters of every department from November 2024 on: 80 of 100, a wiggle of its own, and `gain` more in D00 from November 2025 on.
fn months(project: &Project, gain: u64) -> BTreeMap<Month, MonthCounts> {
    let mut all = BTreeMap::new();
    for (place, month) in month("2024-11").to(month("2026-10")).enumerate() {
        let mut counts = MonthCounts::default();
        for one in 0..DEPARTMENTS as u64 {
            let department = u32::try_from(project.department(&format!("D{one:02}")).unwrap()).unwrap();
            let has_gained = one == 0 && month >= self::month("2025-11");
            let kept = 78 + (place as u64 * 5 + one * 3) % 6 + if has_gained { gain } else { 0 };
            let outcomes =
                OutcomeCounts { kept, breached_unremedied: 100 - kept, ..OutcomeCounts::default() };
            counts.commitments.outcomes.insert((Cell::whole(department), 1), outcomes);
        }
        all.insert(month, counts);
    }
    all
}

fn told(action: &str, gain: u64, last: &str) -> Progress {
    let project = project(action);
    let mut months = months(&project, gain);
    months.retain(|one, _| *one <= month(last));
    let context = Context::new(&project, BTreeMap::new());
    follow(&context, &months, month(last)).remove(0)
}

#[test]
fn the_quarter_of_the_trigger_and_the_month_of_the_start_do_not_count() {
    let own = told(ACTION, 12, "2026-10");
    assert_eq!(own.window.before, (month("2024-11"), month("2025-06")));
    assert_eq!(own.window.after, Some((month("2025-11"), month("2026-10"))));
    assert_eq!((own.peers.len(), own.verdict), (DEPARTMENTS - 1, Verdict::Improved));
    let found = own.found.as_ref().unwrap();
    assert_eq!((found.before.n, found.after.n), (8, 12));
    assert!((found.step.value - 0.12).abs() < 0.02, "{found:?}");
    let (held, again) = own.held.unwrap();
    assert_eq!(held, Held::Held);
    assert!((again.step.value - 0.12).abs() < 0.02);
}

#[test]
fn verdicts_keep_to_their_rules() {
    assert_eq!(told(ACTION, 0, "2026-10").verdict, Verdict::NoEvidence);
    assert_eq!(told(ACTION, 12, "2025-12").verdict, Verdict::TooEarly);
    let second = told(ACTION, 12, "2026-01");
    assert_eq!((second.verdict, second.previous), (Verdict::Improved, Some(Verdict::TooEarly)));
    let few = ACTION.replace("trigger", "compare = [\"D01\", \"D02\", \"D03\"]\ntrigger");
    assert_eq!(told(&few, 12, "2026-10").verdict, Verdict::CannotTell(Doubt::Peers));
    let early = ACTION.replace("\"2025-09\"", "\"2025-05\"");
    assert_eq!(told(&early, 12, "2026-10").verdict, Verdict::CannotTell(Doubt::Months));
    let unmeasured = ACTION.replace("kept:letters", "kept:calls");
    assert_eq!(told(&unmeasured, 12, "2026-10").verdict, Verdict::CannotTell(Doubt::Months));
    let planned = ACTION.replace("start = 2025-10-02\n", "");
    assert_eq!(told(&planned, 12, "2026-10").verdict, Verdict::TooEarly);
}

#[test]
fn breaches_that_fall_are_better() {
    let own = told(&ACTION.replace("kept:letters", "breached_unremedied:letters"), 12, "2026-10");
    assert_eq!(own.verdict, Verdict::Improved);
    assert!(own.found.unwrap().step.value < 0.0);
}

#[test]
fn departments_with_an_action_are_no_comparison() {
    let second = ACTION.replace("rings", "more").replace("D00", "D05");
    let own = told(&format!("{ACTION}{second}"), 12, "2026-10");
    assert_eq!(own.peers.len(), DEPARTMENTS - 2);
}

#[test]
fn an_action_is_unknown_before_what_gave_rise_to_it() {
    let project = project(ACTION);
    let context = Context::new(&project, BTreeMap::new());
    assert!(follow(&context, &months(&project, 0), month("2025-08")).is_empty());
    assert!(due(&project, month("2025-08")).is_empty());
}

#[test]
fn stages_and_reviews_are_due_in_their_month() {
    let project = project(ACTION);
    let told =
        |text: &str| due(&project, month(text)).iter().map(|one| (one.task, one.state)).collect::<Vec<_>>();
    let check = Task::Stage(crate::project::Stage::Check);
    assert_eq!(told("2025-11"), [(check, DueState::Soon)]);
    assert_eq!(told("2026-01"), [(check, DueState::Due)]);
    assert_eq!(told("2026-07"), [(check, DueState::Overdue), (Task::Review(6), DueState::Due)]);
    assert_eq!(
        told("2026-10"),
        [
            (check, DueState::Overdue),
            (Task::Review(6), DueState::Overdue),
            (Task::Review(12), DueState::Soon)
        ]
    );
}

#[test]
fn what_is_done_later_is_not_done_yet() {
    let project = self::project(&ACTION.replace("due = 2026-01-20", "due = 2026-01-20, done = 2026-03-02"));
    let states = |text: &str| {
        let stages = due(&project, month(text)).into_iter().filter(|one| matches!(one.task, Task::Stage(_)));
        stages.map(|one| one.state).collect::<Vec<_>>()
    };
    assert_eq!((states("2026-01"), states("2026-02")), (vec![DueState::Due], vec![DueState::Overdue]));
    assert_eq!(states("2026-03"), []);
}
