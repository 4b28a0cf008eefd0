/*! Layouts of JSON records that earlier inputs of a folder had. Most files of a folder are of one program, and small
 * ones would learn little else than these. What is known changes no result, so it does not matter which inputs came
 * before.
 */

use std::sync::{Mutex, PoisonError};

use super::earlier_records::EarlierRecords;
use crate::ingest::decode::JsonOutlines;
use crate::limits;

/// What the inputs of one source that were read before give to those that follow.
#[derive(Debug, Default)]
pub(super) struct LayoutPool(Mutex<Vec<(String, KnownLayouts)>>);

/// The layouts of records that are read, and of those that are known at sight, by their readings.
#[derive(Debug, Default)]
pub(super) struct KnownLayouts {
    /// The layouts of records, and of the payloads in them.
    pub(super) earlier: [EarlierRecords; 2],
    pub(super) outlines: Vec<(usize, JsonOutlines)>,
}

impl KnownLayouts {
    fn memory(&self) -> usize {
        let outlines = self.outlines.iter().map(|(_, outlines)| outlines.memory());
        self.earlier.iter().map(EarlierRecords::memory).chain(outlines).sum()
    }
}

impl LayoutPool {
    /// The layouts of an input of this folder that has ended, if there is one.
    pub(super) fn take(&self, folder: &str) -> KnownLayouts {
        let mut kept = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let found = kept.iter().rposition(|(of, _)| of == folder);
        found.map(|found| kept.remove(found).1).unwrap_or_default()
    }

    /// Keeps the layouts of an input for the next one of its folder, if they are small.
    pub(super) fn give(&self, folder: &str, layouts: KnownLayouts) {
        if layouts.memory() > limits::KEPT_LAYOUTS_BYTES {
            return;
        }
        let mut kept = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let oldest = (kept.len() >= limits::LAYOUT_FOLDERS).then(|| kept.remove(0));
        kept.push((folder.to_owned(), layouts));
        drop(kept);
        drop(oldest);
    }
}
