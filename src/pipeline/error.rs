/*! Why a command could not be carried out: one variant a step. */

use std::io;

use crate::diag::Diagnostics;
use crate::diff::{Unlike, Unreadable};
use crate::query::QueryError;
use crate::scan::SinkError;
use crate::table::EngineError;
use crate::table::bundle::BundleError;

/// What stopped a command.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// A plan, a profile or a report could not be read.
    #[error("cannot read `{path}`")]
    PlanUnread {
        /// As given.
        path: String,
        /// The cause.
        source: io::Error,
    },
    /// A plan, a profile or a report is no text.
    #[error("`{path}` is not UTF-8 text")]
    PlanNotText {
        /// As given.
        path: String,
    },
    /// A plan or a profile has mistakes.
    #[error("the file has mistakes")]
    Plan(Box<Diagnostics>),
    /// Nothing could be read.
    #[error("nothing readable was found: {0}")]
    NoInput(String),
    /// The threads could not be started.
    #[error("cannot start the reading threads")]
    Threads(#[from] rayon::ThreadPoolBuildError),
    /// The rows of an input could not be kept.
    #[error(transparent)]
    Sink(#[from] SinkError),
    /// A table refused.
    #[error(transparent)]
    Engine(#[from] EngineError),
    /// A query refused.
    #[error(transparent)]
    Query(#[from] QueryError),
    /// A bundle could not be written or read.
    #[error(transparent)]
    Bundle(#[from] BundleError),
    /// A report is none that this version reads.
    #[error("`{path}` is no report that can be verified: {why}")]
    ReportInvalid {
        /// As given.
        path: String,
        /// What is wrong.
        why: String,
    },
    /// A first plan could not be written.
    #[error("cannot write `{path}`")]
    DraftUnwritten {
        /// As given.
        path: String,
        /// The cause.
        source: io::Error,
    },
    /// A report is larger than any that the program writes.
    #[error("`{path}` has more than {most} MiB: it is no report")]
    TooLarge {
        /// As given.
        path: String,
        /// The cap.
        most: u64,
    },
    /// A file is no report that can be read again.
    #[error("cannot use `{path}`")]
    NoReport {
        /// As given.
        path: String,
        /// What is wrong.
        source: Unreadable,
    },
    /// Two reports cannot be compared.
    #[error(transparent)]
    Unlike(#[from] Unlike),
    /// A report could not be written.
    #[error("cannot write the report")]
    Write(#[from] io::Error),
}
