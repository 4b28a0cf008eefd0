-- answers: how many attempts did each consumer make up to `as_of`, by state of the version and outcome?
-- columns: consumer_class, credential_state, outcome, events
-- tier: 2
-- reads: activity
-- used by: the ledger (`events`); a test compares both
SELECT
  consumer_class,
  CASE WHEN credential_binding IN ('direct', 'derived') THEN credential_state ELSE 'unknown' END AS credential_state,
  outcome, CAST(SUM(events) AS BIGINT) AS events
FROM activity
WHERE kind IN ('auth', 'work') AND class_basis = 'matched' AND phase % 8 < 4
GROUP BY
  consumer_class,
  CASE WHEN credential_binding IN ('direct', 'derived') THEN credential_state ELSE 'unknown' END,
  outcome
