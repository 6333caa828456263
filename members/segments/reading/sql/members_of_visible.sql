SELECT o.member_id, coalesce(s.stage, ''), coalesce(s.sub_state, ''), coalesce(s.aum, 0)
FROM ({seen}) AS seen
JOIN segments_membership AS o ON o.member_id = seen.id
LEFT JOIN lifecycle_standing AS s ON s.member_id = o.member_id
WHERE o.segment_id = %(segment)s AND o.left_at IS NULL AND o.member_id > %(after)s
ORDER BY o.member_id LIMIT %(most)s
