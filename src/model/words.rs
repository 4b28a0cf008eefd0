/*! The glossary: the words of plans, columns and reports. `explain` and the reference page print it. */

/// Word and meaning. A word comes after those that its meaning uses.
pub const WORDS: &[(&str, &str)] = &[
    ("credential", "the secret that is rotated. It has versions, and each is `old` or `new`"),
    (
        "marker",
        "a string in a record that shows which version was used: a key id, a token's id or hash, the number of a secret's \
         version, a database user, a `kid`, a certificate's serial number",
    ),
    (
        "consumer",
        "one part of the system that uses the credential, such as the queue workers, a cron job or a replay tool",
    ),
    ("class", "a consumer, as plans, columns and JSON call it"),
    ("path", "how often and when a consumer runs: `primary`, `background` or `exception`"),
    (
        "direct",
        "a consumer that authenticates itself. An `indirect` one goes through another consumer, and need not show a \
         version",
    ),
    ("instance", "one running copy of a consumer: a pod, host, container or process"),
    ("record", "one log line, JSON object, CSV row or metric sample"),
    (
        "evidence",
        "a record that shows a use of the credential or a fact about it: time, layer, consumer, instance, version, \
         outcome, through a fallback or not, and its place in the input",
    ),
    (
        "layer",
        "what a record shows: `configuration` the version that should be used, `runtime` the version that a process \
         loaded, `behavior` the version that was used",
    ),
    (
        "outcome",
        "how an attempt ended: `success`, `auth_failure` (refused), `denied` (accepted but not permitted, which is still \
         a use), `failure`, or `none` (the record states a fact, and nothing was attempted)",
    ),
    ("attempt", "a use of the credential, successful or not: evidence of kind `auth` or `work`"),
    ("try", "an attempt, as columns and queries call it"),
    ("old-use", "an attempt with an old version, whatever its outcome"),
    (
        "new-success",
        "a successful attempt with a new version at or after its introduction, by one consumer alone, in a place where \
         its successes count",
    ),
    (
        "fresh-success",
        "a new success without a fallback, later than the last old use of its consumer, and recent enough to show the \
         present state. It proves the move of its consumer",
    ),
    ("degraded", "the work went through a fallback or another weaker path"),
    (
        "derived",
        "the version follows from a logged link: a session key that was issued from it, a process that read it. It \
         counts like a marker",
    ),
    ("inferred", "the version was concluded from times alone. It never counts for readiness"),
    (
        "stream",
        "a log source: records of one origin that share a clock and a rhythm. Coverage is known for each stream",
    ),
    (
        "coverage",
        "the intervals in which a stream was certainly recording. Silence outside of them shows nothing",
    ),
    ("covered", "logged: inside the coverage of the streams that carry the consumer"),
    (
        "hole",
        "an interval in which a stream was silent for longer than it ever is, or which could not be read",
    ),
    ("baseline", "what the logs show of the time before the new version was introduced"),
    (
        "window",
        "the agreed time up to the report's instant in which the old version may not be used",
    ),
    (
        "cadence",
        "the longest gap between two runs of a consumer, declared in the plan (`every`) or learned from the baseline",
    ),
    ("quiet", "how long a consumer has been silent on the old version, counted in logged time"),
    (
        "needed",
        "how long a consumer must be silent on the old version: the longest of window, session, cadence and \
         what the rhythm of old use asks for",
    ),
    (
        "truth",
        "the version in use: what a consumer or an instance was seen to use, `old`, `new`, `mixed` or `unknown`",
    ),
    (
        "holder",
        "a member of a consumer that used the old version, told apart by what its records show: instance, host, \
         environment, service, principal, address, user agent or action. Each must move, end, or be silent for long \
         enough by its own rhythm",
    ),
    (
        "residual",
        "what nobody can see: with this much logged time and no old use, whatever still uses the old version does so less \
         often than once in that time (99 %, at a constant rate)",
    ),
    ("ledger", "the table with one row for each consumer: the facts on which its verdict rests"),
    (
        "finding",
        "one rule that fired for a consumer or for the rotation, with its evidence: it `blocks`, `withholds` or `advises`",
    ),
    (
        "blocks",
        "of a finding: the verdict is not ready, since a consumer would fail or already does",
    ),
    (
        "withholds",
        "of a finding: the report cannot decide yet, because something was not seen or not logged. Without a finding \
         that blocks, the verdict is inconclusive",
    ),
    ("advises", "of a finding: it changes no verdict"),
    ("settles", "of an action: afterwards the finding no longer fires"),
    (
        "verdict",
        "`ready`, `not_ready` (the old version is still needed) or `inconclusive` (there is too little evidence); the \
         worst of all consumers and findings",
    ),
    (
        "waiver",
        "an entry of the plan by which a named person takes responsibility for a finding until a date. The finding no \
         longer counts for the verdict, and is still printed",
    ),
    (
        "reject",
        "a record that could not be read, or that would be evidence if its time or its outcome could be read",
    ),
    ("damage", "a part of an input that could not be read at all"),
    (
        "bundle",
        "the folder that `report -o` and `collect` write: evidence as Parquet, inputs with their digests, and the report",
    ),
];
