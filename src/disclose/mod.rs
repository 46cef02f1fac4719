//! Disclose: [`Analysis`] -> [`Published`], the only value that outputs can take.
//!
//! In: everything computed. Out: the same with every figure about fewer than `min_people` persons withheld. Deliberately absent: any
//! other way to make a [`Published`]. A measure about persons stays hidden wherever it stands: as itself, in a window, in a rating's parts.

use std::ops::Deref;

use crate::analysis::Analysis;
use crate::measure::Code;
use crate::project::Project;
use crate::rating::Rating;
use crate::relation::{ClassMean, Related, Told};
use crate::stats::{Figure, Reason};

/// An analysis that may be shown.
#[derive(Debug, Clone)]
pub struct Published(Analysis);

impl Deref for Published {
    type Target = Analysis;

    fn deref(&self) -> &Analysis {
        &self.0
    }
}

/// Withholds what would expose persons.
pub fn disclose(mut analysis: Analysis, project: &Project) -> Published {
    let least = project.privacy.min_people;
    for ((code, ..), figure) in &mut analysis.monthly {
        *figure = shown(code, *figure, least);
    }
    for ((code, _), figure) in &mut analysis.rolling {
        *figure = shown(code, *figure, least);
    }
    for rating in analysis.ratings.values_mut().flatten() {
        hide_parts(rating, least);
    }
    for told in &mut analysis.relations {
        hide_levels(told, least);
    }
    Published(analysis)
}

/// Hides the levels that too few servers have; where the level that others are compared with is hidden, so are the differences, from
/// which it could be worked out.
fn hide_levels(told: &mut Told, least: u64) {
    let Related::Contact(Ok(contact)) = &mut told.related else { return };
    if !told.x.starts_with("level:") {
        return;
    }
    let is_hidden = |class: &ClassMean| class.n_servers < least;
    let is_reference_hidden =
        contact.classes.iter().any(|class| class.difference.is_none() && is_hidden(class));
    for class in &mut contact.classes {
        let is_own_hidden = is_hidden(class);
        if is_own_hidden {
            class.mean = Err(Reason::Suppressed);
        }
        if is_own_hidden || is_reference_hidden {
            class.difference = class.difference.map(|_| Err(Reason::Suppressed));
            (class.p_value, class.p_holm, class.p_bh) = (None, None, None);
        }
    }
}

/// Returns the figure, or that it is withheld.
fn shown(code: &Code, figure: Figure, least: u64) -> Figure {
    match figure {
        // What one person, the head, attains is never published.
        Ok(_) if *code == Code::HeadLevel => Err(Reason::Suppressed),
        Ok(estimate) if code.is_about_persons() && estimate.n < least => Err(Reason::Suppressed),
        other => other,
    }
}

/// Hides the parts of a rating that are about too few persons; what they add to the rating could be worked out from the others, so
/// that the points of the single parts are hidden with them.
fn hide_parts(rating: &mut Rating, least: u64) {
    let is_hidden =
        |code: &Code, figure: &Figure| matches!((figure, shown(code, *figure, least)), (Ok(_), Err(_)));
    if rating.components.iter().any(|part| is_hidden(&part.code, &part.figure)) {
        for part in &mut rating.components {
            part.figure = shown(&part.code, part.figure, least);
            part.points = Err(Reason::Suppressed);
            (part.contribution, part.to_next_grade) = (None, None);
        }
    }
}
