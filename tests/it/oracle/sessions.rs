/*! Sessions with the old version, by SQL over the evidence. */

use holdover::model::Duration;
use holdover::wording;

use super::facts::Evidence;
use super::rhythms::us;

/// Of each session with the old version that has no end (`'open'`) or one: an aggregate over its rows.
pub(super) fn sessions(what: &str, which: &str) -> String {
    let has = if which == "'open'" { "= 0" } else { "> 0" };
    // Sessions of nobody are those of a sentence without a class.
    format!(
        "SELECT {what} AS v FROM evidence WHERE COALESCE(consumer_class, '') = $class AND session_id IS NOT NULL AND earliest_us <= $a \
         GROUP BY session_id HAVING SUM(CASE WHEN kind = 'close' THEN 1 ELSE 0 END) {has} AND SUM(CASE WHEN \
         credential_state = 'old' THEN 1 ELSE 0 END) > 0"
    )
}

pub(super) fn session_source(e: &mut Evidence, class: Option<&str>) -> String {
    let mut names = e.strings(&sessions("MIN(stream)", "'open'"), class);
    names.sort();
    names.dedup();
    wording::list(&names)
}

pub(super) fn since_session(e: &mut Evidence, class: Option<&str>) -> String {
    let last =
        e.ints(&sessions("MAX(latest_us)", "'open'"), class).into_iter().max().unwrap_or_default();
    wording::length_up(Duration(us(e, "/as_of") - last))
}

/// How many sessions were opened before the first open one, and how many of them have an end.
pub(super) fn earlier_sessions(e: &mut Evidence, class: Option<&str>) -> (usize, usize) {
    let mut opened = e.ints(&sessions("MIN(earliest_us)", "'open'"), class);
    opened.sort_unstable();
    let first = opened.first().copied().unwrap_or_default();
    let ended = e.ints(&sessions("MIN(earliest_us)", "'ended'"), class);
    let ended = ended.into_iter().filter(|at| *at < first).count();
    (ended + opened.iter().filter(|at| **at < first).count(), ended)
}
