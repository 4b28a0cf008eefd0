/*! The shape of secrets: prefixes of providers, and runs of characters that do not look like a name. */

use std::fmt::Write as _;

/// What may follow a provider's prefix.
#[derive(Clone, Copy)]
enum Tail {
    /// Letters and digits.
    Alnum,
    /// Letters, digits, `_` and `-`.
    Word,
    /// Letters, digits, `_`, `-` and `.`.
    Dotted,
}

/// The prefix (an expression), the fewest characters after it, which characters, and whether they must look random too.
const PREFIXES: &[(&str, usize, Tail, bool)] = &[
    ("gh[pousr]_", 8, Tail::Alnum, false),
    ("github_pat_", 8, Tail::Word, false),
    ("glpat-", 8, Tail::Word, false),
    ("gl(?:cbt|dt|ptt|rt|soat)-", 16, Tail::Word, false),
    ("xox[a-z]-", 8, Tail::Word, false),
    ("xapp-", 16, Tail::Word, true),
    ("[sr]k_(?:live|test)_", 8, Tail::Word, false),
    ("whsec_", 16, Tail::Word, false),
    ("sk-", 16, Tail::Word, true),
    ("AIza", 30, Tail::Word, false),
    ("ya29\\.", 10, Tail::Word, false),
    ("GOCSPX-", 16, Tail::Word, false),
    ("npm_", 20, Tail::Alnum, false),
    ("pypi-", 16, Tail::Word, true),
    ("dckr_pat_", 16, Tail::Word, false),
    ("hv[sbr]\\.", 12, Tail::Word, false),
    ("s\\.", 24, Tail::Alnum, true),
    ("dop_v1_", 16, Tail::Alnum, false),
    ("shp(?:at|ca|pa|ss)_", 16, Tail::Alnum, false),
    ("SG\\.", 16, Tail::Dotted, true),
    ("hf_", 20, Tail::Alnum, false),
    ("gsk_", 20, Tail::Alnum, false),
    ("lin_api_", 16, Tail::Alnum, false),
    ("ATATT", 20, Tail::Word, false),
    ("AGE-SECRET-KEY-", 16, Tail::Word, false),
];

/// The fewest characters of a run that may be a secret without any prefix or context.
pub(super) const RUN_MIN: usize = 32;

/// One expression for all prefixes. Group 1 matches where the prefix is enough, group 2 where the rest must look
/// random.
pub(super) fn prefix_expression() -> String {
    let side = |random: bool| {
        let mut any = String::new();
        for (prefix, min, tail, _) in PREFIXES.iter().filter(|row| row.3 == random) {
            let tail = match tail {
                Tail::Alnum => "[A-Za-z0-9]",
                Tail::Word => "[A-Za-z0-9_-]",
                Tail::Dotted => "[A-Za-z0-9_.-]",
            };
            let _ =
                write!(any, "{}{prefix}{tail}{{{min},}}", if any.is_empty() { "" } else { "|" });
        }
        any
    };
    format!(r"(?-u:\b)(?:({})|({}))", side(false), side(true))
}

/// Does a text of base64, base64url or hexadecimal characters look like a secret and not like a name?
pub(super) fn is_random(run: &str) -> bool {
    let body = run.trim_end_matches('=');
    !is_uuid(body) && (pieces(body).any(is_dense) || is_scattered(body, RUN_MIN))
}

/// The same for texts that may contain words: it has upper case, lower case and digits, and few of its pieces are
/// words.
pub(super) fn is_scattered(body: &str, min: usize) -> bool {
    let has = |class: fn(&u8) -> bool| body.bytes().any(|byte| class(&byte));
    let mixed =
        has(u8::is_ascii_uppercase) && has(u8::is_ascii_lowercase) && has(u8::is_ascii_digit);
    mixed && body.len() >= min && !is_wordy(body)
}

/// Are at least half of the characters parts of words and numbers?
pub(super) fn is_wordy(body: &str) -> bool {
    let (mut words, mut all) = (0, 0);
    for piece in pieces(body).filter(|piece| piece.len() > 2) {
        all += piece.len();
        if piece.len() >= 4 * humps(piece) || humps(piece) == 1 {
            words += piece.len();
        }
    }
    words * 2 >= all
}

/// 8-4-4-4-12 hexadecimal digits.
fn is_uuid(body: &str) -> bool {
    let lengths: Vec<usize> = body.split('-').map(str::len).collect();
    lengths == [8, 4, 4, 4, 12] && body.bytes().all(|byte| byte == b'-' || byte.is_ascii_hexdigit())
}

/// A long piece of letters and digits that changes between them too often for words.
fn is_dense(piece: &str) -> bool {
    let letters = piece.bytes().any(|byte| byte.is_ascii_alphabetic());
    let digits = piece.bytes().any(|byte| byte.is_ascii_digit());
    let restless = piece.len() < 5 * humps(piece) || bits_per_char(piece) >= 4.2;
    piece.len() >= RUN_MIN && letters && digits && restless
}

/// Is every long piece lower-case hexadecimal: the id of a container, a digest?
pub(super) fn is_hex_or_short(part: &str) -> bool {
    let lower = |byte: u8| matches!(byte, b'0'..=b'9' | b'a'..=b'f');
    pieces(part).all(|piece| piece.len() < RUN_MIN || piece.bytes().all(lower))
        && !is_scattered(part, RUN_MIN)
}

fn pieces(body: &str) -> impl Iterator<Item = &str> {
    body.split(|char: char| !char.is_ascii_alphanumeric()).filter(|piece| !piece.is_empty())
}

/// The number of words and numbers in a piece: three in `DocWorker2`.
fn humps(piece: &str) -> usize {
    let class = |byte: u8| match byte {
        b'0'..=b'9' => 0,
        b'A'..=b'Z' => 1,
        _ => 2,
    };
    let bytes = piece.as_bytes();
    1 + bytes
        .windows(2)
        .filter(|pair| match (class(pair[0]), class(pair[1])) {
            (1, 2) => false,
            (left, right) => left != right,
        })
        .count()
}

/// The Shannon entropy of the characters.
fn bits_per_char(piece: &str) -> f64 {
    let mut counts = [0_u32; 128];
    let mut all = 0_u32;
    for byte in piece.bytes() {
        counts[usize::from(byte & 0x7f)] += 1;
        all += 1;
    }
    let shares =
        counts.iter().filter(|count| **count > 0).map(|count| f64::from(*count) / f64::from(all));
    -shares.map(|share| share * share.log2()).sum::<f64>()
}
