/*! Numbers, and counts with their nouns. */

/// A number with its thousands set apart: `12,345`.
pub fn number<N: TryInto<u64>>(n: N) -> String {
    let digits = whole(n).to_string();
    let mut separated = String::with_capacity(digits.len() * 4 / 3);
    for (position, digit) in digits.char_indices() {
        if position > 0 && (digits.len() - position).is_multiple_of(3) {
            separated.push(',');
        }
        separated.push(digit);
    }
    separated
}

/// A count with its noun: `1 record`, `3 records`, `12,345 attempts`.
pub fn count<N: TryInto<u64>>(n: N, singular: &str) -> String {
    let n = whole(n);
    format!("{} {}", number(n), noun(n, singular))
}

/// The noun alone, as the count asks for it: `class`, `classes`.
pub fn noun<N: TryInto<u64>>(n: N, singular: &str) -> String {
    if whole(n) == 1 { singular.to_owned() } else { plural(singular) }
}

/// How often: `once`, `twice`, `1,234 times`.
pub fn times<N: TryInto<u64>>(n: N) -> String {
    match whole(n) {
        1 => "once".to_owned(),
        2 => "twice".to_owned(),
        n => format!("{} times", number(n)),
    }
}

/// A part of a whole in percent with one digit: `12.5 %`. The part of nothing is `0.0 %`.
pub fn percent(n: u64, of: u64) -> String {
    #[expect(clippy::cast_precision_loss, reason = "a share is printed with one digit")]
    let share = if of == 0 { 0.0 } else { n as f64 / of as f64 };
    format!("{:.1} %", 100.0 * share)
}

/// Lengths of lists are counts too. What does not fit is the largest count there is.
fn whole<N: TryInto<u64>>(n: N) -> u64 {
    n.try_into().unwrap_or(u64::MAX)
}

fn plural(singular: &str) -> String {
    let ends = |tails: &[&str]| tails.iter().any(|tail| singular.ends_with(tail));
    if ends(&["s", "x", "z", "ch", "sh"]) {
        return format!("{singular}es");
    }
    match singular.strip_suffix('y') {
        Some(stem) if !stem.ends_with(['a', 'e', 'i', 'o', 'u']) => format!("{stem}ies"),
        Some(_) | None => format!("{singular}s"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn counts_agree_with_their_nouns() {
        for (n, singular, expected) in [
            (0, "record", "0 records"),
            (1, "record", "1 record"),
            (3, "old use", "3 old uses"),
            (2, "class", "2 classes"),
            (2, "query", "2 queries"),
            (4, "day", "4 days"),
            (999, "hole", "999 holes"),
            (12_345, "record", "12,345 records"),
            (1_234_567, "record", "1,234,567 records"),
        ] {
            assert_eq!(count(n, singular), expected);
        }
        assert_eq!(number(u64::MAX), "18,446,744,073,709,551,615");
        assert_eq!(count(vec!["a", "b"].len(), "name"), "2 names");
        assert_eq!([times(1), times(2), times(1500)], ["once", "twice", "1,500 times"]);
        assert_eq!([percent(1, 8), percent(0, 0)], ["12.5 %", "0.0 %"]);
    }
}
