-- answers: in which minutes did each class try, and when in them?
-- columns: consumer_class, degraded, minute_us, events, first_us, last_us
-- tier: 1
-- reads: evidence, params
-- used by: silent-consumer, window-too-short, cadence-mismatch, immediate-failure
SELECT
  e.consumer_class, e.degraded,
  e.earliest_us - (e.earliest_us % 60000000) AS minute_us,
  CAST(SUM(e.count) AS BIGINT) AS events,
  MIN(e.earliest_us) AS first_us, MAX(e.earliest_us) AS last_us
FROM evidence AS e CROSS JOIN params AS p
WHERE e.consumer_class IS NOT NULL
  AND e.kind IN ('auth', 'work')
  AND e.earliest_us <= p.as_of_us
GROUP BY e.consumer_class, e.degraded, e.earliest_us - (e.earliest_us % 60000000)
