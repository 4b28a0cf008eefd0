/*! What could matter: the plan, what links taught so far, and how each source is to be read. */

use globset::{GlobBuilder, GlobSet, GlobSetBuilder};

use crate::attribute::{Rotation, pointers_asked};
use crate::map::Reading;
use crate::model::Micros;
use crate::model::link::Learned;
use crate::profile::{Overlay, Profile};

/// How the inputs of one source are read.
#[derive(Debug)]
pub struct SourceReading {
    /// The position of the source in the plan; none: not declared.
    pub source: Option<usize>,
    /// Candidates, the most specific first; the last reads anything.
    pub readings: Vec<Reading>,
}

/// Everything a scan needs to know. Read-only while scanning.
#[derive(Debug)]
pub struct Wanted {
    /// The plan, compiled.
    pub rotation: Rotation,
    /// What the links of the inputs taught.
    pub learned: Learned,
    /// The latest time that can be true.
    pub latest: Micros,
    sources: Vec<(GlobSet, SourceReading)>,
    undeclared: SourceReading,
}

impl Wanted {
    /// Compiles a plan against the profiles.
    pub fn new(
        rotation: Rotation,
        profiles: &[Profile],
        overlays: &[Overlay],
        latest: Micros,
    ) -> Self {
        let asked: Vec<String> = pointers_asked(&rotation.plan).collect();
        let reading = |profile: Profile| Reading::new(profile, asked.clone());
        let mut sources = Vec::new();
        for (position, (source, overlay)) in rotation.plan.sources.iter().zip(overlays).enumerate()
        {
            let candidates = profiles.iter().filter(|profile| match &source.profile {
                Some(name) => profile.name == *name,
                None => true,
            });
            let readings = candidates.map(|profile| reading(profile.under(overlay))).collect();
            sources
                .push((paths(&source.paths), SourceReading { source: Some(position), readings }));
        }
        let readings = profiles.iter().cloned().map(reading).collect();
        let undeclared = SourceReading { source: None, readings };
        Self { rotation, learned: Learned::default(), latest, sources, undeclared }
    }

    /// How the input of that path is read: by the first source that matches it.
    pub fn reading(&self, path: &str) -> &SourceReading {
        let matching = self.sources.iter().find(|(paths, _)| paths.is_match(path));
        matching.map_or(&self.undeclared, |(_, reading)| reading)
    }
}

/// A relative glob matches the end of a path.
fn paths(globs: &[String]) -> GlobSet {
    let mut set = GlobSetBuilder::new();
    for glob in globs {
        let glob = glob.strip_prefix("./").unwrap_or(glob);
        for pattern in
            [glob.to_owned(), format!("**/{glob}"), format!("{glob}/**"), format!("**/{glob}/**")]
        {
            if let Ok(glob) = GlobBuilder::new(&pattern).literal_separator(true).build() {
                set.add(glob);
            }
        }
    }
    set.build().unwrap_or_default()
}
