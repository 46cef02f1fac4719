//! `concord stat i-prime`: means whose number of answers changes from period to period.

use super::control_chart::{QICHARTS, charts, with_common};
use super::series::{Series, counted};
use super::{Answer, Fault, Method, Request, optional, required};
use crate::stats::attributes::normalised_individuals;

pub(super) const METHOD: Method = Method {
    name: "i-prime",
    known_as: &["qicharts2::qic(chart = \"ip\")", "I' chart", "normalised I chart"],
    about: "I' chart of means or rates whose number of answers changes, such as satisfaction by month",
    formula: "y = Σ value·n/Σn of a period's rows (n = 1 for single answers, so that answers and means give the same chart), cl = Σyn/Σn of the baseline, \
              limits cl ± 3·s̄/√n, s̄ = mean of √(π/2)·|yᵢ − yᵢ₋₁|/√(1/nᵢ + 1/nᵢ₋₁). n is the effective number where answers are weighted. All is \
              estimated from the baseline; qicharts2 takes s̄ from all points even when frozen, so that later spikes widen their own limits. A constant \
              baseline has limits of no width, `chance` as in xmr. NHS rules, runs, gaps and targets as in xmr. Undefined (too_few) without two \
              neighbours in the baseline.",
    source: "Taylor, Normalized Individuals (I') Control Chart (2017)",
    example: "data/examples/scores.csv --value score --n answers --time month",
    options: &with_common::<12>(&[
        required("value", "column with the mean (or answer) of a row"),
        optional("n", "column with the number of answers of a row; 1 without it"),
    ]),
    run,
};

fn run(request: &Request<'_>) -> Result<Answer, Fault> {
    let (values, numbers) = counted(request, "value")?;
    let read = |slot: &super::calendar::Slot| {
        let pairs =
            || slot.rows.iter().filter_map(|&row| values[row].zip(numbers[row])).filter(|&(_, n)| n > 0.0);
        let first = pairs().next().map(|(value, _)| value);
        let sums =
            pairs().fold((0.0, 0.0), |sums, (y, n)| (sums.0 + (y - first.unwrap_or(0.0)) * n, sums.1 + n));
        Ok(first.map(|first| (first + sums.0 / sums.1, sums.1)))
    };
    let series = Series::of(request, |row| values[row].is_some() && numbers[row].is_some())?;
    charts(request, &QICHARTS, &series, read, |means, phases| Ok(normalised_individuals(means, phases)))
}
