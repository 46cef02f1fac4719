//! Findings: the analysis -> ordered conclusions, each a key with its arguments; the sentences are the catalogue's.
//!
//! In: figures and ratings of the month and of those before it. Out: [`Finding`]s, the most important first. Deliberately absent: words.

mod competency;

use std::collections::BTreeMap;

pub use competency::is_shown;

use crate::improvement::{Due, DueState, Progress, Task, Verdict};
use crate::measure::{Assessed, Code, Kept, Rare, RareCell, Raters, Run, Sign, Signs, Test, Unit, WHOLE};
use crate::month::{Day, Month, Quarter};
use crate::rating::{Grade, Rating};
use crate::stats::Figure;
use crate::stats::adjust::Adjustment::Holm;
use crate::stats::distribution::normal_cdf;

/// One conclusion.
#[derive(Debug, Clone, PartialEq)]
pub enum Finding {
    /// A department has another letter than last month.
    Letter {
        /// Position of the department.
        department: u32,
        /// Letter of the month before.
        before: Grade,
        /// Letter now.
        now: Grade,
    },
    /// A measure of this month differs from the twelve months before it.
    Changed {
        /// Position of the department, or [`WHOLE`].
        department: u32,
        /// The measure.
        code: Code,
        /// Mean of the months before.
        before: f64,
        /// Value of this month.
        now: f64,
        /// p value, adjusted after Holm over all departments and headline measures.
        p_value: f64,
        /// Whether the change is for the better.
        is_better: bool,
    },
    /// A department breaks a promise that is almost always kept more often than the target allows, or than it did before.
    Worse {
        /// Position of the department.
        department: u32,
        /// Position of the commitment.
        commitment: u32,
        /// Target that the test was against; nothing where it was against the department's own past.
        target: Option<f64>,
        /// The test.
        test: Test,
    },
    /// The month's first breach of a promise ended a long run without one.
    RunEnded {
        /// Position of the department.
        department: u32,
        /// Position of the commitment.
        commitment: u32,
        /// The run.
        run: Run,
    },
    /// Something is to be looked into; an explanation may be at hand.
    Sign(Sign),
    /// Most due times of the month's cases contradict the limit and the calendar: one of the two is wrong.
    DueContradicts {
        /// The measure: `due_differs:CODE`.
        code: Code,
        /// Cases whose own due time contradicts.
        differing: u64,
        /// All cases of the month.
        cases: u64,
    },
    /// A commitment of the whole project misses its target this month.
    Missed {
        /// The measure: `kept:CODE`.
        code: Code,
        /// Share kept.
        share: f64,
        /// The target.
        target: f64,
    },
    /// The verdict of an improvement action is another one than last month.
    Action {
        /// Position of the action.
        action: usize,
        /// Position of the department.
        department: u32,
        /// Verdict of the month before.
        before: Verdict,
        /// Verdict now.
        now: Verdict,
    },
    /// Some heads rate higher or lower than heads usually do, against the others who rated the same people; who, is told in the local list
    /// alone.
    Raters {
        /// Quarter of the assessment.
        quarter: Quarter,
        /// How many of how many.
        raters: Raters,
    },
    /// The raters of a department's people do not agree.
    NoAgreement {
        /// Position of the department.
        department: u32,
        /// Quarter of the assessment.
        quarter: Quarter,
        /// Agreement, 1 is complete.
        agreement: f64,
    },
    /// The attained competency of a department changed with who came and who left.
    StaffMoved {
        /// Position of the department.
        department: u32,
        /// Quarter of the assessment.
        quarter: Quarter,
        /// What those who came and left add to the share of required levels.
        moved: f64,
        /// What those who stayed add.
        stayed: f64,
    },
    /// A review of what an action made a standard is overdue.
    Review {
        /// Position of the action.
        action: usize,
        /// Months after the standard.
        months: i32,
        /// By when it was due.
        due: Day,
    },
}

/// What findings are drawn from.
pub struct Grounds<'a> {
    /// The reported month.
    pub month: Month,
    /// Figures of single months by measure, department and month.
    pub monthly: &'a BTreeMap<(Code, u32, Month), Figure>,
    /// The headline measures.
    pub headlines: &'a [Code],
    /// Ratings of the reported month.
    pub ratings: &'a [Rating],
    /// Targets of the whole project for this month: measure and value.
    pub targets: &'a [(Code, f64)],
    /// What became of the measures of improvement actions.
    pub progress: &'a [Progress],
    /// Stages and reviews of actions that are due.
    pub due: &'a [Due],
    /// Promises that are almost always kept.
    pub rare: &'a [Rare],
    /// What raters say of people together.
    pub assessed: &'a Assessed,
    /// First month that each measure may be compared with, where its questions changed.
    pub comparable_from: &'a BTreeMap<Code, Month>,
    /// What is to be looked into.
    pub signs: &'a Signs,
}

/// Level below which a change is told, after Holm's adjustment.
pub const LEVEL: f64 = 0.05;
/// Months that a month is compared with.
const BEFORE: i32 = 12;
/// Share of cases from which on due times are said to contradict limit and calendar: a few are matters of single cases.
const MOSTLY: f64 = 0.5;
/// Fewest months to compare with.
const FEWEST: usize = 3;

/// Draws the findings: letters first, then changes by their p value, verdicts on actions, alarms of rare breaches by their p value, runs that
/// ended by their length, signs to look into, missed targets by their distance, due times that cannot be right, reviews; what is
/// remarkable about assessments.
pub fn draw(grounds: &Grounds<'_>) -> Vec<Finding> {
    let mut findings: Vec<Finding> = grounds.ratings.iter().filter_map(letter).collect();
    findings.extend(changes(grounds));
    findings.extend(grounds.progress.iter().filter_map(verdict));
    findings.extend(alarms(grounds.rare));
    findings.extend(ended_runs(grounds.rare));
    findings.extend(signs(grounds.signs, grounds.month));
    let mut missed: Vec<Finding> =
        grounds.targets.iter().filter_map(|(code, target)| missed(grounds, code, *target)).collect();
    missed.sort_by(|a, b| distance(b).total_cmp(&distance(a)));
    findings.extend(missed);
    findings.extend(grounds.due.iter().filter_map(review));
    findings.extend(grounds.monthly.iter().filter_map(|(key, figure)| contradicts(grounds, key, figure)));
    findings.extend(competency::draw(grounds.assessed));
    findings
}

/// What is to be looked into. What began in an earlier month was told then; among the signs of the window it stays.
fn signs(signs: &Signs, month: Month) -> impl Iterator<Item = Finding> {
    let is_new = move |sign: &&Sign| sign.month.is_none_or(|began| began == month);
    signs.told().into_iter().filter(is_new).map(|sign| Finding::Sign(*sign))
}

fn verdict(progress: &Progress) -> Option<Finding> {
    let (action, department, before, now) =
        (progress.action, progress.department, progress.previous?, progress.verdict);
    (before != now).then_some(Finding::Action { action, department, before, now })
}

fn review(due: &Due) -> Option<Finding> {
    match due.task {
        Task::Review(months) if due.state == DueState::Overdue => {
            Some(Finding::Review { action: due.action, months, due: due.day })
        }
        _ => None,
    }
}

fn cells(rare: &[Rare]) -> impl Iterator<Item = (u32, &RareCell)> {
    rare.iter().flat_map(|one| one.cells.iter().map(|cell| (one.commitment, cell)))
}

/// One alarm a department and promise at most, of the test that surprises most.
fn alarms(rare: &[Rare]) -> Vec<Finding> {
    let alarm = |(commitment, cell): (u32, &RareCell)| {
        let test = cell.surprise().filter(Test::is_alarm)?;
        let target = cell.target.filter(|_| test.before.is_none());
        Some((test.p_value, Finding::Worse { department: cell.department, commitment, target, test }))
    };
    let mut told: Vec<(f64, Finding)> = cells(rare).filter_map(alarm).collect();
    told.sort_by(|a, b| a.0.total_cmp(&b.0));
    told.into_iter().map(|(_, finding)| finding).collect()
}

fn ended_runs(rare: &[Rare]) -> Vec<Finding> {
    let ended = |(commitment, cell): (u32, &RareCell)| Some((cell.department, commitment, cell.ended?));
    let mut told: Vec<(u32, u32, Run)> = cells(rare).filter_map(ended).collect();
    told.sort_by_key(|(.., run)| std::cmp::Reverse(run.cases));
    let finding = |(department, commitment, run)| Finding::RunEnded { department, commitment, run };
    told.into_iter().map(finding).collect()
}

fn letter(rating: &Rating) -> Option<Finding> {
    let (before, now) = (rating.previous_letter?, rating.letter?);
    (before != now).then_some(Finding::Letter { department: rating.department, before, now })
}

/// Compares this month with the months before it: z = (now − mean before) / √(s² + Σs²/k²), Holm over all comparisons made.
fn changes(grounds: &Grounds<'_>) -> Vec<Finding> {
    let compared: Vec<(Finding, f64)> = grounds
        .monthly
        .keys()
        .filter(|key| is_compared(grounds, key))
        .filter_map(|key| change(grounds, key))
        .collect();
    let p_values: Vec<Option<f64>> = compared.iter().map(|(_, p)| Some(*p)).collect();
    let adjusted = Holm.adjust(&p_values);
    let mut told: Vec<(f64, Finding)> = Vec::new();
    for ((finding, _), p) in compared.into_iter().zip(adjusted) {
        if let (Finding::Changed { department, code, before, now, is_better, .. }, Some(p_value)) =
            (finding, p)
            && p_value < LEVEL
        {
            told.push((p_value, Finding::Changed { department, code, before, now, p_value, is_better }));
        }
    }
    told.sort_by(|a, b| a.0.total_cmp(&b.0));
    told.into_iter().map(|(_, finding)| finding).collect()
}

fn is_compared(grounds: &Grounds<'_>, (code, _, month): &(Code, u32, Month)) -> bool {
    // Assessed levels stay for a quarter: nothing about them is new every month.
    *month == grounds.month && grounds.headlines.contains(code) && !code.is_about_persons()
}

fn change(grounds: &Grounds<'_>, key: &(Code, u32, Month)) -> Option<(Finding, f64)> {
    let (code, department, month) = key;
    let now = grounds.monthly.get(key)?.as_ref().ok()?;
    let figure = |month: Month| grounds.monthly.get(&(code.clone(), *department, month))?.as_ref().ok();
    // What was asked otherwise is not compared with.
    let first =
        grounds.comparable_from.get(code).map_or(month.plus(-BEFORE), |from| month.plus(-BEFORE).max(*from));
    let before: Vec<(f64, f64)> = first
        .to(month.plus(-1))
        .filter_map(figure)
        .filter_map(|one| Some((one.value, one.std_error?)))
        .collect();
    if before.len() < FEWEST {
        return None;
    }
    let k = before.len() as f64;
    let mean = before.iter().map(|(value, _)| value).sum::<f64>() / k;
    // Months differ by more than sampling: their own spread is part of what this month is measured against.
    let spread = before.iter().map(|(value, _)| (value - mean).powi(2)).sum::<f64>() / (k - 1.0);
    let sampling = before.iter().map(|(_, error)| error * error).sum::<f64>() / k;
    let between = (spread - sampling).max(0.0);
    let error = (now.std_error?.powi(2) + between + (sampling + between) / k).sqrt();
    let p = 2.0 * normal_cdf(-((now.value - mean).abs() / error));
    let is_better = (now.value > mean) == code.higher_is_better();
    let finding = Finding::Changed {
        department: *department,
        code: code.clone(),
        before: mean,
        now: now.value,
        p_value: p,
        is_better,
    };
    (error > 0.0).then_some((finding, p))
}

fn missed(grounds: &Grounds<'_>, code: &Code, target: f64) -> Option<Finding> {
    let figure = grounds.monthly.get(&(code.clone(), WHOLE, grounds.month))?.as_ref().ok()?;
    let is_missed = if code.higher_is_better() { figure.value < target } else { figure.value > target };
    is_missed.then(|| Finding::Missed { code: code.clone(), share: figure.value, target })
}

fn contradicts(
    grounds: &Grounds<'_>,
    (code, department, month): &(Code, u32, Month),
    figure: &Figure,
) -> Option<Finding> {
    let is_own = matches!(code, Code::Commitment(Kept::DueDiffers, _));
    let figure =
        figure.as_ref().ok().filter(|_| is_own && (*department, *month) == (WHOLE, grounds.month))?;
    let told =
        Finding::DueContradicts { code: code.clone(), differing: figure.value as u64, cases: figure.n };
    (figure.value > MOSTLY * figure.n as f64).then_some(told)
}

fn distance(finding: &Finding) -> f64 {
    match finding {
        // Points and shares are put on one scale.
        Finding::Missed { code, share, target } if code.unit() == Unit::Share => {
            100.0 * (target - share).abs()
        }
        Finding::Missed { share, target, .. } => (target - share).abs(),
        _ => 0.0,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::measure::SignKind;

    #[test]
    fn a_jump_is_told_in_the_month_it_began() {
        let month = Month::new(2025, 11);
        let sign = |month: Option<Month>, kind: SignKind| Sign {
            kind,
            department: 0,
            commitment: None,
            month,
            hits: 90,
            n: 100,
            expected: 0.2,
            p_value: 1e-9,
            p_holm: 1e-8,
        };
        let jumps = [month, month.plus(1)].map(|month| sign(Some(month), SignKind::ResponseJump));
        let tests = jumps.into_iter().chain([sign(None, SignKind::Heaping)]).collect();
        let all = Signs { tests, ..Signs::default() };
        let told = |month: Month| signs(&all, month).count();
        assert_eq!((told(month), told(month.plus(1)), told(month.plus(9))), (2, 1, 1));
    }
}
