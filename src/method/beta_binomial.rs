//! `beta-binomial`: shrunken shares of units from their counts.

use super::complete::grouped;
use super::{Answer, Fault, Method, Request, percent, preset, required};
use crate::stats::Reason;
use crate::stats::beta_binomial::{by_likelihood, by_moments};

pub(super) const METHOD: Method = Method {
    name: "beta-binomial",
    known_as: &[
        "VGAM::betabinomial",
        "aod::betabin",
        "ebbr::add_ebb_estimate",
        "empirical Bayes shares",
        "AHRQ smoothed rates",
    ],
    about: "Beta-binomial shrinkage of shares: (k + a)/(n + a + b), a and b by moments or maximum \
        likelihood.",
    formula: "moments: P = sum k / sum n, S² = sum n (p - P)² / sum n, a + b = (P(1 - P) - S²)/(S² - P(1 \
        - P)/n̄), a = P (a + b); S² not above chance: full pooling (strength not_applicable, every unit at \
        P). ML: likelihood of the beta-binomial, without binomial coefficients in loglik. Interval: \
        quantiles of Beta(k + a, n - k + b); reliability n/(n + a + b). Several rows of a unit are added up, \
        so 0/1 rows with --n a column of ones give the same. Undefined: too_few below two units, \
        no_variation where the pooled share is 0 or 1.",
    source: "Kleinman (1973); Casella (1985); Robinson (2017)",
    example: "data/examples/promises.csv --by department --kept kept --n cases",
    options: &[
        required("by", "column of units"),
        required("kept", "column of successes"),
        required("n", "column of trials"),
        preset("method", "moments or ML", "moments"),
        preset("level", "confidence of intervals", "0.95"),
    ],
    run,
};

fn run(request: &Request<'_>) -> Result<Answer, Fault> {
    let (names, places) = grouped(&request.texts_of("by")?.unwrap_or_default());
    let (kept, n) =
        (request.numbers_of("kept")?.unwrap_or_default(), request.numbers_of("n")?.unwrap_or_default());
    let (mut units, mut lost) = (vec![(0.0, 0.0); names.len()], 0);
    for (row, place) in places.iter().enumerate() {
        let (Some(place), Some(k), Some(n)) = (*place, kept[row], n[row]) else {
            lost += 1;
            continue;
        };
        if k < 0.0 || k > n {
            return Err(Fault::at(
                row,
                format!("there are {k} successes of {n}"),
                "successes lie between 0 and the trials",
            ));
        }
        units[place] = (units[place].0 + k, units[place].1 + n);
    }
    let level = request.level()?;
    let model = match request.word("method", &["moments", "ML"])? {
        Some("ML") => by_likelihood(&units),
        _ => by_moments(&units),
    };
    let percent = percent(level);
    let parameters = model.and_then(|model| model.parameters().ok_or(Reason::NotApplicable));
    let mut answer = Answer::default();
    answer.rows_lost("model", lost);
    answer.figure("model", "mean", model.map(|model| model.mean));
    answer.figure("model", "strength", model.and_then(|model| model.strength.ok_or(Reason::NotApplicable)));
    answer.figure("model", "a", parameters.map(|parameters| parameters.0));
    answer.figure("model", "b", parameters.map(|parameters| parameters.1));
    answer.figure("model", "loglik", model.map(|model| model.log_likelihood));
    for (name, &(k, n)) in names.iter().zip(&units) {
        let shrunk = model.map(|model| model.shrunk(k, n, level));
        answer.number(name, "n", n);
        answer.figure(name, "raw_share", if n > 0.0 { Ok(k / n) } else { Err(Reason::TooFew) });
        answer.figure(name, "shrunken_share", shrunk.map(|shrunk| shrunk.share));
        answer.figure(name, &format!("shrunken_share_ci{percent}_low"), shrunk.map(|shrunk| shrunk.lower));
        answer.figure(name, &format!("shrunken_share_ci{percent}_high"), shrunk.map(|shrunk| shrunk.upper));
        answer.figure(name, "reliability", shrunk.map(|shrunk| shrunk.reliability));
    }
    Ok(answer)
}

#[cfg(test)]
mod tests {
    use crate::method::Value;
    use crate::method::trial::{call, same, value};
    use crate::stats::Reason;

    #[test]
    fn single_cases_give_the_same_numbers_as_counts() {
        let counts = [("u", "a b c"), ("k", "3 1 5"), ("n", "4 4 6")];
        let cases = [
            ("u", "a a a a b b b b c c c c c c"),
            ("k", "1 1 1 0 1 0 0 0 1 1 1 1 1 0"),
            ("n", "1 1 1 1 1 1 1 1 1 1 1 1 1 1"),
        ];
        for method in ["moments", "ML"] {
            let options = [("by", "u"), ("kept", "k"), ("n", "n"), ("method", method)];
            let one = call("beta-binomial", &counts, &options).expect("a table");
            same(&one, &call("beta-binomial", &cases, &options).expect("a table"));
        }
    }

    #[test]
    fn units_without_differences_are_pooled() {
        let counts = [("u", "a b c"), ("k", "5 5 5"), ("n", "9 9 9")];
        let found =
            call("beta-binomial", &counts, &[("by", "u"), ("kept", "k"), ("n", "n")]).expect("a table");
        assert_eq!(value(&found, "model", "strength"), Value::Undefined(Reason::NotApplicable));
    }
}
