/*! Names in one sentence. */

use super::number;

/// The most names that a sentence gives before it counts the rest.
const NAMES_MAX: usize = 5;

/// `a`, `a and b`, `a, b and c`; past five names the rest is counted: `a, b, c, d, e and 2 more`.
pub fn list<T: AsRef<str>>(names: &[T]) -> String {
    let mut shown: Vec<String> =
        names.iter().take(NAMES_MAX).map(|name| name.as_ref().to_owned()).collect();
    if names.len() > NAMES_MAX {
        shown.push(format!("{} more", number(names.len() - NAMES_MAX)));
    }
    list_all(&shown, "and")
}

/// All of the names, with the given word before the last: `a, b or c`.
pub fn list_all<T: AsRef<str>>(names: &[T], link: &str) -> String {
    let names: Vec<&str> = names.iter().map(AsRef::as_ref).collect();
    match names.split_last() {
        None => String::new(),
        Some((only, [])) => (*only).to_owned(),
        Some((last, rest)) => format!("{} {link} {last}", rest.join(", ")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lists_read_as_sentences() {
        assert_eq!(list::<&str>(&[]), "");
        assert_eq!(list(&["a"]), "a");
        assert_eq!(list(&["a", "b", "c"]), "a, b and c");
        assert_eq!(list(&["a", "b", "c", "d", "e", "f", "g"]), "a, b, c, d, e and 2 more");
        assert_eq!(list_all(&["a", "b", "c"], "or"), "a, b or c");
    }
}
