//! Ratings of small projects whose truth is known.

use std::collections::BTreeMap;

use super::*;
use crate::count::{AssessedKey, Cell, FamilySums, OutcomeCounts, SurveyCounts};
use crate::measure::index_weights;
use crate::project::{Project, sample};
use crate::random::Random;
use crate::stats::distribution::normal_cdf;

const SETTINGS: &str = "name = \"simulated\"\n[time]\nfrom = \"2024-01\"\n";
const QUESTIONNAIRES: &str = r#"[client]
dimensions = [ { code = "speed", name = "Speed" } ]
[[client.items]]
code = "q01"
text = "I was served quickly"
scale = [0, 10]
dimension = "speed"
kind = "satisfaction"
"#;
const COMMITMENTS: &str = r#"[[commitment]]
code = "calls"
statement = "We answer within three rings"
promised_to = "customer"
owner = "branch"
unit = "count"
status = "announced"
importance = 3
limits = [ { limit = 3, target = 0.95 } ]
"#;
const COMPETENCIES: &str = "[[competency]]\ncode = \"A\"\nscale = [0, 3]\n[roles]\nteller = { A = 2 }\n";
const SURVEY_ONLY: &str =
    "[[measure]]\nmeasure = \"satisfaction_index\"\nworst = 40\nbest = 90\ntarget = 70\n";
const BOTH: &str = "[[measure]]\nmeasure = \"satisfaction_index\"\nworst = 40\nbest = 90\ntarget = 70\nweights = { \"*\" = 3 }\n\
    [[measure]]\nmeasure = \"commitment_score\"\nworst = 60\nbest = 100\ntarget = 90\n";
const FIRST: Month = Month(2024 * 12);

fn project(n_departments: usize, rating: &str) -> Project {
    // The last department opened in the sixth month.
    let opened = |index: usize| if index + 1 == n_departments { "2024-06-15" } else { "" };
    let row = |index: usize| format!("d{index:02},branch,{}\n", opened(index));
    let departments = format!("code,profile,valid_from\n{}", (0..n_departments).map(row).collect::<String>());
    let files = [
        ("concord.toml", SETTINGS),
        ("registers/departments.csv", &departments),
        ("registers/questionnaires.toml", QUESTIONNAIRES),
        ("registers/commitments.toml", COMMITMENTS),
        ("registers/competencies.toml", COMPETENCIES),
        ("registers/rating.toml", rating),
    ];
    sample::only(&files).unwrap()
}

/// Adds `n` answers around `centre` with a standard deviation of 20 points, on 0 to 10.
fn answer(
    context: &Context<'_>,
    counts: &mut MonthCounts,
    department: u32,
    (centre, n): (f64, u32),
    random: &mut Random,
) {
    let width = context.client().unwrap().width;
    let survey: &mut SurveyCounts = counts.surveys.entry("client".into()).or_default();
    survey.marginals.insert(Cell::whole(department), vec![Default::default(); width]);
    let sums = survey.families.entry((department, 0)).or_insert_with(|| FamilySums::new(1));
    for _ in 0..n {
        let level = ((centre + 20.0 * random.normal()) / 10.0).round().clamp(0.0, 10.0);
        sums.add(&[level as i32], 1_000_000);
    }
}

/// The mean that such answers have in truth, given rounding and clipping.
fn expected(centre: f64) -> f64 {
    let below = |level: f64| normal_cdf((10.0 * level + 5.0 - centre) / 20.0);
    100.0 - 10.0 * (0..10).map(|level| below(f64::from(level))).sum::<f64>()
}

fn keep(counts: &mut MonthCounts, department: u32, kept: u64, breached_unremedied: u64) {
    let outcomes = OutcomeCounts { kept, breached_unremedied, ..OutcomeCounts::default() };
    counts.commitments.outcomes.insert((Cell::whole(department), 0), outcomes);
}

fn centres(n: usize, random: &mut Random) -> Vec<f64> {
    (0..n).map(|_| 70.0 + 4.0 * random.normal()).collect()
}

/// Months in which all departments have 62 answers and 40 cases, but those that `has_cases` refuses.
fn store(
    context: &Context<'_>,
    months: i32,
    has_cases: impl Fn(i32, u32) -> bool,
) -> BTreeMap<Month, MonthCounts> {
    let random = &mut Random::new(&["store"]);
    let n = context.project.departments.len();
    let centres = centres(n, random);
    let month = |age: i32| {
        let mut counts = MonthCounts::default();
        for (department, centre) in (0..).zip(&centres) {
            answer(context, &mut counts, department, (*centre, 62), random);
            if has_cases(age, department) {
                keep(&mut counts, department, 34 + u64::from(department % 5), 2);
            }
        }
        (FIRST.plus(age), counts)
    };
    (0..months).map(month).collect()
}

fn of(ratings: &BTreeMap<Month, Vec<Rating>>, age: i32, department: u32) -> &Rating {
    ratings[&FIRST.plus(age)].iter().find(|rating| rating.department == department).unwrap()
}

#[test]
fn letters_hold_and_intervals_cover_where_nothing_changes() {
    let project = project(40, SURVEY_ONLY);
    let context =
        Context::new(&project, index_weights(&Context::new(&project, BTreeMap::new()), &BTreeMap::new()));
    let (mut changed, mut compared, mut covered, mut rated) = (0, 0, 0, 0);
    for seed in ["a", "b", "c"] {
        let random = &mut Random::new(&["nothing changes", seed]);
        let centres = centres(40, random);
        let mut months = BTreeMap::new();
        for month in FIRST.to(FIRST.plus(23)) {
            let mut counts = MonthCounts::default();
            for (department, centre) in (0..).zip(&centres) {
                answer(&context, &mut counts, department, (*centre, 62), random);
            }
            months.insert(month, counts);
        }
        let ratings = rate_all(&context, &months, FIRST.plus(23));
        assert_eq!(ratings.keys().next(), Some(&FIRST.plus(11)));
        for rating in ratings.values().flatten().filter(|rating| rating.previous_letter.is_some()) {
            compared += 1;
            changed += u32::from(rating.letter != rating.previous_letter);
        }
        for rating in &ratings[&FIRST.plus(23)] {
            let truth =
                Scale::new(40.0, Some(70.0), 90.0).points(expected(centres[rating.department as usize]));
            let shrunk = rating.shrunk.unwrap();
            covered += u32::from(shrunk.lower.unwrap() <= truth && truth <= shrunk.upper.unwrap());
            rated += 1;
            assert!(rating.reliability.unwrap() > 0.8 && rating.rank.is_some() && rating.months == 12);
            assert!((rating.probabilities.unwrap().iter().sum::<f64>() - 1.0).abs() < 1e-9);
        }
    }
    // Found: 4 of 1440 letters changed, 114 of 120 intervals covered.
    assert_eq!(compared, 3 * 40 * 12);
    assert!(f64::from(changed) < 0.10 * f64::from(compared), "{changed} of {compared} letters changed");
    assert!(f64::from(covered) > 0.90 * f64::from(rated), "{covered} of {rated} covered");
}

#[test]
fn a_source_that_stays_away_is_aged_then_not_rated_and_never_reweighted() {
    let project = project(8, BOTH);
    let context = Context::new(&project, BTreeMap::new());
    // Department 3 has no cases after month 12 (of 0 to 20).
    let months = store(&context, 21, |age, department| department != 3 || age <= 12);
    let ratings = rate_all(&context, &months, FIRST.plus(20));
    let (held, gone) = (of(&ratings, 18, 3), of(&ratings, 19, 3));
    assert_eq!((held.components[1].carried_months, held.components[1].brought_forward), (6, false));
    assert_eq!(held.state, RatingState::Rated);
    assert_eq!(gone.state, RatingState::NotRated(vec![(Code::CommitmentScore, Reason::Gap)]));
    assert_eq!((gone.letter, gone.raw, gone.change), (None, Err(Reason::Gap), Err(Reason::Gap)));
    assert!(gone.components[0].points.is_ok() && (gone.components[0].weight - 0.75).abs() < 1e-12);
    assert_eq!(of(&ratings, 20, 2).state, RatingState::Rated);
}

#[test]
fn unlike_component_sets_have_no_change() {
    let project = project(8, &format!("window_months = 1\n{BOTH}"));
    let context = Context::new(&project, BTreeMap::new());
    let months = store(&context, 6, |age, department| department != 3 || !(3..5).contains(&age));
    let ratings = rate_all(&context, &months, FIRST.plus(5));
    assert!(of(&ratings, 2, 3).change.is_ok());
    let carried = of(&ratings, 3, 3);
    assert_eq!((carried.components[1].carried_months, carried.components[1].brought_forward), (1, true));
    assert!(carried.raw.unwrap().marks.carried && carried.raw.is_ok());
    assert_eq!(carried.change, Err(Reason::NotComparable));
    assert_eq!(of(&ratings, 4, 3).components[1].carried_months, 2);
    assert!(of(&ratings, 4, 3).change.is_ok());
    assert_eq!(of(&ratings, 5, 3).change, Err(Reason::NotComparable));
    assert!(of(&ratings, 3, 2).change.is_ok());
}

#[test]
fn first_months_have_points_but_no_letters() {
    let project = project(8, BOTH);
    let context = Context::new(&project, BTreeMap::new());
    let months = store(&context, 3, |_, _| true);
    let ratings = rate_all(&context, &months, FIRST.plus(2));
    assert_eq!(ratings.len(), 2);
    let rating = of(&ratings, 2, 0);
    assert_eq!(rating.state, RatingState::NotYet { months: 3 });
    assert!(rating.shrunk.is_ok() && rating.reliability.is_some() && rating.change.is_ok());
    assert_eq!((rating.letter, rating.probabilities, rating.rank, rating.months), (None, None, None, 3));
    assert!(rate_all(&context, &months, FIRST.plus(-1)).is_empty());
}

#[test]
fn the_last_month_does_not_depend_on_later_ones() {
    let project = project(6, BOTH);
    let context = Context::new(&project, BTreeMap::new());
    let months = store(&context, 15, |_, _| true);
    let early = rate_all(&context, &months, FIRST.plus(13));
    let late = rate_all(&context, &months, FIRST.plus(14));
    let letters = |ratings: &BTreeMap<Month, Vec<Rating>>| -> Vec<_> {
        ratings[&FIRST.plus(13)].iter().map(|one| (one.letter, one.shrunk, one.probabilities)).collect()
    };
    assert_eq!(letters(&early), letters(&late));
}

#[test]
fn contributions_sum_to_the_raw_points_and_a_sufficient_gain_is_named() {
    let project = project(8, BOTH);
    let context = Context::new(&project, BTreeMap::new());
    let months = store(&context, 12, |_, _| true);
    let ratings = rate_all(&context, &months, FIRST.plus(11));
    for rating in &ratings[&FIRST.plus(11)] {
        let sum: f64 = rating.components.iter().map(|one| one.contribution.unwrap()).sum();
        assert!((sum - rating.raw.unwrap().value).abs() < 1e-9);
        let letter = rating.letter.unwrap();
        for (component, needed) in rating.components.iter().filter_map(|one| Some((one, one.to_next_grade?)))
        {
            let gained =
                rating.shrunk.unwrap().value + needed * component.weight * rating.reliability.unwrap();
            assert!(gained >= [85.0, 70.0, 55.0, 40.0][letter.place() - 1] - 1e-9);
        }
    }
}

#[test]
fn four_departments_are_not_shrunk() {
    let project = project(4, SURVEY_ONLY);
    let context = Context::new(&project, BTreeMap::new());
    let months = store(&context, 12, |_, _| true);
    let ratings = rate_all(&context, &months, FIRST.plus(11));
    let rating = of(&ratings, 11, 0);
    assert_eq!(rating.shrunk, rating.raw);
    assert_eq!((rating.reliability, rating.rank), (None, None));
    assert_eq!(rating.state, RatingState::Rated);
}

#[test]
fn few_answers_are_too_little_data_even_when_all_alike() {
    let project = project(12, SURVEY_ONLY);
    let context = Context::new(&project, BTreeMap::new());
    let mut months = store(&context, 12, |_, _| true);
    let random = &mut Random::new(&[]);
    for (department, n) in [(0, 1), (1, 2)] {
        for counts in months.values_mut() {
            counts.surveys.get_mut("client").unwrap().families.remove(&(department, 0));
        }
        // So far above the scale that every answer is a 10.
        answer(&context, months.get_mut(&FIRST.plus(11)).unwrap(), department, (1000.0, n), random);
    }
    let ratings = rate_all(&context, &months, FIRST.plus(11));
    assert_eq!(
        of(&ratings, 11, 0).state,
        RatingState::NotRated(vec![(Code::Index("client".into()), Reason::TooFew)])
    );
    let few = of(&ratings, 11, 1);
    assert_eq!(few.state, RatingState::TooLittleData, "{:?}", few.reliability);
    assert!(few.letter.is_none() && few.shrunk.unwrap().value < 99.0);
}

#[test]
fn only_departments_of_the_month_with_weights_are_rated() {
    let project = sample::changed("registers/rating.toml", "{ \"*\" = 3, branch = 1 }", "{ branch = 1 }");
    let context = Context::new(&project, BTreeMap::new());
    let month: Month = "2025-07".parse().unwrap();
    let months = [(month, MonthCounts::default())].into();
    let ratings = rate_all(&context, &months, month);
    let codes: Vec<&str> = ratings[&month]
        .iter()
        .map(|one| project.departments[one.department as usize].code.as_str())
        .collect();
    assert_eq!(codes, ["B1", "B2"]);
    assert_eq!(ratings[&month][0].components[0].target, Some(70.0));
}

#[test]
fn a_new_department_is_rated_with_its_months() {
    let project = project(8, SURVEY_ONLY);
    let context = Context::new(&project, BTreeMap::new());
    let months = store(&context, 12, |_, _| true);
    let ratings = rate_all(&context, &months, FIRST.plus(11));
    let months = |department: u32| of(&ratings, 11, department).months;
    assert_eq!((months(0), months(7)), (12, 7));
    assert!(of(&ratings, 11, 7).letter.is_some());
}

#[test]
fn measures_of_the_same_answers_are_not_independent() {
    // The item is all there is in the index, so that the errors add up in full.
    let item = "[[measure]]\nmeasure = \"item:q01\"\nworst = 40\nbest = 90\ntarget = 70\n";
    let project = project(8, &format!("{SURVEY_ONLY}{item}"));
    let context = Context::new(&project, BTreeMap::new());
    let mut months = store(&context, 1, |_, _| true);
    let layout = context.client().unwrap();
    for survey in months.values_mut().flat_map(|counts| counts.surveys.values_mut()) {
        for row in survey.marginals.values_mut() {
            (0..62).for_each(|answer| row[layout.starts[0] + 5 + answer % 3].add(1_000_000));
        }
    }
    let ratings = rate_all(&context, &months, FIRST);
    let rating = of(&ratings, 0, 0);
    let errors: Vec<f64> =
        rating.components.iter().map(|one| one.points.unwrap().std_error.unwrap()).collect();
    let found = rating.raw.unwrap().std_error.unwrap();
    assert!((found - (errors[0] + errors[1]) / 2.0).abs() < 1e-9, "{found} {errors:?}");
}

#[test]
fn cut_points_are_those_of_the_month() {
    let cuts = "cut_points = [{ from = \"2024-01\", A = 85, B = 70, C = 55, D = 40 }, { from = \"2025-01\", A = 4, B = 3, C = 2, D = 1 }]\n";
    let project = project(8, &format!("{cuts}{SURVEY_ONLY}"));
    let context = Context::new(&project, BTreeMap::new());
    let months = store(&context, 13, |_, _| true);
    let ratings = rate_all(&context, &months, FIRST.plus(12));
    assert!(ratings[&FIRST.plus(11)].iter().any(|rating| rating.letter != Some(Grade::A)));
    assert!(ratings[&FIRST.plus(12)].iter().all(|rating| rating.letter == Some(Grade::A)));
}

#[test]
fn assessments_are_carried_two_quarters_and_no_further() {
    let skill =
        "[[measure]]\nmeasure = \"competency_share\"\nworst = 0\nbest = 1\nweights = { \"*\" = 0.2 }\n";
    let project = project(8, &format!("{SURVEY_ONLY}{skill}"));
    let context = Context::new(&project, BTreeMap::new());
    let mut months = store(&context, 20, |_, _| true);
    // Assessed in the fourth quarter, months 9 to 11; later months may use it as long as the count lets them.
    for (_, counts) in months.range_mut(FIRST.plus(11)..=FIRST.plus(17)) {
        for (department, person) in
            (0..8).flat_map(|department| (0..6).map(move |person| (department, person)))
        {
            for level in 2..4_i16 {
                let (quarter, role) = (FIRST.plus(11).quarter(), "teller".to_string());
                let person = 10 * department + person;
                let key =
                    AssessedKey { department, quarter, person, role, head: false, competency: 0, level };
                counts.assessments.insert(key, 2);
            }
        }
    }
    let ratings = rate_all(&context, &months, FIRST.plus(19));
    let seen = |age: i32| {
        let own = &of(&ratings, age, 2).components[1];
        (own.figure.map(|figure| figure.marks.carried), own.carried_months, own.brought_forward)
    };
    assert_eq!(seen(11), (Ok(false), 0, false));
    assert_eq!(seen(12), (Ok(true), 1, false));
    assert_eq!(seen(17), (Ok(true), 6, false));
    assert_eq!(seen(18), (Err(Reason::Gap), 0, false));
    assert_eq!(of(&ratings, 17, 2).state, RatingState::Rated);
    assert!(of(&ratings, 12, 2).change.is_ok());
    assert_eq!(of(&ratings, 18, 2).state, RatingState::NotRated(vec![(Code::CompetencyShare, Reason::Gap)]));
}
