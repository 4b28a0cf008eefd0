-- answers: which sessions with an old version did no record end, and how many sessions of their log source have a logged end?
-- columns: consumer_class, stream, instance, sessions, first_us, first_end_us, first_row, last_us, last_end_us, last_row, earlier, earlier_ended, before_first, before_first_ended, ends, longest_us, listed_us
-- tier: 1
-- reads: evidence, params
-- used by: open-session
WITH told AS (
  SELECT
    e.stream, COALESCE(e.host_name, '') AS host, COALESCE(e.session_id, '') AS session, e.consumer_class,
    COALESCE(e.service_instance_id, e.host_name) AS instance, e.evidence_row,
    CASE WHEN e.kind = 'open' THEN e.earliest_us END AS listed_us,
    CASE WHEN e.kind = 'close' THEN e.earliest_us END AS closed_us,
    CASE WHEN e.kind = 'close' OR e.outcome = 'auth_failure' THEN e.earliest_us END AS ended_us,
    CASE WHEN e.kind <> 'close' AND e.outcome <> 'auth_failure' THEN e.earliest_us END AS used_us,
    CASE
      WHEN e.kind <> 'close' AND e.outcome <> 'auth_failure' AND e.credential_state = 'old' AND e.credential_binding IN ('direct', 'derived') THEN e.earliest_us
    END AS old_us,
    CASE
      WHEN e.kind <> 'close' AND e.credential_uid IS NOT NULL AND e.credential_state <> 'old' THEN e.earliest_us
    END AS other_us
  FROM evidence AS e CROSS JOIN params AS p
  WHERE e.earliest_us <= p.as_of_us
    AND (
      e.kind = 'open'
      OR (e.session_id IS NOT NULL AND (e.kind = 'close' OR (e.kind IN ('auth', 'work') AND e.outcome <> 'failure')))
    )
),
sessions AS (
  SELECT
    stream AS its_stream, host AS its_host, session AS its_session,
    MIN(used_us) AS opened_us, MAX(used_us) AS last_used_us, MAX(old_us) AS last_old_us, MAX(other_us) AS last_other_us,
    MAX(ended_us) AS last_ended_us, CAST(COUNT(closed_us) AS BIGINT) AS ends,
    MAX(CASE WHEN old_us IS NOT NULL THEN evidence_row END) AS last_old_row
  FROM told
  GROUP BY stream, host, session
),
restarts AS (
  SELECT e.stream AS restart_stream, COALESCE(e.host_name, '') AS restart_host, MAX(e.earliest_us) AS restarted_us
  FROM evidence AS e CROSS JOIN params AS p
  WHERE e.kind IN ('start', 'stop') AND e.consumer_class IS NULL AND e.earliest_us <= p.as_of_us
  GROUP BY e.stream, COALESCE(e.host_name, '')
),
renewals AS (
  SELECT
    e.consumer_class AS renewed_class, COALESCE(e.service_instance_id, e.host_name) AS renewed_instance,
    MAX(COALESCE(CASE WHEN e.kind IN ('start', 'stop') THEN e.earliest_us END, e.instance_start_us)) AS renewed_us
  FROM evidence AS e CROSS JOIN params AS p
  WHERE e.consumer_class IS NOT NULL AND e.earliest_us <= p.as_of_us
  GROUP BY e.consumer_class, COALESCE(e.service_instance_id, e.host_name)
),
unended AS (
  SELECT
    t.consumer_class, t.stream, t.host, t.instance, s.opened_us, s.last_old_us, s.last_old_row
  FROM sessions AS s
  JOIN told AS t ON s.last_old_row = t.evidence_row
  LEFT JOIN restarts AS r ON t.stream = r.restart_stream AND t.host = r.restart_host
  LEFT JOIN renewals AS n ON t.consumer_class = n.renewed_class AND t.instance = n.renewed_instance
  WHERE (s.last_ended_us IS NULL OR s.last_ended_us < s.last_old_us)
    AND (s.last_other_us IS NULL OR s.last_other_us <= s.last_old_us)
    AND (r.restarted_us IS NULL OR r.restarted_us <= s.last_old_us)
    AND (n.renewed_us IS NULL OR n.renewed_us <= s.last_old_us)
),
sources AS (
  SELECT stream AS source_stream, host AS source_host, MIN(opened_us) AS first_open_us, MAX(opened_us) AS last_open_us
  FROM unended
  GROUP BY stream, host
),
shares AS (
  SELECT
    o.source_stream AS share_stream, o.source_host AS share_host,
    SUM(CASE WHEN s.opened_us < o.last_open_us THEN 1 ELSE 0 END) AS earlier,
    SUM(CASE WHEN s.opened_us < o.last_open_us AND s.last_ended_us >= s.last_used_us THEN 1 ELSE 0 END) AS earlier_ended,
    SUM(CASE WHEN s.opened_us < o.first_open_us THEN 1 ELSE 0 END) AS before_first,
    SUM(CASE WHEN s.opened_us < o.first_open_us AND s.last_ended_us >= s.last_used_us THEN 1 ELSE 0 END) AS before_first_ended,
    SUM(s.ends) AS ends,
    MAX(CASE WHEN s.ends = 1 THEN s.last_ended_us - s.opened_us END) AS longest_us
  FROM sources AS o JOIN sessions AS s ON o.source_stream = s.its_stream AND o.source_host = s.its_host
  GROUP BY o.source_stream, o.source_host
),
listings AS (
  SELECT stream AS listed_stream, COALESCE(consumer_class, '') AS listed_class, MAX(listed_us) AS listed_us
  FROM told
  GROUP BY stream, COALESCE(consumer_class, '')
)
SELECT
  u.consumer_class, u.stream, u.instance, CAST(COUNT(u.last_old_row) AS BIGINT) AS sessions,
  MIN(u.last_old_us) AS first_us, MIN(u.last_old_us) AS first_end_us, MIN(u.last_old_row) AS first_row,
  MAX(u.last_old_us) AS last_us, MAX(u.last_old_us) AS last_end_us, MAX(u.last_old_row) AS last_row,
  CAST(MAX(h.earlier) AS BIGINT) AS earlier, CAST(MIN(h.earlier_ended) AS BIGINT) AS earlier_ended,
  CAST(MAX(h.before_first) AS BIGINT) AS before_first, CAST(MIN(h.before_first_ended) AS BIGINT) AS before_first_ended,
  CAST(MAX(h.ends) AS BIGINT) AS ends, MAX(h.longest_us) AS longest_us, MAX(l.listed_us) AS listed_us
FROM unended AS u
JOIN shares AS h ON u.stream = h.share_stream AND u.host = h.share_host
JOIN listings AS l ON u.stream = l.listed_stream AND COALESCE(u.consumer_class, '') = l.listed_class
GROUP BY u.consumer_class, u.stream, u.instance
