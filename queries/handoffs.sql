-- answers: which jobs did each consumer take in, hour by hour, and which of them did a later step complete?
-- columns: consumer_class, baseline, hour_us, done, minutes, jobs, first_us, first_end_us, first_row, last_us, last_end_us, last_row
-- tier: 1
-- reads: evidence, params
-- used by: ack-without-work
WITH named AS (
  SELECT
    e.consumer_class, e.class_basis, e.kind, e.outcome, e.degraded, e.credential_state, e.earliest_us, e.latest_us,
    e.evidence_row, e.job_id, e.enqueued_us, COALESCE(e.action, '') AS step,
    e.job_key AS job
  FROM evidence AS e CROSS JOIN params AS p
  WHERE e.job_id IS NOT NULL
    AND e.consumer_class IS NOT NULL
    AND e.kind IN ('auth', 'work', 'job')
    AND e.earliest_us <= p.as_of_us
),
begun AS (
  SELECT job AS begun_job, MIN(evidence_row) AS begun_row FROM named GROUP BY job
),
taken AS (
  SELECT
    n.job, n.job_id, n.consumer_class, n.step, n.enqueued_us, n.earliest_us, n.latest_us, n.evidence_row,
    CASE WHEN n.earliest_us < p.t0_us THEN 1 ELSE 0 END AS baseline,
    n.earliest_us - (n.earliest_us % 3600000000) AS hour_us
  FROM named AS n JOIN begun AS b ON n.job = b.begun_job CROSS JOIN params AS p
  WHERE n.evidence_row = b.begun_row
    AND n.class_basis = 'matched'
    AND n.outcome = 'success'
    AND NOT n.degraded
    AND n.credential_state <> CASE WHEN n.earliest_us < p.t0_us THEN 'new' ELSE 'old' END
),
followed AS (
  SELECT t.evidence_row AS taken_row, MIN(n.latest_us) AS done_us
  FROM taken AS t JOIN named AS n ON t.job_id = n.job_id
  WHERE n.evidence_row > t.evidence_row
    AND n.outcome = 'success'
    AND NOT (n.consumer_class = t.consumer_class AND n.step = t.step)
    AND (n.job = t.job OR n.enqueued_us = t.enqueued_us)
  GROUP BY t.evidence_row
),
judged AS (
  SELECT
    t.consumer_class, t.baseline, t.hour_us, t.job, t.earliest_us, t.latest_us, t.evidence_row,
    CASE WHEN f.done_us IS NULL THEN 0 ELSE 1 END AS done,
    CASE
      WHEN f.done_us IS NULL OR t.baseline = 0 THEN NULL
      WHEN f.done_us - t.earliest_us >= 2592000000000 THEN CAST(43200 AS BIGINT)
      ELSE (f.done_us - t.earliest_us - ((f.done_us - t.earliest_us) % 60000000)) / 60000000 + 1
    END AS minutes
  FROM taken AS t LEFT JOIN followed AS f ON t.evidence_row = f.taken_row
)
SELECT
  consumer_class, baseline, hour_us, done, CAST(minutes AS BIGINT) AS minutes,
  CAST(COUNT(DISTINCT job) AS BIGINT) AS jobs,
  MIN(earliest_us) AS first_us, MIN(latest_us) AS first_end_us, MIN(evidence_row) AS first_row,
  MAX(earliest_us) AS last_us, MAX(latest_us) AS last_end_us, MAX(evidence_row) AS last_row
FROM judged
GROUP BY consumer_class, baseline, hour_us, done, CAST(minutes AS BIGINT)
