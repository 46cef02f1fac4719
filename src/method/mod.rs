//! Methods: the statistics of `concord stat`, one file each -> tidy answers.
//!
//! In: a [`Table`] and the options of a call. Out: an [`Answer`], one number a row, in the form of the golden files. Deliberately absent:
//! formulas, which are `stats`'; files and the terminal.

mod table;
mod fault;
mod list;
mod request;
mod answer;
mod counts;
#[cfg(test)]
mod probe;
mod grouped;
mod adjusted;
mod hits;
mod lifetimes;
mod resampled;
mod share;
mod share_difference;
mod chi_square;
mod mean;
mod nps;
mod compare;
mod compare_groups;
mod rate;
mod negative_binomial;
mod bootstrap;
mod jackknife;
mod permutation;
mod kaplan_meier;
mod log_rank;
mod rows;
mod correlation;
mod partial_correlation;
mod rm_correlation;
mod panel_correlation;
mod attenuation;
mod alpha;
mod omega;
mod icc;
mod levels;
mod kappa;
mod agreement;
mod krippendorff;
mod kendall_w;
mod rwg;
mod scalability;
mod attained_level;
mod complete;
#[cfg(test)]
mod trial;
mod estimates;
mod regression;
mod drivers;
mod paths;
mod penalty_reward;
mod importance_performance;
mod servqual;
mod random_intercept;
mod shrinkage;
mod shrinkage_integrated;
mod beta_binomial;
mod case_mix;
mod rank_sets;
mod rank_draws;
mod stars;
mod rake;
mod weighted_mean;
mod calendar;
mod series;
mod control_chart;
mod attribute_chart;
mod xmr;
mod mr;
mod p_chart;
mod p_prime;
mod u_chart;
mod u_prime;
mod c_chart;
mod i_prime;
mod g_chart;
mod t_chart;
mod memory_chart;
mod ewma;
mod cusum;
mod bernoulli_cusum;
mod runs;
mod assurance;
mod funnel_table;
mod funnel;
#[cfg(test)]
mod chart_tests;
#[cfg(test)]
mod call_tests;

use answer::percent;
pub use answer::{Answer, Number, Value};
pub use fault::Fault;
use request::Request;
pub use table::{Column, Table};

/// One method of `concord stat`.
pub struct Method {
    /// Its name, in small letters with dashes.
    pub name: &'static str,
    /// Names by which those who come from other packages know it, such as `psych::alpha`.
    pub known_as: &'static [&'static str],
    /// One line: what it tells.
    pub about: &'static str,
    /// What it computes, with the meaning of its symbols, when it is undefined, and where peers differ.
    pub formula: &'static str,
    /// Where the method comes from.
    pub source: &'static str,
    /// Arguments of a call on a file of `data/examples`, as they follow `concord stat NAME`.
    pub example: &'static str,
    /// Its options.
    pub options: &'static [Setting],
    /// Computes it.
    run: fn(&Request<'_>) -> Result<Answer, Fault>,
}

impl Method {
    /// Answers a call on a table with the options that the caller gave, by their names without dashes.
    ///
    /// A fault: what the method cannot take, and any option given that has no say in the answer.
    pub fn answer<'a>(
        &'a self,
        table: &'a Table,
        given: impl IntoIterator<Item = (&'a str, &'a str)>,
    ) -> Result<Answer, Fault> {
        let request = Request::new(self, table, given)?;
        let answer = (self.run)(&request)?;
        request.refuse_unread()?;
        Ok(answer)
    }
}

/// One option of a method.
#[derive(Clone, Copy)]
pub struct Setting {
    /// Its name without dashes in front.
    pub name: &'static str,
    /// What it is.
    pub about: &'static str,
    /// What holds when it is not given.
    pub default: Preset,
}

/// What holds when an option is not given.
#[derive(Clone, Copy)]
pub enum Preset {
    /// It must be given.
    Required,
    /// Nothing.
    Nothing,
    /// This value.
    Value(&'static str),
}

/// Returns an option that must be given.
pub const fn required(name: &'static str, about: &'static str) -> Setting {
    Setting { name, about, default: Preset::Required }
}

/// Returns an option that need not be given.
pub const fn optional(name: &'static str, about: &'static str) -> Setting {
    Setting { name, about, default: Preset::Nothing }
}

/// Returns an option with a value of its own.
pub const fn preset(name: &'static str, about: &'static str, value: &'static str) -> Setting {
    Setting { name, about, default: Preset::Value(value) }
}

/// Every method, in the order of `concord stat list`.
pub const METHODS: &[&Method] = &[
    &share::METHOD,
    &share_difference::METHOD,
    &chi_square::METHOD,
    &mean::METHOD,
    &nps::METHOD,
    &compare::METHOD,
    &compare_groups::METHOD,
    &rate::METHOD,
    &negative_binomial::METHOD,
    &bootstrap::METHOD,
    &jackknife::METHOD,
    &permutation::METHOD,
    &kaplan_meier::METHOD,
    &log_rank::METHOD,
    &correlation::METHOD,
    &partial_correlation::METHOD,
    &rm_correlation::METHOD,
    &panel_correlation::METHOD,
    &attenuation::METHOD,
    &alpha::METHOD,
    &omega::METHOD,
    &icc::METHOD,
    &kappa::METHOD,
    &agreement::METHOD,
    &krippendorff::METHOD,
    &kendall_w::METHOD,
    &rwg::METHOD,
    &scalability::METHOD,
    &attained_level::METHOD,
    &regression::METHOD,
    &drivers::METHOD,
    &paths::METHOD,
    &penalty_reward::METHOD,
    &importance_performance::METHOD,
    &servqual::METHOD,
    &random_intercept::METHOD,
    &shrinkage::METHOD,
    &shrinkage_integrated::METHOD,
    &beta_binomial::METHOD,
    &case_mix::METHOD,
    &rank_sets::METHOD,
    &rank_draws::METHOD,
    &stars::METHOD,
    &rake::METHOD,
    &weighted_mean::METHOD,
    &xmr::METHOD,
    &mr::METHOD,
    &p_chart::METHOD,
    &p_prime::METHOD,
    &u_chart::METHOD,
    &u_prime::METHOD,
    &c_chart::METHOD,
    &i_prime::METHOD,
    &g_chart::METHOD,
    &t_chart::METHOD,
    &ewma::METHOD,
    &cusum::METHOD,
    &bernoulli_cusum::METHOD,
    &runs::METHOD,
    &assurance::METHOD,
    &funnel::METHOD,
];

/// Finds a method by its name.
pub fn find(name: &str) -> Option<&'static Method> {
    METHODS.iter().copied().find(|method| method.name == name)
}
