//! `concord stat mr`: the chart of moving ranges that goes with XmR.

use super::control_chart::{FREEZE, IMPROVEMENT, MINIMUM, QICHARTS, REBASE, SHIFT, TREND, charts};
use super::series::{BY, EVERY, Series, TIME, single};
use super::{Answer, Fault, Method, Request, required};
use crate::stats::individuals::moving_range_chart;

pub(super) const METHOD: Method = Method {
    name: "mr",
    known_as: &["qicharts2::qic(chart = \"mr\")", "PowerBI-SPC mr", "moving range chart"],
    about: "chart of moving ranges: how much neighbouring periods differ",
    formula: "y = |value − value before|, cl = mean range of the baseline, ucl = 3.267 · cl, lcl = 0. The first period of a phase and one after a gap have \
              no range (reason gap). Undefined (too_few) without a range in the baseline.",
    source: "Wheeler and Chambers, Understanding Statistical Process Control (1992)",
    example: "data/examples/months.csv --value kept_share --time month --by department",
    options: &[
        required("value", "column with one value a period"),
        TIME,
        BY,
        EVERY,
        IMPROVEMENT,
        FREEZE,
        REBASE,
        TREND,
        SHIFT,
        MINIMUM,
    ],
    run,
};

fn run(request: &Request<'_>) -> Result<Answer, Fault> {
    let values = request.numbers_of("value")?.unwrap_or_default();
    charts(
        request,
        &QICHARTS,
        &Series::of(request, |_| true)?,
        |slot| single(slot, &values),
        |values, phases| Ok(moving_range_chart(values, phases)),
    )
}
