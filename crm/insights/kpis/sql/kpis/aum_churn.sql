-- Held assets when the period began; what each took out of it net of what was brought in.
SELECT member_id, NULL::bigint AS channel_id,
       greatest(coalesce(flows.money_out - flows.money_in, 0), 0) AS numerator, assets.aum_at_start AS denominator
FROM assets
LEFT JOIN flows USING (member_id)
WHERE assets.aum_at_start > 0
