//! The satisfaction index by segment of each cut, and what the mix of segments did to its change.
//!
//! Index and interval of a segment come from its own complete-case sums, as the department's do; the answers of all segments together are
//! the department's, so that the parts of a change add up.

use std::collections::BTreeMap;

use super::satisfaction::{family, index_coefficients, shift, weights};
use super::{Code, Context, breaks, stretch};
use crate::count::FamilySums;
use crate::month::Month;
use crate::stats::mix::{self, Mix, mix};
use crate::stats::{Estimate, Figure, Reason};

/// Sums by cut, segment and department.
type Sums = BTreeMap<(String, String, u32), FamilySums>;

/// The segments of one cut in one department.
#[derive(Debug, Clone, PartialEq)]
pub struct Cut {
    /// Name of the cut.
    pub cut: String,
    /// Position of the department, or [`super::WHOLE`].
    pub department: u32,
    /// Its segments, those with most answers first, a missing one last.
    pub segments: Vec<Segment>,
    /// What the change since the window before comes from; a gap without answers in it.
    pub shift: Result<Shift, Reason>,
}

/// One segment over the rolling window.
#[derive(Debug, Clone, PartialEq)]
pub struct Segment {
    /// Its name, empty where answers have none.
    pub name: String,
    /// Satisfaction index of its answers, with the weights of the reported month.
    pub index: Figure,
    /// Its share of the answers.
    pub share: Figure,
    /// Its share in the window before; too few without answers there.
    pub share_before: Figure,
}

/// The change of the index since the window before, both with the weights of the reported month.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Shift {
    /// The change; not comparable where the questions changed.
    pub total: Figure,
    /// What comes of other shares of the segments.
    pub mix: Estimate,
    /// What comes of other answers inside the segments; not comparable where the questions changed.
    pub inside: Figure,
}

/// Tells every cut of every department that the sums of this window hold; `span` is the first month of the window before and the last of this.
pub fn cuts(
    context: &Context<'_>,
    (before, now): (&Sums, &Sums),
    (start, month): (Month, Month),
) -> Vec<Cut> {
    let months: Vec<Month> =
        breaks(context.project, &Code::Index("client".into())).iter().map(|change| change.month).collect();
    let is_comparable = stretch(&months, (start, month)).is_some();
    let mut keys: Vec<(usize, u32, &str)> = Vec::new();
    for (cut, _, department) in now.keys() {
        if let Some(place) = context.project.cuts.iter().position(|own| own == cut) {
            keys.push((place, *department, cut));
        }
    }
    keys.sort_unstable();
    keys.dedup();
    let told = |(_, department, cut): (usize, u32, &str)| {
        one(context, (before, now), (cut, department), (month, is_comparable))
    };
    keys.into_iter().map(told).collect()
}

/// One segment's names and figures at both times.
struct Own<'a> {
    name: &'a str,
    index: Figure,
    sides: [mix::Segment; 2],
}

fn one(
    context: &Context<'_>,
    (before, now): (&Sums, &Sums),
    (cut, department): (&str, u32),
    (month, is_comparable): (Month, bool),
) -> Cut {
    let is_own = |key: &&(String, String, u32)| key.0 == cut && key.2 == department;
    let mut names: Vec<&str> =
        now.keys().chain(before.keys()).filter(is_own).map(|key| key.1.as_str()).collect();
    names.sort_unstable();
    names.dedup();
    let figure = |sums: &Sums, name: &str| match sums.get(&(cut.to_owned(), name.to_owned(), department)) {
        Some(own) => (index(context, own, month), side(own)),
        None => (Err(Reason::TooFew), mix::Segment::default()),
    };
    let own = |name: &&'_ str| {
        let ((then, was), (index, is)) = (figure(before, name), figure(now, name));
        Own {
            index,
            sides: [with(was, &then), with(is, &index)],
            name: names[names.iter().position(|one| one == name).unwrap_or(0)],
        }
    };
    let mut all: Vec<Own<'_>> = names.iter().map(own).collect();
    all.sort_by_key(|own| (own.name.is_empty(), std::cmp::Reverse(own.sides[1].n)));
    let [was, is] = [0, 1].map(|time| all.iter().map(|own| own.sides[time]).collect::<Vec<_>>());
    let segment = |(place, own): (usize, &Own<'_>)| Segment {
        name: own.name.to_owned(),
        index: own.index,
        share: mix::share(&is, place),
        share_before: mix::share(&was, place),
    };
    Cut {
        cut: cut.to_owned(),
        department,
        segments: all.iter().enumerate().map(segment).collect(),
        shift: mix(&was, &is).map(|found| shifted(&found, is_comparable)),
    }
}

fn shifted(found: &Mix, is_comparable: bool) -> Shift {
    let told = |estimate: Estimate| if is_comparable { Ok(estimate) } else { Err(Reason::NotComparable) };
    Shift { total: told(found.total), mix: found.mix, inside: told(found.inside) }
}

fn index(context: &Context<'_>, sums: &FamilySums, month: Month) -> Figure {
    let layout = context.client().ok_or(Reason::NotMeasured)?;
    let (coefficients, constant) = index_coefficients(layout, &weights(context, layout, month));
    shift(family(sums).combination(&coefficients)?, constant)
}

fn side(sums: &FamilySums) -> mix::Segment {
    let (weight, squared) = (sums.count.w as f64, sums.count.ww as f64);
    mix::Segment { weight, squared, n: sums.count.n, ..mix::Segment::default() }
}

/// Puts the mean and its variance beside the weights of a segment.
fn with(side: mix::Segment, index: &Figure) -> mix::Segment {
    let mean = index.map(|one| one.value).ok();
    mix::Segment {
        mean,
        variance: index.ok().and_then(|one| one.std_error).map(|error| error * error),
        ..side
    }
}
