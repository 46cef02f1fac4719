//! `nps`: the net promoter score.

use super::counts::{FREQUENCY, frequencies, weights, whole};
use super::grouped::{Groups, all_of, ends, numbers};
use super::{Answer, Fault, Method, Request, optional, preset};
use crate::stats::Reason;
use crate::stats::net_promoter::{PromoterScore, Recommendations, promoter_difference, promoter_score};

pub(super) const METHOD: Method = Method {
    name: "nps",
    known_as: &["NPS::nps", "NPS::nps.test", "NPS::nps.var", "NPS::nps.se", "NPS::npc", "net promoter score"],
    about: "net promoter score with adjusted Wald and Wald intervals, and the difference of two groups",
    formula: "nps = P − D on −1..1 (times 100: points), P the share of answers from --promoters on, D of those up to --detractors. \
        variance = P + D − (P − D)², se = √(variance/n). wald: nps ± z·se, without width where all answers are alike; \
        adjusted_wald, our choice: the same of n + 3 answers, ¾ of one more a promoter and ¾ a detractor, with adjusted_se. \
        p_value: of a score of 0, by Wald. Two groups: element `difference`, first minus second (`summary` names them), se² the sum of both, ci \
        Wald's beside adjusted_wald_ci; NPS::nps.test tells the absolute difference and ignores breaks. Weighted answers: n is \
        Kish's effective n in the errors. An empty count of --columns is 0. Undefined: too_few without answers, p_value no_variation where all answers are \
        alike.",
    source: "Reichheld 2003; Rocks 2016",
    example: "data/examples/recommend.csv --value score --by month --frequency answers",
    options: &[
        optional("value", "column of the answers"),
        optional("columns", "instead: three columns with the numbers of promoters, passives and detractors"),
        optional("by", "column of the groups"),
        optional("groups", "the groups to keep, in that order; two of them are compared"),
        FREQUENCY,
        optional("weight", "column of weights"),
        preset("promoters", "smallest answer of a promoter", "9"),
        preset("detractors", "largest answer of a detractor", "6"),
        preset("level", "confidence of the intervals", "0.95"),
    ],
    run,
};

/// Answers of one group, with Σw² for Kish's n.
#[derive(Clone, Copy, Default)]
struct Sums {
    /// Number of answers.
    n: f64,
    /// Σw of promoters, passives, detractors.
    parts: [f64; 3],
    ww: f64,
}

impl Sums {
    fn add(&mut self, part: usize, weight: f64, count: f64) {
        self.n += count;
        self.parts[part] += weight * count;
        self.ww += weight * weight * count;
    }

    fn merged(mut self, other: &Self) -> Self {
        self.n += other.n;
        self.ww += other.ww;
        (0..3).for_each(|part| self.parts[part] += other.parts[part]);
        self
    }

    fn answers(&self) -> Recommendations {
        let [promoters, passives, detractors] = self.parts;
        let total = promoters + passives + detractors;
        let n_effective = if self.ww > 0.0 { total * total / self.ww } else { 0.0 };
        Recommendations { promoters, passives, detractors, n_effective }
    }
}

fn run(request: &Request<'_>) -> Result<Answer, Fault> {
    let (groups, level) = (Groups::of(request, "by")?, request.level()?);
    let (sums, lost) = sums(request, &groups)?;
    let mut answer = Answer::default();
    let whole = sums.iter().fold(Sums::default(), |whole, one| whole.merged(one));
    one(&mut answer, "all", &whole, level);
    if request.option("by").is_some() {
        groups.names.iter().zip(&sums).for_each(|(name, sums)| one(&mut answer, name, sums, level));
    }
    answer.rows_lost("all", lost);
    if let [first, second] = &sums[..] {
        groups.tell(&mut answer);
        difference(&mut answer, (first, second), level);
    }
    Ok(answer)
}

/// Returns the answers of every group, and how many rows are lost.
fn sums(request: &Request<'_>, groups: &Groups) -> Result<(Vec<Sums>, u64), Fault> {
    let mut sums = vec![Sums::default(); groups.names.len()];
    let weights = weights(request)?;
    let rows = || (0..groups.of_row.len()).filter_map(|row| Some((row, groups.of_row[row]?, weights[row]?)));
    let columns = request.names("columns")?;
    if let [promoters, passives, detractors] = columns[..] {
        for (part, column) in [promoters, passives, detractors].into_iter().enumerate() {
            let counts = request.numbers(column)?;
            for (row, group, weight) in rows() {
                let count = whole(column, row, counts[row])?;
                sums[group].add(part, weight, count as f64);
            }
        }
        let lost = groups.lost(&vec![1; weights.len()], |row| weights[row].is_some());
        return Ok((sums, lost));
    }
    if !columns.is_empty() {
        return Err(Fault::new(
            "--columns needs three columns",
            "promoters, passives, detractors, in that order",
        ));
    }
    let (values, counts) = (numbers(request, "value")?, frequencies(request)?);
    let promoters = request.value("promoters")?.unwrap_or(9.0);
    let detractors = request.value("detractors")?.unwrap_or(6.0);
    if promoters <= detractors {
        return Err(Fault::new(
            "promoters must answer higher than detractors",
            "write `--promoters 9 --detractors 6`, say",
        ));
    }
    for (row, group, weight) in rows() {
        let Some(value) = values[row] else { continue };
        let part = if value >= promoters {
            0
        } else if value <= detractors {
            2
        } else {
            1
        };
        sums[group].add(part, weight, counts[row] as f64);
    }
    let lost = groups.lost(&counts, |row| values[row].is_some() && weights[row].is_some());
    Ok((sums, lost))
}

fn one(answer: &mut Answer, name: &str, sums: &Sums, level: f64) {
    let found = promoter_score(&sums.answers(), level);
    answer.number(name, "n", sums.n);
    for (part, quantity) in [(2, "detractors"), (1, "passives"), (0, "promoters")] {
        answer.number(name, quantity, sums.parts[part]);
    }
    let numbers = found.map(|found| [found.value, found.variance, found.std_error, found.adjusted_error]);
    all_of(answer, name, ["nps", "variance", "se", "adjusted_se"], numbers);
    ends(answer, (name, "adjusted_wald_"), level, found.map(|found| found.adjusted));
    ends(answer, (name, "wald_"), level, found.map(|found| found.wald));
    answer.figure(name, "p_value", found.and_then(|found| found.p_value));
}

fn difference(answer: &mut Answer, (first, second): (&Sums, &Sums), level: f64) {
    const NAME: &str = "difference";
    let score = |sums: &Sums| promoter_score(&sums.answers(), level).map(|found| found.value);
    let found: Result<PromoterScore, Reason> =
        promoter_difference(&first.answers(), &second.answers(), level);
    answer.figure(NAME, "nps_first", score(first));
    answer.figure(NAME, "nps_second", score(second));
    let numbers = found.map(|found| [found.value, found.value.abs(), found.std_error, found.adjusted_error]);
    all_of(answer, NAME, ["difference", "absolute_difference", "se", "adjusted_se"], numbers);
    ends(answer, (NAME, "adjusted_wald_"), level, found.map(|found| found.adjusted));
    ends(answer, (NAME, ""), level, found.map(|found| found.wald));
    answer.figure(NAME, "p_value", found.and_then(|found| found.p_value));
}

#[cfg(test)]
mod tests {
    use super::super::probe::{answer, call, check, same, table};
    use super::*;

    #[test]
    fn answers_frequencies_and_counts_give_the_same() {
        let raw = "x\n10\n9\n8\n3\n6\n9\n";
        let counted = "x,f\n10,1\n9,2\n8,1\n3,1\n6,1\n";
        let parts = "p,q,d\n3,1,2\n";
        let one = answer(&METHOD, raw, "--value x");
        same(&one, &answer(&METHOD, counted, "--value x --frequency f"));
        same(&one, &answer(&METHOD, parts, "--columns p,q,d"));
        check(&one, "all", "nps", 1.0 / 6.0);
    }

    #[test]
    fn breaks_are_those_asked_for_where_the_peer_ignores_them() {
        // On a 1-5 scale R NPS::nps returns −1 whatever its `breaks`: every answer is a detractor to it.
        let found = answer(&METHOD, "x\n5\n5\n4\n2\n", "--value x --promoters 5 --detractors 3");
        check(&found, "all", "nps", 0.25);
        assert!(call(&METHOD, &table("x\n5\n"), "--value x --promoters 3 --detractors 5").is_err());
    }
}
