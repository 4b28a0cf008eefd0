-- answers: when did each consumer first and last succeed with a new version, and in which environment?
-- columns: consumer_class, environment, degraded, events, first_us, last_us, first_row, last_row
-- tier: 2
-- reads: activity
-- used by: people; the ledger also checks that the environment is one of the plan's
SELECT
  consumer_class, environment, degraded, CAST(SUM(events) AS BIGINT) AS events,
  MIN(first_us) AS first_us, MAX(last_us) AS last_us,
  MIN(first_row) AS first_row, MAX(last_row) AS last_row
FROM activity
WHERE kind IN ('auth', 'work')
  AND outcome = 'success'
  AND credential_state = 'new'
  AND credential_binding IN ('direct', 'derived')
  AND class_basis = 'matched'
  AND phase % 8 IN (1, 3)
GROUP BY consumer_class, environment, degraded
