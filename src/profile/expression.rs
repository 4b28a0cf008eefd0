/*! A regular expression of a profile, compiled when it is first needed: a run meets few of the expressions that the
 * built-in profiles hold, and compiling them all took almost half of a short run.
 */

use std::fmt;
use std::ops::Deref;
use std::sync::{Arc, OnceLock};

use regex::Regex;

/// A regular expression that is known to be valid.
#[derive(Clone)]
pub struct Expression(Arc<Deferred>);

struct Deferred {
    text: String,
    compiled: OnceLock<Regex>,
}

impl Expression {
    /// Compiles a text that may be wrong.
    pub fn new(text: &str) -> Result<Self, regex::Error> {
        let compiled = OnceLock::from(Regex::new(text)?);
        Ok(Self(Arc::new(Deferred { text: text.to_owned(), compiled })))
    }

    /// An expression of a built-in profile. A test compiles each of them.
    pub(super) fn of_built_in(text: &str) -> Self {
        Self(Arc::new(Deferred { text: text.to_owned(), compiled: OnceLock::new() }))
    }

    /// Has it a group? One that is not compiled yet is known to have what its profile needs.
    pub(super) fn has_group(&self) -> bool {
        self.0.compiled.get().is_none_or(|regex| regex.captures_len() > 1)
    }

    /// The text of the expression; it is not compiled for that.
    pub fn text(&self) -> &str {
        &self.0.text
    }
}

/// The text alone: a digest of a profile must not depend on which expressions were needed so far.
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
