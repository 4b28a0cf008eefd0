-- answers: which versions do configuration and runtime records name for each consumer and instance, or for nobody of the plan, and when?
-- columns: consumer_class, class_basis, kind, instance, stream, evidence_layer, credential_version, credential_state, records, first_us, first_end_us, last_us, last_end_us, first_row, last_row
-- tier: 1
-- reads: evidence, params
-- used by: layer-contradiction, stale-runtime, the ledger
SELECT
  e.consumer_class, e.class_basis, e.kind, COALESCE(e.service_instance_id, e.host_name) AS instance, e.stream,
  e.evidence_layer, e.credential_version, e.credential_state,
  CAST(COUNT(*) AS BIGINT) AS records,
  MIN(e.earliest_us) AS first_us, MIN(e.latest_us) AS first_end_us,
  MAX(e.earliest_us) AS last_us, MAX(e.latest_us) AS last_end_us,
  MIN(e.evidence_row) AS first_row, MAX(e.evidence_row) AS last_row
FROM evidence AS e CROSS JOIN params AS p
WHERE e.evidence_layer IN ('configuration', 'runtime')
  AND e.kind IN ('declare', 'refresh', 'start')
  AND e.outcome IN ('success', 'none')
  AND e.credential_binding IN ('direct', 'derived')
  AND e.earliest_us <= p.as_of_us
GROUP BY
  e.consumer_class, e.class_basis, e.kind, COALESCE(e.service_instance_id, e.host_name), e.stream,
  e.evidence_layer, e.credential_version, e.credential_state
