/*! Which exports say themselves that they are not whole, once all their pages are known. */

use std::collections::BTreeMap;
use std::sync::LazyLock;

use regex::Regex;

use super::sealed::{Sealed, StreamIds};
use super::streams::InputStreams;
use crate::model::coverage::StreamId;
use crate::model::noticed::Noticed;
use crate::model::partial::{Partial, PartialKind};
use crate::scan::Part;

/// The last number in the name of a file: that of its page.
static NUMBER: LazyLock<Regex> =
    LazyLock::new(|| Regex::new(r"^(.*?)(\d+)([^0-9/\\!]*)$").expect("a valid expression"));

/// The pages of one export.
#[derive(Default)]
struct Pages<'p> {
    /// The page with the highest number.
    last: Option<(u64, &'p Part)>,
    records: u64,
    /// How many records were found, by the highest number that a page tells.
    found: u64,
}

pub(super) fn fill(
    sealed: &mut Sealed,
    parts: &[Part],
    ids: &StreamIds,
    input_streams: &InputStreams,
) {
    let mut exports: BTreeMap<(&str, &str), Pages<'_>> = BTreeMap::new();
    let mut by_hour: BTreeMap<(StreamId, i64), Noticed> = BTreeMap::new();
    for part in parts {
        for ((name, hour), notices) in &part.lost {
            let entry = by_hour.entry((ids[name], hour.0));
            entry.and_modify(|sum| sum.join(*notices)).or_insert(*notices);
        }
        let Some(page) = &part.page else { continue };
        let (export, number) = export_of(&part.path);
        let pages = exports.entry(export).or_default();
        pages.records += part.tally.records;
        pages.found = pages.found.max(page.signs.found.unwrap_or(0));
        if pages.last.is_none_or(|(last, _)| number >= last) {
            pages.last = Some((number, part));
        }
    }
    for pages in exports.into_values() {
        let Some((part, page)) = pages.last.and_then(|(_, part)| Some((part, part.page?))) else {
            continue;
        };
        let kind = match page.signs.more {
            true => PartialKind::MorePages,
            false if pages.found > pages.records => PartialKind::Limit,
            false => continue,
        };
        let (streams, at) = (input_streams.of_part(part).to_vec(), (None, page.place));
        sealed.partials.push(Partial { kind, streams, count: 1, first: at, last: at });
    }
    for ((stream, _), Noticed { count, first, last }) in by_hour {
        let (first, last) = ((Some(first.0), first.1), (Some(last.0), last.1));
        let (kind, streams) = (PartialKind::Lost, vec![stream]);
        sealed.partials.push(Partial { kind, streams, count, first, last });
    }
}

/// What is the same in the names of the pages of an export, and the number of this page.
fn export_of(path: &str) -> ((&str, &str), u64) {
    let Some(found) = NUMBER.captures(path) else { return ((path, ""), 0) };
    let group = |group: usize| found.get(group).map_or("", |found| found.as_str());
    ((group(1), group(3)), group(2).parse().unwrap_or(u64::MAX))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::{InputId, Place};
    use crate::scan::{Page, PageSigns};

    fn kinds(pages: &[(&str, bool, Option<u64>)]) -> Vec<PartialKind> {
        let parts: Vec<Part> = pages
            .iter()
            .zip(0..)
            .map(|((path, more, found), input)| {
                let signs = PageSigns { more: *more, found: *found };
                let (input, path) = (InputId(input), (*path).to_owned());
                let mut part = Part { input, path, ..Part::default() };
                part.page = Some(Page { signs, place: Place::default() });
                part.tally.records = 10;
                part
            })
            .collect();
        let mut sealed = Sealed::default();
        let ids = StreamIds::new();
        fill(&mut sealed, &parts, &ids, &InputStreams::of(&parts, &ids, &BTreeMap::new()));
        sealed.partials.iter().map(|partial| partial.kind).collect()
    }

    #[test]
    fn the_last_page_decides() {
        assert_eq!(kinds(&[("a/page-1.json", true, None)]), [PartialKind::MorePages]);
        assert_eq!(kinds(&[("p-1.json", true, None), ("p-2.json", false, None)]), []);
        // The tenth page comes after the ninth.
        assert_eq!(kinds(&[("p-10.json", false, None), ("p-9.json", true, None)]), []);
        let cut = [("p-1.json", true, None), ("p-2.json", true, None)];
        assert_eq!(kinds(&cut), [PartialKind::MorePages]);
        // The pages of another day.
        let days = [("d1/p-1.json", true, None), ("d2/p-2.json", false, None)];
        assert_eq!(kinds(&days), [PartialKind::MorePages]);
    }

    #[test]
    fn fewer_records_than_were_found_is_a_limit() {
        assert_eq!(kinds(&[("q.json", false, Some(11))]), [PartialKind::Limit]);
        assert_eq!(kinds(&[("q.json", false, Some(10))]), []);
        assert_eq!(kinds(&[("q-1.json", false, Some(20)), ("q-2.json", false, Some(20))]), []);
    }
}
