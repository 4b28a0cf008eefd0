/*! What a cached scan holds besides rows. `PartLine::back` names each field of a part, so a new one does not compile
 * until it is cached.
 */

use std::collections::{BTreeMap, BTreeSet};

use serde::{Deserialize, Serialize};

use super::continuity::ContinuityLine;
use super::partial::{LostLine, PageLine};
use super::words::{CellLine, NoticedLine, Spot, Stamp};
use crate::model::coverage::{Cell, Pulse, RejectRow, RejectRun, Tally};
use crate::model::damage::{Damage, DamageKind};
use crate::model::facts::Stray;
use crate::model::link::{Link, LinkKind};
use crate::model::noticed::Noticed;
use crate::model::{ClassId, Duration, InputId, Timestamp, VersionId};
use crate::safe;
use crate::scan::{LinkQueries, Part, Presence, RejectedRun};

#[derive(Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct AskedLine {
    ids: BTreeSet<String>,
    names: BTreeSet<String>,
    strangers: BTreeSet<String>,
    actions: BTreeSet<String>,
    full: bool,
}

#[derive(Serialize, Deserialize)]
#[serde(remote = "LinkKind", rename_all = "snake_case")]
enum LinkWord {
    Session,
    Process,
    Alias,
    Owner,
    Carries,
}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct LinkLine {
    #[serde(with = "LinkWord")]
    kind: LinkKind,
    child: String,
    parent: String,
    version: Option<u16>,
    when: Option<Stamp>,
    place: Spot,
}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct RunLine {
    named: BTreeSet<String>,
    unplaced: bool,
    count: u64,
    reasons: BTreeMap<String, u64>,
    before: Option<i64>,
    after: Option<i64>,
    old_marker: Option<(u64, Spot)>,
    first: Spot,
}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct RejectLine {
    place: Spot,
    stream: Option<String>,
    reason: String,
    detail: String,
    before: Option<i64>,
    after: Option<i64>,
    old_marker: bool,
    excerpt: String,
}

#[derive(Serialize, Deserialize)]
#[serde(remote = "Stray", rename_all = "snake_case")]
enum StrayWord {
    Unmapped,
    Respelled,
    PartOfSeries,
}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct StrayMarkerLine {
    stream: String,
    hour: i64,
    version: u16,
    #[serde(with = "StrayWord")]
    why: Stray,
    place: String,
    found: NoticedLine,
}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct DamageLine {
    #[serde(with = "DamageKindWord")]
    kind: DamageKind,
    what: String,
    offset: u64,
    after: Option<i64>,
    old_marker: bool,
}

#[derive(Serialize, Deserialize)]
#[serde(remote = "DamageKind", rename_all = "snake_case")]
enum DamageKindWord {
    Incomplete,
    Unreadable,
    NotUnderstood,
    Stale,
    SourceWithoutInput,
}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct TallyLine {
    records: u64,
    evidence: u64,
    irrelevant: u64,
    rejected: u64,
    duplicate: u64,
}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct PartLine {
    member: u32,
    path: String,
    folder: String,
    source: Option<usize>,
    bytes: u64,
    digest: Option<String>,
    format: String,
    profile: String,
    tally: TallyLine,
    pulses: BTreeMap<String, Vec<CellLine>>,
    with_others: BTreeSet<String>,
    claims: Vec<(String, u16)>,
    max_gaps: BTreeMap<String, i64>,
    within: BTreeSet<String>,
    presence: Vec<(String, u16, String, Vec<CellLine>)>,
    links: Vec<LinkLine>,
    asked: AskedLine,
    beyond: Option<i64>,
    rejects: Vec<RunLine>,
    reject_rows: Vec<RejectLine>,
    stray_markers: Vec<StrayMarkerLine>,
    lost: Vec<LostLine>,
    continuity: ContinuityLine,
    page: Option<PageLine>,
    damage: Vec<DamageLine>,
    span: Option<(i64, i64)>,
    is_bulk_load: bool,
    rows: u64,
}

impl PartLine {
    pub(super) fn of(part: &Part) -> Self {
        let cells = |cells: &BTreeMap<Timestamp, Cell>| {
            cells.values().map(|cell| CellLine::of(*cell)).collect()
        };
        let presence = part.presence.0.iter().map(|((stream, class, instance), hours)| {
            (stream.clone(), class.0, instance.clone(), cells(hours))
        });
        let pulses = part.pulses.iter().map(|(stream, pulse)| (stream.clone(), cells(&pulse.0)));
        Self {
            member: part.member,
            path: part.path.clone(),
            folder: part.folder.clone(),
            source: part.source,
            bytes: part.bytes,
            digest: part.digest.clone(),
            format: part.format.clone(),
            profile: part.profile.clone(),
            tally: TallyLine::of(part.tally),
            pulses: pulses.collect(),
            with_others: part.with_others.clone(),
            claims: part.claims.iter().map(|(stream, class)| (stream.clone(), class.0)).collect(),
            max_gaps: part.max_gaps.iter().map(|(stream, gap)| (stream.clone(), gap.0)).collect(),
            within: part.within.clone(),
            presence: presence.collect(),
            links: part.links.iter().map(LinkLine::of).collect(),
            asked: AskedLine::of(&part.asked),
            beyond: part.beyond.map(|at| at.0),
            rejects: part.rejects.iter().map(RunLine::of).collect(),
            reject_rows: part.reject_rows.iter().map(RejectLine::of).collect(),
            stray_markers: part.stray_markers.iter().map(StrayMarkerLine::of).collect(),
            lost: part.lost.iter().map(LostLine::of).collect(),
            continuity: ContinuityLine::of(&part.continuity),
            page: part.page.as_ref().map(PageLine::of),
            damage: part.damage.iter().map(DamageLine::of).collect(),
            span: part.span.map(|(first, last)| (first.0, last.0)),
            is_bulk_load: part.is_bulk_load,
            rows: part.rows,
        }
    }

    pub(super) fn back(self) -> Part {
        let by = |cells: Vec<CellLine>, key: fn(Timestamp) -> Timestamp| {
            cells.into_iter().map(CellLine::back).map(|cell| (key(cell.first), cell)).collect()
        };
        let pulse = |(name, cells)| (name, Pulse(by(cells, Timestamp::minute)));
        let presence = |(stream, class, instance, cells)| {
            ((stream, ClassId(class), instance), by(cells, Timestamp::hour))
        };
        Part {
            input: InputId::default(),
            member: self.member,
            path: self.path,
            folder: self.folder,
            source: self.source,
            bytes: self.bytes,
            digest: self.digest,
            format: self.format,
            profile: self.profile,
            tally: self.tally.back(),
            pulses: self.pulses.into_iter().map(pulse).collect(),
            with_others: self.with_others,
            claims: self.claims.into_iter().map(|(name, class)| (name, ClassId(class))).collect(),
            max_gaps: self.max_gaps.into_iter().map(|(name, gap)| (name, Duration(gap))).collect(),
            within: self.within,
            presence: Presence(self.presence.into_iter().map(presence).collect()),
            links: self.links.into_iter().map(LinkLine::back).collect(),
            asked: self.asked.back(),
            beyond: self.beyond.map(Timestamp),
            rejects: self.rejects.into_iter().map(RunLine::back).collect(),
            reject_rows: self.reject_rows.into_iter().map(RejectLine::back).collect(),
            stray_markers: self.stray_markers.into_iter().map(StrayMarkerLine::back).collect(),
            lost: self.lost.into_iter().map(LostLine::back).collect(),
            continuity: self.continuity.back(),
            page: self.page.map(PageLine::back),
            damage: self.damage.into_iter().map(DamageLine::back).collect(),
            span: self.span.map(|(first, last)| (Timestamp(first), Timestamp(last))),
            is_bulk_load: self.is_bulk_load,
            rows: self.rows,
        }
    }
}

impl AskedLine {
    fn of(LinkQueries { ids, names, strangers, actions, full }: &LinkQueries) -> Self {
        let (ids, names) = (ids.clone(), names.clone());
        let (strangers, actions) = (strangers.clone(), actions.clone());
        Self { ids, names, strangers, actions, full: *full }
    }

    fn back(self) -> LinkQueries {
        let Self { ids, names, strangers, actions, full } = self;
        LinkQueries { ids, names, strangers, actions, full }
    }
}

impl TallyLine {
    fn of(Tally { records, evidence, irrelevant, rejected, duplicate }: Tally) -> Self {
        Self { records, evidence, irrelevant, rejected, duplicate }
    }

    fn back(self) -> Tally {
        let Self { records, evidence, irrelevant, rejected, duplicate } = self;
        Tally { records, evidence, irrelevant, rejected, duplicate }
    }
}

impl LinkLine {
    fn of(Link { kind, child, parent, version, when, place }: &Link) -> Self {
        let (child, parent, version) =
            (child.clone(), parent.clone(), version.map(|version| version.0));
        let (when, place) = (when.map(Stamp::of), Spot::of(*place));
        Self { kind: *kind, child, parent, version, when, place }
    }

    fn back(self) -> Link {
        let Self { kind, child, parent, version, when, place } = self;
        let (version, when) = (version.map(VersionId), when.map(Stamp::back));
        Link { kind, child, parent, version, when, place: place.back() }
    }
}

impl RunLine {
    fn of(RejectedRun { streams, unplaced, run }: &RejectedRun) -> Self {
        // The input and the numbers of streams are known only when all parts are.
        let RejectRun { input: _, streams: _, count, reasons, before, after, old_marker, first } =
            run;
        Self {
            named: streams.clone(),
            unplaced: *unplaced,
            count: *count,
            reasons: reasons.clone(),
            before: before.map(|at| at.0),
            after: after.map(|at| at.0),
            old_marker: old_marker.map(|(count, first)| (count, Spot::of(first))),
            first: Spot::of(*first),
        }
    }

    fn back(self) -> RejectedRun {
        let run = RejectRun {
            input: InputId::default(),
            streams: Vec::new(),
            count: self.count,
            reasons: self.reasons,
            before: self.before.map(Timestamp),
            after: self.after.map(Timestamp),
            old_marker: self.old_marker.map(|(count, first)| (count, first.back())),
            first: self.first.back(),
        };
        RejectedRun { streams: self.named, unplaced: self.unplaced, run }
    }
}

impl RejectLine {
    fn of(row: &RejectRow) -> Self {
        let RejectRow { place, stream, reason, detail, before, after, old_marker, excerpt } = row;
        Self {
            place: Spot::of(*place),
            stream: stream.clone(),
            reason: reason.clone(),
            detail: detail.clone(),
            before: before.map(|at| at.0),
            after: after.map(|at| at.0),
            old_marker: *old_marker,
            excerpt: excerpt.clone(),
        }
    }

    fn back(self) -> RejectRow {
        let Self { place, stream, reason, detail, before, after, old_marker, excerpt } = self;
        let (place, before, after) = (place.back(), before.map(Timestamp), after.map(Timestamp));
        RejectRow { place, stream, reason, detail, before, after, old_marker, excerpt }
    }
}

/// What tells entries of `Part::stray_markers` apart: stream, why, place, version and hour.
type StrayMarkerKey = (String, Stray, String, VersionId, Timestamp);

impl StrayMarkerLine {
    fn of(((stream, why, place, version, hour), found): (&StrayMarkerKey, &Noticed)) -> Self {
        Self {
            stream: stream.clone(),
            hour: hour.0,
            version: version.0,
            why: *why,
            place: place.clone(),
            found: NoticedLine::of(*found),
        }
    }

    fn back(self) -> (StrayMarkerKey, Noticed) {
        let Self { stream, hour, version, why, place, found } = self;
        ((stream, why, place, VersionId(version), Timestamp(hour)), found.back())
    }
}

impl DamageLine {
    fn of(Damage { kind, what, offset, after, old_marker }: &Damage) -> Self {
        let (what, after) = (safe::mask_text(what).into_owned(), after.map(|at| at.0));
        Self { kind: *kind, what, offset: *offset, after, old_marker: *old_marker }
    }

    fn back(self) -> Damage {
        let Self { kind, what, offset, after, old_marker } = self;
        Damage { kind, what, offset, after: after.map(Timestamp), old_marker }
    }
}
