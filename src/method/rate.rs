//! `rate`: rates of counts per exposure.

use super::grouped::{Groups, all_of, ends, figures};
use super::{Answer, Fault, Method, Request, hits, optional, preset, required};
use crate::stats::Reason;
use crate::stats::rate::{Events, rate_interval, rate_ratio, same_rate};

pub(super) const METHOD: Method = Method {
    name: "rate",
    known_as: &[
        "stats::poisson.test",
        "epitools::pois.exact",
        "epitools::rateratio",
        "PHEindicatormethods::phe_rate",
        "statsmodels.stats.rates.confint_poisson",
        "statsmodels.stats.rates.confint_poisson_2indep",
        "statsmodels.stats.rates.test_poisson_2indep",
    ],
    about: "rates of counts (complaints per 1000 cases, behaviours per hour): exact intervals, ratio of two, dispersion over units",
    formula: "rate = events/exposure per unit, exact ends from gamma quantiles (x) and (x+1) (Garwood). Two units, element \
        first~second: ratio, exact ends and p_value_exact from the binomial distribution of the first's events given all \
        events (p: all splits no likelier than the one seen), score ends and p_value_score. Element `chisq`: Σ(x − E)²/E over \
        units against equal rates, df, p_value, and dispersion = statistic/df: above 1 the counts vary more than Poisson's, \
        and `negative-binomial` is the method. Rows of a unit are added. Undefined: too_few without exposure or without any \
        event where one is needed; an end that is infinite is not_converged.",
    source: "Garwood 1936; Przyborowski and Wilenski 1940; Graham, Mayne and Stampfer 1994",
    example: "data/examples/behaviours.csv --kept events --n hours --by group",
    options: &[
        required("kept", "column with the number of events"),
        required("n", "column with the exposure, in any unit"),
        optional("by", "column of the units"),
        optional("groups", "the units to keep; two of them are compared"),
        preset("level", "confidence of the intervals", "0.95"),
    ],
    run,
};

fn run(request: &Request<'_>) -> Result<Answer, Fault> {
    let (groups, level) = (Groups::of(request, "by")?.or_all(), request.level()?);
    let mut units = vec![Events { events: 0, exposure: 0.0 }; groups.names.len()];
    let (rows, lost) = hits::events(request, &groups)?;
    for (group, row) in rows {
        units[group].events += row.events;
        units[group].exposure += row.exposure;
    }
    let mut answer = Answer::default();
    for (name, unit) in groups.names.iter().zip(&units) {
        let interval = rate_interval(*unit, level);
        answer.number(name, "events", unit.events as f64);
        answer.number(name, "exposure", unit.exposure);
        answer.figure(name, "rate", interval.map(|_| unit.events as f64 / unit.exposure));
        ends(&mut answer, (name, ""), level, interval);
    }
    if let ([first, second], [one, other]) = (&groups.names[..], &units[..]) {
        ratio(&mut answer, &format!("{first}~{second}"), (*one, *other), level);
    }
    if units.len() > 1 {
        let test = same_rate(&units).map(|(test, phi)| [test.statistic, test.df, test.p_value, phi]);
        all_of(&mut answer, "chisq", ["statistic", "df", "p_value", "dispersion"], test);
    }
    answer.rows_lost("all", lost);
    Ok(answer)
}

fn ratio(answer: &mut Answer, pair: &str, (first, second): (Events, Events), level: f64) {
    let found = rate_ratio(first, second, level);
    let closed = |(low, high): (f64, Option<f64>)| Ok((low, high.ok_or(Reason::NotConverged)?));
    answer.figure(pair, "ratio", found.and_then(|found| found.ratio));
    ends(answer, (pair, "exact_"), level, found.and_then(|found| closed(found.exact)));
    ends(answer, (pair, "score_"), level, found.and_then(|found| closed(found.score)));
    let rows = [
        ("p_value_exact", found.map(|found| found.p_exact)),
        ("p_value_score", found.map(|found| found.p_score)),
    ];
    figures(answer, pair, &rows);
}

#[cfg(test)]
mod tests {
    use super::super::probe::{answer, call, check, number, same, table};
    use super::*;

    #[test]
    fn rows_of_a_unit_are_added() {
        let parts = "g,x,e\na,3,10\na,4,12.5\nb,0,8\nb,2,1\nc,,4\n";
        let whole = "g,x,e\na,7,22.5\nb,2,9\nc,0,0\n";
        let one = answer(&METHOD, parts, "--kept x --n e --by g --groups a,b");
        same(&one, &answer(&METHOD, whole, "--kept x --n e --by g --groups a,b"));
        check(&one, "a~b", "ratio", 1.4);
        let all = answer(&METHOD, parts, "--kept x --n e --by g");
        assert_eq!(number(&all, "c", "rate"), Err(Reason::TooFew));
        check(&all, "chisq", "df", 1.0);
        assert!(call(&METHOD, &table("x,e\n2.5,1\n"), "--kept x --n e").is_err());
    }
}
