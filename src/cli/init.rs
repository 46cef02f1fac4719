//! `concord init`: an example project.

use std::path::PathBuf;

use clap::{Args, ValueEnum};

use super::screen::Screen;
use crate::error::{Error, Result};
use crate::example::{BankOptions, Plants, bank};

/// Make an example project
#[derive(Debug, Args)]
pub struct InitArgs {
    /// The example
    #[arg(long, value_enum, default_value_t = Example::Bank)]
    example: Example,
    /// Times as many contacts
    #[arg(long, value_name = "N", default_value_t = 1, value_parser = clap::value_parser!(u32).range(1..=70))]
    scale: u32,
    /// The first months of the story
    #[arg(long, value_name = "N", default_value_t = 24, value_parser = clap::value_parser!(u32).range(1..=24))]
    months: u32,
    /// Another seed draws other rows with the same effects
    #[arg(long, value_name = "S", default_value_t = 1)]
    seed: u64,
    /// Effects to leave out, `all` for a bank in which nothing causes anything
    #[arg(long, value_name = "EFFECTS", value_delimiter = ',', value_parser = effect)]
    without: Vec<&'static str>,
    /// Folder to make
    dir: PathBuf,
}

/// Returns the name of a planted effect, or of all.
fn effect(name: &str) -> std::result::Result<&'static str, String> {
    let known = || std::iter::once(ALL).chain(Plants::NAMES);
    let listed = || known().collect::<Vec<_>>().join(", ");
    known().find(|one| *one == name).ok_or_else(|| format!("the effects are {}", listed()))
}

const ALL: &str = "all";

/// Returns the effects that are left when `without` is left out.
fn plants(without: &[&str]) -> Plants {
    let mut plants = if without.contains(&ALL) { Plants::all(false) } else { Plants::default() };
    for name in without {
        plants.switch(name).into_iter().for_each(|switch| *switch = false);
    }
    plants
}

/// The examples there are.
#[derive(Debug, Clone, Copy, ValueEnum)]
enum Example {
    /// Harbour Bank: 40 departments, 24 months
    Bank,
}

/// Makes the example in an empty or new folder.
pub fn cmd_init(args: &InitArgs, screen: &Screen) -> Result<()> {
    let is_taken = std::fs::read_dir(&args.dir).is_ok_and(|mut entries| entries.next().is_some());
    if is_taken {
        return Err(Error::Usage {
            message: format!("{}: the folder is not empty", args.dir.display()),
            hint: "name a new folder".into(),
        });
    }
    let Example::Bank = args.example;
    let options =
        BankOptions { scale: args.scale, months: args.months, seed: args.seed, plants: plants(&args.without) };
    bank(&options, &args.dir)?;
    screen.note(&format!("{} is ready; next: concord run {}", args.dir.display(), args.dir.display()));
    Ok(())
}
