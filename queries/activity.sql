-- answers: what did each consumer do in each hour, with which version, and with which outcome?
-- columns: consumer_class, class_basis, stream, instance, environment, credential_version, credential_state, credential_binding, shown, kind, outcome, degraded, single, hour_us, phase, events, first_us, first_end_us, last_us, last_end_us, first_row, last_row
-- tier: 1
-- reads: evidence, params
-- used by: all rules, through the facts
WITH foreign_before AS (
  SELECT DISTINCT e.credential_uid AS known_uid, e.consumer_class AS known_class
  FROM evidence AS e CROSS JOIN params AS p
  WHERE e.credential_uid IS NOT NULL
    AND e.consumer_class IS NOT NULL
    AND e.credential_version IS NULL
    AND e.earliest_us < p.t0_us
),
judged AS (
  SELECT
    consumer_class, class_basis, stream,
    COALESCE(service_instance_id, host_name) AS instance,
    environment, credential_uid, credential_version, credential_state, credential_binding,
    kind, outcome, degraded, count, earliest_us, latest_us, evidence_row,
    CASE WHEN count = 1 AND event_time_basis <> 'coarse' THEN 1 ELSE 0 END AS single,
    CASE WHEN credential_state = 'old' THEN latest_us ELSE earliest_us END AS judged_us
  FROM evidence
  WHERE consumer_class IS NOT NULL
),
marked AS (
  SELECT
    j.consumer_class, j.class_basis, j.stream, j.instance, j.environment,
    j.credential_version, j.credential_state, j.credential_binding,
    CASE
      WHEN j.credential_binding IN ('direct', 'derived') THEN 'plan'
      WHEN j.credential_uid IS NULL THEN 'none'
      WHEN f.known_uid IS NULL THEN 'novel'
      ELSE 'foreign'
    END AS shown,
    j.kind, j.outcome, j.degraded, j.single, j.count, j.earliest_us, j.latest_us, j.evidence_row,
    j.judged_us - (j.judged_us % 3600000000) AS hour_us,
    CASE WHEN j.judged_us < p.t0_us THEN 0 ELSE 1 END
      + CASE WHEN j.judged_us < p.window_from_us THEN 0 ELSE 2 END
      + CASE WHEN j.judged_us <= p.as_of_us THEN 0 ELSE 4 END
      + CASE WHEN j.judged_us < p.revoked_us THEN 0 ELSE 8 END AS phase
  FROM judged AS j
  CROSS JOIN params AS p
  LEFT JOIN foreign_before AS f ON j.credential_uid = f.known_uid AND j.consumer_class = f.known_class
)
SELECT
  consumer_class, class_basis, stream, instance, environment,
  credential_version, credential_state, credential_binding, shown,
  kind, outcome, degraded, single, hour_us, phase,
  CAST(SUM(count) AS BIGINT) AS events,
  MIN(earliest_us) AS first_us, MIN(latest_us) AS first_end_us,
  MAX(earliest_us) AS last_us, MAX(latest_us) AS last_end_us,
  MIN(evidence_row) AS first_row, MAX(evidence_row) AS last_row
FROM marked
GROUP BY
  consumer_class, class_basis, stream, instance, environment,
  credential_version, credential_state, credential_binding, shown,
  kind, outcome, degraded, single, hour_us, phase
