-- answers: how long did successes without a fallback take, and how much did they give (to three digits, in units of 0.00001): before the change (part 0), up to the window (1), in its halves (2, 3)?
-- columns: consumer_class, measure, part, value, events, first_us, first_end_us, first_row, last_us, last_end_us, last_row
-- tier: 1
-- reads: evidence, params
-- used by: quality-drop
WITH successes AS (
  SELECT
    e.consumer_class, e.count, e.earliest_us, e.latest_us, e.evidence_row, e.duration_ms, e.size,
    CASE
      WHEN e.earliest_us < p.t0_us THEN 0
      WHEN e.earliest_us < p.window_from_us THEN 1
      WHEN 2 * e.earliest_us < p.as_of_us + CASE WHEN p.t0_us > p.window_from_us THEN p.t0_us ELSE p.window_from_us END
        THEN 2
      ELSE 3
    END AS part
  FROM evidence AS e CROSS JOIN params AS p
  WHERE e.consumer_class IS NOT NULL
    AND e.class_basis = 'matched'
    AND e.kind IN ('auth', 'work')
    AND e.outcome = 'success'
    AND NOT e.degraded
    AND e.earliest_us <= p.as_of_us
    AND (e.credential_uid IS NULL OR e.credential_binding IN ('direct', 'derived'))
    AND (
      (e.earliest_us < p.t0_us AND e.credential_state <> 'new')
      OR (e.earliest_us >= p.t0_us AND e.earliest_us < p.window_from_us AND e.credential_state = 'new'
        AND e.credential_binding IN ('direct', 'derived'))
      OR (e.earliest_us >= p.t0_us AND e.earliest_us >= p.window_from_us AND e.credential_state <> 'old')
    )
),
measured AS (
  SELECT consumer_class, 'duration' AS measure, duration_ms AS amount, part, count, earliest_us, latest_us, evidence_row
  FROM successes
  UNION ALL
  SELECT consumer_class, 'size' AS measure, size AS amount, part, count, earliest_us, latest_us, evidence_row
  FROM successes
),
scaled AS (
  SELECT
    consumer_class, measure, part, count, earliest_us, latest_us, evidence_row,
    CAST(CASE WHEN amount > 9000000000000 THEN CAST(9000000000000.0 AS DOUBLE) ELSE amount END AS DOUBLE) AS amount,
    CAST(CASE
      WHEN amount < CAST(0.01 AS DOUBLE) THEN 0.00001
      WHEN amount < CAST(0.1 AS DOUBLE) THEN 0.0001
      WHEN amount < 1 THEN 0.001
      WHEN amount < 10 THEN 0.01
      WHEN amount < 100 THEN 0.1
      WHEN amount < 1000 THEN 1.0
      WHEN amount < 10000 THEN 10.0
      WHEN amount < 100000 THEN 100.0
      WHEN amount < 1000000 THEN 1000.0
      WHEN amount < 10000000 THEN 10000.0
      WHEN amount < 100000000 THEN 100000.0
      WHEN amount < 1000000000 THEN 1000000.0
      WHEN amount < 10000000000 THEN 10000000.0
      WHEN amount < 100000000000 THEN 100000000.0
      WHEN amount < 1000000000000 THEN 1000000000.0
      ELSE 10000000000.0
    END AS DOUBLE) AS step
  FROM measured
  WHERE amount >= 0
)
SELECT
  consumer_class, measure, part, CAST(FLOOR(amount / step) * (step * 100000) AS BIGINT) AS value,
  CAST(SUM(count) AS BIGINT) AS events,
  MIN(earliest_us) AS first_us, MIN(latest_us) AS first_end_us, MIN(evidence_row) AS first_row,
  MAX(earliest_us) AS last_us, MAX(latest_us) AS last_end_us, MAX(evidence_row) AS last_row
FROM scaled
GROUP BY consumer_class, measure, part, CAST(FLOOR(amount / step) * (step * 100000) AS BIGINT)
