/*! What each check gives. */

/// What a check finds: nothing, or the first contradiction in words.
pub(super) type Checked = Result<(), String>;

pub(super) fn require(holds: bool, otherwise: impl FnOnce() -> String) -> Checked {
    if holds { Ok(()) } else { Err(otherwise()) }
}
