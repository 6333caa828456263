SELECT coalesce(s.stage, ''), count(*), coalesce(sum(s.aum), 0)
FROM segments_membership AS o
LEFT JOIN lifecycle_standing AS s ON s.member_id = o.member_id
WHERE o.segment_id = %(segment)s AND o.left_at IS NULL
GROUP BY 1
