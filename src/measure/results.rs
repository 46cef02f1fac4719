//! Measures of business results, from published totals.

use super::Context;
use super::commitments::fact;
use crate::count::{MonthCounts, RESULT_SCALE};
use crate::project::ResultKind;
use crate::stats::Figure;
use crate::stats::Reason;
use crate::stats::proportion::wilson;

/// Computes a result of a department.
///
/// A ratio is Σ value / Σ denominator with Wilson's interval, its rows taken as independent, over several months as the mean month's ratio;
/// an amount is Σ value / Σ denominator, else Σ value / months, and has no interval: a total tells nothing of what varies behind it.
/// Undefined: a gap where nothing was published, too few where the denominator is 0.
pub(super) fn measure(context: &Context<'_>, counts: &MonthCounts, code: &str, department: u32) -> Figure {
    let position = context.project.result(code).ok_or(Reason::NotMeasured)?;
    let result = &context.project.results[position];
    let place = u32::try_from(position).map_err(|_| Reason::NotMeasured)?;
    let own = counts.results.get(&(department, place)).ok_or(Reason::Gap)?;
    let value = own.value as f64 / RESULT_SCALE;
    let by = if result.needs_denominator() { own.denominator } else { own.months };
    match result.kind {
        _ if by == 0 => Err(Reason::TooFew),
        ResultKind::Ratio => wilson(value, by as f64, by as f64),
        ResultKind::Amount => Ok(fact(value / by as f64, by)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::count::ResultCounts;
    use crate::measure::{Code, WHOLE, merge, roll_up};
    use crate::month::Month;
    use crate::project::sample::project;
    use crate::project::{BusinessResult, Project, Text};

    fn bank() -> Project {
        let result = |code: &str, kind, per: Option<&str>| BusinessResult {
            code: code.into(),
            name: Text::plain(code),
            unit: Text::default(),
            per: per.map(Text::plain),
            kind,
            higher_is_better: true,
        };
        let results = vec![
            result("stayed", ResultKind::Ratio, None),
            result("funds", ResultKind::Amount, Some("customer")),
            result("sold", ResultKind::Amount, None),
        ];
        Project { results, ..project() }
    }

    /// A month of two departments: 0 and 1.
    fn month(values: [[(i128, u64); 3]; 2]) -> MonthCounts {
        let mut counts = MonthCounts::default();
        for (department, own) in (0..).zip(values) {
            for (result, (value, denominator)) in (0..).zip(own) {
                let value = value * RESULT_SCALE as i128;
                counts.results.insert((department, result), ResultCounts { value, denominator, months: 1 });
            }
        }
        counts
    }

    #[test]
    fn months_and_departments_add_up() {
        let project = bank();
        let context = Context::new(&project, Default::default());
        let first = month([[(90, 100), (400, 100), (7, 0)], [(0, 0), (30, 10), (5, 0)]]);
        let second = month([[(80, 100), (500, 100), (9, 0)], [(9, 10), (50, 10), (1, 0)]]);
        let both = merge([&first, &second]);
        let whole = roll_up(&both, |_| Some(WHOLE));
        let measure = |counts: &MonthCounts, code: &str, department| {
            let code = Code::parse(&format!("result:{code}")).unwrap();
            let figure = super::super::measure(&context, counts, &code, department, Month::new(2026, 1));
            figure.map(|one| (one.value, one.n, one.lower.is_some()))
        };
        assert_eq!(measure(&first, "stayed", 0), Ok((0.9, 100, true)));
        assert_eq!(measure(&first, "stayed", 1), Err(Reason::TooFew));
        assert_eq!(measure(&both, "stayed", 0), Ok((0.85, 200, true)));
        assert_eq!(measure(&both, "funds", 0), Ok((4.5, 200, false)));
        assert_eq!(measure(&both, "sold", 0), Ok((8.0, 2, false)));
        // 7 + 9 + 5 + 1 over two months of the whole.
        assert_eq!(measure(&whole, "sold", WHOLE), Ok((11.0, 2, false)));
        assert_eq!(measure(&whole, "stayed", WHOLE), Ok((179.0 / 210.0, 210, true)));
        assert_eq!(measure(&first, "stayed", 2), Err(Reason::Gap));
        assert_eq!(measure(&first, "gone", 0), Err(Reason::NotMeasured));
    }
}
