//! `concord report`: redraw reports and feeds from the store, without reading any source.

use clap::Args;

use super::Place;
use super::run::{Target, count, faults, publish_months};
use super::screen::Screen;
use crate::error::{Error, Result};
use crate::publish::recover;
use crate::store::{Lock, Store};

/// Redraw reports and feeds from the store, without reading the sources
#[derive(Debug, Args)]
pub struct ReportArgs {
    #[command(flatten)]
    place: Place,
    #[command(flatten)]
    target: Target,
}

/// Redraws the wanted months.
pub fn cmd_report(args: &ReportArgs, screen: &Screen) -> Result<()> {
    let project = args.place.load()?;
    args.target.check(&args.place)?;
    let lock = Lock::take(&args.place.state())?;
    let faults = faults();
    recover(&lock, &faults)?;
    let store = Store::open(&args.place.store())?;
    let stored = store.list_months()?;
    let cuts = stored.iter().filter_map(|month| store.read_header(*month).transpose());
    let as_of = cuts.collect::<Result<Vec<_>>>()?.iter().map(|header| header.cut).max();
    let as_of = as_of.ok_or_else(|| Error::Usage {
        message: format!("{}: the store is empty", args.place.store().display()),
        hint: format!("count the data first: concord run {}", args.place.project.display()),
    })?;
    let months = args.target.months(&stored, (as_of, project.time.to))?;
    publish_months(&project, &args.place, (&args.target, &months), (&lock, &faults), screen)?;
    screen.note(&format!("{} redrawn", count(months.len(), "month")));
    Ok(())
}
