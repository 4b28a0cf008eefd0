/*! The plan: what the team promised before the rotation. `load` gives a plan that holds, or every mistake in it. */

mod types;

pub use types::{
    Consumer, Credential, CutoverModel, InFlight, Limits, Marker, MatchKey, MatchTable, Pattern,
    Plan, RotationPlan, Site, Source, Version, Waiver,
};
