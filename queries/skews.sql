-- answers: how far apart, at least, are the clocks of two log sources, judging by requests that both logged?
-- columns: stream, other_stream, requests, offset_us
-- tier: 1
-- reads: evidence, params
-- used by: all rules that put records of two log sources in order
WITH firsts AS (
  SELECT e.trace_id, e.stream, MIN(e.earliest_us) AS at_us
  FROM evidence AS e CROSS JOIN params AS p
  WHERE e.trace_id IS NOT NULL
    AND e.earliest_us <= p.as_of_us
    AND (
      e.trace_id ~ '^(.*[^0-9A-Za-z])?[0-9a-fA-F]{8}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{12}$'
      OR e.trace_id ~ '^(.*[^0-9A-Za-z])?[0-7][0-9A-HJKMNP-TV-Z]{25}$'
      OR (e.trace_id ~ '^(.*[^0-9A-Za-z])?[0-9a-fA-F]{16,}$' AND e.trace_id ~ '^(.*[^0-9A-Za-z])?[0-9]*[a-fA-F][0-9a-fA-F]*$')
      OR e.trace_id ~ '^.*fp:[0-9a-f]{12}$'
    )
  GROUP BY e.trace_id, e.stream
),
others AS (
  SELECT trace_id AS other_trace_id, stream AS other_stream, at_us AS other_us FROM firsts
),
apart AS (
  SELECT
    f.stream, o.other_stream,
    CASE WHEN f.at_us < o.other_us THEN o.other_us - f.at_us ELSE f.at_us - o.other_us END AS apart_us
  FROM firsts AS f JOIN others AS o ON f.trace_id = o.other_trace_id
)
SELECT stream, other_stream, CAST(COUNT(apart_us) AS BIGINT) AS requests, MIN(apart_us) AS offset_us
FROM apart
WHERE stream < other_stream
GROUP BY stream, other_stream
