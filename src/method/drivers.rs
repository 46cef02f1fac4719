//! `drivers`: how the variance of an outcome explained is shared among its drivers, by every rule, with intervals and a yardstick of noise.

use super::complete::{Complete, complete, matrix, predictors_and_outcome};
use super::counts::FREQUENCY;
use super::rows;
use super::{Answer, Fault, Method, Request, optional, percent, preset, required};
use crate::stats::Reason;
use crate::stats::crossproduct::CrossProducts;
use crate::stats::importance::{Rule, orthogonal_scores, r_squared};
use crate::stats::importance_bootstrap::{Ends, Plan, above_random, intervals};
use crate::stats::joint::pairwise_products;
use crate::stats::sandwich::Rows;
use crate::stats::scale::in_unit;
use crate::stats::subset::Subsets;

pub(super) const METHOD: Method = Method {
    name: "drivers",
    known_as: &[
        "relaimpo::calc.relimp",
        "relaimpo::boot.relimp",
        "domir::domin",
        "rwa::rwa",
        "flipRegression (Shapley, Relative Importance Analysis)",
        "pingouin.linear_regression(relimp=True)",
        "key driver analysis",
        "dominance analysis",
        "LMG",
    ],
    about: "Relative importance of drivers: LMG (Shapley), Johnson, Genizi, CAR, Pratt, dominance, with \
        intervals.",
    formula: "lmg_k = sum over S without k of |S|!(p-|S|-1)!/p! (R²(S+k) - R²(S)), to 15 drivers; \
        conditional_dominance_sizeK: mean gain in subsets of K; complete_dominance a~b: share of subsets to \
        which a adds more than b (1 = completely dominates). genizi = johnson_raw_weight = L² b², L = \
        R^(1/2), b = L^-1 r; car = b². first = r², last = gain over all others, betasq = std_coef², pratt = \
        std_coef r. *_share: parts over their sum. Signs (johnson_signed_percent) are those of the \
        coefficient in the full model; `--convention rwa` gives those of b, as rwa does. Intervals: \
        percentiles over resampled rows, or clusters with --unit. No part can be below 0, so an interval above \
        0 says nothing: *_random_p_value is the share of random normal predictors, put beside the drivers, \
        whose part is at least the driver's; *_above_random: interval of the driver's part minus a random \
        predictor's over resampled rows. A constant driver is left out (no_variation). Undefined: \
        too_few without residual degree of freedom, collinear. --missing pairwise: n is that of the pair \
        with fewest rows, there are no intervals, and all is not_applicable where the matrix of the pairs is \
        none that data can have (an eigenvalue below 0).",
    source: "Lindeman, Merenda and Gold (1980); Grömping (2006), J Stat Softw 17(1); Genizi (1993); \
        Johnson (2000); Zuber and Strimmer (2011); Azen and Budescu (2003); Tonidandel, LeBreton and Johnson \
        (2009)",
    example: "data/examples/profiles.csv --y satisfaction --x speed,staff,promises --replicates 200",
    options: &[
        required("y", "column of the outcome"),
        required("x", "columns of the drivers, by commas"),
        optional("weight", "column of weights"),
        FREQUENCY,
        optional("unit", "column of clusters that are resampled whole"),
        optional("groups", "drivers that come in together: service=speed+staff,other=promises"),
        preset(
            "method",
            "rule whose intervals are told: lmg, first, last, betasq, pratt, genizi, car",
            "lmg",
        ),
        preset("replicates", "number of resamples and of random predictors; 0 for none", "1000"),
        preset("seed", "word that names the random numbers", "concord"),
        preset("level", "confidence of intervals", "0.95"),
        preset(
            "missing",
            "listwise: only complete rows, or pairwise: every correlation from the rows that have both",
            "listwise",
        ),
        preset("type", "what the table holds: rows, correlation, covariance", "rows"),
        optional("item", "column that names the rows of a matrix (item)"),
        optional("observations", "number of observations behind a matrix"),
        optional("convention", "rwa: signs of the orthogonal predictors' coefficients"),
    ],
    run,
};

fn run(request: &Request<'_>) -> Result<Answer, Fault> {
    let mut names = predictors_and_outcome(request)?;
    let mut answer = Answer::default();
    let pairs = request.word("missing", &["listwise", "pairwise"])? == Some("pairwise");
    let found = match request.word("type", &["rows", "correlation", "covariance"])? {
        // No rule knows units.
        Some("rows") if !pairs => Some(complete(request, &names)?).map(|found| Complete {
            columns: found.columns.iter().map(|column| in_unit(column)).collect(),
            ..found
        }),
        _ => None,
    };
    let products = match &found {
        Some(found) => CrossProducts::of(&found.columns, &found.weights, found.n),
        None if pairs => pairwise(request, &names)?,
        None => Ok(matrix(request, &names)?),
    };
    let kept = kept(&products, &names);
    let constant: Vec<&str> = (0..names.len()).filter(|k| !kept.contains(k)).map(|k| names[k]).collect();
    let found = found
        .map(|found| Complete { columns: kept.iter().map(|&k| found.columns[k].clone()).collect(), ..found });
    let correlation = products.as_ref().map_err(|reason| *reason).and_then(|products| {
        if products.n < kept.len() as f64 + 1.0 { Err(Reason::TooFew) } else { restricted(products, &kept) }
    });
    names = kept.iter().map(|&k| names[k]).collect();
    let problem = Problem { names: &names, correlation };
    answer.figure("model", "n", products.map(|products| products.n));
    found.iter().for_each(|found| answer.rows_lost("model", found.lost));
    for name in constant {
        Rule::ALL.iter().for_each(|rule| answer.figure(name, rule.name(), Err(Reason::NoVariation)));
    }
    problem.tell_parts(&mut answer);
    problem.tell_johnson(&mut answer, request.word("convention", &["rwa"])?.is_some());
    problem.tell_dominance(&mut answer);
    problem.tell_groups(&mut answer, request)?;
    if let Some(found) = found {
        tell_resampled(&mut answer, &names, found, request)?;
    }
    Ok(answer)
}

/// Returns the correlations of all pairs of columns, each over the rows that both have.
fn pairwise(request: &Request<'_>, names: &[&str]) -> Result<Result<CrossProducts, Reason>, Fault> {
    if request.option("weight").is_some() || request.option("type") != Some("rows") {
        return Err(Fault::new(
            "`--missing pairwise` takes rows without weights",
            "leave `--weight` and `--type` out",
        ));
    }
    Ok(pairwise_products(&rows::Rows::new(request)?.all(names)?))
}

/// Returns the places of columns that vary; all of them where that cannot be told, and the outcome always.
fn kept(products: &Result<CrossProducts, Reason>, names: &[&str]) -> Vec<usize> {
    let varies = |k: &usize| match products {
        Ok(products) => *k + 1 == names.len() || products.at(*k, *k) > 0.0,
        Err(_) => true,
    };
    (0..names.len()).filter(varies).collect()
}

fn restricted(products: &CrossProducts, kept: &[usize]) -> Result<Vec<f64>, Reason> {
    let values = kept.iter().flat_map(|&i| kept.iter().map(move |&j| products.at(i, j))).collect();
    CrossProducts { size: kept.len(), means: None, products: values, ..*products }.correlation()
}

struct Problem<'a> {
    names: &'a [&'a str],
    correlation: Result<Vec<f64>, Reason>,
}

impl Problem<'_> {
    fn drivers(&self) -> &[&str] {
        &self.names[..self.names.len() - 1]
    }

    fn parts(&self, rule: Rule) -> Result<Vec<f64>, Reason> {
        self.correlation
            .as_ref()
            .map_err(|reason| *reason)
            .and_then(|matrix| rule.parts(matrix, self.names.len()))
    }

    fn tell_parts(&self, answer: &mut Answer) {
        let whole = self.correlation.as_ref().map_err(|reason| *reason);
        answer.figure("model", "r_squared", whole.and_then(|matrix| r_squared(matrix, self.names.len())));
        for rule in Rule::ALL {
            let parts = self.parts(rule);
            let sum = parts.as_ref().map(|parts| parts.iter().sum::<f64>()).unwrap_or(0.0);
            for (k, name) in self.drivers().iter().enumerate() {
                let part = parts.as_ref().map(|parts| parts[k]).map_err(|reason| *reason);
                answer.figure(name, rule.name(), part);
                answer.figure(name, &format!("{}_share", rule.name()), share(part, sum));
                if rule == Rule::Lmg {
                    answer.figure(name, "general_dominance", part);
                    answer.figure(name, "general_dominance_share", share(part, sum));
                }
            }
        }
    }

    fn tell_johnson(&self, answer: &mut Answer, orthogonal: bool) {
        let weights = self.parts(Rule::Genizi);
        let sum = weights.as_ref().map(|parts| parts.iter().sum::<f64>());
        let size = self.names.len();
        // Pratt's part is coefficient times correlation, so its sign and the correlation's give the coefficient's.
        let pratt = self.parts(Rule::Pratt);
        let sign = |k: usize| -> Result<f64, Reason> {
            let matrix = self.correlation.as_ref().map_err(|reason| *reason)?;
            if orthogonal {
                return Ok(orthogonal_scores(matrix, size)?[k].signum());
            }
            Ok(pratt.as_ref().map_err(|reason| *reason)?[k].signum() * matrix[k * size + size - 1].signum())
        };
        for (k, name) in self.drivers().iter().enumerate() {
            let weight = weights.as_ref().map(|weights| weights[k]).map_err(|reason| *reason);
            let percent = share(weight, sum.unwrap_or(0.0)).map(|share| 100.0 * share);
            answer.figure(name, "johnson_raw_weight", weight);
            answer.figure(name, "johnson_rescaled_percent", percent);
            answer.figure(name, "johnson_signed_percent", percent.and_then(|percent| Ok(percent * sign(k)?)));
        }
        answer.figure("model", "johnson_rsquare", sum.map_err(|reason| *reason));
    }

    fn tell_dominance(&self, answer: &mut Answer) {
        let matrix = self.correlation.as_ref().map_err(|reason| *reason);
        let Ok(subsets) = matrix.and_then(|matrix| Subsets::new(matrix, self.names.len())) else { return };
        for (name, added) in self.drivers().iter().zip(subsets.conditional()) {
            for (size, value) in added.iter().enumerate() {
                answer.number(name, &format!("conditional_dominance_size{}", size + 1), *value);
            }
        }
        for (i, name) in self.drivers().iter().enumerate() {
            for (j, other) in self.drivers().iter().enumerate().filter(|(j, _)| *j != i) {
                answer.number(&format!("{name}~{other}"), "complete_dominance", subsets.dominance(i, j));
            }
        }
    }

    fn tell_groups(&self, answer: &mut Answer, request: &Request<'_>) -> Result<(), Fault> {
        let mut masks: Vec<(&str, usize)> = vec![];
        for group in request.names("groups")? {
            let wrong = || {
                Fault::new(
                    format!("`{group}` in `--groups` is not name=driver+driver"),
                    "each driver stands in one group at most",
                )
            };
            let (name, members) = group.split_once('=').ok_or_else(wrong)?;
            let mut mask = 0usize;
            for member in members.split('+') {
                let place = self.drivers().iter().position(|driver| *driver == member).ok_or_else(wrong)?;
                if masks.iter().any(|(_, taken)| taken >> place & 1 == 1) || mask >> place & 1 == 1 {
                    return Err(wrong());
                }
                mask |= 1 << place;
            }
            masks.push((name, mask));
        }
        if masks.is_empty() {
            return Ok(());
        }
        let matrix = self.correlation.as_ref().map_err(|reason| *reason);
        let subsets = matrix.and_then(|matrix| Subsets::new(matrix, self.names.len()));
        let bits: Vec<usize> = masks.iter().map(|(_, mask)| *mask).collect();
        let values = subsets.map(|subsets| subsets.of_groups(&bits).shapley());
        for (k, (name, _)) in masks.iter().enumerate() {
            let value = values.as_ref().map(|values| values[k]).map_err(|reason| *reason);
            let sum = values.as_ref().map(|values| values.iter().sum::<f64>()).unwrap_or(0.0);
            answer.figure(name, "lmg_group", value);
            answer.figure(name, "lmg_group_share", share(value, sum));
        }
        Ok(())
    }
}

fn share(part: Result<f64, Reason>, sum: f64) -> Result<f64, Reason> {
    part.and_then(|part| if sum.abs() > 0.0 { Ok(part / sum) } else { Err(Reason::NoVariation) })
}

fn tell_resampled(
    answer: &mut Answer,
    names: &[&str],
    found: Complete,
    request: &Request<'_>,
) -> Result<(), Fault> {
    let words = Rule::ALL.map(Rule::name);
    let word = request.word("method", &words)?.unwrap_or("lmg");
    let rule = Rule::ALL[words.iter().position(|own| *own == word).unwrap_or(0)];
    let (replicates, level) = (request.whole("replicates")?.unwrap_or(0), request.level()?);
    let seed = request.option("seed").unwrap_or_default();
    if replicates == 0 {
        return Ok(());
    }
    let found = found.repeated(request)?;
    let (clusters, n) = (found.clusters(), found.rows.len() as f64);
    let rows = Rows { columns: &found.columns, weights: &found.weights, n };
    let plan = Plan { rule, replicates, level, seed };
    let (spreads, above) = (intervals(&rows, &clusters, &plan), above_random(&rows, &clusters, &plan));
    let drivers = &names[..names.len() - 1];
    for (k, name) in drivers.iter().enumerate() {
        let spread = spreads.as_ref().map(|spreads| &spreads[k]).map_err(|reason| *reason);
        let above = above.as_ref().map(|above| above[k]).map_err(|reason| *reason);
        answer.figure(name, &format!("{word}_se"), spread.map(|spread| spread.std_error));
        let mut told = |element: &str, what: &str, ends: Result<Ends, Reason>| {
            answer.figure(element, &format!("{word}_{what}_low"), ends.map(|ends| ends.lower));
            answer.figure(element, &format!("{word}_{what}_high"), ends.map(|ends| ends.upper));
        };
        let percent = percent(level);
        told(name, &format!("ci{percent}"), spread.map(|spread| spread.part));
        told(name, &format!("share_ci{percent}"), spread.map(|spread| spread.share));
        told(name, &format!("rank_ci{percent}"), spread.map(|spread| spread.rank));
        told(name, &format!("above_random_ci{percent}"), above.map(|above| above.difference));
        for (j, other) in drivers.iter().enumerate().skip(k + 1) {
            let ends = spread.map(|spread| spread.differences[j]);
            told(&format!("{name}~{other}"), &format!("difference_ci{percent}"), ends);
        }
        answer.figure(name, &format!("{word}_random_p_value"), above.map(|above| above.p_value));
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use crate::method::Value;
    use crate::method::trial::{call, number, same, value};
    use crate::stats::Reason;

    const COLUMNS: [(&str, &str); 4] = [
        ("y", "3 5 4 6 7 5 8 6 9 7"),
        ("a", "1 3 2 3 4 3 5 4 5 5"),
        ("b", "2 1 3 2 4 4 3 5 4 6"),
        ("flat", "4 4 4 4 4 4 4 4 4 4"),
    ];

    #[test]
    fn a_constant_driver_is_told_and_left_out() {
        let options = [("y", "y"), ("x", "a,b,flat"), ("replicates", "50")];
        let found = call("drivers", &COLUMNS, &options).expect("a table");
        assert_eq!(value(&found, "flat", "lmg"), Value::Undefined(Reason::NoVariation));
        let sum = number(&found, "a", "lmg") + number(&found, "b", "lmg");
        assert!((sum - number(&found, "model", "r_squared")).abs() < 1e-12);
        assert!(number(&found, "a", "lmg_random_p_value") < 0.05);
        same(&found, &call("drivers", &COLUMNS, &options).expect("a table"));
    }

    #[test]
    fn pairs_take_what_rows_there_are() {
        let options = [("y", "y"), ("x", "a,b")];
        let pairs = [&options[..], &[("missing", "pairwise")]].concat();
        let whole =
            call("drivers", &COLUMNS, &[&options[..], &[("replicates", "0")]].concat()).expect("a table");
        let found = call("drivers", &COLUMNS, &pairs).expect("a table");
        assert!((number(&found, "a", "lmg") - number(&whole, "a", "lmg")).abs() < 1e-12);
        let gaps =
            [("y", "3 5 4 6 7 5 8 6 9 7"), ("a", "1 3 2 3 4 3 NA 4 5 5"), ("b", "2 NA 8 2 4 9 3 5 1 6")];
        let found = call("drivers", &gaps, &pairs).expect("a table");
        assert!((number(&found, "model", "n") - 8.0).abs() < 1e-12);
        assert!(number(&found, "a", "lmg") > 0.0);
        let apart =
            [("y", "1 2 3 1 2 3 NA NA NA"), ("a", "1 2 3 NA NA NA 1 2 3"), ("b", "NA NA NA 1 2 3 3 2 1")];
        let found = call("drivers", &apart, &pairs).expect("a table");
        assert_eq!(value(&found, "a", "lmg"), Value::Undefined(Reason::NotApplicable));
    }

    #[test]
    fn without_a_degree_of_freedom_nothing_is_shared() {
        let found =
            call("drivers", &[("y", "1 2 4"), ("a", "1 3 2"), ("b", "2 1 5")], &[("y", "y"), ("x", "a,b")]);
        let found = found.expect("a table");
        assert_eq!(value(&found, "a", "lmg"), Value::Undefined(Reason::TooFew));
    }

    #[test]
    fn counts_weights_and_groups_work_together() {
        let mut columns = COLUMNS.to_vec();
        columns.push(("f", "1 2 1 1 3 1 2 1 1 1"));
        let options = [("y", "y"), ("x", "a,b"), ("replicates", "0"), ("groups", "both=a+b")];
        let counted =
            call("drivers", &columns, &[&options[..], &[("frequency", "f")]].concat()).expect("a table");
        let weighted =
            call("drivers", &columns, &[&options[..], &[("weight", "f")]].concat()).expect("a table");
        assert!((number(&counted, "a", "genizi") - number(&weighted, "a", "genizi")).abs() < 1e-12);
        assert!((number(&counted, "both", "lmg_group_share") - 1.0).abs() < 1e-12);
        assert!(call("drivers", &columns, &[&options[..3], &[("groups", "g=a+a")]].concat()).is_err());
    }
}
