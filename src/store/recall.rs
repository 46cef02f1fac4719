//! The way back: stored tables -> a month's counts.

use std::cmp::Reverse;
use std::collections::BTreeMap;

use super::counts::{BILLION, NOT_REMEDIED, UNKNOWN, WHOLE, measured_word, person_word};
use super::specs::{
    ANSWERS, ASSESSMENTS, BREACHES, CAUSES, CONTACTS, DAYS, DISTRIBUTIONS, FAMILIES, INTERVIEWS, INVITATIONS,
    JUDGEMENTS, LINKS, MARGINALS, OUTCOME_LEVELS, OUTCOMES, PENALTIES, RECEIVED, REMEDIES, REOPENED,
    RESPONDENTS, RESULTS, SERVERS, TOTALS,
};
use super::sums::{natural, put, put_at, weighted};
use super::table::{Table, TableSpec};
use crate::check::{
    Indicator, Observation, Place, Registers, Relation, Remedy, Total, UNKNOWN_CAUSE, segment_of,
};
use crate::count::{
    AnswerCounts, Asked, AssessedKey, BreachKey, CauseCounts, Cell, ClusterKey, ClusterSums, ContactCell,
    Distribution, FamilySums, InterviewCounts, InterviewKey, JudgementKey, Layout, LinkBy, LinkKey, Measured,
    MonthCounts, OutcomeCounts, ReceivedCounts, ReceivedKey, RemedyCounts, Reopened, ResultCounts,
    SurveyCounts, Weighted, penalty_names,
};
use crate::link::{Breach, Outcome};
use crate::month::{Day, Month, Quarter};

/// Turns tables back into a month's counts; the segments of the cuts are left out, they are read on their own where needed.
///
/// Rows about codes that the registers no longer know are left out: the definitions' hash makes such a month be counted anew.
pub fn counts(
    registers: &Registers<'_>,
    layouts: &BTreeMap<&str, Layout>,
    month: Month,
    tables: &BTreeMap<&'static str, Table>,
) -> MonthCounts {
    let reader = Reader::new(registers, layouts);
    let mut counts = MonthCounts::default();
    for (spec, take) in READERS {
        for (keys, values) in tables.get(spec.name).into_iter().flat_map(Table::rows) {
            take(&reader, &mut counts, month, &keys, &values);
        }
    }
    counts
}

/// Sums of all dimension scores of the clients by cut, segment and position of the department; an empty segment is a missing one.
pub type SegmentSums = BTreeMap<(String, String, u32), FamilySums>;

/// Adds one month's sums by segment to `sums`, `place` saying for which department or unit each counts; a segment for which it says nothing
/// is left out.
pub fn add_segments(
    registers: &Registers<'_>,
    layout: &Layout,
    table: &Table,
    (sums, place): (&mut SegmentSums, impl Fn(u32) -> Vec<u32>),
) {
    for (keys, values) in table.rows().filter(|(keys, _)| keys[0] == layout.questionnaire) {
        let department = registers.project.department(keys[3]).and_then(|one| u32::try_from(one).ok());
        for unit in department.into_iter().flat_map(&place) {
            let own = sums
                .entry((keys[1].to_owned(), keys[2].to_owned(), unit))
                .or_insert_with(|| FamilySums::new(layout.dimensions.len()));
            let mut one = FamilySums::new(layout.dimensions.len());
            if put(layout, &layout.dimensions, &mut one, (keys[4], keys[5]), &values).is_some() {
                own.merge(&one);
            }
        }
    }
}

type Take = fn(&Reader<'_>, &mut MonthCounts, Month, &[&str], &[i128]) -> Option<()>;

/// How each table is read back; the segments are not part of the analysis.
static READERS: &[(&TableSpec, Take)] = &[
    (&MARGINALS, |reader, counts, _, keys, values| {
        let layout = reader.layouts.get(keys[0])?;
        let cell = Cell::whole(reader.department(keys[1])?);
        let row = reader.survey(counts, keys[0]).marginals.entry(cell).or_default();
        reader.dense(layout, row, (keys[2], keys[3]), values)
    }),
    (&LINKS, |reader, counts, _, keys, values| {
        let layout = reader.layouts.get(keys[0])?;
        let link = reader.link(keys[1], keys[2], keys[3])?;
        let row = reader.survey(counts, keys[0]).links.entry(link).or_default();
        reader.dense(layout, row, (keys[4], keys[5]), values)
    }),
    (&OUTCOME_LEVELS, |reader, counts, _, keys, values| {
        let outcome = Outcome::ALL.iter().position(|outcome| outcome.code() == keys[3])?;
        let competency = u32::try_from(reader.registers.project.competency(keys[2])?).ok()?;
        let key =
            (reader.department(keys[1])?, competency, i16::try_from(outcome).ok()?, keys[4].parse().ok()?);
        reader.survey(counts, keys[0]).outcome_levels.insert(key, natural(values[0]));
        Some(())
    }),
    (&SERVERS, |reader, counts, _, keys, values| {
        let layout = reader.layouts.get(keys[0])?;
        let link = reader.link(keys[1], keys[2], keys[3])?;
        let server = if keys[4].is_empty() { None } else { Some(*reader.persons.get(keys[4])?) };
        let sums = reader
            .survey(counts, keys[0])
            .servers
            .entry(ClusterKey { link, server })
            .or_insert_with(|| ClusterSums::new(layout));
        if keys[5] == "all" {
            return put(layout, &layout.dimensions, &mut sums.dimensions, (keys[6], keys[7]), values);
        }
        let served = layout.served.iter().position(|&variable| layout.variables[variable].code == keys[5])?;
        put(layout, &layout.served[served..=served], &mut sums.single[served], (keys[6], keys[7]), values)
    }),
    (&BREACHES, |reader, counts, _, keys, values| {
        let layout = reader.layouts.get(keys[0])?;
        let breach = Breach {
            delay: Reverse(keys[3].parse().ok()?),
            commitment: u32::try_from(reader.registers.project.commitment(keys[2])?).ok()?,
            remedied: keys[5] == "1",
        };
        let server = if keys[6].is_empty() { None } else { Some(*reader.persons.get(keys[6])?) };
        let department = reader.department(keys[1])?;
        let key = BreachKey { department, breach, segment: segment_of(keys[4]), server };
        let sums = reader.survey(counts, keys[0]).breaches.entry(key);
        let sums = sums.or_insert_with(|| FamilySums::new(layout.dimensions.len()));
        put(layout, &layout.dimensions, sums, (keys[7], keys[8]), values)
    }),
    (&FAMILIES, |reader, counts, _, keys, values| {
        let layout = reader.layouts.get(keys[0])?;
        let family = layout.families.iter().position(|(name, _)| name == keys[2])?;
        let members = &layout.families[family].1;
        let key = (reader.department(keys[1])?, family);
        let sums = reader
            .survey(counts, keys[0])
            .families
            .entry(key)
            .or_insert_with(|| FamilySums::new(members.len()));
        put(layout, members, sums, (keys[3], keys[4]), values)
    }),
    (&PENALTIES, |reader, counts, _, keys, values| {
        let layout = reader.layouts.get(keys[0])?;
        let overall = layout.overalls.iter().copied().find(|&one| layout.variables[one].code == keys[2])?;
        let names = penalty_names(layout, overall);
        let sums = reader.survey(counts, keys[0]).penalties.entry((reader.department(keys[1])?, overall));
        let sums = sums.or_insert_with(|| FamilySums::new(names.len()));
        let place = |name: &str| names.iter().position(|own| own == name);
        put_at(place, names.len(), sums, (keys[3], keys[4]), values)
    }),
    (&OUTCOMES, |reader, counts, _, keys, values| {
        if keys[0] != WHOLE {
            return None;
        }
        let commitment = u32::try_from(reader.registers.project.commitment(keys[3])?).ok()?;
        let place = OutcomeCounts::NAMES.iter().position(|name| *name == keys[4])?;
        let outcomes = counts
            .commitments
            .outcomes
            .entry((Cell::whole(reader.department(keys[2])?), commitment))
            .or_default();
        let mut all = outcomes.values();
        all[place] += natural(values[0]);
        *outcomes = OutcomeCounts::from_values(all);
        Some(())
    }),
    (&DISTRIBUTIONS, |reader, counts, _, keys, values| {
        let commitment = u32::try_from(reader.registers.project.commitment(keys[1])?).ok()?;
        let measured = [Measured::Duration, Measured::Remedy, Measured::Unremedied, Measured::Value];
        let measured = measured
            .into_iter()
            .find(|one| [false, true].iter().any(|&binned| measured_word(*one, binned) == keys[2]))?;
        let key = (reader.department(keys[0])?, commitment, measured);
        let distribution = counts.commitments.distributions.entry(key).or_insert_with(Distribution::default);
        distribution.binned |= keys[2].ends_with("_binned");
        distribution.counts.insert(keys[3].parse().ok()?, natural(values[0]));
        Some(())
    }),
    (&DAYS, |reader, counts, _, keys, values| {
        let commitment = u32::try_from(reader.registers.project.commitment(keys[1])?).ok()?;
        let day: Day = keys[2].parse().ok()?;
        counts
            .commitments
            .days
            .insert((reader.department(keys[0])?, commitment, day), (natural(values[0]), natural(values[1])));
        Some(())
    }),
    (&CAUSES, |reader, counts, _, keys, values| {
        let project = reader.registers.project;
        let commitment = u32::try_from(project.commitment(keys[1])?).ok()?;
        let cause = match keys[2] {
            "" => None,
            UNKNOWN => Some(UNKNOWN_CAUSE),
            code => Some(u32::try_from(project.causes.position(code)?).ok()?),
        };
        let [n, excused, late, seconds] = [0, 1, 2, 3].map(|place| natural(values[place]));
        let own = CauseCounts { n, excused, late: (late, seconds) };
        counts.commitments.causes.insert((reader.department(keys[0])?, commitment, cause), own);
        Some(())
    }),
    (&RECEIVED, |reader, counts, _, keys, values| {
        let key = ReceivedKey {
            customer: reader.department(keys[0])?,
            commitment: u32::try_from(reader.registers.project.commitment(keys[1])?).ok()?,
            department: reader.department(keys[2])?,
            day: keys[3].parse().ok()?,
        };
        let [kept, breached, open, void] = [0, 1, 2, 3].map(|place| natural(values[place]));
        counts.commitments.received.insert(key, ReceivedCounts { kept, breached, open, void });
        Some(())
    }),
    (&REMEDIES, |reader, counts, _, keys, values| {
        let commitment = u32::try_from(reader.registers.project.commitment(keys[1])?).ok()?;
        let kind = (keys[2] != NOT_REMEDIED).then(|| Remedy::of(keys[2]));
        let own = RemedyCounts::from_values([0, 1, 2, 3].map(|place| natural(values[place])));
        counts.commitments.remedies.insert((reader.department(keys[0])?, commitment, kind), own);
        Some(())
    }),
    (&ASSESSMENTS, |reader, counts, _, keys, values| {
        let key = AssessedKey {
            department: reader.department(keys[0])?,
            quarter: Quarter(keys[1].parse::<Month>().ok()?.quarter().0),
            person: *reader.persons.get(keys[2])?,
            role: keys[3].to_owned(),
            head: keys[4] == "1",
            competency: u32::try_from(reader.registers.project.competency(keys[5])?).ok()?,
            level: keys[6].parse().ok()?,
        };
        counts.assessments.insert(key, natural(values[0]));
        Some(())
    }),
    (&JUDGEMENTS, |reader, counts, _, keys, values| {
        let indicator = if keys[8].is_empty() { None } else { Some(Indicator::parse(keys[8])?) };
        let key = JudgementKey {
            quarter: keys[0].parse::<Month>().ok()?.quarter(),
            department: reader.department(keys[1])?,
            person: *reader.persons.get(keys[2])?,
            role: keys[3].to_owned(),
            head: keys[4] == "1",
            competency: u32::try_from(reader.registers.project.competency(keys[5])?).ok()?,
            relation: Relation::ALL.iter().find(|(code, _)| *code == keys[6])?.1,
            rater: u64::from_str_radix(keys[7], 16).ok()?,
            indicator,
            said: Observation::parse(keys[9])?,
        };
        counts.judgements.insert(key, natural(values[0]));
        Some(())
    }),
    (&INTERVIEWS, |reader, counts, _, keys, values| {
        let book = &reader.registers.project.interviews;
        let [group, competency] = [book.group(keys[1])?, book.competency(keys[4])?];
        let key = InterviewKey {
            person: *reader.persons.get(keys[0])?,
            group: u32::try_from(group).ok()?,
            interview: u128::from_str_radix(keys[2], 16).ok()?,
            coder: u128::from_str_radix(keys[3], 16).ok()?,
            competency: u32::try_from(competency).ok()?,
            level: if keys[5].is_empty() { None } else { Some(keys[5].parse().ok()?) },
        };
        counts.interviews.insert(key, InterviewCounts { n: natural(values[0]), minutes: natural(values[1]) });
        Some(())
    }),
    (&RESULTS, |reader, counts, _, keys, values| {
        let position = u32::try_from(reader.registers.project.result(keys[1])?).ok()?;
        let [denominator, months] = [1, 2].map(|place| natural(values[place]));
        let own = ResultCounts { value: values[0], denominator, months };
        counts.results.insert((reader.department(keys[0])?, position), own);
        Some(())
    }),
    (&TOTALS, |reader, counts, month, keys, values| {
        let department = reader.department(keys[0])?;
        let scaled = |value: i128| value as f64 / BILLION;
        let total = Total {
            id: 0,
            content: 0,
            place: Place { file: 0, line: 0 },
            department,
            month,
            variable: keys[1].to_owned(),
            value: scaled(values[0]),
            n: u64::try_from(values[1]).ok(),
            sd: (values[2] >= 0).then(|| scaled(values[2])),
        };
        counts.totals.insert((department, keys[1].to_owned()), total);
        Some(())
    }),
    (&INVITATIONS, |reader, counts, _, keys, values| {
        counts.response.invitations.insert(contact_cell(reader, keys)?, asked(values));
        Some(())
    }),
    (&CONTACTS, |reader, counts, _, keys, values| {
        counts.response.contacts.insert(contact_cell(reader, keys)?, asked(values));
        Some(())
    }),
    (&RESPONDENTS, |reader, counts, _, keys, values| {
        let layout = reader.layouts.get("client")?;
        let sums = counts.response.scores.entry(contact_cell(reader, keys)?);
        let sums = sums.or_insert_with(|| FamilySums::new(layout.dimensions.len()));
        put(layout, &layout.dimensions, sums, (keys[4], keys[5]), values)
    }),
    (&ANSWERS, |reader, counts, _, keys, values| {
        let own = AnswerCounts::from_values([0, 1, 2, 3, 4].map(|place| natural(values[place])));
        counts.response.answers.insert((reader.department(keys[0])?, Outcome::of(keys[1])), own);
        Some(())
    }),
    (&REOPENED, |reader, counts, _, keys, values| {
        let commitment = u32::try_from(reader.registers.project.commitment(keys[1])?).ok()?;
        let own = Reopened { begun: natural(values[0]), reopened: natural(values[1]) };
        counts.response.reopened.insert((reader.department(keys[0])?, commitment), own);
        Some(())
    }),
];

fn contact_cell(reader: &Reader<'_>, keys: &[&str]) -> Option<ContactCell> {
    let department = reader.department(keys[0])?;
    let outcome = Outcome::of(keys[1]);
    let (segment, channel) = (keys[2].to_owned(), keys[3].to_owned());
    Some(ContactCell { department, served_by: department, outcome, segment, channel })
}

fn asked(values: &[i128]) -> Asked {
    Asked { asked: natural(values[0]), answered: natural(values[1]) }
}

struct Reader<'a> {
    registers: &'a Registers<'a>,
    layouts: &'a BTreeMap<&'a str, Layout>,
    persons: BTreeMap<String, u32>,
}

impl<'a> Reader<'a> {
    fn new(registers: &'a Registers<'a>, layouts: &'a BTreeMap<&'a str, Layout>) -> Self {
        let persons = (0..registers.persons.len()).filter_map(|position| u32::try_from(position).ok());
        Self {
            registers,
            layouts,
            persons: persons.map(|position| (person_word(registers, position), position)).collect(),
        }
    }

    fn survey<'c>(&self, counts: &'c mut MonthCounts, questionnaire: &str) -> &'c mut SurveyCounts {
        counts.surveys.entry(questionnaire.to_owned()).or_default()
    }

    fn department(&self, code: &str) -> Option<u32> {
        u32::try_from(self.registers.project.department(code)?).ok()
    }

    fn link(&self, department: &str, by: &str, class: &str) -> Option<LinkKey> {
        let department = self.department(department)?;
        match by.strip_prefix("level:") {
            None => {
                let class = Outcome::ALL.iter().position(|outcome| outcome.code() == class)?;
                Some(LinkKey { department, by: LinkBy::Outcome, class: i16::try_from(class).ok()? })
            }
            Some(code) => {
                let competency = u32::try_from(self.registers.project.competency(code)?).ok()?;
                Some(LinkKey { department, by: LinkBy::Level(competency), class: class.parse().ok()? })
            }
        }
    }

    fn dense(
        &self,
        layout: &Layout,
        row: &mut Vec<Weighted>,
        (variable, level): (&str, &str),
        values: &[i128],
    ) -> Option<()> {
        let position = layout.position(variable)?;
        row.resize(layout.width, Weighted::default());
        let level = if level.is_empty() { None } else { Some(level.parse().ok()?) };
        row[layout.place(position, level)] = weighted(values);
        Some(())
    }
}
