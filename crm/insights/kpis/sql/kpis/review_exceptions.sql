SELECT NULL::bigint AS member_id, NULL::bigint AS channel_id, 1 AS numerator, 1 AS denominator
FROM review_wordingexception
WHERE granted_at >= %(start)s AND granted_at < %(end)s
