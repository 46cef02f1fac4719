//! `compare`: two groups compared, by means and by ranks.

use super::counts::FREQUENCY;
use super::grouped::{Groups, all_of, ends, figures, tallied};
use super::{Answer, Fault, Method, Request, optional, preset, required};
use crate::stats::Reason;
use crate::stats::peer::Search;
use crate::stats::ranks::{brunner_munzel, dominance, mann_whitney};
use crate::stats::tally::{Summary, Tally};
use crate::stats::two_means::{
    Effect, MeanTest, Standard, hedges, hedges_approximate, hedges_variance, standardised, student_test,
    welch_test,
};

pub(super) const METHOD: Method = Method {
    name: "compare",
    known_as: &[
        "stats::t.test",
        "stats::wilcox.test",
        "effectsize::hedges_g",
        "effectsize::cohens_d",
        "effectsize::glass_delta",
        "effectsize::rank_biserial",
        "effsize::cohen.d",
        "effsize::cliff.delta",
        "effsize::VD.A",
        "metafor::escalc(SMD)",
        "pingouin.compute_effsize",
        "pingouin.ttest",
        "pingouin.mwu",
        "scipy.stats.ttest_ind",
        "scipy.stats.mannwhitneyu",
        "scipy.stats.brunnermunzel",
        "brunnermunzel::brunnermunzel.test",
    ],
    about: "two groups: Welch's and Student's t, Mann-Whitney, Brunner-Munzel, Hedges' g, Cohen's d, Glass's Δ, Cliff's δ, A",
    formula: "First group minus second throughout. t_welch, t_pooled: difference, statistic, df, p_value and interval. mann_whitney: \
        W = pairs in which the first is larger, ties one half; p normal with ties in the variance, with and without continuity \
        correction; p_value_exact below 50 a group without ties. brunner_munzel: \
        whether either group has the larger values as often, whatever the dispersions; its statistic is second minus first, as \
        in scipy. cohens_d = difference / pooled s; hedges_g = J·d, J = \
        Γ(df/2)/(√(df/2)·Γ((df−1)/2)); hedges_g_av by the root of the mean variance, glass_delta by the s of the second group; \
        ends from the noncentral t distribution (the search of R effectsize stops within 1e-6 of them: --convention \
        effectsize). --convention effsize: factor 1 − 3/(4N−9) and a symmetric t interval for hedges_g, as effsize and \
        pingouin take. hedges_g also has metafor's variances. rank_biserial = cliff_delta = P(X>Y) − P(X<Y): the former with \
        Fisher's z interval, the latter with Cliff's own; vargha_delaney_A = (δ+1)/2. Undefined: too_few below the \
        observations that each needs, no_variation without any dispersion (δ = ±1 has no interval).",
    source: "Welch 1947; Mann and Whitney 1947; Brunner and Munzel 2000; Hedges 1981; Steiger and Fouladi 1997; Cliff 1993; Vargha and Delaney 2000",
    example: "data/examples/performers.csv --value level --by group --groups high,average",
    options: &[
        required("value", "column of the values"),
        required("by", "column of the groups"),
        optional("groups", "the two groups, first minus second; needed where there are more"),
        FREQUENCY,
        preset("level", "confidence of the intervals", "0.95"),
        optional("convention", "effectsize: ends where its search stops; effsize: its approximate Hedges' g"),
    ],
    run,
};

type Pair = Result<(Summary, Summary), Reason>;

fn run(request: &Request<'_>) -> Result<Answer, Fault> {
    let (groups, level) = (Groups::of(request, "by")?, request.level()?);
    groups.two()?;
    let convention = request.word("convention", &["effectsize", "effsize"])?;
    let (tally, lost) = tallied(request, &groups)?;
    let summaries = tally.summaries();
    let both = summaries[0].and_then(|first| Ok((first, summaries[1]?)));
    let mut answer = Answer::default();
    groups.tell(&mut answer);
    answer.rows_lost("summary", lost);
    described(&mut answer, &tally, &summaries);
    let told = |test: MeanTest| test.times(tally.unit);
    test(&mut answer, "t_welch", level, both.and_then(|(a, b)| welch_test(&a, &b, level)).map(told));
    test(&mut answer, "t_pooled", level, both.and_then(|(a, b)| student_test(&a, &b, level)).map(told));
    ranks(&mut answer, &tally);
    standardised_effects(&mut answer, both, level, convention);
    let found = dominance(&tally, level);
    effect(
        &mut answer,
        "rank_biserial",
        level,
        found.and_then(|found| found.fisher),
        found.map(|found| found.delta),
    );
    effect(
        &mut answer,
        "cliff_delta",
        level,
        found.and_then(|found| found.cliff),
        found.map(|found| found.delta),
    );
    answer.figure("vargha_delaney_A", "estimate", found.map(|found| found.a));
    Ok(answer)
}

fn described(answer: &mut Answer, tally: &Tally, summaries: &[Result<Summary, Reason>]) {
    for (place, one) in summaries.iter().enumerate() {
        let number = place + 1;
        answer.number("summary", &format!("n{number}"), tally.size(place));
        answer.figure(
            "summary",
            &format!("mean{number}"),
            one.map(|one| (tally.origin() + one.mean) * tally.unit),
        );
        let spread = one.and_then(|one| one.variance()).map(|square| square.sqrt() * tally.unit);
        answer.figure("summary", &format!("sd{number}"), spread);
    }
}

fn test(answer: &mut Answer, element: &str, level: f64, found: Result<MeanTest, Reason>) {
    let numbers = found.map(|found| [found.difference, found.statistic, found.df, found.p_value]);
    all_of(answer, element, ["difference", "statistic", "df", "p_value"], numbers);
    ends(answer, (element, ""), level, found.map(|found| (found.lower, found.upper)));
}

fn ranks(answer: &mut Answer, tally: &Tally) {
    let found = mann_whitney(tally);
    let rows = [
        ("W", found.map(|found| found.w)),
        ("p_value_continuity", found.map(|found| found.p_continuity)),
        ("p_value_plain", found.map(|found| found.p_plain)),
        ("p_value_exact", found.and_then(|found| found.p_exact)),
    ];
    figures(answer, "mann_whitney", &rows);
    let numbers = brunner_munzel(tally).map(|found| [found.statistic, found.df, found.p_value]);
    all_of(answer, "brunner_munzel", ["statistic", "df", "p_value"], numbers);
}

fn standardised_effects(answer: &mut Answer, both: Pair, level: f64, convention: Option<&str>) {
    let search = if convention == Some("effectsize") { Search::Peer } else { Search::Exact };
    let mut row = |element: &str, found: Result<Effect, Reason>| {
        effect(answer, element, level, found, found.map(|found| found.estimate));
    };
    row(
        "hedges_g",
        both.and_then(|(a, b)| match convention {
            Some("effsize") => hedges_approximate(&a, &b, level),
            _ => hedges(&a, &b, Standard::Pooled, level, search),
        }),
    );
    row("cohens_d", both.and_then(|(a, b)| standardised(&a, &b, Standard::Pooled, level, search)));
    row("hedges_g_av", both.and_then(|(a, b)| hedges(&a, &b, Standard::Average, level, search)));
    row("glass_delta", both.and_then(|(a, b)| standardised(&a, &b, Standard::Second, level, search)));
    let variances =
        both.and_then(|(a, b)| hedges_variance(&a, &b)).map(|(large, unbiased)| [large, unbiased]);
    all_of(answer, "hedges_g", ["variance_large_sample", "variance_unbiased"], variances);
}

/// Adds an effect whose estimate may exist without its interval.
fn effect(
    answer: &mut Answer,
    element: &str,
    level: f64,
    interval: Result<Effect, Reason>,
    estimate: Result<f64, Reason>,
) {
    answer.figure(element, "estimate", estimate);
    ends(answer, (element, ""), level, interval.map(|found| (found.lower, found.upper)));
}

#[cfg(test)]
mod tests {
    use super::super::probe::{answer, call, check, number, same, table};
    use super::*;

    #[test]
    fn agrees_with_effectsize_and_effsize() {
        // statistics.md 4.6, and both peers' searches and factors.
        let rows =
            "g,x\nb,2.6\nb,2.4\nb,3\nb,2.8\nb,2.2\nb,2.9\nb,2.5\na,1.8\na,2.1\na,2.3\na,1.5\na,2.0\na,1.9\n";
        let found = answer(&METHOD, rows, "--value x --by g --groups b,a");
        assert!((number(&found, "hedges_g", "estimate").expect("defined") - 2.302128411876).abs() < 1e-11);
        let peer = answer(&METHOD, rows, "--value x --by g --groups b,a --convention effectsize");
        assert!((number(&peer, "hedges_g", "ci95_low").expect("defined") - 0.885412691).abs() < 1e-9);
        assert!((number(&peer, "hedges_g", "ci95_high").expect("defined") - 3.664204456).abs() < 1e-9);
        let peer = answer(&METHOD, rows, "--value x --by g --groups b,a --convention effsize");
        assert!((number(&peer, "hedges_g", "estimate").expect("defined") - 2.302803603739).abs() < 1e-11);
    }

    #[test]
    fn counts_and_single_rows_give_the_same() {
        let raw = "g,x\na,1\na,2\na,2\nb,3\nb,2\nb,3\n";
        let counted = "g,x,f\na,1,1\na,2,2\nb,3,2\nb,2,1\n";
        same(
            &answer(&METHOD, raw, "--value x --by g"),
            &answer(&METHOD, counted, "--value x --by g --frequency f"),
        );
    }

    #[test]
    fn hard_cases_say_why() {
        let constant = answer(&METHOD, "g,x\na,1\na,1\nb,1\nb,1\n", "--value x --by g");
        for element in ["t_welch", "t_pooled"] {
            assert_eq!(number(&constant, element, "p_value"), Err(Reason::NoVariation));
        }
        assert_eq!(number(&constant, "hedges_g", "estimate"), Err(Reason::NoVariation));
        check(&constant, "vargha_delaney_A", "estimate", 0.5);
        let empty = answer(&METHOD, "g,x\na,\nb,1\n", "--value x --by g");
        assert_eq!(number(&empty, "mann_whitney", "W"), Err(Reason::TooFew));
        assert!(call(&METHOD, &table("g,x\na,1\n"), "--value x --by g").is_err());
    }
}
