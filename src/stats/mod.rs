//! Statistics: counts or slices of `f64` -> [`Estimate`]; pure functions of textbooks.
//!
//! In: numbers. Out: estimates, or the reason why there is none. Deliberately absent: polars, input and output, clocks, departments.
//!
//! | module | holds |
//! |---|---|
//! | `scale`, `special`, `distribution` | units for values of any size; incomplete beta and gamma integrals; normal, Student, beta, binomial, chi-square |
//! | `tail`, `discrete` | upper tails and quantiles of chi-square, F, gamma; of counts |
//! | `root`, `peer`, `noncentral` | roots, also as peers search for them; noncentral t and F |
//! | `studentized_range` | the range of k normal values over an independent error |
//! | `percentile`, `symmetric` | quantiles of draws; eigenvalues |
//! | `interval` | Student and Fisher-z intervals, shared by all below |
//! | `proportion`, `share`, `design` | Wilson; every interval of a share; weighted and clustered shares and means |
//! | `two_shares`, `fisher` | difference of two shares, chi-square over units; Fisher's exact test |
//! | `rate`, `rate_contrast`, `dispersion` | Poisson rates and their ratio; rates of persons in two groups; negative-binomial rates |
//! | `net_promoter` | adjusted Wald, Wald, differences |
//! | `tally`, `two_means`, `ranks` | counts per group; t tests and Hedges' g; Mann-Whitney, Brunner-Munzel, Kruskal-Wallis, Cliff's δ |
//! | `groups`, `posthoc` | analysis of variance; every pair of means, by Tukey-Kramer and Games-Howell |
//! | `moments`, `family`, `quantile` | means from integer sums, means of several items together, quantiles from counts |
//! | `correlation`, `linear`, `adjust` | Pearson, Spearman, Holm, Benjamini-Hochberg; Cholesky, least squares; p values of a family |
//! | `crossproduct`, `regression`, `sandwich`, `cluster_sums` | least squares from cross-products, weighted, robust to clusters, also from their sums |
//! | `subset`, `importance`, `importance_bootstrap` | R² of all subsets, LMG and every other rule of importance; their intervals |
//! | `importance_performance`, `path`, `penalty`, `servqual` | what is made of drivers: map, two-stage effects, contrasts, gaps |
//! | `survival`, `log_rank` | Kaplan-Meier; log-rank test |
//! | `statistic`, `left_out`, `replicate`, `redraw`, `permutation` | what can be resampled; without one block at a time; bootstrap intervals and jackknife; random subsets and orders; permutation tests |
//! | `bootstrap`, `cells`, `panel` | within (one-way, two-way) and between correlations; their intervals by resampling units |
//! | `cluster`, `cluster_slope`, `stratified`, `post_stratified` | means clustered by server, slopes over levels, contrasts, plainly and stratum by stratum; means weighed to known numbers |
//! | `codes`, `inversions`, `kendall`, `association`, `joint`, `partial`, `within` | correlations of columns and joint tables, beyond others, within units |
//! | `reliability`, `lambdas`, `factor` | alpha, lambdas, attenuation; one factor, omega |
//! | `crossed`, `rating_signal`, `icc`, `kappa`, `agreement`, `krippendorff`, `concordance`, `aggregation` | agreement of raters; may ratings be averaged? |
//! | `scalability`, `levels` | Loevinger's H, Guttman errors; attained levels |
//! | `chart`, `moving_range`, `individuals`, `attributes`, `rare` | control charts: phases, limits |
//! | `interrupted` | step of a series at a known time, against others |
//! | `run_rules`, `runs`, `cumulative`, `assurance` | NHS rules, Anhøj's runs, EWMA and CUSUM, targets |
//! | `funnel`, `funnel_exact` | funnels with overdispersion; exact limits and p values |
//! | `heterogeneity` | τ² by DerSimonian-Laird and Paule-Mandel |
//! | `tau`, `meta`, `random_intercept`, `beta_binomial`, `case_mix` | shrinkage by one τ², by rows, of shares; adjustment for case mix |
//! | `mixture`, `shrinkage` | normal-normal shrinkage integrated over τ; grades, ranks |
//! | `rank_set`, `rank_draw`, `star` | confidence sets of ranks, ranks by draws, k-means stars |
//! | `weighting`, `raking` | design effect, trimming, weighted means; raking to margins |
//! | `resample` | competency shares by resampling raters |
//!
//! A module uses only modules above it. Exponentials, logarithms, gamma and error functions are `libm`'s; the inverse error function is
//! `statrs`'; incomplete beta and gamma integrals are our own, because those of `statrs` 0.19 are wrong at large parameters (beta at 1e6,
//! Student at 1e6 degrees of freedom). Sums run in the order of the input, matrices by our own loops, random numbers come from a stream
//! that the caller names: the same call gives the same bytes.

pub mod scale;
mod special;
pub mod distribution;
pub mod tail;
pub mod discrete;
mod root;
pub mod peer;
pub mod noncentral;
pub mod studentized_range;
pub mod percentile;
pub mod symmetric;
pub mod interval;
pub mod proportion;
pub mod share;
pub mod design;
pub mod two_shares;
pub mod fisher;
pub mod rate;
pub mod rate_contrast;
pub mod dispersion;
pub mod net_promoter;
pub mod tally;
pub mod two_means;
pub mod ranks;
pub mod groups;
pub mod posthoc;
pub mod moments;
pub mod equating;
pub mod mix;
pub mod family;
pub mod quantile;
pub mod correlation;
pub mod linear;
pub mod adjust;
#[cfg(test)]
pub(crate) mod attitude;
pub mod crossproduct;
pub mod regression;
pub mod sandwich;
pub mod cluster_sums;
pub mod subset;
pub mod importance;
pub mod importance_bootstrap;
pub mod importance_performance;
pub mod path;
pub mod penalty;
pub mod servqual;
pub mod survival;
pub mod log_rank;
pub mod statistic;
mod left_out;
pub mod replicate;
mod redraw;
pub mod permutation;
pub mod bootstrap;
pub mod cells;
pub mod panel;
pub mod cluster;
pub mod cluster_slope;
pub mod stratified;
pub mod post_stratified;
pub mod codes;
mod inversions;
pub mod kendall;
pub mod association;
pub mod joint;
pub mod partial;
pub mod within;
pub mod reliability;
pub mod lambdas;
pub mod factor;
pub mod crossed;
mod rating_signal;
pub mod icc;
pub mod kappa;
pub mod agreement;
pub mod krippendorff;
pub mod concordance;
pub mod aggregation;
pub mod scalability;
pub mod levels;
pub mod chart;
pub mod moving_range;
pub mod individuals;
pub mod attributes;
pub mod rare;
pub mod interrupted;
pub mod run_rules;
pub mod runs;
pub mod cumulative;
pub mod assurance;
pub mod funnel;
pub mod funnel_exact;
pub mod heterogeneity;
mod tau;
pub mod meta;
pub mod random_intercept;
pub mod beta_binomial;
pub mod case_mix;
mod mixture;
pub mod shrinkage;
pub mod rank_set;
pub mod rank_draw;
pub mod star;
pub mod weighting;
pub mod raking;
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
