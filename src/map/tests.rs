/*! What the keys of a profile make of a record. */

use super::{Mapped, ProfileReading, apply, timestamp};
use crate::ingest::Fields;
use crate::ingest::decode::json;
use crate::map::KindBasis;
use crate::model::bounds::TimeBounds;
use crate::model::columns::Column;
use crate::model::{Kind, Timestamp, When};
use crate::profile::load;

const PROFILE: &str = r#"
name = "own"
family = "own"
title = "Own"
layer = "behavior"
lag = "15m"
blind_spots = ["all else"]

[fields]
event_time = ["/time"]
event_id = ["/span"]
credential_uid = ["/serial", "/kid"]
duration_ms = ["/took", "/seconds"]

[fold]
"/serial" = "lower"

[units]
"/seconds" = "s"

[[join]]
column = "event_id"
from = ["/trace", "=span", "/span"]
with = ":"

[[join]]
column = "event_time"
from = ["/date", "=T", "/clock", "=Z"]

[[extract]]
column = "credential_uid"
from = "/keys/*/name"
pattern = 'keys/([^/]+)$'

[[link]]
child = "/issued/*/key"
parent = "/caller"

[[link]]
child = "/issued/*/key"
parent = "/issued/*/role"
parent_pattern = '^role:(.+)$'

[[link]]
child = "/secret"
parent = "/put"
previous = "PREVIOUS"

[[also]]
uid = ["/secret", "/version"]
with = ":"
kind = "refresh"
layer = "runtime"

[[kind]]
when = { "/path" = ["/made"] }
kind = "declare"

[outcomes]
absent = "success"

[outcome_hints]
status = ["/status"]

[[outcome]]
when = { "/path" = ['/login$/'], "/note" = ["no"] }
outcome = "auth_failure"

[[outcome]]
when = { "/cache" = ["HIT"] }
outcome = "none"
"#;

fn check(record: &str, expected: impl Fn(&Mapped<'_>)) {
    let profile =
        load("own.toml", PROFILE).unwrap_or_else(|mistakes| panic!("{}", mistakes.lines()));
    let reading = ProfileReading::new(profile, []);
    let mut fields = Fields::new();
    json::pick_checked(record, &reading.picks, &mut fields).expect("a record");
    reading.join(&mut fields);
    let bounds = TimeBounds::around(Timestamp(0));
    expected(&apply(&reading, &fields, bounds));
}

#[test]
fn a_join_needs_all_of_its_pieces() {
    check(r#"{"trace":"t","span":"s"}"#, |mapped| {
        assert_eq!(mapped.text(Column::EventId), Some("t:span:s"));
    });
    for record in [r#"{"span":"s"}"#, r#"{"trace":null,"span":"s"}"#, r#"{"trace":"-","span":"s"}"#]
    {
        check(record, |mapped| assert_eq!(mapped.text(Column::EventId), Some("s"), "{record}"));
    }
    check(r#"{"trace":"t"}"#, |mapped| assert_eq!(mapped.text(Column::EventId), None));
}

#[test]
fn an_expression_extracts_from_each_element_of_a_list() {
    check(r#"{"keys":[{"name":"a/keys/1"},{"name":"none"},{"name":"b/keys/2"}]}"#, |mapped| {
        assert_eq!(mapped.uids, ["1", "2"]);
    });
}

#[test]
fn a_folded_marker_is_added_to_the_marker_as_printed() {
    check(r#"{"serial":"3A0F","kid":"Key-A"}"#, |mapped| {
        assert_eq!(mapped.uids, ["3A0F", "3a0f", "Key-A"]);
    });
    check(r#"{"serial":"3a0f"}"#, |mapped| assert_eq!(mapped.uids, ["3a0f"]));
}

#[test]
fn a_duration_has_the_unit_of_its_field_and_is_never_negative() {
    for (record, expected) in [
        (r#"{"took":5}"#, Some(5.0)),
        (r#"{"took":-1,"seconds":0.25}"#, Some(250.0)),
        (r#"{"took":"soon"}"#, None),
        (r#"{"seconds":-0.5}"#, None),
        (r#"{"seconds":"inf"}"#, None),
    ] {
        check(record, |mapped| assert_eq!(mapped.measured.duration_ms, expected, "{record}"));
    }
}

#[test]
fn an_outcome_by_condition_counts_if_it_is_the_worst() {
    use super::ReportedOutcome::Known;
    use crate::model::Outcome::{AuthFailure, Success};
    for (record, expected) in [
        (r#"{"path":"/login","note":"no"}"#, AuthFailure),
        (r#"{"path":"/login","note":"yes"}"#, Success),
        (r#"{"note":"no"}"#, Success),
    ] {
        check(record, |mapped| assert_eq!(mapped.outcome, Known(expected), "{record}"));
    }
}

#[test]
fn each_issued_id_of_a_list_is_linked() {
    let record =
        r#"{"caller":"old","issued":[{"key":"a","role":"role:s1"},{"key":"b","role":"s2"}]}"#;
    check(record, |mapped| {
        assert_eq!(mapped.links, [("a", "old"), ("b", "old"), ("a", "s1"), ("b", "s1")]);
    });
    for record in [r#"{"issued":[{"key":"a"}]}"#, r#"{"caller":"old","issued":[]}"#] {
        check(record, |mapped| assert_eq!(mapped.links, [], "{record}"));
    }
}

#[test]
fn a_stage_of_a_secret_stands_for_the_version_before_one_that_the_record_names() {
    check(r#"{"secret":"db","put":"v2"}"#, |mapped| {
        assert_eq!(mapped.previous, [("db:PREVIOUS".to_owned(), "v2")]);
        assert_eq!(mapped.links, []);
    });
}

#[test]
fn a_named_marker_is_joined_of_all_its_fields() {
    check(r#"{"secret":"app/db","version":3}"#, |mapped| {
        let uids: Vec<&str> = mapped.named.iter().map(|named| named.uid.as_ref()).collect();
        assert_eq!((uids, mapped.uids.len()), (vec!["app/db:3"], 0));
    });
    for record in [r#"{"version":3}"#, r#"{"secret":"app/db"}"#] {
        check(record, |mapped| assert!(mapped.named.is_empty(), "{record}"));
    }
}

#[test]
fn a_condition_of_the_profile_rules_the_kind() {
    check(r#"{"path":"/made"}"#, |mapped| {
        assert_eq!((mapped.kind, mapped.kind_basis), (Some(Kind::Declare), KindBasis::Settled));
    });
    check(r#"{"path":"/used"}"#, |mapped| {
        assert_eq!(mapped.kind, None);
    });
}

#[test]
fn a_time_may_be_made_of_several_fields() {
    use crate::model::TimeBasis;
    check(r#"{"date":"2026-03-02","clock":"09:00:00","time":"2020-01-01T00:00:00"}"#, |mapped| {
        let super::RecordTime::At(when) = mapped.time else { panic!("{:?}", mapped.time) };
        assert_eq!(when.at.to_string(), "2026-03-02T09:00:00Z");
        assert_eq!(when.basis, TimeBasis::Exact);
    });
}

#[test]
fn what_nobody_checked_is_no_success() {
    use super::ReportedOutcome::Known;
    use crate::model::Outcome;
    for (record, expected) in [
        (r#"{"status":200}"#, Outcome::Success),
        (r#"{"status":304}"#, Outcome::Success),
        (r#"{"status":302}"#, Outcome::None),
        (r#"{"status":"307"}"#, Outcome::None),
        (r#"{"status":200,"cache":"HIT"}"#, Outcome::None),
        (r#"{"status":200,"cache":"MISS"}"#, Outcome::Success),
        (r#"{"status":401,"cache":"HIT"}"#, Outcome::AuthFailure),
        (r#"{"status":302,"path":"/login","note":"no"}"#, Outcome::AuthFailure),
        (r#"{"status":503,"cache":"HIT"}"#, Outcome::Failure),
    ] {
        check(record, |mapped| assert_eq!(mapped.outcome, Known(expected), "{record}"));
    }
}

#[test]
fn the_usual_stamp_is_read_like_any_other() {
    let bounds = TimeBounds::around(Timestamp(1_772_442_000_000_000));
    let read = |text: &str| timestamp::parse(text, None, bounds);
    for clock in [
        "2026-03-02T09:00:00",
        "2026-03-02T09:00:00.1",
        "2024-02-29T23:59:59.999999999",
        "2023-02-29T23:59:59",
        "2026-13-02T09:00:00",
        "2026-03-02T24:00:00",
        "2026-03-02T09:60:00",
        "2026-03-02T09:00:60",
        "2026-03-02T09:00:61",
        "2026-03-02T09:00:00.",
        "2026-03-02T09:00:00.12x",
        "2026-03-02T09:00:00,123",
        "2026-03-02 09:00:00",
        "2026-03-02T09:00",
        "0001-01-01T00:00:00",
        "9999-12-31T23:59:59",
        "+026-03-02T09:00:00",
    ] {
        assert_eq!(read(&format!("{clock}Z")), read(&format!("{clock}+00:00")), "{clock}");
    }
    assert_eq!(
        read("2026-03-02T09:00:00.25Z"),
        Some(When::exact(Timestamp(1_772_442_000_250_000)))
    );
}
