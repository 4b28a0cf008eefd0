-- answers: when did each instance of a class start, refresh and stop, as far as records say?
-- columns: consumer_class, instance, started_us, starts, started_row, refreshed_us, refreshed_row, stopped_us, stopped_row
-- tier: 1
-- reads: evidence, params
-- used by: stale-runtime, version-flap, window-too-short
WITH stated AS (
  SELECT
    e.consumer_class, COALESCE(e.service_instance_id, e.host_name) AS instance, e.evidence_row,
    COALESCE(e.instance_start_us, CASE WHEN e.kind = 'start' THEN e.earliest_us END) AS start_us,
    CASE WHEN e.kind = 'refresh' THEN e.earliest_us END AS refresh_us,
    CASE WHEN e.kind = 'stop' THEN e.latest_us END AS stop_us
  FROM evidence AS e CROSS JOIN params AS p
  WHERE e.consumer_class IS NOT NULL AND e.earliest_us <= p.as_of_us
)
SELECT
  consumer_class, instance,
  MAX(start_us) AS started_us, CAST(COUNT(DISTINCT start_us) AS BIGINT) AS starts,
  MAX(CASE WHEN start_us IS NULL THEN NULL ELSE evidence_row END) AS started_row,
  MAX(refresh_us) AS refreshed_us,
  MAX(CASE WHEN refresh_us IS NULL THEN NULL ELSE evidence_row END) AS refreshed_row,
  MAX(stop_us) AS stopped_us,
  MAX(CASE WHEN stop_us IS NULL THEN NULL ELSE evidence_row END) AS stopped_row
FROM stated
WHERE instance IS NOT NULL
GROUP BY consumer_class, instance
