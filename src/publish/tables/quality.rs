//! What became of the rows of one delivered file, and what was wrong with them.

use super::super::feed::Feed;
use super::{column, integers, texts};
use crate::disclose::Published;
use crate::intake::Delivery;
use crate::project::Project;

pub(super) fn feed(published: &Published, _: &Project) -> Feed {
    let rows: Vec<&Delivery> = published.ledger.files.values().collect();
    let count = |get: fn(&Delivery) -> u64| integers(&rows, |one| Some(get(one)));
    let columns = vec![
        column("source", texts(&rows, |one| one.source.clone())),
        column("file", texts(&rows, |one| one.file.clone())),
        column("read", count(|one| one.rows)),
        column("accepted", count(|one| one.fate().accepted)),
        column("duplicate", count(|one| one.fate().duplicate)),
        column("superseded", count(|one| one.fate().superseded)),
        column("late", count(|one| one.fate().late)),
        column("quarantined", count(|one| one.asides().len() as u64)),
    ];
    let description = "What became of the rows of one delivered file";
    Feed { name: "quality", description, partition: Some(published.month), columns }
}

pub(super) fn quarantine(published: &Published, _: &Project) -> Feed {
    let of = |delivery: &Delivery| {
        let (source, file) = (delivery.source.clone(), delivery.file.clone());
        delivery.reasons().into_iter().map(move |(fault, n)| (source.clone(), file.clone(), fault, n))
    };
    let rows: Vec<(String, String, String, u64)> = published.ledger.files.values().flat_map(of).collect();
    let columns = vec![
        column("source", texts(&rows, |row| row.0.clone())),
        column("file", texts(&rows, |row| row.1.clone())),
        column("fault", texts(&rows, |row| row.2.clone())),
        column("faulty", integers(&rows, |row| Some(row.3))),
    ];
    let description = "Damaged rows of one file by what is wrong with them";
    Feed { name: "quarantine", description, partition: Some(published.month), columns }
}
