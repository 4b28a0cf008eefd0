/*! Rows of the tables of a bundle, by what the design calls them, as conditions of SQL. */

macro_rules! old {
    ($more:literal) => {
        concat!(
            "consumer_class = $class AND credential_state = 'old' AND credential_binding IN ('direct', 'derived') AND ",
            $more
        )
    };
}
macro_rules! undeclared {
    ($more:literal) => {
        concat!(
            "consumer_class IS NULL AND credential_state = 'old' AND credential_binding IN ('direct', 'derived') AND \
             $line AND ",
            $more
        )
    };
}
macro_rules! undeclared_all {
    ($more:literal) => {
        concat!(
            "consumer_class IS NULL AND credential_state = 'old' AND credential_binding IN ('direct', 'derived') AND ",
            $more
        )
    };
}
/// Uses of either version that name no instance.
macro_rules! turn {
    ($more:literal) => {
        concat!(
            "consumer_class = $class AND instance = '' AND credential_state IN ('old', 'new') AND \
             credential_binding IN ('direct', 'derived') AND ",
            $more
        )
    };
}
/// Refusals since the change with the new version or with none shown, with no later success of their instance.
macro_rules! refused {
    ($more:literal) => {
        concat!(
            "consumer_class = $class AND outcome = 'auth_failure' AND credential_state <> 'old' AND \
             (credential_uid IS NULL OR credential_binding IN ('direct', 'derived')) AND latest_us >= $t0 AND \
             earliest_us <= $a AND earliest_us > ok_us AND ",
            $more
        )
    };
}
/// Jobs that are old enough for their completion to be seen.
macro_rules! accepted {
    ($more:literal) => {
        concat!(
            "consumer_class = $class AND job_id IS NOT NULL AND outcome = 'success' AND earliest_us < $a - 3600000000 AND ",
            $more
        )
    };
}
macro_rules! read_by {
    ($more:literal) => {
        concat!(
            "reads.credential_state = 'old' AND credential_binding IN ('direct', 'derived') AND ",
            $more
        )
    };
}
macro_rules! read {
    ($more:literal) => {
        concat!(
            "reads.consumer_class = $class AND credential_state = 'old' AND \
             credential_binding IN ('direct', 'derived') AND ",
            $more
        )
    };
}
macro_rules! new {
    ($more:literal) => {
        concat!(
            "consumer_class = $class AND credential_state = 'new' AND credential_binding IN ('direct', 'derived') AND \
             class_basis = 'matched' AND earliest_us <= $a AND ",
            $more
        )
    };
}
macro_rules! since {
    ($more:literal) => {
        concat!(
            "consumer_class = $class AND latest_us >= $t0 AND earliest_us <= $a AND \
             (credential_uid IS NULL OR credential_binding IN ('direct', 'derived') OR degraded) AND ",
            $more
        )
    };
}
macro_rules! before {
    ($more:literal) => {
        concat!(
            "consumer_class = $class AND earliest_us < $t0 AND credential_state <> 'new' AND class_basis = 'matched' AND \
             (credential_uid IS NULL OR credential_binding IN ('direct', 'derived') OR degraded) AND ",
            $more
        )
    };
}
/// How it was before the change: the bad of all attempts, or that they are too few to compare.
macro_rules! usual {
    ($did:literal, $bad:literal) => {
        &[
            part(
                concat!("before the change, {bad} of {all}", $did, " ({share})"),
                &[
                    ("bad", Number(before!($bad))),
                    ("all", Number(before!("count > 0"))),
                    ("share", Percent(before!($bad), before!("count > 0"))),
                ],
            ),
            part(
                "{no} attempts before the change: nothing to compare with",
                &[("no", Of(|e, class| planned::none_if(e.sum(before!("count > 0"), class) == 0)))],
            ),
            part(
                "only {n} before the change: too few to compare",
                &[("n", Count(before!("count > 0"), "attempt"))],
            ),
        ]
    };
}
/// Attempts of the class up to the instant of the report.
macro_rules! any {
    ($more:literal) => {
        concat!("consumer_class = $class AND earliest_us <= $a AND ", $more)
    };
}
/// Attempts that are surely of the class, and with no other credential.
macro_rules! own {
    ($more:literal) => {
        concat!(
            "consumer_class = $class AND earliest_us <= $a AND class_basis = 'matched' AND \
             (credential_uid IS NULL OR credential_binding IN ('direct', 'derived')) AND ",
            $more
        )
    };
}
/// Uses of the new version, whenever they were.
macro_rules! new_use {
    ($more:literal) => {
        concat!(
            "consumer_class = $class AND credential_state = 'new' AND credential_binding IN ('direct', 'derived') AND ",
            $more
        )
    };
}
/// Successes that should show their version, and attempts with a credential that the class did not show before.
macro_rules! shown {
    ($more:literal) => {
        concat!(
            "consumer_class = $class AND earliest_us <= $a AND (outcome = 'success' AND NOT degraded AND \
             (credential_uid IS NULL OR credential_binding IN ('direct', 'derived')) OR credential_uid IS NOT NULL AND \
             credential_binding NOT IN ('direct', 'derived') AND uid_us >= $t0) AND ",
            $more
        )
    };
}
macro_rules! undeclared_new {
    ($more:literal) => {
        concat!(
            "consumer_class IS NULL AND credential_state = 'new' AND credential_binding IN ('direct', 'derived') AND \
             $line AND ",
            $more
        )
    };
}
