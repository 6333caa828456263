-- Money bought in.
SELECT member_id, NULL::bigint AS channel_id, money_in AS numerator, 1 AS denominator
FROM flows
WHERE money_in > 0
