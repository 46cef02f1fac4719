//! `negative-binomial`: rates of counts that vary more than Poisson's.

use super::grouped::{Groups, figures};
use super::{Answer, Fault, Method, Request, hits, optional, required};
use crate::stats::dispersion::{negative_binomial, same_negative_binomial_rate};
use crate::stats::rate::Events;

pub(super) const METHOD: Method = Method {
    name: "negative-binomial",
    known_as: &[
        "MASS::glm.nb",
        "statsmodels.discrete.discrete_model.NegativeBinomial",
        "AER::dispersiontest",
    ],
    about: "rates of overdispersed counts, the test of their dispersion, and of equal rates of groups",
    formula: "Every row is one count x with exposure e; x has mean μ = rate·e and variance μ + α·μ², the rate of its group and one α \
        for all, by maximum likelihood. Element `all`: alpha (0 where the counts vary no more than Poisson's), theta = \
        1/alpha, log_likelihood, dispersion_chisq = twice the gain over Poisson with dispersion_p_value half of chi-square's \
        tail (α cannot be negative), and for several groups rate_chisq with rate_p_value of equal rates. Element per group: \
        rate. Undefined: too_few below two rows, without an event in a group or with an exposure of 0; theta not_applicable at \
        alpha 0.",
    source: "Lawless 1987; Cameron and Trivedi 1998",
    example: "data/examples/behaviours.csv --kept events --n hours --by group",
    options: &[
        required("kept", "column with the number of events"),
        required("n", "column with the exposure, in any unit"),
        optional("by", "column of the groups"),
        optional("groups", "the groups to keep"),
    ],
    run,
};

fn run(request: &Request<'_>) -> Result<Answer, Fault> {
    let groups = Groups::of(request, "by")?;
    let mut rows: Vec<Vec<Events>> = vec![Vec::new(); groups.names.len()];
    let (events, lost) = hits::events(request, &groups)?;
    events.into_iter().for_each(|(group, row)| rows[group].push(row));
    let found = negative_binomial(&rows);
    let fit = found.as_ref().map_err(|reason| *reason);
    let mut answer = Answer::default();
    let numbers = [
        ("n", Ok(rows.iter().map(Vec::len).sum::<usize>() as f64)),
        ("alpha", fit.map(|fit| fit.alpha)),
        (
            "theta",
            fit.and_then(|fit| {
                if fit.alpha > 0.0 { Ok(1.0 / fit.alpha) } else { Err(crate::stats::Reason::NotApplicable) }
            }),
        ),
        ("log_likelihood", fit.map(|fit| fit.log_likelihood)),
        ("dispersion_chisq", fit.map(|fit| fit.ratio)),
        ("dispersion_p_value", fit.map(|fit| fit.p_value)),
    ];
    figures(&mut answer, "all", &numbers);
    answer.rows_lost("all", lost);
    if rows.len() > 1 {
        let test = same_negative_binomial_rate(&rows);
        figures(
            &mut answer,
            "all",
            &[("rate_chisq", test.map(|test| test.0)), ("rate_p_value", test.map(|test| test.1))],
        );
    }
    for (place, name) in groups.names.iter().enumerate() {
        answer.figure(name, "rate", fit.map(|fit| fit.rates[place]));
    }
    Ok(answer)
}

#[cfg(test)]
mod tests {
    use super::super::probe::{answer, check, number};
    use super::*;

    #[test]
    fn a_group_without_events_has_a_reason() {
        let found = answer(&METHOD, "g,x,e\na,3,1\na,9,1\nb,0,1\nb,0,2\n", "--kept x --n e --by g");
        assert_eq!(number(&found, "b", "rate"), Err(crate::stats::Reason::TooFew));
        let calm = answer(&METHOD, "x,e\n4,1\n5,1\n", "--kept x --n e");
        assert_eq!(number(&calm, "all", "theta"), Err(crate::stats::Reason::NotApplicable));
        check(&calm, "all", "rate", 4.5);
    }
}
