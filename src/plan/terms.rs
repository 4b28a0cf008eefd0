/*! What of a plan decides, term by term, so that two reports can be compared by what was promised. A report gives
 * a digest of a table of patterns or markers: it is compared, not shown.
 */

use std::fmt::Write;

use sha2::{Digest, Sha256};

use super::checked_plan::{
    Consumer, JudgementLimits, Marker, MatchKey, MatchTable, Plan, PlanSource, Version, Waiver,
};
use super::matching::canonical;
use crate::model::decision::PlanTerm;
use crate::model::{ClassId, Duration, hex};

/// How many hexadecimal digits tell two tables apart.
const DIGEST_DIGITS: usize = 16;

/// The terms on which a decision rests, in the plan's order: versions, consumers, sources, waivers. What a report shows
/// in another place is left out.
pub fn terms(plan: &Plan) -> Vec<PlanTerm> {
    let mut terms = Vec::new();
    for version in &plan.versions {
        of_version(
            &mut Part { of: format!("version {}", version.name), terms: &mut terms },
            version,
        );
    }
    for consumer in &plan.consumers {
        let mut part = Part { of: consumer.class.clone(), terms: &mut terms };
        of_consumer(&mut part, consumer, plan);
    }
    for source in &plan.sources {
        let paths = source.paths.join(", ");
        of_source(&mut Part { of: format!("source {paths}"), terms: &mut terms }, source, plan);
    }
    for waiver in &plan.waivers {
        let of = format!("waiver of {}", waiver.rule);
        of_waiver(&mut Part { of, terms: &mut terms }, waiver, plan);
    }
    terms
}

/// Collects the terms of one part of the plan.
struct Part<'t> {
    of: String,
    terms: &'t mut Vec<PlanTerm>,
}

impl Part<'_> {
    fn push(&mut self, term: &str, value: impl Into<String>) {
        let (of, term) = (self.of.clone(), term.to_owned());
        self.terms.push(PlanTerm { of, term, value: value.into() });
    }

    /// Only what the plan sets is a term.
    fn some(&mut self, term: &str, value: Option<impl Into<String>>) {
        if let Some(value) = value {
            self.push(term, value);
        }
    }

    fn flag(&mut self, term: &str, is_set: bool) {
        self.some(term, is_set.then_some("yes"));
    }

    fn texts(&mut self, term: &str, texts: &[String]) {
        self.some(term, (!texts.is_empty()).then(|| texts.join(", ")));
    }

    fn tables(&mut self, term: &str, tables: &[MatchTable]) {
        let texts = tables.iter().map(table_text).collect();
        self.some(term, (!tables.is_empty()).then(|| digest(texts)));
    }
}

fn of_version(part: &mut Part<'_>, version: &Version) {
    let Version { name: _, state, markers, site: _ } = version;
    part.push("state", state.word());
    part.push("markers", digest(markers.iter().map(marker_text).collect()));
}

fn of_consumer(part: &mut Part<'_>, consumer: &Consumer, plan: &Plan) {
    // The ledger of the report shows those that are left out here.
    let Consumer {
        class: _,
        path: _,
        usage: _,
        owner: _,
        refresh: _,
        session_max,
        slowest,
        every: _,
        lag,
        effects: _,
        derived: _,
        environments,
        is_fallback,
        run_settles,
        matches,
        fallback,
        disabled: _,
        disabled_reason,
        limits,
        site: _,
    } = consumer;
    part.push("lag", length(*lag));
    part.some("session_max", session_max.map(length));
    part.some("slowest", slowest.or(plan.rotation.slowest).map(length));
    part.texts("environments", environments);
    part.flag("is_fallback", *is_fallback);
    part.flag("run_settles", *run_settles);
    part.tables("match", matches);
    part.tables("fallback", fallback);
    part.some("disabled_reason", disabled_reason.as_deref());
    if *limits != plan.limits {
        of_limits(part, limits);
    }
}

/// The limits of one consumer. Those of the rotation stand in the report.
fn of_limits(part: &mut Part<'_>, limits: &JudgementLimits) {
    let JudgementLimits {
        alpha,
        share_points,
        min_tries,
        rejected_share,
        unversioned_share,
        skew,
        gone_after,
        aggregates_prove,
    } = limits;
    part.push("limits.alpha", alpha.to_string());
    part.push("limits.share_points", share_points.to_string());
    part.push("limits.min_tries", min_tries.to_string());
    part.push("limits.rejected_share", rejected_share.to_string());
    part.push("limits.unversioned_share", unversioned_share.to_string());
    part.push("limits.skew", length(*skew));
    part.push("limits.gone_after", length(*gone_after));
    part.flag("limits.aggregates_prove", *aggregates_prove);
}

fn of_source(part: &mut Part<'_>, source: &PlanSource, plan: &Plan) {
    let PlanSource {
        paths: _,
        profile,
        timezone,
        class,
        uses,
        stream,
        max_gap,
        outcomes,
        fields,
        ignore,
    } = source;
    part.push("read", "yes");
    part.some("profile", profile.as_deref());
    part.some("timezone", timezone.as_deref());
    part.some("class", class.map(|class| name(plan, class)));
    part.tables("uses", uses);
    part.texts("stream", stream);
    part.some("max_gap", max_gap.map(length));
    let outcomes = outcomes.iter().map(|(word, outcome)| format!("{word} = {}", outcome.word()));
    part.texts("outcomes", &outcomes.collect::<Vec<_>>());
    let fields =
        fields.iter().map(|(column, from)| format!("{} = {}", column.name(), from.join(":")));
    part.texts("fields", &fields.collect::<Vec<_>>());
    part.texts("ignore", ignore);
}

fn of_waiver(part: &mut Part<'_>, waiver: &Waiver, plan: &Plan) {
    // The report lists waivers with owner, end and reason.
    let Waiver { rule: _, class, matches, owner: _, until: _, reason: _, site: _ } = waiver;
    part.some("class", class.map(|class| name(plan, class)));
    part.tables("match", matches);
}

fn name(plan: &Plan, class: ClassId) -> String {
    plan.consumer(class).class.clone()
}

/// In whole minutes where it is that, else in seconds.
fn length(length: Duration) -> String {
    if length.0 % Duration::MINUTE.0 == 0 {
        length.hours_minutes()
    } else {
        format!("{}s", length.0 / Duration::SECOND.0)
    }
}

fn table_text(table: &MatchTable) -> String {
    let mut text = String::new();
    for (key, patterns) in canonical(table) {
        let key = match &key {
            MatchKey::Column(column) => column.name(),
            MatchKey::Pointer(pointer) => pointer,
        };
        let _ = write!(text, "{key:?} = {patterns:?}; ");
    }
    text
}

fn marker_text(marker: &Marker) -> String {
    match marker {
        Marker::Literal(value) => format!("literal {value:?}"),
        Marker::Sha256(digest) => format!("sha256 {digest:?}"),
        Marker::Prefix(value) => format!("prefix {value:?}"),
        Marker::Suffix(value) => format!("suffix {value:?}"),
        Marker::Serial(number) => format!("serial {number:?}"),
        Marker::Regex(regex) => format!("expression {:?}", regex.as_str()),
    }
}

/// How many there are, and what tells them apart. Their order does not.
fn digest(mut texts: Vec<String>) -> String {
    let count = texts.len();
    texts.sort();
    let whole = hex(&Sha256::digest(texts.join("\n").as_bytes()));
    format!("{count}, digest {}", &whole[..DIGEST_DIGITS])
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::plan::{KnownNames, load};

    const PLAN: &str = r#"
        [credential]
        name = "token"
        [[credential.version]]
        name = "v1"
        state = "old"
        markers = ["doc-key-2024"]
        [[credential.version]]
        name = "v2"
        state = "new"
        markers = ["doc-key-2026"]
        [rotation]
        introduced = 2026-03-02T09:00:00Z
        window = "48h"
        [[consumer]]
        class = "w"
        match = [{ service_name = "w" }, { user_agent = "/^w/" }]
    "#;

    fn changed(text: &str) -> Vec<String> {
        let read = |text: &str| {
            let known = KnownNames { rules: &[], profiles: &["json"] };
            terms(&load("holdover.toml", text, &known).expect("a plan"))
        };
        let (was, is) = (read(PLAN), read(text));
        let differs = is
            .iter()
            .filter(|term| !was.contains(term))
            .chain(was.iter().filter(|term| !is.contains(term)));
        let mut names: Vec<String> =
            differs.map(|term| format!("{}, {}", term.of, term.term)).collect();
        names.sort();
        names.dedup();
        names
    }

    #[test]
    fn each_softer_term_is_told_apart() {
        let with = |line: &str| changed(&format!("{PLAN}\n{line}\n"));
        assert_eq!(changed(PLAN), Vec::<String>::new());
        assert_eq!(with("lag = \"12h\""), ["w, lag"]);
        assert_eq!(with("lag = \"15m1s\""), ["w, lag"]);
        assert_eq!(with("session_max = \"1h\""), ["w, session_max"]);
        assert_eq!(with("environments = [\"prod\"]"), ["w, environments"]);
        assert_eq!(with("run_settles = true"), ["w, run_settles"]);
        assert_eq!(with("fallback = [{ route = \"local\" }]"), ["w, fallback"]);
        assert!(with("limits = { alpha = 0.001 }").contains(&"w, limits.alpha".to_owned()));
        let source = "[[source]]\npaths = [\"a/*\"]\nmax_gap = \"9h\"\nignore = [\"/note\"]";
        assert_eq!(with(source), ["source a/*, ignore", "source a/*, max_gap", "source a/*, read"]);
    }

    #[test]
    fn a_narrower_match_and_another_marker_are_told_apart_and_order_is_not() {
        let with = |from: &str, to: &str| changed(&PLAN.replace(from, to));
        assert_eq!(with(", { user_agent = \"/^w/\" }", ""), ["w, match"]);
        assert_eq!(with("\"/^w/\"", "\"/^w$/\""), ["w, match"]);
        assert_eq!(with("\"/^w/\"", "\"^w\""), ["w, match"]);
        assert_eq!(with("doc-key-2024", "doc-key-2023"), ["version v1, markers"]);
        let swapped = "match = [{ user_agent = \"/^w/\" }, { service_name = \"w\" }]";
        let ordered = "match = [{ service_name = \"w\" }, { user_agent = \"/^w/\" }]";
        assert_eq!(with(ordered, swapped), Vec::<String>::new());
    }
}
