//! `concord run`: the monthly job, from delivered files to a published report.

use std::path::{Path, PathBuf};

use clap::{Args, ValueEnum};

use super::Place;
use super::apart;
use super::check::without_files;
use super::persons;
use super::screen::Screen;
use crate::analysis::{analyse, reported_month};
use crate::chart::page::Studio;
use crate::disclose::{Published, disclose};
use crate::error::{Error, Result};
use crate::intake::{Options, Taken, take_in};
use crate::month::{Day, Month};
use crate::project::Project;
use crate::publish::{FEEDS, Publication, publish, recover};
use crate::report;
use crate::store::{FaultPlan, Lock, disk};
use crate::text::number::Locale;

/// Count every month whose inputs changed, and publish the report and feeds of the last one
#[derive(Debug, Args)]
pub struct RunArgs {
    #[command(flatten)]
    place: Place,
    #[command(flatten)]
    target: Target,
    /// Date of the run [default: the newest completion or closing date in the data]
    #[arg(long, value_name = "DATE")]
    as_of: Option<Day>,
    /// Take deliveries that are more damaged than their thresholds allow, and record why
    #[arg(long, value_name = "REASON", value_parser = reason)]
    accept: Option<String>,
    /// Count only: publish neither report nor feeds
    #[arg(long, conflicts_with_all = ["out", "month", "from", "to", "reports"])]
    count_only: bool,
}

/// A reason that says nothing would be recorded as one.
fn reason(text: &str) -> std::result::Result<String, String> {
    let text = text.trim();
    if text.is_empty() { Err("the reason is empty".into()) } else { Ok(text.to_owned()) }
}

/// Which months are published, and where.
#[derive(Debug, Args)]
pub struct Target {
    /// Folder of reports and feeds [default: the project's folder]
    #[arg(long, value_name = "DIR")]
    out: Option<PathBuf>,
    /// Month to publish [default: the last one that had ended on the date of the run]
    #[arg(long, value_name = "MONTH", conflicts_with_all = ["from", "to"])]
    month: Option<Month>,
    /// First month to publish
    #[arg(long, value_name = "MONTH")]
    from: Option<Month>,
    /// Last month to publish
    #[arg(long, value_name = "MONTH")]
    to: Option<Month>,
    /// Months to publish
    #[arg(long, value_enum, default_value_t = Reports::Last, conflicts_with = "month")]
    reports: Reports,
}

/// Which reports are wanted.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Reports {
    /// The last month
    Last,
    /// Every month that has ended
    All,
}

impl Target {
    /// Finds out what cannot work before anything is counted for it.
    pub fn check(&self, place: &Place) -> Result<()> {
        if let (Some(from), Some(to)) = (self.from, self.to)
            && to < from
        {
            return Err(Error::Usage {
                message: format!("`--from {from}` comes after `--to {to}`"),
                hint: "name the earlier month first".into(),
            });
        }
        let out = out(place, self);
        apart::check(place, &out)?;
        writable(&out, "--out")
    }

    /// Returns the months to publish out of those in the store.
    pub fn months(&self, stored: &[Month], (as_of, to): (Day, Option<Month>)) -> Result<Vec<Month>> {
        let last = reported_month(stored, (as_of, to));
        let ended = |month: &&Month| last.is_some_and(|last| **month <= last);
        let months: Vec<Month> = match (self.month, self.from, self.to) {
            (Some(month), ..) => stored.iter().copied().filter(|one| *one == month).collect(),
            (None, None, None) if self.reports == Reports::Last => last.into_iter().collect(),
            (None, from, to) => {
                let wanted = |month: &&Month| {
                    from.is_none_or(|from| from <= **month) && to.is_none_or(|to| **month <= to)
                };
                stored.iter().filter(ended).filter(wanted).copied().collect()
            }
        };
        if months.is_empty() {
            let stored: Vec<String> = stored.iter().map(Month::to_string).collect();
            return Err(Error::Usage {
                message: "none of the wanted months is in the store".into(),
                hint: format!("stored months: {}", stored.join(", ")),
            });
        }
        Ok(months)
    }
}

/// Runs the monthly job.
pub fn cmd_run(args: &RunArgs, screen: &Screen) -> Result<()> {
    let project = args.place.load()?;
    args.target.check(&args.place)?;
    writable(&args.place.store(), "--store")?;
    let lock = Lock::take(&args.place.state())?;
    let faults = faults();
    recover(&lock, &faults)?;
    let options = Options {
        project: &project,
        store: &args.place.store(),
        as_of: args.as_of,
        accept: args.accept.as_deref(),
        faults: &faults,
        progress: &|stage, done, total| screen.progress(stage, done, total),
    };
    let taken = take_in(&options)?;
    without_files(screen, &project, &taken.ledger);
    taken.damaged.iter().for_each(|damage| screen.note(&format!("{damage}; counted again from the files")));
    if args.count_only {
        counted(screen, &taken);
        return Ok(());
    }
    let months = args.target.months(&taken.months, (taken.as_of, project.time.to))?;
    let last = publish_months(&project, &args.place, (&args.target, &months), (&lock, &faults), screen)?;
    summary(screen, &project, (&taken, &last), &out(&args.place, &args.target));
    Ok(())
}

/// Reads the points at which tests make the process stop.
pub(super) fn faults() -> FaultPlan {
    FaultPlan::new(std::env::var("CONCORD_FAULT").ok().as_deref())
}

/// Finds out whether a folder can be written to.
fn writable(folder: &Path, flag: &str) -> Result<()> {
    disk::probe(folder).map_err(|error| Error::Usage {
        message: format!("nothing can be written there: {error}"),
        hint: format!("name another folder with `{flag}`"),
    })
}

/// Folder of reports and feeds.
fn out(place: &Place, target: &Target) -> PathBuf {
    target.out.clone().unwrap_or_else(|| place.project.clone())
}

/// Analyses and publishes `months`, each whole or not at all, and returns the last.
pub(super) fn publish_months(
    project: &Project,
    place: &Place,
    (target, months): (&Target, &[Month]),
    (lock, faults): (&Lock, &FaultPlan),
    screen: &Screen,
) -> Result<Published> {
    let studio = Studio::new(Locale::from_code(&project.languages[0]).unwrap_or(Locale::English));
    let mut last = None;
    for (index, &month) in months.iter().enumerate() {
        let published = disclose(analyse(project, &place.store(), month)?, project);
        let publication = publication(&published, project, &studio)?;
        publish(&publication, &out(place, target), lock, faults)?;
        persons::keep(project, &place.store(), month)?;
        screen.progress("publish", index as u64 + 1, months.len() as u64);
        last = Some(published);
    }
    last.ok_or_else(|| Error::Usage { message: "no month to publish".into(), hint: String::new() })
}

/// Everything that one month publishes.
fn publication(published: &Published, project: &Project, studio: &Studio) -> Result<Publication> {
    let mut publication = Publication::new(published.month, concat!("concord ", env!("CARGO_PKG_VERSION")));
    let folder = Path::new("reports").join(published.month.to_string());
    publication
        .files
        .insert(folder.join("report.html"), report::html(published, project, studio)?.into_bytes());
    publication.replaces.insert(folder);
    for feed in FEEDS {
        publication.add_feed(&feed(published, project))?;
    }
    Ok(publication)
}

/// Writes a number of things.
pub(super) fn count(n: usize, thing: &str) -> String {
    format!("{n} {thing}{}", if n == 1 { "" } else { "s" })
}

/// Numbers of the rows read and of those in quarantine.
fn rows(taken: &Taken) -> (u64, usize) {
    let files = || taken.ledger.files.values();
    (files().map(|delivery| delivery.rows).sum(), files().map(|delivery| delivery.asides().len()).sum())
}

/// Says what was counted.
fn counted(screen: &Screen, taken: &Taken) {
    let (rows, aside) = rows(taken);
    if screen.is_json() {
        let said = serde_json::json!({
            "as_of": taken.as_of, "rows": rows, "quarantined": aside, "months_counted": taken.counted,
        });
        screen.result(&said.to_string());
    } else if !screen.is_quiet() {
        screen.result(&read(taken));
    }
}

/// The line about rows and months.
fn read(taken: &Taken) -> String {
    let (rows, aside) = rows(taken);
    let (stored, counted) = (count(taken.months.len(), "month"), taken.counted.len());
    format!(
        "{} read, {aside} in quarantine; {stored} in the store, {counted} counted now",
        count(rows as usize, "row")
    )
}

/// Says in a few lines what was done, what changed most, and where the report is.
fn summary(screen: &Screen, project: &Project, (taken, last): (&Taken, &Published), out: &Path) {
    let report = out.join("reports").join(last.month.to_string()).join("report.html");
    let (rows, aside) = rows(taken);
    let rated =
        last.ratings.get(&last.month).map_or(0, |all| all.iter().filter(|one| one.letter.is_some()).count());
    let headlines = report::headlines(last, project, 3);
    if screen.is_json() {
        screen.result(
            &serde_json::json!({
                "month": last.month, "state": last.state, "as_of": taken.as_of, "rows": rows, "quarantined": aside,
                "months_counted": taken.counted, "departments_rated": rated, "findings": headlines, "report": report,
            })
            .to_string(),
        );
        return;
    }
    if screen.is_quiet() {
        return;
    }
    screen.result(&format!(
        "{} {} ({})",
        project.title.get(&project.languages[0]),
        last.month,
        last.state.code()
    ));
    screen.result(&read(taken));
    screen.result(&format!("{} rated", count(rated, "department")));
    headlines.iter().for_each(|line| screen.result(&format!("- {line}")));
    screen.result(&format!("report: {}", report.display()));
}
