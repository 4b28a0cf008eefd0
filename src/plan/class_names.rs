/*! The classes that the plan declares: other tables refer to them by name. */

use super::document::{PlanTable, PlanValue};
use super::values::string;
use crate::diag::{Diagnostics, nearest, quoted};
use crate::model::ClassId;

/// The names of all classes in the plan's order; an empty one where a consumer lacks its name.
pub(super) fn class_names<'t>(tables: &[PlanTable<'t>]) -> Vec<&'t str> {
    let name = |table: &PlanTable<'t>| table.value("class")?.toml.get_ref().as_str();
    tables.iter().map(|table| name(table).unwrap_or_default()).collect()
}

/// Finds the class that a value names.
pub(super) fn class_named(
    value: PlanValue<'_>,
    classes: &[&str],
    out: &mut Diagnostics,
) -> Option<ClassId> {
    let name = string(value, out)?;
    if let Some(number) = classes.iter().position(|class| *class == name) {
        return u16::try_from(number).ok().map(ClassId);
    }
    let help = match nearest(name, classes.iter().copied()) {
        Some(near) => format!("the plan declares {}", quoted(near)),
        None => "declare it: write a `[[consumer]]` with this `class`".to_owned(),
    };
    let message = format!("there is no consumer with the class {}", quoted(name));
    out.push("plan::unknown-class", value.span(), message)
        .label("no consumer declares it")
        .help(help);
    None
}
