/*! What the rules of a profile make of a record. */

use super::{Mapped, Reading, apply};
use crate::ingest::Fields;
use crate::ingest::decode::json;
use crate::model::Timestamp;
use crate::model::bounds::TimeBounds;
use crate::model::columns::Column;
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

[[extract]]
column = "credential_uid"
from = "/keys/*/name"
pattern = 'keys/([^/]+)$'

[outcomes]
absent = "success"

[[outcome]]
when = { "/path" = ['/login$/'], "/note" = ["no"] }
outcome = "auth_failure"
"#;

fn check(record: &str, expected: impl Fn(&Mapped<'_>)) {
    let profile = load("own.toml", PROFILE).unwrap_or_else(|found| panic!("{}", found.lines()));
    let reading = Reading::new(profile, []);
    let mut fields = Fields::new();
    json::pick_checked(record, &reading.picks, &mut fields).expect("a record");
    reading.join(&mut fields);
    let bounds = TimeBounds::around(Timestamp(0));
    expected(&apply(&reading, &fields, bounds));
}

#[test]
fn an_id_is_joined_of_all_its_pieces_or_of_none() {
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
fn a_part_is_taken_of_every_element() {
    check(r#"{"keys":[{"name":"a/keys/1"},{"name":"none"},{"name":"b/keys/2"}]}"#, |mapped| {
        assert_eq!(mapped.uids, ["1", "2"]);
    });
}

#[test]
fn another_spelling_stands_beside_the_marker_as_printed() {
    check(r#"{"serial":"3A0F","kid":"Key-A"}"#, |mapped| {
        assert_eq!(mapped.uids, ["3A0F", "3a0f", "Key-A"]);
    });
    check(r#"{"serial":"3a0f"}"#, |mapped| assert_eq!(mapped.uids, ["3a0f"]));
}

#[test]
fn a_duration_is_of_its_unit_and_never_negative() {
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
fn an_outcome_by_condition_is_one_of_those_of_which_the_worst_holds() {
    use super::ReportedOutcome::Known;
    use crate::model::Outcome::{AuthFailure, Success};
    for (record, expected) in [
        (r#"{"path":"/login","note":"no"}"#, AuthFailure),
        (r#"{"path":"/login","note":"yes"}"#, Success),
        (r#"{"note":"no"}"#, Success),
    ] {
        check(record, |mapped| assert_eq!(mapped.told, Known(expected), "{record}"));
    }
}
