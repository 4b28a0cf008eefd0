/*! Reading code by simple means: no parser, only comments, strings, words and braces. */

/// The code with comments, strings and characters blanked, line for line.
pub(super) fn code_only(text: &str) -> String {
    let chars: Vec<char> = text.chars().collect();
    let mut out = String::with_capacity(text.len());
    let mut at = 0;
    while at < chars.len() {
        let end = blank_until(&chars, at);
        if end == at {
            out.push(chars[at]);
            at += 1;
        } else {
            out.extend(chars[at..end].iter().map(|&c| if c == '\n' { c } else { ' ' }));
            at = end;
        }
    }
    out
}

/// Where a comment, string or character that starts here ends; the start itself if none does.
fn blank_until(chars: &[char], at: usize) -> usize {
    let next = chars.get(at + 1).copied().unwrap_or(' ');
    let in_word = at > 0 && is_word(chars[at - 1]) && chars[at - 1] != 'b';
    match chars[at] {
        '/' if next == '/' => find(chars, at, "\n").unwrap_or(chars.len()),
        '/' if next == '*' => nested_comment(chars, at),
        'r' if !in_word && (next == '"' || next == '#') => raw_string(chars, at),
        '"' => quoted(chars, at, '"'),
        '\'' if next == '\\' || chars.get(at + 2) == Some(&'\'') => quoted(chars, at, '\''),
        _ => at,
    }
}

fn is_word(c: char) -> bool {
    c.is_alphanumeric() || c == '_'
}

fn find(chars: &[char], from: usize, needle: &str) -> Option<usize> {
    let needle: Vec<char> = needle.chars().collect();
    (from..chars.len()).find(|&at| chars[at..].starts_with(&needle))
}

fn nested_comment(chars: &[char], start: usize) -> usize {
    let (mut depth, mut at) = (0, start);
    while at < chars.len() {
        match (chars[at], chars.get(at + 1)) {
            ('/', Some('*')) => (depth, at) = (depth + 1, at + 2),
            ('*', Some('/')) => (depth, at) = (depth - 1, at + 2),
            _ => at += 1,
        }
        if depth == 0 {
            break;
        }
    }
    at
}

fn raw_string(chars: &[char], start: usize) -> usize {
    let hashes = chars[start + 1..].iter().take_while(|&&c| c == '#').count();
    if chars.get(start + 1 + hashes) != Some(&'"') {
        return start;
    }
    let close = format!("\"{}", "#".repeat(hashes));
    find(chars, start + 2 + hashes, &close).map_or(chars.len(), |end| end + close.len())
}

fn quoted(chars: &[char], start: usize, close: char) -> usize {
    let mut at = start + 1;
    while at < chars.len() && chars[at] != close {
        at += if chars[at] == '\\' { 2 } else { 1 };
    }
    (at + 1).min(chars.len())
}

/// Positions of a whole word.
pub(super) fn words<'a>(code: &'a str, word: &'a str) -> impl Iterator<Item = usize> + 'a {
    let edge = |c: Option<char>| c.is_none_or(|c| !is_word(c));
    code.match_indices(word).map(|(at, _)| at).filter(move |&at| {
        edge(code[..at].chars().next_back()) && edge(code[at + word.len()..].chars().next())
    })
}

/// The first names after `crate::`, `holdover::` or a `super::` that reaches the root; also within braces.
pub(super) fn imported_modules(path: &str, code: &str) -> Vec<String> {
    let inside = path.strip_prefix("src/").unwrap_or(path);
    let depth = inside.trim_end_matches("/mod.rs").matches('/').count() + 1;
    let roots = ["crate", "holdover"].map(|word| (word, 1)).into_iter().chain([("super", depth)]);
    let mut found = Vec::new();
    for (word, times) in roots {
        let reach = vec![word; times].join("::");
        for at in words(code, &reach) {
            let Some(rest) = code[at + reach.len()..].strip_prefix("::") else { continue };
            found.extend(first_names(rest));
        }
    }
    found
}

fn first_names(rest: &str) -> Vec<String> {
    let name = |text: &str| text.trim_start().chars().take_while(|&c| is_word(c)).collect();
    let Some(list) = rest.strip_prefix('{') else { return vec![name(rest)] };
    let (mut depth, mut names, mut start) = (0, Vec::new(), 0);
    for (at, c) in list.char_indices() {
        match c {
            '{' => depth += 1,
            '}' if depth == 0 => {
                names.push(name(&list[start..at]));
                break;
            }
            '}' => depth -= 1,
            ',' if depth == 0 => {
                names.push(name(&list[start..at]));
                start = at + 1;
            }
            _ => {}
        }
    }
    names
}

/// Name, first line and number of lines of each function that has a body.
pub(super) fn functions(code: &str) -> Vec<(String, usize, usize)> {
    let mut found = Vec::new();
    for at in words(code, "fn") {
        let name: String =
            code[at + 2..].trim_start().chars().take_while(|&c| is_word(c)).collect();
        if name.is_empty() {
            continue; // a function type
        }
        if let Some(length) = body_end(&code[at..]) {
            let lines = code[at..at + length].matches('\n').count() + 1;
            found.push((name, code[..at].matches('\n').count() + 1, lines));
        }
    }
    found
}

/// Where the body ends, or nothing where a semicolon comes first.
fn body_end(code: &str) -> Option<usize> {
    let (mut round, mut braces) = (0, 0);
    for (at, c) in code.char_indices() {
        match c {
            '(' | '[' => round += 1,
            ')' | ']' => round -= 1,
            ';' if round == 0 && braces == 0 => return None,
            '{' => braces += 1,
            '}' => {
                braces -= 1;
                if braces == 0 {
                    return Some(at + 1);
                }
            }
            _ => {}
        }
    }
    None
}

/// `src/ingest/open/gzip.rs` and `src/ingest.rs` belong to `ingest`.
pub(super) fn module_of(path: &str) -> &str {
    let inside = path.strip_prefix("src/").unwrap_or(path);
    inside.split('/').next().unwrap_or(inside).trim_end_matches(".rs")
}

/// A path of the code, such as `super::table::Grid`.
pub(super) struct UsedPath {
    pub(super) segments: Vec<String>,
    /// The name that it has here: its last segment, or what stands after `as`.
    pub(super) name: String,
    /// Does it belong to a `use`?
    pub(super) is_use: bool,
}

/// Each path that begins with `crate`, `self` or `super`, and each path of a `use`; one for each leaf of its braces.
pub(super) fn paths(code: &str) -> Vec<UsedPath> {
    let mut found = Vec::new();
    let mut in_uses = Vec::new();
    for at in words(code, "use") {
        let end = code[at..].find(';').map_or(code.len(), |end| at + end);
        in_uses.push(at..end);
        leaves(&code[at + 3..end], &[], true, &mut found);
    }
    for root in ["crate", "self", "super"] {
        for at in words(code, root).filter(|&at| !code[..at].ends_with("::")) {
            if code[at + root.len()..].starts_with("::") && !in_uses.iter().any(|r| r.contains(&at))
            {
                leaves(&code[at..], &[], false, &mut found);
            }
        }
    }
    found
}

/// The leaves of a path, within braces too.
fn leaves(text: &str, prefix: &[String], is_use: bool, found: &mut Vec<UsedPath>) {
    let mut segments = prefix.to_vec();
    let mut rest = text.trim_start();
    loop {
        let name: String = rest.chars().take_while(|&c| is_word(c)).collect();
        rest = &rest[name.len()..];
        if !name.is_empty() {
            segments.push(name);
        }
        let Some(next) = rest.strip_prefix("::") else { break };
        rest = next;
        if let Some(list) = rest.strip_prefix('{') {
            for item in items(list) {
                leaves(item, &segments, is_use, found);
            }
            return;
        }
        if !rest.starts_with(is_word) {
            break;
        }
    }
    if segments.last().is_some_and(|last| last == "self") && segments.len() > 1 {
        segments.pop();
    }
    let alias = rest.trim_start().strip_prefix("as ").map(|alias| alias.trim().to_owned());
    let name = alias.or_else(|| segments.last().cloned()).unwrap_or_default();
    if !segments.is_empty() {
        found.push(UsedPath { segments, name, is_use });
    }
}

/// What stands between the commas of a list in braces, up to its end.
fn items(list: &str) -> Vec<&str> {
    let (mut depth, mut start, mut found) = (0, 0, Vec::new());
    for (at, c) in list.char_indices() {
        match c {
            '{' => depth += 1,
            '}' if depth == 0 => {
                found.push(&list[start..at]);
                break;
            }
            '}' => depth -= 1,
            ',' if depth == 0 => {
                found.push(&list[start..at]);
                start = at + 1;
            }
            _ => {}
        }
    }
    found.into_iter().filter(|item| !item.trim().is_empty()).collect()
}

/// The path of each `pub use`, however far it is public.
pub(super) fn public_uses(code: &str) -> Vec<String> {
    let uses = words(code, "use").filter(|&at| {
        let before = code[..at].trim_end();
        let line = before.rsplit(['\n', ';', '}']).next().unwrap_or(before).trim_start();
        line == "pub" || (line.starts_with("pub(") && line.ends_with(')'))
    });
    uses.map(|at| code[at..].split(';').next().unwrap_or_default().to_owned()).collect()
}

/// The comments, strings and characters, with the code blanked, line for line.
pub(super) fn prose_only(text: &str) -> String {
    let code = code_only(text);
    let prose = |(of_text, of_code): (char, char)| {
        if of_text == '\n' || of_text != of_code { of_text } else { ' ' }
    };
    text.chars().zip(code.chars()).map(prose).collect()
}
