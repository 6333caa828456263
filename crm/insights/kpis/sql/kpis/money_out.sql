-- Money redeemed and paid out.
SELECT member_id, NULL::bigint AS channel_id, money_out AS numerator, 1 AS denominator
FROM flows
WHERE money_out > 0
