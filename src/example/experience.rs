//! What a contact turns into: promises kept or broken, answers, the chance to hear of it. A pure function of the contact's random numbers.
//!
//! In: a contact and a [`Setting`]. Out: [`Experience`]. Counterfactuals are the same call under another setting.

use super::Plants;
use super::contacts::{APP, BUSINESS, Contact, VIP, Want};
use super::people::{COMMUNICATION, PRODUCT, month};
use super::promises::{BUSINESS_LOGIT, CONGESTION_LOGIT, Form, HEAD_LOGIT, LUNCH_LOGIT, VIP_LOGIT, logistic};
use super::world::World;

/// Latent effect of the server's level of communication on *people*, by level.
const LEVEL_EFFECT: [f64; 4] = [-0.30, 0.0, 0.15, 0.20];
/// Part of the server's effects that also reaches *solution*.
const SOLUTION_PART: f64 = 0.6;
const HEAD_EFFECT: f64 = 0.14;
const BREACH: f64 = -0.45;
const BREACH_DELAY: f64 = -0.35;
const BREACH_PARTS: [f64; 5] = [1.0, 0.25, 0.6, 0.0, 0.0];
/// Two working days in minutes: the median time to a remedy, and the line between prompt and late.
pub(super) const PROMPT: f64 = 1080.0;
const RESPONSE: [f64; 4] = [0.15, 0.15, 0.22, 0.28];
const RESPONSE_SEGMENT: [f64; 3] = [0.95, 1.15, 1.5];
/// Chance that a late workplace costs calls and queue: six points.
const REPAIR_LOGIT: f64 = -0.69;
/// Repairs of workplaces fell from 93 to 82 % in M10 and M11.
const REPAIR_STORY_LOGIT: f64 = -1.07;
/// The contact centre before its circle: 84 % of calls instead of 93.
const CIRCLE_LOGIT: f64 = -1.0;
/// The contact centre has no lunch and few VIP customers, and yet keeps no more than branches do.
const CONTACT_CENTRE_LOGIT: f64 = -0.3;
const MILLPOND_LOGIT: f64 = -1.8;
const DECEMBER_QUEUE_LOGIT: f64 = -0.75;
/// Days between -ln(luck) units of a card's waiting time, so that 98 % within 5 days are 93 % within 3.
pub(super) const CARD_RATE: f64 = 0.626;

/// The world's effects as a counterfactual sets them.
#[derive(Debug, Clone, Copy)]
pub(super) struct Setting {
    /// Effects that are on.
    pub(super) plants: Plants,
    /// The server's level of communication, if forced.
    pub(super) level: Option<i8>,
    /// The server's product knowledge, if forced.
    pub(super) product_level: Option<i8>,
    /// Levels added to the head's.
    pub(super) head_step: f64,
    /// Standard deviations added to the congestion.
    pub(super) congestion_step: f64,
}

impl Setting {
    /// Returns the setting in which exactly `plants` are at work.
    pub(super) fn new(plants: Plants) -> Self {
        Self { plants, level: None, product_level: None, head_step: 0.0, congestion_step: 0.0 }
    }
}

/// The worst outcome of a contact as it stood when the customer answered.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Outcome {
    /// Nothing was promised that the log knows.
    None,
    /// All promises kept.
    Kept,
    /// Broken and put right.
    Remedied,
    /// Broken and not put right.
    Unremedied,
}

/// One promise, judged.
#[derive(Debug, Clone, Copy)]
pub(super) struct Judged {
    /// Probability that the log says kept.
    pub(super) probability: f64,
    /// Whether the customer got what was promised.
    pub(super) kept: bool,
    /// Whether the log says so.
    pub(super) recorded_kept: bool,
    /// Delay beyond the limit, in units whose mean is 1.
    pub(super) delay: f64,
    /// Working minutes from breach to remedy.
    pub(super) remedied_after: Option<f64>,
}

/// What a contact turned into.
#[derive(Debug, Clone, Copy)]
pub(super) struct Experience {
    /// Answers 1 to 5 to the 15 items.
    pub(super) items: [i8; 15],
    /// Overall, 1 to 10.
    pub(super) overall: i8,
    /// Recommendation, 0 to 10.
    pub(super) recommend: i8,
    /// Worst outcome at the time of the answer, as the log has it.
    pub(super) outcome: Outcome,
    /// Whether the customer saw a promise broken, whatever the log says.
    pub(super) broken: bool,
    /// Probability of an answer, given an invitation.
    pub(super) response: f64,
    /// Probabilities of kept promises, summed.
    pub(super) kept: f64,
}

impl Experience {
    /// Returns the five dimensions on 0 to 100.
    pub(super) fn dimensions(&self) -> [f64; 5] {
        std::array::from_fn(|d| {
            let sum: i32 = self.items[d * 3..d * 3 + 3].iter().map(|&item| i32::from(item)).sum();
            (f64::from(sum) / 3.0 - 1.0) * 25.0
        })
    }
}

/// Decides what `contact` turns into.
pub(super) fn realise(world: &World, contact: &Contact, setting: &Setting) -> Experience {
    let plants = &setting.plants;
    let mut outcome = Outcome::None;
    let (mut loss, mut kept) = (0.0_f64, 0.0);
    for want in contact.wants.iter().filter(|want| !is_void(world, want)) {
        let judged = judge(world, contact, want, setting);
        kept += judged.probability;
        let (state, effect) = consequence(contact, &judged, plants);
        outcome = outcome.max(state);
        loss = loss.min(effect);
    }
    let shift = shifts(world, contact, setting, if plants.breach { loss } else { 0.0 });
    let latent: [f64; 15] = std::array::from_fn(|i| contact.latent[i] + shift[i / 3]);
    let mean = latent.iter().sum::<f64>() / 15.0;
    let items = latent.map(|value| scale(if contact.straight { mean } else { value }, 1, 5));
    Experience {
        items,
        overall: scale(0.35 + 1.90 * mean + 0.8 * contact.noise[0], 1, 10),
        recommend: scale(RECOMMEND_BASE + 1.75 * mean + 1.1 * contact.noise[1], 0, 10),
        outcome,
        broken: loss < 0.0,
        response: response(world, contact, outcome, plants),
        kept,
    }
}

const RECOMMEND_BASE: f64 = 1.06;

/// Returns whether the customer withdrew the order: one in a hundred of those that take days.
pub(super) fn is_void(world: &World, want: &Want) -> bool {
    let promise = &world.promises[want.promise];
    let long = promise.form == Form::Card || ["loan", "mortgage"].contains(&promise.code);
    long && want.spare < 0.01
}

fn scale(value: f64, low: i8, high: i8) -> i8 {
    value.round().clamp(low.into(), high.into()) as i8
}

/// Judges one promise: broken when its luck is below the chance of a breach, by -ln(luck / chance) units of delay.
pub(super) fn judge(world: &World, contact: &Contact, want: &Want, setting: &Setting) -> Judged {
    let promise = &world.promises[want.promise];
    let mut breach = 1.0 - logistic(eta(world, contact, want, setting));
    if promise.form == Form::Card && (contact.month < 13 || !setting.plants.card_limit) {
        breach *= libm::exp(-2.0 * CARD_RATE);
    }
    let heaps = setting.plants.northgate
        && contact.department == world.places.northgate
        && promise.form == Form::Queue;
    let broken = want.luck < breach;
    let delay = if broken { -libm::log(want.luck.max(1e-12) / breach) } else { 0.0 };
    // At Northgate nearly every late customer is logged in the last minute before the limit.
    let logged = broken && !(heaps && delay > 0.07);
    let chance = logistic(-1.0 + 0.7 * delay);
    let remedied = logged && want.remedy < chance;
    Judged {
        probability: 1.0 - if heaps { breach * (1.0 - libm::exp(-0.07)) } else { breach },
        kept: !broken,
        recorded_kept: !logged,
        delay,
        remedied_after: remedied.then(|| PROMPT * libm::exp(0.7 * want.remedy_time)),
    }
}

fn eta(world: &World, contact: &Contact, want: &Want, setting: &Setting) -> f64 {
    let plants = &setting.plants;
    let promise = &world.promises[want.promise];
    let mut eta = promise.base;
    if plants.head_level {
        eta += HEAD_LOGIT * (f64::from(world.departments[want.owner].head_level) + setting.head_step - 1.5);
    }
    if plants.segments {
        eta += match contact.segment {
            VIP => VIP_LOGIT,
            BUSINESS => BUSINESS_LOGIT,
            _ => 0.0,
        };
    }
    if plants.congestion {
        eta += CONGESTION_LOGIT * (world.congestion(want.owner, contact.month) + setting.congestion_step);
    }
    let front = matches!(promise.form, Form::Rings | Form::Queue);
    if plants.repair && front && contact.repair_late {
        eta += REPAIR_LOGIT;
    }
    eta + story(world, contact, want, plants)
}

/// The departments' own stories, as logits.
fn story(world: &World, contact: &Contact, want: &Want, plants: &Plants) -> f64 {
    let (promise, places, month) = (&world.promises[want.promise], &world.places, contact.month);
    let here = |place: usize| want.owner == place;
    let mut eta = 0.0;
    let troubled = plants.millpond && here(places.millpond) && month >= 15;
    if troubled {
        eta += MILLPOND_LOGIT;
    }
    let lunch = (12 * 60..14 * 60).contains(&contact.at.minute());
    if plants.lunch
        && promise.form == Form::Rings
        && lunch
        && (world.departments[want.owner].lunch || troubled)
    {
        eta += LUNCH_LOGIT;
    }
    if promise.form == Form::Queue {
        if plants.season && self::month(month).number() == 12 {
            eta += DECEMBER_QUEUE_LOGIT;
        }
        if plants.northgate && here(places.northgate) {
            eta -= 0.50;
        }
    }
    if promise.form == Form::Rings && here(places.contact_centre) {
        let before = month < 14 || !plants.circle;
        eta += CONTACT_CENTRE_LOGIT + if before { CIRCLE_LOGIT } else { 0.0 };
    }
    if plants.repair && promise.code == "repair" && (10..=11).contains(&month) {
        eta += REPAIR_STORY_LOGIT;
    }
    if plants.quarry && promise.code == "statement" && here(places.quarry) {
        eta += if month < 22 { 40.0 } else { -1.0 };
    }
    eta
}

/// What a judged promise means for the customer: the state it left and the latent loss on *speed*.
fn consequence(contact: &Contact, judged: &Judged, plants: &Plants) -> (Outcome, f64) {
    if judged.kept {
        return (Outcome::Kept, 0.0);
    }
    let loss = BREACH + BREACH_DELAY * judged.delay;
    let logged = if judged.recorded_kept { Outcome::Kept } else { Outcome::Unremedied };
    match judged.remedied_after {
        Some(after) if !contact.hasty => {
            let restored = if after <= PROMPT { 0.5 } else { 0.2 };
            (Outcome::Remedied, loss * if plants.remedy { 1.0 - restored } else { 1.0 })
        }
        _ => (logged, loss),
    }
}

/// Latent shifts of the five dimensions.
fn shifts(world: &World, contact: &Contact, setting: &Setting, loss: f64) -> [f64; 5] {
    let (plants, month, places) = (&setting.plants, contact.month, &world.places);
    let department = &world.departments[contact.department];
    let mut all = department.effect + world.drift(contact.department, month);
    if plants.head_level {
        all += HEAD_EFFECT * (f64::from(department.head_level) + setting.head_step - 1.5);
    }
    if plants.segments {
        all += [0.0, 0.08, 0.38][contact.segment];
    }
    if plants.season {
        all += match self::month(month).number() {
            11 => -0.03,
            12 => -0.08,
            _ => 0.0,
        };
    }
    if plants.millpond && contact.department == places.millpond && month >= 15 {
        all -= 0.22;
    }
    if plants.brookside && contact.department == places.brookside && month >= 15 {
        all -= 0.14;
    }
    let mut shift = [all; 5];
    if plants.congestion {
        shift[0] -= 0.15 * (world.congestion(contact.department, month) + setting.congestion_step);
    }
    let (people, product) = server(world, contact, setting);
    shift[1] += people;
    shift[2] += SOLUTION_PART * people;
    shift[3] += product;
    std::array::from_fn(|d| shift[d] + loss * BREACH_PARTS[d])
}

/// The server's effects on *people* and on *product*.
fn server(world: &World, contact: &Contact, setting: &Setting) -> (f64, f64) {
    let moved = [world.places.eastgate, world.places.westquay].contains(&contact.department);
    let server = match setting.plants.star_move || !moved {
        true => contact.server,
        false => world.people.without_move(contact.server, contact.month),
    };
    let person = &world.people.list[server];
    if !setting.plants.server_level {
        return (person.own, 0.0);
    }
    let level = setting.level.unwrap_or_else(|| person.level(COMMUNICATION, contact.month));
    let product = setting.product_level.unwrap_or_else(|| person.level(PRODUCT, contact.month));
    (person.own + LEVEL_EFFECT[level as usize], 0.10 * f64::from(product - 1))
}

fn response(world: &World, contact: &Contact, outcome: Outcome, plants: &Plants) -> f64 {
    let mut p = RESPONSE[outcome as usize] * RESPONSE_SEGMENT[contact.segment];
    if month(contact.month).number() == 8 {
        p *= 0.8;
    }
    if plants.app_channel && contact.channel == APP {
        p *= 2.2;
    }
    // From M13 Harbour Square asks those who look content.
    if plants.harbour_square && contact.department == world.places.harbour_square && contact.month >= 13 {
        p = 0.34 * libm::exp(0.56 * contact.halo);
    }
    p.min(0.95)
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;
    use crate::example::{BankOptions, contacts};

    fn millpond() -> (World, Vec<Contact>) {
        let world = World::new(&BankOptions::default());
        let drawn = contacts::draw(
            &world,
            (20, world.places.millpond),
            (&[3.8; 15], &BTreeSet::new()),
            ("contacts", 400),
        );
        (world, drawn)
    }

    fn sum(world: &World, drawn: &[Contact], plants: Plants) -> (f64, f64) {
        let all = drawn.iter().map(|contact| realise(world, contact, &Setting::new(plants)));
        all.fold((0.0, 0.0), |(kept, answers), e| {
            (kept + e.kept, answers + e.dimensions().iter().sum::<f64>())
        })
    }

    #[test]
    fn millpond_keeps_less_and_is_liked_less_than_its_twin_without_trouble() {
        let (world, drawn) = millpond();
        let with = sum(&world, &drawn, Plants::default());
        let without = sum(&world, &drawn, Plants { millpond: false, ..Plants::default() });
        assert!(with.0 < 0.9 * without.0 && with.1 < 0.97 * without.1, "{with:?} {without:?}");
    }

    #[test]
    fn an_effect_elsewhere_leaves_millpond_alone() {
        let (world, drawn) = millpond();
        let other = Plants { northgate: false, quarry: false, star_move: false, ..Plants::default() };
        let (a, b) = (sum(&world, &drawn, Plants::default()), sum(&world, &drawn, other));
        assert_eq!((a.0.to_bits(), a.1.to_bits()), (b.0.to_bits(), b.1.to_bits()));
    }

    #[test]
    fn a_remedy_never_costs_and_a_breach_never_pleases() {
        let (world, drawn) = millpond();
        let mean = |contact: &Contact, plants| {
            realise(&world, contact, &Setting::new(plants)).dimensions().iter().sum::<f64>()
        };
        for contact in &drawn {
            let plain = mean(contact, Plants::default());
            assert!(mean(contact, Plants { remedy: false, ..Plants::default() }) <= plain);
            assert!(mean(contact, Plants { breach: false, ..Plants::default() }) >= plain);
        }
    }
}
