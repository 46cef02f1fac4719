//! `share-difference`: two shares compared.

use super::counts::FREQUENCY;
use super::grouped::{Groups, all_of, ends};
use super::{Answer, Fault, Method, Request, hits, optional, percent, preset, required};
use crate::stats::Reason;
use crate::stats::fisher::{FisherTest, fisher_test};
use crate::stats::peer::Search;
use crate::stats::two_shares::{
    Hits, SharesDifference, same_share, same_share_continuity, shares_difference,
};

pub(super) const METHOD: Method = Method {
    name: "share-difference",
    known_as: &[
        "stats::prop.test",
        "stats::fisher.test",
        "DescTools::BinomDiffCI",
        "PropCIs::diffscoreci",
        "statsmodels.stats.proportion.confint_proportions_2indep",
        "scipy.stats.fisher_exact",
    ],
    about: "difference of two shares: Newcombe, score, Agresti-Caffo and Wald intervals, chi-square, Fisher's exact test",
    formula: "difference = p₁ − p₂, first group minus second (element `summary` names them). newcomb: p₁ − p₂ ∓ √((p − Wilson's end)² + (Wilson's other end − p)²), \
        our choice; score: where |p₁ − p₂ − Δ| / √(N/(N−1)·(p̃₁q̃₁/n₁ + p̃₂q̃₂/n₂)) = z with the shares p̃ likeliest under Δ \
        (Miettinen and Nurminen; statsmodels 0.15 constrains them wrongly and gives other ends); agresti-caffo: Wald's after a \
        hit and a miss more in each group; wald, and with Yates' correction wald_continuity. chisq with its p_value, and \
        chisq_continuity. Element `fisher`: conditional odds_ratio with its exact interval and two-sided p_value; the search \
        of R fisher.test ends within 1e-4 of them: --convention fisher.test. Undefined: too_few without cases in a group, \
        no_variation without a hit or without a miss, not_converged where the odds ratio or its end is infinite.",
    source: "Newcombe 1998; Miettinen and Nurminen 1985; Agresti and Caffo 2000; Fisher 1935",
    example: "data/examples/promises.csv --kept kept --n cases --by department --groups A,D",
    options: &[
        hits::KEPT,
        hits::N,
        hits::VALUE,
        hits::TARGET,
        FREQUENCY,
        required("by", "column of the groups"),
        optional("groups", "the two groups to compare, first minus second; needed where there are more"),
        preset("level", "confidence of the intervals", "0.95"),
        optional("convention", "fisher.test: odds ratio and ends where its search stops"),
    ],
    run,
};

/// Picks one interval of a difference.
type Pick = fn(&SharesDifference) -> (f64, f64);

fn run(request: &Request<'_>) -> Result<Answer, Fault> {
    const ELEMENT: &str = "first minus second";
    let (groups, level) = (Groups::of(request, "by")?, request.level()?);
    groups.two()?;
    let (both, lost) = hits::of_groups(request, &groups)?;
    let (first, second) = (both[0], both[1]);
    let mut answer = Answer::default();
    groups.tell(&mut answer);
    answer.rows_lost("summary", lost);
    let found = shares_difference(first, second, level);
    answer.figure(ELEMENT, "difference", found.map(|found| found.difference));
    let intervals: [(&str, Pick); 5] = [
        ("newcomb_", |found| found.newcombe),
        ("score_", |found| found.score),
        ("agresti-caffo_", |found| found.agresti_caffo),
        ("wald_", |found| found.wald),
        ("wald_continuity_", |found| found.wald_continuity),
    ];
    for (name, pick) in intervals {
        ends(&mut answer, (ELEMENT, name), level, found.as_ref().map(pick).map_err(|reason| *reason));
    }
    let test = same_share(&both).map(|test| [test.statistic, test.p_value]);
    all_of(&mut answer, ELEMENT, ["chisq", "p_value"], test);
    let test = same_share_continuity(first, second).map(|test| [test.statistic, test.p_value]);
    all_of(&mut answer, ELEMENT, ["chisq_continuity", "p_value_continuity"], test);
    let search = match request.word("convention", &["fisher.test"])? {
        Some(_) => Search::Peer,
        None => Search::Exact,
    };
    fisher(&mut answer, (first, second), (level, search));
    Ok(answer)
}

fn fisher(answer: &mut Answer, (first, second): (Hits, Hits), (level, search): (f64, Search)) {
    let row = |one: Hits| [one.hits as u64, (one.n - one.hits) as u64];
    let found = fisher_test([row(first), row(second)], level, search);
    answer.figure("fisher", "odds_ratio", found.and_then(|found| found.odds_ratio));
    let upper = |found: FisherTest| found.upper.ok_or(Reason::NotConverged);
    let percent = percent(level);
    answer.figure("fisher", &format!("ci{percent}_low"), found.map(|found| found.lower));
    answer.figure("fisher", &format!("ci{percent}_high"), found.and_then(upper));
    answer.figure("fisher", "p_value", found.map(|found| found.p_value));
}

#[cfg(test)]
mod tests {
    use super::super::probe::{answer, call, check, number, same, table};
    use super::*;

    #[test]
    fn counts_and_single_cases_give_the_same() {
        let counted = "g,k,n\na,3,4\nb,1,5\n";
        let raw = "g,y\na,1\na,1\na,1\na,0\nb,1\nb,0\nb,0\nb,0\nb,0\n";
        let one = answer(&METHOD, counted, "--kept k --n n --by g");
        same(&one, &answer(&METHOD, raw, "--value y --by g"));
        let turned = answer(&METHOD, counted, "--kept k --n n --by g --groups b,a");
        check(&turned, "first minus second", "difference", -0.55);
        let first = turned.rows.iter().find(|row| row.quantity == "group1").expect("a name");
        assert_eq!(first.value, crate::method::Value::Text("b".to_owned()));
    }

    #[test]
    fn more_than_two_groups_must_be_named() {
        let three = table("g,k,n\na,3,4\nb,1,5\nc,0,2\n");
        assert!(call(&METHOD, &three, "--kept k --n n --by g").is_err());
        assert!(call(&METHOD, &three, "--kept k --n n --by g --groups a,x").is_err());
        let found = call(&METHOD, &three, "--kept k --n n --by g --groups c,a").expect("an answer");
        assert_eq!(number(&found, "fisher", "odds_ratio"), Ok(0.0));
    }

    #[test]
    fn the_peers_search_gives_the_peers_digits() {
        // golden/proportions.csv, incident_group/difference; scipy's odds_ratio has our default's 1.599239291.
        let counts = "g,k,n\na,47,175\nb,11,59\n";
        let peer = answer(&METHOD, counts, "--kept k --n n --by g --convention fisher.test");
        check(&peer, "fisher", "odds_ratio", 1.599_237_360_166_591_2);
        check(&peer, "fisher", "ci95_high", 3.708_633_721_380_526_3);
        check(
            &answer(&METHOD, counts, "--kept k --n n --by g"),
            "fisher",
            "odds_ratio",
            1.599_239_291_320_229,
        );
    }
}
