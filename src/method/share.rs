//! `share`: intervals of a share.

use std::collections::BTreeMap;

use super::counts::{FREQUENCY, weights};
use super::grouped::Groups;
use super::hits::Cases;
use super::{Answer, Fault, Method, Request, hits, optional, preset};
use crate::stats::Reason;
use crate::stats::design::{Alike, DesignMean, Totals, design_mean};
use crate::stats::share::{ShareInterval, share_interval, share_interval_uncut};

pub(super) const METHOD: Method = Method {
    name: "share",
    known_as: &[
        "binom::binom.confint",
        "stats::prop.test",
        "stats::binom.test",
        "DescTools::BinomCI",
        "survey::svyciprop",
        "statsmodels.stats.proportion.proportion_confint",
        "scipy.stats.binomtest",
        "PHEindicatormethods::phe_proportion",
    ],
    about: "intervals of shares: Wilson, exact, Jeffreys, Agresti-Coull; Korn-Graubard for weights and clusters",
    formula: "p = x/n per unit, with the ends low_LEVEL and high_LEVEL of:\n\
        wilson: (p + z²/2n ± z√(p(1−p)/n + z²/4n²)) / (1 + z²/n)\n\
        wilson-continuity: the same of (x ∓ ½)/n (Newcombe's method 4); prop.test takes no correction at p = ½: --convention \
        prop.test\n\
        exact: beta quantiles (x, n−x+1) and (x+1, n−x) (Clopper-Pearson)\n\
        jeffreys: quantiles of beta(x+½, n−x+½); 0 and 1 are ends at x = 0 and x = n, which statsmodels leaves out of its \
        interval: --convention statsmodels\n\
        agresti-coull and wald: p ± z√(p(1−p)/n), the former about (x + z²/2)/(n + z²); cut to 0..1, uncut with --convention \
        binom. Wald's has no width at 0 and 1 and is there for comparison only.\n\
        With --weight or --unit the trials are effective ones, p(1−p)/se²·(t of n−1 / t of G−1)², se linearised over G units: \
        `exact` (or `korn-graubard`) is then Korn and Graubard's interval, `wilson` the effective Wilson. They never pass n \
        (NCHS 2017); --convention survey lets them, as svyciprop does. At shares of 0 and 1 Kish's n, at most G. Undefined \
        (too_few) without cases, and with --weight or --unit below two units.",
    source: "Wilson 1927; Clopper and Pearson 1934; Agresti and Coull 1998; Newcombe 1998; Korn and Graubard 1998; Brown, Cai and DasGupta 2001",
    example: "data/examples/promises.csv --kept kept --n cases --by department --method wilson",
    options: &[
        hits::KEPT,
        hits::N,
        hits::VALUE,
        hits::TARGET,
        FREQUENCY,
        optional("by", "column of the units that have a share of their own"),
        optional("weight", "column of weights of single cases"),
        optional("unit", "column of the clusters that cases come in (servers, months)"),
        preset(
            "method",
            "wilson, wilson-continuity, exact (korn-graubard with weights or clusters), jeffreys, agresti-coull or wald",
            "wilson",
        ),
        preset("level", "confidence of the interval", "0.95"),
        optional("convention", "prop.test, statsmodels, binom or survey, where they differ"),
    ],
    run,
};

/// What is asked for.
struct Plan {
    method: ShareInterval,
    level: f64,
    convention: Option<&'static str>,
    /// Whether cases have weights or come in clusters.
    is_design: bool,
}

fn plan(request: &Request<'_>) -> Result<Plan, Fault> {
    const METHODS: [&str; 7] =
        ["wilson", "wilson-continuity", "exact", "korn-graubard", "jeffreys", "agresti-coull", "wald"];
    let is_design = request.has("weight") || request.has("unit");
    let method = request.word("method", &METHODS)?;
    let convention = match (method, is_design) {
        (Some("wilson-continuity"), true) => request.word("convention", &["survey", "prop.test"])?,
        (Some("wilson-continuity"), false) => request.word("convention", &["prop.test"])?,
        (Some("jeffreys"), true) => request.word("convention", &["survey", "statsmodels"])?,
        (Some("jeffreys"), false) => request.word("convention", &["statsmodels"])?,
        (_, true) => request.word("convention", &["survey"])?,
        (Some("agresti-coull" | "wald"), false) => request.word("convention", &["binom"])?,
        // The other intervals have no convention but ours.
        _ => None,
    };
    let method = match method {
        Some("wilson-continuity") if convention == Some("prop.test") => ShareInterval::PropTest,
        Some("wilson-continuity") => ShareInterval::WilsonContinuity,
        Some("exact" | "korn-graubard") => ShareInterval::Exact,
        Some("jeffreys") if convention == Some("statsmodels") => ShareInterval::JeffreysTails,
        Some("jeffreys") => ShareInterval::Jeffreys,
        Some("agresti-coull") => ShareInterval::AgrestiCoull,
        Some("wald") => ShareInterval::Wald,
        _ => ShareInterval::Wilson,
    };
    Ok(Plan { method, level: request.level()?, convention, is_design })
}

fn run(request: &Request<'_>) -> Result<Answer, Fault> {
    let plan = plan(request)?;
    let groups = Groups::of(request, "by")?.or_all();
    let mut answer = Answer::default();
    if !plan.is_design {
        let (all, lost) = hits::of_groups(request, &groups)?;
        for (name, one) in groups.names.iter().zip(all) {
            let interval =
                if plan.convention == Some("binom") { share_interval_uncut } else { share_interval };
            let share = if one.n > 0.0 { Ok(one.hits / one.n) } else { Err(Reason::TooFew) };
            described(&mut answer, name, [Ok(one.hits), Ok(one.n), share]);
            limits(&mut answer, name, plan.level, interval((one.hits, one.n), plan.method, plan.level));
        }
        answer.rows_lost("all", lost);
        return Ok(answer);
    }
    let (all, lost) = clusters(request, &groups)?;
    for (name, clusters) in groups.names.iter().zip(all) {
        let found = design_mean(&clusters);
        let totals = |pick: fn(&DesignMean) -> f64| found.as_ref().map(pick).map_err(|reason| *reason);
        let hits = clusters.iter().map(|(part, times)| times * part.wx).sum::<f64>();
        described(&mut answer, name, [Ok(hits), totals(|found| found.n), totals(|found| found.mean)]);
        let trials = found.map(|found| found.effective_trials(plan.level, plan.convention != Some("survey")));
        answer.figure(name, "se", totals(|found| found.std_error));
        answer.figure(name, "units", totals(|found| found.n_clusters));
        answer.figure(name, "n_effective", trials);
        let interval = found.and_then(|found| found.share_interval(trials?, plan.method, plan.level));
        limits(&mut answer, name, plan.level, interval);
    }
    answer.rows_lost("all", lost);
    Ok(answer)
}

fn described(answer: &mut Answer, name: &str, [x, n, p]: [Result<f64, Reason>; 3]) {
    answer.figure(name, "x", x);
    answer.figure(name, "n", n);
    answer.figure(name, "p", p);
}

fn limits(answer: &mut Answer, name: &str, level: f64, interval: Result<(f64, f64), Reason>) {
    answer.figure(name, &format!("low_{level}"), interval.map(|ends| ends.0));
    answer.figure(name, &format!("high_{level}"), interval.map(|ends| ends.1));
}

/// Returns the clusters of every group: those of `--unit`, else every single case; and how many rows are lost.
fn clusters(request: &Request<'_>, groups: &Groups) -> Result<(Vec<Vec<Alike>>, u64), Fault> {
    let Cases { rows, counts } = hits::of_rows(request)?;
    let (weights, units) = (weights(request)?, request.texts_of("unit")?);
    if units.is_none() && !request.has("value") {
        return Err(Fault::new(
            "counted cases have no weights of their own",
            "give single cases with --value, or --unit",
        ));
    }
    let mut named: Vec<BTreeMap<&str, Totals>> = vec![BTreeMap::new(); groups.names.len()];
    let mut singles: Vec<Vec<Alike>> = vec![Vec::new(); groups.names.len()];
    for (row, (one, weight)) in rows.iter().zip(&weights).enumerate() {
        let (Some(one), Some(group), Some(weight)) = (one, groups.of_row[row], *weight) else { continue };
        if let Some(units) = &units {
            let Some(unit) = units[row].as_deref() else { continue };
            let cluster = named[group].entry(unit).or_default();
            cluster.add(1.0, weight, one.hits);
            cluster.add(0.0, weight, one.n - one.hits);
        } else if one.n > 0.0 {
            let mut case = Totals::default();
            case.add(if one.hits > 0.0 { 1.0 } else { 0.0 }, weight, 1.0);
            singles[group].push((case, counts[row] as f64));
        }
    }
    let join = |(named, singles): (BTreeMap<&str, Totals>, Vec<Alike>)| {
        named.into_values().map(|totals| (totals, 1.0)).chain(singles).collect()
    };
    let has_unit = |row: usize| units.as_ref().is_none_or(|units| units[row].is_some());
    let is_whole = |row: usize| rows[row].is_some() && weights[row].is_some() && has_unit(row);
    let lost = groups.lost(&counts, is_whole);
    Ok((named.into_iter().zip(singles).map(join).collect(), lost))
}

#[cfg(test)]
mod tests {
    use super::super::probe::{answer, call, check, number, same, table};
    use super::*;

    const COUNTS: &str = "d,k,n\nA,5,7\nB,0,3\nC,,\n";
    const RAW: &str = "d,y\nA,1\nA,1\nA,1\nA,1\nA,1\nA,0\nA,0\nB,0\nB,0\nB,0\nC,\n";

    #[test]
    fn counts_and_single_cases_give_the_same() {
        for method in ["wilson", "wilson-continuity", "exact", "jeffreys", "agresti-coull", "wald"] {
            let counted = answer(&METHOD, COUNTS, &format!("--kept k --n n --by d --method {method}"));
            let raw = answer(&METHOD, RAW, &format!("--value y --by d --method {method}"));
            same(&counted, &raw);
            assert_eq!(number(&raw, "C", "low_0.95"), Err(Reason::TooFew));
        }
        let found = answer(&METHOD, COUNTS, "--kept k --n n --by d --level 0.95");
        check(&found, "A", "low_0.95", 0.358_934_451_832_619_4);
    }

    #[test]
    fn clusters_counted_or_raw_give_the_same() {
        // Two departments' kept promises by month, as counts and as single cases.
        let counted = "u,k,n\n1,3,4\n2,1,2\n3,0,2\n4,2,2\n";
        let raw = "u,y\n1,1\n1,1\n1,1\n1,0\n2,1\n2,0\n3,0\n3,0\n4,1\n4,1\n";
        for method in ["wilson", "exact"] {
            let one = answer(&METHOD, counted, &format!("--kept k --n n --unit u --method {method}"));
            let other = answer(&METHOD, raw, &format!("--value y --unit u --method {method}"));
            same(&one, &other);
            assert!(number(&one, "all", "n_effective").expect("defined") < 10.0);
        }
    }

    #[test]
    fn equal_weights_are_no_weights_but_for_a_degree_of_freedom() {
        let rows: String = (0..40).map(|i| format!("{},2\n", u8::from(i % 4 > 0))).collect();
        let found = answer(&METHOD, &format!("y,w\n{rows}"), "--value y --weight w");
        check(&found, "all", "n_effective", 39.0);
        check(&found, "all", "p", 0.75);
    }

    #[test]
    fn wrong_calls_are_told() {
        for options in [
            "--kept k",
            "--kept n --n k --by d",
            "--value d",
            "--kept k --n n --weight n",
            "--kept k --n n --method best",
        ] {
            assert!(call(&METHOD, &table(COUNTS), options).is_err(), "{options}");
        }
    }
}
