//! Penalty and reward: does a dimension below the middle of its scale go with a greater loss of overall satisfaction than one above goes with
//! a gain?
//!
//! One regression of the overall judgement on how far every dimension lies below and above the middle of its scale, so that a straight line
//! has equal slopes on both sides; dummies of low and high answers (Brandt 1988) would call it bent wherever the two bands lie at unequal
//! distances. Errors are robust to clusters by department.

use super::{Code, Context, WHOLE, breaks, stretch};
use crate::count::{Cell, FamilySums, Layout, MonthCounts, SIDES, Weighted, hinges};
use crate::month::Month;
use crate::stats::adjust::Adjustment;
use crate::stats::cluster_sums::{Cluster, Slopes, clustered_slopes};
use crate::stats::regression::Coefficient;
use crate::stats::{Estimate, Figure, Marks, Reason};

/// Fewest departments: errors that are robust to clusters are too small with few of them.
pub const LEAST_DEPARTMENTS: usize = 10;
/// Fewest answers below the middle, and above it, before a dimension is told.
pub const LEAST_ON_A_SIDE: u64 = 30;
const LEVEL: f64 = 0.95;
const ALPHA: f64 = 0.05;
const MILLION: f64 = 1e6;

/// What kind of dimension it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Bend {
    /// Below costs, and more than above gains: it must be there.
    MustBe,
    /// Above gains, and more than below costs.
    Attractive,
    /// Below costs and above gains; a difference of the two is not seen.
    Both,
    /// Neither a cost nor a gain is seen.
    NoneSeen,
    /// One of the two is seen, but not whether they differ; or there is no figure.
    CannotTell,
}

impl Bend {
    /// Returns the code, as it stands in feeds.
    pub fn code(self) -> &'static str {
        match self {
            Self::MustBe => "must_be",
            Self::Attractive => "attractive",
            Self::Both => "both",
            Self::NoneSeen => "none_seen",
            Self::CannotTell => "cannot_tell",
        }
    }
}

/// Penalty and reward of one dimension.
#[derive(Debug, Clone, PartialEq)]
pub struct Contrast {
    /// Code of the dimension.
    pub dimension: String,
    /// Answers whose score lies below the middle of its scale, at the middle, above it.
    pub answers: [u64; 3],
    /// Points of the overall judgement lost per 10 points below the middle, both on 0 to 100.
    pub penalty: Figure,
    /// Points gained per 10 points above it.
    pub reward: Figure,
    /// Reward less penalty.
    pub difference: Figure,
    /// p value of the difference, after Holm over the dimensions; nothing without a test.
    pub p_holm: Option<f64>,
    /// What kind of dimension it is.
    pub bend: Bend,
}

/// Penalties and rewards of all departments together.
#[derive(Debug, Clone, PartialEq)]
pub struct Contrasts {
    /// Code of the item of the overall judgement.
    pub overall: String,
    /// Answers with the overall judgement and every dimension.
    pub n: u64,
    /// Departments they came from.
    pub departments: usize,
    /// The dimensions, in the order of the register.
    pub dimensions: Vec<Contrast>,
}

/// Tells penalty and reward of every dimension over the months from `first` to `month`; nothing without an overall item asked in `month`.
///
/// Undefined: too few below 10 departments, or below 30 answers on a side of the middle; not comparable where the dimension's questions
/// changed inside the window; as `regress` is.
pub fn contrasts(
    context: &Context<'_>,
    rolled: &MonthCounts,
    (first, month): (Month, Month),
) -> Option<Contrasts> {
    let (layout, client) = (context.client()?, context.project.questionnaire("client")?);
    let survey = rolled.surveys.get("client")?;
    let asked = layout.overalls.iter().copied().filter(|&one| client.items[one].is_asked_in(month));
    let overall = asked.max_by_key(|&one| client.items[one].valid_from)?;
    let is_leaf = |department: u32| context.project.departments[department as usize].leaf;
    let own =
        survey.penalties.iter().filter(|((department, one), _)| *one == overall && is_leaf(*department));
    let sums: Vec<&FamilySums> = own.map(|(_, sums)| sums).collect();
    let row = survey.marginals.get(&Cell::whole(WHOLE));
    if layout.dimensions.is_empty() || sums.is_empty() {
        return None;
    }
    let slopes = fit(layout, overall, &sums);
    let told = |(place, &dimension): (usize, &usize)| {
        let code = layout.variables[dimension].code.clone();
        let changes: Vec<Month> =
            breaks(context.project, &Code::Variable(code.clone())).iter().map(|one| one.month).collect();
        let answers = row.map_or([0; 3], |row| sides(layout, dimension, row));
        let is_whole = stretch(&changes, (first, month)).is_some();
        contrast(code, answers, is_whole, slopes.as_ref().map(|slopes| (slopes, place)))
    };
    let mut dimensions: Vec<Contrast> = layout.dimensions.iter().enumerate().map(told).collect();
    judge(&mut dimensions);
    Some(Contrasts {
        overall: layout.variables[overall].code.clone(),
        n: sums.iter().map(|sums| sums.count.n).sum(),
        departments: sums.len(),
        dimensions,
    })
}

/// The slopes of all predictors; those that do not vary stay out of the regression.
struct Fit {
    slopes: Slopes,
    /// Place of each predictor among the slopes; nothing for one that does not vary.
    places: Vec<Option<usize>>,
}

impl Fit {
    /// Returns the sum of coefficients times slopes, of predictors by their positions.
    fn combination(&self, parts: &[(usize, f64)]) -> Figure {
        let mut coefficients = vec![0.0; self.slopes.values.len()];
        for (predictor, coefficient) in parts {
            coefficients[self.places[*predictor].ok_or(Reason::NoVariation)?] = *coefficient;
        }
        let Coefficient { value, std_error, lower, upper, .. } =
            self.slopes.combination(&coefficients, LEVEL);
        let n = self.slopes.n;
        Ok(Estimate {
            value,
            std_error: Some(std_error),
            lower: Some(lower),
            upper: Some(upper),
            n: n as u64,
            n_effective: n,
            marks: Marks::default(),
        })
    }

    fn p_value(&self, parts: &[(usize, f64)]) -> Option<f64> {
        let mut coefficients = vec![0.0; self.slopes.values.len()];
        for (predictor, coefficient) in parts {
            coefficients[self.places[*predictor]?] = *coefficient;
        }
        self.slopes.combination(&coefficients, LEVEL).test.ok().map(|(_, p)| p)
    }
}

fn fit(layout: &Layout, overall: usize, sums: &[&FamilySums]) -> Result<Fit, Reason> {
    if sums.len() < LEAST_DEPARTMENTS {
        return Err(Reason::TooFew);
    }
    let size = sums[0].wx.len();
    let varies = |k: usize| sums.iter().any(|own| own.wxy[pair(size, k, k)] != 0);
    let kept: Vec<usize> = (1..size).filter(|&k| varies(k)).chain([0]).collect();
    let places = (1..size).map(|k| kept[..kept.len() - 1].iter().position(|&own| own == k)).collect();
    let units = units(layout, overall);
    let clusters: Vec<Cluster> = sums.iter().map(|own| cluster(own, &kept, &units)).collect();
    Ok(Fit { slopes: clustered_slopes(&clusters)?, places })
}

/// Points of the overall item per level, then tens of points per half a level of each dimension, twice.
fn units(layout: &Layout, overall: usize) -> Vec<f64> {
    let range = |position: usize| {
        let variable = &layout.variables[position];
        f64::from((variable.high - variable.low) * variable.scale)
    };
    let tens = layout.dimensions.iter().flat_map(|&dimension| [5.0 / range(dimension); SIDES.len()]);
    std::iter::once(100.0 / range(overall)).chain(tens).collect()
}

/// Returns the place of the product of variables `i` and `j` in the upper triangle of `size` variables.
fn pair(size: usize, i: usize, j: usize) -> usize {
    let (i, j) = (i.min(j), i.max(j));
    i * size - i * i.saturating_sub(1) / 2 + j - i
}

fn cluster(sums: &FamilySums, kept: &[usize], units: &[f64]) -> Cluster {
    let size = sums.wx.len();
    let product = |i: usize, j: usize| sums.wxy[pair(size, i, j)] as f64 / MILLION * units[i] * units[j];
    Cluster {
        n: sums.count.n as f64,
        weight: sums.count.w as f64 / MILLION,
        sums: kept.iter().map(|&i| sums.wx[i] as f64 / MILLION * units[i]).collect(),
        products: kept.iter().flat_map(|&i| kept.iter().map(move |&j| product(i, j))).collect(),
    }
}

/// Counts the answers below the middle of a dimension's scale, at it, above it.
fn sides(layout: &Layout, dimension: usize, row: &[Weighted]) -> [u64; 3] {
    let (variable, start) = (&layout.variables[dimension], layout.starts[dimension]);
    let mut sides = [0; 3];
    for (index, level) in (0..variable.n_levels()).zip(variable.low * variable.scale..) {
        let place = match hinges(variable, level) {
            [0, 0] => 1,
            [_, 0] => 0,
            _ => 2,
        };
        sides[place] += row[start + index].n;
    }
    sides
}

fn contrast(
    dimension: String,
    answers: [u64; 3],
    is_whole: bool,
    fitted: Result<(&Fit, usize), &Reason>,
) -> Contrast {
    let is_enough = answers[0].min(answers[2]) >= LEAST_ON_A_SIDE;
    let fitted = match fitted {
        Err(reason) => Err(*reason),
        Ok(_) if !is_whole => Err(Reason::NotComparable),
        Ok(_) if !is_enough => Err(Reason::TooFew),
        Ok((fit, place)) => Ok((fit, 2 * place)),
    };
    let difference = |below: usize| [(below, -1.0), (below + 1, 1.0)];
    Contrast {
        dimension,
        answers,
        penalty: fitted.and_then(|(fit, below)| fit.combination(&[(below, 1.0)])),
        reward: fitted.and_then(|(fit, below)| fit.combination(&[(below + 1, 1.0)])),
        difference: fitted.and_then(|(fit, below)| fit.combination(&difference(below))),
        p_holm: fitted.ok().and_then(|(fit, below)| fit.p_value(&difference(below))),
        bend: Bend::CannotTell,
    }
}

/// Adjusts the p values of the differences and tells what kind each dimension is.
fn judge(dimensions: &mut [Contrast]) {
    let plain: Vec<Option<f64>> = dimensions.iter().map(|one| one.p_holm).collect();
    for (one, p) in dimensions.iter_mut().zip(Adjustment::Holm.adjust(&plain)) {
        one.p_holm = p;
        one.bend = bend(one);
    }
}

fn bend(one: &Contrast) -> Bend {
    let (Ok(penalty), Ok(reward), Ok(difference)) = (one.penalty, one.reward, one.difference) else {
        return Bend::CannotTell;
    };
    let holds = |figure: Estimate| figure.lower.is_some_and(|lower| lower > 0.0);
    let differs = one.p_holm.is_some_and(|p| p < ALPHA);
    match (holds(penalty), holds(reward)) {
        (true, _) if differs && difference.value < 0.0 => Bend::MustBe,
        (_, true) if differs && difference.value > 0.0 => Bend::Attractive,
        (true, true) if !differs => Bend::Both,
        (false, false) => Bend::NoneSeen,
        _ => Bend::CannotTell,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::count::SurveyCounts;
    use crate::project::sample::project;
    use std::collections::BTreeMap;

    /// Sums of 20 answers of each of `departments`, with the sides of the dimension; `judged` tells the overall level before noise.
    fn counted(
        layout: &Layout,
        departments: i32,
        judged: impl Fn(i32) -> i32,
    ) -> (Vec<FamilySums>, [u64; 3]) {
        let mut sums: BTreeMap<i32, FamilySums> = BTreeMap::new();
        let mut answers = [0; 3];
        for i in 0..20 * departments {
            let (department, speed) = (i % departments, 1 + (i * 7 + i / departments * 3) % 5);
            let noise = (i * i * 5 + i + department * department) % 3 - 1;
            let [below, above] = hinges(&layout.variables[layout.dimensions[0]], speed);
            let row = [(judged(speed) + noise).clamp(1, 5), below, above];
            let own = sums.entry(department).or_insert_with(|| FamilySums::new(3));
            own.add(&row, 1_000_000 * u64::try_from(1 + i % 3).unwrap());
            answers[usize::try_from((speed - 3).signum() + 1).unwrap()] += 1;
        }
        (sums.into_values().collect(), answers)
    }

    fn context(project: &crate::project::Project) -> Context<'_> {
        Context::new(project, BTreeMap::new())
    }

    fn told(departments: i32, is_whole: bool, judged: impl Fn(i32) -> i32) -> Contrast {
        let project = project();
        let context = context(&project);
        let layout = context.client().unwrap();
        let (sums, answers) = counted(layout, departments, judged);
        let sums: Vec<&FamilySums> = sums.iter().collect();
        let fitted = fit(layout, layout.overalls[0], &sums);
        let mut all =
            [contrast("speed".into(), answers, is_whole, fitted.as_ref().map(|fitted| (fitted, 0)))];
        judge(&mut all);
        let [one] = all;
        one
    }

    fn close(figure: Figure, expected: [f64; 4]) {
        let one = figure.unwrap();
        let found = [one.value, one.std_error.unwrap(), one.lower.unwrap(), one.upper.unwrap()];
        let is_close = |(found, expected): (&f64, &f64)| (found - expected).abs() < 1e-9;
        assert!(found.iter().zip(&expected).all(is_close), "{found:?} {expected:?}");
    }

    /// Two levels down for each level below the middle, none up.
    fn must_be(speed: i32) -> i32 {
        4 + 2 * (speed - 3).min(0)
    }

    #[test]
    fn what_must_be_there_costs_more_than_it_gains() {
        // statsmodels 0.15 WLS on minimum(x, 0), maximum(x, 0), cov_type="cluster" by department, use_t=True.
        let one = told(12, true, must_be);
        close(one.penalty, [16.761904761904756, 1.0589889967782387, 14.43108569529552, 19.09272382851399]);
        close(one.reward, [0.571428571428563, 0.18688041119614546, 0.1601075596740235, 0.9827495831831025]);
        close(
            one.difference,
            [-16.190476190476193, 1.2458694079743924, -18.932616268839986, -13.4483361121124],
        );
        assert!((one.p_holm.unwrap() - 5.107524748356185e-08).abs() < 1e-15);
        assert_eq!((one.answers, one.bend), ([96, 48, 96], Bend::MustBe));
    }

    #[test]
    fn a_straight_line_has_two_equal_sides() {
        let one = told(12, true, |speed| speed);
        assert_eq!(one.bend, Bend::Both, "{one:?}");
        assert_eq!(told(12, true, |_| 3).bend, Bend::NoneSeen);
        assert_eq!(told(12, true, |speed| 2 + 2 * (speed - 3).max(0)).bend, Bend::Attractive);
    }

    #[test]
    fn hard_cases_say_why() {
        let few = told(9, true, must_be);
        assert_eq!((few.penalty, few.p_holm, few.bend), (Err(Reason::TooFew), None, Bend::CannotTell));
        assert_eq!(told(12, false, must_be).reward, Err(Reason::NotComparable));
        let project = project();
        let context = context(&project);
        let layout = context.client().unwrap();
        let one = |rows: &[[i32; 3]]| {
            let mut sums = FamilySums::new(3);
            rows.iter().for_each(|row| sums.add(row, 1_000_000));
            vec![sums; 12]
        };
        let fitted = |sums: &[FamilySums]| {
            fit(layout, layout.overalls[0], &sums.iter().collect::<Vec<_>>())
                .map(|own| own.combination(&[(0, 1.0)]))
        };
        // Nobody lies below the middle: that side has no slope, the other one still has.
        assert_eq!(fitted(&one(&[[3, 0, 2], [4, 0, 4], [3, 0, 0]])), Ok(Err(Reason::NoVariation)));
        // Everybody judges alike, or one dimension tells nothing.
        assert_eq!(fitted(&one(&[[3, -2, 0], [3, 0, 4], [3, 0, 0]])).err(), Some(Reason::NoVariation));
        assert_eq!(fitted(&one(&[[3, 0, 0], [4, 0, 0]])).err(), Some(Reason::TooFew));
        assert!(fitted(&[]).is_err());
    }

    #[test]
    fn sides_are_counted_from_the_levels() {
        let project = project();
        let context = context(&project);
        let layout = context.client().unwrap();
        let dimension = layout.dimensions[0];
        let mut row = vec![Weighted::default(); layout.width];
        for n in 1..=5 {
            row[layout.starts[dimension] + n - 1].n = n as u64;
        }
        assert_eq!(sides(layout, dimension, &row), [3, 3, 9]);
    }

    #[test]
    fn a_project_of_few_departments_is_told_why() {
        let project = project();
        let context = context(&project);
        let layout = context.client().unwrap();
        let (sums, _) = counted(layout, 2, must_be);
        let mut survey = SurveyCounts::default();
        for (department, own) in (1..).zip(sums) {
            survey.penalties.insert((department, layout.overalls[0]), own);
        }
        let counts =
            MonthCounts { surveys: [("client".to_owned(), survey)].into(), ..MonthCounts::default() };
        let span = ("2025-08".parse().unwrap(), "2025-12".parse().unwrap());
        let all = contrasts(&context, &counts, span).unwrap();
        assert_eq!((all.overall.as_str(), all.n, all.departments), ("total", 40, 2));
        assert_eq!(all.dimensions[0].difference, Err(Reason::TooFew));
        assert_eq!(contrasts(&context, &MonthCounts::default(), span), None);
    }
}
