/*! What a revocation would have cost, as text and as JSON. */

use std::fmt::Write;

use serde_json::{Value, json};

use crate::model::Timestamp;
use crate::model::course::Readiness;
use crate::model::replay::{ClassReplay, CurvePoint, Replay};
use crate::safe::{clip, mask_text, terminal};
use crate::wording::{self, Zone, count};

/// The longest bar of the curve.
const BAR_MAX: u64 = 40;

/// For people.
pub fn text(replay: &Replay, unicode: bool, zone: Zone) -> String {
    let mut text = String::new();
    if let Some(at) = replay.revoke_at {
        at_one(&mut text, at, replay, zone);
    }
    if !replay.curve.is_empty() {
        if replay.revoke_at.is_some() {
            text.push('\n');
        }
        curve(&mut text, &replay.curve, unicode, zone);
    }
    if !replay.readiness.is_empty() {
        if !text.is_empty() {
            text.push('\n');
        }
        readiness(&mut text, &replay.readiness, zone);
    }
    text
}

fn at_one(text: &mut String, at: Timestamp, replay: &Replay, zone: Zone) {
    let revoked = zone.time(at);
    if replay.classes.is_empty() {
        let _infallible =
            writeln!(text, "revoked at {revoked}, no use that was seen would have failed");
        return;
    }
    let _infallible = writeln!(
        text,
        "revoked at {revoked}, {} at least would have failed, of {}",
        count(replay.events, "use"),
        count(replay.classes.len(), "class"),
    );
    for class in &replay.classes {
        let _infallible = writeln!(text, "\n  {}: {}", name(class), count(class.events, "use"));
        let after = wording::length(class.first - at);
        let first = zone.time(class.first);
        let _infallible = writeln!(text, "    first      {first}, {after} after the revocation");
        if class.instances > 0 {
            let _infallible =
                writeln!(text, "    on         {}", count(class.instances, "instance"));
        }
        if !class.effects.is_empty() {
            let effects: Vec<String> = class.effects.iter().map(|effect| shown(effect)).collect();
            let _infallible = writeln!(text, "    at risk    {}", effects.join(", "));
        }
        if class.hidden {
            text.push_str("    hidden     a fallback would have hidden the failures\n");
        }
    }
    text.push_str("\nattempts that show no version are not counted, so there may be more\n");
}

fn curve(text: &mut String, points: &[CurvePoint], unicode: bool, zone: Zone) {
    let most = points.iter().map(|point| point.events).max().unwrap_or(0).max(1);
    let bar = if unicode { "█" } else { "#" };
    let width = points.first().map_or(0, |point| zone.time(point.revoke_at).len());
    let _infallible = writeln!(text, "{:<width$}  uses  classes", "revoked at");
    for point in points {
        let length = (point.events * BAR_MAX).div_ceil(most);
        let bar = bar.repeat(usize::try_from(length).unwrap_or_default());
        let at = zone.time(point.revoke_at);
        let line = format!("{at}  {:>4}  {:>7}  {bar}", point.events, point.classes);
        text.push_str(line.trim_end());
        text.push('\n');
    }
}

fn readiness(text: &mut String, points: &[Readiness], zone: Zone) {
    let width = points.first().map_or(0, |point| zone.time(point.at).len());
    let _infallible = writeln!(text, "{:<width$}  verdict       blocks  undecided", "as of");
    for point in points {
        let _infallible = writeln!(
            text,
            "{}  {:<12}  {:>6}  {:>9}",
            zone.time(point.at),
            wording::verdict(point.verdict),
            point.blocks,
            point.withholds
        );
    }
}

/// As data: the keys of the design.
pub fn json(replay: &Replay) -> Value {
    let class = |class: &ClassReplay| {
        let at = replay.revoke_at.unwrap_or(class.first);
        json!({
            "class": class.class.as_deref().map(|name| mask_text(name).into_owned()),
            "events": class.events,
            "instances": class.instances,
            "effects": class.effects.iter().map(|effect| mask_text(effect).into_owned()).collect::<Vec<_>>(),
            "first": class.first.rfc3339(),
            "delay": delay(at, class.first),
            "hidden": class.hidden,
        })
    };
    let point = |point: &CurvePoint| json!({"revoke_at": point.revoke_at.rfc3339(), "events": point.events, "classes": point.classes});
    let mut value = json!({
        "revoke_at": replay.revoke_at.map(Timestamp::rfc3339),
        "events": replay.events,
        "classes": replay.classes.iter().map(class).collect::<Vec<_>>(),
    });
    if !replay.curve.is_empty() {
        value["curve"] = replay.curve.iter().map(point).collect();
    }
    let verdict = |point: &Readiness| json!({"as_of": point.at.rfc3339(), "verdict": point.verdict.word(), "blocks": point.blocks, "withholds": point.withholds});
    if !replay.readiness.is_empty() {
        value["readiness"] = replay.readiness.iter().map(verdict).collect();
    }
    value
}

fn name(class: &ClassReplay) -> String {
    class.class.as_deref().map_or_else(|| "undeclared consumers".to_owned(), shown)
}

fn shown(text: &str) -> String {
    clip(&terminal(&mask_text(text)), 80).into_owned()
}

fn delay(from: Timestamp, to: Timestamp) -> String {
    (to - from).hours_minutes()
}
