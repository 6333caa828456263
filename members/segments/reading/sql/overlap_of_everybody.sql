SELECT count(*), (
    SELECT coalesce(sum(joined - "left" + rebased), 0) FROM segments_tally WHERE segment_id = %(other)s
)
FROM segments_membership AS o
JOIN segments_membership AS other
    ON other.segment_id = %(other)s AND other.left_at IS NULL AND other.member_id = o.member_id
WHERE o.segment_id = %(one)s AND o.left_at IS NULL AND o.member_id %% %(share)s = 0
