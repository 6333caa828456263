SELECT count(o.member_id), count(*)
FROM ({seen}) AS seen
JOIN segments_membership AS other
    ON other.segment_id = %(other)s AND other.left_at IS NULL AND other.member_id = seen.id
LEFT JOIN segments_membership AS o
    ON o.segment_id = %(one)s AND o.left_at IS NULL AND o.member_id = seen.id
