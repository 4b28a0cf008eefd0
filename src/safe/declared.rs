/*! The names that a plan declares are its author's own words. A page shows them as they are, also where they look like
 * a secret, or where what is before them looks like the name of one: `of db_password: queue-worker still uses it`.
 */

use std::cell::RefCell;
use std::ops::Range;
use std::rc::Rc;

thread_local! {
    /// Only pages know names, and a page is written by one thread. What is masked before is masked without them, so
    /// that evidence does not depend on how a plan calls its consumers.
    static NAMES: RefCell<Rc<[String]>> = RefCell::new(Rc::from([]));
}

/// What was shown before, put back also if writing panics.
struct Before(Rc<[String]>);

impl Drop for Before {
    fn drop(&mut self) {
        NAMES.with(|names| names.replace(Rc::clone(&self.0)));
    }
}

/// Writes a page on which these names are not masked.
pub fn with_names<T>(shown: &[String], write: impl FnOnce() -> T) -> T {
    let shown: Vec<String> = shown.iter().filter(|name| !name.is_empty()).cloned().collect();
    let _before = Before(NAMES.with(|names| names.replace(shown.into())));
    write()
}

/// Is this part of the text a declared name or a part of one? Only of one that is there whole and by itself: within a
/// longer run of characters it is a part of something else.
pub(super) fn is_in_name(text: &str, part: Range<usize>) -> bool {
    let names = NAMES.with(|names| Rc::clone(&names.borrow()));
    let part = without_marks(text, part);
    names.iter().any(|name| {
        // An occurrence that covers the part begins at most the length of the name before its end.
        let mut from = part.end.saturating_sub(name.len());
        while !text.is_char_boundary(from) {
            from += 1;
        }
        let starts = text[from..].match_indices(name.as_str()).map(|(at, _)| from + at);
        let mut starts = starts.take_while(|start| *start <= part.start);
        starts.any(|start| {
            start + name.len() >= part.end && is_alone(text, start..start + name.len())
        })
    })
}

/// The part without the marks of a sentence around it.
fn without_marks(text: &str, part: Range<usize>) -> Range<usize> {
    let marks = ['`', '.', ':', '!', '?'];
    let inner = text[part.clone()].trim_end_matches(marks);
    let end = part.start + inner.len();
    end - inner.trim_start_matches('`').len()..end
}

fn is_alone(text: &str, name: Range<usize>) -> bool {
    let joins = |char: char| char.is_alphanumeric() || "_-+/=@~%$".contains(char);
    let mut after = text[name.end..].chars();
    let is_ended = match after.next() {
        Some('.') => !after.next().is_some_and(|next| joins(next) || next == '.'),
        next => !next.is_some_and(joins),
    };
    let before = text[..name.start].chars().next_back();
    // What is before `=` may be the name of a secret, and what is after it is not joined to it.
    is_ended && !before.is_some_and(|before| before != '=' && joins(before) || before == '.')
}
