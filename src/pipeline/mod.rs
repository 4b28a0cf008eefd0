/*! The commands as sequences of steps, one file for each: they call the layers below in order and decide nothing.
 *
 * `request` says what a command asks for, `load` reads plan and profiles, `run_inputs` and `fixpoint` bring the inputs
 * to the point where reading them again changes nothing, `evidence` puts the engine over what was sealed.
 */

mod advise;
mod collect;
mod diff;
mod draft_test;
mod during;
mod earlier;
mod error;
mod evidence;
mod fixpoint;
mod given_facts;
mod incomplete;
mod inspect;
mod kept;
mod list;
mod load;
mod observe;
mod progress;
mod query;
mod reading;
mod replay;
mod report;
mod request;
mod reread;
mod run_inputs;
mod scan;
mod scan_input;
mod seal;
mod show;
mod survey;
mod verify;
mod who;
mod write;

pub use crate::discover::{
    Choice, CredentialUser, Declared, DiscoveredCredential, Discovery, Issuer, NoChoice,
    SessionGroup, SourceDraft,
};
pub use crate::quote::Extent;
pub use advise::advise;
pub use collect::{Collected, collect};
pub use diff::diff;
pub use draft_test::{DraftTest, StrayField};
pub use during::{DuringQuestion, during};
pub use error::Error;
pub use fixpoint::InputCounts;
pub use incomplete::Incomplete;
pub use inspect::{Inspection, blind_spots, inspect};
pub use list::list;
pub use load::{LoadedPlan, load_early_plan, load_plan, load_plan_for, load_profiles};
pub use progress::{Progress, Stage};
pub use query::{Answer, NamedQuery, Question, ask, ask_into, open, queries};
pub use replay::{ReplayQuestion, replay};
pub use report::{Report, report};
pub use request::Request;
pub use scan::{ScanQuestion, scan};
pub use seal::{SealAnswer, SealQuestion, seal, write_learned};
pub use show::{EvidenceRecord, ShowAnswer, Shown, ShownMember, show};
pub use survey::{FirstPlan, Survey, first_plan, may_draft, survey, write_draft};
pub use verify::verify;
pub use who::{WhoQuestion, who};
pub use write::{add, may_save, save};
