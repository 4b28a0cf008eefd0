-- answers: for which jobs from before the change was the last attempt in the window refused, denied or made with an old version?
-- columns: consumer_class, outcome, is_old, later_minutes, jobs, first_us, first_end_us, first_row, last_us, last_end_us, last_row
-- tier: 1
-- reads: evidence, params
-- used by: boundary-job-failure
WITH named AS (
  SELECT
    e.consumer_class, e.job_id, e.stream, e.kind, e.outcome, e.enqueued_us, e.earliest_us, e.latest_us, e.evidence_row,
    e.credential_state, e.credential_uid, e.credential_binding,
    e.job_key AS job
  FROM evidence AS e
  WHERE e.job_id IS NOT NULL
),
queued AS (
  SELECT job AS queued_job, MIN(COALESCE(enqueued_us, earliest_us)) AS queued_us
  FROM named
  WHERE job IS NOT NULL
  GROUP BY job
),
tried AS (
  SELECT
    n.consumer_class, n.job_id, n.job, n.stream, n.outcome, n.enqueued_us, n.earliest_us, n.latest_us, n.evidence_row,
    CASE WHEN COALESCE(n.enqueued_us, q.queued_us) < p.t0_us THEN 1 ELSE 0 END AS crosses,
    CASE
      WHEN n.credential_state = 'old' AND n.credential_binding IN ('direct', 'derived')
        AND n.latest_us >= p.window_from_us THEN 1
      ELSE 0
    END AS is_old
  FROM named AS n JOIN queued AS q ON n.job = q.queued_job CROSS JOIN params AS p
  WHERE n.consumer_class IS NOT NULL
    AND n.kind IN ('auth', 'work')
    AND (n.credential_uid IS NULL OR n.credential_binding IN ('direct', 'derived'))
    AND n.latest_us >= p.t0_us
    AND n.earliest_us <= p.as_of_us
),
ended AS (
  SELECT
    consumer_class, job_id, job, stream, outcome, enqueued_us, earliest_us, latest_us, evidence_row, is_old,
    CASE WHEN crosses = 1 AND (is_old = 1 OR outcome IN ('auth_failure', 'denied')) THEN latest_us END AS bad_us,
    CASE WHEN is_old = 0 AND outcome IN ('success', 'failure') THEN earliest_us END AS good_us
  FROM tried
),
alike AS (
  SELECT DISTINCT job AS alike_job, job_id AS alike_id, enqueued_us AS alike_us
  FROM ended
  WHERE enqueued_us IS NOT NULL
),
elsewhere AS (
  SELECT a.alike_job AS job, e.stream, e.good_us
  FROM ended AS e JOIN alike AS a ON e.job_id = a.alike_id AND e.enqueued_us = a.alike_us
  WHERE e.job <> a.alike_job AND e.good_us IS NOT NULL
),
members AS (
  SELECT job, stream, bad_us, good_us FROM ended
  UNION ALL
  SELECT job, stream, CAST(NULL AS BIGINT) AS bad_us, good_us FROM elsewhere
),
sides AS (
  SELECT job AS side_job, stream AS side_stream, MAX(bad_us) AS last_bad_us, MAX(good_us) AS last_good_us
  FROM members
  GROUP BY job, stream
),
ends AS (
  SELECT job AS end_job, MAX(good_us) AS any_good_us FROM members GROUP BY job
),
unrecovered AS (
  SELECT
    s.side_job, s.side_stream, s.last_bad_us,
    CASE
      WHEN n.any_good_us IS NULL THEN CAST(0 AS BIGINT)
      WHEN n.any_good_us <= s.last_bad_us THEN CAST(0 AS BIGINT)
      WHEN n.any_good_us - s.last_bad_us >= 604800000000 THEN CAST(10080 AS BIGINT)
      ELSE (n.any_good_us - s.last_bad_us - ((n.any_good_us - s.last_bad_us) % 60000000)) / 60000000
    END AS later_minutes
  FROM sides AS s JOIN ends AS n ON s.side_job = n.end_job
  WHERE s.last_bad_us IS NOT NULL AND (s.last_good_us IS NULL OR s.last_good_us <= s.last_bad_us)
)
SELECT
  c.consumer_class, c.outcome, c.is_old, CAST(u.later_minutes AS BIGINT) AS later_minutes,
  CAST(COUNT(DISTINCT c.job_id) AS BIGINT) AS jobs,
  MIN(c.earliest_us) AS first_us, MIN(c.latest_us) AS first_end_us, MIN(c.evidence_row) AS first_row,
  MAX(c.earliest_us) AS last_us, MAX(c.latest_us) AS last_end_us, MAX(c.evidence_row) AS last_row
FROM ended AS c JOIN unrecovered AS u ON c.job = u.side_job AND c.stream = u.side_stream
WHERE c.bad_us = u.last_bad_us
GROUP BY c.consumer_class, c.outcome, c.is_old, CAST(u.later_minutes AS BIGINT)
