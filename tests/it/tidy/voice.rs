/*! The worst habits of the voice, and documentation that repeats the name. CONTRIBUTING.md has the rules. */

use std::path::Path;

use super::File;
use super::code::{prose_only, words};

/// Each habit with the better words.
const HABITS: &[(&str, &str)] = &[
    ("so many", "`at most N`"),
    ("as far as", "`if`, `where` or `up to`"),
    ("whoever", "`who` or `anybody who`"),
    ("is none", "`is not a …`"),
    ("are none", "`are not …`"),
    ("beside", "`next to`, `with` or `besides`"),
    ("is told", "who does it: `the report says`"),
    ("are told", "who does it: `the report says`"),
    ("what it tells", "`what it says`"),
    ("is no leave", "`does not permit`"),
    ("of one's own", "`of your own`"),
    ("mend", "`fix`"),
    ("mended", "`fixed`"),
    ("heal", "`recover`"),
    ("heals", "`recovers`"),
    ("healed", "`recovered`"),
    ("launched anew", "`relaunched`"),
    ("made anew", "`made again`"),
    ("so far as", "`if` or `where`"),
];

/// Sentences in which a habit means what it says.
const FINE: &[&str] = &["there is none", "there are none", "told apart"];

pub(super) fn habits(texts: &[File]) -> Vec<String> {
    let mut complaints = Vec::new();
    for File { path, text } in texts {
        let prose = if Path::new(path).extension().is_some_and(|ending| ending == "rs") {
            prose_only(text)
        } else {
            text.clone()
        };
        for (number, line) in (1..).zip(prose.lines()) {
            // Python's `is None` is not English.
            let mut line = line.replace("is None", "").to_lowercase();
            for fine in FINE {
                line = line.replace(fine, "");
            }
            for (habit, better) in HABITS {
                if words(&line, habit).next().is_some() {
                    complaints.push(format!("{path}:{number}: `{habit}`: write {better}"));
                }
            }
        }
    }
    complaints
}

/// A line of documentation that only repeats the name of its item tells a reader nothing.
pub(super) fn echoes(sources: &[File]) -> Vec<String> {
    let mut complaints = Vec::new();
    for File { path, text } in sources {
        let lines: Vec<&str> = text.lines().map(str::trim).collect();
        for (at, line) in lines.iter().enumerate() {
            let Some(says) = line.strip_prefix("/// ").and_then(|says| says.strip_suffix('.'))
            else {
                continue;
            };
            let is_one_line = at == 0 || !lines[at - 1].starts_with("///");
            let item = lines[at + 1..].iter().find(|next| !next.starts_with("#["));
            let item = item.map(|item| name_of(item)).unwrap_or_default();
            let says = bare(says);
            if is_one_line && !says.is_empty() && says == bare(&item.replace('_', " ")) {
                complaints.push(format!("{path}:{}: `{line}` repeats the name", at + 1));
            }
        }
    }
    complaints
}

/// The name that a line declares.
fn name_of(item: &str) -> &str {
    let words =
        item.split(|c: char| !(c.is_alphanumeric() || c == '_')).filter(|word| !word.is_empty());
    let keywords = [
        "pub", "crate", "super", "fn", "struct", "enum", "const", "static", "type", "trait", "mod",
    ];
    words.into_iter().find(|word| !keywords.contains(word)).unwrap_or_default()
}

/// Words without articles and possessives, case and plural.
fn bare(words: &str) -> String {
    let small = ["the", "a", "an", "its", "their", "this", "of"];
    let words = words.split_whitespace().map(str::to_lowercase);
    let words = words.filter(|word| !small.contains(&word.as_str()));
    words.map(|word| word.trim_end_matches('s').to_owned()).collect()
}
