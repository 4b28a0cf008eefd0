/*! The words of outcome fields, and what they mean. A word that is not mapped is reported, never guessed. */

use super::absent::is_absent;
use crate::model::Outcome;
use crate::profile::OutcomeWords;

/// What one field says of the outcome, in the order in which one field overrules another: of different fields of a
/// record the worst counts, and a refusal is more exact than a failure.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Answer {
    /// Nothing: a severity, or a word for not knowing.
    Silent,
    Success,
    /// The request was answered, and nobody checked the credential: a redirect, an answer from a cache.
    Unchecked,
    Failure,
    Denied,
    AuthFailure,
}

impl Answer {
    /// What a word of an outcome says.
    pub(super) fn of_word(outcome: Outcome) -> Self {
        match outcome {
            Outcome::None => Self::Silent,
            Outcome::Success => Self::Success,
            Outcome::Failure => Self::Failure,
            Outcome::Denied => Self::Denied,
            Outcome::AuthFailure => Self::AuthFailure,
        }
    }

    /// What a condition of a profile says: that a use has no outcome is a statement, too.
    pub(super) fn of_condition(outcome: Outcome) -> Self {
        if outcome == Outcome::None { Self::Unchecked } else { Self::of_word(outcome) }
    }

    pub(super) fn outcome(self) -> Outcome {
        match self {
            Self::Silent | Self::Unchecked => Outcome::None,
            Self::Success => Outcome::Success,
            Self::Failure => Outcome::Failure,
            Self::Denied => Outcome::Denied,
            Self::AuthFailure => Outcome::AuthFailure,
        }
    }
}

/// The words that mean the same in every source: in lower case, with blanks for `_` and `-`.
const WORDS: &[(&str, Outcome)] = &[
    ("success", Outcome::Success),
    ("succeeded", Outcome::Success),
    ("successful", Outcome::Success),
    ("ok", Outcome::Success),
    ("true", Outcome::Success),
    ("unauthorized", Outcome::AuthFailure),
    ("unauthenticated", Outcome::AuthFailure),
    ("auth failure", Outcome::AuthFailure),
    ("auth failed", Outcome::AuthFailure),
    ("authentication failure", Outcome::AuthFailure),
    ("authentication failed", Outcome::AuthFailure),
    ("invalid credentials", Outcome::AuthFailure),
    ("invalid credential", Outcome::AuthFailure),
    ("invalid token", Outcome::AuthFailure),
    ("invalid auth", Outcome::AuthFailure),
    ("invalid key", Outcome::AuthFailure),
    ("invalid api key", Outcome::AuthFailure),
    ("expired token", Outcome::AuthFailure),
    ("token expired", Outcome::AuthFailure),
    ("forbidden", Outcome::Denied),
    ("denied", Outcome::Denied),
    ("access denied", Outcome::Denied),
    ("permission denied", Outcome::Denied),
    ("error", Outcome::Failure),
    ("failure", Outcome::Failure),
    ("failed", Outcome::Failure),
    ("fail", Outcome::Failure),
    ("false", Outcome::Failure),
    ("timeout", Outcome::Failure),
    ("none", Outcome::None),
    ("unknown", Outcome::None),
];

/// What a word means in a source: the source's words come first, then those of every source.
pub(super) fn meaning(word: &str, source: &OutcomeWords) -> Option<Answer> {
    let word = word.trim();
    source
        .words
        .iter()
        .find(|(pattern, _)| fits(pattern, word))
        .map(|(_, outcome)| Answer::of_word(*outcome))
        .or_else(|| common(word))
        .or(source.otherwise.map(Answer::of_word))
}

/// What a word means in every source.
pub(super) fn common(word: &str) -> Option<Answer> {
    if let Some(answer) = http_status(word) {
        return Some(answer);
    }
    let folded = word.to_ascii_lowercase().replace(['_', '-'], " ");
    let known = WORDS.iter().find(|(common, _)| *common == folded);
    known.map(|(_, outcome)| Answer::of_word(*outcome))
}

/// What a field says that holds nothing but a status.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum StatusWord {
    Known(Answer),
    /// Nobody answered, or nobody knows of it.
    Nothing,
    /// A word that nobody knows.
    Unknown,
}

impl StatusWord {
    /// What a text says. `read`: what it says as a status. Another word may be one of the source, or one that means the
    /// same everywhere.
    pub(super) fn of(text: &str, read: Option<Answer>, source: &OutcomeWords) -> Self {
        let text = text.trim();
        let is_number = text.bytes().all(|sign| sign.is_ascii_digit() || b"+-.,: ".contains(&sign));
        match read {
            Some(answer) => Self::Known(answer),
            None if is_number || is_absent(text) => Self::Nothing,
            // Python writes the name of the constant.
            None => meaning(text.strip_prefix("HTTPStatus.").unwrap_or(text), source)
                .map_or(Self::Unknown, Self::Known),
        }
    }
}

/// An HTTP status code (RFC 9110), alone or in a status line: `401 Unauthorized`, `HTTP/1.1 401`. A table of numbers
/// may write `401.0`. A redirect asks the caller to go elsewhere, so nobody has accepted anything; 304 and 101 come
/// after a check. 401 and 407 refuse the credential, 403 the action.
pub(super) fn http_status(word: &str) -> Option<Answer> {
    let mut words = word.split_ascii_whitespace();
    let code = words.next()?;
    let code = if code.starts_with("HTTP/") { words.next()? } else { code };
    let code = whole(code);
    let code: u16 = code.parse().ok().filter(|_| code.len() == 3)?;
    match code {
        101 | 200..=299 | 304 => Some(Answer::Success),
        300..=399 => Some(Answer::Unchecked),
        401 | 407 => Some(Answer::AuthFailure),
        403 => Some(Answer::Denied),
        400..=599 => Some(Answer::Failure),
        _ => None,
    }
}

/// A status of HTTP by its name, as .NET writes it, or by its class. `4xx` may be a refusal.
pub(super) fn status_name(word: &str) -> Option<Answer> {
    let name = word.trim().replace([' ', '_', '-'], "").to_ascii_lowercase();
    match name.as_str() {
        "ok" | "created" | "accepted" | "nocontent" | "partialcontent" | "notmodified" | "2xx" => {
            Some(Answer::Success)
        }
        "unauthorized" | "proxyauthenticationrequired" => Some(Answer::AuthFailure),
        "forbidden" => Some(Answer::Denied),
        "badrequest"
        | "notfound"
        | "methodnotallowed"
        | "conflict"
        | "unprocessableentity"
        | "toomanyrequests"
        | "internalservererror"
        | "badgateway"
        | "serviceunavailable"
        | "gatewaytimeout"
        | "5xx" => Some(Answer::Failure),
        _ => None,
    }
}

/// A number without a fraction that is zero.
fn whole(number: &str) -> &str {
    match number.split_once('.') {
        Some((whole, fraction)) if fraction.bytes().all(|digit| digit == b'0') => whole,
        Some(_) | None => number,
    }
}

/// The last of several attempts in one field, which was answered: nginx writes `502, 200`, and `302 : 200` for
/// redirects within the server.
pub(super) fn last_status(text: &str) -> Option<Answer> {
    let statuses = text.rsplit([',', ':']).map(str::trim);
    statuses.filter(|status| !status.is_empty() && *status != "-").find_map(http_status)
}

/// A status of gRPC by number, by name, or by both: `16 UNAUTHENTICATED` in Node, `StatusCode.UNAUTHENTICATED` in
/// Python. A number is one only in a field that a profile names as such.
pub(super) fn grpc_status(word: &str) -> Option<Answer> {
    const NAMES: [&str; 17] = [
        "OK",
        "CANCELLED",
        "UNKNOWN",
        "INVALIDARGUMENT",
        "DEADLINEEXCEEDED",
        "NOTFOUND",
        "ALREADYEXISTS",
        "PERMISSIONDENIED",
        "RESOURCEEXHAUSTED",
        "FAILEDPRECONDITION",
        "ABORTED",
        "OUTOFRANGE",
        "UNIMPLEMENTED",
        "INTERNAL",
        "UNAVAILABLE",
        "DATALOSS",
        "UNAUTHENTICATED",
    ];
    let word = word.trim();
    let (first, rest) = word.split_once([' ', ':']).unwrap_or((word, ""));
    let code_of_name = |name: &str| {
        let name = name.rsplit('.').next().unwrap_or_default();
        let name = name.replace(['_', ' '], "").to_ascii_uppercase();
        let name = if name == "CANCELED" { "CANCELLED" } else { &name };
        NAMES.iter().position(|known| *known == name)
    };
    let code = whole(first).parse().ok().filter(|code| {
        let rest = rest.trim_start_matches([' ', ':']);
        rest.is_empty()
            || code_of_name(rest.split([' ', ':']).next().unwrap_or_default()) == Some(*code)
    });
    match code.or_else(|| code_of_name(word))? {
        0 => Some(Answer::Success),
        7 => Some(Answer::Denied),
        16 => Some(Answer::AuthFailure),
        1..=15 => Some(Answer::Failure),
        _ => None,
    }
}

/// Does the word fit the pattern, in which `*` stands for any text?
fn fits(pattern: &str, word: &str) -> bool {
    match pattern.split_once('*') {
        None => pattern.eq_ignore_ascii_case(word),
        Some((head, tail)) => {
            word.len() >= head.len() + tail.len()
                && word.as_bytes()[..head.len()].eq_ignore_ascii_case(head.as_bytes())
                && word.as_bytes()[word.len() - tail.len()..].eq_ignore_ascii_case(tail.as_bytes())
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn common_words_mean_what_the_design_says() {
        let no_words = OutcomeWords::default();
        for (word, outcome) in [
            ("success", Some(Outcome::Success)),
            ("OK", Some(Outcome::Success)),
            ("304", Some(Outcome::Success)),
            ("302", Some(Outcome::None)),
            ("308 Permanent Redirect", Some(Outcome::None)),
            ("101", Some(Outcome::Success)),
            ("401", Some(Outcome::AuthFailure)),
            ("Expired-Token", Some(Outcome::AuthFailure)),
            ("403", Some(Outcome::Denied)),
            ("access_denied", Some(Outcome::Denied)),
            ("429", Some(Outcome::Failure)),
            ("503", Some(Outcome::Failure)),
            ("false", Some(Outcome::Failure)),
            ("perhaps", None),
            ("2000", None),
        ] {
            assert_eq!(meaning(word, &no_words).map(Answer::outcome), outcome, "{word}");
        }
    }

    #[test]
    fn the_words_of_a_source_come_first() {
        let source = OutcomeWords {
            absent: None,
            otherwise: Some(Outcome::Failure),
            words: vec![
                ("*.UnauthorizedOperation".into(), Outcome::Denied),
                ("done".into(), Outcome::Success),
            ],
        };
        assert_eq!(meaning("Client.UnauthorizedOperation", &source), Some(Answer::Denied));
        assert_eq!(meaning("done", &source), Some(Answer::Success));
        assert_eq!(meaning("ThrottlingException", &source), Some(Answer::Failure));
    }

    #[test]
    fn what_nobody_checked_is_no_success_and_no_failure() {
        assert!(Answer::Success < Answer::Unchecked && Answer::Unchecked < Answer::Failure);
        assert_eq!(Answer::Unchecked.outcome(), Outcome::None);
        assert_eq!(Answer::of_condition(Outcome::None), Answer::Unchecked);
        assert_eq!(Answer::of_word(Outcome::None), Answer::Silent);
    }

    #[test]
    fn the_last_of_several_attempts_was_answered() {
        for (text, answer) in [
            ("502, 200", Some(Answer::Success)),
            ("200, 401", Some(Answer::AuthFailure)),
            ("401, -", Some(Answer::AuthFailure)),
            ("302 : 200", Some(Answer::Success)),
            ("HTTP/1.1 401 Unauthorized", Some(Answer::AuthFailure)),
            ("200.0", Some(Answer::Success)),
            ("200.5", None),
            ("HTTP/1.1", None),
            ("-", None),
            ("", None),
        ] {
            assert_eq!(last_status(text), answer, "{text}");
        }
    }

    #[test]
    fn another_word_in_a_status_is_one_that_is_known_or_unknown() {
        let source = OutcomeWords {
            words: vec![("fine".into(), Outcome::Success)],
            ..OutcomeWords::default()
        };
        for (text, said) in [
            ("fine", StatusWord::Known(Answer::Success)),
            ("HTTPStatus.FORBIDDEN", StatusWord::Known(Answer::Denied)),
            ("0", StatusWord::Nothing),
            ("-, -", StatusWord::Nothing),
            ("", StatusWord::Nothing),
            ("refused by the broker", StatusWord::Unknown),
        ] {
            assert_eq!(StatusWord::of(text, last_status(text), &source), said, "{text}");
        }
    }

    #[test]
    fn a_status_by_its_name_is_one() {
        assert_eq!(status_name("NoContent"), Some(Answer::Success));
        assert_eq!(status_name("Unauthorized"), Some(Answer::AuthFailure));
        assert_eq!(status_name("Service Unavailable"), Some(Answer::Failure));
        assert_eq!([status_name("4xx"), status_name("sure")], [None, None]);
    }

    #[test]
    fn grpc_codes_are_read_by_number_and_name() {
        for (word, answer) in [
            ("0", Some(Answer::Success)),
            ("Ok", Some(Answer::Success)),
            ("16", Some(Answer::AuthFailure)),
            ("Unauthenticated", Some(Answer::AuthFailure)),
            ("PERMISSION_DENIED", Some(Answer::Denied)),
            ("Canceled", Some(Answer::Failure)),
            ("14", Some(Answer::Failure)),
            ("StatusCode.UNAUTHENTICATED", Some(Answer::AuthFailure)),
            ("16 UNAUTHENTICATED", Some(Answer::AuthFailure)),
            ("7: permission_denied", Some(Answer::Denied)),
            ("16.0", Some(Answer::AuthFailure)),
            ("16 OK", None),
            ("0 errors", None),
            ("17", None),
            ("-", None),
        ] {
            assert_eq!(grpc_status(word), answer, "{word}");
        }
    }
}
