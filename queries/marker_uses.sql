-- answers: who used, read or named an old version, minute by minute, told apart by everything that records say of who it was?
-- columns: credential_version, kind, stream, service_name, service_instance_id, host_name, client_address, product, principal, action, minute_us, events, refused, linked, first_us, first_end_us, last_us, last_end_us, first_row, last_row
-- tier: 1
-- reads: evidence, params
-- used by: `holdover who`
SELECT
  e.credential_version, e.kind, e.stream, e.service_name, e.service_instance_id, e.host_name, e.client_address,
  SPLIT_PART(SPLIT_PART(e.user_agent, '/', 1), ' ', 1) AS product,
  e.principal, e.action,
  e.latest_us - (e.latest_us % 60000000) AS minute_us,
  CAST(SUM(e.count) AS BIGINT) AS events,
  CAST(SUM(CASE WHEN e.outcome IN ('auth_failure', 'denied') THEN CAST(e.count AS BIGINT) ELSE CAST(0 AS BIGINT) END) AS BIGINT) AS refused,
  CAST(SUM(CASE WHEN e.credential_binding = 'derived' THEN CAST(e.count AS BIGINT) ELSE CAST(0 AS BIGINT) END) AS BIGINT) AS linked,
  MIN(e.earliest_us) AS first_us, MIN(e.latest_us) AS first_end_us,
  MAX(e.earliest_us) AS last_us, MAX(e.latest_us) AS last_end_us,
  MIN(e.evidence_row) AS first_row, MAX(e.evidence_row) AS last_row
FROM evidence AS e CROSS JOIN params AS p
WHERE e.credential_state = 'old'
  AND e.credential_version IS NOT NULL
  AND e.earliest_us <= p.as_of_us
GROUP BY
  e.credential_version, e.kind, e.stream, e.service_name, e.service_instance_id, e.host_name, e.client_address,
  SPLIT_PART(SPLIT_PART(e.user_agent, '/', 1), ' ', 1),
  e.principal, e.action,
  e.latest_us - (e.latest_us % 60000000)
