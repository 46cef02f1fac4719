//! The effects that are measured by generating contacts with and without them.
//!
//! In: contacts. Out: additions to the [`Truth`]. Each effect is one line of a list: its name, whom it touches, the settings with and without.

use super::contacts::{BUSINESS, Contact, VIP};
use super::experience::{Experience, Outcome, Setting, realise};
use super::people::{STAR_MONTH, month};
use super::truth::Truth;
use super::world::World;

/// One effect: name, whom it touches, how the world is with it and without it.
struct Effect {
    name: &'static str,
    touches: fn(&World, &Contact, &Experience) -> bool,
    with: fn(&mut Setting),
    without: fn(&mut Setting),
}

const EFFECTS: &[Effect] = &[
    effect("breach_unremedied", |_, _, e| e.outcome == Outcome::Unremedied, |s| s.plants.breach = false),
    effect("breach_remedied", |_, _, e| e.outcome == Outcome::Remedied, |s| s.plants.breach = false),
    effect("remedy", |_, _, e| e.outcome == Outcome::Remedied, |s| s.plants.remedy = false),
    effect("vip", |_, c, _| c.segment == VIP, |s| s.plants.segments = false),
    effect("business", |_, c, _| c.segment == BUSINESS, |s| s.plants.segments = false),
    effect("season", |_, c, _| matches!(month(c.month).number(), 11 | 12), |s| s.plants.season = false),
    effect("late_repair", |_, c, _| c.repair_late, |s| s.plants.repair = false),
    effect("lunch", |w, c, _| w.departments[c.department].lunch, |s| s.plants.lunch = false),
    effect(
        "millpond",
        |w, c, _| c.department == w.places.millpond && c.month >= 15,
        |s| s.plants.millpond = false,
    ),
    effect(
        "brookside",
        |w, c, _| c.department == w.places.brookside && c.month >= 15,
        |s| s.plants.brookside = false,
    ),
    effect("northgate", |w, c, _| c.department == w.places.northgate, |s| s.plants.northgate = false),
    effect(
        "harbour_square",
        |w, c, _| c.department == w.places.harbour_square && c.month >= 13,
        |s| s.plants.harbour_square = false,
    ),
    effect("app_channel", |_, c, _| c.month >= 13, |s| s.plants.app_channel = false),
    effect(
        "star_move_westquay",
        |w, c, _| c.department == w.places.westquay && c.month >= STAR_MONTH,
        |s| s.plants.star_move = false,
    ),
    effect(
        "star_move_eastgate",
        |w, c, _| c.department == w.places.eastgate && c.month >= STAR_MONTH,
        |s| s.plants.star_move = false,
    ),
    effect(
        "circle_contact_centre",
        |w, c, _| c.department == w.places.contact_centre && c.month >= 14,
        |s| s.plants.circle = false,
    ),
    step("server_level_0_against_1", |s| s.level = Some(0), |s| s.level = Some(1)),
    step("server_level_2_against_1", |s| s.level = Some(2), |s| s.level = Some(1)),
    step("server_level_3_against_1", |s| s.level = Some(3), |s| s.level = Some(1)),
    step("product_knowledge_2_against_1", |s| s.product_level = Some(2), |s| s.product_level = Some(1)),
    step("head_level_one_more", |s| s.head_step = 1.0, |_| {}),
    step("congestion_one_sd_more", |s| s.congestion_step = 1.0, |_| {}),
];

const fn effect(
    name: &'static str,
    touches: fn(&World, &Contact, &Experience) -> bool,
    without: fn(&mut Setting),
) -> Effect {
    Effect { name, touches, with: |_| {}, without }
}

const fn step(name: &'static str, with: fn(&mut Setting), without: fn(&mut Setting)) -> Effect {
    Effect { name, touches: |w, c, _| c.number.is_multiple_of(w.scale.into()), with, without }
}

/// Adds one contact to the truth of every effect that touches it.
pub(super) fn measure(world: &World, contact: &Contact, experience: &Experience, truth: &mut Truth) {
    let plain = Setting::new(world.plants);
    for effect in EFFECTS.iter().filter(|effect| (effect.touches)(world, contact, experience)) {
        let (mut with, mut without) = (plain, plain);
        (effect.with)(&mut with);
        (effect.without)(&mut without);
        let cell = truth.effects.entry(effect.name).or_default();
        cell.0.add(contact, &realise(world, contact, &with));
        cell.1.add(contact, &realise(world, contact, &without));
    }
}
