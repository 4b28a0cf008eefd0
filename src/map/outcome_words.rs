/*! The words of outcome fields, and what they mean. A word that is not mapped is reported, never guessed. */

use crate::model::Outcome;
use crate::profile::OutcomeWords;

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
pub(super) fn meaning(word: &str, source: &OutcomeWords) -> Option<Outcome> {
    let word = word.trim();
    source
        .words
        .iter()
        .find(|(pattern, _)| fits(pattern, word))
        .map(|(_, outcome)| *outcome)
        .or_else(|| common(word))
        .or(source.otherwise)
}

/// What a word means in every source.
pub(super) fn common(word: &str) -> Option<Outcome> {
    if let Some(outcome) = http_status(word) {
        return Some(outcome);
    }
    let folded = word.to_ascii_lowercase().replace(['_', '-'], " ");
    WORDS.iter().find(|(common, _)| *common == folded).map(|(_, outcome)| *outcome)
}

/// An HTTP status code (RFC 9110): 2xx and 304 are success, 401 and 407 refuse the credential, 403 the action. Any
/// other 3xx sends the caller elsewhere, to a login page perhaps: nobody accepted anything.
pub(super) fn http_status(word: &str) -> Option<Outcome> {
    let code = word.trim().split(' ').next().filter(|code| code.len() == 3)?;
    let code: u16 = code.parse().ok()?;
    match code {
        200..=299 | 304 => Some(Outcome::Success),
        300..=399 => Some(Outcome::None),
        401 | 407 => Some(Outcome::AuthFailure),
        403 => Some(Outcome::Denied),
        400..=599 => Some(Outcome::Failure),
        _ => None,
    }
}

/// Does the word, which means no outcome, say that nobody checked the credential, whatever else the record says? A
/// redirect does.
pub(super) fn is_unchecked(word: &str) -> bool {
    http_status(word) == Some(Outcome::None)
}

/// The outcome of two fields of a record together: the worse one. A refusal is more exact than a failure, and a field
/// without an outcome changes nothing.
pub(super) fn worse(left: Outcome, right: Outcome) -> Outcome {
    let rank = |outcome: Outcome| match outcome {
        Outcome::None => 0,
        Outcome::Success => 1,
        Outcome::Failure => 2,
        Outcome::Denied => 3,
        Outcome::AuthFailure => 4,
    };
    if rank(right) > rank(left) { right } else { left }
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
            assert_eq!(meaning(word, &no_words), outcome, "{word}");
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
        assert_eq!(meaning("Client.UnauthorizedOperation", &source), Some(Outcome::Denied));
        assert_eq!(meaning("done", &source), Some(Outcome::Success));
        assert_eq!(meaning("ThrottlingException", &source), Some(Outcome::Failure));
    }

    #[test]
    fn the_worse_of_two_outcomes_holds() {
        assert_eq!(worse(Outcome::Failure, Outcome::AuthFailure), Outcome::AuthFailure);
        assert_eq!(worse(Outcome::Success, Outcome::AuthFailure), Outcome::AuthFailure);
        assert_eq!(worse(Outcome::AuthFailure, Outcome::Denied), Outcome::AuthFailure);
        assert_eq!(worse(Outcome::Failure, Outcome::Success), Outcome::Failure);
        assert_eq!(worse(Outcome::Success, Outcome::None), Outcome::Success);
    }
}
