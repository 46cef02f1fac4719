//! Contacts of customers with departments, and all random numbers of each: what happens is decided from them in `experience`.
//!
//! In: the world, a month, a department. Out: [`Contact`]s. The same numbers serve with and without every effect.

use std::collections::BTreeSet;

use super::calendar::{CLOSES, Moment, OPENS};
use super::people::month;
use super::world::World;
use crate::month::Day;
use crate::random::Random;

/// Codes of the segments.
pub(super) const SEGMENTS: [&str; 3] = ["retail", "business", "vip"];
/// Codes of the products.
pub(super) const PRODUCTS: [&str; 7] =
    ["accounts", "cards", "loans", "mortgages", "deposits", "payments", "trade"];
/// Codes of the channels.
pub(super) const CHANNELS: [&str; 3] = ["branch", "phone", "app"];
/// Codes of the customers' tenure.
pub(super) const TENURES: [&str; 3] = ["new", "settled", "long"];
/// Position of the segment VIP.
pub(super) const VIP: usize = 2;
/// Position of the segment business.
pub(super) const BUSINESS: usize = 1;
/// Position of the app among the channels.
pub(super) const APP: usize = 2;
/// First month of the app.
pub(super) const APP_MONTH: usize = 13;

const PRODUCT_SHARES: [f64; 7] = [0.34, 0.17, 0.10, 0.04, 0.14, 0.17, 0.04];
const PHONE_SHARE: f64 = 0.30;
const HALO_SD: f64 = 0.70;
const DIMENSION_SD: f64 = 0.35;
const ITEM_SD: f64 = 0.60;

/// What a customer was promised in a contact.
#[derive(Debug, Clone)]
pub(super) struct Want {
    /// Position of the promise.
    pub(super) promise: usize,
    /// Department that promised.
    pub(super) owner: usize,
    /// Beginning of the case.
    pub(super) opened: Moment,
    /// The promise is broken when this uniform number is below the chance of a breach.
    pub(super) luck: f64,
    /// Remedied when below the chance of a remedy.
    pub(super) remedy: f64,
    /// Logarithmic time to the remedy, standard normal.
    pub(super) remedy_time: f64,
    /// Any further number a row needs.
    pub(super) spare: f64,
}

/// One contact.
#[derive(Debug, Clone)]
pub(super) struct Contact {
    /// Number within department and month.
    pub(super) number: u64,
    /// Department that served.
    pub(super) department: usize,
    /// Project month.
    pub(super) month: usize,
    /// Beginning.
    pub(super) at: Moment,
    /// Position of the segment.
    pub(super) segment: usize,
    /// Position of the product.
    pub(super) product: usize,
    /// Position of the channel.
    pub(super) channel: usize,
    /// Position of the tenure.
    pub(super) tenure: usize,
    /// Person who served.
    pub(super) server: usize,
    /// Whether a workplace was repaired late in this week.
    pub(super) repair_late: bool,
    /// Latent answers to the 15 items without any effect.
    pub(super) latent: [f64; 15],
    /// The customer's general mood, standard normal.
    pub(super) halo: f64,
    /// Noise of the overall judgement and of the recommendation.
    pub(super) noise: [f64; 2],
    /// Whether every item gets the same answer.
    pub(super) straight: bool,
    /// Whether the answer comes before any remedy.
    pub(super) hasty: bool,
    /// Answers when below the chance of a response.
    pub(super) answer: f64,
    /// Promises made.
    pub(super) wants: Vec<Want>,
}

/// Means of the 15 items without effects, in the order of the questionnaire.
pub(super) fn item_means(centre: f64) -> [f64; 15] {
    let mut lines = include_str!("bank/items.csv").lines().skip(1);
    std::array::from_fn(|_| {
        let field = lines.next().and_then(|line| line.split(',').nth(2));
        centre + field.and_then(|text| text.parse::<f64>().ok()).expect("a declared mean")
    })
}

/// Draws the contacts of one department and month, in order of time: `volume` of them from the stream `purpose`.
pub(super) fn draw(
    world: &World,
    (number, department): (usize, usize),
    (means, late_weeks): (&[f64; 15], &BTreeSet<(usize, i32)>),
    (purpose, volume): (&str, u64),
) -> Vec<Contact> {
    let mut random = world.random(purpose, number, world.departments[department].code);
    let mut times: Vec<Moment> = {
        let days = open_days(world, number, department);
        (0..volume).map(|_| time(world, department, &days, &mut random)).collect()
    };
    times.sort_unstable();
    times
        .into_iter()
        .zip(0..)
        .map(|(at, index)| {
            let mut contact = person(world, number, department, at, &mut random);
            contact.number = index;
            contact.repair_late = late_weeks.contains(&(department, week(at.day())));
            contact.latent = latent(means, contact.halo, &mut random);
            contact.wants = wants(world, &contact, &mut random);
            contact
        })
        .collect()
}

/// Returns the number of the week that holds `day`.
pub(super) fn week(day: Day) -> i32 {
    day.week()
}

fn open_days(world: &World, number: usize, department: usize) -> Vec<Day> {
    let month = month(number);
    if department == world.places.contact_centre {
        return (month.first_day().0..=month.last_day().0).map(Day).collect();
    }
    world.calendar.working_days(month)
}

fn time(world: &World, department: usize, days: &[Day], random: &mut Random) -> Moment {
    let day = days[random.below(days.len() as u64) as usize];
    let all_day = department == world.places.contact_centre && random.chance(0.25);
    let (from, to) = if all_day { (0, 1439) } else { (OPENS, CLOSES - 1) };
    Moment::new(day, from + random.below((to - from) as u64) as i64)
}

/// Draws who comes, why, and who serves.
fn person(world: &World, month: usize, department: usize, at: Moment, random: &mut Random) -> Contact {
    let declared = &world.departments[department];
    let segment = pick(&[1.0 - declared.vip - declared.business, declared.business, declared.vip], random);
    let phone = random.chance(phone_share(world, department));
    let by_app = random.chance(if segment == VIP { 0.60 } else { 0.05 });
    let channel = if by_app && month >= APP_MONTH { APP } else { usize::from(phone) };
    let product = pick(&PRODUCT_SHARES, random);
    let tenure = pick(&[if declared.code == "new-clients" { 0.9 } else { 0.12 }, 0.5, 0.38], random);
    let servers = world.people.servers(department, month);
    Contact {
        number: 0,
        department,
        month,
        at,
        segment,
        product,
        channel,
        tenure,
        server: servers[random.below(servers.len() as u64) as usize],
        repair_late: false,
        latent: [0.0; 15],
        halo: random.normal(),
        noise: [random.normal(), random.normal()],
        straight: random.chance(0.05),
        hasty: random.chance(0.25),
        answer: random.uniform(),
        wants: Vec::new(),
    }
}

fn phone_share(world: &World, department: usize) -> f64 {
    if department == world.places.contact_centre { 1.0 } else { PHONE_SHARE }
}

/// Returns the position of one of `shares`; what is missing to their sum belongs to all alike.
pub(super) fn pick(shares: &[f64], random: &mut Random) -> usize {
    let mut left = random.uniform() * shares.iter().sum::<f64>();
    for (index, share) in shares.iter().enumerate() {
        if left < *share {
            return index;
        }
        left -= share;
    }
    shares.len() - 1
}

fn latent(means: &[f64; 15], halo: f64, random: &mut Random) -> [f64; 15] {
    let dimensions: [f64; 5] = std::array::from_fn(|_| DIMENSION_SD * random.normal());
    std::array::from_fn(|i| means[i] + HALO_SD * halo + dimensions[i / 3] + ITEM_SD * random.normal())
}

/// Draws what is promised. One visit can carry several promises; the app takes none away, it only begins the visit.
fn wants(world: &World, contact: &Contact, random: &mut Random) -> Vec<Want> {
    let declared = &world.departments[contact.department];
    let n = f64::from(declared.volume);
    let phone = contact.channel == 1
        || contact.channel == APP && random.chance(phone_share(world, contact.department));
    let product = PRODUCTS[contact.product];
    let enough = |least: f64, share: f64, of: f64| least.max(share * n) / (of * n);
    let branch = declared.is_branch();
    let calls = match declared.code {
        "contact-centre" => 0.7,
        _ => enough(40.0, 0.12, PHONE_SHARE),
    };
    let mut codes: Vec<&'static str> = Vec::new();
    let mut want = |code, share: f64, random: &mut Random| {
        if random.chance(share) {
            codes.push(code);
        }
    };
    match phone {
        true => want("calls", calls, random),
        false if branch => {
            want("queue", enough(40.0, 0.12, 1.0 - PHONE_SHARE), random);
            match product {
                "accounts" => want("account", enough(40.0, 0.09, 0.34 * 0.7), random),
                "payments" | "deposits" => want("statement", 0.2, random),
                _ => {}
            }
        }
        false => {}
    }
    match product {
        "payments" => {
            want("remittance", 0.25, random);
            want("trace", 0.05, random);
        }
        "cards" => want("card", 0.14, random),
        "loans" => want("loan", 0.15, random),
        "mortgages" => want("mortgage", 0.15, random),
        _ => {}
    }
    want("error", 0.014, random);
    if random.chance(0.012) {
        want("complaint-acknowledged", 1.0, random);
        want("complaint-answered", 1.0, random);
    }
    if contact.segment == VIP {
        want("callback", 0.08, random);
    }
    if declared.code == "new-clients" {
        want("new-client", 0.2, random);
    }
    codes.into_iter().map(|code| case(world, contact, code, random)).collect()
}

fn case(world: &World, contact: &Contact, code: &str, random: &mut Random) -> Want {
    let promise = world.promise(code);
    let owner = match world.promises[promise].owner {
        "front" => contact.department,
        other => world.department(other),
    };
    Want {
        promise,
        owner,
        opened: contact.at.plus(if code == "account" || code == "statement" { 5 } else { 0 }),
        luck: random.uniform(),
        remedy: random.uniform(),
        remedy_time: random.normal(),
        spare: random.uniform(),
    }
}
