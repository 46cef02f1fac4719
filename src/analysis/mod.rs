//! The analysis: everything computed for one month and its window, from the store alone.
//!
//! In: a project and its store. Out: [`Analysis`]. Deliberately absent: rows of any source; words; anything withheld, that is the
//! disclosure's.

mod stored;
mod units;
mod monthly;
mod standing;
mod satisfaction;

use std::collections::BTreeMap;
use std::path::Path;

use monthly::monthly;
pub use satisfaction::Satisfaction;
use standing::{since_breach, targets};
use stored::{completeness, provisional, read};
use units::{departments, unified, units};

use crate::books::State;
use crate::check::Registers;
use crate::count::{Cell, InterviewCounts, InterviewKey, MonthCounts};
use crate::error::{Error, Result};
use crate::finding::{Finding, Grounds, draw};
use crate::improvement::{Due, Progress, due, follow};
use crate::intake::{Ledger, read_ledger};
use crate::measure::{
    self, Assessed, Code, Context, Interviews, Pareto, Persons, Rare, Remedies, Responses, Signs, Verdict,
    WHOLE, assessed, breaks, bridges, compare_interviews, index_weights, judge_register, merge, paretos,
    quarters, rare, remedies, responses, signs,
};
use crate::month::{Day, Month};
use crate::project::{Grain, Method, Project, Relation, Text};
use crate::rating::{Rating, rate_all};
use crate::relation::{Priority, RemedyTold, Told, priorities, relate, remedy_contrast};
use crate::stats::{Figure, Reason};
use crate::store::Header;

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
    /// What distinguishes those who stand out, by all interviews so far; nothing for a project without any.
    pub interviews: Option<Interviews>,
    /// What raters say of people together.
    pub assessed: Assessed,
    /// What to develop first.
    pub priorities: Vec<Priority>,
    /// What was done about breaches of the rolling window, by department and promise (nothing: all promises together).
    pub remedies: BTreeMap<(u32, Option<u32>), Remedies>,
    /// What customers say after remedied breaches against the others, over the months of the window.
    pub remedy_contrast: std::result::Result<RemedyTold, Reason>,
    /// Who answered over the rolling window; nothing for a project that does not know its customers.
    pub responses: Option<Responses>,
    /// What is to be looked into, over the rolling window.
    pub signs: Signs,
    /// Promises that are almost always kept.
    pub rare: Vec<Rare>,
    /// The standing commitments, by position, judged by the criteria of the register.
    pub register: Vec<(u32, [Verdict; 4])>,
    /// What became of the measures of improvement actions.
    pub progress: Vec<Progress>,
    /// Stages and reviews of actions that are due.
    pub due: Vec<Due>,
    /// Cases of the rolling window that began while their promise was a draft, by its position: they are not judged.
    pub drafts: BTreeMap<u32, u64>,
    /// Segments, layers, priorities and spread of the customers' answers.
    pub satisfaction: Satisfaction,
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
    let header = headers.get(&month).ok_or_else(|| not_stored(month, &headers))?;
    let context = context(project, &months);
    let window = window(&months, month);
    let first = window.first().copied().unwrap_or(month);
    let units = units(project);
    let departments = departments(project, &months, &units);
    let monthly = monthly(&context, &months, (&window, &departments, &units));
    // The window begins no earlier than what is known: nobody shall read twelve months where there are three.
    let rolling_from = month.plus(1 - project.rating.window_months).max(first);
    let rolled = unified(project, &merged(&months, (rolling_from, month)), &units);
    let everyone: Vec<u32> = departments.iter().copied().chain([WHOLE]).collect();
    let until: Vec<_> = months.range(..=month).map(|(month, counts)| (*month, counts)).collect();
    let in_window: Vec<_> = until.iter().filter(|own| own.0 >= first).copied().collect();
    let (assessed, priorities) = competency(&registers, &context, (&months, &in_window), month);
    let satisfied = (&months, &rolled, &monthly);
    let mut analysis = Analysis {
        satisfaction: Satisfaction::new(&context, folder, satisfied, (&everyone, month))?,
        month,
        state: header.state,
        cut: header.cut,
        provisional: provisional(&window, &headers),
        rolling_from,
        since_breach: since_breach(project, &months, &departments),
        causes: paretos(project, &rolled, &everyone),
        interviews: interviews(project, &months),
        assessed,
        priorities,
        remedies: remedies(project, &rolled, &everyone),
        responses: responses(&context, &rolled, &everyone, month),
        remedy_contrast: remedy_contrast(&context, &in_window, month),
        rare: rare(&context, &months, month),
        signs: signs(&context, &months, (&rolled, &everyone), month),
        drafts: drafts(&rolled),
        register: register(project, &months, month),
        completeness: completeness(project, &headers, month),
        totals: window.iter().filter_map(|m| Some((*m, headers.get(m)?.totals.clone()))).collect(),
        progress: follow(&context, &months, month),
        due: due(project, month),
        rolling: crate::measure::measure_all(&context, &rolled, &everyone, month),
        targets: targets(&context, &everyone, month),
        headlines: headlines(project),
        ratings: rate_all(&context, &months, month),
        relations: relate(&context, until, (first, month)),
        findings: Vec::new(),
        window,
        departments,
        monthly,
        weights: context.weights.clone(),
        ledger: read_ledger(folder)?,
    };
    analysis.findings = findings(&context, &analysis);
    Ok(analysis)
}

/// Draws the conclusions from all the rest.
fn findings(context: &Context<'_>, analysis: &Analysis) -> Vec<Finding> {
    let month = analysis.month;
    draw(&Grounds {
        month,
        monthly: &analysis.monthly,
        headlines: &analysis.headlines,
        ratings: analysis.ratings.get(&month).map_or(&[], Vec::as_slice),
        targets: &of_the_whole(context.project, &analysis.targets, month),
        rare: &analysis.rare,
        signs: &analysis.signs,
        comparable_from: &comparable_from(context, month),
        progress: &analysis.progress,
        due: &analysis.due,
        assessed: &analysis.assessed,
    })
}

/// The months that charts look back on; the reported one is always among them.
fn window(months: &BTreeMap<Month, MonthCounts>, month: Month) -> Vec<Month> {
    let first = month.plus(1 - WINDOW).max(*months.keys().next().unwrap_or(&month));
    first.to(month).collect()
}

/// The registers with what only the counts tell: weights, and samples that were asked on two scales.
fn context<'p>(project: &'p Project, months: &BTreeMap<Month, MonthCounts>) -> Context<'p> {
    let by_month = months.iter().map(|(month, counts)| (*month, counts)).collect();
    let mut context = Context::new(project, BTreeMap::new());
    (context.weights, context.bridges) = (index_weights(&context, &by_month), bridges(&context, &by_month));
    context
}

/// The headline measures.
fn headlines(project: &Project) -> Vec<Code> {
    project.rating.measures.iter().filter_map(|one| Code::parse(&one.measure)).collect()
}

/// What raters say, of all months, and what to develop first, by the contacts of the window.
fn competency(
    registers: &Registers<'_>,
    context: &Context<'_>,
    (months, window): (&BTreeMap<Month, MonthCounts>, &[(Month, &MonthCounts)]),
    month: Month,
) -> (Assessed, Vec<Priority>) {
    let assessed = assessed(registers, &quarters(months), month);
    let priorities = priorities(context, window, (&assessed, month));
    (assessed, priorities)
}

/// Lists single persons as `month` knows them: for local lists, it is no part of the analysis.
///
/// Errors: the store is damaged.
pub fn persons(project: &Project, folder: &Path, month: Month) -> Result<Persons> {
    let registers = Registers::new(project);
    let (_, months) = read(&registers, project, folder, month)?;
    Ok(measure::persons(&registers, &quarters(&months), month))
}

fn not_stored(month: Month, headers: &BTreeMap<Month, Header>) -> Error {
    let stored: Vec<String> = headers.keys().map(Month::to_string).collect();
    Error::Usage {
        message: format!("month {month} is not in the store"),
        hint: format!("stored months: {}", stored.join(", ")),
    }
}

/// Counts of several months added up.
fn merged(months: &BTreeMap<Month, MonthCounts>, (first, last): (Month, Month)) -> MonthCounts {
    merge(months.range(first..=last).map(|(_, counts)| counts))
}

/// Targets of the whole project that count in `month`.
fn of_the_whole(project: &Project, targets: &BTreeMap<(Code, u32), f64>, month: Month) -> Vec<(Code, f64)> {
    let whole = targets
        .iter()
        .filter(|((code, department), _)| *department == WHOLE && code.is_rated(project, month));
    whole.map(|((code, _), target)| (code.clone(), *target)).collect()
}

/// Compares the groups by the interviews of all months.
fn interviews(project: &Project, months: &BTreeMap<Month, MonthCounts>) -> Option<Interviews> {
    let mut all: BTreeMap<InterviewKey, InterviewCounts> = BTreeMap::new();
    for (key, own) in months.values().flat_map(|counts| &counts.interviews) {
        all.entry(key.clone()).or_default().merge(own);
    }
    compare_interviews(project, &all)
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

/// First month that every measure whose questions changed by `month` may be compared with.
fn comparable_from(context: &Context<'_>, month: Month) -> BTreeMap<Code, Month> {
    let last = |code: Code| {
        let known = breaks(context.project, &code).into_iter().map(|change| change.month);
        Some((code, known.filter(|own| *own <= month).max()?))
    };
    Code::all(context).into_iter().filter_map(last).collect()
}

/// Counts the cases of drafts in all departments.
fn drafts(counts: &MonthCounts) -> BTreeMap<u32, u64> {
    let whole = counts.commitments.outcomes.iter().filter(|((cell, _), _)| *cell == Cell::whole(WHOLE));
    whole.map(|((_, commitment), own)| (*commitment, own.draft)).filter(|(_, n)| *n > 0).collect()
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
            lags: vec![0],
        });
    }
    project
}
