-- answers: for which jobs from before the change was the last attempt in the window refused, denied or made with an old version?
-- columns: consumer_class, outcome, is_old, later_minutes, jobs, first_us, first_end_us, first_row, last_us, last_end_us, last_row
-- tier: 1
-- reads: evidence, params
-- needs: job_id
-- used by: boundary-job-failure
WITH queued AS (
  SELECT job_id AS queued_job_id, MIN(COALESCE(enqueued_us, earliest_us)) AS queued_us
  FROM evidence
  WHERE job_id IS NOT NULL
  GROUP BY job_id
),
tried AS (
  SELECT
    e.consumer_class, e.job_id, e.stream, e.outcome, e.earliest_us, e.latest_us, e.evidence_row, p.t0_us,
    CASE WHEN LENGTH(e.job_id) < 8 THEN CAST(e.consumer_class AS VARCHAR) || ' ␟ ' || e.job_id ELSE e.job_id END AS job,
    CASE
      WHEN e.credential_state = 'old' AND e.credential_binding IN ('direct', 'derived')
        AND e.latest_us >= p.window_from_us THEN 1
      ELSE 0
    END AS is_old
  FROM evidence AS e CROSS JOIN params AS p
  WHERE e.consumer_class IS NOT NULL
    AND e.job_id IS NOT NULL
    AND e.kind IN ('auth', 'work')
    AND (e.credential_uid IS NULL OR e.credential_binding IN ('direct', 'derived'))
    AND e.latest_us >= p.t0_us
    AND e.earliest_us <= p.as_of_us
),
crossed AS (
  SELECT
    t.consumer_class, t.job, t.stream, t.outcome, t.earliest_us, t.latest_us, t.evidence_row, t.is_old,
    CASE WHEN t.is_old = 1 OR t.outcome IN ('auth_failure', 'denied') THEN t.latest_us END AS bad_us,
    CASE WHEN t.is_old = 0 AND t.outcome IN ('success', 'failure') THEN t.earliest_us END AS good_us
  FROM tried AS t JOIN queued AS q ON t.job_id = q.queued_job_id
  WHERE q.queued_us < t.t0_us
),
sides AS (
  SELECT job AS side_job, stream AS side_stream, MAX(bad_us) AS last_bad_us, MAX(good_us) AS last_good_us
  FROM crossed
  GROUP BY job, stream
),
ends AS (
  SELECT job AS end_job, MAX(good_us) AS any_good_us FROM crossed GROUP BY job
),
unrecovered AS (
  SELECT
    s.side_job, s.side_stream, s.last_bad_us,
    CASE
      WHEN n.any_good_us IS NULL THEN CAST(0 AS BIGINT)
      WHEN n.any_good_us <= s.last_bad_us THEN CAST(0 AS BIGINT)
      WHEN n.any_good_us - s.last_bad_us >= 86400000000 THEN CAST(1440 AS BIGINT)
      ELSE (n.any_good_us - s.last_bad_us - ((n.any_good_us - s.last_bad_us) % 60000000)) / 60000000
    END AS later_minutes
  FROM sides AS s JOIN ends AS n ON s.side_job = n.end_job
  WHERE s.last_bad_us IS NOT NULL AND (s.last_good_us IS NULL OR s.last_good_us <= s.last_bad_us)
)
SELECT
  c.consumer_class, c.outcome, c.is_old, CAST(u.later_minutes AS BIGINT) AS later_minutes,
  CAST(COUNT(DISTINCT c.job) AS BIGINT) AS jobs,
  MIN(c.earliest_us) AS first_us, MIN(c.latest_us) AS first_end_us, MIN(c.evidence_row) AS first_row,
  MAX(c.earliest_us) AS last_us, MAX(c.latest_us) AS last_end_us, MAX(c.evidence_row) AS last_row
FROM crossed AS c JOIN unrecovered AS u ON c.job = u.side_job AND c.stream = u.side_stream
WHERE c.bad_us = u.last_bad_us
GROUP BY c.consumer_class, c.outcome, c.is_old, CAST(u.later_minutes AS BIGINT)
