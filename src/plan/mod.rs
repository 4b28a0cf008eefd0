/*! The plan: what the team promised before the rotation. `load` returns a checked plan, or every mistake in it.
 *
 * `document` and `values` read TOML by the list in `keys`. One file for each table of the plan turns it into the types
 * of `checked_plan`. `reading_plan` is the part of it on which reading logs depends.
 */

mod asked;
mod checked_plan;
mod class_names;
mod codes;
mod consumer;
mod credential;
mod cron;
mod document;
pub mod encodings;
mod judgement_limits;
mod keys;
mod known_names;
mod markers;
mod matching;
mod own_words;
mod placeholder;
mod reading_plan;
mod rotation;
mod schema;
mod source;
pub mod spelling;
mod tables;
pub mod templates;
mod terms;
mod times;
mod values;
mod waiver;
mod words;

pub use asked::asked;
pub use checked_plan::{
    Consumer, Credential, CutoverModel, InFlight, JudgementLimits, Marker, MatchKey, MatchTable,
    OF_PATH, Pattern, Plan, PlanSource, RotationPlan, Site, Version, Waiver,
};
pub use codes::CODES;
pub use known_names::{KnownNames, KnownRule};
pub use own_words::own_words;
pub use placeholder::is_unsaid;
pub use reading_plan::{ReadingClass, ReadingPlan, ReadingVersion};
pub use schema::schema;
pub use terms::terms;
pub use times::parse_length;

use sha2::{Digest, Sha256};

use crate::diag::Diagnostics;
use crate::model::{Duration, hex};
use document::PlanTable;
use keys::ROOT;

/// Reads a plan from its text, or reports all of its mistakes. `file` is its name in messages; no file is opened.
pub fn load(file: &str, text: &str, known: &KnownNames<'_>) -> Result<Plan, Diagnostics> {
    read(file, text, known, None)
}

/// Reads a plan that need not promise a window yet; `window` stands for it.
pub fn load_early(
    file: &str,
    text: &str,
    known: &KnownNames<'_>,
    window: Duration,
) -> Result<Plan, Diagnostics> {
    read(file, text, known, Some(window))
}

fn read(
    file: &str,
    text: &str,
    known: &KnownNames<'_>,
    window_else: Option<Duration>,
) -> Result<Plan, Diagnostics> {
    let mut out = Diagnostics::new(file, text);
    let root = document::parse(text, &mut out);
    let plan = root.and_then(|root| {
        let root = PlanTable::of(&root, 0..0, &ROOT, &mut out);
        tables::read(file, &root, known, window_else, &mut out)
    });
    match out.finish(plan)? {
        Some(plan) => Ok(Plan { sha256: Some(hex(&Sha256::digest(text.as_bytes()))), ..plan }),
        None => unreachable!("a plan that could not be read has a mistake"),
    }
}
