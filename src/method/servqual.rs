//! `servqual`: gaps between perceptions and expectations, and the reliability of the difference.

use super::complete::complete;
use super::rows::names;
use super::{Answer, Fault, Method, Request, optional, percent, preset, required};
use crate::stats::Reason;
use crate::stats::servqual::{Gap, Pair, RELIABLE, gap};

pub(super) const METHOD: Method = Method {
    name: "servqual",
    known_as: &[
        "SERVQUAL",
        "SERVPERF",
        "gap analysis",
        "t.test(paired = TRUE)",
        "reliability of difference scores",
    ],
    about: "SERVQUAL gap per item and in all (perception minus expectation), with the reliability of the \
        difference.",
    formula: "gap = mean of P - E over persons with both, paired t interval. `all`: persons' means over \
        the items, weighted by --importance where given. reliability = (sP² rP + sE² rE - 2 r sP sE)/(sP² + \
        sE² - 2 r sP sE), rP and rE from --reliabilities; for `all` without that option coefficient alpha of \
        the items on either side. use: `difference` where the reliability is 0.7 or more, else `perception`. \
        Undefined: too_few below two persons, not_measured without reliabilities, no_variation where all \
        differences are equal.",
    source: "Parasuraman, Zeithaml and Berry (1988); Peter, Churchill and Brown (1993), Journal of \
        Consumer Research 19:655",
    example: "data/examples/gaps.csv --perceived p1,p2,p3 --expected e1,e2,e3",
    options: &[
        required("perceived", "columns of perceptions, by commas"),
        required("expected", "columns of expectations, in the same order"),
        optional("importance", "weights of the items, by commas (100 points over them, say)"),
        optional("reliabilities", "reliabilities of perception and expectation: 0.86,0.81"),
        preset("level", "confidence of intervals", "0.95"),
    ],
    run,
};

fn run(request: &Request<'_>) -> Result<Answer, Fault> {
    let (perceived, expected, level) =
        (names(request, "perceived", 1)?, names(request, "expected", 1)?, request.level()?);
    if perceived.len() != expected.len() {
        return Err(Fault::new(
            "`--perceived` and `--expected` do not name as many columns",
            "name them in pairs, in the same order",
        ));
    }
    let reliabilities = match &request.values("reliabilities")?[..] {
        [] => None,
        [of_p, of_e] => Some((*of_p, *of_e)),
        _ => {
            return Err(Fault::new(
                "`--reliabilities` is not two numbers",
                "write `--reliabilities 0.86,0.81`, say",
            ));
        }
    };
    let mut weights = request.values("importance")?;
    if weights.is_empty() {
        weights = vec![1.0; perceived.len()];
    }
    if weights.len() != perceived.len()
        || weights.iter().any(|w| *w < 0.0)
        || weights.iter().sum::<f64>() <= 0.0
    {
        return Err(Fault::new(
            "`--importance` does not fit the items",
            "give each item a weight of 0 or more",
        ));
    }
    let percent = percent(level);
    let mut answer = Answer::default();
    for (p, e) in perceived.iter().zip(&expected) {
        let found = complete(request, &[p, e])?;
        let pair = Pair { perceived: &found.columns[0], expected: &found.columns[1], reliabilities };
        let element = format!("{p}~{e}");
        tell(&mut answer, &element, gap(&pair, level), &percent);
        answer.rows_lost(&element, found.lost);
    }
    let names: Vec<&str> = perceived.iter().chain(&expected).copied().collect();
    let found = complete(request, &names)?;
    let (of_p, of_e) = found.columns.split_at(perceived.len());
    let alphas = alpha(of_p)
        .zip(alpha(of_e))
        .filter(|_| weights.windows(2).all(|pair| pair[0].to_bits() == pair[1].to_bits()));
    let (p, e) = (composite(of_p, &weights), composite(of_e, &weights));
    let pair = Pair { perceived: &p, expected: &e, reliabilities: reliabilities.or(alphas) };
    tell(&mut answer, "all", gap(&pair, level), &percent);
    answer.rows_lost("all", found.lost);
    Ok(answer)
}

/// Returns each person's weighted mean over the items.
fn composite(items: &[Vec<f64>], weights: &[f64]) -> Vec<f64> {
    let (n, total) = (items.first().map_or(0, Vec::len), weights.iter().sum::<f64>());
    (0..n)
        .map(|row| items.iter().zip(weights).map(|(item, weight)| weight * item[row]).sum::<f64>() / total)
        .collect()
}

/// Returns coefficient alpha of equally weighted items; nothing where it is undefined.
fn alpha(items: &[Vec<f64>]) -> Option<f64> {
    let k = items.len() as f64;
    let variance = |values: &[f64]| {
        let centred = crate::stats::correlation::centred(values);
        crate::stats::correlation::product(&centred, &centred)
    };
    let total = variance(&composite(items, &vec![1.0; items.len()])) * k * k;
    let alpha = k / (k - 1.0) * (1.0 - items.iter().map(|item| variance(item)).sum::<f64>() / total);
    (items.len() > 1 && total > 0.0 && alpha.is_finite()).then_some(alpha)
}

fn tell(answer: &mut Answer, element: &str, found: Result<Gap, Reason>, percent: &str) {
    let of =
        |value: fn(&Gap) -> Result<f64, Reason>| found.as_ref().map_err(|reason| *reason).and_then(value);
    answer.figure(element, "perceived", of(|gap| Ok(gap.perceived)));
    answer.figure(element, "expected", of(|gap| Ok(gap.expected)));
    answer.figure(element, "gap", of(|gap| Ok(gap.gap.value)));
    answer.figure(element, "gap_se", of(|gap| Ok(gap.gap.std_error)));
    answer.figure(element, "gap_t", of(|gap| gap.gap.test.map(|test| test.0)));
    answer.figure(element, "gap_p_value", of(|gap| gap.gap.test.map(|test| test.1)));
    answer.figure(element, &format!("gap_ci{percent}_low"), of(|gap| Ok(gap.gap.lower)));
    answer.figure(element, &format!("gap_ci{percent}_high"), of(|gap| Ok(gap.gap.upper)));
    answer.figure(element, "correlation", of(|gap| gap.correlation));
    answer.figure(element, "reliability", of(|gap| gap.reliability));
    if let Ok(reliability) = of(|gap| gap.reliability) {
        answer.text(element, "use", if reliability >= RELIABLE { "difference" } else { "perception" });
    }
}
