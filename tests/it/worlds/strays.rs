/*! Somebody uses the old version in a way that the plan does not foresee. */

use holdover::model::Timestamp;
use serde_json::json;

use super::chance::Chance;
use super::judged::Report;
use super::story::{DAY, HOUR};
use super::world::WINDOW;

/// A use that belongs to no consumer, in a file of its own source.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Stray {
    None,
    /// A service that the plan does not name, at this instant.
    Undeclared(i64),
    /// The old key in a field that nobody maps.
    Unmapped(i64),
    /// The old key in capitals.
    Misspelt(i64),
}

impl Stray {
    pub(super) fn of(chance: &mut Chance, asked: i64) -> Self {
        let at = chance.between(HOUR, asked);
        match chance.below(4) {
            0 => Self::None,
            1 => Self::Undeclared(at),
            2 => Self::Unmapped(at),
            _ => Self::Misspelt(asked - chance.between(HOUR, DAY)),
        }
    }

    fn at(self) -> Option<i64> {
        match self {
            Self::None => None,
            Self::Undeclared(at) | Self::Unmapped(at) | Self::Misspelt(at) => Some(at),
        }
    }

    /// Its record, if it was made by then.
    pub(super) fn record(
        self,
        as_of: i64,
        key: &str,
        time: impl Fn(i64) -> Timestamp,
    ) -> Option<String> {
        let at = self.at().filter(|at| *at <= as_of)?;
        let mut record = json!({
            "timestamp": time(at).rfc3339(), "service_name": "rogue", "action": "call", "outcome": "success",
        });
        let (field, value) = match self {
            Self::None => return None,
            Self::Undeclared(_) => ("credential_uid", key.to_owned()),
            Self::Unmapped(_) => ("remark", key.to_owned()),
            Self::Misspelt(_) => ("credential_uid", key.to_uppercase()),
        };
        record[field] = value.into();
        Some(record.to_string())
    }

    /// The rule that must fire on the rotation and did not.
    pub(super) fn missing(self, as_of: i64, report: &Report) -> Option<String> {
        let at = self.at().filter(|at| *at <= as_of)?;
        let rule = match self {
            Self::None => return None,
            Self::Undeclared(_) => "undeclared-consumer",
            Self::Unmapped(_) => "unmapped-marker",
            Self::Misspelt(_) if at < as_of - WINDOW => return None,
            Self::Misspelt(_) => "marker-spelling",
        };
        (!report.of_rotation.contains(rule)).then(|| format!("{self:?} as of {as_of}: no {rule}"))
    }
}
