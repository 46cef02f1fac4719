//! Importance-performance map: which drivers to work on, and for which the data do not say.
//!
//! In: importance and performance of each driver with their intervals. Out: quadrants. Deliberately absent: how importance is measured
//! (`importance`, `regression`).

use super::Reason;
use super::importance_bootstrap::Ends;

/// A quantity with its interval.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Located {
    /// The value.
    pub value: f64,
    /// Its interval; nothing where none is known.
    pub ends: Option<Ends>,
}

/// A driver on the map.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Point {
    /// Its importance.
    pub importance: Located,
    /// Its performance.
    pub performance: Located,
}

/// A quadrant of the map, as Martilla and James (1977) call it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Quadrant {
    /// Important and weak.
    ConcentrateHere,
    /// Important and strong.
    KeepUp,
    /// Unimportant and weak.
    LowPriority,
    /// Unimportant and strong.
    PossibleOverkill,
}

impl Quadrant {
    /// Returns its name.
    pub fn name(self) -> &'static str {
        match self {
            Self::ConcentrateHere => "concentrate here",
            Self::KeepUp => "keep up the good work",
            Self::LowPriority => "low priority",
            Self::PossibleOverkill => "possible overkill",
        }
    }
}

/// Where the lines of the map lie.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Lines {
    /// Importance from which on a driver is important.
    pub importance: f64,
    /// Performance from which on it is strong.
    pub performance: f64,
}

/// Returns lines at the means of the drivers, that of performance at `target` where one is given. Undefined: too few without drivers.
pub fn lines(points: &[Point], target: Option<f64>) -> Result<Lines, Reason> {
    if points.is_empty() {
        return Err(Reason::TooFew);
    }
    let mean = |value: fn(&Point) -> f64| points.iter().map(value).sum::<f64>() / points.len() as f64;
    let performance = target.unwrap_or_else(|| mean(|point| point.performance.value));
    Ok(Lines { importance: mean(|point| point.importance.value), performance })
}

/// Returns the quadrant of a driver; a value on a line counts as above it.
pub fn quadrant(point: &Point, lines: &Lines) -> Quadrant {
    let (important, strong) =
        (point.importance.value >= lines.importance, point.performance.value >= lines.performance);
    match (important, strong) {
        (true, false) => Quadrant::ConcentrateHere,
        (true, true) => Quadrant::KeepUp,
        (false, false) => Quadrant::LowPriority,
        (false, true) => Quadrant::PossibleOverkill,
    }
}

/// Returns whether neither line crosses the driver's intervals, so that its quadrant is more than chance; not without intervals.
pub fn is_decided(point: &Point, lines: &Lines) -> bool {
    let clear = |located: &Located, line: f64| {
        located.ends.is_some_and(|ends| ends.lower >= line || ends.upper < line)
    };
    clear(&point.importance, lines.importance) && clear(&point.performance, lines.performance)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn point(importance: f64, performance: f64, half: f64) -> Point {
        let located =
            |value: f64| Located { value, ends: Some(Ends { lower: value - half, upper: value + half }) };
        Point { importance: located(importance), performance: located(performance) }
    }

    #[test]
    fn points_near_a_line_are_undecided() {
        let points = [point(0.1, 40.0, 0.05), point(0.5, 80.0, 0.05), point(0.3, 62.0, 0.05)];
        let lines = lines(&points, Some(60.0)).expect("defined");
        assert!((lines.importance - 0.3).abs() < 1e-15);
        let names: Vec<&str> = points.iter().map(|point| quadrant(point, &lines).name()).collect();
        assert_eq!(names[..2], ["low priority", "keep up the good work"]);
        assert_eq!(points.map(|point| is_decided(&point, &lines)), [true, true, false]);
    }

    #[test]
    fn hard_cases_say_why() {
        assert_eq!(lines(&[], None), Err(Reason::TooFew));
        let bare = Point { importance: Located { value: 1.0, ends: None }, ..point(0.0, 0.0, 1.0) };
        let alone = lines(&[bare], None).expect("defined");
        assert_eq!((quadrant(&bare, &alone), is_decided(&bare, &alone)), (Quadrant::KeepUp, false));
    }
}
