/*! Streams, presence, rejects and inputs of all parts together. Unions only: in any order the same. */

use std::collections::{BTreeMap, BTreeSet};

use crate::model::coverage::{Cell, RejectRun, StreamId, Tally};
use crate::model::facts;
use crate::model::link::LinkKind;
use crate::model::{ClassId, InputId, Micros};
use crate::scan::{Part, RejectedRun, StreamName};

use super::seal::{Names, Sealed, Seen};
use super::series;

fn ids<'n>(names: &Names, of: impl IntoIterator<Item = &'n StreamName>) -> Vec<StreamId> {
    of.into_iter().filter_map(|name| names.get(name).copied()).collect()
}

/// The streams of an input: its own, else those of the inputs beside it.
fn streams_of(part: &Part, names: &Names) -> Vec<StreamId> {
    let own: BTreeSet<&StreamName> = part
        .pulses
        .keys()
        .chain(part.claims.iter().map(|(name, _)| name))
        .chain(part.max_gaps.keys())
        .chain(&part.within)
        .collect();
    if !own.is_empty() {
        return ids(names, own);
    }
    let folder = format!(":{}", part.folder);
    ids(names, names.keys().filter(|name| name.ends_with(&folder)))
}

pub(super) fn fill(sealed: &mut Sealed, parts: &[Part], names: &Names) {
    sealed.streams = names
        .keys()
        .map(|name| facts::Stream { name: name.clone(), ..facts::Stream::default() })
        .collect();
    for part in parts {
        let claimed = part.claims.iter().map(|(name, class)| (name, *class));
        let seen = part.presence.0.keys().map(|(name, class, _)| (name, *class));
        for (name, class) in claimed.chain(seen) {
            sealed.streams[names[name].0 as usize].carries.push(class);
        }
        for (name, gap) in &part.max_gaps {
            sealed.streams[names[name].0 as usize].max_gap = Some(*gap);
        }
        for (name, pulse) in &part.pulses {
            sealed.streams[names[name].0 as usize].pulse.join(pulse);
        }
        for id in streams_of(part, names) {
            let stream = &mut sealed.streams[id.0 as usize];
            stream.inputs.push(part.input);
            stream.breaks.extend(part.damage.iter().filter_map(|damage| damage.after));
        }
    }
    for stream in &mut sealed.streams {
        stream.carries.sort_unstable();
        stream.carries.dedup();
        stream.breaks.sort_unstable();
        let files = parts.iter().filter(|part| stream.inputs.contains(&part.input));
        stream.missing = series::missing(files.map(|part| (part.path.as_str(), part.span)));
    }
}

pub(super) fn presence(sealed: &mut Sealed, parts: &[Part], names: &Names) {
    let mut all: BTreeMap<(StreamId, ClassId, &str), BTreeMap<Micros, Cell>> = BTreeMap::new();
    for part in parts {
        for ((name, class, instance), hours) in &part.presence.0 {
            let own = all.entry((names[name], *class, instance)).or_default();
            for (hour, cell) in hours {
                own.entry(*hour).and_modify(|known| known.join(*cell)).or_insert(*cell);
            }
        }
    }
    for ((stream, class, instance), hours) in all {
        let instance = (!instance.is_empty()).then(|| instance.to_owned());
        let mut open: Option<Seen> = None;
        for cell in hours.into_values() {
            match &mut open {
                Some(seen) if cell.first - seen.to < Micros::HOUR => {
                    seen.to = seen.to.max(cell.last);
                    seen.records += cell.records;
                }
                _ => {
                    let (from, to, records) = (cell.first, cell.last, cell.records);
                    let instance = instance.clone();
                    sealed.presence.extend(open.replace(Seen {
                        stream,
                        class,
                        instance,
                        from,
                        to,
                        records,
                    }));
                }
            }
        }
        sealed.presence.extend(open);
    }
}

pub(super) fn rejects(
    sealed: &mut Sealed,
    parts: &[Part],
    (names, repeated): (&Names, &BTreeSet<InputId>),
) {
    let mut unmapped: BTreeMap<_, facts::Unmapped> = BTreeMap::new();
    for part in parts.iter().filter(|part| !repeated.contains(&part.input)) {
        sealed.reject_rows.extend(part.reject_rows.iter().cloned());
        for RejectedRun { streams: own, unplaced, run } in &part.rejects {
            let mut streams = ids(names, own);
            if *unplaced {
                streams.extend(streams_of(part, names));
                streams.sort_unstable();
                streams.dedup();
            }
            sealed.rejects.push(RejectRun { streams, ..run.clone() });
        }
        for ((name, pointer, version, hour), found) in &part.unmapped {
            let stream = names[name];
            let entry = unmapped.entry((stream, pointer.clone(), *version, *hour));
            entry
                .and_modify(|known| {
                    known.count += found.count;
                    known.first = known.first.min(found.first);
                    known.last = known.last.max(found.last);
                })
                .or_insert_with(|| facts::Unmapped { stream, ..found.clone() });
        }
    }
    sealed.unmapped = unmapped.into_values().collect();
    sealed.links.sort_by(|one, two| {
        (one.kind, &one.child, &one.parent, one.place).cmp(&(
            two.kind,
            &two.child,
            &two.parent,
            two.place,
        ))
    });
    sealed.links.retain(|link| link.kind != LinkKind::Carries);
}

pub(super) fn inputs(
    sealed: &mut Sealed,
    parts: &mut [Part],
    (names, tallies): (&Names, &BTreeMap<InputId, Tally>),
) {
    for part in parts {
        sealed.inputs.push(facts::Input {
            streams: streams_of(part, names),
            path: std::mem::take(&mut part.path),
            bytes: part.bytes,
            sha256: part.sha256.take(),
            format: std::mem::take(&mut part.format),
            profile: std::mem::take(&mut part.profile),
            tally: tallies[&part.input],
            first_time: part.span.map(|(first, _)| first),
            last_time: part.span.map(|(_, last)| last),
            damage: std::mem::take(&mut part.damage),
        });
    }
}
