use super::*;
use crate::project::Project;
use crate::project::sample::only;
use crate::random::Random;

const SETTINGS: (&str, &str) = ("concord.toml", "name = \"b\"\ntime.from = \"2024-11\"\n");
const STATEMENT: &str = "[[commitment]]\ncode = \"statement\"\nstatement = \"Printed\"\npromised_to = \"customer\"\n\
    owner = \"branch\"\nobserved = \"log\"\nunit = \"minutes\"\n";
const LIMITS: &str = "limits = [{ limit = 10, target = 0.98 }]\n";

fn project(departments: usize, limits: &str) -> Project {
    let rows: String = (0..departments).map(|k| format!("b{k:02},branch\n")).collect();
    let departments = format!("code,profile\n{rows}");
    let commitments = format!("{STATEMENT}{limits}");
    only(&[
        SETTINGS,
        ("registers/departments.csv", &departments),
        ("registers/commitments.toml", &commitments),
    ])
    .unwrap()
}

fn first() -> Month {
    Month::new(2024, 11)
}

/// Months of cases: (judged, breached) of each department, all judged on the tenth, all broken on the twentieth.
fn months(departments: &[&[(u64, u64)]]) -> Months {
    let mut months = Months::new();
    for (department, own) in (0..).zip(departments) {
        for (month, &(judged, breached)) in (0..).map(|k| first().plus(k)).zip(*own) {
            let days = &mut months.entry(month).or_default().commitments.days;
            let tenth = month.first_day().plus(9);
            days.insert((department, 0, tenth), (judged - breached, 0));
            if breached > 0 {
                days.insert((department, 0, tenth.plus(10)), (breached, breached));
            }
        }
    }
    months
}

fn found(project: &Project, months: &Months, month: Month) -> Vec<Rare> {
    rare(&Context::new(project, BTreeMap::new()), months, month)
}

fn near(found: f64, expected: f64) {
    assert!((found - expected).abs() <= 1e-9 * expected, "{found} is not {expected}");
}

#[test]
fn tests_are_those_of_scipy() {
    let mut own = vec![(20, 0); 21];
    own.extend([(20, 1), (20, 2), (20, 4)]);
    let other = vec![(20, 1); 24];
    let all = found(&project(2, LIMITS), &months(&[&own, &other]), first().plus(23));
    let cell = &all[0].cells[0];
    assert_eq!((cell.department, cell.month, cell.quarter, cell.year), (0, (20, 4), (60, 7), (240, 7)));
    assert_eq!(cell.since, (0, Some(Month::new(2026, 10).first_day().plus(19))));
    let (target, past) = (cell.against_target.unwrap(), cell.against_past.unwrap());
    // 2 * scipy.stats.binom.sf(6, 60, .02), 2 * scipy.stats.hypergeom.sf(6, 480, 7, 60)
    near(target.p_value, 0.0003907161813591225);
    near(past.p_value, 6.929129097202591e-07);
    assert_eq!((target.months, target.before), (3, None));
    assert_eq!((past.months, past.recent, past.before), (3, (60, 7), Some((420, 0))));
    assert!(cell.is_alarm() && all[0].cells.len() == 2);
    // Of four tests the smallest p counts four times.
    near(past.p_holm, 4.0 * past.p_value);
}

#[test]
fn a_long_run_that_ends_is_told_in_its_month_alone() {
    let mut own = vec![(20, 0); 20];
    own.extend([(20, 1), (20, 1), (20, 0)]);
    let (project, months) = (project(1, LIMITS), months(&[&own]));
    let run = |month: i32| found(&project, &months, first().plus(month))[0].cells[0].ended;
    let day = first().plus(20).first_day().plus(19);
    assert_eq!(run(20), Some(Run { cases: 419, after: None, day }));
    assert_eq!((run(19), run(21), run(22)), (None, None, None));
}

#[test]
fn shares_are_drawn_together_and_stand_alone_without_others() {
    let quiet = [(40, 0); 12];
    let one = found(&project(1, LIMITS), &months(&[&quiet]), first().plus(11));
    // Jeffreys: Beta(480.5, 0.5).
    let cell = &one[0].cells[0];
    near(cell.shrunk.value, 480.5 / 481.0);
    // scipy.stats.beta.cdf(.98, 480.5, .5)
    near(cell.chance_below.unwrap(), 1.0574538788002429e-05);
    assert!(cell.surprise().is_some_and(|test| test.p_value >= 1.0) && !cell.stands_out());
    let (bad, small) = ([(40, 6); 12], [(1, 0); 12]);
    let all = found(&project(4, LIMITS), &months(&[&quiet, &bad, &small, &quiet]), first().plus(11));
    let of = |department: u32| all[0].cells.iter().find(|cell| cell.department == department).unwrap();
    assert_eq!(all[0].cells[0].department, 1);
    // Twelve cases, all kept, say less than 480: the small one stands nearer to the others, with a wider interval.
    let width = |cell: &RareCell| cell.shrunk.upper.unwrap() - cell.shrunk.lower.unwrap();
    assert!(of(2).shrunk.value < of(0).shrunk.value && width(of(2)) > 3.0 * width(of(0)));
    assert!(of(1).chance_below.unwrap() > 0.999);
}

#[test]
fn months_under_another_limit_are_no_past() {
    let limits =
        "limits = [{ limit = 20, target = 0.98 }, { from = 2025-11-01, limit = 10, target = 0.98 }]\n";
    let mut own = vec![(50, 0); 12];
    own.extend([(50, 4), (50, 4)]);
    let all = found(&project(1, limits), &months(&[&own]), first().plus(13));
    let cell = &all[0].cells[0];
    assert_eq!((cell.against_past, cell.against_target.unwrap().recent), (None, (100, 8)));
}

#[test]
fn hard_cases_have_no_test() {
    let none = Months::new();
    assert!(found(&project(1, LIMITS), &none, first()).is_empty());
    // A single month, a target of 1, a month without data, a promise that is often broken.
    let one = found(&project(1, LIMITS), &months(&[&[(5, 1)]]), first());
    assert!(one[0].cells[0].against_past.is_none() && one[0].cells[0].against_target.is_some());
    let always = "limits = [{ limit = 10, target = 1 }]\n";
    let all = found(&project(1, always), &months(&[&[(50, 1), (50, 0)]]), first().plus(1));
    assert!(all[0].cells[0].against_target.is_none() && all[0].cells[0].against_past.is_some());
    let later = found(&project(1, LIMITS), &months(&[&[(5, 0)]]), first().plus(3));
    assert_eq!((later[0].cells[0].month, later[0].cells[0].quarter), ((0, 0), (0, 0)));
    assert!(found(&project(1, LIMITS), &months(&[&[(5, 0)]]), first().plus(12)).is_empty());
    let often = "limits = [{ limit = 10, target = 0.9 }]\n";
    assert!(found(&project(1, often), &months(&[&[(50, 5)]]), first()).is_empty());
    assert_eq!(found(&project(1, often), &months(&[&[(100, 1)]]), first()).len(), 1);
}

/// Forty branches of 8 to 60 cases a month that just meet their target, over 24 months.
#[test]
fn chance_alone_seldom_rings() {
    let mut random = Random::new(&["rare", "null"]);
    let mut own: Vec<Vec<(u64, u64)>> = Vec::new();
    for department in 0..40 {
        let n = 8 + 4 * (department % 14);
        let broken = |random: &mut Random| (0..n).filter(|_| random.uniform() < 0.02).count() as u64;
        own.push((0..24).map(|_| (n, broken(&mut random))).collect());
    }
    let own: Vec<&[(u64, u64)]> = own.iter().map(Vec::as_slice).collect();
    let (project, months) = (project(40, LIMITS), months(&own));
    let reports: Vec<Vec<Rare>> = (0..24).map(|k| found(&project, &months, first().plus(k))).collect();
    let cells = || reports.iter().flatten().flat_map(|one| &one.cells);
    assert_eq!(cells().count(), 24 * 40);
    assert!(cells().filter(|cell| cell.is_alarm()).count() <= 1);
    assert!(cells().filter(|cell| cell.ended.is_some()).count() <= 1);
}
