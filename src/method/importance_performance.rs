//! `importance-performance`: the map of drivers by importance and performance, with its lines and what is undecided.

use super::complete::{complete, predictors_and_outcome};
use super::rows::{scale, within_scale};
use super::{Answer, Fault, Method, Request, optional, percent, preset, required};
use crate::stats::Reason;
use crate::stats::importance::Rule;
use crate::stats::importance_bootstrap::{Ends, Plan, intervals};
use crate::stats::importance_performance::{Located, Point, is_decided, lines, quadrant};
use crate::stats::regression::regress;
use crate::stats::sandwich::Rows;
use crate::stats::weighting;

pub(super) const METHOD: Method = Method {
    name: "importance-performance",
    known_as: &["IPMA", "IPA", "cSEM::doIPMA", "seminr IPMA", "Martilla-James map", "priority matrix"],
    about: "Importance-performance map: quadrant of each driver, and whether the data decide it.",
    formula: "importance: lmg (or another rule, or coef: the unstandardised coefficient) of y on the \
        drivers; performance: 100 (mean - lowest)/(highest - lowest) of the driver's own ratings. Lines at \
        the means over drivers; performance at --target (on 0-100) where given; a value on a line is above \
        it. quadrant: concentrate here (important, weak), keep up the good work, low priority, possible \
        overkill. decided = 1 where neither line crosses the driver's intervals (percentile bootstrap of a \
        rule, Student's of coef and of performance), else 0.",
    source: "Martilla and James (1977), Journal of Marketing 41:77; Slack (1994)",
    example: "data/examples/profiles.csv --y satisfaction --x speed,staff,promises --scale 0,100 \
        --replicates 200",
    options: &[
        required("y", "column of the outcome"),
        required("x", "columns of the drivers, by commas"),
        required("scale", "lowest and highest possible rating: 1,10"),
        preset("method", "measure of importance: lmg, genizi, car, first, last, betasq, pratt, coef", "lmg"),
        optional("target", "performance from which on a driver is strong, 0 to 100"),
        optional("weight", "column of weights"),
        preset("replicates", "number of resamples; 0 for none", "1000"),
        preset("seed", "word that names the random numbers", "concord"),
        preset("level", "confidence of intervals", "0.95"),
    ],
    run,
};

fn run(request: &Request<'_>) -> Result<Answer, Fault> {
    let (names, level) = (predictors_and_outcome(request)?, request.level()?);
    let (lowest, highest) = scale(request)?.unwrap_or((0.0, 1.0));
    within_scale(request, &names[..names.len() - 1], (lowest, highest))?;
    let found = complete(request, &names)?;
    let rows = Rows { columns: &found.columns, weights: &found.weights, n: found.n };
    let importance = importance(&rows, request)?;
    let points = importance.and_then(|importance| {
        let point = |(k, importance): (usize, &Located)| {
            let values: Vec<Option<f64>> = found.columns[k].iter().map(|x| Some(*x)).collect();
            let mean = weighting::mean(&values, &found.weights, &[], level)?;
            let on_scale = |value: f64| 100.0 * (value - lowest) / (highest - lowest);
            let ends = Ends { lower: on_scale(mean.lower), upper: on_scale(mean.upper) };
            Ok(Point {
                importance: *importance,
                performance: Located { value: on_scale(mean.value), ends: Some(ends) },
            })
        };
        importance.iter().enumerate().map(point).collect::<Result<Vec<Point>, Reason>>()
    });
    let mut answer = Answer::default();
    answer.number("model", "n", found.n);
    answer.rows_lost("model", found.lost);
    tell(&mut answer, (&names, &percent(level)), points, request.value("target")?);
    Ok(answer)
}

fn importance(rows: &Rows<'_>, request: &Request<'_>) -> Result<Result<Vec<Located>, Reason>, Fault> {
    let words: Vec<&'static str> = Rule::ALL.iter().map(|rule| rule.name()).chain(["coef"]).collect();
    let word = request.word("method", &words)?.unwrap_or("lmg");
    let (level, replicates) = (request.level()?, request.whole("replicates")?.unwrap_or(0));
    let Some(rule) = Rule::ALL.into_iter().find(|rule| rule.name() == word) else {
        let fit = rows.products().and_then(|products| regress(&products, level));
        let located = |slope: &crate::stats::regression::Coefficient| Located {
            value: slope.value,
            ends: Some(Ends { lower: slope.lower, upper: slope.upper }),
        };
        return Ok(fit.map(|fit| fit.slopes.iter().map(located).collect()));
    };
    let clusters: Vec<usize> = (0..rows.weights.len()).collect();
    let plan = Plan { rule, replicates, level, seed: request.option("seed").unwrap_or_default() };
    let spreads = intervals(rows, &clusters, &plan).ok().filter(|_| replicates > 0);
    let parts = rows.products().and_then(|products| rule.parts(&products.correlation()?, rows.columns.len()));
    let located = |(k, part): (usize, &f64)| Located {
        value: *part,
        ends: spreads.as_ref().map(|spreads| spreads[k].part),
    };
    Ok(parts.map(|parts| parts.iter().enumerate().map(located).collect()))
}

fn tell(
    answer: &mut Answer,
    (names, percent): (&[&str], &str),
    points: Result<Vec<Point>, Reason>,
    target: Option<f64>,
) {
    let lines = points.as_ref().map_err(|reason| *reason).and_then(|points| lines(points, target));
    answer.figure("model", "importance_line", lines.map(|lines| lines.importance));
    answer.figure("model", "performance_line", lines.map(|lines| lines.performance));
    for (k, name) in names[..names.len() - 1].iter().enumerate() {
        let point = points.as_ref().map(|points| points[k]).map_err(|reason| *reason);
        for (what, located) in [
            ("importance", point.map(|point| point.importance)),
            ("performance", point.map(|point| point.performance)),
        ] {
            answer.figure(name, what, located.map(|located| located.value));
            let ends = located.and_then(|located| located.ends.ok_or(Reason::NotApplicable));
            answer.figure(name, &format!("{what}_ci{percent}_low"), ends.map(|ends| ends.lower));
            answer.figure(name, &format!("{what}_ci{percent}_high"), ends.map(|ends| ends.upper));
        }
        match (point, lines) {
            (Ok(point), Ok(lines)) => {
                answer.text(name, "quadrant", quadrant(&point, &lines).name());
                answer.number(name, "decided", f64::from(u8::from(is_decided(&point, &lines))));
            }
            (Err(reason), _) | (_, Err(reason)) => answer.figure(name, "quadrant", Err(reason)),
        }
    }
}
