//! The analysis: everything computed for one month and its window, from the store alone.
//!
//! In: a project and its store. Out: [`Analysis`]. Deliberately absent: rows of any source; words; anything withheld, that is the
//! disclosure's.

use std::collections::BTreeMap;
use std::path::Path;

use rayon::prelude::*;

use crate::books::State;
use crate::check::Registers;
use crate::count::MonthCounts;
use crate::error::{Error, Result};
use crate::finding::{Finding, Grounds, draw};
use crate::intake::{Ledger, read_ledger};
use crate::measure::{
    Code, Context, Pareto, Verdict, WHOLE, basis, cases_since_breach, index_weights, judge_register, measure,
    merge, paretos, roll_up,
};
use crate::month::{Day, Month};
use crate::project::{Grain, Method, Project, Relation, Status, Text};
use crate::rating::{Rating, rate_all};
use crate::relation::{Told, relate};
use crate::stats::{Estimate, Figure, Marks};
use crate::store::{Header, MONTH_TABLES, Store, counts};

/// Months that charts look back on.
const WINDOW: i32 = 24;

/// Everything computed about one month.
#[derive(Debug, Clone)]
pub struct Analysis {
    /// The reported month.
    pub month: Month,
    /// State of its figures.
    pub state: State,
    /// The last day whose knowledge it uses.
    pub cut: Day,
    /// Months of the window, the reported one last.
    pub window: Vec<Month>,
    /// Months of the window that were provisional when they were counted.
    pub provisional: Vec<Month>,
    /// First month of the rolling window.
    pub rolling_from: Month,
    /// Departments and units above them that have figures, by position; [`WHOLE`] is not among them.
    pub departments: Vec<u32>,
    /// Measures of single months.
    pub monthly: BTreeMap<(Code, u32, Month), Figure>,
    /// Measures over the rolling window.
    pub rolling: BTreeMap<(Code, u32), Figure>,
    /// Targets in force: (measure, department) -> value.
    pub targets: BTreeMap<(Code, u32), f64>,
    /// Cases since the last breach and its day, by commitment position and department.
    pub since_breach: BTreeMap<(u32, u32), (u64, Option<Day>)>,
    /// What breaches of the rolling window were put down to, by department and promise (nothing: all promises together); empty for
    /// a project without causes.
    pub causes: BTreeMap<(u32, Option<u32>), Pareto>,
    /// The standing commitments, by position, judged by the criteria of the register.
    pub register: Vec<(u32, [Verdict; 4])>,
    /// The headline measures.
    pub headlines: Vec<Code>,
    /// Ratings of the months from the first gradable one.
    pub ratings: BTreeMap<Month, Vec<Rating>>,
    /// The relations asked in advance, and satisfaction by outcome.
    pub relations: Vec<Told>,
    /// Conclusions.
    pub findings: Vec<Finding>,
    /// Importance weights of the dimensions by year.
    pub weights: BTreeMap<i32, Vec<f64>>,
    /// All deliveries.
    pub ledger: Ledger,
    /// Row totals of the window's months.
    pub totals: BTreeMap<Month, BTreeMap<String, u64>>,
    /// Share of the month's answers that are expected to be known by the cut, by questionnaire; nothing without settled months.
    pub completeness: BTreeMap<String, Option<f64>>,
}

/// Code of the relation that is always computed where there are cases: satisfaction by worst outcome.
pub const BY_OUTCOME: &str = "satisfaction-by-outcome";

/// Returns the month that a run reports by default: the last one that had ended on `as_of`, else the first one there is.
pub fn reported_month(months: &[Month], (as_of, to): (Day, Option<Month>)) -> Option<Month> {
    let is_over = |month: &Month| month.last_day() <= as_of && to.is_none_or(|to| *month <= to);
    let ended = months.iter().copied().filter(is_over);
    ended.max().or_else(|| months.first().copied())
}

/// Computes the analysis of `month` from the store in `folder`.
///
/// Errors: the month is not in the store; the store is damaged.
pub fn analyse(project: &Project, folder: &Path, month: Month) -> Result<Analysis> {
    let project = &with_outcome(project);
    let registers = Registers::new(project);
    let (headers, months) = read(&registers, project, folder, month)?;
    let header = headers.get(&month).ok_or_else(|| Error::Usage {
        message: format!("month {month} is not in the store"),
        hint: format!(
            "stored months: {}",
            headers.keys().map(Month::to_string).collect::<Vec<_>>().join(", ")
        ),
    })?;
    let mut context = Context::new(project, BTreeMap::new());
    context.weights =
        index_weights(&context, &months.iter().map(|(month, counts)| (*month, counts)).collect());
    let first = month.plus(1 - WINDOW).max(*months.keys().next().unwrap_or(&month));
    let window: Vec<Month> = first.to(month).collect();
    let units = units(project);
    let departments = departments(project, &months, &units);
    let monthly = monthly(&context, &months, (&window, &departments, &units));
    let rolling_from = month.plus(1 - project.rating.window_months);
    let rolled =
        unified(project, &merge(months.range(rolling_from..=month).map(|(_, counts)| counts)), &units);
    let everyone: Vec<u32> = departments.iter().copied().chain([WHOLE]).collect();
    let rolling = crate::measure::measure_all(&context, &rolled, &everyone, month);
    let headlines: Vec<Code> =
        project.rating.measures.iter().filter_map(|one| Code::parse(&one.measure)).collect();
    let targets = targets(&context, &everyone, month);
    let ratings = rate_all(&context, &months, month);
    let in_window = months.range(first..=month).map(|(month, counts)| (*month, counts)).collect();
    let relations = relate(&context, in_window, month);
    let whole_targets: Vec<(Code, f64)> = targets
        .iter()
        .filter(|((_, department), _)| *department == WHOLE)
        .map(|((code, _), target)| (code.clone(), *target))
        .collect();
    let grounds = Grounds {
        month,
        monthly: &monthly,
        headlines: &headlines,
        ratings: ratings.get(&month).map_or(&[], Vec::as_slice),
        targets: &whole_targets,
    };
    let findings = draw(&grounds);
    Ok(Analysis {
        month,
        state: header.state,
        cut: header.cut,
        provisional: provisional(&window, &headers),
        rolling_from,
        since_breach: since_breach(project, &months, &departments),
        causes: paretos(project, &rolled, &everyone),
        register: register(project, &months, month),
        completeness: completeness(project, &headers, month),
        totals: window.iter().filter_map(|m| Some((*m, headers.get(m)?.totals.clone()))).collect(),
        window,
        departments,
        monthly,
        rolling,
        targets,
        headlines,
        ratings,
        relations,
        findings,
        weights: context.weights.clone(),
        ledger: read_ledger(folder)?,
    })
}

/// Judges the commitments by the year that ends with `month`.
fn register(
    project: &Project,
    months: &BTreeMap<Month, MonthCounts>,
    month: Month,
) -> Vec<(u32, [Verdict; 4])> {
    let year = months.range(month.plus(-11)..=month).map(|(month, counts)| (*month, counts));
    judge_register(project, &year.collect::<Vec<_>>())
}

/// Months that were provisional when they were counted.
fn provisional(window: &[Month], headers: &BTreeMap<Month, Header>) -> Vec<Month> {
    let is_provisional =
        |month: &Month| headers.get(month).is_some_and(|own| own.state == State::Provisional);
    window.iter().copied().filter(is_provisional).collect()
}

/// Adds the relation that every report shows to those asked in advance.
fn with_outcome(project: &Project) -> Project {
    let mut project = project.clone();
    let is_possible = !project.commitments.is_empty() && project.questionnaire("client").is_some();
    if is_possible {
        project.relations.push(Relation {
            code: BY_OUTCOME.into(),
            question: Text::default(),
            x: "outcome".into(),
            y: "satisfaction_index".into(),
            grain: Grain::Contact,
            method: Method::Pearson,
        });
    }
    project
}

type Months = (BTreeMap<Month, Header>, BTreeMap<Month, MonthCounts>);

/// Reads every month up to `last`, side by side.
fn read(registers: &Registers<'_>, project: &Project, folder: &Path, last: Month) -> Result<Months> {
    let store = Store::open(folder)?;
    let layouts: BTreeMap<&str, _> = project
        .questionnaires
        .iter()
        .map(|one| (one.code.as_str(), crate::count::Layout::new(project, one)))
        .collect();
    let specs: Vec<_> = MONTH_TABLES.iter().copied().filter(|spec| spec.name != "segments").collect();
    let wanted: Vec<Month> = store.list_months()?.into_iter().filter(|month| *month <= last).collect();
    let read: Vec<Option<(Month, Header, MonthCounts)>> = wanted
        .par_iter()
        .map(|&month| {
            let stored = store.read_month(month, &specs)?;
            Ok(stored
                .map(|stored| (month, stored.header, counts(registers, &layouts, month, &stored.tables))))
        })
        .collect::<Result<_>>()?;
    let mut months = (BTreeMap::new(), BTreeMap::new());
    for (month, header, counts) in read.into_iter().flatten() {
        months.0.insert(month, header);
        months.1.insert(month, counts);
    }
    Ok(months)
}

/// Ancestors of each department, the nearest first.
fn units(project: &Project) -> Vec<Vec<u32>> {
    let parent =
        |index: usize| project.departments[index].parent.as_deref().and_then(|code| project.department(code));
    let ancestors = |index: usize| {
        std::iter::successors(parent(index), |&above| parent(above)).filter_map(|one| u32::try_from(one).ok())
    };
    (0..project.departments.len()).map(|index| ancestors(index).collect()).collect()
}

/// Departments and units that any month counted something for.
fn departments(project: &Project, months: &BTreeMap<Month, MonthCounts>, units: &[Vec<u32>]) -> Vec<u32> {
    let mut seen: std::collections::BTreeSet<u32> = Default::default();
    for counts in months.values() {
        seen.extend(
            counts.surveys.values().flat_map(|survey| survey.marginals.keys().map(|cell| cell.department)),
        );
        seen.extend(counts.commitments.outcomes.keys().map(|(cell, _)| cell.department));
        seen.extend(counts.assessments.keys().map(|key| key.department));
        seen.extend(counts.totals.keys().map(|(department, _)| *department));
    }
    let above: Vec<u32> = seen.iter().flat_map(|&department| units[department as usize].clone()).collect();
    seen.extend(above);
    seen.into_iter().filter(|&department| (department as usize) < project.departments.len()).collect()
}

/// Counts of the departments, of the units above them, and of the whole, side by side.
fn unified(project: &Project, counts: &MonthCounts, units: &[Vec<u32>]) -> MonthCounts {
    let mut all = merge([counts]);
    let depth = units.iter().map(Vec::len).max().unwrap_or(0);
    let mut join = |other: MonthCounts| {
        for (questionnaire, survey) in other.surveys {
            all.surveys.entry(questionnaire).or_default().merge_levels(&survey);
        }
        all.commitments.merge(&other.commitments);
        for (key, n) in other.assessments {
            *all.assessments.entry(key).or_default() += n;
        }
    };
    for level in 0..depth {
        join(roll_up(counts, |department| units[department as usize].get(level).copied()));
    }
    let is_leaf = |department: u32| project.departments[department as usize].leaf;
    join(roll_up(counts, |department| is_leaf(department).then_some(WHOLE)));
    all
}

type Scope<'a> = (&'a [Month], &'a [u32], &'a [Vec<u32>]);

fn monthly(
    context: &Context<'_>,
    months: &BTreeMap<Month, MonthCounts>,
    (window, departments, units): Scope<'_>,
) -> BTreeMap<(Code, u32, Month), Figure> {
    let (assessed, others): (Vec<Code>, Vec<Code>) =
        Code::all(context).into_iter().partition(Code::is_of_assessments);
    let everyone: Vec<u32> = departments.iter().copied().chain([WHOLE]).collect();
    let one = |(month, counts): (Month, MonthCounts)| {
        let pairs = everyone.iter().flat_map(|&department| others.iter().map(move |code| (code, department)));
        let figures: Vec<((Code, u32, Month), Figure)> = pairs
            .map(|(code, department)| {
                ((code.clone(), department, month), measure(context, &counts, code, department, month))
            })
            .collect();
        // Of the rest of a month nothing is kept: it would be held for every month of the window.
        let MonthCounts { assessments, totals, .. } = counts;
        (figures, (month, MonthCounts { assessments, totals, ..MonthCounts::default() }))
    };
    let unified = |month: &Month| Some((*month, unified(context.project, months.get(month)?, units)));
    let (figures, persons): (Vec<_>, Vec<_>) = window.par_iter().filter_map(unified).map(one).unzip();
    let about_persons = everyone
        .par_iter()
        .map(|&department| carried(context, &persons, &assessed, department))
        .collect::<Vec<_>>();
    figures.into_iter().chain(about_persons).flatten().collect()
}

/// Measures of assessments, computed once for as long as the ratings behind them stay the same.
fn carried(
    context: &Context<'_>,
    months: &[(Month, MonthCounts)],
    codes: &[Code],
    department: u32,
) -> Vec<((Code, u32, Month), Figure)> {
    let mut figures = Vec::new();
    let mut last: Option<(Vec<_>, Vec<Figure>)> = None;
    for (month, counts) in months {
        let now = basis(counts, department);
        let is_same = last.as_ref().is_some_and(|(before, _)| *before == now && !now.is_empty());
        let quarter = crate::measure::latest_quarter(counts, department);
        let fresh: Vec<Figure> = match &last {
            Some((_, figures)) if is_same => figures.clone(),
            _ => codes.iter().map(|code| measure(context, counts, code, department, *month)).collect(),
        };
        for (code, figure) in codes.iter().zip(&fresh) {
            let is_carried = quarter.is_some_and(|quarter| quarter < month.quarter());
            let mark = |one: Estimate| Estimate { marks: Marks { carried: is_carried, ..one.marks }, ..one };
            figures.push(((code.clone(), department, *month), figure.map(mark)));
        }
        last = Some((now, fresh));
    }
    figures
}

/// Targets in force: of `targets.csv`, else of the commitment, else of the rating.
fn targets(context: &Context<'_>, departments: &[u32], month: Month) -> BTreeMap<(Code, u32), f64> {
    let project = context.project;
    let mut targets = BTreeMap::new();
    for code in Code::all(context) {
        let text = code.text(context);
        let headline =
            project.rating.measures.iter().find(|one| one.measure == text).and_then(|one| one.target);
        let promised = match &code {
            Code::Commitment(crate::measure::Kept::Share, of) => {
                let commitment = project.commitment(of).map(|index| &project.commitments[index]);
                commitment.and_then(|one| one.limit_at(month.last_day())).and_then(|limit| limit.target)
            }
            _ => None,
        };
        for &department in departments {
            let own = usize::try_from(department).ok().filter(|&index| index < project.departments.len());
            let own = own.and_then(|index| project.target(index, &text, month));
            if let Some(target) = own.or(promised).or(headline) {
                targets.insert((code.clone(), department), target);
            }
        }
    }
    targets
}

fn since_breach(
    project: &Project,
    months: &BTreeMap<Month, MonthCounts>,
    departments: &[u32],
) -> BTreeMap<(u32, u32), (u64, Option<Day>)> {
    let mut since = BTreeMap::new();
    let measured = (0..)
        .zip(&project.commitments)
        .filter(|(_, one)| matches!(one.status, Status::Trial | Status::Announced));
    for (commitment, _) in measured {
        for &department in departments {
            let (n, day) = cases_since_breach(months.values(), commitment, department);
            if n > 0 || day.is_some() {
                since.insert((commitment, department), (n, day));
            }
        }
    }
    since
}

/// How much of a month's answers was known by the same day in the months that are final, each answer counted once.
fn completeness(
    project: &Project,
    headers: &BTreeMap<Month, Header>,
    month: Month,
) -> BTreeMap<String, Option<f64>> {
    let Some(reported) = headers.get(&month) else { return BTreeMap::new() };
    let days = reported.cut.0 - month.last_day().0;
    let share = |questionnaire: &str| {
        let prefix = format!("{questionnaire}.lag.");
        let (mut known, mut all) = (0u64, 0u64);
        // Only months whose latest answers have had time to come say how late answers are.
        let settled =
            headers.iter().filter(|(past, header)| header.state == State::Final && **past <= month.plus(-3));
        for (name, n) in settled.flat_map(|(_, header)| &header.totals) {
            if let Some(lag) = name.strip_prefix(&prefix).and_then(|lag| lag.parse::<i32>().ok()) {
                all += n;
                known += if lag <= days { *n } else { 0 };
            }
        }
        (all > 0).then(|| known as f64 / all as f64)
    };
    project.questionnaires.iter().map(|one| (one.code.clone(), share(&one.code))).collect()
}
