//! One commitment judged by one criterion.

use super::super::feed::{Feed, Values};
use super::{column, texts};
use crate::disclose::Published;
use crate::measure::{Criterion, Verdict};
use crate::project::{Commitment, Project};

pub(super) fn feed(published: &Published, project: &Project) -> Feed {
    let of = |(position, verdicts): &(u32, [Verdict; 4])| {
        let one = &project.commitments[*position as usize];
        Criterion::ALL.into_iter().zip(*verdicts).map(move |(criterion, verdict)| (one, criterion, verdict))
    };
    let rows: Vec<(&Commitment, Criterion, Verdict)> = published.register.iter().flat_map(of).collect();
    let stage = |one: &Commitment| one.stage_at(published.month.last_day());
    let advice = rows.iter().map(|row| row.2.advice().map(str::to_owned)).collect();
    let columns = vec![
        column("commitment", texts(&rows, |row| row.0.code.clone())),
        column("status", texts(&rows, |row| stage(row.0).status.code().into())),
        column("since", Values::Day(rows.iter().map(|row| stage(row.0).from).collect())),
        column("criterion", texts(&rows, |row| row.1.code().into())),
        column("verdict", texts(&rows, |row| row.2.code().into())),
        column("advice", Values::Text(advice)),
    ];
    let description = "One commitment of the register judged by one criterion";
    Feed { name: "register", description, partition: Some(published.month), columns }
}
