/*! Streams, presence, rejects and inputs of all parts together. The order of the parts does not change the result. */

use std::collections::{BTreeMap, BTreeSet};

use crate::model::coverage::{Cell, Present, RejectRun, StreamId, Tally};
use crate::model::facts;
use crate::model::link::{Link, LinkKind};
use crate::model::noticed::Noticed;
use crate::model::{ClassId, Duration, InputId, Span, Timestamp};
use crate::scan::{Part, RejectedRun, StreamName};

use super::sealed::{PresenceSpan, Sealed, StreamIds};
use super::series;

fn ids_of<'n>(ids: &StreamIds, names: impl IntoIterator<Item = &'n StreamName>) -> Vec<StreamId> {
    names.into_iter().filter_map(|name| ids.get(name).copied()).collect()
}

/// The streams of each input; if it has none of its own, those of the inputs in its folder. A copy has those of its
/// original.
pub(super) struct InputStreams(BTreeMap<InputId, Vec<StreamId>>);

impl InputStreams {
    pub(super) fn of(parts: &[Part], ids: &StreamIds, copies: &BTreeMap<InputId, InputId>) -> Self {
        let mut in_folder: BTreeMap<&str, Vec<StreamId>> = BTreeMap::new();
        for (name, id) in ids {
            if let Some((_, folder)) = name.split_once(':') {
                // What follows tells the log sources of one folder apart.
                let folder = folder.split('·').next().unwrap_or_default();
                in_folder.entry(folder).or_default().push(*id);
            }
        }
        let streams = parts.iter().map(|part| {
            let own: BTreeSet<&StreamName> = part
                .pulses
                .keys()
                .chain(part.claims.iter().map(|(name, _)| name))
                .chain(part.max_gaps.keys())
                .chain(&part.within)
                .chain(&part.continuity.snapshots)
                .collect();
            let streams = if own.is_empty() {
                in_folder.get(part.folder.as_str()).cloned().unwrap_or_default()
            } else {
                ids_of(ids, own)
            };
            (part.input, streams)
        });
        let mut streams: BTreeMap<InputId, Vec<StreamId>> = streams.collect();
        for (copy, original) in copies {
            streams.insert(*copy, streams[original].clone());
        }
        Self(streams)
    }

    pub(super) fn of_part(&self, part: &Part) -> &[StreamId] {
        &self.0[&part.input]
    }
}

pub(super) fn fill(sealed: &mut Sealed, parts: &[Part], ids: &StreamIds, streams: &InputStreams) {
    sealed.streams = ids
        .keys()
        .map(|name| facts::Stream { name: name.clone(), ..facts::Stream::default() })
        .collect();
    for part in parts {
        let claimed = part.claims.iter().map(|(name, class)| (name, *class));
        let present = part.presence.0.keys().map(|(name, class, _)| (name, *class));
        for (name, class) in claimed.chain(present) {
            sealed.streams[ids[name].0 as usize].carries.push(class);
        }
        for name in &part.with_others {
            sealed.streams[ids[name].0 as usize].holds_others = true;
        }
        for name in &part.continuity.snapshots {
            sealed.streams[ids[name].0 as usize].is_snapshot = true;
        }
        for (name, gap) in &part.max_gaps {
            sealed.streams[ids[name].0 as usize].max_gap = Some(*gap);
        }
        for (name, pulse) in &part.pulses {
            sealed.streams[ids[name].0 as usize].pulse.join(pulse);
        }
        for id in streams.of_part(part) {
            let stream = &mut sealed.streams[id.0 as usize];
            stream.inputs.push(part.input);
            stream.breaks.extend(part.damage.iter().filter_map(|damage| damage.after));
        }
    }
    let by_input: BTreeMap<InputId, &Part> = parts.iter().map(|part| (part.input, part)).collect();
    for stream in &mut sealed.streams {
        stream.carries.sort_unstable();
        stream.carries.dedup();
        stream.breaks.sort_unstable();
        // A copy is no member of a series.
        let files = stream.inputs.iter().map(|input| by_input[input]);
        let files = files.filter(|part| !part.pulses.is_empty());
        stream.missing = series::missing(files.map(|part| (part.path.as_str(), part.span)));
    }
}

pub(super) fn presence(sealed: &mut Sealed, parts: &[Part], ids: &StreamIds) {
    let mut instances: BTreeMap<(StreamId, ClassId, &str), BTreeMap<Timestamp, Cell>> =
        BTreeMap::new();
    for part in parts {
        for ((name, class, instance), hours) in &part.presence.0 {
            let cells = instances.entry((ids[name], *class, instance)).or_default();
            for (hour, cell) in hours {
                cells.entry(*hour).and_modify(|joined| joined.join(*cell)).or_insert(*cell);
            }
        }
    }
    for ((stream, class, instance), hours) in instances {
        let instance = (!instance.is_empty()).then(|| instance.to_owned());
        let from = hours.values().map(|cell| cell.first).min();
        let to = hours.values().map(|cell| cell.last).max();
        if let (Some(from), Some(to)) = (from, to) {
            let (instance, span) = (instance.clone(), Span { from, to });
            let present = Present { class, instance, span };
            sealed.streams[stream.0 as usize].present.push(present);
        }
        let mut open: Option<PresenceSpan> = None;
        for cell in hours.into_values() {
            match &mut open {
                Some(span) if cell.first - span.to < Duration::HOUR => {
                    span.to = span.to.max(cell.last);
                    span.records += cell.records;
                }
                _ => {
                    let (from, to, records) = (cell.first, cell.last, cell.records);
                    let instance = instance.clone();
                    let next = PresenceSpan { stream, class, instance, from, to, records };
                    sealed.presence.extend(open.replace(next));
                }
            }
        }
        sealed.presence.extend(open);
    }
}

pub(super) fn rejects<'p>(
    sealed: &mut Sealed,
    parts: impl Iterator<Item = &'p Part>,
    ids: &StreamIds,
    all: &InputStreams,
) {
    let mut strays: BTreeMap<_, Noticed> = BTreeMap::new();
    for part in parts {
        sealed.reject_rows.extend(part.reject_rows.iter().cloned());
        for RejectedRun { streams: named, unplaced, run } in &part.rejects {
            let mut streams = ids_of(ids, named);
            if *unplaced {
                streams.extend(all.of_part(part));
                streams.sort_unstable();
                streams.dedup();
            }
            sealed.rejects.push(RejectRun { streams, ..run.clone() });
        }
        for ((name, why, place, version, hour), markers) in &part.stray_markers {
            let entry = strays.entry((ids[name], *why, place.clone(), *version, *hour));
            entry.and_modify(|sum| sum.join(*markers)).or_insert(*markers);
        }
    }
    let strays = strays.into_iter().map(|((stream, why, place, version, _), found)| {
        facts::StrayMarker { stream, version, why, place, found }
    });
    sealed.stray_markers.extend(strays);
}

/// Puts links in one order. Which actions carry markers has been used by now and is not shown to anybody.
pub(super) fn sort_links(links: &mut Vec<Link>) {
    links.retain(|link| link.kind != LinkKind::Carries);
    links.sort_by(|left, right| {
        let left = (left.kind, &left.child, &left.parent, left.place);
        left.cmp(&(right.kind, &right.child, &right.parent, right.place))
    });
}

pub(super) fn inputs(
    sealed: &mut Sealed,
    parts: &mut [Part],
    streams: &InputStreams,
    tallies: &BTreeMap<InputId, Tally>,
) {
    for part in parts {
        sealed.inputs.push(facts::Input {
            streams: streams.of_part(part).to_vec(),
            path: std::mem::take(&mut part.path),
            bytes: part.bytes,
            digest: part.digest.take(),
            format: std::mem::take(&mut part.format),
            profile: std::mem::take(&mut part.profile),
            tally: tallies[&part.input],
            first_time: part.span.map(|(first, _)| first),
            last_time: part.span.map(|(_, last)| last),
            damage: std::mem::take(&mut part.damage),
        });
    }
}
