-- answers: how often did each consumer use an old version, hour by hour?
-- columns: consumer_class, class_basis, hour_us, first_us, last_us, events
-- tier: 1
-- reads: evidence, params
-- used by: replay, the timeline
SELECT
  e.consumer_class, e.class_basis,
  e.latest_us - (e.latest_us % 3600000000) AS hour_us,
  MIN(e.earliest_us) AS first_us, MAX(e.latest_us) AS last_us,
  CAST(SUM(e.count) AS BIGINT) AS events
FROM evidence AS e CROSS JOIN params AS p
WHERE e.credential_state = 'old'
  AND e.credential_binding IN ('direct', 'derived')
  AND e.kind IN ('auth', 'work')
  AND e.earliest_us <= p.as_of_us
GROUP BY e.consumer_class, e.class_basis, e.latest_us - (e.latest_us % 3600000000)
