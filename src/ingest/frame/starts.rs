/*! The compiled expressions for the first lines of records. They are long, and a run may read thousands of small files
 * of one kind, so each is compiled once.
 */

use std::collections::BTreeMap;
use std::sync::{Mutex, PoisonError};

use regex::bytes::Regex;

use crate::profile::with_ten_digits;

/// As many as there are kinds of text; a plan may bring some of its own.
const KEPT: usize = 256;

static COMPILED: Mutex<BTreeMap<String, Regex>> = Mutex::new(BTreeMap::new());

/// The expression, or one that fits each line if it cannot be compiled.
pub(super) fn compiled(start: &str) -> Regex {
    let mut kept = COMPILED.lock().unwrap_or_else(PoisonError::into_inner);
    if let Some(regex) = kept.get(start) {
        return regex.clone();
    }
    let regex = Regex::new(&with_ten_digits(start))
        .or_else(|_| Regex::new(""))
        .expect("nothing is an expression");
    if kept.len() < KEPT {
        kept.insert(start.to_owned(), regex.clone());
    }
    regex
}
