/*! What is wrong with the export of a source. */

use super::chance::Chance;
use super::story::{DAY, HOUR};

/// A fault of a source. Times are seconds before the instant at which somebody asks.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Fault {
    None,
    /// The last record is cut in its middle.
    Torn,
    /// Everything of the last hours is missing.
    Tail(i64),
    /// A day is missing, that begins so long ago.
    Day(i64),
    /// A hundred records of one hour stand at the end of their file.
    Late(i64),
    /// Some records are delivered twice, in a file of their own.
    Twice,
    /// The compressed file ends early.
    CutGzip,
}

impl Fault {
    /// Two sources of three have none.
    pub(super) fn of(chance: &mut Chance) -> Self {
        if chance.percent(66) {
            return Self::None;
        }
        match chance.below(6) {
            0 => Self::Torn,
            1 => Self::Tail(chance.between(3 * HOUR, 4 * DAY)),
            2 => Self::Day(chance.between(DAY + HOUR, 20 * DAY)),
            3 => Self::Late(chance.between(2 * HOUR, 5 * DAY)),
            4 => Self::Twice,
            _ => Self::CutGzip,
        }
    }

    /// Is the record lost that was made so long before the question?
    pub(super) fn loses(self, ago: i64) -> bool {
        match self {
            Self::Tail(hours) => ago < hours,
            Self::Day(from) => ago <= from && ago > from - DAY,
            Self::None | Self::Torn | Self::Late(_) | Self::Twice | Self::CutGzip => false,
        }
    }

    /// Does it change nothing that a reader may conclude?
    pub(super) fn is_harmless(self) -> bool {
        matches!(self, Self::None | Self::Twice | Self::Late(_))
    }

    /// Must RULES withhold for it: was nothing recorded in a part of the window, or is an end missing?
    pub(super) fn hides_window(self, window: i64) -> bool {
        match self {
            Self::Tail(_) | Self::CutGzip => true,
            // The day begins within the window, or before it and ends in it for three hours at least.
            Self::Day(from) => from - DAY < window - 3 * HOUR,
            Self::None | Self::Torn | Self::Late(_) | Self::Twice => false,
        }
    }
}
