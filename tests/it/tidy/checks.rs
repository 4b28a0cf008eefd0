/*! The checks: each takes files and gives complaints. */

use super::File;
use super::code::{code_only, functions, imported_modules, module_of, words};

/// Row, module, and what it may import. The table of ARCHITECTURE.md, "The code, in the order of the flow".
pub(super) const LAYERS: &[(u8, &str, &[&str])] = &[
    (0, "model", &[]),
    (0, "limits", &[]),
    (1, "safe", &["model", "limits"]),
    (1, "diag", &["model", "limits"]),
    (1, "wording", &["model"]),
    (1, "wire", &["model", "limits"]),
    (2, "plan", &["model", "limits", "safe", "diag"]),
    (2, "profile", &["model", "limits", "safe", "diag"]),
    (3, "ingest", &["model", "limits", "profile"]),
    (4, "map", &["model", "limits", "safe", "profile", "ingest"]),
    (5, "attribute", &["model", "plan", "map"]),
    (6, "scan", &["model", "limits", "safe", "profile", "ingest", "map", "attribute"]),
    (7, "table", &["model", "limits", "safe", "scan"]),
    (7, "discover", &["model", "limits", "safe", "wording", "map", "scan"]),
    (8, "facts", &["model", "scan", "table"]),
    (8, "judge", &["model", "wording", "plan"]),
    (8, "quote", &["model", "limits", "safe", "wording", "profile", "ingest", "table"]),
    (8, "report", &["model", "safe", "wording", "wire"]),
    (8, "diff", &["model", "wording", "wire"]),
    (8, "verify", &["model", "wording", "wire"]),
    (9, "query", &["model", "table", "facts"]),
    (10, "pipeline", PIPELINE),
    (11, "cli", CLI),
    (12, "main", &["cli"]),
];

const PIPELINE: &[&str] = &[
    "model",
    "limits",
    "safe",
    "diag",
    "wording",
    "wire",
    "plan",
    "profile",
    "ingest",
    "map",
    "attribute",
    "scan",
    "table",
    "discover",
    "facts",
    "query",
    "judge",
    "diff",
    "verify",
    "quote",
    "report",
];
const CLI: &[&str] = &[
    "model", "limits", "safe", "diag", "wording", "wire", "plan", "profile", "judge", "report",
    "pipeline",
];

const FILE_LINES_MAX: usize = 400;
const FUNCTION_LINES_MAX: usize = 60;
const MOD_LINES_MAX: usize = 100;
const COMMENT_WIDTH_MAX: usize = 120;

pub(super) fn layers(sources: &[File]) -> Vec<String> {
    let mut complaints = Vec::new();
    for File { path, text } in sources.iter().filter(|source| source.path != "src/lib.rs") {
        let own = module_of(path);
        let Some((_, _, allowed)) = LAYERS.iter().find(|(_, name, _)| *name == own) else {
            complaints.push(format!("{path}: `{own}` has no row in the table of layers"));
            continue;
        };
        for import in imported_modules(path, &code_only(text)) {
            let known = LAYERS.iter().any(|(_, name, _)| *name == import);
            if known && import != own && !allowed.contains(&import.as_str()) {
                complaints.push(format!("{path}: `{own}` may not import `{import}`"));
            }
        }
    }
    complaints
}

/// The page shows the table of layers as it is: row, module, a question, and what it may import.
pub(super) fn layer_table(page: &str) -> Vec<String> {
    let names = |cell: &str| {
        let names: Vec<&str> = cell.split('`').skip(1).step_by(2).collect();
        names.iter().map(|name| (*name).to_owned()).collect::<Vec<String>>()
    };
    let shown: Vec<(String, Vec<String>, Vec<String>)> = page
        .lines()
        .filter_map(|line| {
            let cells: Vec<&str> = line.split('|').map(str::trim).collect();
            let (row, module, imports) = (cells.get(1)?, cells.get(2)?, cells.get(4)?);
            row.parse::<u8>().ok()?;
            Some(((*row).to_owned(), names(module), names(imports)))
        })
        .collect();
    let held = LAYERS.iter().map(|(row, module, imports)| {
        let imports = imports.iter().map(|name| (*name).to_owned()).collect();
        (row.to_string(), vec![(*module).to_owned()], imports)
    });
    let held: Vec<(String, Vec<String>, Vec<String>)> = held.collect();
    let missing = held.iter().filter(|line| !shown.contains(line));
    let extra = shown.iter().filter(|line| !held.contains(line));
    missing
        .map(|line| format!("ARCHITECTURE.md: no row {line:?} in its table of layers"))
        .chain(extra.map(|line| format!("ARCHITECTURE.md: row {line:?} is not in the table here")))
        .collect()
}

pub(super) fn sizes(sources: &[File]) -> Vec<String> {
    let mut complaints = Vec::new();
    for File { path, text } in sources {
        let lines: Vec<&str> = text.lines().collect();
        if lines.len() > FILE_LINES_MAX {
            complaints
                .push(format!("{path}: {} lines, at most {FILE_LINES_MAX} are read", lines.len()));
        }
        for (name, first, length) in functions(&code_only(text)) {
            let above = &lines[first.saturating_sub(8)..first];
            let excused = above.iter().any(|line| line.contains("clippy::too_many_lines"));
            if length > FUNCTION_LINES_MAX && !excused {
                complaints.push(format!("{path}:{first}: `{name}` has {length} lines; name the decision it makes and leave that in the parent"));
            }
        }
    }
    complaints
}

/// A `mod.rs` holds the essay of its folder, its trait or table, and its one entry; the rest are files.
pub(super) fn mods(sources: &[File]) -> Vec<String> {
    let mods = sources.iter().filter(|source| source.path.ends_with("/mod.rs"));
    let long = mods.filter(|source| source.text.lines().count() > MOD_LINES_MAX);
    let complaint = |source: &File| {
        let lines = source.text.lines().count();
        format!("{}: {lines} lines, a `mod.rs` has at most {MOD_LINES_MAX}", source.path)
    };
    long.map(complaint).collect()
}

/// rustfmt breaks code at 100 columns and leaves comments as they are.
pub(super) fn comment_widths(sources: &[File]) -> Vec<String> {
    let mut complaints = Vec::new();
    for File { path, text } in sources {
        for (number, line) in (1..).zip(text.lines()) {
            let is_comment =
                ["//", "/*", "*", "--", "#"].iter().any(|mark| line.trim_start().starts_with(mark));
            let width = line.chars().count();
            if is_comment && width > COMMENT_WIDTH_MAX {
                complaints.push(format!(
                    "{path}:{number}: a comment of {width} columns, at most {COMMENT_WIDTH_MAX}"
                ));
            }
        }
    }
    complaints
}

/// An `expect` fails when its lint no longer fires; an `allow` stays for ever.
pub(super) fn allows(sources: &[File]) -> Vec<String> {
    let allows = sources.iter().filter(|source| code_only(&source.text).contains("[allow("));
    allows.map(|source| format!("{}: `expect` with its reason, not `allow`", source.path)).collect()
}

pub(super) fn exceptions(sources: &[File], max: usize) -> Vec<String> {
    let count = sources.iter().map(|source| {
        words(&source.text, "expect")
            .filter(|&at| source.text[..at].ends_with("#[") || source.text[..at].ends_with("#!["))
            .count()
    });
    let total = count.sum::<usize>();
    let complaint =
        format!("{total} exceptions from lints, at most {max}: repair the code instead");
    if total > max { vec![complaint] } else { Vec::new() }
}

pub(super) fn shapes(sources: &[File]) -> Vec<String> {
    let mut complaints = Vec::new();
    for File { path, text } in sources {
        if text.lines().count() > 1 && !text.starts_with("/*!") {
            complaints.push(format!("{path}: does not open with `/*!` and its purpose"));
        }
        let vague = ["utils", "util", "helpers", "helper", "common", "misc"];
        if path.split(['/', '.']).any(|part| vague.contains(&part)) {
            complaints.push(format!("{path}: name the idea, not its use"));
        }
    }
    complaints
}

pub(super) fn bans(sources: &[File]) -> Vec<String> {
    let decoders = ["GzDecoder", "MultiGzDecoder", "DeflateDecoder", "ZlibDecoder"];
    let mut complaints = Vec::new();
    for File { path, text } in sources {
        let code = code_only(text);
        if !path.starts_with("src/table") && words(&code, "polars").next().is_some() {
            complaints.push(format!("{path}: polars is named in src/table alone"));
        }
        let raw = decoders.iter().any(|name| words(&code, name).next().is_some())
            || ["zstd::stream::read", "zstd::Decoder", "zstd::decode_all"]
                .iter()
                .any(|name| code.contains(name));
        if raw && !path.starts_with("src/ingest/open") {
            complaints.push(format!("{path}: raw decoders are not capped; use ingest::open"));
        }
    }
    complaints
}

pub(super) fn characters(texts: &[File]) -> Vec<String> {
    let homes = [concat!("/wo", "rk/"), concat!("/ho", "me/"), concat!("/Us", "ers/")];
    let mut complaints = Vec::new();
    for File { path, text } in texts {
        for (number, line) in (1..).zip(text.split('\n')) {
            // Snapshots of terminal output in tests may end in spaces.
            if line.ends_with(' ') && !path.starts_with("tests/") {
                complaints.push(format!("{path}:{number}: trailing space"));
            }
            if line.chars().any(char::is_control) {
                complaints.push(format!("{path}:{number}: tab or control character"));
            }
            if homes.iter().any(|home| line.contains(home)) {
                complaints.push(format!("{path}:{number}: a path of one machine"));
            }
        }
    }
    complaints
}

/// Paths in backticks exist, unless the module or folder they lie in is not there at all yet.
pub(super) fn mentions(
    architecture: &str,
    sources: &[File],
    exists: impl Fn(&str) -> bool,
) -> Vec<String> {
    let mut complaints = Vec::new();
    let tops = ["src/", "tests/", "queries/", "profiles/", "docs/", "fixtures/"];
    for path in architecture.split('`').skip(1).step_by(2) {
        let is_path =
            tops.iter().any(|top| path.starts_with(top)) || path.rsplit('.').next() == Some("md");
        let mut parts = path.split('/');
        let top = parts.next().unwrap_or(path);
        let module =
            parts.next().filter(|_| top == "src").map_or(top.into(), |m| format!("src/{m}"));
        if is_path && !path.contains(['<', '*', ' ']) && exists(&module) && !exists(path) {
            complaints.push(format!("ARCHITECTURE.md: `{path}` does not exist"));
        }
    }
    let mut folders: Vec<&str> = sources
        .iter()
        .flat_map(|s| s.path.split('/').skip(1))
        .filter(|p| !p.contains('.'))
        .collect();
    folders.sort_unstable();
    folders.dedup();
    for folder in folders {
        let known = [format!("`{folder}`"), format!("{folder}/")];
        if !known.iter().any(|name| architecture.contains(name.as_str())) {
            complaints.push(format!("ARCHITECTURE.md: says nothing of the folder `{folder}`"));
        }
    }
    complaints
}

/// Each rule has its heading, its file with tests in it that mark its boundary, and its fixture.
pub(super) fn rules(
    stems: &[String],
    docs: &str,
    text_of: impl Fn(&str) -> Option<String>,
) -> Vec<String> {
    let mut complaints = Vec::new();
    for stem in stems {
        let rule = stem.replace('_', "-");
        if !docs.lines().any(|line| line == format!("## {rule}")) {
            complaints.push(format!("docs/rules.md: no heading `## {rule}`"));
        }
        let source = format!("src/judge/rules/{stem}.rs");
        match text_of(&source) {
            None => complaints.push(format!("{source}: missing")),
            Some(text) => {
                let tests = text.split_once("#[cfg(test)]").map_or("", |(_, tests)| tests);
                if !tests.contains("#[test]") {
                    complaints.push(format!("{source}: has no test"));
                } else if !tests.contains("// Boundary: ") {
                    complaints.push(format!("{source}: no test has a comment `// Boundary: …`"));
                }
            }
        }
        let fixture = format!("fixtures/rules/{rule}/expected.toml");
        if text_of(&fixture).is_none() {
            complaints.push(format!("{fixture}: missing"));
        }
    }
    complaints
}

/// A rule is named by its code in its own file alone: elsewhere the code is read from the rule.
pub(super) fn rule_codes(codes: &[&str], sources: &[File]) -> Vec<String> {
    let mut complaints = Vec::new();
    for code in codes {
        let (quoted, file) = (format!("\"{code}\""), format!("src/judge/rules/{}.rs", stem(code)));
        let naming = sources.iter().filter(|source| source.path != file);
        let naming = naming.filter(|source| source.text.contains(&quoted));
        complaints.extend(naming.map(|source| format!("{}: names the rule {quoted}", source.path)));
    }
    complaints
}

/// `split-brain` stands in `split_brain.rs`.
pub(super) fn stem(code: &str) -> String {
    code.replace('-', "_")
}

pub(super) fn query_headers(queries: &[File]) -> Vec<String> {
    let mut complaints = Vec::new();
    for File { path, text } in queries {
        let header: Vec<String> = text
            .lines()
            .take_while(|line| line.starts_with("--"))
            .map(|line| line.to_lowercase().replace("used-by", "used by"))
            .collect();
        for part in ["answers", "columns", "tier", "used by"] {
            if !header.iter().any(|line| line.contains(part)) {
                complaints.push(format!("{path}: its header lacks `{part}`"));
            }
        }
    }
    complaints
}
