//! One commitment judged by one criterion.

use super::super::feed::{Feed, Values};
use super::{column, texts};
use crate::disclose::Published;
use crate::measure::{Criterion, Verdict};
use crate::project::Project;

pub(super) fn feed(published: &Published, project: &Project) -> Feed {
    let of = |(position, verdicts): &(u32, [Verdict; 4])| {
        let code = project.commitments[*position as usize].code.clone();
        Criterion::ALL
            .into_iter()
            .zip(*verdicts)
            .map(move |(criterion, verdict)| (code.clone(), criterion, verdict))
    };
    let rows: Vec<(String, Criterion, Verdict)> = published.register.iter().flat_map(of).collect();
    let advice = rows.iter().map(|row| row.2.advice().map(str::to_owned)).collect();
    let columns = vec![
        column("commitment", texts(&rows, |row| row.0.clone())),
        column("criterion", texts(&rows, |row| row.1.code().into())),
        column("verdict", texts(&rows, |row| row.2.code().into())),
        column("advice", Values::Text(advice)),
    ];
    let description = "One commitment of the register judged by one criterion";
    Feed { name: "register", description, partition: Some(published.month), columns }
}
