//! `panel-correlation`: pooled, within and between units side by side, and lagged.

use super::correlation::kind;
use super::rows::{LEVEL, Rows, ci, encode, ends, given};
use super::{Answer, Fault, Method, Request, optional, preset, required};
use crate::random::Random;
use crate::stats::Reason;
use crate::stats::adjust::Adjustment;
use crate::stats::association::{Association, Kind, Spread, associate};
use crate::stats::correlation::smallest_detectable;
use crate::stats::panel::{
    Cells, Coefficient, PanelCorrelation, between, one_way, reliability, two_way, unit_means,
};
use crate::stats::reliability::disattenuated;
use crate::stats::within::{Rows as Panel, Stratified, differences, lagged, stratified_kendall};

pub(super) const METHOD: Method = Method {
    name: "panel-correlation",
    known_as: &["psych::statsBy", "rmcorr::rmcorr", "plm::plm(effect = \"twoways\")", "fixest::feols"],
    about: "Correlation in a panel of units and periods: two-way within (the headline), one-way within, between units, pooled, and lagged",
    formula: "two_way: r of the residuals of x and of y after least squares on unit and period dummies, df = N - D - T (N cells, D units, T periods, \
connected panel); interval and p by bootstrap-t of whole units, below 15 units p by permuting series between units and no interval; p_value_t is \
the t form that takes cells as independent. one_way: period effects left in (repeated measures). between: of the unit means, weighted by cells. \
pooled: all cells, which mixes the three and is told for comparison only. spearman: midranks over all cells first, for all \
of these; kendall: one_way is tau-b of the pairs of cells within units, interval by percentiles over draws of units (from 15 units on), between is tau-b of \
the unit means, each counting once, two_way is not_applicable. --lags 1,2: x of a period with y of so many periods later, two-way within; p_holm over the lags. --type differences: changes since \
the period before. smallest_detectable: |r| seen with power .80. --x-error, --y-error: columns of standard errors, for reliabilities and the \
corrected r. Undefined: too_few without a degree of freedom, no_variation where nothing of a side remains.",
    source: "Bakdash and Marusich (2017); Cameron, Gelbach and Miller (2008), Review of Economics and Statistics 90; Spearman (1904)",
    example: "data/examples/panel.csv --x kept --y satisfaction --by department --time month --lags 1 --replicates 200",
    options: &[
        required("x", "one column"),
        required("y", "the other column"),
        required("by", "column of the units (departments)"),
        required("time", "column of the periods: 2024-01, 2024-01-31, or whole numbers"),
        preset("method", "pearson, spearman or kendall", "pearson"),
        preset("type", "values or differences", "values"),
        optional("lags", "periods by which y follows x, as 1,2"),
        optional("x-error", "column of the standard errors of x"),
        optional("y-error", "column of the standard errors of y"),
        LEVEL,
        preset("replicates", "draws of units", "2000"),
        preset("seed", "name of the random numbers", "1"),
    ],
    run,
};

/// Returns the number of each period: months of a calendar, whole numbers, or else the place in order.
fn periods(words: &[&str]) -> Vec<usize> {
    let month = |word: &&str| -> Option<i64> {
        let mut parts = word.splitn(3, '-');
        let (year, month): (i64, i64) = (parts.next()?.parse().ok()?, parts.next()?.parse().ok()?);
        (year > 0 && (1..=12).contains(&month)).then_some(year * 12 + month)
    };
    let whole = |word: &&str| {
        word.parse::<f64>().ok().filter(|v| v.fract() == 0.0 && v.abs() < 1e9).map(|v| v as i64)
    };
    let numbered =
        |number: &dyn Fn(&&str) -> Option<i64>| words.iter().map(number).collect::<Option<Vec<i64>>>();
    let mut distinct: Vec<&str> = words.to_vec();
    distinct.sort_unstable();
    distinct.dedup();
    let one_a_month = |months: &Vec<i64>| {
        let mut months = months.clone();
        months.sort_unstable();
        months.dedup();
        months.len() == distinct.len()
    };
    let numbers = numbered(&whole).or_else(|| numbered(&month).filter(one_a_month));
    match numbers {
        Some(numbers) => {
            let first = numbers.iter().copied().min().unwrap_or(0);
            numbers.iter().map(|number| (number - first) as usize).collect()
        }
        None => words.iter().map(|word| distinct.binary_search(word).unwrap_or(0)).collect(),
    }
}

/// Reads the complete rows, the columns of errors, and how many rows are lost.
fn read(request: &Request<'_>) -> Result<(Panel, Vec<Vec<f64>>, usize), Fault> {
    let rows = Rows::new(request)?;
    let mut columns = vec![rows.numbers(given(request, "x")?)?, rows.numbers(given(request, "y")?)?];
    for option in ["x-error", "y-error"] {
        columns.extend(request.numbers_of(option)?);
    }
    let (by, time) = (rows.texts(given(request, "by")?)?, rows.texts(given(request, "time")?)?);
    let full =
        |&i: &usize| columns.iter().all(|column| column[i].is_some()) && by[i].is_some() && time[i].is_some();
    let kept: Vec<usize> = (0..by.len()).filter(full).collect();
    let lost = by.len() - kept.len();
    let words =
        |texts: &'_ [Option<String>]| kept.iter().filter_map(|&i| texts[i].clone()).collect::<Vec<String>>();
    let (by, time) = (words(&by), words(&time));
    let unit = encode(&by.iter().map(String::as_str).collect::<Vec<&str>>()).0;
    let period = periods(&time.iter().map(String::as_str).collect::<Vec<&str>>());
    let mut cells: Vec<(usize, usize)> = unit.iter().copied().zip(period.iter().copied()).collect();
    cells.sort_unstable();
    if let Some(twice) = cells.windows(2).find(|pair| pair[0] == pair[1]) {
        let name = unit.iter().position(|&one| one == twice[0].0).map_or("", |place| &by[place]);
        let message = format!("`{name}` has two rows in one period");
        return Err(Fault::new(message, "give one row a unit and period, or use `rm-correlation`"));
    }
    let mut sides = columns.iter().map(|column| kept.iter().filter_map(|&i| column[i]).collect::<Vec<f64>>());
    let (x, y) = (sides.next().unwrap_or_default(), sides.next().unwrap_or_default());
    Ok(((unit, period, x, y), sides.collect(), lost))
}

fn cells(panel: &Panel) -> Cells<'_> {
    Cells { unit: &panel.0, period: &panel.1, x: &panel.2, y: &panel.3 }
}

/// How intervals are made: their level, draws of units, the name of the random numbers.
#[derive(Clone, Copy)]
struct Plan<'a> {
    level: f64,
    draws: usize,
    seed: &'a str,
}

impl Plan<'_> {
    fn random(&self, part: &str) -> Random {
        Random::new(&["panel-correlation", self.seed, part])
    }

    /// The two-way correlation of these cells; Kendall's tau has none.
    fn two_way(&self, panel: &Panel, kind: Kind, part: &str) -> Result<PanelCorrelation, Reason> {
        let coefficient = coefficient(kind).ok_or(Reason::NotApplicable)?;
        two_way(&cells(panel), coefficient, self.level, self.draws, &mut self.random(part))
    }
}

/// Returns the coefficient of residuals; nothing for Kendall's tau, which has none.
fn coefficient(kind: Kind) -> Option<Coefficient> {
    match kind {
        Kind::Pearson => Some(Coefficient::Pearson),
        Kind::Spearman => Some(Coefficient::Spearman),
        Kind::Kendall => None,
    }
}

fn run(request: &Request<'_>) -> Result<Answer, Fault> {
    let (kind, draws) = (kind(request)?, request.whole("replicates")?.unwrap_or(0));
    let plan = Plan { level: request.level()?, draws, seed: request.option("seed").unwrap_or("") };
    let (mut panel, errors, lost) = read(request)?;
    let changes = request.word("type", &["values", "differences"])? == Some("differences");
    if changes {
        panel = differences(&panel);
    }
    let mut answer = Answer::default();
    let two = plan.two_way(&panel, kind, "two_way");
    describe(&mut answer, "two_way", plan.level, two);
    match coefficient(kind) {
        Some(coefficient) => {
            describe(&mut answer, "one_way", plan.level, one_way(&cells(&panel), coefficient, plan.level));
            let random = &mut plan.random("between");
            let means = between(&cells(&panel), coefficient, plan.level, draws, random);
            describe(&mut answer, "between", plan.level, means);
            signs(&mut answer, two.map(value), means.map(value));
        }
        None => kendall(&mut answer, &panel, plan),
    }
    let pooled = associate(kind, &panel.2, &panel.3);
    answer.figure("pooled", "estimate", pooled.map(|pooled| pooled.value));
    lags(request, &mut answer, (&panel, kind), plan)?;
    if !errors.is_empty() && !changes {
        corrected(request, &mut answer, (&panel, &errors), two);
    }
    answer.rows_lost("all", lost as u64);
    Ok(answer)
}

fn value(found: PanelCorrelation) -> f64 {
    found.correlation.estimate.value
}

/// Kendall's tau within units and between them.
fn kendall(answer: &mut Answer, panel: &Panel, plan: Plan<'_>) {
    let within = stratified_kendall(&panel.0, &panel.2, &panel.3);
    let told = |pick: fn(&Stratified) -> f64| within.as_ref().map(pick).map_err(|why| *why);
    answer.figure("one_way", "estimate", told(|found| found.value));
    answer.figure("one_way", "n", told(|found| found.n as f64));
    answer.figure("one_way", "units", told(|found| found.strata as f64));
    answer.figure("one_way", "p_value", within.as_ref().map_err(|why| *why).and_then(|found| found.p_value));
    let interval = within.as_ref().map_err(|why| *why);
    let interval =
        interval.and_then(|found| found.interval(plan.level, plan.draws, &mut plan.random("one_way")));
    ends(answer, "one_way", (&ci(plan.level), ""), interval);
    let (x, y) = unit_means(&cells(panel));
    let means: Result<Association, Reason> = associate(Kind::Kendall, &x, &y);
    answer.figure("between", "estimate", means.map(|found| found.value));
    answer.figure("between", "units", means.map(|found| found.n as f64));
    answer.figure("between", "p_value", means.and_then(|found| found.p_value));
    let interval = means.and_then(|found| found.interval(plan.level, Spread::Own));
    ends(answer, "between", (&ci(plan.level), ""), interval);
    signs(answer, told(|found| found.value), means.map(|found| found.value));
}

fn describe(answer: &mut Answer, element: &str, level: f64, found: Result<PanelCorrelation, Reason>) {
    let estimate = found.map(|found| found.correlation.estimate);
    answer.figure(element, "estimate", estimate.map(|estimate| estimate.value));
    if let Ok(found) = found {
        answer.number(element, "n", found.correlation.estimate.n as f64);
        answer.number(element, "units", found.n_units as f64);
        answer.number(element, "periods", found.n_periods as f64);
        answer.number(element, "df", found.correlation.df);
    }
    answer.figure(
        element,
        "p_value",
        found.and_then(|found| found.correlation.p_value.ok_or(Reason::TooFew)),
    );
    answer.figure(element, "p_value_t", found.and_then(|found| found.p_value_t.ok_or(Reason::TooFew)));
    let interval = estimate.and_then(|estimate| estimate.lower.zip(estimate.upper).ok_or(Reason::TooFew));
    ends(answer, element, (&ci(level), ""), interval);
    answer.figure(
        element,
        "smallest_detectable",
        found.and_then(|found| smallest_detectable(found.correlation.df)),
    );
}

/// Whether units that are higher on x than others, and units in their better periods, tell the same.
fn signs(answer: &mut Answer, within: Result<f64, Reason>, between: Result<f64, Reason>) {
    if let (Ok(within), Ok(between)) = (within, between) {
        let word = if within * between >= 0.0 { "agree" } else { "disagree" };
        answer.text("all", "signs_within_and_between", word);
    }
}

fn lags(
    request: &Request<'_>,
    answer: &mut Answer,
    (panel, kind): (&Panel, Kind),
    plan: Plan<'_>,
) -> Result<(), Fault> {
    let mut found = vec![];
    for text in request.list("lags") {
        let lag = text.parse::<usize>();
        let lag = lag.map_err(|_| {
            Fault::new(format!("`--lags {text}` is not a whole number"), "write `--lags 1,2`, say")
        })?;
        let name = format!("two_way lag {lag}");
        let one = plan.two_way(&lagged(panel, lag), kind, &name);
        describe(answer, &name, plan.level, one);
        found.push((name, one));
    }
    let p_values: Vec<Option<f64>> = found.iter().map(|(_, one)| one.ok()?.correlation.p_value).collect();
    for ((name, one), p) in found.iter().zip(Adjustment::Holm.adjust(&p_values)) {
        answer.figure(name, "p_holm", p.ok_or(one.err().unwrap_or(Reason::TooFew)));
    }
    Ok(())
}

/// Adds what sampling error hides: the reliability of each side and the correlation without it.
fn corrected(
    request: &Request<'_>,
    answer: &mut Answer,
    (panel, errors): (&Panel, &[Vec<f64>]),
    two: Result<PanelCorrelation, Reason>,
) {
    let mut found = vec![];
    let mut errors = errors.iter();
    for (option, side) in [("x-error", &panel.2), ("y-error", &panel.3)] {
        let error = request.option(option).and_then(|_| errors.next());
        let of_side = error.map_or(Ok(1.0), |error| reliability(&panel.0, &panel.1, side, error));
        answer.figure("two_way", &format!("reliability_{}", &option[..1]), of_side);
        found.push(of_side);
    }
    let value = two.and_then(|two| disattenuated(two.correlation.estimate.value, found[0]?, found[1]?));
    answer.figure("two_way", "disattenuated", value);
}

#[cfg(test)]
mod tests {
    use super::super::probe::{answer, check, number};
    use super::*;

    /// Twenty units of four periods, levels of x and y going apart, their changes together.
    fn panel() -> String {
        let row = |i: usize| {
            let (unit, time) = (i / 4, i % 4);
            let (change, noise) = ((i * 7 + unit) % 5, (i * 11 + 3 * unit) % 4);
            format!("u{unit},{time},{},{}\n", 10 * unit + 2 * change, 300 - 10 * unit + 2 * change + noise)
        };
        std::iter::once("u,t,x,y\n".to_owned()).chain((0..80).map(row)).collect()
    }

    const CALL: &str = "--x x --y y --by u --time t --replicates 199";

    #[test]
    fn a_higher_level_is_wider() {
        for method in ["pearson", "spearman", "kendall"] {
            let of =
                |level: &str| answer(&METHOD, &panel(), &format!("{CALL} --method {method} --level {level}"));
            let (narrow, wide) = (of("0.8"), of("0.99"));
            for element in ["two_way", "one_way", "between"] {
                if method == "kendall" && element == "two_way" {
                    assert_eq!(number(&wide, element, "ci99_low"), Err(Reason::NotApplicable));
                    continue;
                }
                let estimate = number(&wide, element, "estimate").expect("defined");
                let low = |answer: &Answer, name: &str| number(answer, element, name).expect("an end");
                assert!(
                    low(&wide, "ci99_low") <= low(&narrow, "ci80_low")
                        && low(&narrow, "ci80_low") <= estimate
                );
                assert!(low(&wide, "ci99_high") >= low(&narrow, "ci80_high"), "{method} {element}");
            }
        }
    }

    #[test]
    fn kendall_tells_within_and_between() {
        let found = answer(&METHOD, &panel(), &format!("{CALL} --method kendall"));
        check(&found, "between", "estimate", -1.0);
        check(&found, "one_way", "units", 20.0);
        assert!(number(&found, "one_way", "estimate").expect("defined") > 0.3);
        let word = found.rows.iter().find(|row| row.quantity == "signs_within_and_between").expect("told");
        assert_eq!(word.value, super::super::Value::Text("disagree".to_owned()));
    }
}
