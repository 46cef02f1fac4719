//! Statistics: counts or slices of `f64` -> [`Estimate`]; pure functions of textbooks.
//!
//! In: numbers. Out: estimates, or the reason why there is none. Deliberately absent: polars, input and output, clocks, departments.
//!
//! | module | holds |
//! |---|---|
//! | `special`, `distribution` | incomplete beta and gamma integrals; normal, Student, beta, binomial, chi-square |
//! | `interval` | Student and Fisher-z intervals, shared by all below |
//! | `proportion`, `net_promoter` | Wilson, Clopper-Pearson; adjusted Wald |
//! | `moments`, `family`, `quantile` | means from integer sums, means of several items together, quantiles from counts |
//! | `correlation`, `linear` | Pearson, Spearman, Holm, Benjamini-Hochberg; Cholesky, least squares |
//! | `bootstrap`, `cells`, `panel` | within (one-way, two-way) and between correlations; their intervals by resampling units |
//! | `cluster` | means clustered by server, and their contrasts |
//! | `heterogeneity` | τ² by DerSimonian-Laird and Paule-Mandel |
//! | `mixture`, `shrinkage` | normal-normal shrinkage integrated over τ; grades, ranks |
//! | `resample` | competency shares by resampling raters |
//!
//! A module uses only modules above it. Exponentials, logarithms, gamma and error functions are `libm`'s; the inverse error function is
//! `statrs`'; incomplete beta and gamma integrals are our own, because those of `statrs` 0.19 are wrong at large parameters (beta at 1e6,
//! Student at 1e6 degrees of freedom). Sums run in the order of the input, matrices by our own loops, random numbers come from a stream
//! that the caller names: the same call gives the same bytes.

mod special;
pub mod distribution;
pub mod interval;
pub mod proportion;
pub mod net_promoter;
pub mod moments;
pub mod family;
pub mod quantile;
pub mod correlation;
pub mod linear;
pub mod bootstrap;
pub mod cells;
pub mod panel;
pub mod cluster;
pub mod heterogeneity;
mod mixture;
pub mod shrinkage;
pub mod resample;

/// Why a figure does not exist.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Reason {
    /// Too few observations.
    TooFew,
    /// All observations are the same.
    NoVariation,
    /// A published total came without a dispersion.
    NoDispersion,
    /// Columns are linear combinations of one another.
    Collinear,
    /// An iteration did not come to rest.
    NotConverged,
    /// There is no data for the period.
    Gap,
    /// Withheld to protect persons.
    Suppressed,
    /// Before and after are not the same thing.
    NotComparable,
    /// The question does not arise here.
    NotApplicable,
    /// The project does not measure it.
    NotMeasured,
}

impl Reason {
    /// Every reason, in the order of the definition.
    pub const ALL: [Self; 10] = [
        Self::TooFew,
        Self::NoVariation,
        Self::NoDispersion,
        Self::Collinear,
        Self::NotConverged,
        Self::Gap,
        Self::Suppressed,
        Self::NotComparable,
        Self::NotApplicable,
        Self::NotMeasured,
    ];

    /// Returns the reason's code, as it stands in feeds.
    pub fn code(self) -> &'static str {
        match self {
            Self::TooFew => "too_few",
            Self::NoVariation => "no_variation",
            Self::NoDispersion => "no_dispersion",
            Self::Collinear => "collinear",
            Self::NotConverged => "not_converged",
            Self::Gap => "gap",
            Self::Suppressed => "suppressed",
            Self::NotComparable => "not_comparable",
            Self::NotApplicable => "not_applicable",
            Self::NotMeasured => "not_measured",
        }
    }
}

/// Marks that a figure can carry, any number of them.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Marks {
    /// The value was brought forward from an earlier period.
    pub carried: bool,
    /// The value was computed from published totals.
    pub derived: bool,
    /// The value comes from geometric bins.
    pub approximate: bool,
}

/// A figure with its uncertainty.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Estimate {
    /// The value.
    pub value: f64,
    /// Its standard error; nothing where the method gives only an interval.
    pub std_error: Option<f64>,
    /// Lower end of the 95 % interval; nothing where no dispersion is known.
    pub lower: Option<f64>,
    /// Upper end of the 95 % interval.
    pub upper: Option<f64>,
    /// Number of observations.
    pub n: u64,
    /// Number of independent, equally weighted observations that would be as precise.
    pub n_effective: f64,
    /// Marks.
    pub marks: Marks,
}

/// A figure, or the reason why there is none.
pub type Figure = Result<Estimate, Reason>;
