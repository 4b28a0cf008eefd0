-- answers: when did each instance of a consumer last start, refresh the credential and stop, according to records?
-- columns: consumer_class, instance, started_us, starts, started_row, refreshed_us, refreshed_row, stopped_us, stopped_row
-- tier: 1
-- reads: evidence, params
-- used by: stale-runtime, version-flap, window-too-short
WITH stated AS (
  SELECT
    e.consumer_class, COALESCE(e.service_instance_id, e.host_name) AS instance, e.evidence_row,
    COALESCE(e.instance_start_us, CASE WHEN e.kind = 'start' THEN e.earliest_us END) AS start_us,
    CASE WHEN e.kind = 'refresh' AND e.outcome IN ('success', 'none') THEN e.earliest_us END AS refresh_us,
    CASE WHEN e.kind = 'stop' THEN e.latest_us END AS stop_us
  FROM evidence AS e CROSS JOIN params AS p
  WHERE e.consumer_class IS NOT NULL AND e.earliest_us <= p.as_of_us
),
latest AS (
  SELECT
    consumer_class AS latest_class, instance AS latest_instance,
    MAX(start_us) AS started_us, CAST(COUNT(DISTINCT start_us) AS BIGINT) AS starts,
    MAX(refresh_us) AS refreshed_us, MAX(stop_us) AS stopped_us
  FROM stated
  WHERE instance IS NOT NULL
  GROUP BY consumer_class, instance
)
SELECT
  l.latest_class AS consumer_class, l.latest_instance AS instance,
  MAX(l.started_us) AS started_us, MAX(l.starts) AS starts,
  MIN(CASE WHEN s.start_us = l.started_us THEN s.evidence_row END) AS started_row,
  MAX(l.refreshed_us) AS refreshed_us,
  MIN(CASE WHEN s.refresh_us = l.refreshed_us THEN s.evidence_row END) AS refreshed_row,
  MAX(l.stopped_us) AS stopped_us,
  MIN(CASE WHEN s.stop_us = l.stopped_us THEN s.evidence_row END) AS stopped_row
FROM stated AS s JOIN latest AS l ON s.consumer_class = l.latest_class AND s.instance = l.latest_instance
GROUP BY l.latest_class, l.latest_instance
