//! The sentences of the trend: what the last month says, and which months are missing and why.

use super::page::Studio;
use super::trend_view::{Series, View};
use crate::month::Month;
use crate::stats::{Estimate, Reason};

/// Stretches of missing months that are named one by one.
const GAPS_NAMED: usize = 4;

fn figure(series: &Series, month: Month) -> Result<&Estimate, Reason> {
    let point = series.points.iter().find(|point| point.month == month);
    point.map_or(Err(Reason::Gap), |point| point.figure.as_ref().map_err(|reason| *reason))
}

/// Returns what the last month says of the series in focus, beside the bank where both have a figure.
pub fn headline(view: &View, studio: &Studio) -> String {
    let name = studio.short(&view.focus().name);
    let month = studio.locale().month(view.last);
    let Ok(focus) = figure(view.focus(), view.last) else {
        return studio
            .catalogue
            .message("trend-title-none", &[("name", name.into()), ("month", month.into())]);
    };
    let value = studio.locale().value(focus.value, view.unit);
    let bank = view.department.as_ref().and_then(|_| figure(&view.bank, view.last).ok());
    let Some(bank) = bank else {
        let args = [("name", name.into()), ("value", value.into()), ("month", month.into())];
        return studio.catalogue.message("trend-title-alone", &args);
    };
    let key = match (focus.lower, focus.upper) {
        (Some(lower), _) if lower > bank.value => "trend-title-above",
        (_, Some(upper)) if upper < bank.value => "trend-title-below",
        (Some(_), Some(_)) => "trend-title-like",
        _ => "trend-title-beside",
    };
    let other = studio.locale().value(bank.value, view.unit);
    let place = studio.short(&view.bank.name);
    let args =
        [("name", name.into()), ("value", value.into()), ("place", place.into()), ("other", other.into())];
    studio.catalogue.message(key, &args)
}

/// Returns which months have no figure and why, or nothing when none is missing.
pub fn gap_note(view: &View, studio: &Studio) -> Option<String> {
    let mut gaps: Vec<(Month, Month, Reason)> = Vec::new();
    for month in view.first.to(view.last) {
        let Err(reason) = figure(view.focus(), month) else { continue };
        match gaps.last_mut() {
            Some((_, last, why)) if last.plus(1) == month && *why == reason => *last = month,
            _ => gaps.push((month, month, reason)),
        }
    }
    let named: Vec<String> = gaps
        .iter()
        .take(GAPS_NAMED)
        .map(|(first, last, reason)| {
            format!("{} ({})", studio.locale().months(*first, *last), studio.catalogue.reason(*reason))
        })
        .collect();
    let name = studio.short(&view.focus().name);
    let args = [
        ("name", name.into()),
        ("months", named.join("; ").into()),
        ("more", (gaps.len() - named.len()).into()),
    ];
    (!gaps.is_empty()).then(|| studio.catalogue.message("trend-note-gaps", &args))
}
