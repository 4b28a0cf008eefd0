/*! Patterns such as `logs/2026-??/app`, for shells that pass them on unexpanded. */

use std::fs;
use std::path::{Component, Path, PathBuf};

use globset::{GlobBuilder, GlobMatcher};
use walkdir::WalkDir;

use crate::ingest::trouble::words;

use super::folder::{add_link, add_root};
use super::inputs::InputSet;

/// Whether the path has characters of a pattern.
pub(super) fn is_pattern(path: &str) -> bool {
    path.contains(['*', '?', '[', '{'])
}

/// Adds the files that the pattern matches, and the folders with all their files.
pub(super) fn add_matches(pattern: &str, inputs: &mut InputSet) {
    // Matches are named without `//` and `/./`.
    let parts: PathBuf = Path::new(pattern).components().collect();
    let parts = parts.to_string_lossy();
    let matcher = match GlobBuilder::new(&parts).literal_separator(true).build() {
        Ok(glob) => glob.compile_matcher(),
        Err(_) => {
            return inputs.trouble(Path::new(pattern), "no such file, and not a valid pattern");
        }
    };
    let before = inputs.met;
    add_below(&parts, &matcher, inputs);
    if inputs.met == before {
        inputs.trouble(Path::new(pattern), "no file matches the pattern");
    }
}

fn add_below(pattern: &str, matcher: &GlobMatcher, inputs: &mut InputSet) {
    let (base, depth) = fixed_part(pattern);
    let start = if base.as_os_str().is_empty() { Path::new(".") } else { base.as_path() };
    // As in a shell, `*` goes through links to folders and `**` does not.
    let follow = !pattern.contains("**");
    let entries = WalkDir::new(start).min_depth(1).max_depth(depth);
    let mut entries = entries.follow_links(follow).into_iter();
    let real_start = fs::canonicalize(start).unwrap_or_else(|_| start.to_owned());
    while let Some(entry) = entries.next() {
        match entry {
            Ok(entry) => {
                let path = base.join(entry.path().strip_prefix(start).unwrap_or(entry.path()));
                if matcher.is_match(&path) {
                    if !inputs.is_output(&path) {
                        add_root(&path, inputs);
                    }
                    if entry.file_type().is_dir() {
                        entries.skip_current_dir();
                    }
                } else if entry.path_is_symlink() && !follow && path.is_dir() {
                    add_link(&path, &real_start, inputs);
                }
            }
            // A link that leads nowhere, of which only the name was listed.
            Err(error) if error.path().is_some_and(Path::is_symlink) => {
                let path = error.path().unwrap_or(start);
                let path = base.join(path.strip_prefix(start).unwrap_or(path));
                if matcher.is_match(&path) {
                    add_root(&path, inputs);
                }
            }
            Err(error) => {
                let why = error.io_error().map_or_else(|| error.to_string(), words);
                inputs.trouble(error.path().unwrap_or(start), format!("cannot be listed: {why}"));
            }
        }
    }
}

/// The folders before the first pattern, and how many levels below them the pattern reaches.
fn fixed_part(pattern: &str) -> (PathBuf, usize) {
    let parts: Vec<Component<'_>> = Path::new(pattern).components().collect();
    let is_fixed = |part: &&Component<'_>| !is_pattern(&part.as_os_str().to_string_lossy());
    let fixed = parts.iter().take_while(is_fixed).count();
    let depth = if pattern.contains("**") { usize::MAX } else { parts.len() - fixed };
    (parts[..fixed].iter().collect(), depth)
}
