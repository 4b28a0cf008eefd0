-- answers: how many jobs of each class were queued before the change and tried after it?
-- columns: consumer_class, jobs, example_us, example_end_us, example_row
-- tier: 1
-- reads: evidence, params
-- used by: incomplete-plan
WITH jobs AS (
  SELECT
    e.consumer_class, e.job_id,
    MIN(COALESCE(e.enqueued_us, e.earliest_us)) AS queued_us,
    MIN(CASE WHEN e.kind IN ('auth', 'work') AND e.earliest_us >= p.t0_us THEN e.earliest_us END) AS tried_us,
    MIN(CASE WHEN e.kind IN ('auth', 'work') AND e.earliest_us >= p.t0_us THEN e.latest_us END) AS tried_end_us,
    MIN(CASE WHEN e.kind IN ('auth', 'work') AND e.earliest_us >= p.t0_us THEN e.evidence_row END) AS tried_row,
    MAX(p.t0_us) AS t0_us
  FROM evidence AS e CROSS JOIN params AS p
  WHERE e.consumer_class IS NOT NULL AND e.job_id IS NOT NULL AND e.earliest_us <= p.as_of_us
  GROUP BY e.consumer_class, e.job_id
)
SELECT
  consumer_class, CAST(COUNT(job_id) AS BIGINT) AS jobs,
  MIN(tried_us) AS example_us, MIN(tried_end_us) AS example_end_us, MIN(tried_row) AS example_row
FROM jobs
WHERE queued_us < t0_us AND tried_us IS NOT NULL
GROUP BY consumer_class
