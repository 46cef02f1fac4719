use super::*;
use crate::project::load;

const SETTINGS: &str =
    "name = \"b\"\ntime.from = \"2026-01\"\n[sources.c]\nkind = \"commitments\"\nfiles = [\"c.csv\"]\n";
const COMMITMENTS: &str = "[[commitment]]\ncode = \"card\"\nstatement = \"Soon\"\npromised_to = \"customer\"\n\
    owner = \"branch\"\nunit = \"days\"\nlimits = [{ limit = 2 }]\n";

/// Checks one row that began on 2026-03-01: due and closed, and whether its due time differs from the limit.
fn check(row: &str) -> (Option<i64>, Option<i64>, bool) {
    let (cases, _) = checked(COMMITMENTS, row);
    let case = cases.first().unwrap_or_else(|| panic!("{row}"));
    (case.due, case.closed, case.due_differs)
}

/// Checks one row: the case, and the reasons why there is none.
fn checked(commitments: &str, row: &str) -> (Vec<Case>, Vec<&'static str>) {
    let folder = tempfile::tempdir().unwrap();
    let write = |name: &str, text: &str| {
        let path = folder.path().join(name);
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        std::fs::write(path, text).unwrap();
    };
    write("concord.toml", SETTINGS);
    write("registers/departments.csv", "code,profile\neast,branch\n");
    write("registers/commitments.toml", commitments);
    write("c.csv", &format!("case,commitment,department,opened_at,due_at,closed_at\n1,card,east,{row}\n"));
    let project = load(folder.path(), None).unwrap();
    let path = folder.path().join("c.csv");
    let (registers, mut cases) = (Registers::new(&project), Vec::new());
    let take = &mut |case: Case| {
        cases.push(case);
        Ok(())
    };
    let checked =
        check_cases(&registers, &project.sources[0], (&path, 0), &mut BTreeMap::new(), take).unwrap();
    let faults = checked.quarantined.iter().flat_map(|row| &row.faults).map(|fault| fault.reason);
    (cases, faults.collect())
}

#[test]
fn a_case_that_only_a_calendar_could_give_a_due_time_is_no_void_one() {
    let working = format!("{COMMITMENTS}clock = \"working\"\n");
    assert_eq!(checked(&working, "2026-03-01T09:00,,").1, ["no_calendar"]);
    assert_eq!(checked(&working, "2026-03-01T09:00,2026-03-03,").0.len(), 1);
    let own = working.replace("limits = [{ limit = 2 }]", "limits = [{}]");
    assert_eq!(checked(&own, "2026-03-01T09:00,,").0[0].due, None);
}

#[test]
fn a_day_without_a_time_is_kept_by_anything_done_on_it() {
    let opened = 1_772_355_600;
    let third = day_of(opened + 2 * 86_400);
    // 09:00 plus two days, told as a time, as a day, and not at all.
    assert_eq!(check("2026-03-01T09:00,2026-03-03T09:00,").0, Some(opened + 172_800));
    let (due, closed, differs) = check("2026-03-01T09:00,2026-03-03,2026-03-03T17:00");
    assert_eq!((due, differs), (Some(last_second(third)), false));
    assert!(closed < due);
    assert_eq!(check("2026-03-01T09:00,,").0, Some(opened + 172_800));
    assert!(check("2026-03-01T09:00,2026-03-04,").2);
}

#[test]
fn a_case_closed_on_the_day_it_began_was_not_closed_before() {
    let (_, closed, _) = check("2026-03-01T09:00,,2026-03-01");
    assert_eq!(closed, Some(1_772_355_600));
    assert_eq!(check("2026-03-01,2026-03-01,2026-03-01").1.map(day_of), Some(day_of(1_772_355_600)));
}

#[test]
fn a_later_revision_takes_the_place_of_earlier_ones() {
    let row = |revision: Option<i64>, closed: Option<i64>| Case { closed, ..revised(revision) };
    let first = row(Some(1), Some(9));
    let later = row(Some(2), None);
    assert!(later.is_further_than(&first) && !first.is_further_than(&later) && later.same_case(&first));
    let moved = Case { department: 3, ..row(Some(3), None) };
    assert!(moved.same_case(&first) && moved.is_further_than(&later));
    // Without a revision, or with the same, what had happened must have happened still.
    assert!(!row(None, None).is_further_than(&first) && row(None, Some(9)).is_further_than(&row(None, None)));
    assert!(!Case { department: 3, ..row(Some(1), Some(9)) }.same_case(&first));
}

/// A case with nothing told of it.
fn revised(revision: Option<i64>) -> Case {
    Case {
        id: 1,
        content: 0,
        place: Place { file: 0, line: 2 },
        revision,
        commitment: 0,
        department: 0,
        customer: None,
        contact: None,
        opened: 0,
        due: None,
        due_differs: false,
        closed: None,
        cancelled: None,
        remedied: None,
        value: None,
        value_kept: None,
        status: Status::Announced,
        timed: true,
        excused: false,
        cause: None,
        remedy: None,
        segments: [0; 4],
    }
}
