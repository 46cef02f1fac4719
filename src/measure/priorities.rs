//! Where to begin: stated importance minus satisfaction, item by item; and what was perceived against what was expected.
//!
//! Importance is asked of a sample of all customers, once a year: every department is held against the same. Satisfaction is the department's
//! own over the rolling window.

use std::collections::BTreeMap;

use super::Context;
use super::levels::item_mean;
use super::satisfaction::family;
use crate::count::{Cell, Layout, MonthCounts, Weighted};
use crate::month::Month;
use crate::project::{Item, ItemKind};
use crate::stats::distribution::Z_975;
use crate::stats::importance_bootstrap::Ends;
use crate::stats::importance_performance::{Located, Point, Quadrant, is_decided, lines, quadrant};
use crate::stats::{Estimate, Figure, Marks, Reason};

/// One item of a department.
#[derive(Debug, Clone, PartialEq)]
pub struct Priority {
    /// Code of the item.
    pub item: String,
    /// Stated importance, 0 to 100, of all customers.
    pub importance: Figure,
    /// Satisfaction, 0 to 100.
    pub satisfaction: Figure,
    /// Importance less satisfaction.
    pub gap: Figure,
    /// Whether the gap is wider than the mean gap of the items beyond chance, narrower, or neither.
    pub against_mean: Against,
    /// Quadrant of the map whose lines are the means of the items; nothing where a figure is missing.
    pub quadrant: Option<Quadrant>,
    /// Whether neither line crosses the item's intervals.
    pub is_decided: bool,
}

/// How a gap stands against the mean gap.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Against {
    /// Wider: a priority.
    Wider,
    /// Narrower.
    Narrower,
    /// It cannot be told.
    CannotTell,
}

impl Against {
    /// Returns the code, as it stands in feeds.
    pub fn code(self) -> &'static str {
        match self {
            Self::Wider => "wider",
            Self::Narrower => "narrower",
            Self::CannotTell => "cannot_tell",
        }
    }
}

/// What was perceived against what was expected, of one item.
#[derive(Debug, Clone, PartialEq)]
pub struct Expectation {
    /// Position of the department, or [`super::WHOLE`].
    pub department: u32,
    /// Code of the item.
    pub item: String,
    /// Expected level, 0 to 100, of those who answered both.
    pub expected: Figure,
    /// Perceived level of the same persons.
    pub perceived: Figure,
    /// Perceived less expected, with the interval of paired differences.
    pub gap: Figure,
}

/// Tells the items of every department, the widest gap first; nothing without an importance survey.
pub fn priorities(
    context: &Context<'_>,
    (months, rolled): (&BTreeMap<Month, MonthCounts>, &MonthCounts),
    departments: &[u32],
    month: Month,
) -> BTreeMap<u32, Vec<Priority>> {
    let Some(stated) = stated(context, months, month) else { return BTreeMap::new() };
    let (Some(layout), Some(survey)) = (context.client(), rolled.surveys.get("client")) else {
        return BTreeMap::new();
    };
    let least = context.project.privacy.min_answers.max(2);
    let told = |&department: &u32| {
        let row = survey.marginals.get(&Cell::whole(department))?;
        let satisfaction = |code: &str| -> Figure {
            let found = item_mean(layout, row, layout.position(code).ok_or(Reason::NotMeasured)?)?;
            if found.n < least { Err(Reason::TooFew) } else { Ok(found) }
        };
        let parts = stated.iter().map(|(item, importance)| (item.clone(), *importance, satisfaction(item)));
        Some((department, ordered(parts.collect())))
    };
    departments.iter().filter_map(told).collect()
}

/// Stated importance by client item: of the survey whose weights hold in `month`, the last one before its year, else the first one.
fn stated(
    context: &Context<'_>,
    months: &BTreeMap<Month, MonthCounts>,
    month: Month,
) -> Option<Vec<(String, Figure)>> {
    let (layout, importance) =
        (context.layouts.get("importance")?, context.project.questionnaire("importance")?);
    let client = context.project.questionnaire("client")?;
    let asked = || months.range(..=month).filter(|(_, counts)| counts.surveys.contains_key("importance"));
    let (held, counts) = asked().rfind(|(own, _)| own.year() < month.year()).or_else(|| asked().next())?;
    let mut row = vec![Weighted::default(); layout.width];
    for (_, own) in counts.surveys.get("importance")?.marginals.iter().filter(|(cell, _)| cell.cut == 0) {
        row.iter_mut().zip(own).for_each(|(sum, own)| sum.merge(own));
    }
    let one = |item: &Item| {
        let rated = client.items.iter().find(|own| Some(&own.code) == item.importance_of.as_ref())?;
        // Only what was asked in the survey, and is still asked of customers, can be a priority.
        let is_asked = item.is_asked_in(*held) && rated.is_asked_in(month);
        let figure = item_mean(layout, &row, layout.position(&item.code)?);
        is_asked.then(|| (rated.code.clone(), figure))
    };
    let stated: Vec<_> = importance.items.iter().filter_map(one).collect();
    (!stated.is_empty()).then_some(stated)
}

fn ordered(parts: Vec<(String, Figure, Figure)>) -> Vec<Priority> {
    let gaps: Vec<Figure> =
        parts.iter().map(|(_, importance, satisfaction)| difference(importance, satisfaction)).collect();
    let known: Vec<f64> = gaps.iter().filter_map(|gap| gap.ok()).map(|gap| gap.value).collect();
    let mean = known.iter().sum::<f64>() / known.len().max(1) as f64;
    let points: Vec<Option<Point>> =
        parts.iter().map(|(_, importance, own)| point(importance, own)).collect();
    let cross = lines(&points.iter().flatten().copied().collect::<Vec<_>>(), None).ok();
    let mut told: Vec<Priority> = Vec::with_capacity(parts.len());
    for (((item, importance, satisfaction), gap), point) in parts.into_iter().zip(gaps).zip(points) {
        let placed = point.zip(cross);
        told.push(Priority {
            item,
            importance,
            satisfaction,
            gap,
            against_mean: against(&gap, mean),
            quadrant: placed.map(|(point, cross)| quadrant(&point, &cross)),
            is_decided: placed.is_some_and(|(point, cross)| is_decided(&point, &cross)),
        });
    }
    let width = |one: &Priority| one.gap.map_or(f64::NEG_INFINITY, |gap| gap.value);
    told.sort_by(|a, b| width(b).total_cmp(&width(a)));
    told
}

/// Returns a − b of two surveys, whose errors are independent.
fn difference(a: &Figure, b: &Figure) -> Figure {
    let ((a, b), value) = ((a.as_ref(), b.as_ref()), |a: &Estimate, b: &Estimate| a.value - b.value);
    let (a, b) = (a.map_err(|reason| *reason)?, b.map_err(|reason| *reason)?);
    let std_error = a.std_error.zip(b.std_error).map(|(a, b)| (a * a + b * b).sqrt());
    let end = |sign: f64| std_error.map(|error| value(a, b) + sign * Z_975 * error);
    Ok(Estimate {
        value: value(a, b),
        std_error,
        lower: end(-1.0),
        upper: end(1.0),
        n: b.n,
        n_effective: b.n_effective,
        marks: Marks::default(),
    })
}

fn against(gap: &Figure, mean: f64) -> Against {
    match gap.map(|one| (one.lower, one.upper)) {
        Ok((Some(lower), _)) if lower > mean => Against::Wider,
        Ok((_, Some(upper))) if upper < mean => Against::Narrower,
        _ => Against::CannotTell,
    }
}

fn point(importance: &Figure, satisfaction: &Figure) -> Option<Point> {
    let located = |figure: &Figure| {
        let one = figure.ok()?;
        let ends = one.lower.zip(one.upper).map(|(lower, upper)| Ends { lower, upper });
        Some(Located { value: one.value, ends })
    };
    Some(Point { importance: located(importance)?, performance: located(satisfaction)? })
}

/// Tells every item whose expected level is asked too, of every department with both answers.
pub fn expectations(context: &Context<'_>, rolled: &MonthCounts, departments: &[u32]) -> Vec<Expectation> {
    let (Some(layout), Some(client)) = (context.client(), context.project.questionnaire("client")) else {
        return Vec::new();
    };
    let Some(survey) = rolled.surveys.get("client") else { return Vec::new() };
    let asked = client.items.iter().filter(|item| item.kind == ItemKind::Expectation);
    let pairs: Vec<(&str, usize)> = asked
        .filter_map(|item| {
            Some((item.expectation_of.as_deref()?, layout.family(&crate::count::gap_family(&item.code))?))
        })
        .collect();
    let told = |department: u32, item: &str, position: usize| {
        let sums = survey.families.get(&(department, position))?;
        Some(paired(layout, (department, item), &family(sums), &layout.families[position].1))
    };
    let all = departments.iter().flat_map(|&department| pairs.iter().map(move |pair| (department, *pair)));
    all.filter_map(|(department, (item, position))| told(department, item, position)).collect()
}

fn paired(
    layout: &Layout,
    (department, item): (u32, &str),
    sums: &crate::stats::family::Family,
    members: &[usize],
) -> Expectation {
    let variable = &layout.variables[members[0]];
    let unit = 100.0 / f64::from(variable.high - variable.low);
    let start = unit * f64::from(variable.low);
    let level = |coefficients: [f64; 2]| {
        sums.combination(&coefficients.map(|own| own * unit)).map(|one| Estimate {
            value: one.value - start,
            lower: one.lower.map(|end| (end - start).max(0.0)),
            upper: one.upper.map(|end| (end - start).min(100.0)),
            ..one
        })
    };
    Expectation {
        department,
        item: item.to_owned(),
        perceived: level([1.0, 0.0]),
        expected: level([0.0, 1.0]),
        gap: sums.combination(&[unit, -unit]),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::count::{FamilySums, SurveyCounts};
    use crate::project::Project;
    use crate::project::sample::changed;

    const FILE: &str = "registers/questionnaires.toml";
    const TOTAL: &str = "[[client.items]]\ncode = \"total\"\n";

    fn row(layout: &Layout, code: &str, levels: [u64; 5]) -> Vec<Weighted> {
        let mut row = vec![Weighted::default(); layout.width];
        let start = layout.starts[layout.position(code).unwrap()];
        for (place, n) in levels.into_iter().enumerate() {
            row[start + place] = Weighted { n, w: i128::from(n), ww: i128::from(n) };
        }
        row
    }

    fn survey(layout: &Layout, code: &str, levels: [u64; 5]) -> SurveyCounts {
        let mut survey = SurveyCounts::default();
        survey.marginals.insert(Cell::whole(0), row(layout, code, levels));
        survey
    }

    fn told(satisfied: [u64; 5]) -> Vec<Priority> {
        let project = crate::project::sample::project();
        let context = Context::new(&project, BTreeMap::new());
        let (client, importance) = (&context.layouts["client"], &context.layouts["importance"]);
        let mut counts = MonthCounts::default();
        counts.surveys.insert("client".into(), survey(client, "q02", satisfied));
        counts.surveys.insert("importance".into(), survey(importance, "i02", [0, 0, 10, 40, 50]));
        let month: Month = "2025-12".parse().unwrap();
        let months = [(month, counts.clone())].into();
        priorities(&context, (&months, &counts), &[0, 1], month).remove(&0).unwrap_or_default()
    }

    #[test]
    fn a_gap_is_importance_less_satisfaction() {
        let all = told([10, 20, 40, 20, 10]);
        assert_eq!((all.len(), all[0].item.as_str()), (1, "q02"));
        // scipy: 85 and 50 points; standard errors of means of 100 by numpy.std(ddof=1) / 10.
        let gap = all[0].gap.unwrap();
        assert!(
            (gap.value - 35.0).abs() < 1e-9 && (gap.std_error.unwrap() - GAP_ERROR).abs() < 1e-9,
            "{gap:?}"
        );
        // A single item is its own mean.
        assert_eq!((all[0].against_mean, all[0].quadrant), (Against::CannotTell, Some(Quadrant::KeepUp)));
    }

    const GAP_ERROR: f64 = 3.217690997211409;

    #[test]
    fn few_answers_are_no_priority() {
        let all = told([0, 1, 0, 0, 0]);
        assert_eq!((all[0].satisfaction, all[0].gap), (Err(Reason::TooFew), Err(Reason::TooFew)));
        assert_eq!(
            (all[0].against_mean, all[0].quadrant, all[0].is_decided),
            (Against::CannotTell, None, false)
        );
    }

    fn expecting() -> Project {
        let item = "[[client.items]]\ncode = \"e02\"\ntext = \"Expected\"\nscale = [1, 5]\nkind = \"expectation\"\nexpectation_of = \"q02\"\n";
        changed(FILE, TOTAL, &format!("{item}{TOTAL}"))
    }

    #[test]
    fn expectations_are_paired() {
        let project = expecting();
        let context = Context::new(&project, BTreeMap::new());
        let layout = context.client().unwrap();
        let mut sums = FamilySums::new(2);
        // scipy.stats.ttest_rel of statistics.md's pairs.
        for (perceived, expected) in [(5, 5), (4, 5), (3, 5), (4, 4), (2, 4), (3, 5), (5, 5), (4, 5)] {
            sums.add(&[perceived, expected], 1);
        }
        let mut survey = SurveyCounts::default();
        survey.families.insert((0, layout.family("gap:e02").unwrap()), sums);
        let counts =
            MonthCounts { surveys: [("client".to_owned(), survey)].into(), ..MonthCounts::default() };
        let all = expectations(&context, &counts, &[0, 1]);
        assert_eq!((all.len(), all[0].item.as_str()), (1, "q02"));
        let gap = all[0].gap.unwrap();
        assert!((gap.value + 25.0).abs() < 1e-9, "{gap:?}");
        assert!(
            (gap.lower.unwrap() - PAIRED_LOWER).abs() < 1e-6
                && (gap.upper.unwrap() - PAIRED_UPPER).abs() < 1e-6,
            "{gap:?}"
        );
        assert!(
            (all[0].expected.unwrap().value - 93.75).abs() < 1e-9
                && (all[0].perceived.unwrap().value - 68.75).abs() < 1e-9
        );
    }

    const PAIRED_LOWER: f64 = -44.35012432687899;
    const PAIRED_UPPER: f64 = -5.649875673121009;
}
