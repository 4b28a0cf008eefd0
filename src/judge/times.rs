/*! The instants on which a decision rests, from the plan and the instant as of which the report judges. */

use crate::model::decision::Mode;
use crate::model::{Duration, Span, Timestamp};
use crate::plan::Plan;

/// The instants on which the decision rests.
#[derive(Clone, Copy, Debug)]
pub struct DecisionTimes {
    /// When the new version became valid: `T0` in the rule book.
    pub introduced: Timestamp,
    /// The instant as of which the report judges: `A` in the rule book.
    pub as_of: Timestamp,
    /// The time that must be free of old use: `W` in the rule book. It does not start before a revocation.
    pub window: Span,
    /// The length of the plan's window, also where a revocation makes `window` shorter.
    pub full_window: Duration,
    /// An unnamed consumer that uses the old version at least this often is to be excluded, by the plan.
    pub slowest: Option<Duration>,
    /// Whether the report is made before or after the revocation.
    pub mode: Mode,
    /// When the old version was revoked, in a postmortem.
    pub revoked: Option<Timestamp>,
}

impl DecisionTimes {
    /// The instants of this plan, if the report judges as of `as_of`.
    pub fn new(plan: &Plan, as_of: Timestamp) -> Self {
        let rotation = &plan.rotation;
        let revoked = rotation.revoked.filter(|revoked| *revoked <= as_of);
        let mode = if as_of < rotation.introduced {
            Mode::Planned
        } else if revoked.is_some() {
            Mode::Postmortem
        } else {
            Mode::PreRevocation
        };
        let start = as_of - rotation.window;
        let from = revoked.map_or(start, |revoked| start.max(revoked));
        Self {
            introduced: rotation.introduced,
            as_of,
            window: Span { from, to: as_of },
            full_window: rotation.window,
            slowest: rotation.slowest,
            mode,
            revoked,
        }
    }
}
