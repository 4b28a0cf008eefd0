/*! A regular expression of a profile. It is compiled when it is first used: a run uses few of the expressions in the
 * built-in profiles, and compiling all of them took almost half of a short run.
 */

use std::fmt;
use std::ops::Deref;
use std::sync::{Arc, OnceLock};

use regex::Regex;

/// A valid regular expression. `\d` in it is one of the ten digits `0` to `9`: logs write their times and numbers with
/// them, and to compile the digits of all scripts took most of the time of a short run.
#[derive(Clone)]
pub struct Expression(Arc<DeferredRegex>);

struct DeferredRegex {
    text: String,
    compiled: OnceLock<Regex>,
}

impl Expression {
    /// Compiles a text that may be invalid.
    pub fn new(text: &str) -> Result<Self, regex::Error> {
        // A text that is not an expression must not become one.
        if regex_syntax::parse(text).is_err() {
            Regex::new(text)?;
        }
        let compiled = OnceLock::from(Regex::new(&with_ten_digits(text))?);
        Ok(Self(Arc::new(DeferredRegex { text: text.to_owned(), compiled })))
    }

    /// Takes an expression of a built-in profile without compiling it. A test compiles each of them.
    pub(super) fn of_built_in(text: &str) -> Self {
        Self(Arc::new(DeferredRegex { text: text.to_owned(), compiled: OnceLock::new() }))
    }

    /// Whether it has a group. One that is not compiled yet is built in, and has what its profile needs.
    pub(super) fn has_group(&self) -> bool {
        self.0.compiled.get().is_none_or(|regex| regex.captures_len() > 1)
    }

    /// The text of the expression, which needs no compiling.
    pub fn text(&self) -> &str {
        &self.0.text
    }

    /// The same as a text that means this to a library for regular expressions, which knows digits of all scripts.
    pub fn with_ten_digits(&self) -> String {
        with_ten_digits(&self.0.text)
    }
}

/// An expression in which each `\d`, within brackets or not, is written as the ten digits.
pub fn with_ten_digits(text: &str) -> String {
    let mut out = String::with_capacity(text.len() * 2);
    let mut rest = text;
    while let Some(at) = rest.find('\\') {
        out.push_str(&rest[..at]);
        let escape_end =
            rest[at + 1..].chars().next().map_or(at + 1, |next| at + 1 + next.len_utf8());
        out.push_str(match &rest[at..escape_end] {
            r"\d" => "[0-9]",
            other => other,
        });
        rest = &rest[escape_end..];
    }
    out + rest
}

/// Shows the text alone: the digest of a profile must not depend on which expressions were used so far.
impl fmt::Debug for Expression {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Debug::fmt(self.text(), f)
    }
}

impl Deref for Expression {
    type Target = Regex;

    fn deref(&self) -> &Regex {
        let compile =
            || Regex::new(&self.with_ten_digits()).expect("a built-in expression is valid");
        self.0.compiled.get_or_init(compile)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_digit_is_one_of_ten_wherever_it_is_asked_for() {
        let texts = [
            (r"^\d{4}-[\d:]+\\d$", r"^[0-9]{4}-[[0-9]:]+\\d$"),
            (r"[^\d\s] \D é\é", r"[^[0-9]\s] \D é\é"),
            (r"(\", r"(\"),
        ];
        for (text, expected) in texts {
            assert_eq!(with_ten_digits(text), expected);
        }
        let expression = Expression::new(r"^[a-z\d]+$").expect("a good expression");
        assert!(expression.is_match("r2d2") && !expression.is_match("٣"));
        assert_eq!(expression.text(), r"^[a-z\d]+$", "people see what was written");
        assert!(Expression::new(r"[\w.-\d]").is_err(), "a range ends with a character");
    }
}
