//! Spread beside means: how far answers lie apart, how many lie at the bottom, and whether months differ more than sampling makes them.
//!
//! To satisfy steadily is to have few at the bottom and months that are alike; a mean tells neither.

use std::collections::BTreeMap;

use super::layers::share;
use super::levels::{item_mean, moments};
use super::satisfaction::{family, index_coefficients, weights};
use super::{Code, Context, breaks, measure, stretch};
use crate::count::{Cell, Layout, MonthCounts, Weighted};
use crate::month::Month;
use crate::stats::heterogeneity::der_simonian_laird;
use crate::stats::tail::chi_square_upper;
use crate::stats::{Figure, Reason};

/// Up to how many points of 0 to 100 an answer lies at the bottom: the two worst of five levels, the three worst of ten.
const BOTTOM: f64 = 25.0;
/// Fewest months whose differences are told.
const MONTHS_MIN: usize = 3;

/// The spread of one measure of a department over the rolling window.
#[derive(Debug, Clone, PartialEq)]
pub struct Spread {
    /// Position of the department, or [`super::WHOLE`].
    pub department: u32,
    /// The client index, a dimension or an item.
    pub code: Code,
    /// Its mean, 0 to 100.
    pub mean: Figure,
    /// Standard deviation between answers, in points.
    pub deviation: Result<f64, Reason>,
    /// Share of answers at the bottom; of the index the share of all answers to its items.
    pub bottom: Figure,
    /// How its months differ; of the index alone.
    pub monthly: Result<Monthly, Reason>,
}

/// How months differ beyond sampling.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Monthly {
    /// Standard deviation between months beyond sampling, in points: τ of DerSimonian and Laird.
    pub deviation: f64,
    /// p value of Cochran's Q: months that differ by sampling alone would differ so much as often.
    pub p_value: f64,
    /// Months compared.
    pub months: usize,
}

type Months = BTreeMap<(Code, u32, Month), Figure>;

/// Tells the spreads of every department with answers.
pub fn spreads(
    context: &Context<'_>,
    (rolled, monthly): (&MonthCounts, &Months),
    departments: &[u32],
    span: (Month, Month),
) -> Vec<Spread> {
    let (Some(layout), Some(survey)) = (context.client(), rolled.surveys.get("client")) else {
        return Vec::new();
    };
    let mut told = Vec::new();
    for &department in departments {
        let Some(row) = survey.marginals.get(&Cell::whole(department)) else { continue };
        if !layout.dimensions.is_empty() {
            told.push(of_index(context, (layout, row), (rolled, monthly), (department, span)));
        }
        let is_asked = |code: &str| asked(context, code, span.1);
        let own = layout.variables.iter().enumerate().filter(|(_, variable)| is_asked(&variable.code));
        told.extend(own.map(|(position, variable)| Spread {
            department,
            code: Code::Variable(variable.code.clone()),
            mean: item_mean(layout, row, position),
            deviation: deviation(layout, row, position),
            bottom: share(layout, row, position, |points| points <= BOTTOM),
            monthly: Err(Reason::NotApplicable),
        }));
    }
    told
}

/// Says whether a variable is a dimension, or an item of one that is still asked.
fn asked(context: &Context<'_>, code: &str, month: Month) -> bool {
    let Some(client) = context.project.questionnaire("client") else { return false };
    let item = client.items.iter().find(|item| item.code == code);
    item.is_none_or(|item| item.dimension.is_some() && item.is_asked_in(month))
}

fn deviation(layout: &Layout, row: &[Weighted], position: usize) -> Result<f64, Reason> {
    let variable = &layout.variables[position];
    let deviation = moments(layout, row, position).std_dev(f64::from(variable.scale))?;
    Ok(deviation * 100.0 / f64::from(variable.high - variable.low))
}

fn of_index(
    context: &Context<'_>,
    (layout, row): (&Layout, &[Weighted]),
    (rolled, monthly): (&MonthCounts, &Months),
    (department, span): (u32, (Month, Month)),
) -> Spread {
    let code = Code::Index("client".into());
    let (coefficients, _) = index_coefficients(layout, &weights(context, layout, span.1));
    let sums = rolled.surveys.get("client").and_then(|survey| survey.families.get(&(department, 0)));
    let deviation = sums.ok_or(Reason::TooFew).and_then(|sums| {
        let covariance = family(sums).covariance()?;
        let k = coefficients.len();
        let pairs = (0..k).flat_map(|i| (0..k).map(move |j| (i, j)));
        let variance: f64 = pairs.map(|(i, j)| coefficients[i] * covariance.at(i, j) * coefficients[j]).sum();
        Ok(variance.max(0.0).sqrt())
    });
    let items = layout.variables.iter().enumerate().filter(|(position, variable)| {
        !layout.dimensions.contains(position) && asked(context, &variable.code, span.1)
    });
    let shares: Vec<Figure> =
        items.map(|(position, _)| share(layout, row, position, |points| points <= BOTTOM)).collect();
    Spread {
        department,
        mean: measure(context, rolled, &code, department, span.1),
        deviation,
        bottom: super::layers::mean(&shares.into_iter().filter_map(Result::ok).collect::<Vec<_>>(), 1),
        monthly: months(context, monthly, (&code, department), span),
        code,
    }
}

/// Compares the months of the window's last stretch in which the same was asked.
fn months(
    context: &Context<'_>,
    monthly: &Months,
    (code, department): (&Code, u32),
    (first, last): (Month, Month),
) -> Result<Monthly, Reason> {
    let changes: Vec<Month> = breaks(context.project, code).iter().map(|change| change.month).collect();
    let is_alike = |month: &Month| stretch(&changes, (*month, last)).is_some();
    let figure = |month: Month| monthly.get(&(code.clone(), department, month))?.ok();
    let units: Vec<(f64, f64)> = first
        .to(last)
        .filter(is_alike)
        .filter_map(figure)
        .filter_map(|one| Some((one.value, one.std_error.filter(|error| *error > 0.0)?)))
        .collect();
    if units.len() < MONTHS_MIN {
        return Err(Reason::TooFew);
    }
    let found = der_simonian_laird(&units)?;
    let df = (units.len() - 1) as f64;
    Ok(Monthly {
        deviation: found.variance.sqrt(),
        p_value: chi_square_upper(found.q, df),
        months: units.len(),
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::project::sample::project;
    use crate::stats::{Estimate, Marks};

    fn figure(value: f64, error: f64) -> Figure {
        Ok(Estimate {
            value,
            std_error: Some(error),
            lower: None,
            upper: None,
            n: 50,
            n_effective: 50.0,
            marks: Marks::default(),
        })
    }

    fn told(values: &[(&str, f64)]) -> Result<Monthly, Reason> {
        let project = project();
        let context = Context::new(&project, BTreeMap::new());
        let code = Code::Index("client".into());
        let month = |text: &str| text.parse::<Month>().unwrap();
        let monthly =
            values.iter().map(|(at, value)| ((code.clone(), 0, month(at)), figure(*value, 2.0))).collect();
        months(&context, &monthly, (&code, 0), (month("2025-04"), month("2025-12")))
    }

    #[test]
    fn months_are_compared_where_the_same_was_asked() {
        // statsmodels.stats.meta_analysis.combine_effects: tau2 of "dl", Q with its p value; the months before July asked otherwise.
        let all = told(&[
            ("2025-05", 40.0),
            ("2025-07", 70.0),
            ("2025-08", 74.0),
            ("2025-09", 66.0),
            ("2025-12", 78.0),
        ])
        .unwrap();
        assert_eq!(all.months, 4);
        assert!((all.deviation - TAU).abs() < 1e-9 && (all.p_value - P_VALUE).abs() < 1e-9, "{all:?}");
        assert_eq!(told(&[("2025-05", 40.0), ("2025-07", 70.0), ("2025-08", 74.0)]), Err(Reason::TooFew));
        let alike = told(&[("2025-07", 70.0), ("2025-08", 70.0), ("2025-09", 70.0)]).unwrap();
        assert_eq!((alike.deviation, alike.p_value), (0.0, 1.0));
    }

    const TAU: f64 = 4.760952285695233;
    const P_VALUE: f64 = 0.00016974243555282632;

    #[test]
    fn bottom_and_deviation_are_those_of_the_levels() {
        use crate::count::SurveyCounts;
        let project = project();
        let context = Context::new(&project, BTreeMap::new());
        let layout = context.client().unwrap();
        let mut row = vec![Weighted::default(); layout.width];
        let start = layout.starts[layout.position("q02").unwrap()];
        for (place, n) in [10u64, 20, 40, 20, 10].into_iter().enumerate() {
            row[start + place] = Weighted { n, w: i128::from(n), ww: i128::from(n) };
        }
        let mut survey = SurveyCounts::default();
        survey.marginals.insert(Cell::whole(0), row);
        let rolled =
            MonthCounts { surveys: [("client".to_owned(), survey)].into(), ..MonthCounts::default() };
        let span = ("2025-07".parse().unwrap(), "2025-12".parse().unwrap());
        let all = spreads(&context, (&rolled, &BTreeMap::new()), &[0, 1], span);
        let item = all.iter().find(|one| one.code == Code::Variable("q02".into())).unwrap();
        // numpy.std(ddof=1) of the hundred answers on 0 to 100.
        assert!((item.deviation.unwrap() - DEVIATION).abs() < 1e-9, "{item:?}");
        assert!((item.bottom.unwrap().value - 0.3).abs() < 1e-12);
        let index = &all[0];
        assert_eq!((index.deviation, index.monthly), (Err(Reason::TooFew), Err(Reason::TooFew)));
        assert!((index.bottom.unwrap().value - 0.3).abs() < 1e-12);
        // The item asked until June is none of this window's.
        assert!(all.iter().all(|one| one.code != Code::Variable("q01".into())));
    }

    const DEVIATION: f64 = 27.524094128159017;
}
