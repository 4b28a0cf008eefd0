/*! The names of the streams of one input. Most of its records are of few streams, and a name is made once. */

use std::cell::RefCell;
use std::collections::HashMap;
use std::rc::Rc;
use std::sync::Arc;

use super::stream::{self, Folder};
use crate::limits;

/// Names the streams of one input or member.
pub(super) struct StreamNames {
    /// The position of the declared source in the plan.
    position: Option<usize>,
    folder: Rc<Folder>,
    known: RefCell<KnownNames>,
}

/// The names of the streams of one source.
#[derive(Default)]
struct KnownNames {
    source: String,
    /// By instance, where no field names streams; without an instance, by the empty text.
    by_instance: HashMap<String, Arc<str>>,
    /// The last that a field named: the instance, the value, the name.
    by_value: Option<(Option<String>, String, Arc<str>)>,
}

impl StreamNames {
    pub(super) fn new(position: Option<usize>, folder: Rc<Folder>) -> Self {
        Self { position, folder, known: RefCell::default() }
    }

    /// The stream of a record of this profile, by its instance and by the value that names streams.
    pub(super) fn of(
        &self,
        profile: &str,
        instance: Option<&str>,
        value: Option<&str>,
    ) -> Arc<str> {
        let mut known = self.known.borrow_mut();
        if known.source != profile {
            *known = KnownNames { source: profile.to_owned(), ..KnownNames::default() };
        }
        let make = || -> Arc<str> {
            let source = stream::source_name(profile, self.position);
            Arc::from(stream::name(&source, &self.folder, instance, value))
        };
        let Some(value) = value else {
            if let Some(name) = known.by_instance.get(instance.unwrap_or_default()) {
                return Arc::clone(name);
            }
            if known.by_instance.len() >= limits::DIGESTED_IDS {
                known.by_instance.clear();
            }
            let name = make();
            let instance = instance.unwrap_or_default().to_owned();
            known.by_instance.insert(instance, Arc::clone(&name));
            return name;
        };
        match &known.by_value {
            Some((of, by, name)) if of.as_deref() == instance && by == value => Arc::clone(name),
            Some(_) | None => {
                let name = make();
                let instance = instance.map(str::to_owned);
                known.by_value = Some((instance, value.to_owned(), Arc::clone(&name)));
                name
            }
        }
    }
}
