-- answers: for how many jobs that were queued before the change did each consumer make attempts after it?
-- columns: consumer_class, jobs, example_us, example_end_us, example_row
-- tier: 1
-- reads: evidence, params
-- needs: job_id
-- monotone: yes
-- used by: incomplete-plan
WITH queued AS (
  SELECT job_id AS queued_job_id, MIN(COALESCE(enqueued_us, earliest_us)) AS queued_us
  FROM evidence
  WHERE job_id IS NOT NULL
  GROUP BY job_id
),
tried AS (
  SELECT
    e.consumer_class, e.job_id,
    MIN(e.earliest_us) AS tried_us, MIN(e.latest_us) AS tried_end_us, MIN(e.evidence_row) AS tried_row,
    MAX(p.t0_us) AS t0_us
  FROM evidence AS e CROSS JOIN params AS p
  WHERE e.consumer_class IS NOT NULL
    AND e.job_id IS NOT NULL
    AND e.kind IN ('auth', 'work')
    AND e.earliest_us >= p.t0_us
    AND e.earliest_us <= p.as_of_us
  GROUP BY e.consumer_class, e.job_id
)
SELECT
  t.consumer_class, CAST(COUNT(t.job_id) AS BIGINT) AS jobs,
  MIN(t.tried_us) AS example_us, MIN(t.tried_end_us) AS example_end_us, MIN(t.tried_row) AS example_row
FROM tried AS t JOIN queued AS q ON t.job_id = q.queued_job_id
WHERE q.queued_us < t.t0_us
GROUP BY t.consumer_class
