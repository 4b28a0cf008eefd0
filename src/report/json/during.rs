/*! A rotation while it goes wrong, as `holdover.during/1`. */

use super::masking::{file, masked, texts};
use crate::model::during::{Attempted, Breaks, During, InstanceNow};
use crate::wire::{self, Length, Time, Word};

/// The answer, with a newline at its end.
pub fn during(during: &During) -> String {
    let freeze = during.freeze.iter().map(|(action, consumers)| wire::DuringFreeze {
        action: masked(action),
        consumers: texts(consumers),
    });
    let unread = during.unread.iter().map(|unread| wire::WhoUnread {
        input: file(&unread.input),
        what: masked(&unread.what),
        records: unread.records,
        holds_marker: unread.holds_marker,
    });
    let leaked = during.leaked.as_ref().map(|leaked| wire::DuringLeaked {
        breaks: leaked.breaks.iter().map(breaks).collect(),
        moved: texts(&leaked.moved),
        unknown: texts(&leaked.unknown),
    });
    let written = wire::During {
        schema: wire::DuringName,
        credential: masked(&during.credential),
        old: texts(&during.old),
        as_of: Time(during.as_of),
        introduced: Time(during.introduced),
        recent_from: Time(during.recent_from),
        instances: during.instances.iter().map(instance).collect(),
        freeze: freeze.collect(),
        leaked,
        unread: unread.collect(),
    };
    let value = serde_json::to_value(&written).unwrap_or_default();
    format!("{value:#}\n")
}

fn instance(of: &InstanceNow) -> wire::DuringInstance {
    wire::DuringInstance {
        consumer: masked(&of.consumer),
        path: of.path.map(Word),
        instance: of.instance.as_deref().map(masked),
        now: Word(of.now),
        last_used: Word(of.last_used),
        recent: attempts(of.recent),
        since: attempts(of.since),
        last: of.last.map(Time),
        step: of.step.as_deref().map(masked),
        restart: of.restart,
    }
}

fn attempts(of: Attempted) -> wire::DuringAttempts {
    let Attempted { old, new, unversioned, refused, degraded } = of;
    wire::DuringAttempts { old, new, unversioned, refused, degraded }
}

fn breaks(of: &Breaks) -> wire::DuringBreaks {
    wire::DuringBreaks {
        consumer: masked(&of.consumer),
        path: of.path.map(Word),
        last_old_use: Time(of.last_old_use),
        every: of.every.map(Length::rounded_up),
        fails_by: of.fails_by.map(Time),
        instances: of.instances,
        effects: texts(&of.effects),
        fix: masked(&of.fix),
    }
}
