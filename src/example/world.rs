//! Everything that is fixed before the first row: departments, people, promises, and the weather of each department and month.
//!
//! In: options. Out: [`World`]. Deliberately absent: contacts.

use super::calendar::Calendar;
use super::departments::{self, Department};
use super::people::{People, month, position};
use super::promises::{self, Promise};
use super::{BankOptions, Plants};
use crate::month::Month;
use crate::random::Random;

const DRIFT_SD: f64 = 0.04;
const PERSISTENCE: f64 = 0.5;
/// The contact centre's number of customers behind one invitation.
pub(super) const CONTACT_CENTRE_WEIGHT: f64 = 2.0;
const STAR_EFFECT: f64 = 0.40;

/// The departments that stories are told about, by position.
#[derive(Debug, Clone, Copy)]
pub(super) struct Places {
    pub(super) millpond: usize,
    pub(super) brookside: usize,
    pub(super) northgate: usize,
    pub(super) harbour_square: usize,
    pub(super) quarry: usize,
    pub(super) eastgate: usize,
    pub(super) westquay: usize,
    pub(super) saltworks: usize,
    pub(super) fishmarket: usize,
    pub(super) contact_centre: usize,
}

/// What every row is drawn from.
#[derive(Debug)]
pub(super) struct World {
    /// First word of every stream.
    pub(super) seed: String,
    /// Multiplier of contacts.
    pub(super) scale: u32,
    /// Months from M1.
    pub(super) months: usize,
    /// Effects that are switched on.
    pub(super) plants: Plants,
    /// Departments in declared order.
    pub(super) departments: Vec<Department>,
    /// Departments of the stories.
    pub(super) places: Places,
    /// Working days.
    pub(super) calendar: Calendar,
    /// Everybody.
    pub(super) people: People,
    /// Promises.
    pub(super) promises: Vec<Promise>,
    congestion: Vec<Vec<f64>>,
    drift: Vec<Vec<f64>>,
}

impl World {
    /// Draws the world of `options`.
    pub(super) fn new(options: &BankOptions) -> Self {
        let seed = options.seed.to_string();
        let departments = departments::declared();
        let people =
            People::new(&departments, &seed, if options.plants.star_move { STAR_EFFECT } else { 0.0 });
        let promises = promises::declared(&departments);
        let congestion =
            departments.iter().map(|d| autoregressive(&seed, "congestion", d.code, crowding(d))).collect();
        let drift = departments.iter().map(|d| autoregressive(&seed, "drift", d.code, DRIFT_SD)).collect();
        Self {
            scale: options.scale,
            months: options.months as usize,
            plants: options.plants,
            places: places(&departments),
            calendar: Calendar::new(),
            seed,
            departments,
            people,
            promises,
            congestion,
            drift,
        }
    }

    /// Returns the congestion of a department and month, standard normal.
    pub(super) fn congestion(&self, department: usize, month: usize) -> f64 {
        self.congestion[department][month]
    }

    /// Returns the drift of a department's satisfaction, in latent points.
    pub(super) fn drift(&self, department: usize, month: usize) -> f64 {
        self.drift[department][month]
    }

    /// Returns the position of a promise.
    pub(super) fn promise(&self, code: &str) -> usize {
        self.promises.iter().position(|promise| promise.code == code).expect("a declared promise")
    }

    /// Returns the position of a department.
    pub(super) fn department(&self, code: &str) -> usize {
        position(&self.departments, code)
    }

    /// Returns whether a department works in project month `number`.
    pub(super) fn is_open(&self, department: usize, number: usize) -> bool {
        self.departments[department].is_open(month(number).first_day())
    }

    /// Opens the stream of one purpose in one month and department.
    pub(super) fn random(&self, purpose: &str, number: usize, department: &str) -> Random {
        Random::new(&[&self.seed, purpose, &number.to_string(), department])
    }

    /// Returns the contacts of a department in month `number`.
    pub(super) fn volume(&self, department: usize, number: usize) -> u64 {
        let merged = department == self.places.fishmarket && number >= 16;
        let own = self.departments[department].volume;
        let volume = own + if merged { self.departments[self.places.saltworks].volume } else { 0 };
        let season = match month(number).number() {
            _ if department == self.places.millpond => 100,
            12 => 110,
            8 => 90,
            1 if number == 3 => 90,
            2 if number == 16 => 90,
            _ => 100,
        };
        u64::from(volume) * u64::from(self.scale) * season / 100
    }

    /// Returns the calendar months of the project.
    pub(super) fn span(&self) -> (Month, Month) {
        (month(1), month(self.months))
    }
}

/// A large room that never closes hardly knows busy months.
fn crowding(department: &Department) -> f64 {
    if department.code == "contact-centre" { 0.3 } else { 1.0 }
}

fn autoregressive(seed: &str, purpose: &str, department: &str, sd: f64) -> Vec<f64> {
    let mut random = Random::new(&[seed, purpose, department]);
    let innovation = (1.0 - PERSISTENCE * PERSISTENCE).sqrt();
    let mut state = random.normal();
    let series: Vec<f64> = (0..=24)
        .map(|_| {
            state = PERSISTENCE * state + innovation * random.normal();
            state
        })
        .collect();
    // Mean 0 over the 24 months, so that a department's level is the declared one.
    let mean = series[1..].iter().sum::<f64>() / 24.0;
    series.iter().map(|value| sd * (value - mean)).collect()
}

fn places(departments: &[Department]) -> Places {
    let at = |code| position(departments, code);
    Places {
        millpond: at("millpond"),
        brookside: at("brookside"),
        northgate: at("northgate"),
        harbour_square: at("harbour-square"),
        quarry: at("quarry"),
        eastgate: at("eastgate"),
        westquay: at("westquay"),
        saltworks: at("saltworks"),
        fishmarket: at("fishmarket"),
        contact_centre: at("contact-centre"),
    }
}
