-- answers: which log sources have times without a time zone, which were read as UTC?
-- columns: stream, records, first_us, first_end_us, last_us, last_end_us, first_row, last_row
-- tier: 1
-- reads: evidence, params
-- used by: zone-assumed
SELECT
  e.stream, CAST(COUNT(*) AS BIGINT) AS records,
  MIN(e.earliest_us) AS first_us, MIN(e.latest_us) AS first_end_us,
  MAX(e.earliest_us) AS last_us, MAX(e.latest_us) AS last_end_us,
  MIN(e.evidence_row) AS first_row, MAX(e.evidence_row) AS last_row
FROM evidence AS e CROSS JOIN params AS p
WHERE e.event_time_basis = 'zone_assumed' AND e.earliest_us <= p.as_of_us
GROUP BY e.stream
