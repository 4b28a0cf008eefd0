/*! The manifest of a bundle, and which names it may give to files. */

use std::collections::BTreeSet;
use std::path::Path;

use serde::{Deserialize, Serialize};

use super::error::BundleError;

/// The schema of the manifest.
pub const BUNDLE_SCHEMA: &str = "holdover.bundle/1";
pub(super) const MANIFEST: &str = "bundle.json";
/// The manifest of a bundle that is complete, while its files are still being renamed.
pub(super) const NEXT: &str = ".bundle.json.next";

/// The longest name of a file in a bundle. No file system takes one of more than 255 bytes.
const NAME_BYTES: usize = 128;

/// The manifest, `bundle.json`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Manifest {
    /// `holdover.bundle/1`.
    pub schema: String,
    /// The version of holdover that wrote the bundle.
    pub tool: String,
    /// The schema of the evidence table.
    pub evidence_schema: String,
    /// SHA-256 of the plan's text.
    pub plan_sha256: String,
    /// The paths that were read, as given, in order. Empty where one of them cannot be read again by its name: standard
    /// input, a bundle, a name that was masked.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub paths: Vec<String>,
    /// The instants that queries ask for, in microseconds since 1970.
    pub params: Params,
    /// Every file but the manifest.
    pub files: Vec<FileEntry>,
}

/// The one row of the table `params`.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Params {
    /// When the new version became valid.
    pub t0_us: i64,
    /// The instant of which the report judges.
    pub as_of_us: i64,
    /// The start of the window.
    pub window_from_us: i64,
    /// When the old version was revoked; the largest number if it was not.
    pub revoked_us: i64,
}

/// One file of a bundle.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct FileEntry {
    /// The name, without a folder.
    pub name: String,
    /// The size in bytes.
    pub bytes: u64,
    /// SHA-256 of the bytes, in hexadecimal.
    pub sha256: String,
}

impl Manifest {
    /// Reads a manifest. Each name in it is a file of the folder, and no two are the same on any file system.
    pub(super) fn parse(folder: &Path, text: &[u8]) -> Result<Self, BundleError> {
        let refuse = |why: String| BundleError::NotABundle { path: folder.to_owned(), why };
        let manifest: Self = serde_json::from_slice(text)
            .map_err(|error| refuse(format!("its manifest cannot be read: {error}")))?;
        if manifest.schema != BUNDLE_SCHEMA {
            let found = &manifest.schema;
            return Err(refuse(format!("expected schema `{BUNDLE_SCHEMA}`, found `{found}`")));
        }
        let mut names = BTreeSet::new();
        for FileEntry { name, .. } in &manifest.files {
            if !is_plain_name(name) {
                return Err(refuse(format!("its manifest names `{name}`, which is no file of it")));
            }
            if !names.insert(name.to_ascii_lowercase()) {
                return Err(refuse(format!("its manifest names `{name}` twice")));
            }
        }
        Ok(manifest)
    }

    /// Does it list a file with this name?
    pub(super) fn lists(&self, name: &str) -> bool {
        self.files.iter().any(|file| file.name == name)
    }
}

/// Is it the name of a file in the folder itself, on each system, and none that a bundle uses for something else?
pub fn is_plain_name(name: &str) -> bool {
    let is_allowed = |byte: u8| byte.is_ascii_alphanumeric() || b"_-.".contains(&byte);
    // A dot at the start hides a file, and is how partial files begin; Windows drops one at the end.
    name.len() <= NAME_BYTES
        && name.bytes().all(is_allowed)
        && !name.is_empty()
        && !name.starts_with('.')
        && !name.ends_with('.')
        && !name.eq_ignore_ascii_case(MANIFEST)
        && !is_device(name)
}

/// Does Windows open a device under this name, whatever its ending?
fn is_device(name: &str) -> bool {
    let stem = name.split('.').next().unwrap_or_default().to_ascii_lowercase();
    let numbered = ["com", "lpt"].iter().any(|device| {
        stem.strip_prefix(device).is_some_and(|rest| matches!(rest.as_bytes(), [b'0'..=b'9']))
    });
    numbered || ["con", "prn", "aux", "nul"].contains(&stem.as_str())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_plain_names_are_files_of_a_bundle() {
        for name in ["plan.toml", "evidence.parquet", "report.json", "a_b-c.1", "console.txt", "nu"]
        {
            assert!(is_plain_name(name), "{name}");
        }
        for name in [
            "",
            ".",
            "..",
            "...",
            "../a",
            "a/b",
            "/etc/passwd",
            "a\\b",
            "..\\a",
            "C:a",
            "C:\\a",
            "\\\\host\\share",
            "a:stream",
            ".lock",
            ".a.partial",
            "a.",
            "a ",
            " a",
            "a\0b",
            "a\nb",
            "~",
            "$HOME",
            "%TEMP%",
            "bundle.json",
            "BUNDLE.JSON",
            ".bundle.json.next",
            "CON",
            "nul.txt",
            "Aux.parquet",
            "com1.json",
            "LPT9",
            "a\u{2215}b",
            "\u{ff0e}\u{ff0e}",
        ] {
            assert!(!is_plain_name(name), "{name:?}");
        }
        assert!(!is_plain_name(&"a".repeat(NAME_BYTES + 1)));
    }
}
