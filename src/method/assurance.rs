//! `concord stat assurance`: is a target met, and will the process as it is meet it?

use super::calendar::Slot;
use super::control_chart::{FREEZE, IMPROVEMENT, NHS, REBASE, charts};
use super::series::{BY, EVERY, Series, TIME, check, counted, single, sums};
use super::{Answer, Fault, Method, Number, Request, optional, preset, required};
use crate::stats::attributes::{Counted, attributes};
use crate::stats::individuals::{Width, individuals};

pub(super) const METHOD: Method = Method {
    name: "assurance",
    known_as: &["NHSRplotthedots assurance icon", "process capability against a target"],
    about: "a target apart in fact (how often met) and inference (will the process meet it: consistently, never, by chance)",
    formula: "Fact: periods_met of periods, last_met; a value on the target meets it. Inference, from the limits of the latest period (XmR of --value, or \
              Laney's p' of --kept and --n): will_be_met = consistently where even the worse limit meets the target, never where even the better one misses \
              it, by chance otherwise; probability_met = that of a normal value with the chart's centre and a third of its limits' width. assurance_type \
              has the words of NHSRplotthedots, which (--convention NHSRplotthedots) calls a target that lies on a limit inconsistent. A target met in all \
              of few months may still be met by chance. Undefined (too_few) without limits.",
    source: "NHS England, Making Data Count; Wheeler, Understanding Variation (1993)",
    example: "data/examples/months.csv --value kept_share --time month --by department --target 95",
    options: &[
        required("target", "value to be reached"),
        optional("value", "column with one value a period"),
        optional("kept", "column with the count of a row, instead of --value"),
        optional("n", "column with the number of cases of a row; 1 without it"),
        TIME,
        BY,
        EVERY,
        IMPROVEMENT,
        FREEZE,
        REBASE,
        preset("convention", "concord or NHSRplotthedots", "concord"),
    ],
    run,
};

fn run(request: &Request<'_>) -> Result<Answer, Fault> {
    let strict = request.word("convention", &["concord", "NHSRplotthedots"])? == Some("NHSRplotthedots");
    let style = if strict { NHS.strict() } else { NHS };
    let mut answer = match (request.numbers_of("value")?, request.has("kept")) {
        (Some(values), false) => {
            let draw = |values: &[Option<f64>], phases: &[_]| {
                Ok(individuals(values, phases, (Width::Wheeler, true)))
            };
            charts(
                request,
                &style,
                &Series::of(request, |_| true)?,
                |slot: &Slot| single(slot, &values),
                draw,
            )?
        }
        (None, true) => {
            let (counts, numbers) = counted(request, "kept")?;
            check(&counts, &numbers, true)?;
            let read = |slot: &Slot| Ok(sums(slot, &counts, &numbers).filter(|&(_, n)| n > 0.0));
            let series = Series::of(request, |row| counts[row].is_some() && numbers[row].is_some())?;
            charts(request, &style, &series, read, |counts, phases| {
                Ok(attributes(counts, phases, (Counted::Share, true)))
            })?
        }
        _ => {
            return Err(Fault::new(
                "`assurance` needs either `--value` or `--kept`",
                "give one value a period, or counts with `--n`",
            ));
        }
    };
    let told =
        ["target", "periods_met", "periods", "last_met", "probability_met", "will_be_met", "assurance_type"];
    let is_told = |row: &Number| row.element == "all" || told.contains(&row.quantity.as_str());
    answer.rows.retain(is_told);
    Ok(answer)
}
