/*! What a field may hold, by the words of its name and by what a value of it looks like. */

use crate::map::{RecordTime, record_time};
use crate::model::Outcome;
use crate::model::bounds::TimeBounds;
use crate::model::columns::Column;

/// The words in names of fields by the column that they speak of, the most telling first.
const WORDS: &[(Column, &[&str])] = &[
    (Column::UserAgent, &["agent", "useragent", "ua"]),
    (Column::ClientAddress, &["ip", "addr", "address", "ipaddr", "ipaddress", "remote", "peer"]),
    (
        Column::EventTime,
        &["time", "timestamp", "ts", "date", "datetime", "when", "stamp", "occurred", "logged"],
    ),
    (
        Column::Outcome,
        &[
            "status",
            "result",
            "outcome",
            "success",
            "ok",
            "decision",
            "verdict",
            "allowed",
            "authorized",
            "authenticated",
            "granted",
            "denied",
            "error",
            "err",
            "code",
            "rc",
        ],
    ),
    (
        Column::CredentialUid,
        &[
            "key",
            "kid",
            "token",
            "secret",
            "cred",
            "credential",
            "credentials",
            "cert",
            "certificate",
            "serial",
            "fingerprint",
            "thumbprint",
            "apikey",
            "accesskey",
            "keyid",
            "keyref",
            "secretref",
            "tokenid",
            "jti",
        ],
    ),
    (Column::ServiceInstanceId, &["pod", "instance", "container"]),
    (Column::HostName, &["host", "hostname", "node", "machine"]),
    (Column::Environment, &["env", "environment"]),
    (
        Column::Principal,
        &[
            "user",
            "username",
            "principal",
            "actor",
            "account",
            "login",
            "identity",
            "caller",
            "sub",
        ],
    ),
    (
        Column::ServiceName,
        &["service", "svc", "app", "application", "program", "client", "consumer", "worker"],
    ),
];

pub(super) fn rank(column: Column) -> usize {
    let order = [Column::EventTime, Column::CredentialUid, Column::Outcome];
    let by_name = || WORDS.iter().position(|(named, _)| *named == column).unwrap_or(WORDS.len());
    order.iter().position(|first| *first == column).unwrap_or_else(|| order.len() + by_name())
}

/// The column that a field may fill, by its name and by what a value of it looks like.
pub(super) fn column_of(pointer: &str, value: &str, bounds: TimeBounds<'_>) -> Option<Column> {
    let value = value.trim();
    if value.is_empty() || value.len() > VALUE_BYTES {
        return None;
    }
    let words = words_of(pointer);
    let is_time = || matches!(record_time(value, None, bounds), RecordTime::At(_));
    let fits = |column: Column| match column {
        Column::EventTime => is_time(),
        Column::CredentialUid => !is_flag(value) && !is_time(),
        Column::ClientAddress => {
            value.contains(['.', ':'])
                && value.starts_with(|c: char| c.is_ascii_hexdigit() || c == ':' || c == '[')
        }
        Column::Outcome => value.len() <= OUTCOME_BYTES && !value.contains('/'),
        _ => !is_flag(value),
    };
    let named = WORDS.iter().find(|(column, names)| {
        words.iter().any(|word| names.contains(&word.as_str())) && fits(*column)
    });
    // Of a full date and time the name does not matter.
    let is_stamp =
        || value.len() >= 16 && value.contains(':') && value.contains(['-', '/']) && is_time();
    // Seconds or milliseconds since 1970 that stand for themselves, about the time of all logs.
    let is_epoch = || {
        [10, 13].contains(&value.len())
            && value.bytes().all(|byte| byte.is_ascii_digit())
            && !words.iter().any(|word| word == "id")
            && is_time()
    };
    let is_dated = || is_stamp() || is_epoch();
    named.map(|(column, _)| *column).or_else(|| is_dated().then_some(Column::EventTime))
}

/// What the name of a field says of the time that it holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum TimeName {
    /// It is that of the record.
    OfRecord,
    /// Nothing.
    Silent,
    /// It is that of something else, such as a job or a key.
    OfAnother,
}

/// Words of times that are not when a record was written.
const OTHER_TIMES: [&str; 40] = [
    "created",
    "create",
    "creation",
    "issued",
    "issue",
    "due",
    "deadline",
    "expire",
    "expires",
    "expired",
    "expiry",
    "expiration",
    "exp",
    "iat",
    "nbf",
    "valid",
    "queued",
    "enqueued",
    "scheduled",
    "schedule",
    "start",
    "started",
    "begin",
    "began",
    "end",
    "ended",
    "finished",
    "completed",
    "updated",
    "modified",
    "changed",
    "next",
    "last",
    "previous",
    "first",
    "since",
    "until",
    "birth",
    "released",
    "job",
];

/// What a name says of the time that the field holds.
pub(super) fn time_name(pointer: &str) -> TimeName {
    let words = words_of(pointer);
    let has = |names: &[&str]| words.iter().any(|word| names.contains(&word.as_str()));
    let of_record = WORDS.iter().find(|(column, _)| *column == Column::EventTime);
    match (has(&OTHER_TIMES), of_record.is_some_and(|(_, names)| has(names))) {
        (true, _) => TimeName::OfAnother,
        (false, true) => TimeName::OfRecord,
        (false, false) => TimeName::Silent,
    }
}

/// A longer value is text, and names nothing.
const VALUE_BYTES: usize = 200;
/// A longer value is a message, and no word for an outcome.
const OUTCOME_BYTES: usize = 40;

fn is_flag(value: &str) -> bool {
    ["true", "false"].iter().any(|flag| value.eq_ignore_ascii_case(flag))
}

/// The words of the last step of a pointer in small letters; of a step that says nothing alone, with those before it.
fn words_of(pointer: &str) -> Vec<String> {
    const SAYS_NOTHING: [&str; 7] = ["id", "name", "value", "uid", "ref", "version", "v"];
    let mut words = Vec::new();
    for step in pointer.rsplit('/').filter(|step| !step.is_empty()) {
        let of_step = words_in(step);
        let is_empty = of_step.iter().all(|word| SAYS_NOTHING.contains(&word.as_str()));
        words.extend(of_step);
        if !is_empty {
            break;
        }
    }
    words
}

fn words_in(step: &str) -> Vec<String> {
    let mut words = vec![String::new()];
    let mut was_small = false;
    for sign in step.chars() {
        let begins = !sign.is_alphanumeric() || was_small && sign.is_uppercase();
        if begins {
            words.push(String::new());
        }
        if let Some(word) = words.last_mut().filter(|_| sign.is_alphanumeric()) {
            word.extend(sign.to_lowercase());
        }
        was_small = sign.is_lowercase() || sign.is_ascii_digit();
    }
    words.retain(|word| !word.is_empty());
    words
}

/// What a word that nobody maps may mean, by the words it is made of. It is a guess for people to check.
pub(super) fn outcome_of(word: &str) -> Outcome {
    const REFUSED: [&str; 7] =
        ["reject", "refus", "unauth", "expired", "revoked", "bad_", "badcred"];
    const DENIED: [&str; 3] = ["denied", "deny", "forbid"];
    const FAILED: [&str; 9] =
        ["fail", "err", "invalid", "timeout", "abort", "broken", "drop", "lost", "cancel"];
    let lower = word.to_lowercase();
    let has = |parts: &[&str]| parts.iter().any(|part| lower.contains(part));
    if has(&REFUSED) {
        Outcome::AuthFailure
    } else if has(&DENIED) {
        Outcome::Denied
    } else if has(&FAILED) {
        Outcome::Failure
    } else {
        Outcome::Success
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::Timestamp;

    #[test]
    fn a_field_is_known_by_its_name_and_its_value() {
        let bounds = TimeBounds::around(Timestamp(1_772_442_000_000_000));
        let check = |pointer: &str, value: &str, column: Option<Column>| {
            assert_eq!(column_of(pointer, value, bounds), column, "{pointer}: {value}");
        };
        check("/when", "2026-03-02T10:00:00Z", Some(Column::EventTime));
        check("/moment", "2026-03-02 10:00:00", Some(Column::EventTime));
        check("/moment", "1772445600", Some(Column::EventTime));
        check("/moment_id", "1772445600", None);
        check("/when", "soon", None);
        check("/sig/apiKeyRef", "k-17", Some(Column::CredentialUid));
        check("/token/id", "60411", Some(Column::CredentialUid));
        check("/token_valid", "true", None);
        check("/resultWord", "done", Some(Column::Outcome));
        check("/clientIp", "10.20.0.5", Some(Column::ClientAddress));
        check("/userAgentText", "curl/8.5", Some(Column::UserAgent));
        check("/callerSvc", "orders", Some(Column::Principal));
        check("/note", "hello", None);
    }

    #[test]
    fn an_outcome_is_guessed_from_the_parts_of_its_word() {
        assert_eq!(outcome_of("converted"), Outcome::Success);
        assert_eq!(outcome_of("TOKEN_REJECTED"), Outcome::AuthFailure);
        assert_eq!(outcome_of("access denied by policy"), Outcome::Denied);
        assert_eq!(outcome_of("upload_failed"), Outcome::Failure);
    }
}
