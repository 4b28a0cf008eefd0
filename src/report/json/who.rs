/*! Who holds a credential, as `holdover.who/1`. */

use std::sync::Arc;

use super::masking::{file, masked, texts};
use crate::model::columns::Column;
use crate::model::who::{MarkerHolder, Seen, Who};
use crate::model::{Timestamp, VersionId};
use crate::safe::mask;
use crate::wire::{self, Length, Time, Word};

/// The answer, with a newline at its end.
pub fn who(who: &Who) -> String {
    let unread = who.unread.iter().map(|unread| wire::WhoUnread {
        input: file(&unread.input),
        what: masked(&unread.what),
        records: unread.records,
        holds_marker: unread.holds_marker,
    });
    let never = who.never.iter().map(|(profile, events)| wire::WhoNever {
        profile: profile.clone(),
        events: texts(events),
    });
    let unmapped = who.unmapped.iter().map(|stray| wire::WhoUnmapped {
        marker: marker(who, stray.version),
        why: Word(stray.why),
        stream: file(&stray.stream),
        place: masked(&stray.place),
        records: stray.records,
        first: seen(&stray.first),
        last: seen(&stray.last),
    });
    let written = wire::Who {
        schema: wire::WhoName,
        markers: texts(&who.markers),
        as_of: who.as_of.map(Time),
        since: who.since.map(Time),
        read: wire::WhoRead {
            inputs: who.read.inputs,
            records: who.read.records,
            from: who.read.span.map(|span| Time(span.from)),
            to: who.read.span.map(|span| Time(span.to)),
        },
        holders: who.holders.iter().map(|of| holder(who, of)).collect(),
        unmapped: unmapped.collect(),
        unread: unread.collect(),
        never_recorded: never.collect(),
        without: who.without.iter().map(|path| file(path)).collect(),
    };
    let value = serde_json::to_value(&written).unwrap_or_default();
    format!("{value:#}\n")
}

fn marker(who: &Who, version: VersionId) -> String {
    who.markers.get(usize::from(version.0)).map(|text| masked(text)).unwrap_or_default()
}

fn seen(seen: &Seen) -> wire::WhoSeen {
    wire::WhoSeen { time: seen.time.map(Time), input: file(&seen.input), record: seen.record }
}

fn holder(who: &Who, holder: &MarkerHolder<Seen>) -> wire::WhoHolder {
    let facet = |column: Column| {
        let value: Option<&Arc<str>> = holder.facets.get(&column);
        value.map(|value| mask(value).into_owned())
    };
    let (guess, by) = &holder.guess;
    let many = holder.many.iter();
    let many = many.map(|(column, values)| wire::WhoMany {
        column: column.name().to_owned(),
        values: *values,
    });
    let late = |as_of: Timestamp| holder.is_overdue(as_of);
    wire::WhoHolder {
        marker: marker(who, holder.version),
        does: Word(holder.does),
        class_guess: if by.is_some() { masked(guess) } else { file(guess) },
        guessed_from: by.map(|column| column.name().to_owned()),
        service_name: facet(Column::ServiceName),
        service_instance_id: facet(Column::ServiceInstanceId),
        host_name: facet(Column::HostName),
        client_address: facet(Column::ClientAddress),
        user_agent: facet(Column::UserAgent),
        principal: facet(Column::Principal),
        action: facet(Column::Action),
        many: many.collect(),
        events: holder.events,
        refused: holder.refused,
        linked: holder.linked,
        first: seen(&holder.first),
        last: seen(&holder.last),
        gap_usual: holder.gaps.map(|(usual, _)| Length::rounded_up(usual)),
        gap_longest: holder.gaps.map(|(_, longest)| Length::rounded_up(longest)),
        next_expected: holder.next_expected().map(Time),
        overdue: who.as_of.is_some_and(late),
    }
}
