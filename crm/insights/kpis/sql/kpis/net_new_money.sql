-- Money in minus money out.
SELECT member_id, NULL::bigint AS channel_id, money_in - money_out AS numerator, 1 AS denominator
FROM flows
