/*! Counts in words: one place decides how a number and its noun are written. */

/// A count with its noun: `1 record`, `3 records`, `12,345 tries`.
pub fn count(n: u64, noun: &str) -> String {
    if n == 1 { format!("1 {noun}") } else { format!("{} {}", number(n), plural(noun)) }
}

/// A number with its thousands set apart: `12,345`.
pub fn number(n: u64) -> String {
    let digits = n.to_string();
    let mut shown = String::with_capacity(digits.len() * 4 / 3);
    for (position, digit) in digits.char_indices() {
        if position > 0 && (digits.len() - position).is_multiple_of(3) {
            shown.push(',');
        }
        shown.push(digit);
    }
    shown
}

fn plural(noun: &str) -> String {
    let ends = |tails: &[&str]| tails.iter().any(|tail| noun.ends_with(tail));
    if ends(&["s", "x", "z", "ch", "sh"]) {
        return format!("{noun}es");
    }
    match noun.strip_suffix('y') {
        Some(stem) if !stem.ends_with(['a', 'e', 'i', 'o', 'u']) => format!("{stem}ies"),
        Some(_) | None => format!("{noun}s"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn counts_read_well() {
        for (n, noun, shown) in [
            (0, "record", "0 records"),
            (1, "record", "1 record"),
            (3, "old use", "3 old uses"),
            (2, "class", "2 classes"),
            (2, "try", "2 tries"),
            (4, "day", "4 days"),
            (999, "hole", "999 holes"),
            (12_345, "record", "12,345 records"),
            (1_234_567, "record", "1,234,567 records"),
        ] {
            assert_eq!(count(n, noun), shown);
        }
        assert_eq!(number(u64::MAX), "18,446,744,073,709,551,615");
    }
}
