//! `compare-groups`: several groups compared.

use super::grouped::{Groups, all_of, ends, tally};
use super::{Answer, Fault, Method, Request, optional, preset, required};
use crate::stats::Reason;
use crate::stats::correlation::{benjamini_hochberg, holm};
use crate::stats::groups::{Anova, Explained, FTest, anova, bartlett, brown_forsythe, fligner, welch_anova};
use crate::stats::peer::Search;
use crate::stats::ranks::kruskal_wallis;
use crate::stats::tally::{Summary, Tally};
use crate::stats::two_means::welch_test;
use crate::stats::two_shares::ChiSquare;

pub(super) const METHOD: Method = Method {
    name: "compare-groups",
    known_as: &[
        "stats::aov",
        "stats::oneway.test",
        "stats::kruskal.test",
        "stats::pairwise.t.test",
        "stats::bartlett.test",
        "stats::fligner.test",
        "effectsize::eta_squared",
        "effectsize::omega_squared",
        "effectsize::epsilon_squared",
        "pingouin.anova",
        "pingouin.welch_anova",
        "pingouin.kruskal",
        "scipy.stats.f_oneway",
        "scipy.stats.kruskal",
        "scipy.stats.levene",
    ],
    about: "several groups: analysis of variance, Welch's, Kruskal-Wallis, η² ω² ε², equal dispersion, Welch t of every pair",
    formula: "anova: F = (between/df1)/(within/df2); welch_anova: by weights n/s², does not ask for equal variances; kruskal_wallis: \
        H with ties. eta_squared = between/total, omega_squared = (between − df1·MSW)/(total + MSW), epsilon_squared = \
        (between − df1·MSW)/total, two-sided ends by the noncentral F distribution (the search of R effectsize stops within \
        1e-6 of them: --convention effectsize). brown_forsythe, bartlett, fligner: equal dispersion, the first and last \
        robust. Pairs, later-earlier in the order of names: Welch's p, and adjusted over all pairs by --adjust. Groups without \
        values are left out. Undefined: too_few below two groups or where a group has too few values, no_variation where a \
        variance that is divided by is 0; an undefined pair is no test and does not count in the adjustment.",
    source: "Fisher 1925; Welch 1951; Kruskal and Wallis 1952; Steiger 2004; Brown and Forsythe 1974; Holm 1979",
    example: "data/examples/answers.csv --value score --by department",
    options: &[
        required("value", "column of the values"),
        required("by", "column of the groups"),
        optional("groups", "the groups to keep"),
        optional("frequency", "column with the number of observations that a row stands for"),
        preset("adjust", "p of pairs adjusted by holm, bonferroni or bh", "holm"),
        preset("level", "confidence of the intervals", "0.95"),
        optional("convention", "effectsize: ends where its search stops"),
    ],
    run,
};

fn run(request: &Request<'_>) -> Result<Answer, Fault> {
    let (groups, level) = (Groups::of(request, "by")?, request.level()?);
    let adjust = request.word("adjust", &["holm", "bonferroni", "bh"])?.unwrap_or("holm");
    let search = match request.word("convention", &["effectsize"])? {
        Some(_) => Search::Peer,
        None => Search::Exact,
    };
    let tally = tally(request, &groups)?;
    let named: Vec<(&str, Summary)> = groups
        .names
        .iter()
        .zip(tally.summaries())
        .filter_map(|(name, one)| Some((name.as_str(), one.ok()?)))
        .collect();
    let summaries: Vec<Summary> = named.iter().map(|(_, one)| *one).collect();
    let mut answer = Answer::default();
    variance(&mut answer, anova(&summaries), (level, search));
    f_test(&mut answer, "welch_anova", "F", welch_anova(&summaries));
    f_test(&mut answer, "brown_forsythe", "W", brown_forsythe(&tally));
    chi_squares(&mut answer, &tally, &summaries);
    pairs(&mut answer, &named, (adjust, level));
    Ok(answer)
}

fn variance(answer: &mut Answer, found: Result<Anova, Reason>, (level, search): (f64, Search)) {
    let sizes = found.map(|found| [found.n, found.groups as f64, found.between, found.within]);
    all_of(answer, "anova", ["n", "groups", "ss_between", "ss_within"], sizes);
    f_test(answer, "anova", "F", found.and_then(|found| found.test));
    let shares = [
        ("eta_squared", Explained::Eta),
        ("omega_squared", Explained::Omega),
        ("epsilon_squared", Explained::Epsilon),
    ];
    for (element, which) in shares {
        let share = found.and_then(|found| found.explained(which, level, search));
        answer.figure(element, "estimate", share.map(|share| share.estimate));
        ends(answer, (element, ""), level, share.map(|share| (share.lower, share.upper)));
    }
}

fn f_test(answer: &mut Answer, element: &str, statistic: &str, found: Result<FTest, Reason>) {
    let numbers = found.map(|test| [test.f, test.df1, test.df2, test.p_value]);
    all_of(answer, element, [statistic, "df1", "df2", "p_value"], numbers);
}

fn chi_squares(answer: &mut Answer, tally: &Tally, summaries: &[Summary]) {
    let tests: [(&str, &str, Result<ChiSquare, Reason>); 3] = [
        ("kruskal_wallis", "H", kruskal_wallis(tally)),
        ("bartlett", "K2", bartlett(summaries)),
        ("fligner", "chisq", fligner(tally)),
    ];
    for (element, statistic, found) in tests {
        let numbers = found.map(|test| [test.statistic, test.df, test.p_value]);
        all_of(answer, element, [statistic, "df", "p_value"], numbers);
    }
}

fn pairs(answer: &mut Answer, named: &[(&str, Summary)], (adjust, level): (&str, f64)) {
    let mut found = Vec::new();
    for (place, (earlier, first)) in named.iter().enumerate() {
        for (later, second) in &named[place + 1..] {
            let test = welch_test(second, first, level);
            found.push((format!("{later}-{earlier}"), test));
        }
    }
    let plain: Vec<Option<f64>> = found.iter().map(|(_, test)| test.ok().map(|test| test.p_value)).collect();
    let tests = plain.iter().flatten().count() as f64;
    let adjusted = match adjust {
        "bonferroni" => plain.iter().map(|p| p.map(|p| (p * tests).min(1.0))).collect(),
        "bh" => benjamini_hochberg(&plain),
        _ => holm(&plain),
    };
    for ((pair, test), adjusted) in found.iter().zip(adjusted) {
        answer.figure(pair, "difference", test.map(|test| test.difference));
        ends(answer, (pair, ""), level, test.map(|test| (test.lower, test.upper)));
        answer.figure(pair, "pairwise_welch_p", test.map(|test| test.p_value));
        let adjusted = test.and_then(|_| adjusted.ok_or(Reason::TooFew));
        answer.figure(pair, &format!("pairwise_welch_p_{adjust}"), adjusted);
    }
}

#[cfg(test)]
mod tests {
    use super::super::probe::{answer, check, number, same};
    use super::*;

    #[test]
    fn counts_and_single_rows_give_the_same() {
        let raw = "g,x\na,1\na,2\na,2\nb,3\nb,2\nb,3\nc,5\nc,1\nd,\n";
        let counted = "g,x,f\na,1,1\na,2,2\nb,3,2\nb,2,1\nc,5,1\nc,1,1\nd,4,0\n";
        let one = answer(&METHOD, raw, "--value x --by g");
        same(&one, &answer(&METHOD, counted, "--value x --by g --frequency f"));
        check(&one, "anova", "groups", 3.0);
    }

    #[test]
    fn an_undefined_pair_is_no_test() {
        let rows = "g,x\na,1\na,2\na,4\nb,3\nb,2\nb,9\nc,5\n";
        let found = answer(&METHOD, rows, "--value x --by g --adjust bonferroni");
        assert_eq!(number(&found, "c-a", "pairwise_welch_p_bonferroni"), Err(Reason::TooFew));
        let (plain, adjusted) = ("pairwise_welch_p", "pairwise_welch_p_bonferroni");
        assert_eq!(number(&found, "b-a", plain), number(&found, "b-a", adjusted));
        assert_eq!(number(&found, "welch_anova", "F"), Err(Reason::TooFew));
    }
}
