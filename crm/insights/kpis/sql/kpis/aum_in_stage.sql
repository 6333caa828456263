-- Assets at the end of the period of the members who are in the stage then.
SELECT lives.member_id, NULL::bigint AS channel_id, coalesce(assets.aum_at_end, 0) AS numerator, 1 AS denominator
FROM lives
LEFT JOIN assets USING (member_id)
WHERE lives.stage_at_end = %(stage)s
