//! Days as places on a line.

use jiff::ToSpan;
use jiff::civil::Date;
use serde::Serialize;

/// The months between two marks, from narrow to wide.
const STEPS: [i32; 6] = [1, 3, 6, 12, 24, 60];

/// Marks there may be.
const MARKS: usize = 9;

/// The days that a chart shows.
#[derive(Debug, Clone, Copy)]
pub(super) struct Axis {
    first: Date,
    days: f64,
}

#[derive(Debug, PartialEq, Serialize)]
pub(super) struct Mark {
    /// Hundredths of the line's length.
    pub(super) x: f64,
    pub(super) label: String,
    /// Whether it can be left out where there is little room.
    pub(super) is_minor: bool,
}

impl Axis {
    pub(super) fn new(first: Date, last: Date) -> Self {
        let days = first.until(last).map_or(0, |span| span.get_days());
        Self {
            first,
            days: f64::from(days.max(1)),
        }
    }

    /// Where a day is, in hundredths of the line's length, within it.
    pub(super) fn x(&self, day: Date) -> f64 {
        let days = self.first.until(day).map_or(0, |span| span.get_days());
        let x = f64::from(days) / self.days * 100.0;
        (x.clamp(0.0, 100.0) * 100.0).round() / 100.0
    }

    /// Firsts of months, as many as can be read.
    pub(super) fn marks(&self) -> Vec<Mark> {
        let months = self.days / 30.44;
        let step = STEPS
            .into_iter()
            .find(|step| months / f64::from(*step) <= 8.0)
            .unwrap_or(STEPS[STEPS.len() - 1]);
        let january = self.first.first_of_year();
        let starts = (0..).map_while(|at| january.checked_add((at * step).months()).ok());
        let inside = starts
            .skip_while(|day| *day < self.first)
            .take_while(|day| {
                f64::from(self.first.until(*day).map_or(0, |s| s.get_days())) < self.days * 0.97
            })
            .take(MARKS);
        inside
            .enumerate()
            .map(|(at, day)| Mark {
                x: self.x(day),
                label: if step % 12 == 0 {
                    day.strftime("%Y").to_string()
                } else {
                    day.strftime("%Y-%m").to_string()
                },
                is_minor: at % 2 == 1,
            })
            .collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn marks_are_few_and_stand_where_their_days_are() {
        for (first, last, expected) in [
            (
                "2025-01-01",
                "2025-04-11",
                "2025-01@0 2025-02@31 2025-03@59 2025-04@90",
            ),
            (
                "2024-05-18",
                "2026-11-28",
                "2024-07@4.76 2025-01@24.68 2025-07@44.26 2026-01@64.18 2026-07@83.77",
            ),
            (
                "2014-01-01",
                "2026-11-28",
                "2014@0 2016@15.49 2018@30.99 2020@46.48 2022@61.99 2024@77.47 2026@92.98",
            ),
        ] {
            let axis = Axis::new(first.parse().unwrap(), last.parse().unwrap());
            let marks: Vec<String> = axis
                .marks()
                .iter()
                .map(|mark| format!("{}@{}", mark.label, mark.x))
                .collect();
            assert_eq!(marks.join(" "), expected);
        }
    }
}
