//! The rating of one department over the rolling window.

use super::super::feed::{Feed, FeedColumn, Values};
use super::{code_of, column, figure_columns, numbers, texts};
use crate::disclose::Published;
use crate::project::Project;
use crate::rating::{Grade, Rating};
use crate::stats::shrinkage::RankDistribution;

pub(super) fn feed(published: &Published, project: &Project) -> Feed {
    let rows = published.ratings.get(&published.month).map_or(&[][..], Vec::as_slice);
    let grade = |get: fn(&Rating) -> Option<Grade>| {
        Values::Text(rows.iter().map(|row| get(row).map(|grade| grade.letter().to_owned())).collect())
    };
    let mut columns = vec![
        column("department", texts(rows, |row| code_of(project, row.department))),
        column("rating_state", texts(rows, |row| row.state.code().into())),
        column("letter", grade(|row| row.letter)),
        column("previous_letter", grade(|row| row.previous_letter)),
    ];
    columns.extend(figure_columns(rows, |row| row.shrunk));
    columns.extend(uncertainty(rows));
    let description = "The rating of one department over the rolling window, in points";
    Feed { name: "ratings", description, partition: Some(published.month), columns }
}

fn uncertainty(rows: &[Rating]) -> Vec<FeedColumn> {
    let probability = |index: usize| numbers(rows, |row| row.probabilities.map(|all| all[index]));
    let rank = |get: fn(&RankDistribution) -> f64| numbers(rows, |row| row.rank.as_ref().map(get));
    vec![
        column("points_raw", numbers(rows, |row| row.raw.ok().map(|one| one.value))),
        column("reliability", numbers(rows, |row| row.reliability)),
        column("probability_a", probability(0)),
        column("probability_b", probability(1)),
        column("probability_c", probability(2)),
        column("probability_d", probability(3)),
        column("probability_e", probability(4)),
        column("rank_mean", rank(|one| one.mean)),
        column("rank_lower", rank(|one| f64::from(one.lower))),
        column("rank_upper", rank(|one| f64::from(one.upper))),
    ]
}
