/*! What was not read of inputs: what is said of many in the same words is printed once. */

use super::page::{TextPage, Tone};
use crate::model::who::Unread;
use crate::wording::{alike, first_of};

/// Writes at most this many remarks, or each of them where all evidence is wanted.
pub(super) fn write(page: &mut TextPage, tone: Tone, parts: &[&Unread], max: usize) {
    let groups = if page.all_evidence() {
        parts.iter().map(|part| (part, 1)).collect()
    } else {
        alike(parts, |part| &part.what)
    };
    let max = if page.all_evidence() { groups.len() } else { max };
    for (part, of) in groups.iter().take(max) {
        let (path, what) = (page.path(&part.input, 100), page.sentence(&part.what));
        page.para(2, tone, &format!("{}{path}: {what}", first_of(*of, "input")));
    }
    page.more(groups.len(), max);
}
