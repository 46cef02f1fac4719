//! How subjects differ beyond what their ratings do: mean squares and the numbers of ratings that they stand for.
//!
//! In: sums of squares of ratings, some missing. Out: what an intraclass correlation is made of. Deliberately absent: the coefficients
//! (`icc`).

use super::Reason;
use super::crossed::{Adjusted, Components, Crossed};

/// How subjects differ beyond what their ratings do.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Signal {
    /// Mean square of subjects, and how many ratings of a subject it stands for.
    pub between: (f64, f64),
    /// The same for the interval.
    pub limits: (f64, f64),
    /// Mean square of error and its degrees of freedom.
    pub error: (f64, f64),
    /// F of no differences between subjects.
    pub f: Result<f64, Reason>,
}

/// Mean square of raters, and how many ratings of a rater it stands for.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Judges {
    /// The mean square.
    pub square: f64,
    /// Ratings of a rater.
    pub size: f64,
}

impl Signal {
    /// Takes a mean square of subjects with the ratings it stands for, and one of error with its degrees of freedom.
    pub fn new(between: (f64, f64), error: (f64, f64)) -> Self {
        let f = if error.0 > 0.0 { Ok(between.0 / error.0) } else { Err(Reason::NoVariation) };
        Self { between, limits: between, error, f }
    }

    /// Returns what subjects contribute to the variance of a rating, below 0 where their means differ less than error makes them.
    pub fn variance(&self) -> f64 {
        (self.between.0 - self.error.0) / self.between.1
    }
}

impl Judges {
    /// Returns what raters contribute to the variance of a rating.
    pub fn variance(&self, error: f64) -> f64 {
        (self.square - error) / self.size
    }
}

/// Returns the one-way analysis of subjects who have different numbers of ratings; too few without a degree of freedom for error.
pub fn unequal(crossed: &Crossed) -> Result<Signal, Reason> {
    let (total, n) = (crossed.ratings, crossed.subjects);
    let df = total - n;
    if df < 1.0 {
        return Err(Reason::TooFew);
    }
    let sum = |part: fn((f64, f64)) -> f64| crossed.sizes().map(part).sum::<f64>();
    let between = crossed.between_subjects() / (n - 1.0);
    let size = (total - sum(|(k, n)| n * k * k) / total) / (n - 1.0);
    let harmonic = n / sum(|(k, n)| n / k);
    let limits = (harmonic * crossed.variance_of_means(), harmonic);
    Ok(Signal { limits, ..Signal::new((between, size), (crossed.within / df, df)) })
}

/// Returns the mean squares that complete ratings with REML's variances would be expected to give, and the exact F.
pub fn two_way(crossed: &Crossed, adjusted: &Adjusted) -> Result<(Signal, Judges), Reason> {
    let (total, n, k) = (crossed.ratings, crossed.subjects, crossed.raters);
    let Components { subjects, raters, error } = crossed.components()?;
    let (per_subject, per_rater) = ((total - k) / (n - 1.0), (total - n) / (k - 1.0));
    let signal = Signal::new((per_subject * subjects + error, per_subject), (error, adjusted.df));
    let f = adjusted.subjects / (n - 1.0) / (adjusted.error / adjusted.df);
    Ok((
        Signal { f: signal.f.map(|_| f), ..signal },
        Judges { square: per_rater * raters + error, size: per_rater },
    ))
}
