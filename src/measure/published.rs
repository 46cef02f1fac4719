//! Measures of questionnaires from published totals, where a department has no answers of its own to count.
//!
//! Totals are means without their covariances: what is put together from several has a value but no dispersion.

use super::{Code, Context};
use crate::check::Total;
use crate::count::{Cell, Layout, MonthCounts};
use crate::stats::distribution::Z_975;
use crate::stats::{Estimate, Figure, Marks, Reason};

/// The published figures of one department.
pub(super) struct Published<'a> {
    pub(super) context: &'a Context<'a>,
    pub(super) layout: &'a Layout,
    pub(super) counts: &'a MonthCounts,
    pub(super) department: u32,
}

const DERIVED: Marks = Marks { carried: false, derived: true, approximate: false };

impl Published<'_> {
    /// Says whether the department has published means of items and no answers.
    pub(super) fn is_all_there_is(&self) -> bool {
        let survey = self.counts.surveys.get(&self.layout.questionnaire);
        let has_answers =
            survey.is_some_and(|survey| survey.marginals.contains_key(&Cell::whole(self.department)));
        let from = (self.department, String::new());
        let own = self
            .counts
            .totals
            .range(from..)
            .take_while(|((department, _), _)| *department == self.department);
        let is_item = |variable: &String| {
            variable.strip_prefix("item:").is_some_and(|code| self.layout.position(code).is_some())
        };
        !has_answers && own.map(|((_, variable), _)| variable).any(is_item)
    }

    /// Computes a measure; `weights` are those of the dimensions.
    pub(super) fn measure(&self, code: &Code, weights: &[f64]) -> Figure {
        match code {
            Code::Variable(code) | Code::Staff(code) if self.is_dimension(code) => {
                self.composite(&[(code, 1.0)])
            }
            Code::Variable(code) | Code::Staff(code) => self.item(code),
            Code::Index(_) => {
                let dimensions = self
                    .layout
                    .dimensions
                    .iter()
                    .map(|&position| self.layout.variables[position].code.as_str());
                self.composite(&dimensions.zip(weights.iter().copied()).collect::<Vec<_>>())
            }
            _ => Err(Reason::NotMeasured),
        }
    }

    fn is_dimension(&self, code: &str) -> bool {
        let is_own = |&position: &usize| self.layout.variables[position].code == code;
        self.layout.dimensions.iter().any(is_own)
    }

    /// Returns an item's mean on 0 to 100, its total, and what one unit of the answer scale is on 0 to 100.
    fn total(&self, code: &str) -> Option<(f64, &Total, f64)> {
        let variable = &self.layout.variables[self.layout.position(code)?];
        let total = self.counts.totals.get(&(self.department, format!("item:{code}")))?;
        let spread = 100.0 / f64::from(variable.high - variable.low);
        Some((variable.percent(total.value * f64::from(variable.scale)), total, spread))
    }

    fn item(&self, code: &str) -> Figure {
        let (value, total, spread) = self.total(code).ok_or(Reason::Gap)?;
        let n = total.n.unwrap_or_default();
        let std_error = total.sd.filter(|_| n > 1).map(|sd| sd * spread / (n as f64).sqrt());
        let end = |sign: f64| std_error.map(|error| (value + sign * Z_975 * error).clamp(0.0, 100.0));
        let (lower, upper) = (end(-1.0), end(1.0));
        Ok(Estimate { value, std_error, lower, upper, n, n_effective: n as f64, marks: DERIVED })
    }

    /// Returns the mean of a dimension's items on 0 to 100, and the smallest n among them; all must be published.
    fn score(&self, dimension: &str) -> Option<(f64, u64)> {
        let questionnaire = self.context.project.questionnaire(&self.layout.questionnaire)?;
        let own = questionnaire.items.iter().filter(|item| item.dimension.as_deref() == Some(dimension));
        let scores: Vec<(f64, u64)> = own
            .map(|item| self.total(&item.code).map(|(value, total, _)| (value, total.n.unwrap_or_default())))
            .collect::<Option<_>>()?;
        let n = scores.iter().map(|(_, n)| *n).min()?;
        Some((scores.iter().map(|(value, _)| value).sum::<f64>() / scores.len() as f64, n))
    }

    fn composite(&self, parts: &[(&str, f64)]) -> Figure {
        let scores: Option<Vec<(f64, u64)>> =
            parts.iter().map(|(code, weight)| self.score(code).map(|(mean, n)| (mean * weight, n))).collect();
        let scores = scores.ok_or(Reason::Gap)?;
        let n = scores.iter().map(|(_, n)| *n).min().ok_or(Reason::Gap)?;
        let value = scores.iter().map(|(part, _)| part).sum();
        Ok(Estimate {
            value,
            std_error: None,
            lower: None,
            upper: None,
            n,
            n_effective: n as f64,
            marks: DERIVED,
        })
    }
}
