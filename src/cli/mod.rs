//! The face: one file a command. What a command has to say goes to stdout; everything else goes to stderr.

mod screen;
mod persons;
mod apart;
mod check;
mod init;
mod run;
mod report;
mod stat;

use std::path::PathBuf;
use std::process::ExitCode;

use clap::{Args, Parser, Subcommand, ValueEnum};

use crate::error::{Error, Result};
use crate::project::{Project, load};
use screen::Screen;

/// Say for every department how well it serves its customers, how sure that is, what drives it and what changed
#[derive(Debug, Parser)]
#[command(name = "concord", version, about, max_term_width = 100)]
struct Cli {
    #[command(flatten)]
    common: Common,
    #[command(subcommand)]
    command: Command,
}

/// Options of every command.
#[derive(Debug, Args)]
struct Common {
    /// Say nothing but errors
    #[arg(long, short, global = true)]
    quiet: bool,
    /// Form of what goes to stdout
    #[arg(long, global = true, value_enum, default_value_t = Form::Text)]
    format: Form,
    /// Number of threads; the results do not depend on it
    #[arg(long, global = true, value_name = "N", value_parser = clap::value_parser!(u16).range(1..=512))]
    threads: Option<u16>,
}

/// Form of the output.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Form {
    /// For people
    #[value(name = "table", alias = "text")]
    Text,
    /// For programs: JSON
    Json,
    /// For spreadsheets and programs; from `stat` alone
    Csv,
}

#[derive(Debug, Subcommand)]
enum Command {
    Init(init::InitArgs),
    Check(check::CheckArgs),
    Run(run::RunArgs),
    Report(report::ReportArgs),
    Stat(stat::StatArgs),
}

/// Where a project, its data and its store lie.
#[derive(Debug, Args)]
struct Place {
    /// Folder of the project
    #[arg(default_value = ".")]
    project: PathBuf,
    /// Folder that relative source paths start from [default: the project's folder]
    #[arg(long, value_name = "DIR")]
    data: Option<PathBuf>,
    /// Folder of the store [default: .concord/store in the project's folder]
    #[arg(long, value_name = "DIR")]
    store: Option<PathBuf>,
}

impl Place {
    fn load(&self) -> Result<Project> {
        if !self.project.join("concord.toml").is_file() {
            return Err(Error::Usage {
                message: format!("{}: there is no `concord.toml`", self.project.display()),
                hint: "name the folder of a project, or make one with `concord init --example bank DIR`"
                    .into(),
            });
        }
        load(&self.project, self.data.as_deref())
    }

    /// Folder of journal, lock and quarantine.
    fn state(&self) -> PathBuf {
        match &self.store {
            Some(store) => match store.parent() {
                Some(parent) if parent.as_os_str().is_empty() => PathBuf::from("."),
                parent => parent.map_or_else(|| store.clone(), PathBuf::from),
            },
            None => self.project.join(".concord"),
        }
    }

    fn store(&self) -> PathBuf {
        self.store.clone().unwrap_or_else(|| self.project.join(".concord").join("store"))
    }
}

/// Runs the program and returns its exit code: 0 done, 1 data rejected, 2 usage or configuration, 3 anything else.
pub fn main() -> ExitCode {
    let cli = Cli::parse();
    let screen = Screen::new(cli.common.quiet, cli.common.format == Form::Json);
    if let Some(threads) = cli.common.threads
        && rayon::ThreadPoolBuilder::new().num_threads(threads.into()).build_global().is_err()
    {
        screen.note("the number of threads could not be set");
    }
    let done = match cli.command {
        // Only a statistic is a plain table.
        command if cli.common.format == Form::Csv && !matches!(command, Command::Stat(_)) => {
            Err(Error::Usage {
                message: "`--format csv` is for `concord stat`".into(),
                hint: "the others have text and json".into(),
            })
        }
        Command::Init(args) => init::cmd_init(&args, &screen),
        Command::Check(args) => check::cmd_check(&args, &screen),
        Command::Run(args) => run::cmd_run(&args, &screen),
        Command::Report(args) => report::cmd_report(&args, &screen),
        Command::Stat(args) => stat::cmd_stat(&args, cli.common.format, &screen),
    };
    match done {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            screen.error(&error);
            ExitCode::from(error.exit_code())
        }
    }
}
