/*! Is a text of the plan an answer, or what a draft wrote in its place? */

/// What drafts and people write where an answer is to come, in small letters.
const PLACEHOLDERS: [&str; 26] = [
    "which team",
    "who may revoke",
    "how to restore the old version",
    "your team",
    "team name",
    "name of the team",
    "owner name",
    "someone",
    "somebody",
    "nobody",
    "none",
    "unknown",
    "undecided",
    "not set",
    "n/a",
    "na",
    "nil",
    "null",
    "empty",
    "fill in",
    "fill me in",
    "changeme",
    "change me",
    "placeholder",
    "example",
    "xxx",
];

/// Words that open a note to come back later.
const NOTES: [&str; 6] = ["todo", "tbd", "tba", "tbc", "fixme", "confirm"];

/// Does the text leave unsaid what it should say? So do an absent text, a blank one and a placeholder.
pub fn is_unsaid(text: Option<&str>) -> bool {
    let Some(text) = text else { return true };
    let is_framed = [('<', '>'), ('[', ']'), ('{', '}')].iter().any(|(open, close)| {
        let text = text.trim();
        text.len() > 1 && text.starts_with(*open) && text.ends_with(*close)
    });
    let spoken = text.to_lowercase();
    let words: Vec<&str> = spoken
        .split(|c: char| c.is_whitespace() || c == '_' || c == '-')
        .map(|word| word.trim_matches(|c: char| !c.is_alphanumeric()))
        .filter(|word| !word.is_empty())
        .collect();
    let is_note = words.first().is_some_and(|first| NOTES.contains(first));
    words.is_empty() || is_framed || is_note || PLACEHOLDERS.contains(&words.join(" ").as_str())
}

#[cfg(test)]
mod tests {
    use super::is_unsaid;

    #[test]
    fn placeholders_are_no_answers() {
        for text in [
            "",
            "  ",
            "?",
            "-",
            "...",
            "which team",
            "Which team?",
            "who may revoke",
            "TODO",
            "TODO: ask Ana",
            "tbd",
            "FIXME",
            "<owner>",
            "[team]",
            "{{ owner }}",
            "n/a",
            "N/A",
            "None",
            "unknown",
            "change-me",
            "CHANGE_ME",
            "how to restore the old version",
        ] {
            assert!(is_unsaid(Some(text)), "{text}");
        }
        assert!(is_unsaid(None));
    }

    #[test]
    fn answers_are_answers() {
        for text in [
            "documents-team",
            "the team that owns todo-service",
            "platform-security",
            "re-enable v1 at the provider",
            "none needed: v1 stays enabled at the provider for 7 days",
            "todos-team",
            "チーム",
            "A",
        ] {
            assert!(!is_unsaid(Some(text)), "{text}");
        }
    }
}
