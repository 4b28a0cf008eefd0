-- answers: for how many jobs that were queued before the change did each consumer make attempts after it?
-- columns: consumer_class, jobs, example_us, example_end_us, example_row
-- tier: 1
-- reads: evidence, params
-- used by: incomplete-plan
WITH named AS (
  SELECT
    e.consumer_class, e.kind, e.enqueued_us, e.earliest_us, e.latest_us, e.evidence_row,
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
    n.consumer_class, n.job,
    MIN(n.earliest_us) AS tried_us, MIN(n.latest_us) AS tried_end_us, MIN(n.evidence_row) AS tried_row
  FROM named AS n JOIN queued AS q ON n.job = q.queued_job CROSS JOIN params AS p
  WHERE n.consumer_class IS NOT NULL
    AND n.kind IN ('auth', 'work')
    AND n.earliest_us >= p.t0_us
    AND n.earliest_us <= p.as_of_us
    AND COALESCE(n.enqueued_us, q.queued_us) < p.t0_us
  GROUP BY n.consumer_class, n.job
)
SELECT
  consumer_class, CAST(COUNT(job) AS BIGINT) AS jobs,
  MIN(tried_us) AS example_us, MIN(tried_end_us) AS example_end_us, MIN(tried_row) AS example_row
FROM tried
GROUP BY consumer_class
