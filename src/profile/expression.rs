/*! A regular expression of a profile. It is compiled when it is first used: a run uses few of the expressions in the
 * built-in profiles, and compiling all of them took almost half of a short run.
 */

use std::fmt;
use std::ops::Deref;
use std::sync::{Arc, OnceLock};

use regex::Regex;

/// A valid regular expression.
#[derive(Clone)]
pub struct Expression(Arc<DeferredRegex>);

struct DeferredRegex {
    text: String,
    compiled: OnceLock<Regex>,
}

impl Expression {
    /// Compiles a text that may be invalid.
    pub fn new(text: &str) -> Result<Self, regex::Error> {
        let compiled = OnceLock::from(Regex::new(text)?);
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
        let compile = || Regex::new(&self.0.text).expect("a built-in expression is valid");
        self.0.compiled.get_or_init(compile)
    }
}
