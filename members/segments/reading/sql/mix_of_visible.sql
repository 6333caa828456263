SELECT coalesce(s.stage, ''), count(*), coalesce(sum(s.aum), 0)
FROM ({seen}) AS seen
JOIN segments_membership AS o ON o.member_id = seen.id
LEFT JOIN lifecycle_standing AS s ON s.member_id = o.member_id
WHERE o.segment_id = %(segment)s AND o.left_at IS NULL
GROUP BY 1
