/*! The catalog of named queries: one line for each file, whose header is read and checked. */

/// Name and text of each query, a query after those it reads.
pub const QUERIES: &[(&str, &str)] = &[
    ("activity", include_str!("../../queries/activity.sql")),
    ("ticks", include_str!("../../queries/ticks.sql")),
    ("skews", include_str!("../../queries/skews.sql")),
    ("instances", include_str!("../../queries/instances.sql")),
    ("statements", include_str!("../../queries/statements.sql")),
    ("zoneless", include_str!("../../queries/zoneless.sql")),
    ("crossing", include_str!("../../queries/crossing.sql")),
    ("boundary_jobs", include_str!("../../queries/boundary_jobs.sql")),
    ("backlog", include_str!("../../queries/backlog.sql")),
    ("handoffs", include_str!("../../queries/handoffs.sql")),
    ("attempts", include_str!("../../queries/attempts.sql")),
    ("durations", include_str!("../../queries/durations.sql")),
    ("open_sessions", include_str!("../../queries/open_sessions.sql")),
    ("undeclared_hours", include_str!("../../queries/undeclared_hours.sql")),
    ("undeclared", include_str!("../../queries/undeclared.sql")),
    ("undeclared_reads", include_str!("../../queries/undeclared_reads.sql")),
    ("undeclared_new", include_str!("../../queries/undeclared_new.sql")),
    ("would_fail", include_str!("../../queries/would_fail.sql")),
    ("holder_hours", include_str!("../../queries/holder_hours.sql")),
    ("old_minutes", include_str!("../../queries/old_minutes.sql")),
    ("old_hours", include_str!("../../queries/old_hours.sql")),
    ("events", include_str!("../../queries/events.sql")),
    ("marker_uses", include_str!("../../queries/marker_uses.sql")),
    ("old_use", include_str!("../../queries/old_use.sql")),
    ("new_success", include_str!("../../queries/new_success.sql")),
    ("degraded", include_str!("../../queries/degraded.sql")),
];

/// The header of a query, `-- key: value` lines above its text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct QueryHeader<'t> {
    /// The question that the query answers, for people.
    pub answers: &'t str,
    /// The columns of the answer.
    pub columns: Vec<&'t str>,
    /// 1: filters, joins and groups the evidence. 2: anything, over the answers of tier 1.
    pub tier: u8,
    /// The tables it reads.
    pub reads: Vec<&'t str>,
    /// What uses the answer.
    pub used_by: &'t str,
}

/// Reads the header of a query.
pub fn header(text: &str) -> Result<QueryHeader<'_>, String> {
    let field = |key: &str| {
        let mut lines = text.lines().take_while(|line| line.starts_with("--"));
        let value =
            lines.find_map(|line| line.strip_prefix("-- ")?.strip_prefix(key)?.strip_prefix(": "));
        value.ok_or_else(|| format!("expected a header line `-- {key}: ...`"))
    };
    let list = |list| str::split(list, ", ").collect::<Vec<_>>();
    Ok(QueryHeader {
        answers: field("answers")?,
        columns: list(field("columns")?),
        tier: field("tier")?.parse().map_err(|_| "expected tier 1 or 2".to_owned())?,
        reads: list(field("reads")?),
        used_by: field("used by")?,
    })
}

/// The text of a named query.
pub fn named(name: &str) -> Option<&'static str> {
    QUERIES.iter().find(|(query, _)| *query == name).map(|(_, text)| *text)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_query_has_a_header_and_reads_what_its_tier_may() {
        let mut earlier: Vec<&str> = Vec::new();
        for (name, text) in QUERIES {
            let header = header(text).unwrap_or_else(|error| panic!("{name}: {error}"));
            let allowed: &[&str] = match header.tier {
                1 => &["evidence", "params", "classes"],
                2 => &earlier,
                tier => panic!("{name}: tier {tier}"),
            };
            for table in &header.reads {
                assert!(allowed.contains(table), "{name} of tier {} reads {table}", header.tier);
            }
            assert!(
                header.tier == 2 || !text.contains("OVER ("),
                "{name}: windows belong to tier 2"
            );
            earlier.push(name);
        }
    }
}
