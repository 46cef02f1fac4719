//! Definitions: what every figure means, the numbers that rule it, and when it appears.

use super::block::{Block, Section};
use super::rules;
use super::words::Words;
use crate::measure::{Code, Kept};
use crate::stats::Reason;

/// Returns the section.
pub(super) fn section(words: &Words<'_>) -> Option<Section> {
    let mut blocks =
        vec![Block::Heading(words.phrase("report-definitions-measures")), Block::List(measures(words))];
    blocks.extend(rules::headlines(words));
    blocks.extend(rules::cut_points(words));
    blocks.extend(rules::weights(words));
    blocks.push(Block::Heading(words.phrase("report-definitions-rules")));
    blocks.push(Block::List(rules::numbers(words)));
    blocks.push(Block::Heading(words.phrase("report-definitions-missing")));
    blocks.push(Block::List(missing(words)));
    blocks.push(Block::Heading(words.phrase("report-definitions-marks")));
    let marks = ["carried", "derived", "approximate", "few", "provisional", "final"];
    blocks.push(Block::List(
        marks.iter().map(|mark| words.phrase(&format!("report-definition-{mark}"))).collect(),
    ));
    blocks.push(Block::Heading(words.phrase("report-definitions-first")));
    blocks.push(Block::List(first_months(words)));
    Some(Section { id: "definitions", title: words.phrase("report-definitions"), blocks })
}

/// What each kind of measure is, once a kind.
fn measures(words: &Words<'_>) -> Vec<String> {
    let mut keys: Vec<&'static str> = Vec::new();
    for code in words.codes() {
        let key = key(&code);
        if !keys.contains(&key) {
            keys.push(key);
        }
    }
    if words.published.ratings.values().any(|ratings| !ratings.is_empty()) {
        keys.extend(["rating", "grade", "rank"]);
    }
    if !words.published.relations.is_empty() {
        keys.extend(["within", "between", "contacts", "tests"]);
    }
    keys.push("interval");
    keys.iter().map(|key| words.phrase(&format!("report-formula-{key}"))).collect()
}

fn key(code: &Code) -> &'static str {
    match code {
        Code::Index(_) => "index",
        Code::PostStratified => "post-stratified",
        Code::ResponseRate => "response-rate",
        Code::NetPromoter => "net-promoter",
        Code::TopTwo => "top-two",
        Code::BottomTwo => "bottom-two",
        Code::Variable(_) => "variable",
        Code::CommitmentScore => "commitment-score",
        Code::Commitment(Kept::Share, _) => "kept",
        Code::Commitment(Kept::Remedied | Kept::Unremedied, _) => "remedied",
        Code::Commitment(Kept::RemediedShare | Kept::InTime, _) => "remedied-share",
        Code::Commitment(Kept::OrExcused, _) => "kept-or-excused",
        Code::Commitment(Kept::Breaches | Kept::Beyond, _) => "breaches",
        Code::Commitment(Kept::Excused | Kept::Open | Kept::Void | Kept::DueDiffers, _) => "outside",
        Code::Commitment(Kept::Median | Kept::NinetiethPercentile, _) => "durations",
        Code::ReceivedScore | Code::Received(_) => "received",
        Code::CompetencyShare | Code::Competency(..) => "competency",
        Code::HeadLevel => "head-level",
        Code::Staff(_) => "staff",
        Code::Result(_) => "result",
    }
}

fn missing(words: &Words<'_>) -> Vec<String> {
    let sentence = |reason: &Reason| {
        let meaning = words.phrase(&format!("report-reason-{}", reason.code()));
        words.say("report-definition", &[("name", words.reason(*reason).into()), ("meaning", meaning.into())])
    };
    Reason::ALL.iter().map(sentence).collect()
}

/// When what appears for the first time.
fn first_months(words: &Words<'_>) -> Vec<String> {
    let window = words.project.rating.window_months.unsigned_abs() as usize;
    let stages = ["report-first-1", "report-first-2", "report-first-4", "report-first-window"];
    stages.iter().map(|key| words.say(key, &[("window", window.into())])).collect()
}
