/*! What is stated to be held, by SQL over the evidence. */

use holdover::model::Timestamp;
use holdover::wording;

use super::facts::Evidence;

/// What statements of the old version show there, in the window.
pub(super) fn declared_old(e: &mut Evidence, what: &str, class: Option<&str>) -> Vec<String> {
    let sql = format!(
        "SELECT {what} AS v FROM evidence WHERE COALESCE(consumer_class, '') = $class AND kind = 'declare' AND \
         credential_state = 'old' AND latest_us >= $from AND {what} IS NOT NULL GROUP BY {what} ORDER BY {what}"
    );
    e.strings(&sql, class)
}

pub(super) fn holders_of_old(e: &mut Evidence, class: Option<&str>) -> String {
    let names = declared_old(e, "service_instance_id", class);
    match class {
        Some(class) if names.is_empty() => format!("`{class}`"),
        Some(class) => format!("{} of `{class}`", wording::list(&names)),
        None if names.is_empty() => "somebody whom no consumer of the plan matches".to_owned(),
        None => format!("{}, of no consumer of the plan", wording::list(&names)),
    }
}

pub(super) fn last_declared_old(e: &mut Evidence, class: Option<&str>) -> String {
    let sql = "SELECT MAX(latest_us) AS v FROM evidence WHERE COALESCE(consumer_class, '') = $class AND kind = 'declare' AND \
               credential_state = 'old'";
    Timestamp(e.ints(sql, class).first().copied().unwrap_or_default()).to_string()
}
