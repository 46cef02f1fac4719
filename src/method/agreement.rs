//! `agreement`: agreement of several raters on declared levels beyond chance.

use super::levels::{levels, tidy};
use super::rows::{COLUMNS, LEVEL, N, Rows, ci, ends, names};
use super::{Answer, Fault, Method, Request, optional};
use crate::stats::Reason;
use crate::stats::agreement::{Agreement, Chance, Judgements};
use crate::stats::kappa::Weights;

pub(super) const METHOD: Method = Method {
    name: "agreement",
    known_as: &[
        "irr::kappam.fleiss",
        "irr::kappam.light",
        "irrCAC::gwet.ac1.raw",
        "irrCAC::fleiss.kappa.raw",
        "irrCAC::conger.kappa.raw",
        "statsmodels.stats.inter_rater.fleiss_kappa",
        "psych::cohen.kappa (several raters)",
        "Gwet AC1, AC2",
    ],
    about: "Agreement of several raters beyond chance, ratings missing: Gwet's AC1 and AC2, Fleiss', Conger's and Light's kappa",
    formula: "One column a rater, one row a subject. (p_a - p_e)/(1 - p_e): p_a the mean over subjects of the share of agreeing pairs of ratings (subjects with two \
or more), pi the mean over subjects of their shares of levels. gwet_ac_*: p_e = sum w/(q(q-1)) sum pi(1-pi), AC1 unweighted, AC2 weighted; \
fleiss_kappa_*: p_e = sum w pi_k pi_l; weights 1 on equal levels, linear 1 - |i-j|/(q-1), quadratic 1 - ((i-j)/(q-1))^2. se: linearised, subjects drawn \
from many; p_value and interval by t with n - 1. fleiss: the same kappa with the test of no agreement beyond chance of Fleiss, Nee and Landis; \
fleiss_exact: Conger's, chance by each rater's own shares; light: mean of Cohen's kappas of all pairs of raters. Levels are those declared with --levels, \
in order, or else those seen, numbers by their size; more than two words have no order of their own: without --levels weights are not_applicable. Where nearly all ratings are of one level kappa falls though raters agree; Gwet's does not. Undefined: too_few without a \
subject of two ratings, no_variation where chance agreement is complete, not_applicable (fleiss z, fleiss_exact) with a rating missing.",
    source: "Gwet (2008), British Journal of Mathematical and Statistical Psychology 61; Gwet (2014), Handbook of Inter-Rater Reliability; Fleiss (1971), \
Psychological Bulletin 76; Fleiss, Nee and Landis (1979); Conger (1980); Light (1971)",
    example: "data/examples/raters.csv --columns rater1,rater2,rater3 --levels 0,1,2,3",
    options: &[COLUMNS, optional("levels", "the levels that could be given, in order, as 0,1,2,3"), LEVEL, N],
    run,
};

const FORMS: [(&str, Weights); 3] =
    [("unweighted", Weights::Unweighted), ("linear", Weights::Linear), ("quadratic", Weights::Quadratic)];

fn run(request: &Request<'_>) -> Result<Answer, Fault> {
    let (level, raters) = (request.level()?, names(request, "columns", 2)?.len());
    let (found, (rows, levels), is_ordered) = judgements(request)?;
    let mut answer = Answer::default();
    for (prefix, chance) in [("gwet_ac", Chance::Gwet), ("fleiss_kappa", Chance::Fleiss)] {
        for (name, weights) in FORMS {
            let found = match is_ordered || weights == Weights::Unweighted {
                true => found.beyond_chance(chance, weights),
                false => Err(Reason::NotApplicable),
            };
            coefficient(&mut answer, &format!("{prefix}_{name}"), level, found);
        }
    }
    let fleiss = found.beyond_chance(Chance::Fleiss, Weights::Unweighted);
    answer.figure("fleiss", "kappa", fleiss.map(|fleiss| fleiss.value));
    let test = found.fleiss_test();
    answer.figure("fleiss", "z", test.and_then(|test| test.z));
    answer.figure("fleiss", "p_value", test.and_then(|test| test.p_value));
    answer.figure("fleiss_exact", "kappa", found.conger());
    answer.figure("light", "kappa", found.light());
    answer.figure("agreement", "percent", found.observed(Weights::Unweighted).map(|share| 100.0 * share));
    answer.number("all", "subjects", found.n_shared() as f64);
    answer.number("all", "raters", raters as f64);
    answer.number("all", "levels", levels as f64);
    answer.rows_lost("all", (rows - found.n_shared()) as u64);
    Ok(answer)
}

/// Reads the ratings as places of levels; returns the numbers of subjects and levels, and whether these have an order.
fn judgements(request: &Request<'_>) -> Result<(Judgements, (usize, usize), bool), Fault> {
    let rows = Rows::new(request)?;
    let read = |name: &&str| {
        let words = rows.texts(name)?.into_iter();
        Ok(words.map(|word| word.map(|word| tidy(&word))).collect::<Vec<Option<String>>>())
    };
    let raters = names(request, "columns", 2)?.iter().map(read).collect::<Result<Vec<_>, Fault>>()?;
    let declared: Vec<String> = request.list("levels").into_iter().map(tidy).collect();
    let words: Vec<&String> = raters.iter().flatten().flatten().collect();
    let (levels, is_ordered) = levels(declared, &words)?;
    let place = |word: &String| levels.iter().position(|level| level == word);
    let subject = |row: usize| raters.iter().map(|rater| rater[row].as_ref().and_then(place)).collect();
    let subjects: Vec<Vec<Option<usize>>> = (0..raters[0].len()).map(subject).collect();
    let counts = (subjects.len(), levels.len());
    Ok((Judgements::new(&subjects, levels.len()), counts, is_ordered))
}

fn coefficient(answer: &mut Answer, element: &str, level: f64, found: Result<Agreement, Reason>) {
    answer.figure(element, "coef", found.map(|found| found.value));
    answer.figure(element, "se", found.and_then(|found| found.std_error));
    answer.figure(element, "p_value", found.and_then(|found| found.p_value));
    ends(answer, element, (&ci(level), ""), found.and_then(|found| found.interval(level)));
}

#[cfg(test)]
mod tests {
    use super::super::probe::{answer, call, number, same, table};
    use super::*;

    #[test]
    fn counts_and_single_rows_give_the_same() {
        let raw = "a,b,c\n1,1,2\n1,1,2\n2,,2\n3,3,1\n1,2,1\n2,3,2\n";
        let counted = "a,b,c,n\n1,1,2,2\n2,,2,1\n3,3,1,1\n1,2,1,1\n2,3,2,1\n3,3,3,0\n";
        let one = answer(&METHOD, raw, "--columns a,b,c --levels 1,2,3");
        same(&one, &answer(&METHOD, counted, "--columns a,b,c --levels 1,2,3 --frequency n"));
        assert!(number(&one, "fleiss_kappa_linear", "coef").is_ok());
        assert_eq!(number(&one, "fleiss_exact", "kappa"), Err(Reason::NotApplicable));
        assert!(call(&METHOD, &table(raw), "--columns a,b --levels 1,2").is_err());
    }

    #[test]
    fn empty_and_constant_tables_have_reasons() {
        let empty = answer(&METHOD, "a,b\n", "--columns a,b");
        assert_eq!(number(&empty, "gwet_ac_linear", "coef"), Err(Reason::TooFew));
        let constant = answer(&METHOD, "a,b\n1,1\n1,1\n", "--columns a,b --levels 1,2");
        assert_eq!(number(&constant, "fleiss", "kappa"), Err(Reason::NoVariation));
        assert!(number(&constant, "gwet_ac_unweighted", "coef").is_ok());
    }
}
