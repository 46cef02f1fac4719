//! Intake: delivered files -> counted months in the store. The only stage that knows which files must be read again.
//!
//! In: a project and its files. Out: the ledger of deliveries and the months that are counted. A month is counted when the files
//! that feed it, the definitions or its cut day differ from those it was counted by; everything else stays untouched, so that a
//! monthly run costs what the new month costs.

mod spill;
mod ids;
mod ledger;
mod rows;
mod files;
mod settle;
mod months;
mod quarantine;

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

use rayon::prelude::*;

use files::{freed, list, nothing};
pub use ledger::{Aside, Delivery, Fate, Ledger, read_ledger};
use ledger::{mended, write_ledger};
use months::invited;
use rows::{Arrived, File};
use settle::{Scope, Settled};

use crate::books::Cut;
use crate::check::Registers;
use crate::error::{Error, Result};
use crate::month::{Day, Month};
use crate::project::{Kind, Project};
use crate::store::{FaultPlan, Header, Input, Store};

/// What a run asks of the intake.
pub struct Options<'a> {
    /// The project.
    pub project: &'a Project,
    /// Folder of the store.
    pub store: &'a Path,
    /// Date of the run; nothing for the newest completion or closing date among the rows understood.
    pub as_of: Option<Day>,
    /// Why deliveries worse than their thresholds are accepted.
    pub accept: Option<&'a str>,
    /// Points at which the process is made to stop, for tests of what a crash leaves behind.
    pub faults: &'a FaultPlan,
    /// Called with a stage, how much of it is done, and how much there is.
    pub progress: &'a (dyn Fn(&'static str, u64, u64) + Sync),
}

impl Options<'_> {
    /// Folder of the damaged rows, beside the store.
    fn quarantine(&self) -> PathBuf {
        let folder = self.store.parent().unwrap_or(self.store);
        folder.strip_prefix(".").unwrap_or(folder).join("quarantine")
    }
}

/// What the intake found.
#[derive(Debug, Clone)]
pub struct Taken {
    /// All deliveries.
    pub ledger: Ledger,
    /// Date of the run.
    pub as_of: Day,
    /// Months in the store.
    pub months: Vec<Month>,
    /// Months counted in this run.
    pub counted: Vec<Month>,
    /// What was damaged in the store and is made good by counting again.
    pub damaged: Vec<String>,
}

/// Reads what is new, checks it, and counts the months it concerns.
///
/// Errors: unreadable files, deliveries worse than their thresholds (nothing is counted then), a damaged store.
pub fn take_in(options: &Options<'_>) -> Result<Taken> {
    let project = options.project;
    let registers = Registers::new(project);
    let definitions = blake3::hash(project.definitions().as_bytes()).to_hex().to_string();
    let files = list(project, &definitions)?;
    let mut damaged = Vec::new();
    let mut ledger = mended(read_ledger(options.store), &mut damaged)?.unwrap_or_default();
    let freed = freed(&ledger, &files);
    ledger.files.retain(|key, _| files.iter().any(|file| &file.key == key));
    let mut intake = Work {
        options,
        registers: &registers,
        files: &files,
        ledger,
        arrived: Arrived::new(options.store, &files)?,
        read: BTreeSet::new(),
        damaged: Vec::new(),
    };
    intake.read(|work, file| {
        work.ledger.files.get(&file.key).is_none_or(|delivery| delivery.hash != file.hash)
    })?;
    let as_of = intake.as_of()?;
    if let Some(first) = intake.months().first().filter(|first| as_of < first.first_day()) {
        return Err(Error::Usage {
            message: format!("the date of the run, {as_of}, lies before {first}, the first month with rows"),
            hint: "a run knows what was known on its date; `--as-of DATE` gives it another one".into(),
        });
    }
    let store = Store::open(options.store)?;
    let counted = intake.count(&store, (as_of, &definitions), &freed)?;
    Ok(Taken {
        ledger: intake.ledger,
        as_of,
        months: store.list_months()?,
        counted: counted.into_iter().collect(),
        damaged: [damaged, intake.damaged].concat(),
    })
}

/// Reads and checks all files without counting them; the verdict tells whether a run would go on.
///
/// Errors: files that cannot be read at all.
pub fn inspect(options: &Options<'_>) -> Result<(Ledger, Result<()>)> {
    let registers = Registers::new(options.project);
    let files = list(options.project, "")?;
    let mut work = Work {
        options,
        registers: &registers,
        files: &files,
        ledger: Ledger::default(),
        arrived: Arrived::new(options.store, &files)?,
        read: BTreeSet::new(),
        damaged: Vec::new(),
    };
    work.read(|_, _| true)?;
    let as_of = work.as_of()?;
    let months = work.months();
    let settled = work.settle(&months, as_of)?;
    work.record(&settled, &months)?;
    quarantine::write(&work.ledger, &options.quarantine())?;
    let verdict = quarantine::judge(options.project, &work.ledger, options.accept, &options.quarantine());
    Ok((work.ledger, verdict))
}

/// The state of an intake: what is known of all files, and the rows of those read so far.
struct Work<'a> {
    options: &'a Options<'a>,
    registers: &'a Registers<'a>,
    files: &'a [File<'a>],
    ledger: Ledger,
    arrived: Arrived,
    read: BTreeSet<u32>,
    damaged: Vec<String>,
}

impl<'a> Work<'a> {
    /// Reads the files that `choose` picks and that were not read yet.
    fn read(&mut self, choose: impl Fn(&Self, &File<'_>) -> bool) -> Result<()> {
        let chosen: Vec<&File<'_>> = self
            .files
            .iter()
            .filter(|file| !self.read.contains(&file.number) && choose(self, file))
            .collect();
        if chosen.is_empty() {
            return Ok(());
        }
        let (progress, total) = (self.options.progress, chosen.len() as u64);
        let done = std::sync::atomic::AtomicU64::new(0);
        let tick = |n| progress("read", done.fetch_add(n, std::sync::atomic::Ordering::Relaxed) + n, total);
        let deliveries = self.arrived.read(self.registers, &chosen, &tick)?;
        for (file, mut delivery) in chosen.iter().zip(deliveries) {
            self.read.insert(file.number);
            if let Some(known) = self.ledger.files.get(&file.key).filter(|known| known.hash == delivery.hash)
            {
                // What became of rows of months that are not counted now stays as it was settled.
                delivery.months = known.months.clone();
                delivery.conflicts = known.conflicts.clone();
                delivery.accepted = known.accepted;
            }
            self.ledger.files.insert(file.key.clone(), delivery);
        }
        Ok(())
    }

    /// Counts every month that is not as its files, definitions and cut would have it now.
    fn count(
        &mut self,
        store: &Store,
        (as_of, definitions): (Day, &str),
        freed: &BTreeSet<String>,
    ) -> Result<BTreeSet<Month>> {
        let months = self.months();
        let mut damaged = Vec::new();
        let mut stale = self.stale(store, &months, (as_of, definitions), &mut damaged)?;
        self.damaged = damaged;
        stale.extend(self.unsettled(freed).intersection(&months));
        let ids = self.options.store.join("ids");
        let settled = loop {
            self.read(|work, file| !stale.is_empty() && work.is_needed(file, &stale))?;
            let mut settled = self.settle(&stale, as_of)?;
            let met = settled.meet(&stale, &ids, &months.difference(&stale).copied().collect())?;
            let lookback = self.options.project.time.lookback_months;
            let more: BTreeSet<Month> = met
                .iter()
                .flat_map(|month| month.to(month.plus(lookback)))
                .filter(|month| months.contains(month))
                .collect();
            if more.is_subset(&stale) {
                break settled;
            }
            // Rare: an id of another month came again. That month is settled anew, together with these.
            stale.extend(more);
        };
        self.record(&settled, &stale)?;
        let quarantine = self.options.quarantine();
        quarantine::write(&self.ledger, &quarantine)?;
        quarantine::judge(self.options.project, &self.ledger, self.options.accept, &quarantine)?;
        if let Some(reason) = self.options.accept {
            self.ledger.accepted.insert(as_of, reason.to_owned());
            self.ledger.files.values_mut().for_each(|delivery| delivery.accepted = true);
        }
        self.write(store, &settled, &stale, (as_of, definitions))?;
        self.forget(store, &months)?;
        Ok(stale)
    }

    /// The date of the run; where no row could be understood, what is wrong with them is told.
    fn as_of(&self) -> Result<Day> {
        if let Some(day) = self.options.as_of.or_else(|| self.ledger.newest()) {
            return Ok(day);
        }
        let (project, folder) = (self.options.project, self.options.quarantine());
        quarantine::write(&self.ledger, &folder)?;
        quarantine::judge(project, &self.ledger, None, &folder)?;
        Err(nothing(project))
    }

    fn settle(&self, stale: &BTreeSet<Month>, as_of: Day) -> Result<Settled> {
        let (project, cut) = (self.options.project, |month| self.cut(month, as_of));
        let (lookback, invited) = (project.time.lookback_months, invited(project));
        let scope = Scope { stale, lookback, cut: &cut, invited };
        settle::settle(&self.arrived, &scope, self.options.store)
    }

    fn cut(&self, month: Month, as_of: Day) -> Cut {
        Cut::new(month, self.options.project.time.settle_days, as_of)
    }

    /// Every month from the project's first to the last that a row belongs to.
    fn months(&self) -> BTreeSet<Month> {
        let last = self.ledger.files.values().filter_map(|delivery| delivery.months.keys().next_back()).max();
        let from = self.options.project.time.from;
        let firsts = self.ledger.files.values().filter_map(|one| one.months.range(from..).next());
        let first = firsts.map(|(month, _)| *month).min();
        match (first, last) {
            (Some(first), Some(&last)) => first.to(last).collect(),
            _ => BTreeSet::new(),
        }
    }

    fn inputs(&self, month: Month) -> Vec<Input> {
        let time = &self.options.project.time;
        let feeds = |file: &&File<'_>| {
            let delivery = self.ledger.files.get(&file.key);
            delivery.is_some_and(|delivery| {
                delivery.feeds(file.source.kind, month, time.lookback_months, time.carry_quarters)
            })
        };
        self.files
            .iter()
            .filter(feeds)
            .map(|file| Input { file: file.key.clone(), hash: file.hash.clone() })
            .collect()
    }

    fn stale(
        &self,
        store: &Store,
        months: &BTreeSet<Month>,
        (as_of, definitions): (Day, &str),
        damaged: &mut Vec<String>,
    ) -> Result<BTreeSet<Month>> {
        let mut stale = BTreeSet::new();
        for &month in months {
            let cut = self.cut(month, as_of);
            let fits = |header: &Header| {
                header.definitions == definitions
                    && header.cut == cut.day
                    && header.state == cut.state
                    && header.inputs == self.inputs(month)
            };
            let whole = ids::read(&self.options.store.join("ids"), month).and_then(|_| store.verify(month));
            if !mended(whole, damaged)?.flatten().is_some_and(|header| fits(&header)) {
                stale.insert(month);
            }
        }
        Ok(stale)
    }

    /// Months with rows whose fate the ledger does not know: those of files it had not seen, which a run that died may have counted
    /// already; and those with a row that only contradicted one that is gone.
    fn unsettled(&self, freed: &BTreeSet<String>) -> BTreeSet<Month> {
        let mut unsettled = BTreeSet::new();
        for file in self.files {
            let Some(delivery) = self.ledger.files.get(&file.key) else { continue };
            if self.read.contains(&file.number) {
                unsettled.extend(delivery.months.keys().copied());
            }
            let is_freed = |aside: &Aside| aside.faults.iter().any(|(_, id, _)| freed.contains(id));
            let months = delivery.conflicts.iter().filter(|(_, asides)| asides.iter().any(is_freed));
            unsettled.extend(months.map(|(month, _)| *month));
        }
        unsettled
    }

    /// Assessments are few and reach over months, so all their files are read whenever anything is counted.
    fn is_needed(&self, file: &File<'_>, stale: &BTreeSet<Month>) -> bool {
        let time = &self.options.project.time;
        let Some(delivery) = self.ledger.files.get(&file.key) else { return true };
        let feeds = |&month: &Month| {
            delivery.feeds(file.source.kind, month, time.lookback_months, time.carry_quarters)
        };
        file.source.kind == Kind::Competency || stale.iter().any(feeds)
    }

    /// Writes into the ledger what became of the rows of the stale months.
    fn record(&mut self, settled: &Settled, stale: &BTreeSet<Month>) -> Result<()> {
        let keys: BTreeMap<u32, &File<'_>> = self.files.iter().map(|file| (file.number, file)).collect();
        for file in self.files {
            // Assessments are settled as a whole, everything else by month.
            let is_settled = |month: &Month| {
                file.source.kind == Kind::Competency && !stale.is_empty() || stale.contains(month)
            };
            if let Some(delivery) = self.ledger.files.get_mut(&file.key) {
                delivery
                    .months
                    .iter_mut()
                    .filter(|(month, _)| is_settled(month))
                    .for_each(|(_, fate)| *fate = Fate::default());
                delivery.conflicts.retain(|month, _| !is_settled(month));
            }
        }
        for (&(file, month), fate) in &settled.fates.fates {
            if let Some(delivery) = self.ledger.files.get_mut(&keys[&file].key) {
                delivery.months.entry(month).or_default().add(*fate);
            }
        }
        for (&file, conflicts) in &settled.fates.conflicts {
            let file = keys[&file];
            let asides = quarantine::conflicting(self.options.project, file, conflicts)?;
            if let Some(delivery) = self.ledger.files.get_mut(&file.key) {
                for (month, aside) in asides {
                    delivery.conflicts.entry(month).or_default().push(aside);
                }
            }
        }
        Ok(())
    }

    fn write(
        &self,
        store: &Store,
        settled: &Settled,
        stale: &BTreeSet<Month>,
        (as_of, definitions): (Day, &str),
    ) -> Result<()> {
        let counter = months::Counter::new(self.registers, settled);
        let (progress, total) = (self.options.progress, stale.len() as u64);
        let done = std::sync::atomic::AtomicU64::new(0);
        let ids = self.options.store.join("ids");
        let first = self.months().first().copied();
        stale.par_iter().try_for_each(|&month| {
            let cut = self.cut(month, as_of);
            let before = first.filter(|first| *first < month).map(|_| self.cut(month.plus(-1), as_of));
            let (tables, mut totals) = counter.count(month, (before, cut))?;
            for ((position, _), lags) in settled.fates.lags.iter().filter(|((_, own), _)| *own == month) {
                let questionnaire = &self.options.project.questionnaires[*position].code;
                totals.extend(lags.iter().map(|(lag, n)| (format!("{questionnaire}.lag.{lag:02}"), *n)));
            }
            let header = Header {
                month,
                definitions: definitions.to_owned(),
                inputs: self.inputs(month),
                cut: cut.day,
                state: cut.state,
                totals,
            };
            // The month goes last: a month that is there has its identities.
            ids::write(&ids, month, settled.ids(month).collect::<Result<_>>()?)?;
            store.write_month(&header, &tables.iter().collect::<Vec<_>>(), self.options.faults)?;
            progress("count", done.fetch_add(1, std::sync::atomic::Ordering::Relaxed) + 1, total);
            Ok(())
        })
    }

    /// Removes months that no longer have rows, and writes the ledger.
    fn forget(&self, store: &Store, months: &BTreeSet<Month>) -> Result<()> {
        for month in store.list_months()?.into_iter().filter(|month| !months.contains(month)) {
            store.remove_month(month)?;
            ids::remove(&self.options.store.join("ids"), month)?;
        }
        write_ledger(self.options.store, &self.ledger)
    }
}
