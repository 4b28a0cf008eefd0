-- answers: who used an old version within each consumer, told apart by instance, host, environment, service, principal, address, user agent (without its version), action or log source, and what did each do in each hour?
-- columns: consumer_class, facet, facet_value, used, since_change, via, hour_us, events, is_marker, stream_first, stream_last, first_us, first_end_us, last_us, last_end_us, first_row, last_row, success_us, success_last_us, success_last_end_us, success_last_row
-- tier: 1
-- reads: evidence, params
-- used by: unmoved-holder, the ledger (`holders`)
WITH tries AS (
  SELECT
    e.consumer_class, e.stream, e.evidence_row, e.count, e.earliest_us, e.latest_us, e.credential_uid, e.outcome,
    e.service_instance_id,
    CASE WHEN e.service_instance_id IS NULL THEN e.host_name END AS lone_host,
    CASE WHEN e.service_instance_id IS NULL AND e.host_name IS NULL THEN e.stream END AS lone_stream,
    COALESCE(e.service_instance_id, e.host_name) AS instance,
    e.environment, e.service_name, e.principal, e.client_address, e.action,
    SPLIT_PART(SPLIT_PART(e.user_agent, '/', 1), ' ', 1) AS product,
    CASE
      WHEN e.credential_binding NOT IN ('direct', 'derived') THEN 'none'
      WHEN e.credential_state = 'old' THEN 'old'
      WHEN e.credential_state = 'new' THEN 'new'
      ELSE 'none'
    END AS used,
    CASE WHEN e.credential_state = 'old' THEN e.latest_us ELSE e.earliest_us END AS judged_us,
    p.t0_us
  FROM evidence AS e CROSS JOIN params AS p
  WHERE e.consumer_class IS NOT NULL
    AND e.kind IN ('auth', 'work')
    AND e.earliest_us <= p.as_of_us
    AND (
      (e.credential_state = 'old' AND e.credential_binding IN ('direct', 'derived'))
      OR (e.class_basis = 'matched'
        AND (e.credential_uid IS NULL OR e.credential_binding IN ('direct', 'derived'))
        AND (e.credential_state <> 'new' OR e.earliest_us >= p.t0_us))
    )
),
seen AS (
  SELECT 'service_instance_id' AS facet, service_instance_id AS facet_value, * FROM tries
  UNION ALL SELECT 'host_name' AS facet, lone_host AS facet_value, * FROM tries
  UNION ALL SELECT 'environment' AS facet, environment AS facet_value, * FROM tries
  UNION ALL SELECT 'service_name' AS facet, service_name AS facet_value, * FROM tries
  UNION ALL SELECT 'principal' AS facet, principal AS facet_value, * FROM tries
  UNION ALL SELECT 'client_address' AS facet, client_address AS facet_value, * FROM tries
  UNION ALL SELECT 'user_agent' AS facet, product AS facet_value, * FROM tries
  UNION ALL SELECT 'action' AS facet, action AS facet_value, * FROM tries
  UNION ALL SELECT 'stream' AS facet, lone_stream AS facet_value, * FROM tries
),
held AS (
  SELECT DISTINCT consumer_class AS held_class, facet AS held_facet, facet_value AS held_value
  FROM seen
  WHERE facet_value IS NOT NULL AND (used = 'old' OR facet = 'environment')
)
SELECT
  consumer_class, facet, facet_value, used,
  CASE WHEN judged_us < t0_us THEN 0 ELSE 1 END AS since_change,
  CASE WHEN used = 'old' THEN instance END AS via,
  judged_us - (judged_us % 3600000000) AS hour_us,
  CAST(SUM(count) AS BIGINT) AS events,
  MAX(CASE WHEN credential_uid = facet_value THEN 1 ELSE 0 END) AS is_marker,
  MIN(stream) AS stream_first, MAX(stream) AS stream_last,
  MIN(earliest_us) AS first_us, MIN(latest_us) AS first_end_us,
  MAX(earliest_us) AS last_us, MAX(latest_us) AS last_end_us,
  MIN(evidence_row) AS first_row, MAX(evidence_row) AS last_row,
  MIN(CASE WHEN outcome = 'success' THEN earliest_us END) AS success_us,
  MAX(CASE WHEN outcome = 'success' THEN earliest_us END) AS success_last_us,
  MAX(CASE WHEN outcome = 'success' THEN latest_us END) AS success_last_end_us,
  MAX(CASE WHEN outcome = 'success' THEN evidence_row END) AS success_last_row
FROM seen JOIN held
  ON consumer_class = held_class AND facet = held_facet AND facet_value = held_value
GROUP BY
  consumer_class, facet, facet_value, used,
  CASE WHEN judged_us < t0_us THEN 0 ELSE 1 END,
  CASE WHEN used = 'old' THEN instance END,
  judged_us - (judged_us % 3600000000)
