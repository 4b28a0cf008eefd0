/*! Whoever looks at records as they are mapped, before any plan is asked. */

use crate::map::Mapped;
use crate::model::Place;

/// One mapped record.
pub struct Sighting<'s> {
    /// Where it stands.
    pub place: Place,
    /// In which member of an archive; 0: in the input itself.
    pub member: u32,
    /// The profile that mapped it.
    pub profile: &'s str,
    /// What it says.
    pub mapped: &'s Mapped<'s>,
}

/// Who is told of each mapped record.
pub trait Observer {
    /// A record was mapped.
    fn see(&mut self, sighting: &Sighting<'_>);
}
