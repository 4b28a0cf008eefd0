-- answers: who uses an old version and matches no consumer of the plan?
-- columns: service_name, user_agent, principal, client_address, host_name, events, hours, instances, first_us, first_end_us, last_us, last_end_us, first_row, last_row, since_events, since_first_us, since_first_end_us, since_first_row, gap_us
-- tier: 2
-- reads: undeclared_hours
-- used by: undeclared-consumer, undeclared-baseline, old-never-seen
WITH folded AS (
  SELECT
    service_name, user_agent, principal, client_address, host_name, hour_us,
    SUM(events) AS events,
    MIN(first_us) AS first_us, MIN(first_end_us) AS first_end_us,
    MAX(last_us) AS last_us, MAX(last_end_us) AS last_end_us,
    MIN(first_row) AS first_row, MAX(last_row) AS last_row,
    SUM(CASE WHEN since_change = 1 THEN events ELSE CAST(0 AS BIGINT) END) AS since_events,
    MIN(CASE WHEN since_change = 1 THEN first_us END) AS since_first_us,
    MIN(CASE WHEN since_change = 1 THEN first_end_us END) AS since_first_end_us,
    MIN(CASE WHEN since_change = 1 THEN first_row END) AS since_first_row,
    COALESCE(service_name, '') || '|' || COALESCE(user_agent, '') || '|' || COALESCE(principal, '')
      || '|' || COALESCE(client_address, '') || '|' || COALESCE(host_name, '') AS who
  FROM undeclared_hours
  GROUP BY service_name, user_agent, principal, client_address, host_name, hour_us
),
spaced AS (
  SELECT
    who, service_name, user_agent, principal, client_address, host_name, events, hour_us,
    first_us, first_end_us, last_us, last_end_us, first_row, last_row,
    since_events, since_first_us, since_first_end_us, since_first_row,
    hour_us - LAG(hour_us, 1) OVER (PARTITION BY who ORDER BY hour_us) AS gap_us
  FROM folded
),
running AS (
  SELECT
    COALESCE(service_name, '') || '|' || COALESCE(user_agent, '') || '|' || COALESCE(principal, '')
      || '|' || COALESCE(client_address, '') || '|' || COALESCE(host_name, '') AS running_who,
    CAST(COUNT(DISTINCT instance) AS BIGINT) AS instances
  FROM undeclared_hours
  GROUP BY
    COALESCE(service_name, '') || '|' || COALESCE(user_agent, '') || '|' || COALESCE(principal, '')
      || '|' || COALESCE(client_address, '') || '|' || COALESCE(host_name, '')
)
SELECT
  service_name, user_agent, principal, client_address, host_name,
  CAST(SUM(events) AS BIGINT) AS events, CAST(COUNT(hour_us) AS BIGINT) AS hours, MAX(instances) AS instances,
  MIN(first_us) AS first_us, MIN(first_end_us) AS first_end_us,
  MAX(last_us) AS last_us, MAX(last_end_us) AS last_end_us,
  MIN(first_row) AS first_row, MAX(last_row) AS last_row,
  CAST(SUM(since_events) AS BIGINT) AS since_events,
  MIN(since_first_us) AS since_first_us, MIN(since_first_end_us) AS since_first_end_us,
  MIN(since_first_row) AS since_first_row,
  MAX(gap_us) AS gap_us
FROM spaced JOIN running ON who = running_who
GROUP BY service_name, user_agent, principal, client_address, host_name
