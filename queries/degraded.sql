-- answers: how much of each consumer's work went through a fallback, before the change and since?
-- columns: consumer_class, since_change, degraded_events, events
-- tier: 2
-- reads: activity
-- used by: people; the rule also looks at the window and the first new success
SELECT
  consumer_class,
  CASE WHEN phase % 8 IN (1, 3) THEN 1 ELSE 0 END AS since_change,
  CAST(SUM(CASE WHEN degraded THEN events ELSE CAST(0 AS BIGINT) END) AS BIGINT) AS degraded_events,
  CAST(SUM(events) AS BIGINT) AS events
FROM activity
WHERE kind IN ('auth', 'work') AND class_basis = 'matched' AND phase % 8 < 4
GROUP BY consumer_class, CASE WHEN phase % 8 IN (1, 3) THEN 1 ELSE 0 END
