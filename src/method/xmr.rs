//! `concord stat xmr`: the control chart of one value a period, with the NHS rules.

use super::control_chart::{NHS, QICHARTS, Style, charts, with_common};
use super::series::{Series, single};
use super::{Answer, Fault, Method, Request, preset, required};
use crate::stats::individuals::{Width, individuals};

pub(super) const METHOD: Method = Method {
    name: "xmr",
    known_as: &[
        "NHSRplotthedots::ptd_spc",
        "qicharts2::qic(chart = \"i\")",
        "qcc::qcc(type = \"xbar.one\")",
        "PowerBI-SPC i",
        "individuals chart",
    ],
    about: "XmR chart of one value a period: limits, NHS rules, runs, target",
    formula: "Centre (mean_col) = mean of the baseline; limits (lpl, upl) = centre ± 2.66 · mean moving range |yᵢ − yᵢ₋₁|, after ranges above 3.267 times \
              their mean are left out once (--screen yes). --spread median takes ± 3/0.954 · median range instead.\n\
              special_cause_type, the first that fits: Above UCL / Below LCL; part of a 7 Point Trend; 2 in 3 between two and three sigma with all three on \
              one side; part of 7 Points on one side of the centre. point_type says whether it is an improvement; element `last` has that of the latest \
              point. Element `chart` has Anhøj's runs (longest_run above longest_run_max or n_crossings below n_crossings_min is a signal) and how far \
              the baseline can be trusted: too few below 12 points, trial to 19, firm from 20.\n\
              A missing period keeps its slot (reason gap): no range, run or trend goes over it. A repeated value neither extends nor ends a trend. A \
              constant baseline (history = constant) has limits equal to its value, so that the first departure is outside them; `chance` is the probability \
              ½/(m + 1) that a period departs at all after m equal ones. Where the screen would leave only ranges of 0, all ranges count. Limits are \
              undefined (too_few) without two neighbouring values in the baseline.\n\
              With --target, element `fact` tells how often it was met, element `inference` whether the process as it is will meet it: consistently (even \
              the worse limit does), never (even the better one does not) or by chance, and with which probability (normal).\n\
              Peers: --convention NHSRplotthedots ends a trend at a repeated value and calls a target on a limit uncertain; qicharts2 has ± 3/1.128 · \
              mean range and the names y, cl, lcl, ucl; qcc ± 3/1.128 · mean range of all and the names center, sd, beyond_limits, violating_run. NHSRplotthedots and qicharts2 give NaN or false signals on \
              constant histories and take rows for neighbours in time.",
    source: "Wheeler and Chambers, Understanding Statistical Process Control (1992); Nelson (1982) for the screen; NHS England, \
             Making Data Count",
    example: "data/examples/months.csv --value kept_share --time month --by department --target 95",
    options: &with_common::<14>(&[
        required("value", "column with one value a period"),
        preset("screen", "leave out moving ranges above 3.267 times their mean: yes or no", "yes"),
        preset("spread", "what the limits come from: the mean or the median moving range", "mean"),
        preset(
            "convention",
            "whose constants and names: concord, NHSRplotthedots, qicharts2 or qcc",
            "concord",
        ),
    ]),
    run,
};

fn run(request: &Request<'_>) -> Result<Answer, Fault> {
    let values = request.numbers_of("value")?.unwrap_or_default();
    let (width, style) =
        match request.word("convention", &["concord", "NHSRplotthedots", "qicharts2", "qcc"])? {
            Some("NHSRplotthedots") => (Width::Wheeler, NHS.strict()),
            Some("qicharts2") => (Width::Table, QICHARTS),
            Some("qcc") => (Width::Table, Style::qcc(|limits| (limits.upper - limits.center) / 3.0)),
            _ => (Width::Wheeler, NHS),
        };
    let is_qcc = request.option("convention") == Some("qcc");
    let screen = !is_qcc && request.word("screen", &["yes", "no"])? != Some("no");
    let width =
        if request.word("spread", &["mean", "median"])? == Some("median") { Width::Median } else { width };
    charts(
        request,
        &style,
        &Series::of(request, |_| true)?,
        |slot| single(slot, &values),
        |values, phases| Ok(individuals(values, phases, (width, screen))),
    )
}
