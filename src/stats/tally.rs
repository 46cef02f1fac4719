//! Values of several groups as counts of distinct values: what every comparison of groups needs, from raw rows and from counted ones alike.
//!
//! In: rows (value, group, count). Out: sorted distinct values with a count per group; means and dispersions about an origin near the data.
//! Deliberately absent: weights that are not counts.

use super::Reason;
use super::scale;

/// Counts of the distinct values of several groups.
#[derive(Debug, Clone, PartialEq)]
pub struct Tally {
    /// Distinct values, ascending, without NaN, in the unit of the tally.
    pub values: Vec<f64>,
    /// What 1 stands for: a power of two, 1 unless the values are extreme.
    pub unit: f64,
    /// Per group, how often each of the values occurs.
    pub counts: Vec<Vec<u64>>,
}

/// Number, mean and dispersion of one group, in the unit of its tally.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Summary {
    /// Number of observations, above 0.
    pub n: f64,
    /// Mean minus the origin of the tally, so that a huge offset costs no digits.
    pub mean: f64,
    /// Σ(x − mean)².
    pub squares: f64,
}

impl Summary {
    /// Returns Σ(x − mean)²/(n − 1); undefined (too few) below two observations.
    pub fn variance(&self) -> Result<f64, Reason> {
        if self.n > 1.0 { Ok(self.squares / (self.n - 1.0)) } else { Err(Reason::TooFew) }
    }
}

impl Tally {
    /// Counts rows (value, group, count) of `groups` groups, in a unit in which squares of the values are numbers; a value that is not finite is left out, as is a group beyond them.
    pub fn new(rows: impl IntoIterator<Item = (f64, usize, u64)>, groups: usize) -> Self {
        let sound = |row: &(f64, usize, u64)| row.0.is_finite() && row.1 < groups && row.2 > 0;
        let mut rows: Vec<(f64, usize, u64)> = rows.into_iter().filter(sound).collect();
        let unit = scale::unit(rows.iter().map(|row| row.0));
        rows.iter_mut().for_each(|row| row.0 /= unit);
        rows.sort_by(|a, b| a.0.total_cmp(&b.0));
        let (mut values, mut counts) = (Vec::new(), vec![Vec::<u64>::new(); groups]);
        for tied in rows.chunk_by(|a, b| a.0 >= b.0) {
            values.push(tied[0].0);
            counts.iter_mut().for_each(|group| group.push(0));
            for &(_, group, count) in tied {
                let place = &mut counts[group][values.len() - 1];
                *place = place.saturating_add(count);
            }
        }
        Self { values, unit, counts }
    }

    /// Counts one slice per group.
    pub fn of(groups: &[&[f64]]) -> Self {
        let rows =
            groups.iter().enumerate().flat_map(|(group, values)| values.iter().map(move |&x| (x, group, 1)));
        Self::new(rows, groups.len())
    }

    /// Returns the origin of the summaries, the smallest value; 0 without any.
    pub fn origin(&self) -> f64 {
        self.values.first().copied().unwrap_or(0.0)
    }

    /// Returns the number of observations of a group.
    pub fn size(&self, group: usize) -> f64 {
        self.counts[group].iter().map(|&count| count as f64).sum()
    }

    /// Returns the distinct values of a group with their counts, ascending.
    pub fn group(&self, group: usize) -> impl Iterator<Item = (f64, f64)> + Clone + '_ {
        let pairs = self.values.iter().zip(&self.counts[group]);
        pairs.filter(|(_, count)| **count > 0).map(|(&value, &count)| (value, count as f64))
    }

    /// Returns each group's summary; undefined (too few) where it has no observation.
    pub fn summaries(&self) -> Vec<Result<Summary, Reason>> {
        let origin = self.origin();
        let one = |group: usize| summary(self.group(group).map(|(value, count)| (value - origin, count)));
        (0..self.counts.len()).map(one).collect()
    }

    /// Returns every value's count over all groups.
    pub fn totals(&self) -> Vec<f64> {
        let total = |place: usize| self.counts.iter().map(|group| group[place] as f64).sum();
        (0..self.values.len()).map(total).collect()
    }

    /// Returns the median of a group; undefined (too few) without observations.
    pub fn median(&self, group: usize) -> Result<f64, Reason> {
        let half = 0.5 * self.size(group);
        let mut seen = 0.0;
        let mut pairs = self.group(group).peekable();
        while let Some((value, count)) = pairs.next() {
            seen += count;
            if seen > half {
                return Ok(value);
            }
            if seen >= half {
                return Ok(pairs.peek().map_or(value, |(next, _)| 0.5 * (value + next)));
            }
        }
        Err(Reason::TooFew)
    }
}

/// Returns the summary of (value, count) pairs, in two passes; undefined (too few) without observations.
pub fn summary(pairs: impl Iterator<Item = (f64, f64)> + Clone) -> Result<Summary, Reason> {
    let (n, sum) = pairs.clone().fold((0.0, 0.0), |(n, sum), (x, count)| (n + count, sum + count * x));
    if n <= 0.0 {
        return Err(Reason::TooFew);
    }
    let mean = sum / n;
    let (rest, squares) = pairs.fold((0.0, 0.0), |(rest, squares), (x, count)| {
        let gap = x - mean;
        (rest + count * gap, squares + count * gap * gap)
    });
    Ok(Summary { n, mean: mean + rest / n, squares: (squares - rest * rest / n).max(0.0) })
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn counts_medians_and_summaries() {
        let tally = Tally::of(&[&[3.0, 1.0, 3.0, 2.0], &[2.0], &[]]);
        assert_eq!(tally.values, [1.0, 2.0, 3.0]);
        assert_eq!(tally.counts, [vec![1, 1, 2], vec![0, 1, 0], vec![0, 0, 0]]);
        assert_eq!(
            (tally.median(0), tally.median(1), tally.median(2)),
            (Ok(2.5), Ok(2.0), Err(Reason::TooFew))
        );
        let summaries = tally.summaries();
        assert_eq!(summaries[0].and_then(|one| one.variance()), Ok(2.75 / 3.0));
        assert_eq!(summaries[1].and_then(|one| one.variance()), Err(Reason::TooFew));
        assert_eq!(summaries[2], Err(Reason::TooFew));
        assert!(Tally::new([(f64::NAN, 0, 1), (1.0, 5, 1), (1.0, 0, 0)], 1).values.is_empty());
    }

    #[test]
    fn a_constant_far_away_is_constant() {
        let tally = Tally::of(&[&[1e9 + 0.1; 7]]);
        assert_eq!(tally.summaries()[0].map(|one| one.squares), Ok(0.0));
    }

    proptest! {
        #[test]
        fn counted_rows_are_the_same_as_raw_ones(rows in prop::collection::vec((-5i8..5, 0usize..3, 1u64..4), 0..30)) {
            let counted = Tally::new(rows.iter().map(|&(x, group, count)| (f64::from(x), group, count)), 3);
            let raw = rows.iter().flat_map(|&(x, group, count)| (0..count).map(move |_| (f64::from(x), group, 1)));
            prop_assert_eq!(counted, Tally::new(raw, 3));
        }
    }
}
