-- answers: how many attempts of each consumer were retries, before the change and with the new version since?
-- columns: consumer_class, is_new, retried, worked, events, first_us, first_end_us, first_row, last_us, last_end_us, last_row
-- tier: 1
-- reads: evidence, params
-- monotone: yes
-- used by: retry-untested, the checklist
WITH tries AS (
  SELECT
    e.consumer_class, e.count, e.earliest_us, e.latest_us, e.evidence_row,
    CASE WHEN e.credential_state = 'new' THEN 1 ELSE 0 END AS is_new,
    CASE WHEN e.attempt > 1 THEN 1 ELSE 0 END AS retried,
    CASE WHEN e.outcome = 'success' AND NOT e.degraded THEN 1 ELSE 0 END AS worked
  FROM evidence AS e CROSS JOIN params AS p
  WHERE e.consumer_class IS NOT NULL
    AND e.kind IN ('auth', 'work')
    AND e.earliest_us <= p.as_of_us
    AND (
      (e.earliest_us < p.t0_us AND e.credential_state <> 'new'
        AND (e.credential_uid IS NULL OR e.credential_binding IN ('direct', 'derived')))
      OR (e.earliest_us >= p.t0_us AND e.credential_state = 'new' AND e.class_basis = 'matched'
        AND e.credential_binding IN ('direct', 'derived'))
    )
)
SELECT
  consumer_class, is_new, retried, worked, CAST(SUM(count) AS BIGINT) AS events,
  MIN(earliest_us) AS first_us, MIN(latest_us) AS first_end_us, MIN(evidence_row) AS first_row,
  MAX(earliest_us) AS last_us, MAX(latest_us) AS last_end_us, MAX(evidence_row) AS last_row
FROM tries
GROUP BY consumer_class, is_new, retried, worked
