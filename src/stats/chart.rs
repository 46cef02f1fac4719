//! What control charts share: phases with limits of their own, limits about a centre, the points.
//!
//! In: which slots of a series hold an observation. Out: phases, limits, points. Deliberately absent: how a chart estimates its spread.

use std::ops::Range;

use super::Reason;

/// A stretch of a series with limits of its own.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Phase {
    /// Its slots.
    pub slots: Range<usize>,
    /// The slots from which its limits are estimated.
    pub baseline: Range<usize>,
}

/// Returns the phases of a series: a new one begins at each slot of `starts`; limits come from the first `freeze` observations of each.
///
/// `observed` tells which slots hold a value. Without `freeze` a phase is its own baseline. Both may be given together.
pub fn phases(observed: &[bool], starts: &[usize], freeze: Option<usize>) -> Vec<Phase> {
    let mut cuts: Vec<usize> =
        starts.iter().copied().filter(|&start| start > 0 && start < observed.len()).collect();
    cuts.sort_unstable();
    cuts.dedup();
    cuts.insert(0, 0);
    cuts.push(observed.len());
    cuts.windows(2).map(|ends| phase(observed, ends[0]..ends[1], freeze)).collect()
}

fn phase(observed: &[bool], slots: Range<usize>, freeze: Option<usize>) -> Phase {
    let last = freeze.and_then(|count| slots.clone().filter(|&slot| observed[slot]).nth(count.max(1) - 1));
    let end = last.map_or(slots.end, |slot| slot + 1);
    Phase { baseline: slots.start..end, slots }
}

/// Limits of one point.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Limits {
    /// Centre line.
    pub center: f64,
    /// Lower limit, three sigma below the centre.
    pub lower: f64,
    /// Upper limit.
    pub upper: f64,
    /// Two sigma below the centre.
    pub near_lower: f64,
    /// Two sigma above the centre.
    pub near_upper: f64,
}

impl Limits {
    /// Returns the limits `width` = 3 sigma about a centre.
    pub fn about(center: f64, width: f64) -> Self {
        let near = 2.0 * (width / 3.0);
        Self {
            center,
            lower: center - width,
            upper: center + width,
            near_lower: center - near,
            near_upper: center + near,
        }
    }

    /// Returns the limits cut to what is possible.
    pub fn within(self, low: f64, high: f64) -> Self {
        Self {
            lower: self.lower.max(low),
            near_lower: self.near_lower.max(low),
            upper: self.upper.min(high),
            near_upper: self.near_upper.min(high),
            ..self
        }
    }

    /// Returns the limits on another scale, by an increasing function.
    pub fn map(self, function: impl Fn(f64) -> f64) -> Self {
        Self {
            center: function(self.center),
            lower: function(self.lower),
            upper: function(self.upper),
            near_lower: function(self.near_lower),
            near_upper: function(self.near_upper),
        }
    }

    /// Tells whether a value lies outside.
    pub fn is_outside(&self, value: f64) -> bool {
        value < self.lower || value > self.upper
    }

    /// Tells whether a value lies inside, but beyond two sigma.
    pub fn is_close(&self, value: f64) -> bool {
        !self.is_outside(value) && (value < self.near_lower || value > self.near_upper)
    }

    /// Returns −1 below the centre, 1 above, 0 on it.
    pub fn side(&self, value: f64) -> i8 {
        i8::from(value > self.center) - i8::from(value < self.center)
    }
}

/// One slot of a chart.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Point {
    /// The plotted value; nothing in a gap.
    pub value: Option<f64>,
    /// Its limits, or why there are none.
    pub limits: Result<Limits, Reason>,
    /// The number of its phase, from 0.
    pub phase: usize,
    /// Where the history was constant: the probability of a value at least as far from it; nothing elsewhere.
    pub chance: Option<f64>,
}

impl Point {
    /// Returns the value with its limits, where both exist: limits beyond the largest number judge nothing.
    pub fn judged(&self) -> Option<(f64, Limits)> {
        let is_number =
            |limits: &Limits| limits.center.is_finite() && !limits.lower.is_nan() && !limits.upper.is_nan();
        self.value.zip(self.limits.ok().filter(is_number))
    }
}

/// Returns the mean of values, exact where all are the same; nothing without values.
pub fn mean(values: impl Iterator<Item = f64>) -> Option<f64> {
    let mut values = values.peekable();
    let first = *values.peek()?;
    let (count, sum) = values.fold((0.0, 0.0), |(count, sum), value| (count + 1.0, sum + (value - first)));
    Some(first + sum / count)
}

/// Returns the number of observations when they are all the same value; nothing where they differ or are fewer than two.
pub(super) fn constant(values: impl Iterator<Item = f64>) -> Option<usize> {
    let mut values = values.peekable();
    let first = *values.peek()?;
    let count =
        values.try_fold(0, |count, value| (value.to_bits() == first.to_bits()).then_some(count + 1))?;
    (count > 1).then_some(count)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn limits_beyond_the_largest_number_judge_nothing() {
        let point = |center: f64, width: f64| Point {
            value: Some(1e300),
            limits: Ok(Limits::about(center, width)),
            phase: 0,
            chance: None,
        };
        assert!(point(f64::INFINITY, 1.0).judged().is_none());
        assert!(point(1e308, f64::INFINITY).judged().is_some());
        assert!(point(f64::NAN, 1.0).judged().is_none());
    }

    #[test]
    fn phases_start_and_freeze_together() {
        let observed = [true, true, false, true, true, true, true];
        let whole = phases(&observed, &[], None);
        assert_eq!(whole, [Phase { slots: 0..7, baseline: 0..7 }]);
        let both = phases(&observed, &[4], Some(3));
        assert_eq!(both, [Phase { slots: 0..4, baseline: 0..4 }, Phase { slots: 4..7, baseline: 4..7 }]);
        let frozen = phases(&observed, &[9, 0, 4, 4], Some(2));
        assert_eq!(frozen[1], Phase { slots: 4..7, baseline: 4..6 });
        assert_eq!(phases(&[], &[], Some(0)), [Phase { slots: 0..0, baseline: 0..0 }]);
    }

    #[test]
    fn a_mean_of_equal_values_is_that_value() {
        for value in [0.1, 99.9, 1e9 + 0.1] {
            assert_eq!(mean([value; 14].into_iter()).map(f64::to_bits), Some(value.to_bits()));
            assert_eq!(constant([value; 14].into_iter()), Some(14));
        }
        assert_eq!(mean([].into_iter()), None);
        assert_eq!((constant([1.0].into_iter()), constant([1.0, 2.0].into_iter())), (None, None));
    }

    #[test]
    fn limits_know_their_sides() {
        let limits = Limits::about(10.0, 3.0);
        assert!(
            limits.is_outside(13.1)
                && !limits.is_outside(13.0)
                && limits.is_close(12.5)
                && !limits.is_close(12.0)
        );
        assert_eq!((limits.side(9.0), limits.side(10.0), limits.side(11.0)), (-1, 0, 1));
    }
}
