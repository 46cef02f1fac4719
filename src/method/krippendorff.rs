//! `krippendorff`: agreement of any number of raters.

use super::rows::{COLUMNS, LEVEL, N, Rows, ci, ends, names};
use super::{Answer, Fault, Method, Request, optional, preset};
use crate::stats::krippendorff::{Scale, Units};

pub(super) const METHOD: Method = Method {
    name: "krippendorff",
    known_as: &[
        "irr::kripp.alpha",
        "krippendorff.alpha",
        "irrCAC::krippen.alpha.raw",
        "kripp.boot::kripp.boot",
    ],
    about: "Krippendorff's alpha of any number of raters, ratings missing, with a bootstrap interval",
    formula: "alpha = 1 - D_o/D_e over the coincidences of ratings of the same row (each pair of a row weighs 1/(m-1), m its ratings). Distances: nominal 1; \
ordinal (ratings between the two, ends counting half)^2; interval (c-k)^2; ratio ((c-k)/(c+k))^2. Interval: percentiles over draws of rows. \
Rows with fewer than two ratings are left out. Undefined: too_few without a row of two ratings, no_variation where all ratings are the same (irr \
says 1), not_applicable for ratios of negative values. irr 0.84.1 is wrong for three raters or more when no rating is missing: it does not divide \
by m-1.",
    source: "Krippendorff (2019), Content Analysis, 4th edition, chapter 12; Hayes and Krippendorff (2007), Communication Methods and Measures 1",
    example: "data/examples/raters.csv --columns rater1,rater2,rater3 --type ordinal --replicates 200",
    options: &[
        COLUMNS,
        preset("type", "scales: nominal, ordinal, interval, ratio", "nominal,ordinal,interval"),
        optional("levels", "the levels in order, where ratings are words"),
        preset("replicates", "draws of rows for the interval; 0 for none", "1000"),
        preset("seed", "name of the random numbers", "1"),
        LEVEL,
        N,
    ],
    run,
};

fn scales(request: &Request<'_>) -> Result<Vec<(&'static str, Scale)>, Fault> {
    let known = [
        ("nominal", Scale::Nominal),
        ("ordinal", Scale::Ordinal),
        ("interval", Scale::Interval),
        ("ratio", Scale::Ratio),
    ];
    let unknown = |name: &str| {
        Fault::new(format!("`--type {name}` is unknown"), "it can be nominal, ordinal, interval, ratio")
    };
    let find = |name: &&str| known.into_iter().find(|(own, _)| own == name).ok_or_else(|| unknown(name));
    let found: Vec<(&'static str, Scale)> =
        request.names("type")?.iter().map(find).collect::<Result<_, _>>()?;
    if found.is_empty() {
        return Err(unknown(""));
    }
    Ok(found)
}

/// Returns the ratings of a rater, words as the places of their levels.
fn ratings(request: &Request<'_>, rows: &Rows<'_>, column: &str) -> Result<Vec<Option<f64>>, Fault> {
    let levels = request.names("levels")?;
    if levels.is_empty() {
        return rows.numbers(column);
    }
    let place = |word: String| match levels.iter().position(|level| *level == word.trim()) {
        Some(place) => Ok(place as f64),
        None => Err(Fault::new(
            format!("`{word}` is none of the levels {}", levels.join(", ")),
            "declare it in --levels",
        )),
    };
    rows.texts(column)?.into_iter().map(|word| word.map(place).transpose()).collect()
}

fn run(request: &Request<'_>) -> Result<Answer, Fault> {
    let names = names(request, "columns", 2)?;
    let rows = Rows::new(request)?;
    let raters: Vec<Vec<Option<f64>>> =
        names.iter().map(|name| ratings(request, &rows, name)).collect::<Result<_, Fault>>()?;
    let row = |i: usize| raters.iter().map(|rater| rater[i]).collect();
    let units = Units::new(&(0..raters[0].len()).map(row).collect::<Vec<Vec<Option<f64>>>>());
    let (level, draws) = (request.level()?, request.whole("replicates")?.unwrap_or(0));
    let mut answer = Answer::default();
    let (names, scales): (Vec<&str>, Vec<Scale>) = scales(request)?.into_iter().unzip();
    let words = ["krippendorff", request.option("seed").unwrap_or("")];
    let intervals = units.intervals(&scales, level, (draws, &words));
    for ((name, scale), interval) in names.into_iter().zip(scales).zip(intervals) {
        answer.figure(name, "krippendorff_alpha", units.alpha(scale));
        if draws > 0 {
            ends(&mut answer, name, (&ci(level), ""), interval);
        }
    }
    answer.number("all", "units", units.n_units() as f64);
    answer.rows_lost("all", (raters[0].len() - units.n_units()) as u64);
    Ok(answer)
}
