/*! A list with at least one element. Where an empty list would mean something else, as in `all of these match`, the
 * type keeps it out.
 */

use std::ops::Deref;

/// A list with at least one element.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NonEmpty<T>(Vec<T>);

impl<T> NonEmpty<T> {
    /// A list of one element.
    pub fn of(element: T) -> Self {
        Self(vec![element])
    }

    /// The list, unless it is empty.
    pub fn new(elements: Vec<T>) -> Option<Self> {
        (!elements.is_empty()).then_some(Self(elements))
    }
}

impl<T> Deref for NonEmpty<T> {
    type Target = [T];

    fn deref(&self) -> &[T] {
        &self.0
    }
}

impl<'l, T> IntoIterator for &'l NonEmpty<T> {
    type Item = &'l T;
    type IntoIter = std::slice::Iter<'l, T>;

    fn into_iter(self) -> Self::IntoIter {
        self.0.iter()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_empty_list_is_refused() {
        assert_eq!(NonEmpty::<u8>::new(Vec::new()), None);
        let one = NonEmpty::of(7);
        assert_eq!(NonEmpty::new(vec![7]).as_ref(), Some(&one));
        assert_eq!(one.iter().copied().collect::<Vec<_>>(), [7]);
    }
}
