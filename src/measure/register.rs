//! The register of commitments judged as a craft: is each promise clear, concise, observable and realistic?
//!
//! Wording is judged by simple signs that a person must weigh: two duties in one sentence, words nobody can measure, length. Realistic
//! is judged by what the last twelve months achieved.

use crate::count::MonthCounts;
use crate::month::{Day, Month};
use crate::project::{Commitment, Project, Status, Unit};
use crate::stats::proportion::wilson;

/// What a commitment is judged by.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Criterion {
    /// One duty in plain words.
    Clear,
    /// Short.
    Concise,
    /// A limit, a unit, and a way to see it.
    Observable,
    /// A target that the last twelve months neither always missed nor passed with ease.
    Realistic,
}

impl Criterion {
    /// Every criterion.
    pub const ALL: [Self; 4] = [Self::Clear, Self::Concise, Self::Observable, Self::Realistic];

    /// Returns its code, as it stands in feeds and in the catalogue.
    pub fn code(self) -> &'static str {
        match self {
            Self::Clear => "clear",
            Self::Concise => "concise",
            Self::Observable => "observable",
            Self::Realistic => "realistic",
        }
    }
}

/// What is said about a criterion; the codes are advice.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Verdict {
    /// Nothing to say.
    Good,
    /// Something to look at.
    Look(&'static str),
    /// Not known yet.
    Unknown(&'static str),
}

impl Verdict {
    /// Returns its code.
    pub fn code(self) -> &'static str {
        match self {
            Self::Good => "good",
            Self::Look(_) => "look",
            Self::Unknown(_) => "unknown",
        }
    }

    /// Returns the code of its advice; nothing where there is none.
    pub fn advice(self) -> Option<&'static str> {
        match self {
            Self::Good => None,
            Self::Look(advice) | Self::Unknown(advice) => Some(advice),
        }
    }
}

/// Words that no two people measure alike, in small letters.
const VAGUE: [&str; 33] = [
    "quickly",
    "promptly",
    "politely",
    "soon",
    "soonest",
    "timely",
    "friendly",
    "properly",
    "carefully",
    "efficiently",
    "appropriate",
    "reasonable",
    "high-quality",
    "best",
    "always",
    "whenever possible",
    "as far as possible",
    "быстро",
    "вежливо",
    "скоро",
    "оперативно",
    "своевременно",
    "качественно",
    "внимательно",
    "по возможности",
    "надлежащим",
    "尽快",
    "及时",
    "热情",
    "礼貌",
    "快捷",
    "尽量",
    "优质",
];
/// Words that may join two duties.
const JOINS: [&str; 6] = [" and ", "; ", " as well as ", " и ", "、并", "并且"];
/// Most words of a promise that is remembered, and most signs where words are not parted.
const WORDS: usize = 15;
const SIGNS: usize = 30;
/// Months with cases that a verdict on a target needs.
const MONTHS: usize = 6;
/// A target reached in one month of this many, or fewer, is hardly ever reached.
const SELDOM: usize = 10;

/// Cases of a month: how many were kept, and how many were kept or broken.
type Judged = (Month, u64, u64);

/// Judges every commitment that is not withdrawn by its criteria, in their order; `months` are those that targets are held against, the
/// last of them the one that statuses are of.
pub fn judge_register(project: &Project, months: &[(Month, &MonthCounts)]) -> Vec<(u32, [Verdict; 4])> {
    let day = months.last().map_or(Day(i32::MAX), |(month, _)| month.last_day());
    let standing =
        (0..).zip(&project.commitments).filter(|(_, one)| one.stage_at(day).status != Status::Withdrawn);
    let judge = |(position, one): (u32, &Commitment)| {
        let judged: Vec<Judged> =
            months.iter().map(|(month, counts)| judged(project, (*month, counts), position)).collect();
        (position, [clear(one), concise(one), observable(one), realistic(one, &judged)])
    };
    standing.map(judge).collect()
}

/// The cases of all departments that own rows.
fn judged(project: &Project, (month, counts): (Month, &MonthCounts), commitment: u32) -> Judged {
    let is_leaf = |department: u32| project.departments.get(department as usize).is_some_and(|one| one.leaf);
    let own = counts.commitments.outcomes.iter();
    let own = own.filter(|((cell, one), _)| cell.cut == 0 && *one == commitment && is_leaf(cell.department));
    own.fold((month, 0, 0), |sum, (_, counts)| (month, sum.1 + counts.kept, sum.2 + counts.judged()))
}

fn texts(commitment: &Commitment) -> impl Iterator<Item = String> + '_ {
    commitment.statement.0.values().map(|text| text.to_lowercase())
}

fn clear(commitment: &Commitment) -> Verdict {
    let has = |words: &[&str]| texts(commitment).any(|text| words.iter().any(|word| contains(&text, word)));
    if has(&VAGUE) {
        Verdict::Look("vague")
    } else if has(&JOINS) {
        Verdict::Look("two_duties")
    } else {
        Verdict::Good
    }
}

/// Says whether `word` stands in the text, by itself where the script parts words.
fn contains(text: &str, word: &str) -> bool {
    let is_letter = |sign: Option<char>| sign.is_some_and(char::is_alphabetic);
    let is_parted = word.starts_with(char::is_alphabetic) && word.chars().all(|sign| sign < '\u{2e80}');
    text.match_indices(word).any(|(at, _)| {
        let (before, after) = (text[..at].chars().next_back(), text[at + word.len()..].chars().next());
        !is_parted || !(is_letter(before) || is_letter(after))
    })
}

fn concise(commitment: &Commitment) -> Verdict {
    let is_long = |text: String| {
        let is_parted = text.chars().all(|sign| sign < '\u{2e80}');
        if is_parted { text.split_whitespace().count() > WORDS } else { text.chars().count() > SIGNS }
    };
    if texts(commitment).any(is_long) { Verdict::Look("long") } else { Verdict::Good }
}

fn observable(commitment: &Commitment) -> Verdict {
    let limit = commitment.limits.last();
    let is_measured = commitment.unit != Unit::Yes;
    match limit {
        _ if commitment.observed.get("en").is_empty() => Verdict::Look("not_observed"),
        None => Verdict::Look("no_limit"),
        Some(limit) if is_measured && limit.limit.is_none() => Verdict::Unknown("due_by_case"),
        Some(_) => Verdict::Good,
    }
}

/// Reached in hardly a month and the year's share surely below: never; in all, and with less than half of the breaches allowed: easy.
fn realistic(commitment: &Commitment, months: &[Judged]) -> Verdict {
    let target_at = |month: Month| commitment.limit_at(month.last_day()).and_then(|limit| limit.target);
    let Some(target) = commitment.limits.last().and_then(|limit| limit.target) else {
        return Verdict::Look("no_target");
    };
    // Months under another target say nothing of this one.
    let is_same = |month: Month| target_at(month).is_some_and(|then| (then - target).abs() < f64::EPSILON);
    let own: Vec<&Judged> = months.iter().filter(|(month, _, n)| *n > 0 && is_same(*month)).collect();
    let reached = own.iter().filter(|(_, kept, n)| *kept as f64 >= target * *n as f64).count();
    let (kept, n) = own.iter().fold((0, 0), |sum, one| (sum.0 + one.1, sum.1 + one.2));
    let share = wilson(kept as f64, n as f64, n as f64);
    let ends = share.ok().and_then(|share| share.lower.zip(share.upper));
    match ends.filter(|_| own.len() >= MONTHS) {
        None => Verdict::Unknown("too_few_months"),
        Some((_, upper)) if reached * SELDOM <= own.len() && upper < target => {
            Verdict::Look("hardly_reached")
        }
        Some((lower, _)) if reached == own.len() && lower > f64::midpoint(1.0, target) => {
            Verdict::Look("too_easy")
        }
        Some(_) => Verdict::Good,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::count::{Cell, OutcomeCounts};
    use crate::project::load;

    const SETTINGS: &str = "name = \"b\"\ntime.from = \"2025-01\"\n";

    fn project(commitment: &str) -> Project {
        let folder = tempfile::tempdir().unwrap();
        std::fs::create_dir(folder.path().join("registers")).unwrap();
        let head = "[[commitment]]\ncode = \"a\"\npromised_to = \"customer\"\nowner = \"branch\"\n";
        for (name, text) in [
            ("concord.toml", SETTINGS.to_owned()),
            ("registers/departments.csv", "code,profile\neast,branch\n".to_owned()),
            ("registers/commitments.toml", format!("{head}{commitment}")),
        ] {
            std::fs::write(folder.path().join(name), text).unwrap();
        }
        load(folder.path(), None).unwrap()
    }

    /// The verdicts on a promise whose months have these cases kept of all.
    fn verdicts(commitment: &str, months: &[(u64, u64)]) -> [Verdict; 4] {
        let month = |&(kept, n): &(u64, u64)| {
            let mut counts = MonthCounts::default();
            let own = OutcomeCounts { kept, breached_remedied: n - kept, ..OutcomeCounts::default() };
            counts.commitments.outcomes.insert((Cell::whole(0), 0), own);
            counts
        };
        let months: Vec<MonthCounts> = months.iter().map(month).collect();
        let numbered: Vec<(Month, &MonthCounts)> =
            (0..).map(|k| Month::new(2025, 1).plus(k)).zip(&months).collect();
        judge_register(&project(commitment), &numbered)[0].1
    }

    const MEASURED: &str =
        "observed = \"log\"\nunit = \"minutes\"\nlimits = [{ limit = 10, target = 0.9 }]\n";

    #[test]
    fn wording_is_held_against_simple_signs() {
        let of = |statement: &str| verdicts(&format!("statement = \"{statement}\"\n{MEASURED}"), &[]);
        assert_eq!(of("Nobody queues longer than ten minutes")[..3], [Verdict::Good; 3]);
        assert_eq!(of("We serve you quickly")[0], Verdict::Look("vague"));
        assert_eq!(of("You are greeted and your form is printed")[0], Verdict::Look("two_duties"));
        assert_eq!(of("Sooner or later the best-known brand stands here")[0], Verdict::Look("vague"));
        assert_eq!(of("The brandy band stands")[0], Verdict::Good);
        assert_eq!(of("我们尽快答复")[0], Verdict::Look("vague"));
        assert_eq!(of(&"word ".repeat(16))[1], Verdict::Look("long"));
    }

    #[test]
    fn what_cannot_be_seen_is_told() {
        let of = |rest: &str| verdicts(&format!("statement = \"Done\"\n{rest}"), &[])[2];
        assert_eq!(of("unit = \"days\"\nlimits = [{ limit = 2 }]\n"), Verdict::Look("not_observed"));
        assert_eq!(of("observed = \"log\"\nunit = \"days\"\n"), Verdict::Look("no_limit"));
        assert_eq!(
            of("observed = \"log\"\nunit = \"days\"\nlimits = [{ target = 0.9 }]\n"),
            Verdict::Unknown("due_by_case")
        );
    }

    #[test]
    fn a_target_is_held_against_a_year() {
        let of = |months: &[(u64, u64)]| verdicts(&format!("statement = \"Done\"\n{MEASURED}"), months)[3];
        assert_eq!(of(&[(99, 100); 5]), Verdict::Unknown("too_few_months"));
        assert_eq!(of(&[(99, 100); 12]), Verdict::Look("too_easy"));
        assert_eq!(of(&[(71, 100); 12]), Verdict::Look("hardly_reached"));
        assert_eq!(of(&[(91, 100); 12]), Verdict::Good);
        // Below in every month, yet by no more than chance.
        assert_eq!(of(&[(17, 19); 6]), Verdict::Good);
        assert_eq!(of(&[(0, 0); 12]), Verdict::Unknown("too_few_months"));
        let none = "statement = \"Done\"\nobserved = \"log\"\nunit = \"yes\"\nlimits = [{ limit = 1 }]\n";
        assert_eq!(verdicts(none, &[])[3], Verdict::Look("no_target"));
    }
}
