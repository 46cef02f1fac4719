//! `kaplan-meier`: how long cases stay open.

use super::counts::FREQUENCY;
use super::grouped::{Groups, ends};
use super::lifetimes::{EVENT, TIME, cases};
use super::{Answer, Fault, Method, Request, optional, percent, preset};
use crate::stats::Reason;
use crate::stats::survival::{Curve, RestrictedMean, Scale, kaplan_meier};

pub(super) const METHOD: Method = Method {
    name: "kaplan-meier",
    known_as: &[
        "survival::survfit",
        "survival::Surv",
        "lifelines.KaplanMeierFitter",
        "statsmodels.duration.survfunc.SurvfuncRight",
        "survRM2::rmst2",
    ],
    about: "time to closing with cases still open: Kaplan-Meier shares, median, restricted mean, per group",
    formula: "S(t) = Π(1 − d/r) over the times of events up to t: the share of cases still open (open_share at element UNIT@TIMEd). \
        Variance of ln S: Greenwood's Σ d/(r(r−d)). Ends by --type: log-log, ln(−ln S) ± z·√var/|ln S|, our choice, which \
        stays within 0..1; log, S·exp(±z√var), the default of survfit; plain. median_days: where S falls to ½ (the middle of a \
        flat at exactly ½), its ends where the limits of the curve do. rmstT: area under S up to --limit T, with rmstT_se. A \
        case censored at the time of an event is at risk there. Undefined: too_few without cases or where the curve or its \
        limit stays above ½; an interval no_variation where S is 0 or 1; open_share and rmst are a gap where the last case was \
        censored before the time asked for.",
    source: "Kaplan and Meier 1958; Greenwood 1926; Brookmeyer and Crowley 1982; Borgan and Liestøl 1990",
    example: "data/examples/remedies.csv --time days --event closed --by department --at 3,7,14 --limit 14",
    options: &[
        TIME,
        EVENT,
        optional("by", "column of the groups that have a curve of their own"),
        optional("groups", "the groups to keep"),
        FREQUENCY,
        optional("at", "times at which the share still open is told, comma list"),
        optional("limit", "time up to which the mean is taken"),
        preset("type", "scale of the intervals: log-log, log or plain", "log-log"),
        preset("in", "unit of the times, which names the quantities", "days"),
        preset("level", "confidence of the intervals", "0.95"),
    ],
    run,
};

/// What to tell of every curve.
struct Plan<'a> {
    times: Vec<f64>,
    limit: Option<f64>,
    scale: Scale,
    unit: &'a str,
    level: f64,
}

fn plan<'a>(request: &Request<'a>) -> Result<Plan<'a>, Fault> {
    let time = |text: &str| match text.parse::<f64>() {
        Ok(time) if time >= 0.0 && time.is_finite() => Ok(time),
        _ => Err(Fault::new(format!("`--at {text}` is not a time"), "write `--at 3,7,14`, say")),
    };
    Ok(Plan {
        times: request.names("at")?.into_iter().map(time).collect::<Result<_, _>>()?,
        limit: request.value("limit")?,
        scale: match request.word("type", &["log-log", "log", "plain"])? {
            Some("log") => Scale::Log,
            Some("plain") => Scale::Plain,
            _ => Scale::LogLog,
        },
        unit: request.option("in").unwrap_or("days"),
        level: request.level()?,
    })
}

fn run(request: &Request<'_>) -> Result<Answer, Fault> {
    let (groups, plan) = (Groups::of(request, "by")?.or_all(), plan(request)?);
    let mut answer = Answer::default();
    let (all, lost) = cases(request, &groups)?;
    for (name, cases) in groups.names.iter().zip(all) {
        let found = kaplan_meier(&cases);
        told(&mut answer, name, found.as_ref().map_err(|reason| *reason), &plan);
    }
    answer.rows_lost("all", lost);
    Ok(answer)
}

fn told(answer: &mut Answer, name: &str, curve: Result<&Curve, Reason>, plan: &Plan<'_>) {
    answer.number(name, "n", curve.map_or(0.0, |curve| curve.n as f64));
    answer.number(name, "events", curve.map_or(0.0, |curve| curve.events as f64));
    let median = curve.map(|curve| curve.median(plan.scale, plan.level));
    answer.figure(name, &format!("median_{}", plan.unit), median.and_then(|median| median.value));
    let percent = percent(plan.level);
    answer.figure(name, &format!("median_ci{percent}_low"), median.and_then(|median| median.lower));
    answer.figure(name, &format!("median_ci{percent}_high"), median.and_then(|median| median.upper));
    for &time in &plan.times {
        at(answer, (name, curve), time, plan);
    }
    if let Some(limit) = plan.limit {
        let found = curve.and_then(|curve| curve.restricted_mean(limit));
        let pick = |pick: fn(RestrictedMean) -> f64| found.map(pick);
        answer.figure(name, &format!("rmst{limit}"), pick(|found| found.mean));
        answer.figure(name, &format!("rmst{limit}_se"), pick(|found| found.std_error));
    }
}

/// Adds the share still open at one time.
fn at(answer: &mut Answer, (name, curve): (&str, Result<&Curve, Reason>), time: f64, plan: &Plan<'_>) {
    let element = format!("{name}@{time}{}", plan.unit.chars().next().unwrap_or('d'));
    let survival = curve.and_then(|curve| curve.survival(time));
    let step = curve.and_then(|curve| curve.at(time).ok_or(Reason::NoVariation));
    answer.figure(&element, "open_share", survival);
    let interval = survival.and_then(|_| step?.interval(plan.scale, plan.level));
    ends(answer, (&element, "open_share_"), plan.level, interval);
    answer.figure(&element, "at_risk", curve.map(|curve| curve.at_risk(time) as f64));
}

#[cfg(test)]
mod tests {
    use super::super::probe::{answer, call, check, number, same, table};
    use super::*;

    #[test]
    fn counts_and_single_cases_give_the_same() {
        let raw = "t,e\n1,1\n1,1\n2,0\n3,1\n3,0\n";
        let counted = "t,e,f\n1,1,2\n2,0,1\n3,1,1\n3,0,1\n";
        let options = "--time t --event e --at 0.5,1,9 --limit 3 --type log";
        let one = answer(&METHOD, raw, options);
        same(&one, &answer(&METHOD, counted, &format!("{options} --frequency f")));
        check(&one, "all@1d", "open_share", 0.6);
        check(&one, "all@0.5d", "open_share", 1.0);
        assert_eq!(number(&one, "all@9d", "open_share"), Err(Reason::Gap));
        check(&one, "all", "median_days", 3.0);
        check(&one, "all", "rmst3", 2.2);
    }

    #[test]
    fn wrong_calls_are_told() {
        for rows in ["t,e\n-1,1\n", "t,e\n1,2\n"] {
            assert!(call(&METHOD, &table(rows), "--time t --event e").is_err());
        }
        assert!(call(&METHOD, &table("t,e\n1,1\n"), "--time t --event e --at soon").is_err());
    }
}
