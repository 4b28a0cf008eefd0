/*! Why a part could not be written or read. */

use std::io;
use std::path::{Path, PathBuf};

use super::super::engine_error::EngineError;
use super::super::parts::PartsError;

/// Why a part could not be written or read.
#[derive(Debug, thiserror::Error)]
pub enum PartError {
    /// A file could not be written or read.
    #[error("cannot {what} `{}`", shown(path))]
    Io {
        /// What was tried.
        what: &'static str,
        /// The file.
        path: PathBuf,
        /// Why it failed.
        source: io::Error,
    },
    /// A file is missing, or not the one that was written.
    #[error("`{}` {why}; delete the part and scan its input again", shown(path))]
    Broken {
        /// The file.
        path: PathBuf,
        /// What is wrong with it.
        why: &'static str,
    },
    /// The account is of another version.
    #[error("`{}` is of schema `{found}`, and this version reads `{expected}`", shown(path))]
    Schema {
        /// The account.
        path: PathBuf,
        /// Its schema.
        found: String,
        /// The schema of this version.
        expected: &'static str,
    },
    /// A line is not one of a part.
    #[error("cannot read `{}`", shown(path))]
    Line {
        /// The file.
        path: PathBuf,
        /// Why it failed.
        source: PartsError,
    },
    /// The rows could not be written or read as a table.
    #[error("cannot write or read the rows `{}`", shown(path))]
    Table {
        /// The file.
        path: PathBuf,
        /// Why it failed.
        source: EngineError,
    },
}

/// Why what was learned of links cannot be used.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum LearnedError {
    /// It is not what `seal` writes.
    #[error("it is no file of learned links of this version: {0}")]
    Shape(String),
    /// It follows from another plan.
    #[error("its links were learned under another plan, other profiles or by another version")]
    Elsewhere,
}

/// How much of a key is shown. All of it would be masked: it looks like a secret.
const SHOWN_DIGITS: usize = 8;

/// The path of a file of a part, with the beginning of its key.
fn shown(path: &Path) -> String {
    let text = path.display().to_string();
    let at = text.rfind(['/', '\\']).map_or(0, |at| at + 1);
    let (folder, name) = text.split_at(at);
    match name.split_once('.') {
        Some((key, ending)) if key.len() > SHOWN_DIGITS => {
            format!("{folder}{}….{ending}", &key[..SHOWN_DIGITS])
        }
        Some(_) | None => text,
    }
}

pub(super) fn io_error(what: &'static str, path: &Path, source: io::Error) -> PartError {
    PartError::Io { what, path: path.to_owned(), source }
}
