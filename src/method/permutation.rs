//! `permutation`: permutation tests.

use std::collections::BTreeMap;

use super::grouped::{Groups, figures, numbers};
use super::{Answer, Fault, Method, Request, optional, preset, resampled};
use crate::stats::Reason;
use crate::stats::permutation::{Permuted, permute_groups, permute_pairs};

pub(super) const METHOD: Method = Method {
    name: "permutation",
    known_as: &[
        "scipy.stats.permutation_test",
        "coin::oneway_test",
        "coin::independence_test",
        "lmPerm::aovp",
        "mlxtend permutation_test",
    ],
    about: "permutation p of a difference of groups or of a correlation, also within strata",
    formula: "With --value and --by: statistic = difference of two means (first minus second, which element `summary` names), or for more groups Σn(mean − grand \
        mean)². With --x and --y: Pearson's correlation, or Spearman's with --statistic spearman. p_value = share of label \
        permutations, the observed one among them, whose statistic lies at least as far from 0: all of them (exact = 1) where \
        there are at most --replicates, else (1 + b)/(1 + replicates). Labels move within the strata of --within. Rows with a \
        gap are left out. Undefined: too_few below two groups (three rows for a correlation), no_variation when a side is \
        constant.",
    source: "Fisher 1935; Phipson and Smyth 2010",
    example: "data/examples/performers.csv --value level --by group --groups high,average",
    options: &[
        optional("value", "column of the values, with --by"),
        optional("by", "column of the groups"),
        optional("groups", "the groups to keep, in that order"),
        optional("x", "one side of a correlation, with --y"),
        optional("y", "the other side"),
        preset("statistic", "pearson or spearman, for --x and --y", "pearson"),
        optional("within", "column of strata within which labels move"),
        preset("replicates", "number of random permutations", "9999"),
        resampled::SEED,
    ],
    run,
};

fn run(request: &Request<'_>) -> Result<Answer, Fault> {
    let draws = request.draws()?;
    let words = ["stat", "permutation", request.option("seed").unwrap_or("1")];
    let strata = strata(request)?;
    let mut answer = Answer::default();
    let (found, lost) = if request.has("x") {
        let ranks = request.word("statistic", &["pearson", "spearman"])? == Some("spearman");
        let (x, y) = (numbers(request, "x")?, numbers(request, "y")?);
        let rows = (0..x.len()).filter_map(|row| Some((x[row]?, y[row]?, strata[row]?)));
        let (mut left, mut right, mut kept) = (Vec::new(), Vec::new(), Vec::new());
        rows.for_each(|(x, y, stratum)| {
            left.push(x);
            right.push(y);
            kept.push(stratum);
        });
        (permute_pairs((&left, &right), ranks, &kept, (draws, &words)), x.len() - kept.len())
    } else {
        if !request.has("by") {
            return Err(Fault::new(
                "`--value` needs `--by`",
                "name the column of the groups, or give --x and --y",
            ));
        }
        let (values, groups) = (numbers(request, "value")?, Groups::of(request, "by")?);
        groups.tell(&mut answer);
        let rows =
            (0..values.len()).filter_map(|row| Some((values[row]?, groups.of_row[row]?, strata[row]?)));
        let (mut kept, mut labels, mut within) = (Vec::new(), Vec::new(), Vec::new());
        rows.for_each(|(value, group, stratum)| {
            kept.push(value);
            labels.push(group);
            within.push(stratum);
        });
        let lost = groups.lost(&vec![1; values.len()], |row| values[row].is_some() && strata[row].is_some());
        (permute_groups(&kept, &labels, &within, (draws, &words)), lost as usize)
    };
    tell(&mut answer, found);
    answer.rows_lost("all", lost as u64);
    Ok(answer)
}

/// Returns the place of each row's stratum; nothing where it has none.
fn strata(request: &Request<'_>) -> Result<Vec<Option<usize>>, Fault> {
    let Some(texts) = request.texts_of("within")? else { return Ok(vec![Some(0); request.table().rows()]) };
    let mut places: BTreeMap<&str, usize> = texts.iter().flatten().map(|text| (text.as_str(), 0)).collect();
    places.values_mut().enumerate().for_each(|(place, stratum)| *stratum = place);
    Ok(texts.iter().map(|text| places.get(text.as_deref()?).copied()).collect())
}

fn tell(answer: &mut Answer, found: Result<Permuted, Reason>) {
    let rows = [
        ("statistic", found.map(|found| found.statistic)),
        ("p_value", found.map(|found| found.p_value)),
        ("permutations", found.map(|found| found.permutations as f64)),
        ("exact", found.map(|found| f64::from(u8::from(found.exact)))),
    ];
    figures(answer, "all", &rows);
}

#[cfg(test)]
mod tests {
    use super::super::probe::{answer, check, number};
    use super::*;

    #[test]
    fn groups_and_pairs() {
        let rows = "g,x\na,1\na,2.5\na,3\na,4.5\nb,5\nb,6.5\nb,2\nb,8\nb,\n";
        let found = answer(&METHOD, rows, "--value x --by g");
        check(&found, "all", "p_value", 0.171_428_571_428_571_43);
        check(&found, "all", "exact", 1.0);
        let pairs = answer(&METHOD, "x,y\n1,1\n1,2\n1,3\n", "--x x --y y");
        assert_eq!(number(&pairs, "all", "p_value"), Err(Reason::NoVariation));
    }
}
