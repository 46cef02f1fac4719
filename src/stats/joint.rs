//! Coefficients of joint tables of counts, and of many columns at once.
//!
//! In: counts by two levels, or columns with gaps. Out: the coefficient of each pair. Deliberately absent: intervals and tests themselves
//! (`association`), adjustment over the pairs (`adjust`).

use rayon::iter::{IntoParallelRefIterator, ParallelIterator};

use super::Reason;
use super::association::{Association, Kind};
use super::codes::Codes;
use super::correlation::{centred, complete_pairs, deviations, product};
use super::crossproduct::CrossProducts;
use super::kendall::{Column, Pairs};
use super::scale::in_unit;
use super::symmetric::is_semidefinite;

/// Counts of rows by a level of x and a level of y.
#[derive(Debug, Clone, Copy)]
pub struct JointTable<'a> {
    /// Levels of x in ascending order.
    pub x: &'a [f64],
    /// Levels of y in ascending order.
    pub y: &'a [f64],
    /// Counts, row by row with one column a level of y.
    pub counts: &'a [u64],
}

impl JointTable<'_> {
    /// Returns the coefficient of the rows that the table counts; the same as of the rows themselves.
    pub fn associate(&self, kind: Kind) -> Result<Association, Reason> {
        let columns = self.y.len().max(1);
        if kind == Kind::Kendall {
            return Association::of_pairs(&Pairs::of_table(self.counts, columns));
        }
        let rows: Vec<u64> = self.counts.chunks(columns).map(|row| row.iter().sum()).collect();
        let column = |j: usize| self.counts.iter().skip(j).step_by(columns).sum();
        let columns: Vec<u64> = (0..self.y.len()).map(column).collect();
        let n: u64 = rows.iter().sum();
        if n < 3 {
            return Err(Reason::TooFew);
        }
        let scores = |levels: &[f64], counts: &[u64]| match kind {
            Kind::Spearman => about_mean(&midranks_of_counts(counts), counts),
            _ => about_mean(&in_unit(levels), counts),
        };
        let (x, y) = (scores(self.x, &rows), scores(self.y, &columns));
        let squares = |scores: &[f64], counts: &[u64]| -> f64 {
            scores.iter().zip(counts).map(|(score, &count)| score * score * count as f64).sum()
        };
        let (xx, yy) = (squares(&x, &rows), squares(&y, &columns));
        if xx <= 0.0 || yy <= 0.0 {
            return Err(Reason::NoVariation);
        }
        let row = |(x, row): (&f64, &[u64])| {
            x * row.iter().zip(&y).map(|(&count, y)| count as f64 * y).sum::<f64>()
        };
        let xy: f64 = x.iter().zip(self.counts.chunks(columns.len())).map(row).sum();
        let value = (xy / (xx.sqrt() * yy.sqrt())).clamp(-1.0, 1.0);
        Ok(Association::of_moments(kind, value, n, 0))
    }
}

/// Returns the midranks of ascending levels with these counts.
pub fn midranks_of_counts(counts: &[u64]) -> Vec<f64> {
    let mut below = 0u64;
    let rank = |&count: &u64| {
        let rank = below as f64 + 0.5 * (count as f64 + 1.0);
        below += count;
        rank
    };
    counts.iter().map(rank).collect()
}

/// Returns the levels minus the mean of the rows they count; levels of no row are 0 and do not matter.
fn about_mean(levels: &[f64], counts: &[u64]) -> Vec<f64> {
    let used = || levels.iter().zip(counts).filter(|(_, count)| **count > 0);
    let first = used().next().map_or(0.0, |(level, _)| *level);
    let n: f64 = used().map(|(_, &count)| count as f64).sum();
    let mean = used().map(|(level, &count)| (level - first) * count as f64).sum::<f64>() / n;
    let moved = |(level, count): (&f64, &u64)| if *count > 0 { (level - first) - mean } else { 0.0 };
    levels.iter().zip(counts).map(moved).collect()
}

/// Returns the coefficients of every wanted pair of columns; `None` are gaps, left out pair by pair.
///
/// Columns are coded once; ranks and tables of a pair are then counted, so that a pair costs O(n) where levels are few and O(n log n) at most.
pub fn pairwise(
    kind: Kind,
    columns: &[impl AsRef<[Option<f64>]> + Sync],
    wanted: &[(usize, usize)],
) -> Vec<Result<Association, Reason>> {
    let columns: Vec<Prepared> =
        columns.par_iter().map(|column| Prepared::new(kind, column.as_ref())).collect();
    wanted.par_iter().map(|&(i, j)| columns[i].with(&columns[j], kind)).collect()
}

/// Returns the cross-products that stand for the Pearson correlations of columns, gaps left out pair by pair.
///
/// n is the smallest number of rows that a pair has. A constant column has 0 with every column, itself too. Such a matrix need not be one of
/// any data. Undefined: not applicable where an eigenvalue is below 0, else as a pair of columns that vary is.
pub fn pairwise_products(columns: &[Vec<Option<f64>>]) -> Result<CrossProducts, Reason> {
    let size = columns.len();
    let varies = |column: &Vec<Option<f64>>| {
        let mut given = column.iter().flatten();
        given.next().is_some_and(|first| given.any(|value| (value - first).abs() > 0.0))
    };
    let kept: Vec<usize> = (0..size).filter(|&k| varies(&columns[k])).collect();
    let pairs: Vec<(usize, usize)> =
        kept.iter().flat_map(|&i| kept.iter().filter(move |&&j| j < i).map(move |&j| (i, j))).collect();
    let mut matrix = vec![0.0; size * size];
    kept.iter().for_each(|&k| matrix[k * size + k] = 1.0);
    let mut n = u64::MAX;
    for (&(i, j), found) in pairs.iter().zip(pairwise(Kind::Pearson, columns, &pairs)) {
        let found = found?;
        (matrix[i * size + j], matrix[j * size + i]) = (found.value, found.value);
        n = n.min(found.n);
    }
    if pairs.is_empty() {
        return Err(if kept.len() < size { Reason::NoVariation } else { Reason::TooFew });
    }
    if !is_semidefinite(&matrix, size) {
        return Err(Reason::NotApplicable);
    }
    CrossProducts::from_matrix(&matrix, size, n as f64)
}

/// A column made ready for all its pairs.
struct Prepared {
    /// The values, or nothing for rank coefficients.
    values: Vec<Option<f64>>,
    /// The codes, or nothing for Pearson.
    column: Column,
    /// Of a column without gaps, the scores to multiply: values or midranks about their mean.
    scores: Option<Vec<f64>>,
}

impl Prepared {
    fn new(kind: Kind, column: &[Option<f64>]) -> Self {
        let is_complete = || column.iter().all(|value| value.is_some_and(f64::is_finite));
        let codes = || Codes::new(column.iter().copied());
        match kind {
            Kind::Kendall => Self { values: vec![], column: Column::new(codes()), scores: None },
            Kind::Spearman => {
                let codes = codes();
                let scores = is_complete().then(|| centred(&ranks(&codes.code, codes.levels.len())));
                Self { values: vec![], column: Column::new(codes), scores }
            }
            Kind::Pearson => {
                let given = || column.iter().copied().flatten().collect::<Vec<f64>>();
                let scores = is_complete().then(|| deviations(&given()));
                Self { values: column.to_vec(), column: Column::default(), scores }
            }
        }
    }

    fn with(&self, other: &Self, kind: Kind) -> Result<Association, Reason> {
        if kind == Kind::Kendall {
            return Association::of_pairs(&Pairs::of_columns(&self.column, &other.column));
        }
        if let (Some(x), Some(y)) = (&self.scores, &other.scores) {
            return of_scores(kind, x, y);
        }
        let (x, y) = match kind {
            Kind::Pearson => complete_pairs(&self.values, &other.values),
            _ => {
                let (a, b) = (&self.column.codes, &other.column.codes);
                let pairs = a.code.iter().zip(&b.code);
                let both = pairs.filter(|(x, y)| **x.max(y) != Codes::MISSING);
                let (x, y): (Vec<u32>, Vec<u32>) = both.map(|(x, y)| (*x, *y)).unzip();
                (ranks(&x, a.levels.len()), ranks(&y, b.levels.len()))
            }
        };
        of_scores(kind, &deviations(&x), &deviations(&y))
    }
}

/// Returns the midranks of codes.
fn ranks(codes: &[u32], levels: usize) -> Vec<f64> {
    let mut counts = vec![0; levels];
    codes.iter().for_each(|&code| counts[code as usize] += 1);
    let ranks = midranks_of_counts(&counts);
    codes.iter().map(|&code| ranks[code as usize]).collect()
}

fn of_scores(kind: Kind, x: &[f64], y: &[f64]) -> Result<Association, Reason> {
    if x.len() < 3 {
        return Err(Reason::TooFew);
    }
    let (xx, yy) = (product(x, x), product(y, y));
    if xx <= 0.0 || yy <= 0.0 {
        return Err(Reason::NoVariation);
    }
    let value = (product(x, y) / (xx.sqrt() * yy.sqrt())).clamp(-1.0, 1.0);
    Ok(Association::of_moments(kind, value, x.len() as u64, 0))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::stats::association::{Spread, associate};
    use crate::stats::kendall::tally;
    use proptest::prelude::*;

    const KINDS: [Kind; 3] = [Kind::Pearson, Kind::Spearman, Kind::Kendall];

    #[test]
    fn hard_cases_say_why() {
        let empty = JointTable { x: &[], y: &[], counts: &[] };
        let constant = JointTable { x: &[1e9], y: &[1.0, 2.0], counts: &[4, 5] };
        for kind in KINDS {
            assert_eq!(empty.associate(kind).map(|a| a.value), Err(Reason::TooFew));
            assert_eq!(constant.associate(kind).map(|a| a.value), Err(Reason::NoVariation));
            assert_eq!(pairwise(kind, &Vec::<Vec<Option<f64>>>::new(), &[]), []);
            let apart = [vec![Some(1.0), None, None], vec![None, Some(1.0), Some(2.0)]];
            assert_eq!(pairwise(kind, &apart, &[(0, 1)])[0].map(|a| a.value), Err(Reason::TooFew));
        }
    }

    #[test]
    fn pairs_that_contradict_one_another_are_no_matrix() {
        let columns = |text: &str| -> Vec<Vec<Option<f64>>> {
            text.split(' ')
                .map(|column| column.chars().map(|c| c.to_digit(10).map(f64::from)).collect())
                .collect()
        };
        assert_eq!(
            pairwise_products(&columns("123123--- 123---123 ---123321")).map(|p| p.n),
            Err(Reason::NotApplicable)
        );
        let found = pairwise_products(&columns("1231-34 213-312 5555555")).expect("defined");
        assert!((found.n - 5.0).abs() < 1e-12 && found.at(2, 2).abs() < 1e-12 && found.at(0, 0) > 0.0);
        assert_eq!(pairwise_products(&columns("12 34")).map(|p| p.n), Err(Reason::TooFew));
        assert_eq!(pairwise_products(&columns("111 222")).map(|p| p.n), Err(Reason::NoVariation));
    }

    proptest! {
        #[test]
        fn tables_gaps_and_rows_agree(rows in prop::collection::vec((-4i32..5, prop::option::of(0i32..6)), 0..60)) {
            let x: Vec<Option<f64>> = rows.iter().map(|row| Some(f64::from(row.0) + 1e6)).collect();
            let y: Vec<Option<f64>> = rows.iter().map(|row| row.1.map(f64::from)).collect();
            let (a, b) = complete_pairs(&x, &y);
            let (ca, cb) = (Codes::of(&a), Codes::of(&b));
            let counts = tally(&ca, &cb);
            let table = JointTable { x: &ca.levels, y: &cb.levels, counts: &counts };
            let columns = [x, y];
            for kind in KINDS {
                let slow = associate(kind, &a, &b).map(|a| a.value);
                let found = pairwise(kind, &columns, &[(0, 1), (1, 0)]);
                for other in [found[0], found[1], table.associate(kind)] {
                    match (slow, other.map(|a| a.value)) {
                        (Ok(slow), Ok(other)) => prop_assert!((slow - other).abs() < 1e-9),
                        (slow, other) => prop_assert_eq!(slow, other),
                    }
                }
                if let Ok(found) = found[0] && let Ok((low, high)) = found.interval(0.9, Spread::Own) {
                    prop_assert!(low <= found.value && found.value <= high);
                }
            }
        }
    }
}
