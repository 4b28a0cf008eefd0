/*! Which files are one log: the names of streams, once all files are known.
 *
 * A scan of one file names its stream by source, folder and the name of the file without dates, rotation and the like.
 * What else may be left out only all files together tell: a number, if the files with its values follow each other in
 * time (parts of one log; numbered hosts write at the same time), and a random text that differs in every file.
 */

use std::collections::{BTreeMap, BTreeSet};

use crate::model::Span;
use crate::scan::stream::SERIES;
use crate::scan::{Part, StreamName, file_series};

use super::dated_parts;

/// With fewer files than this, a random text may be a name.
const RANDOM_MIN: usize = 3;

/// Files that follow each other overlap at most by this part of the shorter one.
const OVERLAP_SHARE: i64 = 20;

/// For each name of a scan the name of the stream. `None` for a file without a dated record next to others: it has no
/// stream of its own.
pub(super) type StreamNames = BTreeMap<StreamName, Option<StreamName>>;

/// A series of a folder: the parts of its name, and the time of each of its files.
struct FileSeries<'n> {
    name: &'n str,
    words: Vec<&'n str>,
    spans: Vec<Span>,
}

/// The names of all streams.
pub(super) fn resolve(parts: &[Part]) -> StreamNames {
    let numbered = dated_parts::without_numbers(parts);
    let mut folders: BTreeMap<&str, BTreeMap<&str, Vec<Span>>> = BTreeMap::new();
    for part in parts {
        let named = part.claims.iter().map(|(name, _)| name).chain(part.max_gaps.keys());
        let rejected = part.rejects.iter().flat_map(|run| &run.streams);
        for name in named.chain(rejected) {
            let name = numbered.get(name).unwrap_or(name);
            if let Some((folder, series)) = name.split_once(SERIES) {
                folders.entry(folder).or_default().entry(series).or_default();
            }
        }
        for (name, pulse) in &part.pulses {
            let name = numbered.get(name).unwrap_or(name);
            let cells = || pulse.0.values();
            let first = cells().next().map(|cell| cell.first);
            let last = cells().next_back().map(|cell| cell.last);
            if let (Some((folder, series)), Some(from), Some(to)) =
                (name.split_once(SERIES), first, last)
            {
                let spans = folders.entry(folder).or_default().entry(series).or_default();
                spans.push(Span { from, to });
            }
        }
    }
    let mut names = StreamNames::new();
    for (folder, series) in folders {
        let dated: BTreeMap<&str, Vec<Span>> = series
            .iter()
            .filter(|(_, spans)| !spans.is_empty())
            .map(|(&name, spans)| (name, spans.clone()))
            .collect();
        let joined = if dated.is_empty() {
            series.keys().map(|name| (*name, (*name).to_owned())).collect()
        } else {
            joined(&dated)
        };
        let distinct: BTreeSet<&String> = joined.values().collect();
        for name in series.keys() {
            let stream = joined.get(name).map(|series| match distinct.len() {
                1 => folder.to_owned(),
                _ => format!("{folder}·{series}"),
            });
            names.insert(format!("{folder}{SERIES}{name}"), stream);
        }
    }
    for (name, whole) in numbered {
        names.insert(name, names.get(&whole).cloned().flatten());
    }
    // Each series of listings is apart: what one cluster lists says nothing of another.
    for name in parts.iter().flat_map(|part| &part.continuity.snapshots) {
        if let Some((folder, series)) = name.split_once(SERIES) {
            let is_named = !series.is_empty();
            let stream = if is_named { format!("{folder}·{series}") } else { folder.to_owned() };
            names.insert(name.clone(), Some(stream));
        }
    }
    names
}

/// Gives the streams of a part their names.
pub(super) fn rename(part: &mut Part, names: &StreamNames) {
    let renamed = |name: StreamName| match names.get(&name) {
        Some(stream) => stream.clone(),
        None => Some(name),
    };
    for (name, pulse) in std::mem::take(&mut part.pulses) {
        if let Some(name) = renamed(name) {
            part.pulses.entry(name).or_default().join(&pulse);
        }
    }
    for ((name, class, instance), hours) in std::mem::take(&mut part.presence.0) {
        let Some(name) = renamed(name) else { continue };
        let cells = part.presence.0.entry((name, class, instance)).or_default();
        for (hour, cell) in hours {
            cells.entry(hour).and_modify(|joined| joined.join(cell)).or_insert(cell);
        }
    }
    for ((name, stray, pointer, version, hour), markers) in std::mem::take(&mut part.stray_markers)
    {
        let Some(name) = renamed(name) else { continue };
        let entry = part.stray_markers.entry((name, stray, pointer, version, hour));
        entry.and_modify(|sum| sum.join(markers)).or_insert(markers);
    }
    for ((name, hour), notices) in std::mem::take(&mut part.lost) {
        let Some(name) = renamed(name) else { continue };
        part.lost.entry((name, hour)).and_modify(|sum| sum.join(notices)).or_insert(notices);
    }
    part.continuity.rename(&renamed);
    let claims = std::mem::take(&mut part.claims).into_iter();
    part.claims = claims.filter_map(|(name, class)| Some((renamed(name)?, class))).collect();
    let gaps = std::mem::take(&mut part.max_gaps).into_iter();
    part.max_gaps = gaps.filter_map(|(name, gap)| Some((renamed(name)?, gap))).collect();
    part.with_others =
        std::mem::take(&mut part.with_others).into_iter().filter_map(renamed).collect();
    part.within = std::mem::take(&mut part.within).into_iter().filter_map(renamed).collect();
    for run in &mut part.rejects {
        let count = run.streams.len();
        run.streams = std::mem::take(&mut run.streams).into_iter().filter_map(renamed).collect();
        // What lies in a file without a dated record may belong to each log of its folder.
        run.unplaced |= run.streams.len() < count;
    }
    for row in &mut part.reject_rows {
        row.stream = row.stream.take().and_then(renamed);
    }
}

/// For each series of a folder the name of the log that it is a part of.
fn joined<'n>(series: &BTreeMap<&'n str, Vec<Span>>) -> BTreeMap<&'n str, String> {
    let mut shapes: BTreeMap<String, Vec<FileSeries<'n>>> = BTreeMap::new();
    for (name, spans) in series {
        let words: Vec<&str> = words(name).collect();
        let shape: String = name.chars().filter(|text| !is_of_word(*text)).collect();
        let shape = format!("{} {shape}", words.len());
        shapes.entry(shape).or_default().push(FileSeries { name, words, spans: spans.clone() });
    }
    let mut names = BTreeMap::new();
    for files in shapes.into_values() {
        let left_out = left_out(&files);
        names.extend(files.iter().map(|file| (file.name, without(file, &left_out))));
    }
    names
}

fn is_of_word(text: char) -> bool {
    text.is_alphanumeric() || text == file_series::LEFT_OUT
}

fn words(name: &str) -> impl Iterator<Item = &str> {
    name.split(|text| !is_of_word(text)).filter(|word| !word.is_empty())
}

/// The positions of words that differ between files of one log.
fn left_out(files: &[FileSeries<'_>]) -> BTreeSet<usize> {
    let mut left_out = BTreeSet::new();
    let count = files.first().map_or(0, |file| file.words.len());
    for position in (0..count).rev() {
        if files.len() > 1 && (are_parts(files, position, &left_out) || are_random(files, position))
        {
            left_out.insert(position);
        }
    }
    left_out
}

/// Do the files that differ in this word alone follow each other in time?
fn are_parts(files: &[FileSeries<'_>], position: usize, left_out: &BTreeSet<usize>) -> bool {
    if !are_mostly(files, position, has_digit) {
        return false;
    }
    let mut alike: BTreeMap<Vec<&str>, Vec<&FileSeries<'_>>> = BTreeMap::new();
    for file in files {
        let others = file.words.iter().enumerate();
        let others = others.filter(|(at, _)| *at != position && !left_out.contains(at));
        alike.entry(others.map(|(_, word)| *word).collect()).or_default().push(file);
    }
    let mut several = alike.values().filter(|files| files.len() > 1).peekable();
    several.peek().is_some() && several.all(|files| follow_each_other(files, position))
}

/// Files of one value are one log. The logs of different values must not go on at the same time, but for the little by
/// which a writer may rotate late.
fn follow_each_other(files: &[&FileSeries<'_>], position: usize) -> bool {
    let mut spans: BTreeMap<&str, Span> = BTreeMap::new();
    for file in files {
        for span in &file.spans {
            let whole = spans.entry(file.words[position]).or_insert(*span);
            *whole = Span { from: whole.from.min(span.from), to: whole.to.max(span.to) };
        }
    }
    let mut spans: Vec<Span> = spans.into_values().collect();
    spans.sort_unstable();
    spans.windows(2).all(|pair| {
        let shorter = pair[0].length().min(pair[1].length());
        (pair[0].to - pair[1].from).0 * OVERLAP_SHARE <= shorter.0
    })
}

/// Does a text that looks random differ in every file?
fn are_random(files: &[FileSeries<'_>], position: usize) -> bool {
    let values: BTreeSet<&str> = files.iter().map(|file| file.words[position]).collect();
    files.len() >= RANDOM_MIN
        && values.len() == files.len()
        && are_mostly(files, position, looks_random)
}

fn are_mostly(files: &[FileSeries<'_>], position: usize, holds: fn(&str) -> bool) -> bool {
    files.iter().filter(|file| holds(file.words[position])).count() * 2 > files.len()
}

fn has_digit(word: &str) -> bool {
    word.bytes().any(|byte| byte.is_ascii_digit())
}

/// Letters and digits that change at least twice, as in `5w3zd0ax`; `web01` and `v2` are names.
fn looks_random(word: &str) -> bool {
    let kinds: Vec<bool> = word.bytes().map(|byte| byte.is_ascii_digit()).collect();
    word.len() >= 6 && kinds.windows(2).filter(|pair| pair[0] != pair[1]).count() >= 2
}

fn without(file: &FileSeries<'_>, left_out: &BTreeSet<usize>) -> String {
    if left_out.is_empty() {
        return file.name.to_owned();
    }
    let mut name = String::with_capacity(file.name.len());
    let mut rest = file.name;
    for (position, word) in words(file.name).enumerate() {
        let at = rest.find(word).unwrap_or(0);
        name.push_str(&rest[..at]);
        if left_out.contains(&position) {
            name.push(file_series::LEFT_OUT);
        } else {
            name.push_str(word);
        }
        rest = &rest[at + word.len()..];
    }
    name.push_str(rest);
    file_series::cleaned(&name)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::Timestamp;

    /// The logs of these files, each from one minute to another.
    fn logs(files: &[(&'static str, i64, i64)]) -> Vec<String> {
        let mut series: BTreeMap<&str, Vec<Span>> = BTreeMap::new();
        for (name, from, to) in files {
            let span = Span { from: Timestamp(*from), to: Timestamp(*to) };
            series.entry(name).or_default().push(span);
        }
        joined(&series).into_values().collect::<BTreeSet<String>>().into_iter().collect()
    }

    #[test]
    fn numbered_parts_are_one_log_and_numbered_hosts_are_not() {
        let parts = [("part-1.log", 0, 10), ("part-2.log", 10, 20), ("part-3.log", 21, 30)];
        assert_eq!(logs(&parts), ["part.log"]);
        assert_eq!(logs(&[("web-1.log", 0, 30), ("web-2.log", 0, 30)]), ["web-1.log", "web-2.log"]);
        assert_eq!(logs(&[("web01.log", 0, 30), ("web02.log", 5, 20)]), ["web01.log", "web02.log"]);
        // A host that ends while others go on.
        assert_eq!(logs(&[("web-1.log", 0, 30), ("web-2.log", 0, 12)]), ["web-1.log", "web-2.log"]);
    }

    #[test]
    fn one_file_does_not_cover_for_another() {
        let files = [("api.log", 0, 30), ("worker.log", 0, 10), ("cron.log", 10, 20)];
        assert_eq!(logs(&files), ["api.log", "cron.log", "worker.log"]);
        let regions = [("eu-west-1.json", 0, 30), ("us-east-1.json", 0, 10)];
        assert_eq!(logs(&regions), ["eu-west-1.json", "us-east-1.json"]);
    }

    #[test]
    fn a_random_text_in_every_file_is_left_out() {
        let files = [
            ("trail_eu_5w3zd0ax.json", 0, 10),
            ("trail_eu_kq81mz7b.json", 2, 9),
            ("trail_eu_b7c9x2yy.json", 5, 20),
            ("trail_us_z4f6q8ww.json", 0, 10),
            ("trail_us_m2n4b6vv.json", 3, 12),
        ];
        assert_eq!(logs(&files), ["trail_eu.json", "trail_us.json"]);
        assert_eq!(logs(&files[..2]).len(), 2, "two are too few");
        let sequential = [("t_x1.json", 0, 1), ("t_x22.json", 2, 3)];
        assert_eq!(logs(&sequential), ["t.json"]);
    }

    #[test]
    fn partitions_with_numbered_parts_stay_apart() {
        let files = [
            ("topic+0+100.json", 0, 10),
            ("topic+0+200.json", 10, 20),
            ("topic+1+100.json", 0, 10),
            ("topic+1+300.json", 11, 20),
        ];
        assert_eq!(logs(&files), ["topic+0.json", "topic+1.json"]);
    }
}
