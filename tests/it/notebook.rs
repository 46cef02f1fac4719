//! The notebooks run on the feeds of a fresh run of the example bank, and what they show was published.

use crate::tools::{bank, package, run_python};

#[test]
fn the_first_look_runs_on_the_feeds() {
    let notebook = package().join("notebooks/first-look.ipynb");
    let said = run_python("run_notebook.py", &[notebook.to_str().unwrap(), bank().to_str().unwrap()]);
    assert_eq!(said, "11 of 12 cells have outputs\n");
}

#[test]
fn committed_outputs_name_no_machine() {
    let notebook = include_str!("../../notebooks/first-look.ipynb");
    // The folder of whoever ran it last, and those that every machine has.
    let home = std::env::var("HOME").unwrap_or_default();
    let named = ["/home/", "/tmp/", "/Users/", &home]
        .into_iter()
        .find(|folder| folder.len() > 1 && notebook.contains(*folder));
    assert_eq!((named, notebook.contains("\"output_type\"")), (None, true));
}
