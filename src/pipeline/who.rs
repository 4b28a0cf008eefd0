/*! `who`: the markers of a question looked for as a plan's would be, and everything that was found or not read. */

use std::collections::{BTreeMap, BTreeSet};

use crate::judge::{self, who::Asked};
use crate::model::noticed::DatedPlace;
use crate::model::partial::{Partial, PartialKind};
use crate::model::who::{MarkerHolder, Read, Seen, UnmappedMarker, Unread, Who};
use crate::model::{At, Duration, InputId, Place, Span, Timestamp, facts};
use crate::plan::Plan;
use crate::safe::mask_text;
use crate::table::Sealed;
use crate::wording::{count, list};

use super::collect::collect;
use super::error::Error;
use super::evidence::{self, Questions};
use super::progress::Progress;
use super::report::sources;
use super::request::Request;

/// What to ask of the exports.
#[derive(Clone, Copy, Debug, Default)]
pub struct WhoQuestion {
    /// Only what happened so long before the last record.
    pub last: Option<Duration>,
    /// Tell apart whatever differs.
    pub every: bool,
}

/// Reads the inputs and looks for the markers of the plan, which is one of [`crate::plan::asked`].
pub fn who(
    plan: Plan,
    question: WhoQuestion,
    request: &Request,
    progress: &Progress,
) -> Result<Who, Error> {
    let markers = plan.versions.iter().map(|version| version.name.clone()).collect();
    let collected = collect(plan, request, progress)?;
    let params = evidence::run_params(&collected, request, None);
    let sealed = &collected.sealed;
    let as_of = request.as_of.or(collected.latest);
    let since = as_of.zip(question.last).map(|(as_of, last)| as_of - last);
    let streams: Vec<String> = sealed.streams.iter().map(|stream| stream.name.clone()).collect();
    let uses = Questions::of(sealed, request)?.marker_uses(params)?;
    let asked = Asked { since, every: question.every };
    let holders = judge::who::holders(&uses, &streams, asked);
    let never = sources(sealed, request.known_profiles()).into_iter();
    Ok(Who {
        markers,
        as_of,
        since,
        holders: holders.into_iter().map(|holder| placed(holder, sealed)).collect(),
        unmapped: unmapped(sealed, &streams, since, as_of),
        unread: unread(sealed),
        never: never.map(|source| (source.profile, source.never)).collect(),
        without: without(sealed),
        root: facts::common_folder(&sealed.inputs).to_owned(),
        read: Read {
            inputs: sealed.inputs.len() as u64,
            records: sealed.accounting.records,
            span: span(sealed),
        },
    })
}

fn span(sealed: &Sealed) -> Option<Span> {
    let spans = sealed
        .inputs
        .iter()
        .filter_map(|input| Some(Span { from: input.first_time?, to: input.last_time? }));
    spans.reduce(Span::hull)
}

fn placed(holder: MarkerHolder<At>, sealed: &Sealed) -> MarkerHolder<Seen> {
    let row = |at: At| {
        let row = usize::try_from(at.row).ok().and_then(|row| sealed.rows.get(row));
        let place = row.map(|row| row.place).unwrap_or_default();
        seen(sealed, Some(at.latest()), place)
    };
    MarkerHolder {
        first: row(holder.first),
        last: row(holder.last),
        version: holder.version,
        does: holder.does,
        guess: holder.guess,
        facets: holder.facets,
        many: holder.many,
        events: holder.events,
        refused: holder.refused,
        linked: holder.linked,
        span: holder.span,
        gaps: holder.gaps,
    }
}

fn seen(sealed: &Sealed, time: Option<Timestamp>, place: Place) -> Seen {
    Seen { time, input: path(sealed, place.input), record: place.record }
}

fn path(sealed: &Sealed, input: InputId) -> String {
    let position = usize::try_from(input.0).ok();
    let input = position.and_then(|position| sealed.inputs.get(position));
    input.map(|input| input.path.clone()).unwrap_or_default()
}

fn unmapped(
    sealed: &Sealed,
    streams: &[String],
    since: Option<Timestamp>,
    as_of: Option<Timestamp>,
) -> Vec<UnmappedMarker> {
    let dated = |(time, place): DatedPlace| seen(sealed, Some(time), place);
    let markers = sealed.stray_markers.iter().filter(|stray| {
        since.is_none_or(|since| stray.found.last.0 >= since)
            && as_of.is_none_or(|as_of| stray.found.first.0 <= as_of)
    });
    let mut unmapped: Vec<UnmappedMarker> = Vec::new();
    for stray in markers {
        let stream = streams.get(stray.stream.0 as usize).cloned().unwrap_or_default();
        // Streams of one name are one place to a reader.
        let is_same = |of: &&mut UnmappedMarker| {
            (of.version, &of.why, &of.stream, &of.place)
                == (stray.version, &stray.why, &stream, &stray.place)
        };
        let (first, last) = (dated(stray.found.first), dated(stray.found.last));
        if let Some(known) = unmapped.iter_mut().find(is_same) {
            known.records += stray.found.count;
            known.first = earlier(known.first.clone(), first);
            known.last = later(known.last.clone(), last);
            continue;
        }
        unmapped.push(UnmappedMarker {
            version: stray.version,
            why: stray.why,
            stream,
            place: stray.place.clone(),
            records: stray.found.count,
            first,
            last,
        });
    }
    unmapped
}

/// Damage, rejected records and what exports say of themselves; first what holds a marker.
pub(super) fn unread(sealed: &Sealed) -> Vec<Unread> {
    let mut unread: Vec<Unread> = Vec::new();
    for input in &sealed.inputs {
        unread.extend(input.damage.iter().map(|damage| Unread {
            holds_marker: damage.old_marker,
            input: input.path.clone(),
            what: mask_text(&damage.what).into_owned(),
            records: None,
        }));
    }
    let mut rejected: BTreeMap<(InputId, bool), Rejected<'_>> = BTreeMap::new();
    for run in &sealed.rejects {
        let of = rejected.entry((run.input, run.old_marker.is_some())).or_default();
        of.records += run.old_marker.map_or(run.count, |(records, _)| records);
        of.reasons.extend(run.reasons.keys().map(String::as_str));
        let first = run.old_marker.map_or(run.first, |(_, place)| place).record;
        of.first = if of.first == 0 { first } else { of.first.min(first) };
    }
    unread.extend(rejected.into_iter().map(|((input, holds_marker), of)| Unread {
        holds_marker,
        input: path(sealed, input),
        what: of.what(holds_marker),
        records: Some(of.records),
    }));
    unread.extend(sealed.partials.iter().map(|partial| Unread {
        holds_marker: false,
        input: path(sealed, partial.first.1.input),
        what: partly(partial),
        records: None,
    }));
    unread.sort_by(|one, other| {
        (!one.holds_marker, &one.input, &one.what).cmp(&(
            !other.holds_marker,
            &other.input,
            &other.what,
        ))
    });
    unread
}

/// Records of an input that were not understood.
#[derive(Default)]
struct Rejected<'r> {
    records: u64,
    reasons: BTreeSet<&'r str>,
    first: u64,
}

impl Rejected<'_> {
    fn what(&self, holds_marker: bool) -> String {
        let reasons: Vec<&str> = self.reasons.iter().copied().collect();
        let records = count(self.records, "record");
        let (reasons, first) = (list(&reasons), self.first);
        if holds_marker {
            let hold = if self.records == 1 { "holds" } else { "hold" };
            let them = if self.records == 1 { "was" } else { "were" };
            return format!(
                "{records} that {hold} the marker {them} not understood ({reasons}), first record {first}"
            );
        }
        format!("{records} not understood ({reasons}), first record {first}")
    }
}

fn partly(partial: &Partial) -> String {
    let record = partial.first.1.record;
    let what = match partial.kind {
        PartialKind::MorePages => "its last page says that more pages follow",
        PartialKind::Limit => "it holds fewer records than it says were found",
        PartialKind::Lost => "it says that records were suppressed, dropped or lost",
    };
    format!("{what} (record {record})")
}

/// The inputs that were read, and show the marker nowhere.
fn without(sealed: &Sealed) -> Vec<String> {
    let strays = (sealed.stray_markers.iter())
        .filter_map(|stray| sealed.streams.get(stray.stream.0 as usize))
        .flat_map(|stream| stream.inputs.iter().copied());
    let rejects = sealed.rejects.iter().filter(|run| run.old_marker.is_some());
    let unsure: BTreeSet<InputId> = strays.chain(rejects.map(|run| run.input)).collect();
    let inputs = (0..).map(InputId).zip(&sealed.inputs);
    let without = inputs.filter(|(id, input)| {
        input.tally.evidence == 0
            && input.tally.records > 0
            && !unsure.contains(id)
            && input.damage.iter().all(|damage| !damage.old_marker)
    });
    without.map(|(_, input)| input.path.clone()).collect()
}

fn earlier(one: Seen, other: Seen) -> Seen {
    if other.time < one.time { other } else { one }
}

fn later(one: Seen, other: Seen) -> Seen {
    if other.time > one.time { other } else { one }
}
