//! Kendall's tau-b in O(n log n), or by counting a joint table where the levels are few; over all rows or within strata.
//!
//! In: codes of two columns, or a table of counts. Out: the score C − D with its ties, which add over strata, and from them tau-b and its
//! variance. Deliberately absent: the exact distribution of small samples without ties, intervals (`association`).

use std::sync::OnceLock;

use super::Reason;
use super::codes::Codes;
use super::inversions::Seen;

/// Sums over the rows that share a value, one addend for every such t rows.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Ties {
    /// Σ t(t−1)/2: pairs tied.
    pub pairs: u128,
    /// Σ t(t−1)(t−2).
    pub triples: u128,
    /// Σ t(t−1)(2t+5).
    pub cubes: u128,
}

impl Ties {
    /// Returns the ties of levels with these numbers of rows.
    pub fn of(counts: impl Iterator<Item = u64>) -> Self {
        let mut ties = Self::default();
        for t in counts.filter(|&t| t > 1).map(u128::from) {
            ties.pairs += t * (t - 1) / 2;
            ties.triples += t * (t - 1) * (t - 2);
            ties.cubes += t * (t - 1) * (2 * t + 5);
        }
        ties
    }
}

/// The pairs of n rows: how many more agree in direction than disagree, and how many are tied on either side.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Pairs {
    /// Number of rows.
    pub n: u64,
    /// Concordant minus discordant pairs.
    pub score: i128,
    /// Ties of x.
    pub x: Ties,
    /// Ties of y.
    pub y: Ties,
}

impl Pairs {
    /// Counts the pairs of the rows in which both columns have a value.
    pub fn new(x: &Codes, y: &Codes) -> Self {
        if is_table(x, y) {
            return Self::of_table(&tally(x, y), y.levels.len());
        }
        Self::of_columns(&Column::new(x.clone()), &Column::new(y.clone()))
    }

    /// Counts the pairs of two columns that are ready for many.
    ///
    /// A joint table is tallied when it has no more cells than there are rows; else discordant pairs are the inversions of y in the order of x
    /// (Knight 1966).
    pub fn of_columns(x: &Column, y: &Column) -> Self {
        if is_table(&x.codes, &y.codes) {
            return Self::of_table(&tally(&x.codes, &y.codes), y.codes.levels.len());
        }
        Self::of_orders(x, y)
    }

    fn of_orders(x: &Column, y: &Column) -> Self {
        let Descents { n, discordant, tied: both } = descents(x.ordered(), y);
        let ties = |own: &Column, other: &Column| match n == own.ordered().rows.len() {
            true => own.ordered().ties,
            false => own.ties_where(&other.codes),
        };
        let (x, y, n) = (ties(x, y), ties(y, x), n as u64);
        let tied = x.pairs + y.pairs - both;
        Self { n, score: untied(n) as i128 - tied as i128 - 2 * i128::from(discordant), x, y }
    }

    /// Counts the pairs of a joint table, row by row with `columns` columns, both in ascending order of their levels.
    pub fn of_table(table: &[u64], columns: usize) -> Self {
        let columns = columns.max(1);
        let mut above = vec![0u64; columns];
        let mut rows = vec![];
        let mut score = 0i128;
        for row in table.chunks(columns) {
            let total: u64 = above.iter().sum();
            let mut left = 0u64;
            for (cell, above) in row.iter().zip(&mut above) {
                let right = total - left - *above;
                score += i128::from(*cell) * (i128::from(left) - i128::from(right));
                left += *above;
                *above += cell;
            }
            rows.push(row.iter().sum());
        }
        let n = above.iter().sum();
        Self { n, score, x: Ties::of(rows.into_iter()), y: Ties::of(above.into_iter()) }
    }

    /// Returns the numbers of pairs that are not tied on x, and not on y.
    pub fn untied(&self) -> (f64, f64) {
        let all = untied(self.n);
        ((all - self.x.pairs) as f64, (all - self.y.pairs) as f64)
    }

    /// Returns tau-b, (C − D) / √((n₀ − n₁)(n₀ − n₂)); no variation where either side is constant, too few below three rows.
    pub fn tau(&self) -> Result<f64, Reason> {
        if self.n < 3 {
            return Err(Reason::TooFew);
        }
        let (x, y) = self.untied();
        if x <= 0.0 || y <= 0.0 {
            return Err(Reason::NoVariation);
        }
        Ok((self.score as f64 / (x.sqrt() * y.sqrt())).clamp(-1.0, 1.0))
    }

    /// Returns the variance of the score without a relation, corrected for ties (Kendall 1970, section 4.11); 0 below two rows.
    pub fn variance(&self) -> f64 {
        if self.n < 2 {
            return 0.0;
        }
        let n = self.n as f64;
        let pairs = n * (n - 1.0);
        let all = pairs * (2.0 * n + 5.0);
        let both = 4.0 * self.x.pairs as f64 * self.y.pairs as f64 / (2.0 * pairs);
        let triples = self.x.triples as f64 * self.y.triples as f64 / (9.0 * pairs * (n - 2.0).max(1.0));
        (all - self.x.cubes as f64 - self.y.cubes as f64) / 18.0 + both + triples
    }
}

fn untied(n: u64) -> u128 {
    u128::from(n) * u128::from(n.saturating_sub(1)) / 2
}

/// Counts the rows of each pair of levels, row by row with one column a level of y.
pub fn tally(x: &Codes, y: &Codes) -> Vec<u64> {
    let (k, l) = (x.levels.len(), y.levels.len());
    let n = x.code.len().min(y.code.len());
    // Halves of many rows at the same time; sums of whole numbers are the same in any order.
    let half = if n < HALVED || k * l > HALVED { 0 } else { n / 2 };
    let part = |from: usize, to: usize| tally_rows((&x.code[from..to], &y.code[from..to]), (k, l));
    let (one, other) = rayon::join(|| part(0, half), || part(half, n));
    one.iter().zip(&other).map(|(a, b)| a + b).collect()
}

/// So many rows are tallied in two halves.
const HALVED: usize = 1 << 17;

fn tally_rows((x, y): (&[u32], &[u32]), (k, l): (usize, usize)) -> Vec<u64> {
    // Two tables by turns: a row need not wait until the row before it is written. The last cell takes rows without a value.
    let mut tables = [vec![0u32; k * l + 1], vec![0u32; k * l + 1]];
    let [one, other] = &mut tables;
    let width = l as u32;
    let cell = |x: u32, y: u32| {
        if x.max(y) == Codes::MISSING { k * l } else { x.wrapping_mul(width).wrapping_add(y) as usize }
    };
    let (xs, ys) = (x.chunks_exact(2), y.chunks_exact(2));
    if let ([x], [y]) = (xs.remainder(), ys.remainder()) {
        one[cell(*x, *y)] += 1;
    }
    for (x, y) in xs.zip(ys) {
        one[cell(x[0], y[0])] += 1;
        other[cell(x[1], y[1])] += 1;
    }
    one.iter().zip(&*other).take(k * l).map(|(a, b)| u64::from(*a) + u64::from(*b)).collect()
}

/// Whether a joint table is quicker than an order.
fn is_table(x: &Codes, y: &Codes) -> bool {
    x.levels.len().saturating_mul(y.levels.len()) <= x.code.len().clamp(1024, 1 << 20)
}

/// A column with what every pair of it needs.
#[derive(Debug, Clone, Default)]
pub struct Column {
    /// The codes.
    pub codes: Codes,
    ordered: OnceLock<Ordered>,
}

/// The rows of a column in ascending order.
#[derive(Debug, Clone)]
struct Ordered {
    /// Rows that have a value.
    rows: Vec<u32>,
    /// Where the rows of each level begin, and where the last ones end.
    starts: Vec<u32>,
    ties: Ties,
}

impl Column {
    /// Makes a column, whose rows are put in order when a pair first asks for it.
    pub fn new(codes: Codes) -> Self {
        Self { codes, ordered: OnceLock::new() }
    }

    fn ordered(&self) -> &Ordered {
        self.ordered.get_or_init(|| {
            let rows = self.codes.order();
            let mut starts = vec![0; self.codes.levels.len() + 1];
            rows.iter().for_each(|&row| starts[self.codes.code[row as usize] as usize + 1] += 1);
            (1..starts.len()).for_each(|level| starts[level] += starts[level - 1]);
            let ties = Ties::of(starts.windows(2).map(|level| u64::from(level[1] - level[0])));
            Ordered { rows, starts, ties }
        })
    }

    /// Returns the ties of the rows in which another column has a value too.
    fn ties_where(&self, other: &Codes) -> Ties {
        let mut counts = vec![0; self.codes.levels.len()];
        for (&own, &other) in self.codes.code.iter().zip(&other.code) {
            if own.max(other) != Codes::MISSING {
                counts[own as usize] += 1;
            }
        }
        Ties::of(counts.into_iter())
    }
}

/// What the order of one column says of another.
struct Descents {
    /// Rows with both values.
    n: usize,
    /// Pairs that rise in x and fall in y.
    discordant: u64,
    /// Pairs tied on both sides.
    tied: u128,
}

/// Counts the pairs of rows in the order of x, and of y where x is tied.
fn descents(x: &Ordered, y: &Column) -> Descents {
    let Ordered { starts, ties, .. } = y.ordered();
    let mut codes: Vec<u32> = x.rows.iter().map(|&row| y.codes.code[row as usize]).collect();
    let mut tied = 0;
    if x.ties.pairs > 0 {
        for ends in x.starts.windows(2) {
            // Rows without a value come last.
            let level = &mut codes[ends[0] as usize..ends[1] as usize];
            level.sort_unstable();
            if ties.pairs > 0 {
                let same = level.chunk_by(|a, b| a == b).filter(|same| same[0] != Codes::MISSING);
                tied += Ties::of(same.map(|same| same.len() as u64)).pairs;
            }
        }
    }
    codes.retain(|&code| code != Codes::MISSING);
    let mut seen = Seen::new(starts[starts.len() - 1] as usize);
    let discordant = match ties.pairs {
        0 => codes.iter().map(|&place| seen.add(place)).sum(),
        _ => {
            // Rows of one level take its places one after another, and so never descend.
            let mut next = starts.clone();
            let place = |&code: &u32| {
                next[code as usize] += 1;
                next[code as usize] - 1
            };
            codes.iter().map(place).map(|place| seen.add(place)).sum()
        }
    };
    Descents { n: codes.len(), discordant, tied }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn pairs(x: &[f64], y: &[f64]) -> Pairs {
        Pairs::new(&Codes::of(x), &Codes::of(y))
    }

    /// Every pair one by one.
    fn slow(x: &[f64], y: &[f64]) -> i128 {
        let sign = |a: f64, b: f64| i128::from(a > b) - i128::from(a < b);
        let row = |i: usize| (0..i).map(|j| sign(x[i], x[j]) * sign(y[i], y[j])).sum::<i128>();
        (0..x.len()).map(row).sum()
    }

    #[test]
    fn agrees_with_scipy() {
        // scipy.stats.kendalltau([1, 2, 2, 3, 4, 4, 5], [2, 1, 3, 3, 5, 4, 4]): tau-b and, asymptotically, z² by R cor.test.
        let found = pairs(&[1.0, 2.0, 2.0, 3.0, 4.0, 4.0, 5.0], &[2.0, 1.0, 3.0, 3.0, 5.0, 4.0, 4.0]);
        assert!((found.tau().expect("defined") - 0.684_210_526_315_789_5).abs() < 1e-15);
        assert_eq!((found.n, found.score, found.x.pairs, found.y.pairs), (7, 13, 2, 2));
    }

    #[test]
    fn hard_cases_say_why() {
        assert_eq!(pairs(&[], &[]).tau(), Err(Reason::TooFew));
        assert_eq!(pairs(&[1.0, 2.0], &[1.0, 2.0]).tau(), Err(Reason::TooFew));
        assert_eq!(pairs(&[1.0; 5], &[1.0, 2.0, 3.0, 4.0, 5.0]).tau(), Err(Reason::NoVariation));
        assert_eq!(Pairs::of_table(&[], 0).tau(), Err(Reason::TooFew));
        let (x, y): (Vec<f64>, Vec<f64>) =
            (0..4000).map(|i| (f64::from(i) + 1e9, f64::from(i) * 0.1)).unzip();
        assert_eq!(pairs(&x, &y).tau(), Ok(1.0));
        let gaps = Codes::new([Some(1.0), None, Some(2.0), Some(3.0)].into_iter());
        assert_eq!(Pairs::new(&gaps, &Codes::of(&[4.0, 9.0, 5.0, 6.0])).score, 3);
    }

    proptest! {
        #[test]
        fn tables_and_orders_count_every_pair(
            rows in prop::collection::vec((prop::option::of(-3i32..4), prop::option::of(-9i32..9)), 0..90),
        ) {
            let code = |column: Vec<Option<i32>>| Codes::new(column.into_iter().map(|value| value.map(f64::from)));
            let (one, other): (Vec<_>, Vec<_>) = rows.iter().copied().unzip();
            let (a, b) = (code(one), code(other));
            let found = Pairs::new(&a, &b);
            let complete = rows.iter().filter_map(|&(x, y)| Some((f64::from(x?), f64::from(y?))));
            let (x, y): (Vec<f64>, Vec<f64>) = complete.unzip();
            prop_assert_eq!(found.score, slow(&x, &y));
            let orders = Pairs::of_orders(&Column::new(a.clone()), &Column::new(b.clone()));
            prop_assert_eq!(orders, found);
        }
    }
}
