/*! Texts, each once, in the order in which they came. A record may list very many. */

use std::borrow::Cow;
use std::collections::HashSet;

/// Up to this number they are compared one by one; a set costs more than that.
const FEW: usize = 16;

/// Texts, each once.
#[derive(Debug, Default)]
pub(super) struct Distinct<'t> {
    texts: Vec<Cow<'t, str>>,
    /// All of them, once there are more than a few.
    known: HashSet<Cow<'t, str>>,
}

impl<'t> Distinct<'t> {
    pub(super) fn add(&mut self, text: Cow<'t, str>) {
        let is_new = if self.texts.len() < FEW {
            !self.texts.contains(&text)
        } else {
            if self.known.is_empty() {
                self.known.extend(self.texts.iter().cloned());
            }
            self.known.insert(text.clone())
        };
        if is_new {
            self.texts.push(text);
        }
    }

    pub(super) fn into_texts(self) -> Vec<Cow<'t, str>> {
        self.texts
    }
}

impl<'t> Extend<Cow<'t, str>> for Distinct<'t> {
    fn extend<I: IntoIterator<Item = Cow<'t, str>>>(&mut self, texts: I) {
        texts.into_iter().for_each(|text| self.add(text));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_is_kept_once_in_its_order_however_many_there_are() {
        for count in [1, FEW - 1, FEW, FEW + 1, 200_000] {
            let names: Vec<String> = (0..count).map(|number| format!("k{number}")).collect();
            let mut distinct = Distinct::default();
            for _ in 0..2 {
                distinct.extend(names.iter().map(|name| Cow::Borrowed(name.as_str())));
            }
            assert_eq!(distinct.into_texts(), names);
        }
    }
}
