//! Views for tests: any number of departments, kind and hostile names, figures that exist and figures that do not.

use crate::chart::{
    Views, caterpillar, fishbone, heatmap, kept_target, outcome, pareto, remedy_curve, step, trend,
};
use crate::month::Month;
use crate::stats::{Estimate, Figure, Marks, Reason};
use crate::text::number::{Count, Unit};

/// What a sample is made of.
pub struct Sample {
    /// Names that are used in turn.
    pub names: Vec<String>,
    /// Number of departments.
    pub departments: usize,
    /// Number of months.
    pub months: i32,
    /// Whether no figure exists at all.
    pub undefined: bool,
}

/// Names as they occur.
pub fn plain() -> Vec<String> {
    [
        "Harbour Branch",
        "Client Relations",
        "Card Operations",
        "Mortgage Products",
        "Corporate Banking",
        "Old Town Branch",
    ]
    .map(String::from)
    .to_vec()
}

/// Names as they should not occur.
pub fn hostile() -> Vec<String> {
    let mut names: Vec<String> = [
        "<script>alert(1)</script>",
        "A & B \"quoted\" 'single'",
        "",
        "Отдел по работе с корпоративными клиентами и партнёрами Северо-Западного региона",
        "客户关系管理与服务质量监督委员会北京分行营业部综合办公室",
        "Line\nbreak\u{0}\u{202e}turned",
        "]]></svg>",
    ]
    .map(String::from)
    .to_vec();
    names.push("Wissenschaftlich".repeat(13));
    names.push("long name of many words ".repeat(9));
    names
}

/// A small generator of repeatable numbers in 0..1 (Lehmer, 48271).
struct Dice(u64);

impl Dice {
    fn roll(&mut self) -> f64 {
        self.0 = self.0 * 48271 % 0x7fff_ffff;
        self.0 as f64 / f64::from(0x7fff_ffff)
    }
}

fn estimate(value: f64, half: f64, n: u64) -> Estimate {
    Estimate {
        value,
        std_error: Some(half / 1.96),
        lower: Some(value - half),
        upper: Some(value + half),
        n,
        n_effective: n as f64,
        marks: Marks::default(),
    }
}

impl Sample {
    fn name(&self, place: usize) -> String {
        self.names[place % self.names.len()].clone()
    }

    fn figure(&self, exists: bool, value: f64, half: f64) -> Figure {
        if self.undefined || !exists { Err(Reason::TooFew) } else { Ok(estimate(value, half, 62)) }
    }

    fn last(&self) -> Month {
        Month::new(2026, 10)
    }

    fn first(&self) -> Month {
        self.last().plus(1 - self.months)
    }

    /// Returns one view of every chart.
    pub fn views(&self, stem: &str) -> Views {
        Views {
            caterpillar: vec![self.caterpillar(&format!("{stem}-caterpillar"))],
            trend: vec![self.trend(&format!("{stem}-trend"))],
            kept_target: vec![
                self.kept(&format!("{stem}-kept"), 0.82),
                self.kept(&format!("{stem}-kept-high"), 0.988),
            ],
            heatmap: vec![self.heatmap(&format!("{stem}-heatmap"))],
            outcome: vec![self.outcome(&format!("{stem}-outcome"))],
            pareto: vec![self.pareto(&format!("{stem}-pareto"))],
            fishbone: vec![self.fishbone(&format!("{stem}-fishbone"))],
            step: vec![self.step(&format!("{stem}-step"))],
            remedy_curve: vec![self.remedy_curve(&format!("{stem}-remedy-curve"))],
        }
    }

    fn caterpillar(&self, id: &str) -> caterpillar::View {
        let mut dice = Dice(7);
        let cuts = [80.0, 72.0, 64.0, 56.0, 0.0];
        let department = |place: usize, dice: &mut Dice| {
            let value = 54.0 + 14.0 * (dice.roll() + dice.roll()) + 4.0 * dice.roll();
            let std_error = 0.8 + 2.4 * dice.roll();
            let grade = cuts.iter().position(|cut| value >= *cut).unwrap_or(4);
            let could_be =
                (1..5).contains(&grade).then(|| grade - 1).filter(|up| cuts[*up] - value < std_error);
            let n = if place % 11 == 5 {
                Count::Below(5)
            } else {
                Count::Exact(40 + (dice.roll() * 2000.0) as u64)
            };
            let rating = caterpillar::Rating { value, std_error, n, grade, could_be };
            caterpillar::Department {
                code: format!("D{place:03}"),
                name: if self.departments > 6 {
                    format!("{} {}", self.name(place), place + 1)
                } else {
                    self.name(place)
                },
                rating: if self.undefined || place % 13 == 12 {
                    Err(Reason::ALL[place % 10])
                } else {
                    Ok(rating)
                },
                flagged: place % 9 == 4,
            }
        };
        caterpillar::View {
            id: id.to_owned(),
            place: "Harbour Bank".to_owned(),
            first: self.first(),
            last: self.last(),
            grades: ["A", "B", "C", "D", "E"]
                .into_iter()
                .zip(cuts)
                .map(|(letter, from)| caterpillar::Grade { letter: letter.to_owned(), from })
                .collect(),
            departments: (0..self.departments).map(|place| department(place, &mut dice)).collect(),
        }
    }

    fn series(
        &self,
        name: String,
        (level, half): (f64, f64),
        dice: &mut Dice,
        holes: &[i32],
    ) -> trend::Series {
        let point = |month: Month, value: f64| trend::Point {
            month,
            figure: self.figure(!holes.contains(&(month.0 - self.first().0)), value, half),
            provisional: month == self.last(),
        };
        let points =
            self.first().to(self.last()).map(|month| point(month, level + 5.0 * dice.roll())).collect();
        trend::Series { name, points }
    }

    fn trend(&self, id: &str) -> trend::View {
        let mut dice = Dice(11);
        let first = self.first();
        trend::View {
            id: id.to_owned(),
            measure: "Overall satisfaction, points from 0 to 100".to_owned(),
            unit: Unit::Points,
            first,
            last: self.last(),
            bank: self.series("Harbour Bank".to_owned(), (68.0, 1.2), &mut dice, &[]),
            department: Some(self.series(self.name(3), (72.0, 3.4), &mut dice, &[5, 6, 14])),
            targets: vec![(first.plus(-6), 74.0), (first.plus(8), 76.0)],
            breaks: vec![(first.plus(9), "the questionnaire was reworded".to_owned())],
        }
    }

    fn step(&self, id: &str) -> step::View {
        let (first, last) = (self.first(), self.last());
        let series = self.series(self.name(2), (66.0, 2.4), &mut Dice(17), &[4]);
        let level = |first: Month, last: Month, value: f64| step::Level {
            first,
            last,
            figure: self.figure(true, value, 1.1),
        };
        step::View {
            id: id.to_owned(),
            title: "No evidence that Harbour Branch has improved".to_owned(),
            measure: "Overall satisfaction".to_owned(),
            unit: Unit::Points,
            place: self.name(2),
            first,
            last,
            points: series.points,
            peers: if self.undefined { Vec::new() } else { vec![(first, 67.0), (last, 68.0)] },
            trigger: (first.plus(8), first.plus(10)),
            before: level(first, first.plus(7), 67.0),
            after: (self.months > 11).then(|| level(first.plus(11), last, 68.5)),
            target: Some(72.0),
        }
    }

    fn pareto(&self, id: &str) -> pareto::View {
        let bar = |place: usize| pareto::Cause {
            name: self.name(place),
            known: place < 6,
            n: 1 << (12 - place),
            share: self.figure(place != 4, 0.4 / (place + 1) as f64, 0.02),
            vital: place < 2,
        };
        pareto::View {
            id: id.to_owned(),
            place: self.name(0),
            first: self.first(),
            last: self.last(),
            causes: (0..7).map(bar).collect(),
            vital: self.figure(true, 0.83, 0.02),
        }
    }

    fn fishbone(&self, id: &str) -> fishbone::View {
        let bone = |place: usize| fishbone::Bone {
            name: self.name(place),
            items: (0..=place).map(|item| self.name(place + item + 1)).collect(),
        };
        fishbone::View {
            id: id.to_owned(),
            title: "What breaches were put down to".to_owned(),
            subtitle: self.name(2),
            head: self.name(1),
            bones: (0..self.departments.min(5)).map(bone).collect(),
        }
    }

    fn remedy_curve(&self, id: &str) -> remedy_curve::View {
        let step = |place: usize| {
            let share = 0.45 * (1.0 - 1.0 / (1.0 + place as f64 / 20.0));
            remedy_curve::Step { time: place as f64 / 10.0, share, ends: Some((share - 0.02, share + 0.02)) }
        };
        remedy_curve::View {
            id: id.to_owned(),
            place: self.name(0),
            first: self.first(),
            last: self.last(),
            axis: "Working days".to_owned(),
            steps: if self.undefined {
                Err(Reason::TooFew)
            } else {
                Ok((1..=self.departments).map(step).collect())
            },
            remedied: self.figure(true, 0.42, 0.02),
            limit: Some(remedy_curve::Limit {
                time: 2.0,
                words: self.name(1),
                share: self.figure(true, 0.21, 0.02),
            }),
        }
    }

    fn kept(&self, id: &str, level: f64) -> kept_target::View {
        let mut dice = Dice(5);
        let promises = [
            "A call is answered within 30 seconds",
            "A complaint is settled within 5 working days",
            "A payment order of a corporate client is executed on the same day",
            "A card is replaced within 3 days",
            "A loan decision is given within 10 days",
        ];
        let commitment = |place: usize, dice: &mut Dice| kept_target::Commitment {
            name: if self.names[0].starts_with('<') { self.name(place) } else { promises[place].to_owned() },
            kept: self.figure(place != 3, level + (0.999 - level) * dice.roll(), (1.0 - level) * 0.12),
            n: if place == 3 { Count::Below(5) } else { Count::Exact(400 + (dice.roll() * 90_000.0) as u64) },
            target: (place != 4)
                .then_some((level + (1.0 - level) * 0.5 * 10.0 / 10.0) * 1000.0)
                .map(|t| t.round() / 1000.0),
        };
        kept_target::View {
            id: id.to_owned(),
            place: self.name(0),
            first: self.last(),
            last: self.last(),
            commitments: (0..promises.len()).map(|place| commitment(place, &mut dice)).collect(),
        }
    }

    fn heatmap(&self, id: &str) -> heatmap::View {
        let pairs = [
            ("Kept share of calls", "satisfaction with speed", 0.46, 0.62),
            ("Share of breaches remedied", "overall satisfaction", 0.22, 0.31),
            ("Competency in client contact", "satisfaction with staff", 0.05, 0.55),
            ("Days to settle a complaint", "overall satisfaction", -0.38, -0.53),
            ("Competency in products", "recommendation", 0.0, -0.12),
            ("Waiting time", "effort", -0.08, 0.02),
        ];
        let cell = |r: f64, exists: bool, n: u64| heatmap::Cell {
            r: self.figure(exists, r, 0.14),
            n: Count::Exact(n),
            holds: r.abs() > 0.2,
        };
        heatmap::View {
            id: id.to_owned(),
            place: "Harbour Bank".to_owned(),
            first: self.first(),
            last: self.last(),
            relations: pairs
                .iter()
                .enumerate()
                .map(|(place, (x, y, within, between))| heatmap::Relation {
                    x: if self.names[0].starts_with('<') { self.name(place) } else { (*x).to_owned() },
                    y: (*y).to_owned(),
                    within: cell(*within, place != 4, 1440),
                    between: cell(*between, true, 40),
                })
                .collect(),
        }
    }

    fn outcome(&self, id: &str) -> outcome::View {
        use outcome::Worst;
        let groups = [
            (Worst::Kept, 76.2, 1.1, 0.0),
            (Worst::BreachedRemedied, 71.0, 3.2, -5.2),
            (Worst::BreachedUnremedied, 61.4, 2.9, -14.8),
            (Worst::NoCase, 75.1, 1.8, -1.1),
            (Worst::Open, 70.0, 6.5, -6.2),
            (Worst::Void, 0.0, 0.0, 0.0),
        ];
        outcome::View {
            id: id.to_owned(),
            place: self.name(1),
            measure: "Overall satisfaction".to_owned(),
            first: self.first(),
            last: self.last(),
            groups: groups
                .into_iter()
                .map(|(worst, mean, half, difference)| outcome::Group {
                    worst,
                    mean: self.figure(worst != Worst::Void, mean, half),
                    n: if worst == Worst::Void {
                        Count::Below(5)
                    } else {
                        Count::Exact((4000.0 / half) as u64)
                    },
                    difference: self.figure(worst != Worst::Void, difference, half * 1.2),
                })
                .collect(),
        }
    }
}
