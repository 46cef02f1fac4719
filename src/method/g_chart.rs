//! `concord stat g-chart`: cases between rare events.

use super::calendar::Slot;
use super::control_chart::{FREEZE, IMPROVEMENT, MINIMUM, QICHARTS, REBASE, SHIFT, TARGET, TREND, charts};
use super::series::{BY, TIME, single};
use super::{Answer, Column, Fault, Method, Request, Table, optional};
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
    let draw = |request: &Request<'_>, values: Vec<Option<f64>>| {
        if let Some(row) = values.iter().position(|value| value.is_some_and(|value| value < 0.0)) {
            return Err(Fault::new(
                format!("row {} has a negative number of cases", row + 1),
                "count the cases between two events",
            ));
        }
        charts(
            request,
            &QICHARTS,
            |slot: &Slot| single(slot, &values),
            |values, phases| Ok(cases_between(values, phases)),
        )
    };
    match (request.numbers_of("value")?, request.numbers_of("event")?) {
        (Some(values), None) => draw(request, values),
        (None, Some(events)) => {
            let table = gaps(request, &events)?;
            let options = ["improvement", "freeze", "rebase", "target", "trend", "shift", "minimum"];
            let given = options.into_iter().filter_map(|name| Some((name, request.option(name)?)));
            let given = given
                .chain([("value", "cases"), ("time", "event")])
                .chain(request.option("by").map(|_| ("by", "unit")));
            let request = Request::new(&METHOD, &table, given)?;
            let values = request.numbers("cases")?;
            draw(&request, values)
        }
        _ => Err(Fault::new(
            "`g-chart` needs either `--value` or `--event`",
            "give the cases between events, or every case with 1 or 0",
        )),
    }
}

/// Turns cases in their order into the table of the cases between events; what comes after the last event is no gap yet.
fn gaps(request: &Request<'_>, events: &[Option<f64>]) -> Result<Table, Fault> {
    let mut columns = (Vec::new(), Vec::new(), Vec::new());
    for unit in super::series::units(request)? {
        let (mut since, mut count) = (0.0, 0);
        for event in unit.slots.iter().flat_map(|slot| &slot.rows).filter_map(|&row| events[row]) {
            if event > 0.0 {
                count += 1;
                columns.0.push(unit.element(""));
                columns.1.push(Some(count.to_string()));
                columns.2.push(Some(since));
                since = 0.0;
            } else {
                since += 1.0;
            }
        }
    }
    let name = |element: String| element.strip_suffix('~').unwrap_or("").to_owned();
    let units = columns.0.into_iter().map(name).map(Some).collect();
    Ok(Table::new(vec![
        ("unit".to_owned(), Column::Text(units)),
        ("event".to_owned(), Column::Text(columns.1)),
        ("cases".to_owned(), Column::Number(columns.2)),
    ]))
}
