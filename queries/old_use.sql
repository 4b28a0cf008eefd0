-- answers: when did each consumer first and last use an old version, and how often in all?
-- columns: consumer_class, events, first_us, last_us, first_row, last_row
-- tier: 2
-- reads: activity
-- used by: the ledger (`last_old_use`); a test compares both
SELECT
  consumer_class, CAST(SUM(events) AS BIGINT) AS events,
  MIN(first_us) AS first_us, MAX(last_end_us) AS last_us,
  MIN(first_row) AS first_row, MAX(last_row) AS last_row
FROM activity
WHERE kind IN ('auth', 'work')
  AND credential_state = 'old'
  AND credential_binding IN ('direct', 'derived')
  AND phase % 8 < 4
GROUP BY consumer_class
