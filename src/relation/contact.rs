//! One relation over single contacts: what customers say by worst outcome, or by the server's level, clustered by server.

use super::Test;
use super::answers::{Grouped, Value};
use crate::count::{LinkBy, MonthCounts};
use crate::link::Outcome;
use crate::measure::Context;
use crate::month::Month;
use crate::project::Relation;
use crate::stats::cluster::{Clustered, clustered_contrast, clustered_mean};
use crate::stats::distribution::student_two_sided;
use crate::stats::{Estimate, Reason};

/// The level that others are compared with, where it has answers.
const REFERENCE_LEVEL: i16 = 1;

/// Means of classes of contacts, on 0 to 100.
///
/// They are associations: outcomes and levels are not given to contacts by lot.
#[derive(Debug, Clone, PartialEq)]
pub struct ContactTold {
    /// The class that the others are compared with: `kept`; level 1, else the lowest level with answers; nothing where no promise was kept.
    pub reference: Option<String>,
    /// Classes with answers: outcomes from worst to best, levels from low to high.
    pub classes: Vec<ClassMean>,
}

/// What answers of one class say.
#[derive(Debug, Clone, PartialEq)]
pub struct ClassMean {
    /// Code of the outcome, or the level.
    pub class: String,
    /// Mean in points.
    pub mean: Result<Clustered, Reason>,
    /// Mean minus that of the reference class, in points; nothing for that class itself and where there is none.
    pub difference: Option<Result<Clustered, Reason>>,
    /// Servers with answers in the class, for the protection of persons; answers without a server are not among them.
    pub n_servers: u64,
    /// Two-sided p value of no difference: Student's with one degree of freedom fewer than clusters.
    pub p_value: Option<f64>,
    /// p value adjusted by Holm over all contrasts asked.
    pub p_holm: Option<f64>,
    /// p value adjusted by Benjamini and Hochberg over all contrasts asked.
    pub p_bh: Option<f64>,
}

impl ClassMean {
    pub(super) fn test(&mut self) -> Test<'_> {
        (self.p_value, &mut self.p_holm, &mut self.p_bh)
    }
}

/// Compares the answers of all months by class of the contact.
///
/// Undefined: not measured where no such value is counted per server, a gap without any linked answer.
pub(super) fn contact(
    context: &Context<'_>,
    months: &[(Month, &MonthCounts)],
    relation: &Relation,
    reported: Month,
) -> Result<ContactTold, Reason> {
    let layout = context.client().ok_or(Reason::NotMeasured)?;
    let by = classed_by(context, &relation.x).ok_or(Reason::NotMeasured)?;
    let value = Value::find(context, layout, &relation.y, reported).ok_or(Reason::NotMeasured)?;
    let grouped = Grouped::new(layout, months, &value, by);
    if grouped.classes.is_empty() {
        return Err(Reason::Gap);
    }
    let reference = reference(&grouped.classes, by);
    let classes =
        (0..grouped.classes.len()).map(|group| class_mean(&grouped, group, reference, by)).collect();
    Ok(ContactTold { reference: reference.map(|group| name(grouped.classes[group], by)), classes })
}

fn classed_by(context: &Context<'_>, x: &str) -> Option<LinkBy> {
    if x == "outcome" {
        return Some(LinkBy::Outcome);
    }
    let competency = context.project.competency(x.strip_prefix("level:")?)?;
    Some(LinkBy::Level(u32::try_from(competency).ok()?))
}

fn reference(classes: &[i16], by: LinkBy) -> Option<usize> {
    let place = |class: i16| classes.iter().position(|&one| one == class);
    match by {
        LinkBy::Outcome => place(Outcome::Kept as i16),
        LinkBy::Level(_) => place(REFERENCE_LEVEL).or(Some(0)),
    }
}

fn name(class: i16, by: LinkBy) -> String {
    let outcome = usize::try_from(class).ok().and_then(|place| Outcome::ALL.get(place));
    match (by, outcome) {
        (LinkBy::Outcome, Some(outcome)) => outcome.code().to_owned(),
        _ => class.to_string(),
    }
}

fn class_mean(grouped: &Grouped, group: usize, reference: Option<usize>, by: LinkBy) -> ClassMean {
    let clusters = grouped.clusters();
    let other = reference.filter(|&reference| reference != group);
    let residue = |group| grouped.residue(group);
    let difference = other.map(|reference| {
        let found = clustered_contrast(&clusters, group, reference);
        found.map(|found| moved(found, residue(group) - residue(reference)))
    });
    ClassMean {
        class: name(grouped.classes[group], by),
        mean: clustered_mean(&clusters, group).map(|found| in_range(moved(found, residue(group)))),
        difference,
        n_servers: grouped.n_servers[group],
        p_value: difference.and_then(Result::ok).and_then(|found| p_value(&found)),
        p_holm: None,
        p_bh: None,
    }
}

/// Adds points to a mean or difference and to its interval.
fn moved(found: Clustered, by: f64) -> Clustered {
    let end = |end: Option<f64>| end.map(|end| end + by);
    let Estimate { value, lower, upper, .. } = found.estimate;
    let estimate = Estimate { value: value + by, lower: end(lower), upper: end(upper), ..found.estimate };
    Clustered { estimate, ..found }
}

fn in_range(found: Clustered) -> Clustered {
    let end = |end: Option<f64>| end.map(|end| end.clamp(0.0, 100.0));
    let estimate =
        Estimate { lower: end(found.estimate.lower), upper: end(found.estimate.upper), ..found.estimate };
    Clustered { estimate, ..found }
}

/// A difference without any error is no test: all its clusters say the same.
fn p_value(found: &Clustered) -> Option<f64> {
    let std_error = found.estimate.std_error.filter(|&error| error > 0.0)?;
    Some(student_two_sided(found.estimate.value / std_error, found.n_clusters as f64 - 1.0))
}
