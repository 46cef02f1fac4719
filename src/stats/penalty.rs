//! Penalty-reward contrast: does a low rating of an attribute hurt more than a high one helps?
//!
//! In: counts of outcomes per rating of one attribute, or the values themselves as sums. Out: penalty, reward and the class of the attribute.
//! Deliberately absent: several attributes in one regression (`regression` takes any dummies).

use super::Reason;
use super::regression::{Coefficient, coefficient};

/// Rows that a cell must have before the attribute gets a class.
pub const ROWS_TO_CLASS: f64 = 5.0;

/// Number, sum and sum of squares about a shift, of the outcomes in one cell.
#[derive(Debug, Clone, Copy, Default, PartialEq)]
pub struct Cell {
    /// Number of rows.
    pub n: f64,
    /// Mean of the outcome.
    pub mean: f64,
    /// Sum of squares about the mean.
    pub squares: f64,
}

impl Cell {
    /// Sums up outcomes that come with the number of rows they stand for.
    pub fn of(outcomes: &[(f64, f64)]) -> Self {
        let n: f64 = outcomes.iter().map(|(_, count)| count).sum();
        let first = outcomes.first().map_or(0.0, |(y, _)| *y);
        let delta =
            outcomes.iter().map(|(y, count)| count * (y - first)).sum::<f64>() / n.max(f64::MIN_POSITIVE);
        let squares =
            outcomes.iter().map(|(y, count)| count * (y - first - delta) * (y - first - delta)).sum();
        Self { n, mean: first + delta, squares }
    }
}

/// What kind of attribute it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Class {
    /// Its absence hurts more than its presence helps.
    Basic,
    /// Both matter alike.
    Performance,
    /// Its presence helps more than its absence hurts.
    Excitement,
}

impl Class {
    /// Returns its name.
    pub fn name(self) -> &'static str {
        match self {
            Self::Basic => "basic",
            Self::Performance => "performance",
            Self::Excitement => "excitement",
        }
    }
}

/// A penalty-reward contrast.
#[derive(Debug, Clone, PartialEq)]
pub struct PenaltyReward {
    /// Mean outcome of those who rated in between.
    pub intercept: Coefficient,
    /// Mean outcome after a low rating, minus that in between.
    pub penalty: Coefficient,
    /// Mean outcome after a high rating, minus that in between.
    pub reward: Coefficient,
    /// |penalty| + |reward|: range of impact on overall satisfaction.
    pub range: f64,
    /// (|reward| − |penalty|) / range, from −1 (only hurts) to 1 (only helps); no variation where the range is 0.
    pub asymmetry: Result<f64, Reason>,
    /// Its class: not performance where the interval of |reward| − |penalty| leaves out 0; too few below five rows in an outer cell.
    pub class: Result<Class, Reason>,
}

/// Returns the contrast of outcomes rated low, in between and high, with intervals of probability `level`.
///
/// Least squares y = b₀ + p·low + r·high (Brandt 1988), so p and r are differences of cell means with the pooled variance; asymmetry after
/// Mikulić and Prebežac (2008). Undefined: too few with an empty cell or without residual degree of freedom, not
/// converged when squares are too large for a number. Same values as R
/// `lm(y ~ low + high)`.
pub fn penalty_reward(low: &Cell, middle: &Cell, high: &Cell, level: f64) -> Result<PenaltyReward, Reason> {
    let df = low.n + middle.n + high.n - 3.0;
    if !(low.n > 0.0 && middle.n > 0.0 && high.n > 0.0 && df >= 1.0) {
        return Err(Reason::TooFew);
    }
    let variance = (low.squares + middle.squares + high.squares) / df;
    if !variance.is_finite() {
        return Err(Reason::NotConverged);
    }
    let error = |cell: &Cell| (variance * (1.0 / cell.n + 1.0 / middle.n)).sqrt();
    let intercept = coefficient(middle.mean, (variance / middle.n).sqrt(), df, level);
    let penalty = coefficient(low.mean - middle.mean, error(low), df, level);
    let reward = coefficient(high.mean - middle.mean, error(high), df, level);
    let range = penalty.value.abs() + reward.value.abs();
    let excess = reward.value.abs() - penalty.value.abs();
    // With p < 0 < r the excess is p + r, whose error holds the middle cell twice; with equal signs the middle cell cancels.
    let middle_twice = if penalty.value * reward.value < 0.0 { 4.0 } else { 0.0 };
    let spread = (variance * (1.0 / low.n + 1.0 / high.n + middle_twice / middle.n)).sqrt();
    let test = coefficient(excess, spread, df, level);
    let class = if low.n < ROWS_TO_CLASS || high.n < ROWS_TO_CLASS {
        Err(Reason::TooFew)
    } else if test.lower > 0.0 {
        Ok(Class::Excitement)
    } else if test.upper < 0.0 {
        Ok(Class::Basic)
    } else {
        Ok(Class::Performance)
    };
    let asymmetry = if range > 0.0 { Ok(excess / range) } else { Err(Reason::NoVariation) };
    Ok(PenaltyReward { intercept, penalty, reward, range, asymmetry, class })
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    /// D14 of statistics.md.
    const Y: [f64; 16] = [3.0, 4.0, 5.0, 6.0, 7.0, 8.0, 9.0, 9.0, 10.0, 2.0, 4.0, 6.0, 7.0, 8.0, 5.0, 6.0];
    const X: [u8; 16] = [1, 2, 3, 3, 3, 4, 5, 5, 5, 1, 2, 3, 4, 4, 3, 3];

    fn cell(keep: impl Fn(u8) -> bool, offset: f64) -> Cell {
        let rows: Vec<(f64, f64)> =
            Y.iter().zip(X).filter(|(_, x)| keep(*x)).map(|(y, _)| (y + offset, 1.0)).collect();
        Cell::of(&rows)
    }

    fn found(offset: f64) -> PenaltyReward {
        let (low, high) = (cell(|x| x <= 2, offset), cell(|x| x >= 5, offset));
        penalty_reward(&low, &cell(|x| x == 3 || x == 4, offset), &high, 0.95).expect("defined")
    }

    fn close(value: f64, expected: f64) {
        assert!((value - expected).abs() <= 1e-11 * expected.abs(), "{value} is not {expected}");
    }

    #[test]
    fn agrees_with_r() {
        let found = found(0.0);
        close(found.intercept.value, 6.44444444444444);
        close(found.penalty.value, -3.19444444444444);
        close(found.penalty.std_error, 0.615514439060);
        close(found.reward.value, 2.88888888888889);
        close(found.reward.std_error, 0.682851960252);
        close(found.range, 6.08333333333333);
        assert_eq!(found.class, Err(Reason::TooFew));
    }

    #[test]
    fn hard_cases_say_why() {
        let (none, some) = (Cell::of(&[]), Cell::of(&[(4.0, 6.0)]));
        assert_eq!(penalty_reward(&none, &some, &some, 0.95), Err(Reason::TooFew));
        let one = Cell::of(&[(4.0, 1.0)]);
        assert_eq!(penalty_reward(&one, &one, &one, 0.95), Err(Reason::TooFew));
        let flat = penalty_reward(&some, &some, &some, 0.95).expect("defined");
        assert_eq!((flat.asymmetry, flat.class), (Err(Reason::NoVariation), Ok(Class::Performance)));
        let (near, far) = (found(0.0), found(1e9));
        assert!((far.reward.std_error - near.reward.std_error).abs() < 1e-6);
    }

    proptest! {
        #[test]
        fn counted_rows_equal_repeated_rows(rows in prop::collection::vec((-9.0f64..9.0, 1u32..4), 1..20)) {
            let counted: Vec<(f64, f64)> = rows.iter().map(|(y, n)| (*y, f64::from(*n))).collect();
            let repeated: Vec<(f64, f64)> = rows.iter().flat_map(|(y, n)| vec![(*y, 1.0); *n as usize]).collect();
            let (one, other) = (Cell::of(&counted), Cell::of(&repeated));
            prop_assert!((one.mean - other.mean).abs() < 1e-12 && (one.squares - other.squares).abs() < 1e-10);
        }
    }
}
