/*! The words that keys of the plan accept, in the order in which messages and the schema list them. */

use super::checked_plan::{CutoverModel, InFlight};
use crate::model::{PathKind, Refresh, Use, VersionState};

pub(super) const PATHS: [PathKind; 3] =
    [PathKind::Primary, PathKind::Background, PathKind::Exception];
pub(super) const USES: [Use; 2] = [Use::Direct, Use::Indirect];
pub(super) const REFRESHES: [Refresh; 5] =
    [Refresh::PerRequest, Refresh::PerRun, Refresh::OnStart, Refresh::AtLaunch, Refresh::Cached];
pub(super) const CUTOVER_MODELS: [CutoverModel; 4] = [
    CutoverModel::Atomic,
    CutoverModel::DualValid,
    CutoverModel::VersionedAlias,
    CutoverModel::ConsumerByConsumer,
];
pub(super) const IN_FLIGHT: [InFlight; 3] = [InFlight::Finish, InFlight::Fail, InFlight::Requeue];

pub(super) fn path_words() -> Vec<&'static str> {
    PATHS.map(PathKind::word).to_vec()
}

pub(super) fn use_words() -> Vec<&'static str> {
    USES.map(Use::word).to_vec()
}

pub(super) fn refresh_words() -> Vec<&'static str> {
    REFRESHES.map(Refresh::word).to_vec()
}

pub(super) fn cutover_words() -> Vec<&'static str> {
    CUTOVER_MODELS.map(CutoverModel::word).to_vec()
}

pub(super) fn in_flight_words() -> Vec<&'static str> {
    IN_FLIGHT.map(InFlight::word).to_vec()
}

pub(super) fn state_words() -> Vec<&'static str> {
    VersionState::ALL.map(VersionState::word).to_vec()
}
