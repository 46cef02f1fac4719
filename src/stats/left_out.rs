//! Statistics without one block of rows at a time, in one or two passes instead of one pass a block.
//!
//! In: a statistic, its columns, blocks of rows. Out: its value without each block. Deliberately absent: what follows from the values
//! (`replicate`).
//!
//! Means, shares, standard deviations, Pearson's correlation and alpha are made of sums, from which a block's own sums are taken away; a
//! median is a place in an order, from which a block's places are passed over. Only Spearman's ranks are made anew without each block.

use std::ops::Range;

use rayon::prelude::*;

use super::Reason;
use super::correlation::{centred, product};
use super::statistic::Statistic;

/// Squares about the mean of which less than this part is left are summed anew, for the difference would have lost its digits.
const LEFT: f64 = 0.01;

/// Returns the statistic of the rows of all blocks but one, for each block in turn.
///
/// Undefined: too few without blocks, and as the statistic is without one of them. Work: O(n), for the median O(n log n), for Spearman's correlation that of all ranks
/// for each block.
pub fn without_each(
    statistic: Statistic,
    columns: &[Vec<f64>],
    blocks: &[Vec<usize>],
) -> Result<Vec<f64>, Reason> {
    if columns.len() < statistic.columns() || blocks.is_empty() {
        return Err(Reason::TooFew);
    }
    let blocks = Blocks::new(blocks);
    let take = |column: &Vec<f64>| blocks.rows.iter().map(|&row| column[row]).collect::<Vec<f64>>();
    match statistic {
        Statistic::Mean => blocks.means(&take(&columns[0])),
        Statistic::TopBox(_) | Statistic::NetPromoter(..) => {
            let score = |&row: &usize| statistic.of(columns, &[row]);
            blocks.means(&blocks.rows.iter().map(score).collect::<Result<Vec<f64>, Reason>>()?)
        }
        Statistic::Median => blocks.medians(&take(&columns[0])),
        Statistic::Spearman => blocks.each(|block| blocks.anew(statistic, columns, block)),
        Statistic::StandardDeviation | Statistic::Pearson | Statistic::Alpha => {
            let products = Products::new(statistic, columns.iter().map(take).collect());
            blocks.each(|block| match products.without(block.clone()) {
                Some(rest) => products.value(statistic, &rest),
                None => blocks.anew(statistic, columns, block),
            })
        }
    }
}

/// The rows of all blocks, one block after another.
struct Blocks {
    rows: Vec<usize>,
    places: Vec<Range<usize>>,
}

impl Blocks {
    fn new(blocks: &[Vec<usize>]) -> Self {
        let mut end = 0;
        let place = |block: &Vec<usize>| {
            end += block.len();
            end - block.len()..end
        };
        Self { places: blocks.iter().map(place).collect(), rows: blocks.concat() }
    }

    /// Asks for each block's value on all threads.
    fn each(
        &self,
        value: impl Fn(&Range<usize>) -> Result<f64, Reason> + Sync + Send,
    ) -> Result<Vec<f64>, Reason> {
        self.places.par_iter().map(value).collect()
    }

    /// Returns the statistic of the rows that remain without a block, from these rows.
    fn anew(&self, statistic: Statistic, columns: &[Vec<f64>], block: &Range<usize>) -> Result<f64, Reason> {
        statistic.of(columns, &[&self.rows[..block.start], &self.rows[block.end..]].concat())
    }

    fn means(&self, values: &[f64]) -> Result<Vec<f64>, Reason> {
        let first = values.first().copied().ok_or(Reason::TooFew)?;
        let sum = |values: &[f64]| values.iter().map(|value| value - first).sum::<f64>();
        let whole = sum(values);
        self.each(|block| match values.len() - block.len() {
            0 => Err(Reason::TooFew),
            kept => Ok(first + (whole - sum(&values[block.clone()])) / kept as f64),
        })
    }

    fn medians(&self, values: &[f64]) -> Result<Vec<f64>, Reason> {
        let mut order: Vec<usize> = (0..values.len()).collect();
        order.par_sort_by(|&a, &b| values[a].total_cmp(&values[b]));
        let mut place = vec![0; values.len()];
        order.iter().enumerate().for_each(|(at, &row)| place[row] = at);
        self.each(|block| {
            let mut gone = place[block.clone()].to_vec();
            gone.sort_unstable();
            // The k-th of the values that remain stands behind those of the block that come before it.
            let kept = |k: usize| gone.iter().fold(k, |at, &gone| at + usize::from(gone <= at));
            match values.len() - gone.len() {
                0 => Err(Reason::TooFew),
                n if n % 2 == 1 => Ok(values[order[kept(n / 2)]]),
                n => Ok(0.5 * (values[order[kept(n / 2 - 1)]] + values[order[kept(n / 2)]])),
            }
        })
    }
}

/// Columns about their means with the products that a statistic is made of.
struct Products {
    columns: Vec<Vec<f64>>,
    /// Columns multiplied with one another: first each with itself.
    factors: Vec<(usize, usize)>,
    whole: Vec<f64>,
}

impl Products {
    fn new(statistic: Statistic, columns: Vec<Vec<f64>>) -> Self {
        let mut columns: Vec<Vec<f64>> = columns.iter().map(|column| centred(column)).collect();
        match statistic {
            Statistic::Alpha => {
                let total = |row: usize| columns.iter().map(|column| column[row]).sum::<f64>();
                columns.push((0..columns[0].len()).map(total).collect());
            }
            Statistic::Pearson => columns.truncate(2),
            _ => columns.truncate(1),
        }
        let mut factors: Vec<(usize, usize)> = (0..columns.len()).map(|k| (k, k)).collect();
        if statistic == Statistic::Pearson {
            factors.push((0, 1));
        }
        let whole = factors.iter().map(|&(a, b)| product(&columns[a], &columns[b])).collect();
        Self { columns, factors, whole }
    }

    /// Returns the number of rows that remain without a block and their products about their own means; nothing where digits would be lost.
    fn without(&self, block: Range<usize>) -> Option<(f64, Vec<f64>)> {
        let n = (self.columns[0].len() - block.len()) as f64;
        // About the means of all rows, the sums of the rest are those of the block with the other sign.
        let sums: Vec<f64> = self.columns.iter().map(|column| column[block.clone()].iter().sum()).collect();
        let rest = |(&(a, b), whole): (&(usize, usize), &f64)| {
            let own = product(&self.columns[a][block.clone()], &self.columns[b][block.clone()]);
            whole - own - sums[a] * sums[b] / n
        };
        let rest: Vec<f64> = self.factors.iter().zip(&self.whole).map(rest).collect();
        let mut squares = rest.iter().zip(&self.whole).take(self.columns.len());
        (n > 2.0 && squares.all(|(rest, whole)| *rest >= LEFT * whole)).then_some((n, rest))
    }

    fn value(&self, statistic: Statistic, (n, rest): &(f64, Vec<f64>)) -> Result<f64, Reason> {
        match statistic {
            Statistic::StandardDeviation => Ok((rest[0] / (n - 1.0)).sqrt()),
            Statistic::Pearson if rest[0] > 0.0 && rest[1] > 0.0 => {
                Ok((rest[2] / (rest[0].sqrt() * rest[1].sqrt())).clamp(-1.0, 1.0))
            }
            Statistic::Alpha if rest[rest.len() - 1] > 0.0 => {
                let k = rest.len() as f64 - 1.0;
                let parts: f64 = rest[..rest.len() - 1].iter().sum();
                Ok(k / (k - 1.0) * (1.0 - parts / rest[rest.len() - 1]))
            }
            _ => Err(Reason::NoVariation),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    const ALL: [Statistic; 8] = [
        Statistic::Mean,
        Statistic::Median,
        Statistic::StandardDeviation,
        Statistic::TopBox(2.0),
        Statistic::NetPromoter(3.0, -1.0),
        Statistic::Pearson,
        Statistic::Spearman,
        Statistic::Alpha,
    ];

    /// The statistic of the rows that remain, block by block.
    fn slow(statistic: Statistic, columns: &[Vec<f64>], blocks: &[Vec<usize>]) -> Vec<Result<f64, Reason>> {
        let kept = |g: usize| [&blocks[..g], &blocks[g + 1..]].concat().concat();
        (0..blocks.len()).map(|g| statistic.of(columns, &kept(g))).collect()
    }

    fn agree(columns: &[Vec<f64>], blocks: &[Vec<usize>]) {
        for statistic in ALL {
            let slow: Result<Vec<f64>, Reason> = slow(statistic, columns, blocks).into_iter().collect();
            match (without_each(statistic, columns, blocks), slow) {
                (Ok(found), Ok(slow)) => {
                    for (found, slow) in found.iter().zip(slow) {
                        let scale = if slow.abs() > 1.0 { slow.abs() } else { 1.0 };
                        assert!(
                            (found - slow).abs() <= 1e-12 * scale,
                            "{statistic:?}: {found} is not {slow}"
                        );
                    }
                }
                (found, slow) => assert_eq!(found, slow, "{statistic:?}"),
            }
        }
    }

    #[test]
    fn hard_cases_agree_with_the_rows_that_remain() {
        let singles = |n: usize| (0..n).map(|row| vec![row]).collect::<Vec<_>>();
        let climb: Vec<f64> = (0..12).map(f64::from).collect();
        let mut outlier = vec![0.25, 0.5, 1.0, 0.75, 0.5, 0.0, 0.25, 1.0, 2.0, 0.5, 1.5];
        outlier.push(1e9);
        let far: Vec<f64> = climb.iter().map(|x| 1e9 + (x * 7.0) % 5.0).collect();
        agree(&[outlier.clone(), climb.clone()], &singles(12));
        agree(&[climb.clone(), outlier], &[vec![3, 0, 11], vec![], vec![1, 2], vec![4, 5, 6, 7, 8, 9, 10]]);
        agree(&[far, climb.clone()], &singles(12));
        agree(&[vec![7.1; 12], climb], &singles(12));
        agree(&[vec![1.0, 2.0], vec![2.0, 1.0]], &singles(2));
        agree(&[vec![1.0, 2.0, 3.0], vec![2.0, 1.0, 5.0]], &[vec![0, 1, 2], vec![]]);
        assert_eq!(without_each(Statistic::Mean, &[vec![]], &[]), Err(Reason::TooFew));
        assert_eq!(without_each(Statistic::Alpha, &[vec![1.0]], &[vec![0]]), Err(Reason::TooFew));
    }

    proptest! {
        #[test]
        fn blocks_of_any_size(rows in prop::collection::vec((-4i8..5, -4i8..5, 0usize..9), 0..40)) {
            let column = |of: fn(&(i8, i8, usize)) -> i8| rows.iter().map(|row| 1e6 + f64::from(of(row))).collect();
            let block = |g: usize| (0..rows.len()).filter(|&row| rows[row].2 == g).collect::<Vec<usize>>();
            let blocks: Vec<Vec<usize>> = (0..9).map(block).collect();
            let columns: [Vec<f64>; 2] = [column(|row| row.0), column(|row| row.1)];
            agree(&columns, &blocks);
            let near = columns.map(|column| column.iter().map(|x| x - 1e6).collect());
            agree(&near, &blocks);
        }
    }
}
