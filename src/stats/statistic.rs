//! Statistics that resampling can be asked for, each a function of drawn rows.
//!
//! In: columns and the rows drawn. Out: one number. Deliberately absent: intervals (`replicate` makes them of any of these).

use super::Reason;
use super::correlation::{centred, coefficient, midranks, product};

/// A statistic of one or several columns of equal length, without gaps.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Statistic {
    /// Mean of the first column.
    Mean,
    /// Median of the first column.
    Median,
    /// Standard deviation of the first column, n − 1.
    StandardDeviation,
    /// Share of the first column at or above its largest number given (2-top-box with the scale's last but one).
    TopBox(f64),
    /// Net promoter score of the first column on −1..1: promoters at or above the first number, detractors at or below the second.
    NetPromoter(f64, f64),
    /// Pearson's correlation of the first two columns.
    Pearson,
    /// Spearman's correlation of the first two columns.
    Spearman,
    /// Cronbach's alpha of all columns.
    Alpha,
}

impl Statistic {
    /// Returns how many columns it needs at least.
    pub fn columns(self) -> usize {
        if matches!(self, Self::Pearson | Self::Spearman | Self::Alpha) { 2 } else { 1 }
    }

    /// Returns the statistic of the rows drawn, any of them any number of times.
    ///
    /// Undefined: too few with fewer rows or columns than it needs, no variation for a correlation or alpha of a constant.
    pub fn of(self, columns: &[Vec<f64>], rows: &[usize]) -> Result<f64, Reason> {
        if columns.len() < self.columns() || rows.is_empty() {
            return Err(Reason::TooFew);
        }
        let pick = |column: usize| -> Vec<f64> { rows.iter().map(|&row| columns[column][row]).collect() };
        let first = &columns[0];
        let share = |keep: &dyn Fn(f64) -> bool| {
            rows.iter().filter(|&&row| keep(first[row])).count() as f64 / rows.len() as f64
        };
        match self {
            Self::Mean => Ok(mean(&pick(0))),
            Self::Median => Ok(median(pick(0))),
            Self::StandardDeviation => variance(&pick(0)).map(f64::sqrt),
            Self::TopBox(from) => Ok(share(&|x| x >= from)),
            Self::NetPromoter(promoters, detractors) => {
                Ok(share(&|x| x >= promoters) - share(&|x| x <= detractors))
            }
            Self::Pearson => coefficient(&pick(0), &pick(1)),
            Self::Spearman => coefficient(&midranks(&pick(0)), &midranks(&pick(1))),
            Self::Alpha => alpha(columns, rows),
        }
    }
}

fn mean(values: &[f64]) -> f64 {
    let first = values[0];
    first + values.iter().map(|value| value - first).sum::<f64>() / values.len() as f64
}

fn median(mut values: Vec<f64>) -> f64 {
    values.sort_by(f64::total_cmp);
    let half = values.len() / 2;
    if values.len() % 2 == 1 { values[half] } else { 0.5 * (values[half - 1] + values[half]) }
}

fn variance(values: &[f64]) -> Result<f64, Reason> {
    if values.len() < 2 {
        return Err(Reason::TooFew);
    }
    let gaps = centred(values);
    Ok(product(&gaps, &gaps) / (values.len() as f64 - 1.0))
}

fn alpha(columns: &[Vec<f64>], rows: &[usize]) -> Result<f64, Reason> {
    let (mut parts, mut total) = (0.0, vec![0.0; rows.len()]);
    for column in columns {
        let values: Vec<f64> = rows.iter().map(|&row| column[row]).collect();
        parts += variance(&values)?;
        let near = centred(&values);
        total.iter_mut().zip(near).for_each(|(sum, value)| *sum += value);
    }
    let (k, whole) = (columns.len() as f64, variance(&total)?);
    if whole > 0.0 { Ok(k / (k - 1.0) * (1.0 - parts / whole)) } else { Err(Reason::NoVariation) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn statistics_of_drawn_rows() {
        let columns = vec![vec![9.0, 10.0, 7.0, 3.0, 8.0], vec![8.0, 9.0, 7.0, 4.0, 6.0]];
        let all = [0, 1, 2, 3, 4];
        let at = |statistic: Statistic, rows: &[usize]| statistic.of(&columns, rows).expect("defined");
        let close = |value: f64, expected: f64| assert!((value - expected).abs() < 1e-12, "{value}");
        close(at(Statistic::Mean, &all), 7.4);
        close(at(Statistic::Mean, &[3, 3]), 3.0);
        close(at(Statistic::Median, &all), 8.0);
        close(at(Statistic::Median, &[0, 2]), 8.0);
        close(at(Statistic::TopBox(8.0), &all), 0.6);
        close(at(Statistic::NetPromoter(9.0, 6.0), &all), 0.2);
        // numpy: corrcoef, and the variances of the items and of their sum.
        close(at(Statistic::Pearson, &all), 0.9332101344969043);
        close(at(Statistic::Alpha, &all), 0.9371980676328502);
    }

    #[test]
    fn hard_cases_say_why() {
        let columns = vec![vec![1.0, 1.0, 1.0], vec![2.0, 3.0, 4.0]];
        assert_eq!(Statistic::Mean.of(&columns, &[]), Err(Reason::TooFew));
        assert_eq!(Statistic::Pearson.of(&columns[..1], &[0, 1, 2]), Err(Reason::TooFew));
        assert_eq!(Statistic::Pearson.of(&columns, &[0, 1, 2]), Err(Reason::NoVariation));
        assert_eq!(Statistic::StandardDeviation.of(&columns, &[0]), Err(Reason::TooFew));
        assert_eq!(Statistic::Alpha.of(&columns, &[1, 1, 1]), Err(Reason::NoVariation));
    }
}
