//! `concord stat t-chart`: time between rare events.

use super::calendar::{Slot, day_number};
use super::control_chart::{FREEZE, IMPROVEMENT, MINIMUM, QICHARTS, REBASE, SHIFT, TARGET, TREND, charts};
use super::series::{BY, Series, TIME, single};
use super::{Answer, Fault, Method, Request, optional};
use crate::stats::rare::time_between;

pub(super) const METHOD: Method = Method {
    name: "t-chart",
    known_as: &["qicharts2::qic(chart = \"t\")", "PowerBI-SPC t", "days between events"],
    about: "t chart of rare events: how much time passed between two breaches",
    formula: "y = time between two events, from --value, or the days between the dates of --time, one row an event. The XmR chart of y^(1/3.6) (limits ± \
              3/1.128 · screened mean moving range), its centre and limits taken back to time. More is better. A time of 0 (two events on one day) has no \
              place on it: undefined (not_applicable); take a finer clock, or a g-chart. Rules, gaps and targets as in xmr.",
    source: "Nelson, A control chart for parts-per-million nonconforming items, Journal of Quality Technology (1994)",
    example: "data/examples/breach_days.csv --time date",
    options: &[
        optional(
            "value",
            "column with the time between two events; without it days are counted between the dates of --time",
        ),
        TIME,
        BY,
        IMPROVEMENT,
        FREEZE,
        REBASE,
        TARGET,
        TREND,
        SHIFT,
        MINIMUM,
    ],
    run,
};

fn run(request: &Request<'_>) -> Result<Answer, Fault> {
    let series = Series::of(request, |_| true)?;
    let values = match request.numbers_of("value")? {
        Some(values) => values,
        None => days_between(request, &series)?,
    };
    charts(request, &QICHARTS, &series, |slot: &Slot| single(slot, &values), time_between)
}

/// Returns the days since the event before of the same unit; nothing for the first.
fn days_between(request: &Request<'_>, series: &Series) -> Result<Vec<Option<f64>>, Fault> {
    let hint = "give `--value`, or dates such as 2025-03-01 in the column of `--time`";
    let dates = request
        .texts_of("time")?
        .ok_or_else(|| Fault::new("`t-chart` needs either `--value` or `--time`", hint))?;
    let mut days = vec![None; dates.len()];
    for unit in &series.units {
        let mut before = None;
        for &row in unit.slots.iter().flat_map(|slot| &slot.rows) {
            let word = dates[row].as_deref().unwrap_or("");
            let day = day_number(word)
                .ok_or_else(|| Fault::at(row, format!("the time `{word}` is not a date"), hint))?;
            days[row] = before.map(|before| day - before);
            before = Some(day);
        }
    }
    Ok(days)
}
