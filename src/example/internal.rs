//! Promises without a customer: between departments, to mystery visitors, of machines.
//!
//! In: the world and a month. Out: [`Case`]s, and the weeks in which a branch waited for its workplace. Deliberately absent: customers.

use std::collections::BTreeSet;

use super::calendar::Moment;
use super::cases::{Case, NO_CUSTOMER, build, within_hours};
use super::contacts::{Contact, Want, week};
use super::experience::{Setting, judge};
use super::people::{month, month_of};
use super::world::World;
use crate::month::Day;
use crate::random::Random;

const VISITS_A_MONTH: u64 = 2;
const ATMS: u64 = 24;
const TERMINALS: u64 = 16;

/// A case before its row: who promised whom.
struct Order {
    contact: Contact,
    want: Want,
    customer: Option<usize>,
}

/// Returns the internal cases of month `number`, and the (department, week) pairs with a late repair.
pub(super) fn draw(world: &World, number: usize) -> (Vec<Case>, BTreeSet<(usize, i32)>) {
    let mut orders = repairs(world, number);
    let late = orders.iter().filter(|order| is_late(world, order)).map(late_week).collect();
    orders.extend(requests(world, number));
    orders.extend(machines(world, number));
    orders.sort_by_key(|order| (order.want.owner, order.want.opened));
    let month = month(number);
    let cases = orders
        .iter()
        .zip(1..)
        .map(|(order, serial)| {
            let id = format!("I{:02}{:02}{serial:06}", month.year() % 100, month.number());
            build(world, &order.contact, &order.want, order.customer, id)
        })
        .collect();
    (cases, late)
}

fn is_late(world: &World, order: &Order) -> bool {
    !judge(world, &order.contact, &order.want, &Setting::new(world.plants)).kept
}

fn late_week(order: &Order) -> (usize, i32) {
    (order.customer.expect("a repair is for a department"), week(order.want.opened.day()))
}

fn repairs(world: &World, number: usize) -> Vec<Order> {
    let mut random = world.random("repairs", number, "");
    let days = world.calendar.working_days(month(number));
    let owners = [world.department("it-channels"), world.department("premises")];
    let mut orders = Vec::new();
    for customer in open(world, number) {
        for _ in 0..2 {
            let owner = owners[random.below(2) as usize];
            let at = some_time(&days, &mut random);
            let mut order = order(world, "repair", owner, at, &mut random);
            order.customer = Some(customer);
            orders.push(order);
        }
    }
    orders
}

fn requests(world: &World, number: usize) -> Vec<Order> {
    let mut random = world.random("requests", number, "");
    let days = world.calendar.working_days(month(number));
    let of = |profiles: &[&str]| -> Vec<usize> {
        open(world, number).filter(|&d| profiles.contains(&world.departments[d].profile)).collect()
    };
    let second = of(&["operations", "product"]);
    let mut orders = Vec::new();
    for (code, owners, times) in [
        ("request", of(&["operations", "service"]), 36),
        ("product-answer", of(&["product"]), 30),
        ("handover", second, 8),
        ("sheet", of(&["product"]), 2),
    ] {
        for owner in owners {
            for _ in 0..times {
                let at = some_time(&days, &mut random);
                let mut order = order(world, code, owner, at, &mut random);
                order.customer = Some(some_branch(world, number, &mut random));
                orders.push(order);
            }
        }
    }
    orders.extend(cash(world, number, &days, &mut random));
    orders
}

fn cash(world: &World, number: usize, days: &[Day], random: &mut Random) -> Vec<Order> {
    let owner = world.department("cash");
    let mut orders = Vec::new();
    for branch in open(world, number).filter(|&d| world.departments[d].is_branch()) {
        for &day in days.iter().step_by(3) {
            let mut order = order(world, "cash", owner, Moment::new(day, 8 * 60), random);
            order.customer = Some(branch);
            orders.push(order);
        }
    }
    orders
}

fn machines(world: &World, number: usize) -> Vec<Order> {
    let mut random = world.random("machines", number, "");
    let month = month(number);
    let days = world.calendar.working_days(month);
    let every_day: Vec<Day> = (month.first_day().0..=month.last_day().0).map(Day).collect();
    let owner = world.department("it-channels");
    let mut orders = Vec::new();
    for (code, machines) in [("atm", ATMS), ("terminal", TERMINALS)] {
        for _ in 0..machines * 8 {
            let day = every_day[random.below(every_day.len() as u64) as usize];
            let at = Moment::new(day, random.below(1440) as i64);
            orders.push(order(world, code, owner, at, &mut random));
        }
    }
    for branch in open(world, number).filter(|&d| world.departments[d].is_branch()) {
        for _ in 0..VISITS_A_MONTH {
            let at = some_time(&days, &mut random);
            orders.push(order(world, "greeted", branch, at, &mut random));
        }
    }
    orders
}

fn open(world: &World, number: usize) -> impl Iterator<Item = usize> {
    (0..world.departments.len()).filter(move |&d| world.is_open(d, number))
}

fn some_time(days: &[Day], random: &mut Random) -> Moment {
    within_hours(days[random.below(days.len() as u64) as usize], random.uniform())
}

fn some_branch(world: &World, number: usize, random: &mut Random) -> usize {
    let branches: Vec<usize> = open(world, number).filter(|&d| world.departments[d].is_branch()).collect();
    branches[random.below(branches.len() as u64) as usize]
}

fn order(world: &World, code: &str, owner: usize, at: Moment, random: &mut Random) -> Order {
    let contact = Contact {
        number: NO_CUSTOMER,
        department: owner,
        month: month_of(at.day()),
        at,
        segment: 0,
        product: 0,
        channel: 0,
        tenure: 0,
        server: 0,
        repair_late: false,
        latent: [0.0; 15],
        halo: 0.0,
        noise: [0.0; 2],
        straight: false,
        hasty: false,
        answer: 1.0,
        wants: Vec::new(),
    };
    let want = Want {
        promise: world.promise(code),
        owner,
        opened: at,
        luck: random.uniform(),
        remedy: random.uniform(),
        remedy_time: random.normal(),
        spare: random.uniform(),
    };
    Order { contact, want, customer: None }
}
