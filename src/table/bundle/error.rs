/*! Why a bundle could not be written or read. */

use std::io;
use std::path::{Path, PathBuf};

use super::super::engine_error::EngineError;
use super::super::parts::PartsError;

/// Why a bundle could not be written or read.
#[derive(Debug, thiserror::Error)]
pub enum BundleError {
    /// A file could not be written or read.
    #[error("cannot {what} `{}`", path.display())]
    Io {
        /// What was tried: `read`, `rename to`.
        what: &'static str,
        /// The file.
        path: PathBuf,
        /// Why it failed.
        source: io::Error,
    },
    /// The folder holds files that holdover did not write.
    #[error("`{}` holds other files and is not a bundle; name a new or empty folder", path.display())]
    Foreign {
        /// The folder.
        path: PathBuf,
    },
    /// Something in the folder is a link, a folder or a device.
    #[error(
        "`{}` is not a plain file, so its folder is not a bundle; remove it, or name a new or empty folder",
        path.display()
    )]
    NotAFile {
        /// The link, folder or device.
        path: PathBuf,
    },
    /// Another run is writing to the folder.
    #[error("`{}` is being written by another run", path.display())]
    Busy {
        /// The folder.
        path: PathBuf,
    },
    /// A run that wrote the bundle was stopped before all files had their names.
    #[error(
        "`{0}` is written in part: a run was stopped, or is not done yet; `holdover collect -p PLAN PATH -o {0}` \
         completes it",
        path.display()
    )]
    Interrupted {
        /// The folder.
        path: PathBuf,
    },
    /// The scans in the bundle cannot be read back.
    #[error("cannot read the scans in `{}`", path.display())]
    Parts {
        /// The folder.
        path: PathBuf,
        /// Why it failed.
        source: PartsError,
    },
    /// The folder is not a bundle, or not one that this version reads.
    #[error("`{}` is not a bundle: {why}", path.display())]
    NotABundle {
        /// The folder.
        path: PathBuf,
        /// What is wrong with it.
        why: String,
    },
    /// A table could not be written or read.
    #[error("cannot write or read the table `{name}`")]
    Table {
        /// The name of the table.
        name: String,
        /// Why it failed.
        source: EngineError,
    },
}

pub(super) fn io_error(what: &'static str, path: &Path, source: io::Error) -> BundleError {
    BundleError::Io { what, path: path.to_owned(), source }
}
