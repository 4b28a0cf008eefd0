/*! What a log source means: how its exports are recognised, and which fields say when, who, with which credential, and
 * with which outcome.
 *
 * A profile is a TOML file. `toml_form` has its keys, `read` and `read_rules` check them, and `definition` is the
 * result.
 */

pub mod builtin;
mod by_field;
mod condition;
mod counter;
mod definition;
mod expression;
mod read;
mod read_rules;
mod reader;
mod record_parts;
mod record_rules;
#[cfg(test)]
mod tests;
mod toml_form;

pub use by_field::{ByField, CaseFold, TimeUnit};
pub use condition::{Conditions, ValueTest};
pub use counter::CounterRule;
pub use definition::{Overlay, PATH, Profile};
pub use expression::{Expression, with_ten_digits};
pub use read::load;
pub use record_parts::{JoinRule, JoinSource, RecordPart};
pub use record_rules::{
    AliasRule, AlsoRule, ExtractRule, KindRule, LinkRule, OutcomeRule, OutcomeWords, SnapshotRule,
};
