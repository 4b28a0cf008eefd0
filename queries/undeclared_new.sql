-- answers: who uses a new version and matches no consumer of the plan?
-- columns: service_name, user_agent, principal, client_address, host_name, events, first_us, first_end_us, last_us, last_end_us, first_row, last_row
-- tier: 1
-- reads: evidence, params
-- used by: undeclared-new, unknown-truth-share
SELECT
  e.service_name, e.user_agent, e.principal, e.client_address, e.host_name,
  CAST(SUM(e.count) AS BIGINT) AS events,
  MIN(e.earliest_us) AS first_us, MIN(e.latest_us) AS first_end_us,
  MAX(e.earliest_us) AS last_us, MAX(e.latest_us) AS last_end_us,
  MIN(e.evidence_row) AS first_row, MAX(e.evidence_row) AS last_row
FROM evidence AS e CROSS JOIN params AS p
WHERE e.consumer_class IS NULL
  AND e.credential_state = 'new'
  AND e.credential_binding IN ('direct', 'derived')
  AND e.kind IN ('auth', 'work')
  AND e.earliest_us >= p.t0_us
  AND e.earliest_us <= p.as_of_us
GROUP BY e.service_name, e.user_agent, e.principal, e.client_address, e.host_name
