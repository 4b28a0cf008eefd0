/*! `old-read-in-window`: somebody was handed the old version inside the window, and fails when it goes. */

use super::{Claim, Passes, Rule, SettledBy};
use crate::judge::activity::{self, keep};
use crate::judge::case::Case;
use crate::judge::class::ClassCase;
use crate::judge::coverage;
use crate::judge::phrases;
use crate::judge::report_parts::match_line;
use crate::judge::rhythm::{self, Gap};
use crate::judge::spans;
use crate::wording::{count, length_up, span, times};

use crate::model::facts::Activity;
use crate::model::finding::{Cites, Code, Finding, Severity, Waivable};
use crate::model::next::{Action, Item};
use crate::model::reads::UndeclaredReader;
use crate::model::{At, Duration, Span};

/// At most this many readers have a finding of their own. One more finding counts the rest.
const READERS_MAX: usize = 200;

pub(crate) static RULE: Rule = Rule {
    code: Code::new("old-read-in-window"),
    severity: Severity::Blocks,
    waivable: Waivable::ByMatchOnly,
    settled_by: SettledBy::OfEither { class: Action::MoveToNew, rotation: Action::DeclareClass },
    passes: Passes::If(passes),
    answers: &[Item::NoOldUseInWindow],
    blinds: false,
    fire,
};

/// As for old use: waiting helps a class that was seen on the new version since.
fn passes(_: &Case, class: &ClassCase) -> bool {
    !class.consumer.disabled && class.fresh.is_some()
}

fn fire(rule: &Rule, case: &Case) -> Vec<Finding> {
    let classes = case.classes.iter().filter_map(|class| {
        let reads = of_class(class);
        let finding = rule.finding(Some(class.id), claim(case, class, &reads)?);
        Some(Finding { total: activity::count(&reads), ..finding })
    });
    let late: Vec<&UndeclaredReader> =
        case.facts.undeclared_reads.iter().filter(|reader| is_too_late(case, reader)).collect();
    let (named, rest) = late.split_at(late.len().min(READERS_MAX));
    let named = named.iter().filter_map(|reader| {
        let finding = rule.finding(None, reader_claim(case, reader)?);
        Some(Finding { total: reader.since, hints: reader.hints.clone(), ..finding })
    });
    let rest = rest_claim(rest).map(|claim| {
        let total = rest.iter().map(|reader| reader.since).sum();
        Finding { total, waivable: Waivable::Never, ..rule.finding(None, claim) }
    });
    classes.chain(named).chain(rest).collect()
}

/// Reads of the class since the change, in the window or after the report's instant.
fn of_class<'a>(class: &ClassCase<'a>) -> Vec<&'a Activity> {
    let rows: Vec<&Activity> = class.old_reads.iter().chain(&class.after).copied().collect();
    keep(&rows, |row| {
        activity::is_old_read(row)
            && row.last.latest() >= class.times.introduced
            && class.is_late_old(row)
    })
}

fn claim(case: &Case, class: &ClassCase, reads: &[&Activity]) -> Option<Claim> {
    let name = class.name();
    Some(Claim {
        summary: format!(
            "`{name}` was handed {} {}, {}{}: it fails when that version goes",
            phrases::versions(case, reads),
            times(activity::count(reads)),
            phrases::between(reads),
            phrases::on(reads),
        ),
        remedy: format!(
            "let `{name}` read the current version, not one by its number or by a stage such as the previous one, then \
             wait for {} of logged time without such a read",
            length_up(class.silence.needed)
        ),
        cites: phrases::cites(reads)?,
    })
}

/// Is its last read in the window or later, or has it been silent for less time than it needs?
fn is_too_late(case: &Case, reader: &UndeclaredReader) -> bool {
    let Some(last) = reader.last.map(At::latest) else { return false };
    let skews = reader.streams.iter().map(|stream| case.clocks().of(*stream));
    let start = case.window.from - skews.max().unwrap_or_default();
    last >= start || own_need(case, reader).is_none_or(|needed| silence(case, reader) < needed)
}

/// How long it must be silent, by its own rhythm. `None` if a single run shows none.
fn own_need(case: &Case, reader: &UndeclaredReader) -> Option<Duration> {
    let pauses = reader.hours.windows(2).map(|pair| Gap {
        length: pair[1].from - pair[0].to,
        is_since: pair[1].from >= case.introduced,
    });
    let pauses: Vec<Gap> = pauses.filter(|pause| pause.length > Duration::ZERO).collect();
    Some(rhythm::of_member(&pauses)?.needed.max(case.plan.rotation.window))
}

/// For how long its log sources recorded without a read by it.
fn silence(case: &Case, reader: &UndeclaredReader) -> Duration {
    let Some(from) = reader.last.map(At::latest) else { return Duration::ZERO };
    let streams = reader.streams.iter().filter_map(|id| case.streams.get(id.0 as usize));
    let covered = coverage::common(streams.map(|stream| (stream, Vec::new())));
    spans::length_within(&covered, Span { from, to: case.as_of })
}

fn reader_claim(case: &Case, reader: &UndeclaredReader) -> Option<Claim> {
    let (first, last) = (reader.first?, reader.last?);
    let line = match_line(&reader.hints);
    let until = own_need(case, reader).map_or_else(
        || "it was seen reading once, so nobody knows when it reads again".to_owned(),
        |needed| format!("it must be silent for {} of logged time", length_up(needed)),
    );
    Some(Claim {
        summary: format!(
            "somebody who is not in the plan was handed {} {} since the change at {}, {}: {line} ({until})",
            phrases::of_state(case, crate::model::VersionState::Old, "or"),
            times(reader.since),
            case.introduced,
            span(first.earliest(), last.latest()),
        ),
        remedy: if reader.hints.is_empty() {
            "find out from the cited records who reads it, and map a field that shows it".to_owned()
        } else {
            format!(
                "find its owner and declare it as a consumer with `match = [{line}]`; if it is a backup of the store or \
                 the rotation's own check, waive this rule for it by `match`"
            )
        },
        cites: Cites::rows(first, [last]),
    })
}

/// One finding for all readers past the limit.
fn rest_claim(rest: &[&UndeclaredReader]) -> Option<Claim> {
    let mut cited = rest.iter().filter_map(|reader| reader.first);
    let reads: u64 = rest.iter().map(|reader| reader.since).sum();
    Some(Claim {
        summary: format!(
            "{} who are not in the plan were handed the old version since the change, {} in all",
            count(rest.len() as u64, "more reader"),
            times(reads),
        ),
        remedy: "declare the readers that the other findings name, and run the report again"
            .to_owned(),
        cites: Cites::rows(cited.next()?, cited),
    })
}

#[cfg(test)]
mod tests {
    use super::RULE;
    use crate::judge::rules::window_too_short;
    use crate::judge::tests::{RowBuilder, World, cited, h, hours, minutes, row};
    use crate::model::coverage::StreamId;
    use crate::model::decision::Verdict;
    use crate::model::finding::Severity;
    use crate::model::reads::UndeclaredReader;
    use crate::model::{Duration, Kind, Span, Timestamp};

    fn read(at: Timestamp) -> RowBuilder {
        row("w").old().kind(Kind::Refresh).on("i1").at(at)
    }

    /// Somebody who reads the old version at these times.
    fn reader(times: &[Timestamp]) -> World {
        let mut world = World::ready();
        let cited: Vec<_> = times.iter().map(|at| world.cite(*at)).collect();
        let since: Vec<_> = cited.iter().copied().filter(|at| at.earliest() >= h(0)).collect();
        world.facts(|facts| {
            facts.undeclared_reads.push(UndeclaredReader {
                hints: vec![("principal", "etl".into())],
                since: since.len() as u64,
                first: since.first().copied(),
                last: since.last().copied(),
                hours: times.iter().map(|at| Span { from: *at, to: *at }).collect(),
                streams: [StreamId(0)].into(),
            });
        })
    }

    #[test]
    fn a_read_of_the_old_version_fires() {
        let finding = World::ready().put(read(h(60))).put(read(h(70))).fires(&RULE);
        assert_eq!(
            finding.summary,
            "`w` was handed `v1` twice, from 2026-03-04T21:00:00Z to 2026-03-05T07:00:00Z on i1: it fails when that version goes"
        );
        assert_eq!((finding.severity, finding.total), (Severity::Blocks, 2));
        assert_eq!(cited(&finding), [h(60), h(70)]);
        World::ready().silent(&RULE);
    }

    #[test]
    fn the_window_begins_earlier_by_as_much_as_the_clock_may_be_off() {
        // Boundary: at the start of the window with its margin, and a microsecond before it.
        World::ready().put(read(h(48) - minutes(1))).fires(&RULE);
        World::ready().put(read(h(48) - minutes(1) - Duration(1))).silent(&RULE);
        World::ready().put(read(h(96) + hours(1))).fires(&RULE);
        // Before the change, every reader is handed the old version.
        let early = |at| World::ready().judged_at(h(2)).put(read(at));
        early(h(0)).fires(&RULE);
        early(h(0) - Duration(1)).silent(&RULE);
    }

    #[test]
    fn only_a_read_that_names_or_returns_the_old_version_counts() {
        let put = |row: RowBuilder| World::ready().put(row);
        put(read(h(60)).derived()).fires(&RULE);
        put(read(h(60)).ambiguous()).fires(&RULE);
        put(read(h(60)).inferred()).silent(&RULE);
        put(read(h(60)).denied()).silent(&RULE);
        put(read(h(60)).unversioned()).silent(&RULE);
        put(row("w").kind(Kind::Refresh).at(h(60))).silent(&RULE);
        put(read(h(60)).kind(Kind::Declare)).silent(&RULE);
    }

    #[test]
    fn an_undeclared_reader_fires_until_it_is_silent_by_its_own_rhythm() {
        let finding = reader(&[h(-20), h(40), h(60)]).fires(&RULE);
        assert_eq!(
            finding.summary,
            "somebody who is not in the plan was handed `v1` twice since the change at 2026-03-02T09:00:00Z, from 2026-03-04T01:00:00Z to 2026-03-04T21:00:00Z: { principal = \"etl\" } (it must be silent for 3 d 18 h of logged time)"
        );
        assert_eq!((finding.class, finding.hints.len(), finding.total), (None, 1, 2));
        // Reads 40 h apart ask for 60 h of silence, and the window has 48.
        reader(&[h(-4), h(36)]).silent(&RULE);
        reader(&[h(-4), h(36) + Duration(1)]).fires(&RULE);
        // From three pauses on, chance is taken into account unless they are a schedule.
        reader(&[h(-9), h(-6), h(-3), h(0)]).silent(&RULE);
        reader(&[h(-30), h(-12), h(-9), h(1)]).fires(&RULE);
        // One read has no rhythm.
        reader(&[h(1)]).fires(&RULE);
        // Nobody knows what it did in a hole.
        reader(&[h(-4), h(36)]).hole("w", h(50), h(52)).fires(&RULE);
        reader(&[h(-4), h(-2)]).silent(&RULE);
        assert_eq!(reader(&[h(60)]).verdict(), Verdict::NotReady);
    }

    #[test]
    fn a_read_begins_the_silence_anew() {
        // It used old up to the change, and was handed the old version once more at `h(20)`.
        let world = World::ready().put(read(h(20)));
        assert_eq!(world.decide().classes[0].silence.elapsed, hours(76));
        let finding = world.judged_at(h(67)).fires(&window_too_short::RULE);
        assert!(
            finding.summary.contains(
                " since it was last handed the old version at 2026-03-03T05:00:00Z, and must be"
            ),
            "{}",
            finding.summary
        );
    }

    #[test]
    fn past_two_hundred_one_more_finding_counts_the_rest() {
        let mut world = reader(&[h(60)]);
        let one = world.facts.undeclared_reads[0].clone();
        world.facts.undeclared_reads = vec![one; 203];
        let findings = world.findings_of(&RULE);
        assert_eq!(findings.len(), 201);
        assert_eq!((findings[200].total, findings[200].waivable.is_waivable()), (3, false));
    }
}
