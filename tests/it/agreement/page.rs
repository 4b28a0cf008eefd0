/*! `docs/agreement.md` has each share of claims that agree, so that none falls unseen. `HOLDOVER_REWRITE=1` writes the
 * rows anew.
 */

use std::collections::BTreeSet;
use std::fs::{File, OpenOptions};
use std::io::{Read, Seek, SeekFrom, Write};

use crate::harness::root;

/// The line above the rows.
const RULE: &str = "|---|---|---:|";

/// Fails unless the page has the row of a share.
pub(super) fn hold((corpus, what): (&str, &str), (agree, claims): (usize, usize)) {
    let start = format!("| {corpus} | {what} |");
    let row = format!("{start} {agree} of {claims} |");
    let path = root().join("docs/agreement.md");
    if std::env::var_os("HOLDOVER_REWRITE").is_some() {
        let page = OpenOptions::new().read(true).write(true).open(&path);
        rewrite(page.expect("the page"), &start, &row);
    }
    let page = std::fs::read_to_string(&path).expect("the page");
    let is_told = page.lines().any(|line| line == row);
    assert!(is_told, "docs/agreement.md lacks `{row}`: HOLDOVER_REWRITE=1 writes it anew");
}

/// Other tests write their own rows at the same time.
fn rewrite(mut page: File, start: &str, row: &str) {
    page.lock().expect("a lock");
    let mut text = String::new();
    page.read_to_string(&mut text).expect("the page");
    let (head, below) = text.split_once(RULE).expect("a table");
    let (own, others): (Vec<&str>, Vec<&str>) =
        below.trim_start().lines().partition(|line| line.starts_with("| "));
    let rows = own.into_iter().filter(|line| !line.starts_with(start));
    let rows: BTreeSet<&str> = rows.chain([row]).collect();
    let rows: Vec<&str> = rows.into_iter().collect();
    let below = others.join("\n");
    let text = format!("{head}{RULE}\n{}\n\n{}\n", rows.join("\n"), below.trim());
    page.set_len(0).expect("room");
    page.seek(SeekFrom::Start(0)).expect("the start");
    page.write_all(text.as_bytes()).expect("written");
}
