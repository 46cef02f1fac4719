//! How far people are from what their roles require, in levels.

use std::collections::BTreeMap;

use super::{MIN_RATERS, Subject, of_unit};
use crate::project::Project;
use crate::stats::distribution::Z_975;
use crate::stats::resample::{lower_median, redraw_chance};
use crate::stats::{Estimate, Figure, Marks};

/// What is missing in one competency of a department.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Required {
    /// Position of the department, or [`super::WHOLE`].
    pub department: u32,
    /// Position of the competency.
    pub competency: u32,
    /// Mean number of levels that people are below the required one, 0 for those at or above it; n counts people.
    pub missing: Figure,
    /// Levels that the roles of these people require together, above the lowest of the scale.
    pub levels: u64,
    /// The fewest of these people who miss one and the same number of levels.
    pub fewest_alike: u64,
    /// The fewest of these people of whom one and the same level is required.
    pub fewest: u64,
}

/// Measures what is missing in every competency that a role of the department requires.
pub(super) fn shortfall(project: &Project, subjects: &[Subject], units: &[u32]) -> Vec<Required> {
    let competencies = || (0..).zip(&project.competencies).map(|(place, _)| place);
    let all = units.iter().flat_map(|&unit| competencies().map(move |competency| (unit, competency)));
    all.filter_map(|key| of(project, subjects, key)).collect()
}

/// The levels that one person misses, with the variance over redraws of the raters.
fn missing(ratings: &[i32], required: i32) -> Option<(f64, f64)> {
    let level = lower_median(ratings)?;
    let low = ratings.iter().min().copied()?;
    // The missing levels are Σ 1{median < l} over l up to the required one; below the lowest rating nothing varies.
    let chances: Vec<f64> = (low + 1..=required).map(|l| 1.0 - redraw_chance(ratings, l)).collect();
    let mean: f64 = chances.iter().sum();
    // E of the square: Σ over pairs P(median < the lower of both), and chances ascend with the level.
    let pairs = chances.iter().enumerate().map(|(i, chance)| chance * (2 * (chances.len() - i) - 1) as f64);
    let variance = (pairs.sum::<f64>() - mean * mean).max(0.0);
    Some((f64::from((required - level).max(0)), variance))
}

fn of(project: &Project, subjects: &[Subject], (department, competency): (u32, u32)) -> Option<Required> {
    let mut required: BTreeMap<i32, u64> = BTreeMap::new();
    let people = of_unit(subjects, department).filter_map(|subject| {
        let judged = subject.judged.get(&competency).filter(|judged| judged.levels.len() >= MIN_RATERS)?;
        let level = subject.required(project, competency)?;
        *required.entry(level).or_default() += 1;
        missing(&judged.ratings(), level)
    });
    let people: Vec<(f64, f64)> = people.collect();
    let mut short: Vec<u64> = Vec::new();
    for missing in people.iter().map(|one| one.0 as usize) {
        short.resize(short.len().max(missing + 1), 0);
        short[missing] += 1;
    }
    let low = project.competencies[competency as usize].low;
    let levels = required.iter().map(|(level, n)| u64::try_from(level - low).unwrap_or(0) * n).sum();
    let n = people.len() as f64;
    let value = people.iter().map(|one| one.0).sum::<f64>() / n;
    let error = people.iter().map(|one| one.1).sum::<f64>().sqrt() / n;
    let end = |sign: f64| Some((value + sign * Z_975 * error).max(0.0));
    (!people.is_empty()).then(|| Required {
        department,
        competency,
        missing: Ok(Estimate {
            value,
            std_error: Some(error),
            lower: end(-1.0),
            upper: end(1.0),
            n: people.len() as u64,
            n_effective: n,
            marks: Marks::default(),
        }),
        levels,
        fewest_alike: short.into_iter().filter(|n| *n > 0).min().unwrap_or(0),
        fewest: required.into_values().min().unwrap_or(0),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn missing_levels_vary_as_redrawn_raters_do() {
        assert_eq!(missing(&[2, 2, 2], 1), Some((0.0, 0.0)));
        assert_eq!(missing(&[1, 1, 1], 3), Some((2.0, 0.0)));
        assert_eq!(missing(&[], 2), None);
        // All 27 redraws of three ratings, by hand: the median of 0, 1, 2 is 0 in 7, 1 in 13, 2 in 7; 2 is required.
        let (value, variance) = missing(&[0, 1, 2], 2).unwrap();
        let mean = (7.0 * 2.0 + 13.0) / 27.0;
        assert!((value - 1.0).abs() < 1e-12);
        assert!((variance - ((7.0 * 4.0 + 13.0) / 27.0 - mean * mean)).abs() < 1e-12, "{variance}");
    }
}
