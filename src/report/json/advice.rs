/*! Advice on a plan, as `holdover.advice/1`. */

use super::masking::{file, masked, texts};
use crate::model::advice::{Advice, ModelAdvice, NextMove, Split, SplitGroup, Unmarked};
use crate::wire::{self, Length, Time, Word};

/// The answer, with a newline at its end.
pub fn advice(advice: &Advice) -> String {
    let unread = advice.unread.iter().map(|unread| wire::WhoUnread {
        input: file(&unread.input),
        what: masked(&unread.what),
        records: unread.records,
        holds_marker: unread.holds_marker,
    });
    let written = wire::Advice {
        schema: wire::AdviceName,
        credential: masked(&advice.credential),
        as_of: Time(advice.as_of),
        models: advice.models.iter().map(model).collect(),
        fitting: advice.fitting.map(str::to_owned),
        order: advice.order.iter().map(next_move).collect(),
        moved: texts(&advice.moved),
        wait: Length::rounded_up(advice.wait),
        splits: advice.splits.iter().map(split).collect(),
        unmarked: advice.unmarked.iter().map(unmarked).collect(),
        unread: unread.collect(),
    };
    let value = serde_json::to_value(&written).unwrap_or_default();
    format!("{value:#}\n")
}

fn model(of: &ModelAdvice) -> wire::AdviceModel {
    wire::AdviceModel {
        model: of.model.to_owned(),
        declared: of.is_declared,
        state: Word(of.state),
        why: masked(&of.why),
    }
}

fn next_move(of: &NextMove) -> wire::AdviceMove {
    wire::AdviceMove {
        consumer: masked(&of.consumer),
        path: Word(of.path),
        turn: Word(of.turn),
        members: of.members,
        every: of.every.map(Length::rounded_up),
        needed: Length::rounded_up(of.needed),
        step: masked(&of.step),
    }
}

fn split(of: &Split) -> wire::AdviceSplit {
    let group = |group: &SplitGroup| wire::AdviceGroup {
        name: masked(&group.name),
        consumers: texts(&group.consumers),
        wait: Length::rounded_up(group.wait),
    };
    wire::AdviceSplit { by: Word(of.by), groups: of.groups.iter().map(group).collect() }
}

fn unmarked(of: &Unmarked) -> wire::AdviceUnmarked {
    wire::AdviceUnmarked {
        consumer: masked(&of.consumer),
        source: file(&of.source),
        profile: masked(&of.profile),
        fields: texts(&of.fields),
        attempts: of.attempts,
        of: of.of,
    }
}
