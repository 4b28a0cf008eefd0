-- answers: in which minutes did each consumer make attempts, when in them, and with the credential that is replaced (`own`) or another?
-- columns: consumer_class, degraded, own, minute_us, events, first_us, last_us, end_us
-- tier: 1
-- reads: evidence, params
-- used by: silent-consumer, window-too-short, cadence-mismatch, immediate-failure
WITH tries AS (
  SELECT
    e.consumer_class, e.degraded, e.count, e.earliest_us, e.latest_us,
    e.earliest_us - (e.earliest_us % 60000000) AS minute_us,
    CASE
      WHEN e.class_basis <> 'matched' THEN 0
      WHEN e.credential_state = 'new' AND e.earliest_us < p.t0_us THEN 0
      WHEN e.credential_binding IN ('direct', 'derived') THEN 1
      WHEN e.credential_uid IS NULL THEN 1
      ELSE 0
    END AS own
  FROM evidence AS e CROSS JOIN params AS p
  WHERE e.consumer_class IS NOT NULL
    AND e.kind IN ('auth', 'work')
    AND e.earliest_us <= p.as_of_us
)
SELECT
  consumer_class, degraded, own, minute_us,
  CAST(SUM(count) AS BIGINT) AS events,
  MIN(earliest_us) AS first_us, MAX(earliest_us) AS last_us, MAX(latest_us) AS end_us
FROM tries
GROUP BY consumer_class, degraded, own, minute_us
