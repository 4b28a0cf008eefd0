-- answers: which jobs that were queued in the seven days before the change have not succeeded since?
-- columns: consumer_class, jobs, oldest_us, first_us, first_end_us, first_row, last_us, last_end_us, last_row
-- tier: 1
-- reads: evidence, params
-- needs: job_id
-- used by: open-backlog
WITH seen AS (
  SELECT
    e.consumer_class, e.evidence_row, e.earliest_us, e.latest_us, p.t0_us,
    CASE WHEN LENGTH(e.job_id) < 8 THEN CAST(e.consumer_class AS VARCHAR) || ' ␟ ' || e.job_id ELSE e.job_id END AS job,
    COALESCE(e.enqueued_us, e.earliest_us) AS queued_us,
    CASE WHEN e.enqueued_us < p.t0_us THEN e.enqueued_us END AS stated_us,
    CASE
      WHEN e.outcome = 'success' AND e.kind IN ('auth', 'work') THEN e.latest_us
    END AS done_us
  FROM evidence AS e CROSS JOIN params AS p
  WHERE e.consumer_class IS NOT NULL
    AND e.job_id IS NOT NULL
    AND e.kind IN ('auth', 'work', 'job')
    AND e.earliest_us <= p.as_of_us
),
open AS (
  SELECT job AS open_job, MIN(queued_us) AS oldest_us, MAX(evidence_row) AS end_row
  FROM seen
  GROUP BY job
  HAVING MAX(CASE WHEN queued_us < t0_us AND queued_us >= t0_us - 604800000000 THEN 1 ELSE 0 END) = 1
    AND (MAX(done_us) IS NULL OR MAX(done_us) < MAX(stated_us))
)
SELECT
  s.consumer_class, CAST(COUNT(DISTINCT s.job) AS BIGINT) AS jobs, MIN(o.oldest_us) AS oldest_us,
  MIN(s.earliest_us) AS first_us, MIN(s.latest_us) AS first_end_us, MIN(s.evidence_row) AS first_row,
  MAX(s.earliest_us) AS last_us, MAX(s.latest_us) AS last_end_us, MAX(s.evidence_row) AS last_row
FROM seen AS s JOIN open AS o ON s.job = o.open_job
WHERE s.evidence_row = o.end_row
GROUP BY s.consumer_class
