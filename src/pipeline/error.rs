/*! Why a command failed: one variant for each step. The command line chooses the exit status by the variant. */

use std::io;

use crate::diag::Diagnostics;
use crate::diff::Unlike;
use crate::query::QueryError;
use crate::scan::SinkError;
use crate::table::bundle::BundleError;
use crate::table::part_files::{LearnedError, PartError};
use crate::table::{EngineError, FactsError};
use crate::wire::Unreadable;

use super::incomplete::Incomplete;

/// What stopped a command.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// A profile or a report could not be read.
    #[error("cannot read `{path}`")]
    FileUnread {
        /// As given.
        path: String,
        /// The cause.
        source: io::Error,
    },
    /// A plan could not be read.
    #[error("cannot read `{path}`")]
    PlanUnread {
        /// As given.
        path: String,
        /// The cause.
        source: io::Error,
    },
    /// No plan was given, and none was found.
    #[error("no plan was given, and there is no `holdover.toml` in this folder or above")]
    NoPlan,
    /// A plan, a profile or a report is not text.
    #[error("`{path}` is not UTF-8 text")]
    FileNotText {
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
    /// The rows of an input could not be stored.
    #[error(transparent)]
    Sink(#[from] SinkError),
    /// The engine refused a table.
    #[error(transparent)]
    Engine(#[from] EngineError),
    /// A query failed.
    #[error(transparent)]
    Query(#[from] QueryError),
    /// Facts that another engine computed cannot be used.
    #[error(transparent)]
    Facts(#[from] FactsError),
    /// A bundle could not be written or read.
    #[error(transparent)]
    Bundle(#[from] BundleError),
    /// A part could not be written or read.
    #[error(transparent)]
    Part(#[from] PartError),
    /// What was learned of links cannot be used.
    #[error("cannot use `{path}`")]
    Learned {
        /// As given.
        path: String,
        /// What is wrong.
        source: LearnedError,
    },
    /// The parts are not those of the list.
    #[error(transparent)]
    Incomplete(#[from] Incomplete),
    /// A line of a list cannot be read.
    #[error("line {line} of `{path}` is no line of a list")]
    List {
        /// As given.
        path: String,
        /// The number of the line, from 1.
        line: u64,
        /// What is wrong with it.
        source: serde_json::Error,
    },
    /// A file other than a bundle could not be written.
    #[error("cannot write `{path}`")]
    FileUnwritten {
        /// As given.
        path: String,
        /// The cause.
        source: io::Error,
    },
    /// A report is larger than any that the program writes.
    #[error("`{path}` is not a report: it has more than {most} MiB")]
    TooLarge {
        /// As given.
        path: String,
        /// The cap in MiB.
        most: u64,
    },
    /// A file is not a report that can be read.
    #[error("cannot use `{path}`")]
    NoReport {
        /// As given.
        path: String,
        /// What is wrong.
        source: Unreadable,
    },
    /// A file is not a statement on a report.
    #[error("cannot use `{path}`: {why}")]
    NoStatement {
        /// As given.
        path: String,
        /// What is wrong.
        why: String,
    },
    /// Two reports cannot be compared.
    #[error(transparent)]
    Unlike(#[from] Unlike),
    /// A report could not be written.
    #[error("cannot write the report")]
    Write(#[from] io::Error),
}
