//! Assessments of a few people, by hand and against scipy, pandas and krippendorff.

use super::states::state;
use super::*;
use crate::check::{Indicator, Relation};
use crate::project::{Competency, Text};

fn competency(levels: &[(i32, usize)]) -> Competency {
    let texts = |n: usize| vec![Text::plain("seen"); n];
    Competency {
        code: "C".into(),
        name: Text::plain("C"),
        group: "general".into(),
        low: 0,
        high: 3,
        weight: 1.0,
        core: false,
        bands: Vec::new(),
        levels: levels.iter().map(|&(level, n)| (level, texts(n))).collect(),
    }
}

/// Levels of a manager and of peers.
fn rated(manager: i32, peers: &[i32]) -> Judged {
    let peer = |(rater, &level): (u64, &i32)| (Relation::Peer, rater, level);
    let levels = (1..).zip(peers).map(peer);
    Judged {
        levels: [(Relation::Manager, 0, manager)].into_iter().chain(levels).collect(),
        ..Judged::default()
    }
}

fn state_of(judged: &Judged) -> Attainment {
    state(&competency(&[]), judged, 1.0).unwrap().0
}

#[test]
fn levels_are_their_lower_median_and_level_0_must_be_confirmed() {
    assert_eq!(state_of(&rated(2, &[1, 3, 2])), Attainment::Level(2));
    assert_eq!(state_of(&rated(3, &[1, 1, 3])), Attainment::Level(1), "the lower of the two in the middle");
    assert_eq!(state_of(&rated(0, &[1, 1])), Attainment::Level(1), "a level is no behaviour that was seen");
    assert_eq!(state_of(&rated(1, &[0, 0])), Attainment::Zero, "two raters say so");
    assert_eq!(state_of(&rated(1, &[0, 1])), Attainment::Level(1), "one peer alone confirms nothing");
    assert_eq!(state_of(&rated(0, &[2, 3, 3])), Attainment::Level(2));
    assert_eq!(state_of(&rated(0, &[2])), Attainment::FewRaters);
}

/// What raters saw of indicators 0.1, 1.1, 2.1, 3.1, in one letter each.
fn watched(raters: &[(Relation, &str)]) -> Judged {
    let mut judged = Judged::default();
    for ((relation, answers), rater) in raters.iter().zip(0..) {
        for (level, answer) in (0..).zip(answers.chars()) {
            let seen = match answer {
                '+' => Some(true),
                '-' => Some(false),
                _ => None,
            };
            judged.seen.push((*relation, rater, Indicator { level, number: 1 }, seen));
        }
    }
    judged
}

#[test]
fn indicators_decide_where_raters_were_asked_for_them() {
    use Relation::{Manager, Peer};
    let all = competency(&[(0, 1), (1, 1), (2, 1), (3, 1)]);
    let of = |raters: &[(Relation, &str)]| state(&all, &watched(raters), 1.0).unwrap().0;
    assert_eq!(of(&[(Manager, "-++-"), (Peer, "-++-"), (Peer, "-+-+")]), Attainment::Level(2));
    assert_eq!(of(&[(Manager, "-+.."), (Peer, "-+.."), (Peer, "-+..")]), Attainment::Level(1));
    assert_eq!(of(&[(Manager, "-..."), (Peer, "-..."), (Peer, "+...")]), Attainment::NotObserved);
    assert_eq!(of(&[(Manager, "--++"), (Peer, "--++"), (Peer, "--++")]), Attainment::BelowFirst);
    assert_eq!(of(&[(Manager, "+---"), (Peer, "----"), (Peer, "----")]), Attainment::Zero);
    assert_eq!(of(&[(Peer, "+++-"), (Peer, "+++-"), (Peer, "-++-")]), Attainment::Contradictory);
    // Without a declared negative indicator, level 0 that was given says that the opposite was seen.
    let positive = competency(&[(1, 1), (2, 1), (3, 1)]);
    let mut judged = watched(&[(Manager, ".---"), (Peer, ".---"), (Peer, ".---")]);
    judged.seen.retain(|one| one.2.level > 0);
    assert_eq!(state(&positive, &judged, 1.0).unwrap().0, Attainment::BelowFirst);
    judged.levels.push((Manager, 0, 0));
    assert_eq!(state(&positive, &judged, 1.0).unwrap().0, Attainment::Zero);
}

fn subject(person: u32, department: u32, judged: Judged) -> Subject {
    Subject { department, person, role: "teller".into(), head: false, judged: [(0, judged)].into() }
}

#[test]
fn a_lenient_head_stands_out_from_the_others() {
    let ratings = [
        (0, 3, [2, 2, 1]),
        (0, 3, [1, 2, 2]),
        (0, 2, [1, 1, 2]),
        (0, 3, [2, 3, 2]),
        (0, 2, [1, 1, 0]),
        (1, 1, [1, 2, 1]),
        (1, 2, [2, 2, 1]),
        (1, 2, [2, 3, 2]),
        (1, 1, [1, 1, 1]),
        (1, 2, [2, 2, 3]),
        (2, 2, [2, 2, 2]),
        (2, 1, [2, 1, 1]),
        (2, 3, [3, 2, 3]),
        (2, 1, [1, 2, 1]),
        (2, 2, [2, 1, 2]),
    ];
    let subjects: Vec<Subject> = (0..)
        .zip(ratings)
        .map(|(person, (department, manager, peers))| {
            let mut judged = rated(manager, &peers);
            judged
                .levels
                .iter_mut()
                .filter(|one| one.0 == Relation::Manager)
                .for_each(|one| one.1 = u64::from(department));
            subject(person, department, judged)
        })
        .collect();
    let found = leniency::leniency(&subjects);
    // numpy, scipy: gaps 4/3, 4/3, 2/3, 2/3, 4/3 against means of -2/15 and 0 elsewhere.
    let first = found[0].excess.unwrap();
    assert_eq!((found[0].department, found[0].people), (0, 5));
    let near = |one: f64, other: f64| assert!((one - other).abs() < 1e-9, "{one} is not {other}");
    near(found[0].difference.unwrap().value, 16.0 / 15.0);
    near(first.value, 17.0 / 15.0);
    near(first.std_error.unwrap(), 0.176_383_420_737_639_4);
    near(found[0].p_value.unwrap(), 0.003_016_382_930_650_696_4);
    assert!(found[0].is_remarkable() && !found[1].is_remarkable());
    assert_eq!(leniency::raters(&found), Ok(Raters { heads: 3, higher: 1, lower: 0 }));
    assert_eq!(leniency::raters(&[]), Err(Reason::NotMeasured));
    assert_eq!(leniency::leniency(&[]), []);
    let lonely = leniency::leniency(&subjects[..1]);
    assert_eq!((lonely[0].difference, lonely[0].excess), (Err(Reason::TooFew), Err(Reason::NotApplicable)));
}

#[test]
fn an_assessment_is_told_of_when_its_quarter_has_ended() {
    let (august, september) = (Month::new(2026, 8), Month::new(2026, 9));
    let (earlier, now) = (Quarter(august.quarter().0 - 1), august.quarter());
    let both: Quarters = [(earlier, Vec::new()), (now, Vec::new())].into();
    let quarter = |quarters: &Quarters, month: Month| newest(2, quarters, month).map(|(quarter, _)| quarter);
    assert_eq!((quarter(&both, august), quarter(&both, september)), (Some(earlier), Some(now)));
    assert_eq!(quarter(&[(now, Vec::new())].into(), august), Some(now), "there is no other");
}
