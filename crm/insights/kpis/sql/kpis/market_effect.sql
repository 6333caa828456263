-- What of the change of assets no flow explains.
SELECT member_id, NULL::bigint AS channel_id,
       coalesce(assets.aum_at_end - assets.aum_at_start, 0)
       - coalesce(flows.money_in - flows.money_out, 0) AS numerator,
       1 AS denominator
FROM assets
FULL JOIN flows USING (member_id)
WHERE flows.member_id IS NOT NULL OR assets.aum_at_start > 0 OR assets.aum_at_end > 0
