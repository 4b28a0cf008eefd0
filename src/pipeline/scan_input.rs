/*! The scan of one input, as it comes and as it is kept. */

use std::sync::atomic::{AtomicU64, Ordering};

use crate::ingest::Input;
use crate::model::DigestKind;
use crate::scan::{Batch, Part, ScanOptions, SinkError, Wanted, scan};
use crate::table::parts::{CachedScan, SealBatch};

use super::progress::Progress;
use super::run_inputs::link_queries;

/// What of a request a scan depends on, but for its result.
#[derive(Clone, Copy, Debug)]
pub(super) struct HowToScan {
    /// The digest to compute of the stored bytes, if any.
    pub(super) digest: Option<DigestKind>,
    /// Whether to decode every record.
    pub(super) strict: bool,
    /// Whether another thread reads the records: where a thread would have nothing to do.
    pub(super) ahead: bool,
}

/// The scan of one input.
#[derive(Debug)]
pub(super) struct InputScan {
    /// The input's own part first, then those of its members.
    pub(super) parts: Vec<Part>,
    pub(super) batches: Vec<SealBatch>,
}

impl InputScan {
    /// Scans an input.
    pub(super) fn of(
        raw: &Input,
        wanted: &Wanted,
        how: HowToScan,
        progress: &Progress,
    ) -> Result<Self, SinkError> {
        let bytes_before = AtomicU64::new(0);
        let count_bytes = |bytes: u64| {
            let before = bytes_before.swap(bytes, Ordering::Relaxed);
            progress.read.fetch_add(bytes.saturating_sub(before), Ordering::Relaxed);
        };
        let HowToScan { digest, strict, ahead } = how;
        let watch = ScanOptions { digest, strict, ahead, progress: &count_bytes };
        let mut batches: Vec<Batch> = Vec::new();
        let parts = scan(raw, wanted, &watch, &mut batches)?;
        let rows = parts.iter().map(|part| part.rows).sum();
        progress.done.fetch_add(1, Ordering::Relaxed);
        progress.rows.fetch_add(rows, Ordering::Relaxed);
        let batches = batches.into_iter().map(SealBatch::Scanned).collect();
        Ok(Self { parts, batches })
    }

    /// The scan with all that it depended on. `digest` is that of plan and profiles.
    pub(super) fn cached(&self, wanted: &Wanted, digest: &str) -> CachedScan {
        CachedScan {
            wanted: digest.to_owned(),
            latest: wanted.bounds.latest,
            answers: link_queries(&self.parts).answers(wanted.learned()),
            parts: self.parts.clone(),
            batches: self.batches.iter().map(SealBatch::packed).collect(),
        }
    }
}
