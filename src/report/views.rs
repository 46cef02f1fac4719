//! Published figures as the charts take them.

use super::questions::broken_months;
use super::words::Words;
use crate::chart::{caterpillar, heatmap, kept_target, outcome, trend};
use crate::finding::Finding;
use crate::measure::{Code, Kept, Unit, WHOLE};
use crate::month::Month;
use crate::project::Status;
use crate::rating::{Grade, Rating, RatingState};
use crate::relation::{ContactTold, PanelTold, Told};
use crate::stats::{Figure, Reason};
use crate::text::number;
use crate::text::number::Count;

/// Returns the ratings of the month; nothing before the first month with grades.
pub(super) fn caterpillar(words: &Words<'_>, ratings: &[Rating]) -> Option<caterpillar::View> {
    if ratings.iter().all(|rating| rating.letter.is_none()) {
        return None;
    }
    let (project, month) = (words.project, words.published.month);
    let cuts = project.rating.cut_points.iter().rev().find(|(from, _)| *from <= month);
    let cuts = cuts.or_else(|| project.rating.cut_points.first()).map_or([0.0; 4], |(_, cuts)| *cuts);
    let from = cuts.into_iter().chain([0.0]);
    let grades = Grade::ALL.iter().zip(from);
    Some(caterpillar::View {
        id: "chart-ratings".into(),
        place: words.bank(),
        first: words.published.rolling_from,
        last: month,
        grades: grades
            .map(|(grade, from)| caterpillar::Grade { letter: grade.letter().into(), from })
            .collect(),
        departments: ratings.iter().map(|rating| department(words, rating)).collect(),
    })
}

fn department(words: &Words<'_>, rating: &Rating) -> caterpillar::Department {
    let index = rating.department as usize;
    caterpillar::Department {
        code: words.project.departments[index].code.clone(),
        name: words.department(rating.department),
        rating: rated(rating),
        flagged: is_flagged(words, rating.department),
    }
}

fn rated(rating: &Rating) -> Result<caterpillar::Rating, Reason> {
    let points = rating.shrunk?;
    let (Some(grade), Some(std_error)) = (rating.letter, points.std_error) else {
        return Err(match &rating.state {
            RatingState::NotRated(causes) => {
                causes.first().map_or(Reason::NotMeasured, |(_, reason)| *reason)
            }
            RatingState::NotYet { .. } => Reason::Gap,
            RatingState::TooLittleData | RatingState::Rated => Reason::TooFew,
        });
    };
    Ok(caterpillar::Rating {
        value: points.value,
        std_error,
        n: Count::Exact(answers(rating).unwrap_or(points.n)),
        grade: grade.place(),
        could_be: rating.could_be.first().map(|other| other.place()),
    })
}

/// Returns the number of answers of those the department serves, customers or other departments.
pub(super) fn answers(rating: &Rating) -> Option<u64> {
    let is_served = |code: &Code| matches!(code, Code::Index(of) if of != "staff");
    let served = rating.components.iter().filter(|part| is_served(&part.code));
    served.filter_map(|part| part.figure.ok()).map(|figure| figure.n).max()
}

/// Says whether a finding asks to look at the department.
pub(super) fn is_flagged(words: &Words<'_>, wanted: u32) -> bool {
    words.published.findings.iter().any(|finding| match finding {
        Finding::Letter { department, .. }
        | Finding::Changed { department, .. }
        | Finding::Worse { department, .. }
        | Finding::RunEnded { department, .. }
        | Finding::NoAgreement { department, .. }
        | Finding::StaffMoved { department, .. }
        | Finding::Action { department, .. } => *department == wanted,
        Finding::Sign(sign) => sign.department == wanted,
        Finding::Missed { .. }
        | Finding::Raters { .. }
        | Finding::Review { .. }
        | Finding::DueContradicts { .. } => false,
    })
}

/// Returns a measure of a department, or of the bank alone, month by month; nothing where there never was a figure.
pub(super) fn trend(words: &Words<'_>, id: &str, code: &Code, department: u32) -> Option<trend::View> {
    let published = words.published;
    if !published.window.iter().any(|month| words.at(code, department, *month).is_some_and(Result::is_ok)) {
        return None;
    }
    let last = published.month;
    let target = published.targets.get(&(code.clone(), department)).copied();
    Some(trend::View {
        id: id.into(),
        measure: words.measure(code),
        unit: unit(code),
        first: published.window.first().copied().unwrap_or(last),
        last,
        bank: series(words, code, WHOLE),
        department: (department != WHOLE).then(|| series(words, code, department)),
        targets: targets(words, code, department, target),
        breaks: broken_months(words, code),
    })
}

/// Returns what a chart counts a measure in.
pub(super) fn unit(code: &Code) -> number::Unit {
    if code.unit() == Unit::Share { number::Unit::Share } else { number::Unit::Points }
}

/// Returns a measure of a department over the window.
pub(super) fn series(words: &Words<'_>, code: &Code, department: u32) -> trend::Series {
    let point = |month: &Month| trend::Point {
        month: *month,
        figure: words.at(code, department, *month).copied().unwrap_or(Err(Reason::Gap)),
        provisional: words.published.provisional.contains(month),
    };
    trend::Series {
        name: words.department(department),
        points: words.published.window.iter().map(point).collect(),
    }
}

/// The targets of the window, as the registers date them; the one in force now where they name none.
fn targets(words: &Words<'_>, code: &Code, department: u32, now: Option<f64>) -> Vec<(Month, f64)> {
    let index = usize::try_from(department).ok().filter(|&index| index < words.project.departments.len());
    let text = words.code_text(code);
    let first = words.published.window.first().copied().unwrap_or(words.published.month);
    let dated = |month: &Month| index.and_then(|index| words.project.target(index, &text, *month));
    let mut targets: Vec<(Month, f64)> = Vec::new();
    for month in &words.published.window {
        let Some(target) = dated(month) else { continue };
        if targets.last().is_none_or(|(_, last)| (last - target).abs() > 0.0) {
            targets.push((*month, target));
        }
    }
    if targets.is_empty() { now.map(|target| (first, target)).into_iter().collect() } else { targets }
}

/// Returns the commitments of the bank against their targets in the month; nothing without one.
pub(super) fn kept_target(words: &Words<'_>) -> Option<kept_target::View> {
    let month = words.published.month;
    let measured = words.project.commitments.iter().filter(|one| one.status_in(month) == Status::Announced);
    let commitments: Vec<kept_target::Commitment> = measured
        .map(|one| {
            let code = Code::Commitment(Kept::Share, one.code.clone());
            let kept = words.now(&code, WHOLE).copied().unwrap_or(Err(Reason::Gap));
            kept_target::Commitment {
                name: words.commitment(&one.code),
                kept,
                n: Count::Exact(kept.map_or(0, |kept| kept.n)),
                target: words.published.targets.get(&(code, WHOLE)).copied(),
            }
        })
        .collect();
    (!commitments.is_empty()).then(|| kept_target::View {
        id: "chart-commitments".into(),
        place: words.bank(),
        first: month,
        last: month,
        commitments,
    })
}

/// Returns means by outcome of the contact.
pub(super) fn outcome(words: &Words<'_>, id: &str, told: &Told, contact: &ContactTold) -> outcome::View {
    let groups = contact.classes.iter().filter_map(|class| {
        let mean: Figure = class.mean.map(|mean| mean.estimate);
        Some(outcome::Group {
            worst: worst(&class.class)?,
            mean,
            n: Count::Exact(mean.map_or(0, |mean| mean.n)),
            difference: match class.difference {
                Some(difference) => difference.map(|difference| difference.estimate),
                None => Err(Reason::NotApplicable),
            },
        })
    });
    let mut groups: Vec<outcome::Group> = groups.collect();
    groups.sort_by_key(|group| group.worst);
    outcome::View {
        id: id.into(),
        place: words.bank(),
        measure: words.side(&told.y),
        first: words.published.window.first().copied().unwrap_or(words.published.month),
        last: words.published.month,
        groups,
    }
}

/// Reads an outcome's code.
pub(super) fn worst(code: &str) -> Option<outcome::Worst> {
    Some(match code {
        "kept" => outcome::Worst::Kept,
        "breached_remedied" => outcome::Worst::BreachedRemedied,
        "breached_unremedied" => outcome::Worst::BreachedUnremedied,
        "no_case" => outcome::Worst::NoCase,
        "open" => outcome::Worst::Open,
        "void" => outcome::Worst::Void,
        _ => return None,
    })
}

/// Returns the relations over departments and periods.
pub(super) fn heatmap(words: &Words<'_>, told: &[(&Told, &PanelTold)]) -> heatmap::View {
    let cell = |found: &Result<crate::relation::Coefficient, Reason>, n: u64| heatmap::Cell {
        r: found.map(|found| found.estimate),
        n: Count::Exact(n),
        holds: found.is_ok_and(|found| found.p_holm.is_some_and(|p| p < 0.05)),
    };
    let relation = |(told, panel): &(&Told, &PanelTold)| heatmap::Relation {
        x: words.side(&told.x),
        y: words.say(
            "report-relations-grain",
            &[("y", words.side(&told.y).into()), ("grain", words.grain(panel.grain, told.lag).into())],
        ),
        within: cell(&panel.within, panel.n_cells),
        between: cell(&panel.between, panel.n_departments),
    };
    heatmap::View {
        id: "chart-relations".into(),
        place: words.bank(),
        first: words.published.window.first().copied().unwrap_or(words.published.month),
        last: words.published.month,
        relations: told.iter().map(relation).collect(),
    }
}
