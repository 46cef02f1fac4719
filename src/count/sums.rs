//! Sums of whole numbers that merge by addition.

use std::collections::BTreeMap;

/// Counts of one level: rows, weights in millionths, squared weights.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Weighted {
    /// Rows.
    pub n: u64,
    /// Σw.
    pub w: i128,
    /// Σw².
    pub ww: i128,
}

impl Weighted {
    /// Adds one row of weight `weight`.
    pub fn add(&mut self, weight: u64) {
        self.n += 1;
        self.w += i128::from(weight);
        self.ww += i128::from(weight) * i128::from(weight);
    }

    /// Adds another count.
    pub fn merge(&mut self, other: &Self) {
        self.n += other.n;
        self.w += other.w;
        self.ww += other.ww;
    }
}

/// Complete-case sums of k variables; the products hold the upper triangle row by row.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FamilySums {
    /// Rows, weights and squared weights of the complete cases.
    pub count: Weighted,
    /// Σwx of each variable.
    pub wx: Vec<i128>,
    /// Σwxy of each pair i <= j.
    pub wxy: Vec<i128>,
    /// Σw²x of each variable.
    pub wwx: Vec<i128>,
    /// Σw²xy of each pair i <= j.
    pub wwxy: Vec<i128>,
}

impl FamilySums {
    /// Returns the empty sums of `k` variables.
    pub fn new(k: usize) -> Self {
        let pairs = k * (k + 1) / 2;
        Self {
            count: Weighted::default(),
            wx: vec![0; k],
            wxy: vec![0; pairs],
            wwx: vec![0; k],
            wwxy: vec![0; pairs],
        }
    }

    /// Adds one complete row.
    pub fn add(&mut self, values: &[i32], weight: u64) {
        self.count.add(weight);
        let w = i128::from(weight);
        let mut pair = 0;
        for (i, &x) in values.iter().enumerate() {
            let x = i128::from(x);
            self.wx[i] += w * x;
            self.wwx[i] += w * w * x;
            for &y in &values[i..] {
                let xy = x * i128::from(y);
                self.wxy[pair] += w * xy;
                self.wwxy[pair] += w * w * xy;
                pair += 1;
            }
        }
    }

    /// Adds the sums of other rows of the same variables.
    pub fn merge(&mut self, other: &Self) {
        self.count.merge(&other.count);
        let sides = [
            (&mut self.wx, &other.wx),
            (&mut self.wxy, &other.wxy),
            (&mut self.wwx, &other.wwx),
            (&mut self.wwxy, &other.wwxy),
        ];
        for (own, others) in sides {
            own.iter_mut().zip(others).for_each(|(own, other)| *own += other);
        }
    }
}

/// Distinct whole values with their counts: exact below 4096 of them, then in geometric bins of 1 %.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Distribution {
    /// Value, or lower end of its bin, and how often it occurs.
    pub counts: BTreeMap<i64, u64>,
    /// Whether the values are bins.
    pub binned: bool,
}

/// A key with this many distinct values is binned.
const DISTINCT: usize = 4096;

impl Distribution {
    /// Adds `n` rows of `value`.
    pub fn add(&mut self, value: i64, n: u64) {
        let value = if self.binned { bin(value) } else { value };
        *self.counts.entry(value).or_default() += n;
        self.settle();
    }

    /// Adds another distribution; the result does not depend on how the rows were split.
    pub fn merge(&mut self, other: &Self) {
        if other.binned && !self.binned {
            self.bin_all();
        }
        for (&value, &n) in &other.counts {
            self.add(value, n);
        }
    }

    fn settle(&mut self) {
        if !self.binned && self.counts.len() >= DISTINCT {
            self.bin_all();
        }
    }

    fn bin_all(&mut self) {
        self.binned = true;
        let mut bins = BTreeMap::new();
        for (value, n) in std::mem::take(&mut self.counts) {
            *bins.entry(bin(value)).or_default() += n;
        }
        self.counts = bins;
    }
}

/// Returns the lower end of the geometric bin of `value`: the ends are whole numbers, each at least 1 % above the last.
fn bin(value: i64) -> i64 {
    if value < 128 {
        return value;
    }
    // One part in 128 of the leading power of two: bins of 0.4 % to 0.8 %, and every end is its own bin.
    let step = 1_i64 << (value.ilog2() - 7);
    value / step * step
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn any_split_of_rows_merges_to_the_whole(
            rows in prop::collection::vec((prop::collection::vec(-100..100_i32, 3), 1..3_000_000_u64), 0..40),
            cut in 0..40_usize,
        ) {
            let fold = |rows: &[(Vec<i32>, u64)]| {
                let mut sums = FamilySums::new(3);
                rows.iter().for_each(|(values, weight)| sums.add(values, *weight));
                sums
            };
            let cut = cut.min(rows.len());
            let (mut left, right) = (fold(&rows[..cut]), fold(&rows[cut..]));
            left.merge(&right);
            prop_assert_eq!(left, fold(&rows));
        }

        #[test]
        fn a_distribution_does_not_depend_on_the_split(
            values in prop::collection::vec(0..20_000_i64, 0..6_000),
            cuts in prop::collection::vec(0..6_000_usize, 2),
        ) {
            let fold = |values: &[i64]| {
                let mut distribution = Distribution::default();
                values.iter().for_each(|&value| distribution.add(value, 1));
                distribution
            };
            let (a, b) = (cuts[0].min(cuts[1]).min(values.len()), cuts[0].max(cuts[1]).min(values.len()));
            let mut merged = fold(&values[b..]);
            merged.merge(&fold(&values[..a]));
            merged.merge(&fold(&values[a..b]));
            prop_assert_eq!(merged, fold(&values));
        }

        #[test]
        fn a_bin_is_its_own_bin_and_within_one_percent(value in 0..i64::MAX) {
            prop_assert_eq!(bin(bin(value)), bin(value));
            prop_assert!((value - bin(value)) as f64 <= 0.01 * value as f64);
        }
    }
}
