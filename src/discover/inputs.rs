/*! What an input is called where its records do not say who made them: by its file, or by its folder. */

use std::path::Path;

use crate::scan::file_series;

/// Names of files that every program uses.
const COMMON: [&str; 16] = [
    "access", "app", "audit", "calls", "current", "data", "error", "events", "export", "log",
    "logs", "messages", "output", "part", "requests", "stdout",
];

/// One input of a discovery.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FoundInput {
    /// The path as given.
    pub path: String,
    /// What a consumer is called of which only the file is known.
    pub label: String,
}

impl FoundInput {
    /// An input by its path.
    pub fn new(path: String) -> Self {
        let label = label(&path);
        Self { path, label }
    }
}

fn label(path: &str) -> String {
    if path == "-" {
        return "stdin".to_owned();
    }
    let inner = path.rsplit('!').next().unwrap_or(path);
    let series = file_series::cleaned(&file_series::of(&[inner.to_owned()], None));
    let mut stem = series.as_str();
    while let Some(shorter) = Path::new(stem).file_stem().and_then(|stem| stem.to_str())
        && shorter.len() < stem.len()
    {
        stem = shorter;
    }
    let folder = Path::new(inner).parent().and_then(Path::file_name).and_then(|name| name.to_str());
    let has_word = stem.chars().filter(|sign| sign.is_alphabetic()).count() > 2;
    match folder {
        Some(folder) if !has_word || COMMON.contains(&stem.to_lowercase().as_str()) => {
            folder.to_owned()
        }
        _ if stem.is_empty() => "consumer".to_owned(),
        _ => stem.to_owned(),
    }
}

/// Patterns that fit these paths and none of the others: one pattern if what differs is one part of the name,
/// otherwise the paths themselves.
pub(super) fn patterns(paths: &[&str], others: &[&str]) -> Vec<String> {
    let all = || paths.iter().map(|path| escaped(path)).collect();
    let Some((first, rest)) = paths.split_first().filter(|(_, rest)| !rest.is_empty()) else {
        return all();
    };
    let common = |signs: &mut dyn Iterator<Item = (char, char)>| {
        signs.take_while(|(one, other)| one == other).map(|(sign, _)| sign.len_utf8()).sum()
    };
    let starts = rest.iter().map(|path| common(&mut first.chars().zip(path.chars())));
    let start = starts.min().unwrap_or(0);
    let ends = rest.iter().map(|path| common(&mut first.chars().rev().zip(path.chars().rev())));
    let shortest = paths.iter().map(|path| path.len()).min().unwrap_or(0);
    let end: usize = ends.min().unwrap_or(0).min(shortest - start);
    let (before, after) = (&first[..start], &first[first.len() - end..]);
    let between = |path: &str| {
        let fits = path.len() >= start + end && path.starts_with(before) && path.ends_with(after);
        fits && !path[start..path.len() - end].contains('/')
    };
    let is_clear = before.rsplit('/').next().is_some_and(|name| name.len() > 2)
        || before.ends_with('/') && before.len() > 1;
    if is_clear
        && paths.iter().all(|path| between(path))
        && !others.iter().any(|path| between(path))
    {
        return vec![format!("{}*{}", escaped(before), escaped(after))];
    }
    all()
}

/// A path as a pattern that fits it alone.
fn escaped(path: &str) -> String {
    let mut pattern = String::with_capacity(path.len());
    for sign in path.chars() {
        if "*?[]{}!\\".contains(sign) && sign != '!' {
            pattern.extend(['[', sign, ']']);
        } else {
            pattern.push(sign);
        }
    }
    pattern
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_is_called_by_what_it_alone_has() {
        for (path, label) in [
            ("logs/retry-worker-2026-03-02.log.gz", "retry-worker"),
            ("logs/bigfile/access.log", "bigfile"),
            ("logs/bigfile/2026-03-02.jsonl", "bigfile"),
            ("nightly.jsonl", "nightly"),
            ("a.zip!jobs/nightly.jsonl", "nightly"),
            ("-", "stdin"),
        ] {
            assert_eq!(super::label(path), label, "{path}");
        }
    }

    #[test]
    fn a_pattern_fits_nothing_else() {
        let paths = ["logs/job-2026-03-01.log", "logs/job-2026-03-02.log"];
        assert_eq!(patterns(&paths, &["logs/web.log"]), ["logs/job-2026-03-0*.log"]);
        assert_eq!(patterns(&paths, &["logs/job-2026-03-03.log"]), paths);
        assert_eq!(patterns(&["a[1].log"], &[]), ["a[[]1[]].log"]);
        assert_eq!(patterns(&["x/a.log", "y/b.log"], &[]), ["x/a.log", "y/b.log"]);
    }
}
