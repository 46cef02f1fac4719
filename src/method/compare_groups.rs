//! `compare-groups`: several groups compared.

use super::adjusted::{ADJUST, adjusted, adjustments};
use super::grouped::{Groups, all_of, ends, tallied};
use super::{Answer, Fault, Method, Request, optional, preset, required};
use crate::stats::Reason;
use crate::stats::adjust::Adjustment;
use crate::stats::groups::{Anova, Explained, FTest, anova, bartlett, brown_forsythe, fligner, welch_anova};
use crate::stats::peer::Search;
use crate::stats::posthoc::{Comparison, PostHoc};
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
        "stats::TukeyHSD",
        "stats::bartlett.test",
        "stats::fligner.test",
        "effectsize::eta_squared",
        "effectsize::omega_squared",
        "effectsize::epsilon_squared",
        "pingouin.anova",
        "pingouin.welch_anova",
        "pingouin.kruskal",
        "pingouin.pairwise_tukey",
        "pingouin.pairwise_gameshowell",
        "rstatix::games_howell_test",
        "PMCMRplus::gamesHowellTest",
        "scipy.stats.tukey_hsd",
        "scipy.stats.f_oneway",
        "scipy.stats.kruskal",
        "scipy.stats.levene",
    ],
    about: "several groups: analysis of variance, Welch's, Kruskal-Wallis, η² ω² ε², equal dispersion, every pair by Welch, Tukey, Games-Howell",
    formula: "anova: F = (between/df1)/(within/df2); welch_anova: by weights n/s², does not ask for equal variances; kruskal_wallis: \
        H with ties. eta_squared = between/total, omega_squared = (between − df1·MSW)/(total + MSW), epsilon_squared = \
        (between − df1·MSW)/total, two-sided ends by the noncentral F distribution (the search of R effectsize stops within \
        1e-6 of them: --convention effectsize). brown_forsythe, bartlett, fligner: equal dispersion, the first and last \
        robust. Pairs, later-earlier in the order of names: Welch's p, and adjusted over all pairs by --adjust; --posthoc tukey: \
        Tukey and Kramer's p and simultaneous interval, |t|√2 of the variance within all groups against the studentized range of \
        as many means as there are groups, for groups that spread alike; games-howell: the same of the pair's own variances and \
        Welch's degrees of freedom. Groups without values are left out. Undefined: too_few below two groups or where a group has too few values, no_variation where a \
        variance that is divided by is 0; an undefined pair is no test and does not count in the adjustment. \
        Beyond 300 groups pairs are left out, and the row `pairs` says so.",
    source: "Fisher 1925; Welch 1951; Kruskal and Wallis 1952; Steiger 2004; Brown and Forsythe 1974; Holm 1979; Tukey 1949; Kramer 1956; \
        Games and Howell 1976",
    example: "data/examples/answers.csv --value score --by department",
    options: &[
        required("value", "column of the values"),
        required("by", "column of the groups"),
        optional("groups", "the groups to keep"),
        optional("frequency", "column with the number of observations that a row stands for"),
        preset("adjust", ADJUST, "holm"),
        optional("posthoc", "tukey, games-howell: pairs by the studentized range as well"),
        preset("level", "confidence of the intervals", "0.95"),
        optional("convention", "effectsize: ends where its search stops"),
    ],
    run,
};

/// Groups whose pairs are still compared: half a million lines help nobody.
const PAIRED: usize = 300;

fn run(request: &Request<'_>) -> Result<Answer, Fault> {
    let (groups, level) = (Groups::of(request, "by")?, request.level()?);
    let (adjustments, posthoc) = (adjustments(request)?, posthoc(request)?);
    let search = match request.word("convention", &["effectsize"])? {
        Some(_) => Search::Peer,
        None => Search::Exact,
    };
    let (tally, lost) = tallied(request, &groups)?;
    let named: Vec<(&str, Summary)> = groups
        .names
        .iter()
        .zip(tally.summaries())
        .filter_map(|(name, one)| Some((name.as_str(), one.ok()?)))
        .collect();
    let summaries: Vec<Summary> = named.iter().map(|(_, one)| *one).collect();
    let mut answer = Answer::default();
    variance(&mut answer, anova(&summaries), tally.unit * tally.unit, (level, search));
    f_test(&mut answer, "welch_anova", "F", welch_anova(&summaries));
    f_test(&mut answer, "brown_forsythe", "W", brown_forsythe(&tally));
    chi_squares(&mut answer, &tally, &summaries);
    let pairs = if named.len() <= PAIRED { pairs(&named) } else { Vec::new() };
    if named.len() > PAIRED {
        answer.text("all", "pairs", &format!("left out: more than {PAIRED} groups"));
    }
    welch_pairs(&mut answer, &pairs, tally.unit, (&adjustments, level));
    for (names, how) in posthoc.into_iter().filter(|_| !pairs.is_empty()) {
        for ((pair, ..), found) in pairs.iter().zip(how.pairs(&summaries, level)) {
            comparison(&mut answer, (pair, names), level, found.map(|found| found.times(tally.unit)));
        }
    }
    answer.rows_lost("all", lost);
    Ok(answer)
}

/// The prefix of a comparison's quantities, and the name of its p after it: those of the peers.
type Names = (&'static str, &'static str);

/// Returns the comparisons of pairs that the option `posthoc` names.
fn posthoc(request: &Request<'_>) -> Result<Vec<(Names, PostHoc)>, Fault> {
    let known = |name: &str| match name {
        "tukey" => Ok((("tukey", "p_value"), PostHoc::TukeyKramer)),
        "games-howell" => Ok((("games_howell", "p"), PostHoc::GamesHowell)),
        _ => Err(Fault::new(format!("`--posthoc {name}` is unknown"), "it can be tukey, games-howell")),
    };
    request.list("posthoc").into_iter().map(known).collect()
}

/// A pair by its name, later-earlier, and the two groups in that order.
type Pair = (String, Summary, Summary);

fn pairs(named: &[(&str, Summary)]) -> Vec<Pair> {
    let after = |place: usize| {
        let (earlier, first) = named[place];
        named[place + 1..].iter().map(move |(later, second)| (format!("{later}-{earlier}"), *second, first))
    };
    (0..named.len()).flat_map(after).collect()
}

fn variance(answer: &mut Answer, found: Result<Anova, Reason>, square: f64, (level, search): (f64, Search)) {
    let sizes =
        found.map(|found| [found.n, found.groups as f64, found.between * square, found.within * square]);
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

fn welch_pairs(
    answer: &mut Answer,
    pairs: &[Pair],
    unit: f64,
    (adjustments, level): (&[(&str, Adjustment)], f64),
) {
    const P: &str = "pairwise_welch_p";
    let mut family = vec![];
    for (pair, later, earlier) in pairs {
        let test = welch_test(later, earlier, level).map(|test| test.times(unit));
        answer.figure(pair, "difference", test.map(|test| test.difference));
        ends(answer, (pair, ""), level, test.map(|test| (test.lower, test.upper)));
        answer.figure(pair, P, test.map(|test| test.p_value));
        family.push((pair.as_str(), test.map(|test| test.p_value)));
    }
    adjusted(answer, adjustments, P, &family);
}

fn comparison(
    answer: &mut Answer,
    (pair, (prefix, p)): (&str, Names),
    level: f64,
    found: Result<Comparison, Reason>,
) {
    let numbers = found.map(|found| [found.difference, found.t, found.df, found.p_value]);
    let names = ["difference", "t", "df", p].map(|name| format!("{prefix}_{name}"));
    all_of(answer, pair, names.each_ref().map(String::as_str), numbers);
    ends(answer, (pair, &format!("{prefix}_")), level, found.map(|found| (found.lower, found.upper)));
}

#[cfg(test)]
mod tests {
    use super::super::probe::{answer, call, check, number, same, table};
    use super::*;

    #[test]
    fn counts_and_single_rows_give_the_same() {
        let raw = "g,x\na,1\na,2\na,2\nb,3\nb,2\nb,3\nc,5\nc,1\nd,\n";
        let counted = "g,x,f\na,1,1\na,2,2\nb,3,2\nb,2,1\nc,5,1\nc,1,1\nd,4,0\nd,,1\n";
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

    #[test]
    fn size_does_not_matter() {
        let call = |factor: f64| {
            let rows = [
                ("a", 1.0),
                ("a", 2.0),
                ("a", 4.0),
                ("b", 3.0),
                ("b", 2.5),
                ("b", 9.0),
                ("c", 5.0),
                ("c", 5.5),
            ];
            let rows = rows.map(|(group, x)| format!("{group},{:e}\n", x * factor)).concat();
            answer(&METHOD, &format!("g,x\n{rows}"), "--value x --by g --posthoc tukey,games-howell")
        };
        let (one, factor) = (call(1.0), libm::ldexp(1.0, 900));
        for far in [call(factor), call(1.0 / factor)] {
            for (near, far) in one.rows.iter().zip(&far.rows) {
                // What has the unit of the values, or its square, is not the same.
                let has_unit =
                    ["difference", "low", "high", "ss_"].iter().any(|word| near.quantity.contains(word));
                assert!(has_unit || near.value == far.value, "{} {}", near.element, near.quantity);
            }
            check(&far, "b-a", "pairwise_welch_p", number(&one, "b-a", "pairwise_welch_p").expect("defined"));
        }
        let (near, far) =
            (number(&one, "b-a", "tukey_ci95_low"), number(&call(factor), "b-a", "tukey_ci95_low"));
        assert_eq!(far, near.map(|end| end * factor));
    }

    #[test]
    fn pairs_by_the_studentized_range() {
        let rows = "g,x\na,1\na,2\na,4\nb,3\nb,2\nb,9\nc,5\n";
        let found = answer(&METHOD, rows, "--value x --by g --posthoc tukey,games-howell --adjust none");
        assert!(found.rows.iter().all(|row| !row.quantity.starts_with("pairwise_welch_p_")));
        assert!(number(&found, "c-a", "tukey_p_value").is_ok());
        assert_eq!(number(&found, "c-a", "games_howell_p"), Err(Reason::TooFew));
        assert!(call(&METHOD, &table(rows), "--value x --by g --posthoc dunn").is_err());
        assert!(call(&METHOD, &table(rows), "--value x --by g --adjust sidak").is_err());
    }
}
