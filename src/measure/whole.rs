//! Measures of the judgement as a whole: the two best and the two worst levels of the overall item, the net promoter score.
//!
//! A questionnaire may have had several overall items, on several scales. A figure is of one of them, the one in force in the reported
//! month; answers to the one before join in only where an overlap was declared that tells what they would have been on the new scale.

use std::collections::BTreeMap;

use super::levels::levels;
use super::{Code, Context};
use crate::count::{Layout, MonthCounts, Weighted};
use crate::month::Month;
use crate::project::{Item, ItemKind};
use crate::stats::equating::{Overlap, Sample, joined_mean};
use crate::stats::net_promoter::{Recommendations, net_promoter};
use crate::stats::proportion::wilson;
use crate::stats::{Estimate, Figure, Reason};

/// The answers to the item that counts, and those to the one before where they can be told on its scale.
pub(super) struct Asked<'a> {
    item: &'a Item,
    answers: Sample,
    before: Option<(Sample, &'a Overlap)>,
}

/// Returns the item that a measure is of in `month`: the one in force, or the one that later replaced it over a bridge.
pub(super) fn version<'a>(context: &Context<'a>, code: &Code, month: Month) -> Option<&'a Item> {
    let client = context.project.questionnaire("client")?;
    let kind = if *code == Code::NetPromoter { ItemKind::Recommend } else { ItemKind::Overall };
    let item = client.in_force(kind, month)?;
    let later = client.items.iter().find(|later| {
        later.bridged_from.as_ref() == Some(&item.code) && context.bridges.contains_key(&later.code)
    });
    Some(later.unwrap_or(item))
}

impl<'a> Asked<'a> {
    /// Takes the answers of a row of the layout as `month` tells them.
    ///
    /// Undefined: not measured where no such item was asked then.
    pub(super) fn new(
        context: &'a Context<'_>,
        layout: &Layout,
        (row, month): (&[Weighted], Month),
        code: &Code,
    ) -> Result<Self, Reason> {
        let item = version(context, code, month).ok_or(Reason::NotMeasured)?;
        let sample = |code: &str| layout.position(code).map(|position| sample(layout, row, position));
        let bridge = context.bridges.get(&item.code);
        let before = item.bridged_from.as_deref().and_then(sample).zip(bridge);
        Ok(Self {
            item,
            answers: sample(&item.code).ok_or(Reason::NotMeasured)?,
            before: before.filter(|(own, _)| own.n > 0),
        })
    }

    /// Computes the measure of these answers.
    pub(super) fn figure(&self, code: &Code) -> Figure {
        let scores = scores(self.item, code);
        if let Some((old, overlap)) = &self.before {
            return joined_mean(&scores, &self.answers, (old, overlap));
        }
        let Sample { levels, n, n_effective } = &self.answers;
        let all: f64 = levels.iter().sum();
        let unit = if all > 0.0 { *n as f64 / all } else { 0.0 };
        let of = |wanted: f64| -> f64 {
            let own = levels.iter().zip(&scores).filter(|(_, score)| (**score - wanted).abs() < 0.5);
            own.map(|(weight, _)| weight * unit).sum()
        };
        let figure = match code {
            Code::NetPromoter => net_promoter(&Recommendations {
                promoters: of(100.0),
                passives: of(0.0),
                detractors: of(-100.0),
                n_effective: *n_effective,
            }),
            _ => wilson(of(1.0), all * unit, *n_effective),
        };
        Ok(Estimate { n: *n, ..figure? })
    }
}

/// What an answer counts for, by level: 100, 0 or -100 of the recommend item, 1 or 0 of the overall item.
fn scores(item: &Item, code: &Code) -> Vec<f64> {
    let score = |level: i32| match code {
        Code::NetPromoter => match level - item.high {
            -1..=0 => 100.0,
            -3..=-2 => 0.0,
            _ => -100.0,
        },
        Code::TopTwo => f64::from(u8::from(level > item.high - 2)),
        _ => f64::from(u8::from(level < item.low + 2)),
    };
    (item.low..=item.high).map(score).collect()
}

fn sample(layout: &Layout, row: &[Weighted], position: usize) -> Sample {
    let variable = &layout.variables[position];
    let mut sample = Sample { levels: vec![0.0; variable.n_levels()], ..Sample::default() };
    let (mut w, mut ww) = (0i128, 0i128);
    for (level, count) in levels(layout, row, position) {
        let place = usize::try_from(level - variable.level(0)).expect("levels are counted from the lowest");
        sample.levels[place] = count.w as f64;
        sample.n += count.n;
        w += count.w;
        ww += count.ww;
    }
    sample.n_effective = if ww > 0 { w as f64 * w as f64 / ww as f64 } else { 0.0 };
    sample
}

/// Adds up the samples of the declared overlaps, over all departments and the months in which both items were asked.
pub fn bridges(context: &Context<'_>, months: &BTreeMap<Month, &MonthCounts>) -> BTreeMap<String, Overlap> {
    let (Some(layout), Some(client)) = (context.client(), context.project.questionnaire("client")) else {
        return BTreeMap::new();
    };
    let bridged = client.items.iter().filter_map(|item| {
        let old = client.items.iter().find(|old| Some(&old.code) == item.bridged_from.as_ref())?;
        Some((item, old, layout.position(&old.code)?, layout.position(&item.code)?))
    });
    let overlap = |(item, old, before, after): (&Item, &Item, usize, usize)| {
        let both = months.iter().filter(|(month, _)| item.is_asked_in(**month) && old.is_asked_in(**month));
        let mut row = vec![Weighted::default(); layout.width];
        let rows = both.filter_map(|(_, counts)| counts.surveys.get("client")).flat_map(|own| &own.marginals);
        for (_, own) in rows.filter(|(cell, _)| cell.cut == 0) {
            row.iter_mut().zip(own).for_each(|(sum, own)| sum.merge(own));
        }
        let overlap = Overlap { old: sample(layout, &row, before), new: sample(layout, &row, after) };
        (overlap.old.n > 0 && overlap.new.n > 0).then(|| (item.code.clone(), overlap))
    };
    bridged.filter_map(overlap).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::count::{Cell, SurveyCounts};
    use crate::project::Project;
    use crate::project::sample::changed;

    fn project(bridge: &str) -> Project {
        let total = "code = \"total\"\n";
        let new = format!(
            "code = \"ten\"\ntext = \"All\"\nscale = [1, 10]\nkind = \"overall\"\nvalid_from = 2025-06-01\n{bridge}[[client.items]]\n{total}valid_to = 2025-06-30\n"
        );
        changed("registers/questionnaires.toml", total, &new)
    }

    /// Answers of one department: so many at each level of the old and of the new item.
    fn counts(layout: &Layout, old: &[u64], new: &[u64]) -> MonthCounts {
        let mut row = vec![Weighted::default(); layout.width];
        for (code, levels) in [("total", old), ("ten", new)] {
            let start = layout.starts[layout.position(code).unwrap()];
            for (place, &n) in levels.iter().enumerate() {
                row[start + place] = Weighted { n, w: i128::from(n), ww: i128::from(n) };
            }
        }
        let mut survey = SurveyCounts::default();
        survey.marginals.insert(Cell::whole(0), row);
        MonthCounts { surveys: [("client".to_owned(), survey)].into(), ..MonthCounts::default() }
    }

    fn month(text: &str) -> Month {
        text.parse().unwrap()
    }

    #[test]
    fn scales_are_never_pooled() {
        let project = project("");
        let context = Context::new(&project, BTreeMap::new());
        let layout = context.client().unwrap();
        let both = counts(layout, &[10, 10, 20, 30, 30], &[4, 4, 4, 4, 4, 4, 4, 4, 4, 4]);
        let top = |text: &str| super::super::measure(&context, &both, &Code::TopTwo, 0, month(text)).unwrap();
        let (before, after) = (top("2025-05"), top("2025-06"));
        assert!((before.value - 0.6).abs() < 1e-12 && (after.value - 0.2).abs() < 1e-12);
        assert_eq!((before.n, after.n, after.marks.derived), (100, 40, false));
    }

    #[test]
    fn a_declared_overlap_tells_the_old_answers_on_the_new_scale() {
        let project = project("bridged_from = \"total\"\n");
        let mut context = Context::new(&project, BTreeMap::new());
        let layout = context.client().unwrap().clone();
        let overlap = counts(&layout, &[10, 10, 20, 30, 30], &[5, 5, 5, 5, 10, 10, 15, 15, 15, 15]);
        let told = |context: &Context<'_>, counts: &MonthCounts, text: &str| {
            super::super::measure(context, counts, &Code::TopTwo, 0, month(text)).unwrap()
        };
        // Until the overlap is counted the old scale stands by itself.
        let may = counts(&layout, &[20, 20, 20, 20, 20], &[]);
        assert!((told(&context, &may, "2025-05").value - 0.4).abs() < 1e-12);
        context.bridges = bridges(&context, &[(month("2025-06"), &overlap)].into());
        assert_eq!(context.bridges.keys().collect::<Vec<_>>(), ["ten"]);
        // 30 % of the sample lie in the two best of the new scale, and 30 % in the best of the old one.
        let may = told(&context, &may, "2025-05");
        assert!((may.value - 0.2).abs() < 1e-12 && may.marks.derived && may.n == 100, "{may:?}");
        let window = told(
            &context,
            &counts(&layout, &[20, 20, 20, 20, 20], &[0, 0, 0, 0, 0, 0, 0, 50, 30, 20]),
            "2025-07",
        );
        assert!((window.value - 0.35).abs() < 1e-12 && window.n == 200, "{window:?}");
    }
}
