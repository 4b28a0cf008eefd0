-- answers: which uses of an old version match no consumer of the plan, hour by hour?
-- columns: service_name, user_agent, principal, client_address, host_name, instance, hour_us, since_change, events, first_us, first_end_us, last_us, last_end_us, first_row, last_row
-- tier: 1
-- reads: evidence, params
-- used by: undeclared
SELECT
  e.service_name, e.user_agent, e.principal, e.client_address, e.host_name,
  COALESCE(e.service_instance_id, e.host_name) AS instance,
  e.latest_us - (e.latest_us % 3600000000) AS hour_us,
  CASE WHEN e.latest_us < p.t0_us THEN 0 ELSE 1 END AS since_change,
  CAST(SUM(e.count) AS BIGINT) AS events,
  MIN(e.earliest_us) AS first_us, MIN(e.latest_us) AS first_end_us,
  MAX(e.earliest_us) AS last_us, MAX(e.latest_us) AS last_end_us,
  MIN(e.evidence_row) AS first_row, MAX(e.evidence_row) AS last_row
FROM evidence AS e CROSS JOIN params AS p
WHERE e.consumer_class IS NULL
  AND e.credential_state = 'old'
  AND e.credential_binding IN ('direct', 'derived')
  AND e.kind IN ('auth', 'work')
GROUP BY
  e.service_name, e.user_agent, e.principal, e.client_address, e.host_name,
  COALESCE(e.service_instance_id, e.host_name),
  e.latest_us - (e.latest_us % 3600000000),
  CASE WHEN e.latest_us < p.t0_us THEN 0 ELSE 1 END
