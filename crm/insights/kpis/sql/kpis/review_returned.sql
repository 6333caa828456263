SELECT NULL::bigint AS member_id, NULL::bigint AS channel_id,
       (decision = 'returned')::int AS numerator, 1 AS denominator
FROM review_opinion
WHERE decision IN ('approved', 'returned', 'rejected') AND at >= %(start)s AND at < %(end)s
