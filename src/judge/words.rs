/*! Small words: counts, lists and shares as the sentences of findings say them. */

/// A count with its noun: `1 try`, `3 tries`.
pub fn plural(n: u64, one: &str, many: &str) -> String {
    if n == 1 { format!("1 {one}") } else { format!("{n} {many}") }
}

/// Names in one sentence: `a`, `a and b`, `a, b and c`; past five the rest is counted.
pub fn list<T: AsRef<str>>(names: &[T]) -> String {
    const SHOWN: usize = 5;
    let mut shown: Vec<String> =
        names.iter().take(SHOWN).map(|name| name.as_ref().to_owned()).collect();
    if names.len() > SHOWN {
        shown.push(format!("{} more", names.len() - SHOWN));
    }
    match shown.split_last() {
        None => String::new(),
        Some((one, [])) => one.clone(),
        Some((last, rest)) => format!("{} and {last}", rest.join(", ")),
    }
}

/// A part of a whole in percent with one digit: `12.5 %`.
pub fn percent(n: u64, of: u64) -> String {
    format!("{:.1} %", 100.0 * share(n, of))
}

/// A part of a whole; nothing of nothing is nothing.
#[expect(clippy::cast_precision_loss, reason = "shares are printed and compared to a few digits")]
pub fn share(n: u64, of: u64) -> f64 {
    if of == 0 { 0.0 } else { n as f64 / of as f64 }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn counts_and_lists_read_as_sentences() {
        assert_eq!(plural(1, "try", "tries"), "1 try");
        assert_eq!(plural(0, "try", "tries"), "0 tries");
        assert_eq!(list::<&str>(&[]), "");
        assert_eq!(list(&["a"]), "a");
        assert_eq!(list(&["a", "b", "c"]), "a, b and c");
        assert_eq!(list(&["a", "b", "c", "d", "e", "f", "g"]), "a, b, c, d, e and 2 more");
        assert_eq!(percent(1, 8), "12.5 %");
    }
}
