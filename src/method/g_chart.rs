//! `concord stat g-chart`: cases between rare events.

use super::calendar::Slot;
use super::control_chart::{FREEZE, IMPROVEMENT, MINIMUM, QICHARTS, REBASE, SHIFT, TARGET, TREND, charts};
use super::series::{BY, Numbers, Series, TIME, Unit, single};
use super::{Answer, Fault, Method, Request, optional};
use crate::stats::rare::cases_between;

pub(super) const METHOD: Method = Method {
    name: "g-chart",
    known_as: &["qicharts2::qic(chart = \"g\")", "PowerBI-SPC g", "cases between events"],
    about: "g chart of rare events: how many cases passed between two breaches",
    formula: "y = cases between two events, from --value, or counted from --event, a column of 1 (breach) and 0 (kept) in the order of the cases: the \
              cases without event before each one. cl = median, limits = x̄ ± 3·√(x̄(x̄ + 1)) with the mean x̄, not below 0. All comes from the baseline \
              (qicharts2 takes the median of all points even when frozen). More is better. The lower limit is always 0: clusters of breaches show as runs below the median. Rules, gaps and targets as in xmr. Undefined (too_few) without an \
              observation in the baseline.",
    source: "Benneyan, Performance of number-between g-type control charts, Health Care Management Science (2001)",
    example: "data/examples/between.csv --value cases_between",
    options: &[
        optional("value", "column with the cases between two events"),
        optional("event", "column with 1 for a breach and 0 for a kept case, in the order of the cases"),
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
    match (request.numbers_of("value")?, request.numbers_of("event")?) {
        (Some(values), None) => draw(request, &values, &Series::of(request, |_| true)?),
        (None, Some(events)) => {
            let (values, series) = gaps(Series::of(request, |row| events[row].is_some())?, &events);
            draw(request, &values, &series)
        }
        _ => Err(Fault::new(
            "`g-chart` needs either `--value` or `--event`",
            "give the cases between events, or every case with 1 or 0",
        )),
    }
}

fn draw(request: &Request<'_>, values: &[Option<f64>], series: &Series) -> Result<Answer, Fault> {
    if let Some(row) = values.iter().position(|value| value.is_some_and(|value| value < 0.0)) {
        let message = "the number of cases is below 0";
        return Err(Fault::at(row, message, "count the cases between two events"));
    }
    let read = |slot: &Slot| single(slot, values);
    charts(request, &QICHARTS, series, read, |values, phases| Ok(cases_between(values, phases)))
}

/// Turns cases in their order into the cases between events, each event a slot; what comes after the last event is no gap yet.
fn gaps(series: Series, events: &[Option<f64>]) -> (Numbers, Series) {
    let mut values = vec![];
    let slots = |unit: Unit| {
        let (mut since, mut slots) = (0.0, vec![]);
        for event in unit.slots.iter().flat_map(|slot| &slot.rows).filter_map(|&row| events[row]) {
            if event > 0.0 {
                slots.push(Slot { label: (slots.len() + 1).to_string(), rows: vec![values.len()] });
                values.push(Some(since));
                since = 0.0;
            } else {
                since += 1.0;
            }
        }
        slots
    };
    let series = series.with_slots(slots);
    (values, series)
}
