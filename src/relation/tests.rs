//! Relations with a lag, against dummies in numpy.

use super::*;
use crate::count::{Cell, OutcomeCounts};
use crate::project::Project;
use crate::project::sample::changed;

/// The relation of two promises of the little bank at `lags`.
fn asked(lags: &str) -> Project {
    let to = format!("x = \"kept:calls\"\nlag = {lags}");
    let mut project = changed("registers/relations.toml", "x = \"commitment_score\"", &to);
    project.relations.truncate(1);
    project.relations[0].y = "kept:letters".into();
    project
}

/// Kept shares of three departments over seven months, of which the fourth is not there and one cell lacks the first side.
fn months() -> Vec<(Month, MonthCounts)> {
    let first = Month::new(2025, 1);
    let month = |t: u32| {
        let mut counts = MonthCounts::default();
        for d in 0..3 {
            let mut put = |commitment: u32, kept: u32| {
                let outcomes = OutcomeCounts {
                    kept: kept.into(),
                    breached_unremedied: (20 - kept).into(),
                    ..OutcomeCounts::default()
                };
                counts.commitments.outcomes.insert((Cell::whole(d), commitment), outcomes);
            };
            if (d, t) != (1, 1) {
                put(0, (7 * d + 5 * t * t + 3 * d * t) % 11 + 5);
            }
            put(1, (3 * d + 2 * t + d * t * t) % 13 + 4);
        }
        (first.plus(t as i32), counts)
    };
    (0..7).filter(|t| *t != 3).map(month).collect()
}

fn told(lags: &str) -> Vec<(i32, PanelTold)> {
    let (project, months) = (asked(lags), months());
    let context = Context::new(&project, Default::default());
    let told = relate(
        &context,
        months.iter().map(|(month, counts)| (*month, counts)).collect(),
        (months[0].0, months[5].0),
    );
    let panel = |told: Told| match told.related {
        Related::Panel(panel) => (told.lag, *panel),
        Related::Contact(_) => panic!("a panel was asked"),
    };
    told.into_iter().map(panel).collect()
}

#[test]
fn a_lagged_pair_needs_both_its_periods() {
    // numpy.linalg.lstsq of both sides on department and month dummies, x of month t with y of month t + lag, pairs without either left out.
    let expected =
        [(0, 17, -0.01658946984779343), (1, 11, -0.49807359417043884), (-1, 11, -0.6547656037615329)];
    let told = told("[0, 1, -1]");
    assert_eq!(told.len(), expected.len());
    for ((lag, panel), (wanted, n, r)) in told.iter().zip(expected) {
        let found = panel.within.expect("defined").estimate;
        assert_eq!((*lag, panel.n_cells, panel.n_departments), (wanted, n, 3));
        assert!((found.value - r).abs() < 1e-12, "lag {lag}: {} is not {r}", found.value);
    }
}

#[test]
fn a_lag_beyond_the_months_there_are_is_too_few() {
    let told = told("12");
    assert_eq!((told[0].1.n_cells, told[0].1.within), (0, Err(Reason::TooFew)));
}
