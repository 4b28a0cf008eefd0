/*! `mapping-gap`: a log source goes on as before, and the attempts in it stop: a version of the program may have
 * changed the names in its log.
 */

use super::{Claim, Passes, Rule, SettledBy};
use crate::judge::activity::keep;
use crate::judge::case::Case;
use crate::judge::class::ClassCase;
use crate::judge::coverage::StreamCase;
use crate::judge::{spans, volume_test};
use crate::model::coverage::StreamId;
use crate::model::facts::Activity;
use crate::model::finding::{Cites, Code, Finding, Numbers, Severity, Waivable};
use crate::model::next::Action;
use crate::model::{Duration, Kind, Span, Timestamp};
use crate::wording::{count, number};

/// If a quiet day of the baseline gives fewer attempts in the window than this, their absence shows nothing.
const EXPECTED_MIN: u64 = 10;

pub(crate) static RULE: Rule = Rule {
    code: Code::new("mapping-gap"),
    severity: Severity::Withholds,
    waivable: Waivable::ByClass,
    settled_by: SettledBy::Action(Action::FillIn),
    passes: Passes::Never,
    answers: &[],
    blinds: true,
    fire,
};

/// The rows of a class in a log source, in order of time.
struct StreamRows<'a> {
    tries: Vec<&'a Activity>,
    lookups: Vec<&'a Activity>,
}

/// How many records a log source has in a span, and how many attempts of a class.
#[derive(Clone, Copy, Debug)]
struct Volume {
    length: Duration,
    records: u64,
    tries: u64,
}

impl Volume {
    /// Whether one of two counts is smaller than the other, in the same time.
    fn is_fewer(count: u64, length: Duration, than: u64, of: Duration) -> bool {
        i128::from(count) * i128::from(of.0) < i128::from(than) * i128::from(length.0)
    }

    /// The records that are no attempts.
    fn others(self) -> u64 {
        self.records.saturating_sub(self.tries)
    }

    /// Has this under half of the attempts a record that the other has, in no fewer records? Where there is no attempt
    /// at all, half of the other records are enough to tell that the log source goes on.
    fn is_gap_after(self, day: Self) -> bool {
        let (now, usual) = if self.tries == 0 && day.others() > 0 {
            (2 * self.others(), day.others())
        } else {
            (self.records, day.records)
        };
        let has_half = u128::from(2 * self.tries) * u128::from(day.records)
            >= u128::from(day.tries) * u128::from(self.records);
        !has_half
            && !Self::is_fewer(now, self.length, usual, day.length)
            && Self::is_fewer(self.tries, self.length, day.tries, day.length)
    }

    /// The attempts of a day in that length of time.
    fn expected(self, length: Duration) -> u64 {
        let expected =
            i128::from(self.tries) * i128::from(length.0) / i128::from(self.length.0.max(1));
        u64::try_from(expected).unwrap_or(u64::MAX)
    }
}

fn fire(rule: &Rule, case: &Case) -> Vec<Finding> {
    let findings = case.judged().flat_map(|class| {
        let streams =
            class.streams.iter().filter_map(|id| Some((*id, case.streams.get(id.0 as usize)?)));
        streams.filter_map(move |(id, stream)| of_stream(rule, case, class, (id, stream)))
    });
    findings.collect()
}

fn of_stream<'c>(
    rule: &Rule,
    case: &Case<'c>,
    class: &ClassCase<'c>,
    (id, stream): (StreamId, &StreamCase),
) -> Option<Finding> {
    let in_stream = |rows: &[&'c Activity]| keep(rows, |row| row.stream == id);
    let lookups = keep(&class.rows, |row| row.kind == Kind::Lookup);
    let rows = StreamRows { tries: in_stream(&class.tries), lookups: in_stream(&lookups) };
    let length = case.window.length().min(Duration(24 * Duration::HOUR.0));
    let whole = Span { from: stream.span?.from, to: case.introduced - Duration(1) };
    let days = spans::intersect(&stream.covered, &[whole]);
    let days = days.iter().flat_map(|span| stretches(*span, length));
    let days: Vec<Volume> = days.map(|day| volume(stream, &rows, day)).collect();
    let now = volume(stream, &rows, case.window);
    let quietest = days.iter().min_by_key(|day| day.tries)?;
    let expected = quietest.expected(now.length);
    if expected < EXPECTED_MIN || !days.iter().all(|day| now.is_gap_after(*day)) {
        return None;
    }
    // A new version may write more lines for each attempt: then as many attempts as before are no gap.
    let level = case.level(class);
    let p = volume_test::at_most(now.tries, volume_test::real(expected));
    if p > level {
        return None;
    }
    let name = case.stream_names(&[id]).concat();
    let usual: Vec<_> = class.baseline.last().map(|row| row.last).into_iter().collect();
    let claim = Claim {
        summary: format!(
            "{name} goes on with {} in the window, and only {} of `{}` {} read in it; no day before the change gave \
             fewer than {}",
            count(now.records, "record"),
            count(now.tries, "attempt"),
            class.name(),
            if now.tries == 1 { "is" } else { "are" },
            number(expected)
        ),
        remedy: format!(
            "look at a record of `{}` in the window: where its fields have other names than before, add these to the \
             source's `fields`",
            class.name()
        ),
        cites: Cites::silence(vec![name]).and_rows(usual),
    };
    let numbers = Numbers { n: now.tries, of: now.records, p: Some(p) };
    Some(Finding { numbers: Some(numbers), ..rule.finding(Some(class.id), claim) })
}

/// The volume of a span, its start not included. Records of a class that only pass a version over (a second secret that
/// was tried on one request) are not counted.
fn volume(stream: &StreamCase, rows: &StreamRows<'_>, span: Span) -> Volume {
    let lies_in = |at: Timestamp| span.from < at && at <= span.to;
    let cells = stream.fact.pulse.0.range(span.from.minute()..=span.to).map(|(_, cell)| cell);
    let records: u64 = cells.filter(|cell| lies_in(cell.first)).map(|cell| cell.records).sum();
    let counted = |rows: &[&Activity]| {
        let from = rows.partition_point(|row| row.first.earliest() <= span.from);
        let to = rows.partition_point(|row| row.first.earliest() <= span.to);
        rows[from..to].iter().map(|row| row.count).sum::<u64>()
    };
    Volume {
        length: span.length(),
        records: records.saturating_sub(counted(&rows.lookups)),
        tries: counted(&rows.tries),
    }
}

/// The stretches of that length in the span, in steps of an hour back from its end.
fn stretches(span: Span, length: Duration) -> impl Iterator<Item = Span> {
    let ends = std::iter::successors(Some(span.to), |to| Some(*to - Duration::HOUR));
    ends.map(move |to| Span { from: to - length, to })
        .take_while(move |stretch| stretch.from >= span.from)
}

#[cfg(test)]
mod tests {
    use super::RULE;
    use crate::judge::tests::{World, h, minutes, row};
    use crate::model::decision::Verdict;
    use crate::model::{Kind, When};

    /// A class that used old every hour for two weeks, and new every `every` hours from the change on, in a log source
    /// that records every ten minutes.
    fn since(every: usize) -> World {
        let before = (-336..0)
            .fold(World::new().class("w"), |world, n| world.old("w", "i1", h(n) + minutes(30)));
        let since = (0..96)
            .step_by(every)
            .fold(before, |world, n| world.new_ok("w", "i1", h(n) + minutes(30)));
        // What is no attempt any more is a record all the same.
        since.facts(|facts| {
            for n in (0..96).filter(|n| n % i64::try_from(every).expect("few") != 0) {
                facts.streams[0].pulse.beat(When::exact(h(n) + minutes(30)));
            }
        })
    }

    #[test]
    fn attempts_that_stop_in_a_log_that_goes_on_fire() {
        let finding = since(4).fires(&RULE);
        assert_eq!(finding.numbers.map(|numbers| numbers.n), Some(12));
        assert!(finding.summary.starts_with("w goes on with "), "{}", finding.summary);
        assert_eq!(since(4).verdict(), Verdict::Inconclusive);
        since(3).fires(&RULE);
        // Boundary: half of the attempts of a day is not under half, and a third is.
        since(2).silent(&RULE);
        since(1).silent(&RULE);
    }

    #[test]
    fn a_log_that_stops_too_is_no_gap_in_the_mapping() {
        since(4).hole("w", h(50), h(90)).silent(&RULE);
    }

    #[test]
    fn a_log_without_any_attempt_goes_on_by_its_other_records() {
        // Another log source of the class, with an attempt each hour before the change, and none since.
        let quiet = (-336..0).fold(since(1).stream("us", "w"), |world, n| {
            world.put(row("w").old().stream("us").at(h(n) + minutes(30)))
        });
        let finding = quiet.clone().fires(&RULE);
        assert!(finding.summary.starts_with("us goes on with "), "{}", finding.summary);
        // Half of the other records are enough, and less is not.
        quiet.clone().hole("us", h(49), h(71)).fires(&RULE);
        quiet.hole("us", h(49), h(85)).silent(&RULE);
    }

    #[test]
    fn more_lines_for_as_many_attempts_are_no_gap() {
        // Many times the lines, and an attempt less.
        let hours = (0..96).filter(|n| *n != 60);
        let world = hours.fold(since(97), |world, n| world.new_ok("w", "i1", h(n) + minutes(30)));
        let louder = world.facts(|facts| {
            for n in 0..96 * 30 {
                facts.streams[0].pulse.beat(When::exact(h(0) + minutes(n * 2 + 7)));
            }
        });
        louder.silent(&RULE);
        // A second secret that is tried on each request is read, though it is no attempt.
        let tried = (0..96).fold(since(1), |world, n| {
            world.put(row("w").kind(Kind::Lookup).at(h(n) + minutes(30)))
        });
        tried.silent(&RULE);
    }

    #[test]
    fn a_quiet_day_before_the_change_is_usual() {
        let mut world = World::new().class("w");
        for n in (-336..0).filter(|n| !(-200..-150).contains(n) || n % 4 == 0) {
            world = world.old("w", "i1", h(n) + minutes(30));
        }
        let world =
            (0..96).step_by(4).fold(world, |world, n| world.new_ok("w", "i1", h(n) + minutes(30)));
        world.silent(&RULE);
    }

    #[test]
    fn ten_must_be_expected() {
        World::ready().silent(&RULE);
        let every_five = (-67..0)
            .fold(World::new().class("w"), |world, n| world.old("w", "i1", h(n * 5) + minutes(30)));
        every_five.silent(&RULE);
    }

    #[test]
    fn indirect_and_disabled_classes_are_not_judged() {
        since(4).indirect("w").silent(&RULE);
        since(4).consumer("w", |c| c.disabled = true).silent(&RULE);
    }
}
