-- answers: in which minutes since the change did each instance of a consumer use an old version?
-- columns: consumer_class, instance, minute_us, events, first_us, first_end_us, last_us, last_end_us, first_row, last_row
-- tier: 1
-- reads: evidence, params
-- used by: window-too-short, through the rhythm of old use
SELECT
  e.consumer_class, COALESCE(e.service_instance_id, e.host_name) AS instance,
  e.latest_us - (e.latest_us % 60000000) AS minute_us,
  CAST(SUM(e.count) AS BIGINT) AS events,
  MIN(e.earliest_us) AS first_us, MIN(e.latest_us) AS first_end_us,
  MAX(e.earliest_us) AS last_us, MAX(e.latest_us) AS last_end_us,
  MIN(e.evidence_row) AS first_row, MAX(e.evidence_row) AS last_row
FROM evidence AS e CROSS JOIN params AS p
WHERE e.consumer_class IS NOT NULL
  AND e.credential_state = 'old'
  AND e.credential_binding IN ('direct', 'derived')
  AND e.kind IN ('auth', 'work')
  AND e.latest_us >= p.t0_us
  AND e.earliest_us <= p.as_of_us
GROUP BY
  e.consumer_class, COALESCE(e.service_instance_id, e.host_name),
  e.latest_us - (e.latest_us % 60000000)
