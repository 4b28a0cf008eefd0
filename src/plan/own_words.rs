/*! The words of a plan that a report shows as they are. */

use super::checked_plan::{Marker, Plan};

/// The names that the plan gives to its credential, versions and consumers. One that holds the value of a marker is
/// left out: it is masked like any other text.
pub fn own_words(plan: &Plan) -> Vec<String> {
    let versions = plan.versions.iter().map(|version| &version.name);
    let classes = plan.consumers.iter().map(|consumer| &consumer.class);
    let names = std::iter::once(&plan.credential.name).chain(versions).chain(classes);
    names.filter(|name| !holds_marker(plan, name)).cloned().collect()
}

fn holds_marker(plan: &Plan, name: &str) -> bool {
    let is_joined = |char: char| char.is_alphanumeric() || "_-+/=.".contains(char);
    let pieces = || name.split(|char| !is_joined(char)).filter(|piece| !piece.is_empty());
    plan.versions.iter().flat_map(|version| &version.markers).any(|marker| {
        let is_spelled_out = match marker {
            Marker::Literal(value) | Marker::Prefix(value) | Marker::Suffix(value) => {
                name.contains(value.as_str())
            }
            Marker::Serial(_) | Marker::Sha256(_) | Marker::Regex(_) => false,
        };
        is_spelled_out || marker.covers(name) || pieces().any(|piece| marker.covers(piece))
    })
}
