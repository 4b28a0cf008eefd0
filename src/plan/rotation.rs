/*! Reads `[rotation]`: how consumers move to the new version, and what was promised. */

use std::ops::Range;

use super::checked_plan::{CutoverModel, InFlight, RotationPlan};
use super::document::{PlanTable, PlanValue};
use super::judgement_limits::above_zero;
use super::times::{duration, instant};
use super::values::{list, text, texts, word};
use super::words::{CUTOVER_MODELS, IN_FLIGHT};
use crate::diag::Diagnostics;
use crate::model::{Duration, Timestamp};

/// Without a `window` the given one is taken; where none is given, its absence is a mistake.
pub(super) fn rotation(
    table: &PlanTable<'_>,
    window_else: Option<Duration>,
    out: &mut Diagnostics,
) -> Option<RotationPlan> {
    let models = table.get("model", out, |value, out| {
        list(value, out, |element, out| word(element, out, &CUTOVER_MODELS, CutoverModel::word))
    });
    let introduced = table.need("introduced", out, located_instant);
    let revoke_target = table.get("revoke_target", out, located_instant);
    let revoked = table.get("revoked", out, located_instant);
    let window = match window_else.filter(|_| table.lacks("window")) {
        Some(given) => Some(given),
        None => table.need("window", out, window),
    };
    let slowest = table.get("slowest", out, above_zero);
    let rollback = table.get("rollback", out, text);
    let decision_owner = table.get("decision_owner", out, text);
    let in_flight =
        table.get("in_flight", out, |value, out| word(value, out, &IN_FLIGHT, InFlight::word));
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
        slowest,
        rollback,
        decision_owner,
        in_flight,
        required_evidence,
        site: table.site(out),
    })
}

/// An instant with its bytes in the plan.
type LocatedInstant = (Timestamp, Range<usize>);

fn located_instant(value: PlanValue<'_>, out: &mut Diagnostics) -> Option<LocatedInstant> {
    Some((instant(value, out)?, value.span()))
}

fn window(value: PlanValue<'_>, out: &mut Diagnostics) -> Option<Duration> {
    let window = duration(value, out)?;
    if window > Duration::ZERO {
        return Some(window);
    }
    out.push("plan::window-not-positive", value.span(), "expected a `window` above zero")
        .label("old use could never fall into it")
        .help(format!("{}: no old use may appear in it", value.written()));
    None
}

/// A key whose time must not be before `introduced`, and the code of that mistake.
struct LaterKey {
    key: &'static str,
    code: &'static str,
}

const TARGET: LaterKey = LaterKey { key: "revoke_target", code: "plan::target-before-introduced" };
const REVOKED: LaterKey = LaterKey { key: "revoked", code: "plan::revoked-before-introduced" };

fn not_before(
    introduced: Timestamp,
    instant: Option<&LocatedInstant>,
    later: &LaterKey,
    out: &mut Diagnostics,
) {
    let Some((at, span)) = instant.filter(|(at, _)| *at < introduced) else { return };
    let message =
        format!("expected `{}` at or after `introduced` ({introduced}), found {at}", later.key);
    out.push(later.code, span.clone(), message)
        .label("before the new version became valid")
        .help("correct one of the two times; `introduced` is when the new version became valid");
}
