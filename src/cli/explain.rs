/*! `holdover explain`: the heading of a rule in the rules' documentation. */

use std::fmt::Write;

use crate::diag;
use crate::judge::RULES;

const DOCS: &str = include_str!("../../docs/rules.md");

/// The documentation of a rule: its heading and all up to the next.
pub(super) fn rule(name: &str) -> Option<String> {
    let mut lines = DOCS.lines().skip_while(|line| line.strip_prefix("## ") != Some(name));
    let heading = lines.next()?;
    let body = lines.take_while(|line| !line.starts_with("## ") && !line.starts_with("# "));
    let mut text = heading.trim_start_matches("## ").to_owned();
    for line in body {
        text.push('\n');
        text.push_str(line);
    }
    Some(format!("{}\n", text.trim_end()))
}

/// All rules with what they do to the verdict.
pub(super) fn list() -> String {
    let mut text = String::new();
    for rule in RULES {
        let _infallible = writeln!(text, "{:<10} {}", rule.severity().word(), rule.code());
    }
    text
}

/// The known rule that is nearest to a word.
pub(super) fn nearest(name: &str) -> Option<&'static str> {
    diag::nearest(name, RULES.iter().map(|rule| rule.code()))
}
