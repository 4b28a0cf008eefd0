/*! What the plan claims of a source. */

use super::part::Part;
use super::stream::{self, Folder, StreamName};
use super::wanted::{SourceReading, Wanted};

/// What the plan says about the source: the class of its records, and how long its streams may be silent.
pub(super) fn add_claims(
    part: &mut Part,
    wanted: &Wanted,
    sources: &SourceReading,
    folder: &Folder,
) {
    let Some(position) = sources.source else { return };
    let source = &wanted.rotation.plan.sources[position];
    let names: Vec<StreamName> = if part.pulses.is_empty() {
        let profile = sources.readings.last().map_or("", |reading| reading.profile.name.as_str());
        vec![stream::name(&stream::source_name(profile, Some(position)), folder, None, None)]
    } else {
        part.pulses.keys().cloned().collect()
    };
    for name in names {
        if let Some(gap) = source.max_gap {
            part.max_gaps.insert(name.clone(), gap);
        }
        part.claims.extend(source.class.map(|class| (name, class)));
    }
}
