//! Signs to look into: figures that are as they would be if somebody made them look better than they are. There may be good reasons for
//! each of them; nothing here is an accusation.
//!
//! Every department is held against the others, or a month against the department's own past, and p values are adjusted after Holm over
//! all tests of a kind.

mod others;
mod bands;
mod heaping;
mod jumps;
mod asked;
mod answers;
mod reopened;

use std::collections::BTreeMap;

pub use answers::Seen;

use super::Context;
use crate::count::MonthCounts;
use crate::month::Month;
use crate::stats::Figure;
use crate::stats::adjust::Adjustment::Holm;
use crate::stats::proportion::wilson;

/// Level below which a test is a sign, after Holm over all tests of its kind.
const LEVEL: f64 = 0.05;

/// A share must differ from what is expected by this part of it: with many cases anything else is beyond chance.
pub const LEAST_DIFFERENCE: f64 = 0.25;

/// What a sign is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum SignKind {
    /// Many cases end just within the limit.
    Heaping,
    /// Many cases are opened again soon after one was closed as kept.
    Reopened,
    /// The response rate jumped.
    ResponseJump,
    /// Customers whose promises were broken are invited less often than the others.
    NotInvited,
    /// Many answers give every question the same answer.
    StraightLining,
    /// Many customers say that it was not done when promised, where the log says it was.
    NotAsSeen,
}

impl SignKind {
    /// Every kind, in the order of reports.
    pub const ALL: [Self; 6] = [
        Self::Heaping,
        Self::Reopened,
        Self::ResponseJump,
        Self::NotInvited,
        Self::StraightLining,
        Self::NotAsSeen,
    ];

    /// Returns the code of the kind, as it stands in feeds.
    pub fn code(self) -> &'static str {
        match self {
            Self::Heaping => "heaping",
            Self::Reopened => "reopened",
            Self::ResponseJump => "response_jump",
            Self::NotInvited => "not_invited",
            Self::StraightLining => "straight_lining",
            Self::NotAsSeen => "not_as_seen",
        }
    }
}

/// One test of one department.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Sign {
    /// What it is about.
    pub kind: SignKind,
    /// Position of the department.
    pub department: u32,
    /// Position of the commitment; nothing where it is about all of them, or about answers.
    pub commitment: Option<u32>,
    /// The month of a jump; nothing where all of the window is meant.
    pub month: Option<Month>,
    /// Cases, customers or answers like that.
    pub hits: u64,
    /// All of them.
    pub n: u64,
    /// Share that would be expected.
    pub expected: f64,
    /// p value of the test.
    pub p_value: f64,
    /// The p value after Holm over all tests of the kind.
    pub p_holm: f64,
}

impl Sign {
    /// Makes a test that is not adjusted yet.
    fn new(kind: SignKind, department: u32, (hits, n): (u64, u64), (expected, p_value): (f64, f64)) -> Self {
        Self { kind, department, commitment: None, month: None, hits, n, expected, p_value, p_holm: p_value }
    }

    /// Returns the share, with Wilson's interval.
    pub fn share(&self) -> Figure {
        wilson(self.hits as f64, self.n as f64, self.n as f64)
    }

    /// Says whether it is to be looked into: beyond chance after Holm, and different enough to matter.
    pub fn is_sign(&self) -> bool {
        let share = self.share().map_or(self.expected, |share| share.value);
        self.p_holm < LEVEL && (share - self.expected).abs() >= LEAST_DIFFERENCE * self.expected
    }
}

/// All that was looked at.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Signs {
    /// Every test, by kind; of a kind the most surprising first.
    pub tests: Vec<Sign>,
    /// What customers saw against what the log says, by department.
    pub seen: BTreeMap<u32, Seen>,
}

impl Signs {
    /// Returns the tests of a kind.
    pub fn of(&self, kind: SignKind) -> impl Iterator<Item = &Sign> {
        self.tests.iter().filter(move |test| test.kind == kind)
    }

    /// Returns what is to be looked into; of the months of a jump the first.
    pub fn told(&self) -> Vec<&Sign> {
        let mut told: Vec<&Sign> = Vec::new();
        for sign in self.tests.iter().filter(|sign| sign.is_sign()) {
            let is_same = |other: &&mut &Sign| {
                (other.kind, other.department, other.commitment)
                    == (sign.kind, sign.department, sign.commitment)
            };
            match told.iter_mut().find(is_same) {
                Some(other) if sign.month < other.month => *other = sign,
                Some(_) => {}
                None => told.push(sign),
            }
        }
        told
    }
}

/// Looks for signs over the rolling window that ends with `month`; `rolled` holds the counts of that window, units and the whole among
/// them.
pub fn signs(
    context: &Context<'_>,
    months: &BTreeMap<Month, MonthCounts>,
    (rolled, departments): (&MonthCounts, &[u32]),
    month: Month,
) -> Signs {
    let leaves: Vec<u32> = departments
        .iter()
        .copied()
        .filter(|&one| context.project.departments.get(one as usize).is_some_and(|own| own.leaf))
        .collect();
    let mut tests = heaping::heaping(context.project, months, month);
    tests.extend(reopened::reopened(rolled, &leaves));
    tests.extend(jumps::jumps(context.project, months, &leaves, month));
    tests.extend(asked::not_invited(context.project, rolled, &leaves));
    tests.extend(answers::straight_lining(rolled, &leaves));
    tests.extend(answers::not_as_seen(rolled, &leaves));
    adjust(&mut tests);
    Signs { tests, seen: answers::seen(rolled, departments) }
}

/// Adjusts the tests of each kind after Holm and puts the most surprising first.
fn adjust(tests: &mut [Sign]) {
    tests.sort_by(|a, b| a.kind.cmp(&b.kind).then(a.p_value.total_cmp(&b.p_value)));
    for family in tests.chunk_by_mut(|one, other| one.kind == other.kind) {
        let p: Vec<Option<f64>> = family.iter().map(|test| Some(test.p_value)).collect();
        for (test, p) in family.iter_mut().zip(Holm.adjust(&p)) {
            test.p_holm = p.unwrap_or(1.0);
        }
    }
}
