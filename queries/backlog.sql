-- answers: how did the jobs that were queued before the change end, and how long did they take?
-- columns: consumer_class, recent, ended, seen_since, age_hours, minutes, jobs, oldest_us, first_us, first_end_us, first_row, last_us, last_end_us, last_row
-- tier: 1
-- reads: evidence, params
-- used by: open-backlog
WITH seen AS (
  SELECT
    e.consumer_class, e.job_id, e.evidence_row, e.earliest_us, e.latest_us, e.enqueued_us,
    e.job_key AS job,
    COALESCE(e.enqueued_us, e.earliest_us) AS queued_us,
    CASE WHEN e.enqueued_us < p.t0_us THEN e.enqueued_us END AS stated_us,
    CASE WHEN e.outcome = 'success' AND e.kind IN ('auth', 'work') THEN e.latest_us END AS done_us
  FROM evidence AS e CROSS JOIN params AS p
  WHERE e.consumer_class IS NOT NULL
    AND e.job_id IS NOT NULL
    AND e.kind IN ('auth', 'work', 'job')
    AND e.earliest_us <= p.as_of_us
),
alike AS (
  SELECT DISTINCT job AS alike_job, job_id AS alike_id, enqueued_us AS alike_us
  FROM seen
  WHERE enqueued_us IS NOT NULL
),
members AS (
  SELECT job, queued_us, stated_us, done_us, latest_us, evidence_row FROM seen
  UNION ALL
  SELECT
    a.alike_job AS job, CAST(NULL AS BIGINT) AS queued_us, CAST(NULL AS BIGINT) AS stated_us, s.done_us,
    CAST(NULL AS BIGINT) AS latest_us, CAST(NULL AS BIGINT) AS evidence_row
  FROM seen AS s JOIN alike AS a ON s.job_id = a.alike_id AND s.enqueued_us = a.alike_us
  WHERE s.job <> a.alike_job AND s.done_us IS NOT NULL
),
whole AS (
  SELECT
    job, MIN(queued_us) AS queued_us, MAX(CASE WHEN queued_us < p.t0_us THEN queued_us END) AS last_queued_us,
    MAX(stated_us) AS stated_us, MAX(done_us) AS done_us, MAX(latest_us) AS seen_us, MAX(evidence_row) AS end_row,
    MAX(p.t0_us) AS t0_us
  FROM members CROSS JOIN params AS p
  GROUP BY job
),
judged AS (
  SELECT
    job AS judged_job, queued_us AS oldest_us, end_row,
    CASE WHEN last_queued_us >= t0_us - 604800000000 THEN 1 ELSE 0 END AS recent,
    CASE
      WHEN done_us IS NULL OR done_us < stated_us THEN 'open'
      WHEN done_us < t0_us THEN 'before'
      ELSE 'since'
    END AS ended,
    CASE WHEN seen_us >= t0_us THEN 1 ELSE 0 END AS seen_since,
    (t0_us - last_queued_us - ((t0_us - last_queued_us) % 3600000000)) / 3600000000 AS age_hours,
    CASE
      WHEN done_us IS NULL OR done_us < queued_us OR done_us < stated_us THEN NULL
      WHEN done_us - queued_us >= 2592000000000 THEN CAST(43200 AS BIGINT)
      ELSE (done_us - queued_us - ((done_us - queued_us) % 60000000)) / 60000000 + 1
    END AS minutes
  FROM whole
  WHERE last_queued_us IS NOT NULL
),
compared AS (
  SELECT
    judged_job, oldest_us, end_row, recent, ended, seen_since, minutes,
    CAST(CASE ended
      WHEN 'open' THEN age_hours
      WHEN 'since' THEN CASE recent WHEN 1 THEN age_hours END
    END AS BIGINT) AS compared_hours
  FROM judged
)
SELECT
  s.consumer_class, j.recent, j.ended, j.seen_since,
  j.compared_hours AS age_hours,
  CAST(CASE WHEN j.ended = 'before' THEN j.minutes END AS BIGINT) AS minutes,
  CAST(COUNT(DISTINCT s.job) AS BIGINT) AS jobs, MIN(j.oldest_us) AS oldest_us,
  MIN(s.earliest_us) AS first_us, MIN(s.latest_us) AS first_end_us, MIN(s.evidence_row) AS first_row,
  MAX(s.earliest_us) AS last_us, MAX(s.latest_us) AS last_end_us, MAX(s.evidence_row) AS last_row
FROM seen AS s JOIN compared AS j ON s.job = j.judged_job
WHERE s.evidence_row = j.end_row
GROUP BY
  s.consumer_class, j.recent, j.ended, j.seen_since,
  j.compared_hours,
  CAST(CASE WHEN j.ended = 'before' THEN j.minutes END AS BIGINT)
