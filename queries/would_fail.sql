-- answers: which uses of the old version would have failed if it had been revoked at `revoked_us`?
-- columns: consumer_class, class_basis, instance, events, degraded_events, first_us, first_row
-- tier: 1
-- reads: evidence, params
-- used by: replay
SELECT
  e.consumer_class, e.class_basis, COALESCE(e.service_instance_id, e.host_name) AS instance,
  CAST(SUM(e.count) AS BIGINT) AS events,
  CAST(SUM(CASE WHEN e.degraded THEN e.count ELSE 0 END) AS BIGINT) AS degraded_events,
  MIN(CASE WHEN e.earliest_us < p.revoked_us THEN p.revoked_us ELSE e.earliest_us END) AS first_us,
  MIN(e.evidence_row) AS first_row
FROM evidence AS e CROSS JOIN params AS p
WHERE e.credential_state = 'old'
  AND e.credential_binding IN ('direct', 'derived')
  AND e.kind IN ('auth', 'work')
  AND e.latest_us >= p.revoked_us
GROUP BY e.consumer_class, e.class_basis, COALESCE(e.service_instance_id, e.host_name)
