//! `mean`: means with Student's interval, weighted or clustered too.

use std::collections::BTreeMap;

use super::counts::{FREQUENCY, frequencies, weights};
use super::grouped::{Groups, all_of, ends, numbers};
use super::{Answer, Fault, Method, Request, optional, preset, required};
use crate::stats::Reason;
use crate::stats::design::{Alike, DesignMean, Totals, design_mean};

pub(super) const METHOD: Method = Method {
    name: "mean",
    known_as: &[
        "stats::t.test",
        "survey::svymean",
        "survey::svyby",
        "statsmodels.stats.weightstats.DescrStatsW",
        "scipy.stats.t.interval",
    ],
    about: "means with t intervals; with weights, and robust to clusters (servers, respondents)",
    formula: "mean = Σwx/Σw; se² = G/(G−1) · Σ(Σw(x − mean) within the cluster / Σw)² over G clusters, df = G − 1, ends mean ± t·se. \
        Without --unit every observation is a cluster, without --weight too the error is s/√n. sd = √(n/(n−1) · Σw(x − \
        mean)²/Σw); n_effective = sd²/se². Weights are taken as fixed. One observation has a mean only; below two clusters the \
        rest is undefined (too_few). Fewer than 15 clusters make the interval likely too narrow.",
    source: "Student 1908; Binder 1983; Kish 1965",
    example: "data/examples/answers.csv --value score --by department --unit server",
    options: &[
        required("value", "column of the values"),
        optional("by", "column of the groups that have a mean of their own"),
        optional("weight", "column of weights"),
        optional("unit", "column of the clusters"),
        FREQUENCY,
        preset("level", "confidence of the interval", "0.95"),
    ],
    run,
};

/// Rows as clusters per group, values about an origin near them.
struct Sample {
    clusters: Vec<Vec<Alike>>,
    origin: f64,
    lost: u64,
}

fn sample(request: &Request<'_>, groups: &Groups) -> Result<Sample, Fault> {
    let (values, counts) = (numbers(request, "value")?, frequencies(request)?);
    let (weights, units) = (weights(request)?, request.texts_of("unit")?);
    let origin = values.iter().flatten().copied().next().unwrap_or(0.0);
    let mut named: Vec<BTreeMap<&str, Totals>> = vec![BTreeMap::new(); groups.names.len()];
    let mut singles: Vec<Vec<Alike>> = vec![Vec::new(); groups.names.len()];
    for row in 0..values.len() {
        let (Some(value), Some(weight), Some(group)) = (values[row], weights[row], groups.of_row[row]) else {
            continue;
        };
        let x = value - origin;
        if let Some(units) = &units {
            let Some(unit) = units[row].as_deref() else { continue };
            named[group].entry(unit).or_default().add(x, weight, counts[row] as f64);
        } else {
            let mut one = Totals::default();
            one.add(x, weight, 1.0);
            singles[group].push((one, counts[row] as f64));
        }
    }
    let join = |(named, singles): (BTreeMap<&str, Totals>, Vec<Alike>)| {
        named.into_values().map(|totals| (totals, 1.0)).chain(singles).collect()
    };
    let has_unit = |row: usize| units.as_ref().is_none_or(|units| units[row].is_some());
    let is_whole = |row: usize| values[row].is_some() && weights[row].is_some() && has_unit(row);
    let lost = groups.lost(&counts, is_whole);
    Ok(Sample { clusters: named.into_iter().zip(singles).map(join).collect(), origin, lost })
}

fn run(request: &Request<'_>) -> Result<Answer, Fault> {
    let (groups, level) = (Groups::of(request, "by")?.or_all(), request.level()?);
    let Sample { clusters, origin, lost } = sample(request, &groups)?;
    let mut answer = Answer::default();
    for (name, clusters) in groups.names.iter().zip(&clusters) {
        let total =
            |pick: fn(&Totals) -> f64| clusters.iter().map(|(part, times)| times * pick(part)).sum::<f64>();
        let (n, w, wx) = (total(|part| part.n), total(|part| part.w), total(|part| part.wx));
        let found = design_mean(clusters);
        answer.number(name, "n", n);
        answer.figure(name, "mean", if w > 0.0 { Ok(origin + wx / w) } else { Err(Reason::TooFew) });
        let rest = |found: DesignMean| [found.std_dev, found.std_error, found.df, found.n_clusters];
        all_of(&mut answer, name, ["sd", "se", "df", "units"], found.map(rest));
        let effective = |found: DesignMean| {
            let square = found.std_error * found.std_error;
            if square > 0.0 { Ok(found.std_dev * found.std_dev / square) } else { Err(Reason::NoVariation) }
        };
        answer.figure(name, "n_effective", found.and_then(effective));
        let interval =
            found.map(|found| found.interval(level)).map(|(low, high)| (origin + low, origin + high));
        ends(&mut answer, (name, ""), level, interval);
    }
    answer.rows_lost("all", lost);
    Ok(answer)
}

#[cfg(test)]
mod tests {
    use super::super::probe::{answer, check, number, same};
    use super::*;

    #[test]
    fn frequencies_and_single_rows_give_the_same() {
        let counted = "g,x,f\na,3,2\na,5,1\nb,1,3\nb,,1\n";
        let raw = "g,x\na,3\na,3\na,5\nb,1\nb,1\nb,1\nb,\n";
        same(
            &answer(&METHOD, counted, "--value x --by g --frequency f"),
            &answer(&METHOD, raw, "--value x --by g"),
        );
    }

    #[test]
    fn plain_and_hard_means() {
        // scipy.stats.t.interval on 1, 2, 4, 7; the same with an offset of 1e9.
        let found = answer(&METHOD, "x\n1\n2\n4\n7\n", "--value x");
        check(&found, "all", "ci95_low", -0.709_980_742_298_515_8);
        let far = answer(&METHOD, "x\n1000000001\n1000000002\n1000000004\n1000000007\n", "--value x");
        check(&far, "all", "se", 1.322_875_655_532_295_4);
        let one = answer(&METHOD, "x\n7\n", "--value x");
        check(&one, "all", "mean", 7.0);
        assert_eq!(number(&one, "all", "se"), Err(Reason::TooFew));
        assert_eq!(number(&answer(&METHOD, "x\n\n", "--value x"), "all", "mean"), Err(Reason::TooFew));
    }
}
