/*! Layouts of JSON records that earlier inputs of a folder had. Most files of a folder are of one program, and small
 * ones would learn little else than these. What is known changes no result, so it does not matter which inputs came
 * before.
 */

use std::sync::{Mutex, PoisonError};

use super::earlier_records::EarlierRecords;
use super::statements::KnownRecords;
use crate::limits;

/// What the inputs of one source that were read before give to those that follow.
#[derive(Debug, Default)]
pub(super) struct LayoutPool(Mutex<Vec<(String, KnownLayouts)>>);

/// The layouts of records that are read, and what the records said that give no rows.
#[derive(Debug, Default)]
pub(super) struct KnownLayouts {
    /// The layouts of records, and of the payloads in them.
    pub(super) earlier: [EarlierRecords; 2],
    pub(super) records: KnownRecords,
}

impl KnownLayouts {
    fn memory(&self) -> usize {
        let earlier: usize = self.earlier.iter().map(EarlierRecords::memory).sum();
        earlier + self.records.memory_of_layouts()
    }
}

impl LayoutPool {
    /// The layouts of an input of this folder that has ended, if there is one.
    pub(super) fn take(&self, folder: &str) -> KnownLayouts {
        let mut kept = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let found = kept.iter().rposition(|(of, _)| of == folder);
        found.map(|found| kept.remove(found).1).unwrap_or_default()
    }

    /// Keeps the layouts of an input for the next one of its folder, if they are small; what was said, for the folders
    /// that come last.
    pub(super) fn give(&self, folder: &str, mut layouts: KnownLayouts) {
        if layouts.memory() > limits::KEPT_LAYOUTS_BYTES {
            return;
        }
        if !layouts.records.may_be_kept() {
            layouts.records.forget_statements();
        }
        let mut kept = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let oldest = (kept.len() >= limits::LAYOUT_FOLDERS).then(|| kept.remove(0));
        kept.push((folder.to_owned(), layouts));
        if let Some(last) = kept.len().checked_sub(limits::STATEMENT_FOLDERS + 1) {
            kept[last].1.records.forget_statements();
        }
        drop(kept);
        drop(oldest);
    }
}
