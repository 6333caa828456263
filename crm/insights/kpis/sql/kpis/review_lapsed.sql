SELECT NULL::bigint AS member_id, NULL::bigint AS channel_id, 1 AS numerator, 1 AS denominator
FROM review_copyversion
WHERE lapsed_at >= %(start)s AND lapsed_at < %(end)s
