/*! Which inputs are there? Every path becomes inputs, and what cannot be read is listed too. */

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

use globset::GlobBuilder;
use walkdir::WalkDir;

use super::trouble::words;
use crate::model::place::InputId;

/// Where the bytes of an input come from.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Locator {
    /// A file.
    File(PathBuf),
    /// Standard input, given as `-`.
    Stdin,
}

/// One input of a run.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Input {
    /// Its number in the sorted list.
    pub id: InputId,
    /// Its path as given; bytes that are no UTF-8 are shown as `\xNN`.
    pub path: String,
    /// Where its bytes come from.
    pub source: Locator,
    /// Its size as stored; 0 where that is not known.
    pub bytes: u64,
    /// Why it cannot be read, if it cannot.
    pub trouble: Option<String>,
}

/// All inputs under the paths, sorted by path; the order of the paths does not matter.
pub fn walk(paths: &[String]) -> Vec<Input> {
    let mut found: BTreeMap<String, Input> = BTreeMap::new();
    let mut seen: BTreeSet<PathBuf> = BTreeSet::new();
    let mut given: Vec<&String> = paths.iter().collect();
    given.sort();
    given.dedup();
    for path in given {
        for input in one(path) {
            let key = match &input.source {
                Locator::File(file) if input.trouble.is_none() => std::fs::canonicalize(file).ok(),
                Locator::File(_) | Locator::Stdin => None,
            };
            if key.is_none_or(|key| seen.insert(key)) {
                found.entry(input.path.clone()).or_insert(input);
            }
        }
    }
    (0..).map(InputId).zip(found.into_values()).map(|(id, input)| Input { id, ..input }).collect()
}

fn one(path: &str) -> Vec<Input> {
    if path == "-" {
        return vec![input(path.to_owned(), Locator::Stdin, 0, None)];
    }
    let place = Path::new(path);
    match std::fs::symlink_metadata(place) {
        Ok(_) => below(place),
        Err(_) if path.contains(['*', '?', '[', '{']) => glob(path),
        Err(error) => vec![trouble(place, words(&error))],
    }
}

/// A file, or everything below a folder: hidden and ignored files too.
fn below(place: &Path) -> Vec<Input> {
    if place.is_dir() && place.join("bundle.json").is_file() {
        return vec![trouble(place, "is a bundle of a report, not an export".to_owned())];
    }
    let walked = WalkDir::new(place).sort_by_file_name().into_iter();
    let all: Vec<Input> = walked
        .filter_map(|entry| match entry {
            Ok(entry) if entry.file_type().is_dir() => None,
            Ok(entry) => Some(file(entry.path(), place)),
            Err(error) => {
                let path = error.path().unwrap_or(place).to_owned();
                let cause = error.io_error().map_or_else(|| "cannot be walked".to_owned(), words);
                Some(trouble(&path, cause))
            }
        })
        .collect();
    if all.is_empty() { vec![trouble(place, "is a folder without files".to_owned())] } else { all }
}

/// A link inside a folder is followed only to a file inside the same folder.
fn file(path: &Path, root: &Path) -> Input {
    let meta = match std::fs::metadata(path) {
        Ok(meta) => meta,
        Err(error) => return trouble(path, words(&error)),
    };
    if path != root && path.is_symlink() {
        let inside = std::fs::canonicalize(path).ok().zip(std::fs::canonicalize(root).ok());
        if !inside.is_some_and(|(target, root)| target.starts_with(root)) {
            return trouble(path, "is a link to outside of its folder".to_owned());
        }
        if meta.is_dir() {
            return trouble(path, "is a link to a folder".to_owned());
        }
    }
    if !meta.is_file() {
        return trouble(path, "is not a file".to_owned());
    }
    input(shown(path), Locator::File(path.to_owned()), meta.len(), None)
}

fn glob(pattern: &str) -> Vec<Input> {
    let place = Path::new(pattern);
    let matcher = match GlobBuilder::new(pattern).literal_separator(true).build() {
        Ok(glob) => glob.compile_matcher(),
        Err(error) => return vec![trouble(place, format!("is no glob: {}", error.kind()))],
    };
    let fixed = pattern.split('/').take_while(|part| !part.contains(['*', '?', '[', '{']));
    let mut root: PathBuf = fixed.collect::<Vec<_>>().join("/").into();
    if root.as_os_str().is_empty() {
        root = if pattern.starts_with('/') { "/".into() } else { ".".into() };
    }
    let walked = WalkDir::new(&root).sort_by_file_name().into_iter().filter_map(Result::ok);
    let plain =
        |path: &Path| path.strip_prefix("./").map_or_else(|_| path.to_owned(), Path::to_owned);
    let matching = walked.map(|entry| plain(entry.path())).filter(|path| matcher.is_match(path));
    let all: Vec<Input> = matching.flat_map(|path| below(&path)).collect();
    if all.is_empty() { vec![trouble(place, "matches no file".to_owned())] } else { all }
}

fn input(path: String, source: Locator, bytes: u64, trouble: Option<String>) -> Input {
    Input { id: InputId::default(), path, source, bytes, trouble }
}

fn trouble(path: &Path, what: String) -> Input {
    input(shown(path), Locator::File(path.to_owned()), 0, Some(what))
}

/// A path as text; bytes that are no UTF-8 are shown as `\xNN`.
fn shown(path: &Path) -> String {
    use std::fmt::Write as _;
    let mut text = String::new();
    for chunk in path.as_os_str().as_encoded_bytes().utf8_chunks() {
        text.push_str(chunk.valid());
        for byte in chunk.invalid() {
            let _infallible = write!(text, "\\x{byte:02X}");
        }
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    fn world() -> tempfile::TempDir {
        let folder = tempfile::tempdir().expect("a folder");
        for name in ["b.jsonl", "a.jsonl", ".hidden/c.jsonl", "sub/d.jsonl"] {
            let path = folder.path().join(name);
            std::fs::create_dir_all(path.parent().expect("a parent")).expect("a folder");
            std::fs::write(path, "{}\n").expect("a file");
        }
        folder
    }

    #[test]
    fn folders_are_walked_whole_and_in_one_order() {
        let folder = world();
        let root = folder.path().to_string_lossy().into_owned();
        let all = walk(&[root.clone(), format!("{root}/a.jsonl")]);
        let names: Vec<&str> = all.iter().map(|input| &input.path[root.len() + 1..]).collect();
        assert_eq!(names, [".hidden/c.jsonl", "a.jsonl", "b.jsonl", "sub/d.jsonl"]);
        assert!(all.iter().zip(0..).all(|(input, number)| input.id == InputId(number)));
        assert_eq!(walk(&[format!("{root}/a.jsonl"), root]), all);
    }

    #[test]
    fn what_cannot_be_read_is_listed() {
        let folder = world();
        let root = folder.path().to_string_lossy().into_owned();
        std::fs::create_dir(folder.path().join("empty")).expect("a folder");
        for path in ["no-such-file", "*.none", "empty"] {
            let all = walk(&[format!("{root}/{path}")]);
            assert_eq!(all.len(), 1, "{path}");
            assert!(all[0].trouble.is_some(), "{path}");
        }
        assert_eq!(walk(&[format!("{root}/*.jsonl")]).len(), 2);
        assert_eq!(walk(&[format!("{root}/**/*.jsonl")]).len(), 4);
    }

    #[cfg(unix)]
    #[test]
    fn links_do_not_lead_out_or_round() {
        let folder = world();
        let inside = folder.path().join("sub");
        std::os::unix::fs::symlink(folder.path(), inside.join("loop")).expect("a link");
        std::os::unix::fs::symlink("/etc/hostname", inside.join("out")).expect("a link");
        let all = walk(&[inside.to_string_lossy().into_owned()]);
        let troubled = all.iter().filter(|input| input.trouble.is_some()).count();
        assert_eq!((all.len(), troubled), (3, 2));
    }
}
