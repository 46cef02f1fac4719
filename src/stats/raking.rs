//! Raking: weights whose sums meet the totals of several margins, within bounds, or a clear word that none do.
//!
//! In: starting weights, margins with targets. Out: weights with the largest deviation that is left. Deliberately absent: anything that takes
//! "the rounds are over" for "it has converged".

use super::Reason;

/// A margin: the level of each row and the total that each level shall have.
#[derive(Debug, Clone, Copy)]
pub struct Margin<'a> {
    /// Level 0, 1, 2 … of each row.
    pub levels: &'a [usize],
    /// Total of each level.
    pub targets: &'a [f64],
}

/// How to rake.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Control {
    /// Bounds of the weights as multiples of their mean; nothing for none.
    pub bounds: Option<(f64, f64)>,
    /// Largest relative deviation of a total from its target that counts as met.
    pub tolerance: f64,
    /// Rounds over all margins after which it has not converged.
    pub rounds: usize,
}

impl Default for Control {
    fn default() -> Self {
        Self { bounds: None, tolerance: 1e-10, rounds: 10_000 }
    }
}

/// The outcome of raking.
#[derive(Debug, Clone, PartialEq)]
pub struct Raked {
    /// The weights; not converged when the totals cannot all be met.
    pub weights: Result<Vec<f64>, Reason>,
    /// Rounds that were run.
    pub rounds: usize,
    /// Largest relative deviation of a total from its target after the last round.
    pub residual: f64,
    /// Margin and level of that deviation.
    pub worst: (usize, usize),
    /// Sums of the last weights for each margin's levels.
    pub achieved: Vec<Vec<f64>>,
}

/// Rakes `start` weights to the margins by iterative proportional fitting (Deming and Stephan 1940).
///
/// w ← w · target/sum over the levels of one margin after another; with bounds, weights are clipped after each round and raked again. All
/// margins must have the same sum of targets. Undefined: too few without rows, margins, weight or rows for a target above 0; not comparable when
/// the margins' sums differ by more than 1e-6. Without convergence the weights are absent and the deviation is told. As R `survey::rake`.
pub fn rake(start: &[f64], margins: &[Margin<'_>], control: &Control) -> Result<Raked, Reason> {
    let total = checked(start, margins)?;
    let bounds = control.bounds.map(|(low, high)| {
        let mean = total / start.len() as f64;
        (low * mean, high * mean)
    });
    let mut weights = start.to_vec();
    let mut state = State { residual: f64::INFINITY, worst: (0, 0) };
    let mut rounds = 0;
    while rounds < control.rounds && state.residual > control.tolerance {
        rounds += 1;
        for margin in margins {
            fit(&mut weights, margin);
        }
        if let Some((low, high)) = bounds {
            weights.iter_mut().for_each(|weight| *weight = weight.max(low).min(high));
        }
        state = deviation(&weights, margins);
    }
    let has_converged = state.residual <= control.tolerance;
    Ok(Raked {
        achieved: margins.iter().map(|margin| sums(&weights, margin)).collect(),
        weights: if has_converged { Ok(weights) } else { Err(Reason::NotConverged) },
        rounds,
        residual: state.residual,
        worst: state.worst,
    })
}

/// Returns the sum of the targets.
fn checked(start: &[f64], margins: &[Margin<'_>]) -> Result<f64, Reason> {
    let is_weight = |weight: &f64| *weight >= 0.0 && weight.is_finite();
    let Some(first) = margins.first().filter(|_| start.iter().all(is_weight)) else {
        return Err(Reason::TooFew);
    };
    let total: f64 = first.targets.iter().sum();
    for margin in margins {
        let sums = sums(start, margin);
        let can_be_met = |(target, sum): (&f64, &f64)| is_weight(target) && (*target <= 0.0 || *sum > 0.0);
        if !margin.targets.iter().zip(&sums).all(can_be_met) {
            return Err(Reason::TooFew);
        }
        if (margin.targets.iter().sum::<f64>() - total).abs() > 1e-6 * total {
            return Err(Reason::NotComparable);
        }
    }
    if total > 0.0 { Ok(total) } else { Err(Reason::TooFew) }
}

/// Returns the sum of the weights of each level.
fn sums(weights: &[f64], margin: &Margin<'_>) -> Vec<f64> {
    let mut sums = vec![0.0; margin.targets.len()];
    weights.iter().zip(margin.levels).for_each(|(weight, &level)| sums[level] += weight);
    sums
}

fn fit(weights: &mut [f64], margin: &Margin<'_>) {
    let factor = |(target, sum): (&f64, f64)| if sum > 0.0 { target / sum } else { 0.0 };
    let factors: Vec<f64> = margin.targets.iter().zip(sums(weights, margin)).map(factor).collect();
    weights.iter_mut().zip(margin.levels).for_each(|(weight, &level)| *weight *= factors[level]);
}

struct State {
    residual: f64,
    worst: (usize, usize),
}

fn deviation(weights: &[f64], margins: &[Margin<'_>]) -> State {
    let mut state = State { residual: 0.0, worst: (0, 0) };
    for (place, margin) in margins.iter().enumerate() {
        for (level, (target, sum)) in margin.targets.iter().zip(sums(weights, margin)).enumerate() {
            let off = if *target > 0.0 { (sum / target - 1.0).abs() } else { sum };
            if off > state.residual {
                state = State { residual: off, worst: (place, level) };
            }
        }
    }
    state
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::stats::weighting::{kish, mean};
    use proptest::prelude::*;

    /// D9 of statistics.md: 30 men (20 A, 10 B) and 20 women (5 A, 15 B).
    fn sample() -> [Vec<usize>; 2] {
        let sex = (0..50).map(|row| usize::from(row >= 30)).collect();
        let segment = (0..50).map(|row| usize::from((20..30).contains(&row) || row >= 35)).collect();
        [sex, segment]
    }

    fn raked(segments: &[f64], control: &Control) -> Result<Raked, Reason> {
        let [sex, segment] = sample();
        let margins =
            [Margin { levels: &sex, targets: &[25.0, 25.0] }, Margin { levels: &segment, targets: segments }];
        rake(&[1.0; 50], &margins, control)
    }

    fn close(value: f64, expected: f64, tolerance: f64) {
        assert!((value - expected).abs() <= tolerance, "{value} is not {expected}");
    }

    #[test]
    fn agrees_with_survey() {
        let weights =
            raked(&[20.0, 30.0], &Control::default()).and_then(|found| found.weights).expect("converges");
        for (row, expected) in [(0, 0.75), (20, 1.0), (30, 1.0), (40, 4.0 / 3.0)] {
            close(weights[row], expected, 1e-9);
        }
        let cost = kish(&weights).expect("defined");
        close(cost.design_effect, 1.05833333334, 1e-9);
        close(cost.effective_n, 47.2440944879, 1e-7);
        let [sex, segment] = sample();
        let values: Vec<Option<f64>> = (0..50).map(|row| Some(f64::from(u8::from(row < 25)))).collect();
        let fixed = mean(&values, &weights, &[], 0.95).expect("defined");
        let aware = mean(&values, &weights, &[&sex, &segment], 0.95).expect("defined");
        close(aware.value, 0.4, 1e-9);
        close(fixed.std_error, 0.06915, 5e-6);
        close(aware.std_error, 0.03582, 5e-6);
    }

    #[test]
    fn margins_that_cannot_be_met_are_told() {
        // V6: all men are A and all women B, so A cannot be 0.5 of the total while men are 0.4; balance 0.12 says "converged" all the same.
        let levels: Vec<usize> = (0..50).map(|row| usize::from(row >= 20)).collect();
        let margins = [
            Margin { levels: &levels, targets: &[0.4, 0.6] },
            Margin { levels: &levels, targets: &[0.5, 0.5] },
        ];
        let found =
            rake(&[1.0; 50], &margins, &Control { rounds: 200, ..Control::default() }).expect("well posed");
        assert_eq!((found.weights, found.rounds), (Err(Reason::NotConverged), 200));
        assert!(found.residual > 0.1);
    }

    #[test]
    fn bounds_are_kept_or_refused() {
        let control = |low, high| Control { bounds: Some((low, high)), rounds: 2000, ..Control::default() };
        let weights =
            raked(&[20.0, 30.0], &control(0.7, 1.4)).and_then(|found| found.weights).expect("feasible");
        assert!(weights.iter().all(|weight| (0.7..=1.4).contains(weight)));
        let tight = raked(&[20.0, 30.0], &control(0.95, 1.05)).expect("well posed");
        assert_eq!(tight.weights, Err(Reason::NotConverged));
    }

    #[test]
    fn hard_cases_say_why() {
        let control = Control::default();
        assert_eq!(rake(&[], &[], &control), Err(Reason::TooFew));
        assert_eq!(
            rake(&[1.0], &[Margin { levels: &[0], targets: &[1.0, 2.0] }], &control),
            Err(Reason::TooFew)
        );
        assert_eq!(raked(&[20.0, 40.0], &control), Err(Reason::NotComparable));
        assert_eq!(
            rake(&[f64::NAN], &[Margin { levels: &[0], targets: &[1.0] }], &control),
            Err(Reason::TooFew)
        );
        let none = rake(&[1.0, 1.0], &[Margin { levels: &[0, 1], targets: &[3.0, 0.0] }], &control)
            .expect("well posed");
        assert_eq!(none.weights, Ok(vec![3.0, 0.0]));
    }

    proptest! {
        #[test]
        fn totals_are_met(rows in prop::collection::vec((0usize..3, 0usize..2, 0.1f64..5.0), 40..80), a in 0.2f64..0.8) {
            let (one, other): (Vec<usize>, Vec<usize>) = rows.iter().map(|row| (row.0, row.1)).unzip();
            let start: Vec<f64> = rows.iter().map(|row| row.2).collect();
            let targets = [a, 1.0 - a];
            let margins = [Margin { levels: &one, targets: &[0.2, 0.3, 0.5] }, Margin { levels: &other, targets: &targets }];
            if let Ok(Raked { weights: Ok(weights), .. }) = rake(&start, &margins, &Control::default()) {
                prop_assert!((weights.iter().sum::<f64>() - 1.0).abs() < 1e-9);
                let share: f64 = weights.iter().zip(&other).filter(|(_, level)| **level == 0).map(|(weight, _)| weight).sum();
                prop_assert!((share - a).abs() < 1e-9);
            }
        }
    }
}
