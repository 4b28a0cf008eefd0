/*! Files of one log that have a number behind their date: `app-2026-03-01.1.log`, `app-2026-03-01.2.log`.
 *
 * The number counts the parts of a day and begins anew each day. So the files with one number lie between those with
 * another, and only file by file it shows that they follow each other. A number elsewhere in a name may be that of a
 * host.
 */

use std::collections::{BTreeMap, BTreeSet};
use std::sync::LazyLock;

use regex::Regex;

use crate::model::Span;
use crate::scan::stream::SERIES;
use crate::scan::{Part, StreamName, file_series};

/// Files that follow each other overlap at most by this part of the shorter one.
const OVERLAP_SHARE: i64 = 20;

/// A number between the date and the ending of a name.
static NUMBERED: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(
        r"(?x)(?:19|20)\d\d[-_.]?[01]\d[-_.]?[0-3]\d(?:[-_.T\x20]?[0-2]\d(?:[-_.:h]?[0-5]\d){0,2}Z?)?
          [-_.](?:part|p)?[-_.]?(?<number>\d{1,4})(?:\.[A-Za-z][A-Za-z0-9]*)*$",
    )
    .expect("a valid expression")
});

/// What is known of the files that one scanned name stands for.
#[derive(Default)]
struct NamedFiles<'p> {
    spans: Vec<Span>,
    instances: BTreeSet<&'p str>,
}

/// For each scanned name with such a number the name without it, where the files follow each other. Files without a
/// number have that name already.
pub(super) fn without_numbers(parts: &[Part]) -> BTreeMap<StreamName, StreamName> {
    let mut without: BTreeMap<StreamName, BTreeSet<&StreamName>> = BTreeMap::new();
    for part in parts {
        let Some(number) = number(&part.path) else { continue };
        for name in part.pulses.keys().chain(part.claims.iter().map(|(name, _)| name)) {
            if let Some(base) = without_number(name, number) {
                without.entry(base).or_default().insert(name);
            }
        }
    }
    let mut renamed = BTreeMap::new();
    for (base, numbered) in without {
        let mut files: BTreeMap<&str, NamedFiles<'_>> = BTreeMap::new();
        let mut has_whole = false;
        for part in parts {
            has_whole |= part.pulses.contains_key(&base);
            for (name, pulse) in part.pulses.iter().filter(|(name, _)| numbered.contains(name)) {
                let known = files.entry(name).or_default();
                let ends = pulse.0.values().next().zip(pulse.0.values().next_back());
                known.spans.extend(ends.map(|(from, to)| Span { from: from.first, to: to.last }));
                let present = part.presence.0.keys().filter(|(of, ..)| of == name);
                let named = present.map(|(.., instance)| instance.as_str());
                known.instances.extend(named.filter(|instance| !instance.is_empty()));
            }
        }
        let are_several = files.len() > 1 || has_whole;
        let are_apart = files.len() > 1 && are_of_other_instances(&files);
        if are_several && !are_apart && follow_each_other(&files) {
            renamed.extend(numbered.into_iter().map(|name| (name.clone(), base.clone())));
        }
    }
    renamed
}

/// The number behind the date in the name of a file.
fn number(path: &str) -> Option<&str> {
    let name = path.rsplit(['/', '\\', '!']).next()?;
    Some(NUMBERED.captures(name)?.name("number")?.as_str())
}

/// The name of a stream without the last word that is this number.
fn without_number(name: &str, number: &str) -> Option<StreamName> {
    let (folder, series) = name.split_once(SERIES)?;
    let is_end = |next: Option<char>| next.is_none_or(|next| !next.is_alphanumeric());
    let (at, _) = series.rmatch_indices(number).find(|(at, _)| {
        is_end(series[..*at].chars().next_back())
            && is_end(series[at + number.len()..].chars().next())
    })?;
    let after = &series[at + number.len()..];
    let marked = format!("{}{}{after}", &series[..at], file_series::LEFT_OUT);
    Some(format!("{folder}{SERIES}{}", file_series::cleaned(&marked)))
}

/// No file goes on while one of another name does, but for the little by which a writer may rotate late.
fn follow_each_other(files: &BTreeMap<&str, NamedFiles<'_>>) -> bool {
    let spans =
        files.iter().flat_map(|(name, known)| known.spans.iter().map(move |span| (*span, *name)));
    let mut spans: Vec<(Span, &str)> = spans.collect();
    spans.sort_unstable();
    let is_free = |earlier: &Span, later: &Span| {
        let shorter = earlier.length().min(later.length());
        (earlier.to - later.from).0 * OVERLAP_SHARE <= shorter.0
    };
    // The latest end so far, and the latest of another name.
    let mut latest: [Option<(Span, &str)>; 2] = [None, None];
    for (span, name) in spans {
        let mut others = latest.iter().flatten().filter(|(_, of)| *of != name);
        if !others.all(|(earlier, _)| is_free(earlier, &span)) {
            return false;
        }
        let is_later = latest[0].is_none_or(|(first, _)| span.to >= first.to);
        match latest[0] {
            Some((_, of)) if is_later && of != name => latest = [Some((span, name)), latest[0]],
            _ if is_later => latest[0] = Some((span, name)),
            Some((_, of))
                if of != name && latest[1].is_none_or(|(second, _)| span.to > second.to) =>
            {
                latest[1] = Some((span, name));
            }
            _ => {}
        }
    }
    true
}

/// Do the files of each name show instances that those of no other name show? Then the number is that of a host.
fn are_of_other_instances(files: &BTreeMap<&str, NamedFiles<'_>>) -> bool {
    let mut seen: BTreeSet<&str> = BTreeSet::new();
    files.values().all(|known| {
        let is_other = !known.instances.is_empty() && known.instances.is_disjoint(&seen);
        seen.extend(&known.instances);
        is_other
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::Timestamp;

    fn follow(files: &[(&'static str, i64, i64)]) -> bool {
        let mut known: BTreeMap<&str, NamedFiles<'_>> = BTreeMap::new();
        for (name, from, to) in files {
            let span = Span { from: Timestamp(*from), to: Timestamp(*to) };
            known.entry(name).or_default().spans.push(span);
        }
        follow_each_other(&known)
    }

    #[test]
    fn the_number_stands_between_date_and_ending() {
        let named = |path: &str| number(path).map(str::to_owned);
        for path in
            ["a/app-2026-03-01.1.log", "app-20260301T101500.1.jsonl.gz", "app_2026-03-01_part1.log"]
        {
            assert_eq!(named(path).as_deref(), Some("1"), "{path}");
        }
        for path in
            ["app-1-2026-03-01.log", "web-1.log", "app-2026-03-01.log", "2026-03-01/web-1.log"]
        {
            assert_eq!(named(path), None, "{path}");
        }
        let base = |series: &str| without_number(&format!("json:logs{SERIES}{series}"), "1");
        assert_eq!(base("app.1.log"), Some(format!("json:logs{SERIES}app.log")));
        assert_eq!(base("app.12.log"), None);
    }

    #[test]
    fn parts_of_days_follow_each_other() {
        assert!(follow(&[("1", 0, 10), ("2", 10, 20), ("1", 21, 30), ("2", 30, 40), ("", 41, 50)]));
        assert!(!follow(&[("1", 0, 20), ("2", 10, 30)]), "they go on at the same time");
        assert!(!follow(&[("1", 0, 90), ("1", 10, 20), ("2", 21, 30)]), "within a longer one");
        assert!(!follow(&[("1", 0, 90), ("2", 90, 95), ("3", 20, 30)]));
    }
}
