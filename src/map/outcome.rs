/*! Words of an outcome field, and what they mean. A word that nobody maps is told, never guessed. */

use crate::model::Outcome;
use crate::profile::OutcomeWords;

/// The words that mean the same everywhere, in lower case, `_` and `-` read as blanks.
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

/// What the word means to this source: its own words first, then those that mean the same everywhere.
pub fn read(word: &str, own: &OutcomeWords) -> Option<Outcome> {
    let word = word.trim();
    own.words
        .iter()
        .find(|(pattern, _)| fits(pattern, word))
        .map(|(_, outcome)| *outcome)
        .or_else(|| common(word))
        .or(own.otherwise)
}

/// What the word means everywhere.
pub fn common(word: &str) -> Option<Outcome> {
    if let Some(outcome) = http_status(word) {
        return Some(outcome);
    }
    let folded = word.to_ascii_lowercase().replace(['_', '-'], " ");
    WORDS.iter().find(|(known, _)| *known == folded).map(|(_, outcome)| *outcome)
}

/// An HTTP status code (RFC 9110): 2xx and 3xx went through, 401 and 407 refuse the credential, 403 the act.
pub fn http_status(word: &str) -> Option<Outcome> {
    let code = word.trim().split(' ').next().filter(|code| code.len() == 3)?;
    let code: u16 = code.parse().ok()?;
    match code {
        200..=399 => Some(Outcome::Success),
        401 | 407 => Some(Outcome::AuthFailure),
        403 => Some(Outcome::Denied),
        400..=599 => Some(Outcome::Failure),
        _ => None,
    }
}

/// What two fields of a record say together: the worse and the more exact of both. A refusal says more than a
/// failure, and a field that says nothing takes nothing back.
pub fn worse(one: Outcome, two: Outcome) -> Outcome {
    let rank = |outcome: Outcome| match outcome {
        Outcome::None => 0,
        Outcome::Success => 1,
        Outcome::Failure => 2,
        Outcome::Denied => 3,
        Outcome::AuthFailure => 4,
    };
    if rank(two) > rank(one) { two } else { one }
}

/// Is the word the pattern, in which `*` stands for anything?
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
    fn default_words_mean_what_the_design_says() {
        let none = OutcomeWords::default();
        for (word, outcome) in [
            ("success", Some(Outcome::Success)),
            ("OK", Some(Outcome::Success)),
            ("304", Some(Outcome::Success)),
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
            assert_eq!(read(word, &none), outcome, "{word}");
        }
    }

    #[test]
    fn a_source_has_words_of_its_own() {
        let own = OutcomeWords {
            absent: None,
            otherwise: Some(Outcome::Failure),
            words: vec![
                ("*.UnauthorizedOperation".into(), Outcome::Denied),
                ("done".into(), Outcome::Success),
            ],
        };
        assert_eq!(read("Client.UnauthorizedOperation", &own), Some(Outcome::Denied));
        assert_eq!(read("done", &own), Some(Outcome::Success));
        assert_eq!(read("ThrottlingException", &own), Some(Outcome::Failure));
    }

    #[test]
    fn of_two_fields_the_worse_holds() {
        assert_eq!(worse(Outcome::Failure, Outcome::AuthFailure), Outcome::AuthFailure);
        assert_eq!(worse(Outcome::Success, Outcome::AuthFailure), Outcome::AuthFailure);
        assert_eq!(worse(Outcome::AuthFailure, Outcome::Denied), Outcome::AuthFailure);
        assert_eq!(worse(Outcome::Failure, Outcome::Success), Outcome::Failure);
        assert_eq!(worse(Outcome::Success, Outcome::None), Outcome::Success);
    }
}
