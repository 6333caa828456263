SELECT o.member_id, EXISTS (
    SELECT FROM profiles_book AS own
    WHERE own.member_id = o.member_id AND own.staff_id = %(reader)s AND own.ended_at IS NULL
), m.name, coalesce(s.stage, ''), coalesce(s.sub_state, ''), coalesce(s.aum, 0)
FROM segments_membership AS o
JOIN profiles_member AS m ON m.id = o.member_id
LEFT JOIN lifecycle_standing AS s ON s.member_id = o.member_id
WHERE o.segment_id = %(segment)s AND o.left_at IS NULL AND o.member_id > %(after)s
ORDER BY o.member_id LIMIT %(most)s
