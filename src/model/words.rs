/*! The words of the program, each with what it means: the one list that `explain` and the reference page are made from. */

/// Word and meaning, in the order in which one needs the other.
pub const WORDS: &[(&str, &str)] = &[
    (
        "credential",
        "what is rotated; it has versions, each `old` or `new`, several of each if need be",
    ),
    (
        "marker",
        "a string by which a record shows a version: a key id, a token's id or hash, the number of a secret's version, \
         a database user, a `kid`, a certificate's serial number",
    ),
    (
        "class",
        "a consumer class: one runtime surface that uses the credential, such as the queue workers, a cron job or a \
         replay tool",
    ),
    ("path", "how often and when a class runs: `primary`, `background` or `exception`"),
    (
        "direct",
        "a class that authenticates itself; an `indirect` one goes through another and is asked for no version",
    ),
    ("instance", "one running copy of a class: a pod, host, container or process"),
    ("record", "one log line, JSON object, CSV row or metric sample"),
    (
        "evidence",
        "a record that testifies: time, layer, class, instance, version, outcome, degraded or not, and where it stands",
    ),
    (
        "layer",
        "`configuration` says what should be, `runtime` what a process loaded, `behavior` what work did",
    ),
    (
        "outcome",
        "`success`, `auth_failure` (refused), `denied` (accepted but not allowed: still a use), `failure`, or `none` (a \
         fact was stated and nothing tried)",
    ),
    ("try", "evidence of kind `auth` or `work`: something used the credential, or tried to"),
    ("old-use", "a try with an old version, whatever came of it"),
    (
        "new-success",
        "a success with a new version at or after its introduction, of one class alone, where its successes count",
    ),
    (
        "fresh-success",
        "a new success that is not degraded, is later than the last old use of its class, and is not too old to say \
         how things are now",
    ),
    ("degraded", "the work went through a fallback or a weaker path"),
    (
        "derived",
        "tied to a version by a logged link: a session key issued from it, a process that read it; it counts like a marker",
    ),
    ("inferred", "concluded from times alone; it never counts for readiness"),
    ("stream", "the records of one source that share a clock and a cadence: the unit of coverage"),
    (
        "coverage",
        "the intervals in which a stream provably recorded; silence outside of them proves nothing",
    ),
    (
        "hole",
        "a silence of a stream that is longer than it ever is, or a part that could not be read",
    ),
    ("baseline", "what is known from before the new version was introduced"),
    ("window", "the agreed time up to the report's instant in which no old use may appear"),
    (
        "cadence",
        "the longest gap between two runs of a class, as declared (`every`) or as learned from the baseline",
    ),
    (
        "truth",
        "the versions on which a class or an instance acts: `old`, `new`, `mixed` or `unknown`",
    ),
    ("ledger", "one row a class: the facts on which its verdict stands"),
    (
        "finding",
        "one rule that fired for a class or for the rotation, with its evidence: it `blocks`, `withholds` or `advises`",
    ),
    (
        "verdict",
        "`ready`, `not_ready` (proof against) or `inconclusive` (proof missing); the worst of all classes and findings",
    ),
    (
        "waiver",
        "a finding that somebody answers for, by name and until a time: out of the verdict, and out of nothing else",
    ),
    (
        "reject",
        "a record that could not be read, or would be evidence but for its time or its outcome word",
    ),
    ("damage", "a part of an input that could not be read at all"),
    (
        "bundle",
        "the folder that `report -o` leaves: evidence as Parquet, inputs with their digests, and the report",
    ),
];
