//! `concord init`: an example project, or a first project from files.

use std::path::{Path, PathBuf};

use clap::{Args, ValueEnum};

use super::screen::Screen;
use crate::error::{Error, Result};
use crate::example::{BankOptions, Plants, bank};
use crate::project::{Kind, load};
use crate::starter::{Given, draft, relative};
use crate::store::disk;

/// Make an example project, or a first project of your own from files
///
/// `concord init --survey "answers/*.csv" --commitments cases.parquet DIR` looks at the files, writes registers of what it finds in them,
/// and says what it took for what.
#[derive(Debug, Args)]
pub struct InitArgs {
    /// File or pattern of answers to a survey
    #[arg(long, value_name = "FILE", conflicts_with_all = EXAMPLE)]
    survey: Vec<String>,
    /// File or pattern of cases of commitments
    #[arg(long, value_name = "FILE", conflicts_with_all = EXAMPLE)]
    commitments: Vec<String>,
    /// File or pattern of competency ratings
    #[arg(long, value_name = "FILE", conflicts_with_all = EXAMPLE)]
    competency: Vec<String>,
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

const EXAMPLE: [&str; 5] = ["example", "scale", "months", "seed", "without"];

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

/// Makes the project.
pub fn cmd_init(args: &InitArgs, screen: &Screen) -> Result<()> {
    let given = [
        (Kind::Survey, &args.survey),
        (Kind::Commitments, &args.commitments),
        (Kind::Competency, &args.competency),
    ];
    if given.iter().all(|(_, patterns)| patterns.is_empty()) {
        example(args)?;
    } else {
        begin(args, &given, screen)?;
    }
    let dir = args.dir.display();
    let next =
        if args.survey.len() + args.commitments.len() + args.competency.len() > 0 { "check" } else { "run" };
    screen.note(&format!("{dir} is ready; next: concord {next} {dir}"));
    Ok(())
}

/// Makes the example in an empty or new folder.
fn example(args: &InitArgs) -> Result<()> {
    let is_taken = std::fs::read_dir(&args.dir).is_ok_and(|mut entries| entries.next().is_some());
    if is_taken {
        return Err(Error::Usage {
            message: format!("{}: the folder is not empty", args.dir.display()),
            hint: "name a new folder".into(),
        });
    }
    let Example::Bank = args.example;
    let options = BankOptions {
        scale: args.scale,
        months: args.months,
        seed: args.seed,
        plants: plants(&args.without),
    };
    bank(&options, &args.dir)
}

/// Writes a first project beside or around the files; what is there already stays.
fn begin(args: &InitArgs, given: &[(Kind, &Vec<String>)], screen: &Screen) -> Result<()> {
    if let Some(name) = ["concord.toml", "registers"].into_iter().find(|name| args.dir.join(name).exists()) {
        return Err(Error::Usage {
            message: format!("{}: there is a `{name}` already", args.dir.display()),
            hint: "name another folder".into(),
        });
    }
    let folder = std::path::absolute(&args.dir).map_err(Error::io(&args.dir))?;
    let patterns = given.iter().flat_map(|(kind, patterns)| patterns.iter().map(|one| (*kind, one)));
    let given: Vec<Given> = patterns.map(|(kind, one)| find(&folder, kind, one)).collect::<Result<_>>()?;
    let name = folder.file_name().map_or_else(|| "first".into(), |name| name.to_string_lossy().into_owned());
    let draft = draft(&name, &given)?;
    disk::create_folder(&folder.join("registers"))?;
    for (name, text) in &draft.files {
        disk::write_file(&folder.join(name), text.as_bytes())?;
    }
    draft.remarks.iter().for_each(|remark| screen.note(remark));
    // What the rows call things need not be what a register can.
    load(&folder, None).map(|_| ())
}

/// Finds the files of a pattern.
fn find(folder: &Path, kind: Kind, pattern: &str) -> Result<Given> {
    let absolute = std::path::absolute(pattern).map_err(Error::io(Path::new(pattern)))?;
    let found = glob::glob(&absolute.to_string_lossy()).ok().into_iter().flatten();
    let mut paths: Vec<PathBuf> = found.filter_map(std::result::Result::ok).collect();
    paths.sort();
    if paths.is_empty() {
        return Err(Error::Usage {
            message: format!("no file matches `{pattern}`"),
            hint: "patterns are put in quotes, as in \"answers/*.csv\"".into(),
        });
    }
    Ok(Given { kind, paths, named: relative(folder, &absolute) })
}
