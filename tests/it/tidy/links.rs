/*! Who uses whom: re-exports that would bypass the table of layers, and rings of files inside a module. */

use std::collections::{BTreeMap, BTreeSet};

use super::File;
use super::checks::LAYERS;
use super::code::{code_only, imported_modules, module_of, paths, public_uses};

/// A module re-exports only its own items, or a third module could reach a layer that it may not import. `pipeline` is
/// excepted: it is the interface that `cli` is written against.
pub(super) fn reexports(sources: &[File]) -> Vec<String> {
    let mut complaints = Vec::new();
    for File { path, text } in sources {
        let module = module_of(path);
        if ["lib", "pipeline"].contains(&module) {
            continue;
        }
        for statement in public_uses(&code_only(text)) {
            for import in imported_modules(path, &statement) {
                let is_module = LAYERS.iter().any(|(_, name, _)| *name == import);
                if is_module && import != module {
                    complaints.push(format!("{path}: `{module}` re-exports from `{import}`"));
                }
            }
        }
    }
    complaints
}

/// Files of one module do not use each other in a ring. A file uses an item of its parent only if the parent holds a
/// trait or a table, because that is what a parent is for.
pub(super) fn rings(sources: &[File]) -> Vec<String> {
    let tree = Tree::of(sources);
    let mut complaints = Vec::new();
    let mut edges: BTreeMap<&str, BTreeSet<&str>> = BTreeMap::new();
    for (file, used) in tree.uses() {
        let is_parent = used.strip_suffix("mod.rs").is_some_and(|folder| file.starts_with(folder));
        if !is_parent {
            edges.entry(file).or_default().insert(used);
        } else if !tree.holds_trait_or_table(used) {
            complaints.push(format!("{file}: uses an item of {used}, which has no trait or table"));
        }
    }
    complaints
        .extend(rings_of(&edges).into_iter().map(|ring| format!("ring: {}", ring.join(", "))));
    complaints
}

/// The files that reach each other, as sorted groups.
fn rings_of<'f>(edges: &BTreeMap<&'f str, BTreeSet<&'f str>>) -> BTreeSet<Vec<&'f str>> {
    let reached = |from: &'f str| {
        let (mut reached, mut open) = (BTreeSet::new(), vec![from]);
        while let Some(file) = open.pop() {
            let next = edges.get(file).into_iter().flatten();
            open.extend(next.filter(|next| reached.insert(**next)));
        }
        reached
    };
    let reach: BTreeMap<&str, BTreeSet<&str>> =
        edges.keys().map(|file| (*file, reached(file))).collect();
    let mut rings = BTreeSet::new();
    for (file, there) in reach.iter().filter(|(file, there)| there.contains(*file)) {
        let back = |other: &&&str| reach.get(**other).is_some_and(|there| there.contains(file));
        rings.insert(there.iter().filter(back).copied().collect());
    }
    rings
}

/// The files of the source tree by their module path.
struct Tree<'f> {
    files: BTreeMap<Vec<String>, &'f str>,
    code: BTreeMap<&'f str, String>,
    /// Module paths of the items that each file brings into scope by `use`.
    imports: BTreeMap<&'f str, BTreeMap<String, Vec<String>>>,
}

impl<'f> Tree<'f> {
    fn of(sources: &'f [File]) -> Self {
        let mut tree =
            Self { files: BTreeMap::new(), code: BTreeMap::new(), imports: BTreeMap::new() };
        for File { path, text } in sources {
            let is_test = path.ends_with("/tests.rs") || path.contains("/tests/");
            if module_path(path).is_empty() || is_test {
                continue;
            }
            let code = code_only(text.split("#[cfg(test)]\nmod tests {").next().unwrap_or(text));
            let used = paths(&code).into_iter().filter(|used| used.is_use);
            let imports = used.map(|used| (used.name, used.segments)).collect();
            tree.files.insert(module_path(path), path);
            tree.code.insert(path, code);
            tree.imports.insert(path, imports);
        }
        tree
    }

    /// Each file with a file of the same module that it uses.
    fn uses(&self) -> BTreeSet<(&'f str, &'f str)> {
        let mut uses = BTreeSet::new();
        for (file, code) in &self.code {
            for used in paths(code) {
                let target = self.resolve(file, &used.segments, 0);
                let target =
                    target.filter(|target| module_of(target) == module_of(file) && target != file);
                // A parent may use its children: it holds them.
                let is_below = |target: &str| {
                    file.strip_suffix("mod.rs").is_some_and(|folder| target.starts_with(folder))
                };
                uses.extend(
                    target.filter(|target| !is_below(target)).map(|target| (*file, target)),
                );
            }
        }
        uses
    }

    /// The file in which a path ends that is written in `file`.
    fn resolve(&self, file: &'f str, segments: &[String], depth: usize) -> Option<&'f str> {
        let mut module = module_path(file);
        let mut segments = segments.iter().peekable();
        match segments.peek().map(|first| first.as_str()) {
            Some("crate") => module.clear(),
            Some("self" | "super") => {}
            Some(first) => {
                let child: Vec<String> = module.iter().cloned().chain([first.to_owned()]).collect();
                self.files.get(&child)?;
            }
            None => return None,
        }
        for segment in segments {
            match segment.as_str() {
                "crate" | "self" => continue,
                "super" => {
                    module.pop();
                    continue;
                }
                name => {
                    let child: Vec<String> =
                        module.iter().cloned().chain([name.to_owned()]).collect();
                    if self.files.contains_key(&child) {
                        module = child;
                        continue;
                    }
                }
            }
            let target = *self.files.get(&module)?;
            let import = self.imports.get(target).and_then(|imports| imports.get(segment));
            return match import {
                Some(import) if depth < 4 && target != file => {
                    self.resolve(target, import, depth + 1)
                }
                _ => Some(target),
            };
        }
        self.files.get(&module).copied()
    }

    fn holds_trait_or_table(&self, file: &str) -> bool {
        let code = self.code.get(file).map_or("", String::as_str);
        let mut lines = code.lines().map(str::trim_start);
        lines.any(|line| {
            let line = line.trim_start_matches("pub ").trim_start_matches("pub(super) ");
            let line = line.trim_start_matches("pub(crate) ");
            let is_list = line.starts_with("const ") || line.starts_with("static ");
            line.starts_with("trait ") || (is_list && line.contains('['))
        })
    }
}

/// `src/a/b.rs` and `src/a/b/mod.rs` are `a::b`; the root files have no path.
fn module_path(path: &str) -> Vec<String> {
    let inside = path.strip_prefix("src/").unwrap_or(path).trim_end_matches(".rs");
    let parts = inside.split('/').filter(|part| !["mod", "lib", "main"].contains(part));
    parts.map(str::to_owned).collect()
}
