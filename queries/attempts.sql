-- answers: how many attempts of each consumer were retries, before the change and with the new version since?
-- columns: consumer_class, is_new, retried, worked, events, days, first_us, first_end_us, first_row, last_us, last_end_us, last_row
-- tier: 1
-- reads: evidence, params
-- used by: retry-untested, the checklist
WITH tries AS (
  SELECT
    e.consumer_class, e.count, e.earliest_us, e.latest_us, e.evidence_row,
    CASE WHEN e.earliest_us < p.t0_us THEN p.t0_us - e.earliest_us ELSE e.earliest_us - p.t0_us END AS apart_us,
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
),
daily AS (
  SELECT
    consumer_class AS daily_class, is_new AS daily_new, retried AS daily_retried,
    CAST(COUNT(DISTINCT apart_us - (apart_us % 86400000000)) AS BIGINT) AS days
  FROM tries
  GROUP BY consumer_class, is_new, retried
)
SELECT
  t.consumer_class, t.is_new, t.retried, t.worked, CAST(SUM(t.count) AS BIGINT) AS events, MAX(d.days) AS days,
  MIN(t.earliest_us) AS first_us, MIN(t.latest_us) AS first_end_us, MIN(t.evidence_row) AS first_row,
  MAX(t.earliest_us) AS last_us, MAX(t.latest_us) AS last_end_us, MAX(t.evidence_row) AS last_row
FROM tries AS t JOIN daily AS d
  ON t.consumer_class = d.daily_class AND t.is_new = d.daily_new AND t.retried = d.daily_retried
GROUP BY t.consumer_class, t.is_new, t.retried, t.worked
