//! Tests of the program as its users meet it; one binary, so that Concord is linked once.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on has failed")]

mod tools;
mod bank;
mod charts;
mod cli;
mod competency;
mod crash;
mod kinds;
mod notebook;
mod peers;
mod published;
mod remedies;
mod response;
mod signs;
mod rare;
mod real;
mod satisfaction;
mod same_bytes;
mod stat;
mod tidy;
mod ugly;
