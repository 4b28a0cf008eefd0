/*! `[rotation]`: how the credential moves. */

use std::ops::Range;

use super::read::{Node, Table, list, text, texts, word};
use super::time::{duration, instant};
use super::types::{CutoverModel, InFlight, RotationPlan};
use crate::diag::Diagnostics;
use crate::model::{Duration, Timestamp};

const MODELS: [CutoverModel; 4] = [
    CutoverModel::Atomic,
    CutoverModel::DualValid,
    CutoverModel::VersionedAlias,
    CutoverModel::ConsumerByConsumer,
];
const IN_FLIGHT: [InFlight; 3] = [InFlight::Finish, InFlight::Fail, InFlight::Requeue];

/// The words of `model`.
pub(super) fn models() -> Vec<&'static str> {
    MODELS.map(CutoverModel::word).to_vec()
}

/// The words of `in_flight`.
pub(super) fn in_flight() -> Vec<&'static str> {
    IN_FLIGHT.map(InFlight::word).to_vec()
}

/// The rotation.
pub(super) fn rotation(table: &Table<'_>, out: &mut Diagnostics) -> Option<RotationPlan> {
    let models = table.get("model", out, |node, out| {
        list(node, out, |one, out| word(one, out, &MODELS, CutoverModel::word))
    });
    let introduced = table.need("introduced", out, placed_instant);
    let revoke_target = table.get("revoke_target", out, placed_instant);
    let revoked = table.get("revoked", out, placed_instant);
    let window = table.need("window", out, window);
    let rollback = table.get("rollback", out, text);
    let decision_owner = table.get("decision_owner", out, text);
    let in_flight =
        table.get("in_flight", out, |node, out| word(node, out, &IN_FLIGHT, InFlight::word));
    let required_evidence = table.get("required_evidence", out, texts).unwrap_or_default();
    let (introduced, _) = introduced?;
    not_before(introduced, revoke_target.as_ref(), &TARGET, out);
    not_before(introduced, revoked.as_ref(), &REVOKED, out);
    Some(RotationPlan {
        models: models.unwrap_or_default(),
        introduced,
        revoke_target: revoke_target.map(|(at, _)| at),
        revoked: revoked.map(|(at, _)| at),
        window: window?,
        rollback,
        decision_owner,
        in_flight,
        required_evidence,
        site: table.site(out),
    })
}

type Placed = (Timestamp, Range<usize>);

fn placed_instant(node: Node<'_>, out: &mut Diagnostics) -> Option<Placed> {
    Some((instant(node, out)?, node.span()))
}

fn window(node: Node<'_>, out: &mut Diagnostics) -> Option<Duration> {
    let window = duration(node, out)?;
    if window > Duration::ZERO {
        return Some(window);
    }
    out.push("plan::window-not-positive", node.span(), "expected a `window` above zero")
        .label("no time in which old use could be missed")
        .help(format!("{}: no old use may appear in it", node.written()));
    None
}

struct Order {
    key: &'static str,
    code: &'static str,
}

const TARGET: Order = Order { key: "revoke_target", code: "plan::target-before-introduced" };
const REVOKED: Order = Order { key: "revoked", code: "plan::revoked-before-introduced" };

fn not_before(introduced: Timestamp, later: Option<&Placed>, order: &Order, out: &mut Diagnostics) {
    let Some((at, span)) = later.filter(|(at, _)| *at < introduced) else { return };
    let message =
        format!("expected `{}` at or after `introduced` ({introduced}), found {at}", order.key);
    out.push(order.code, span.clone(), message)
        .label("before the new version became valid")
        .help("correct one of the two times; `introduced` is when the new version became valid");
}
