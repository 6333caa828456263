-- All assets at the end of the period; the clients are those who hold more than an empty account.
SELECT member_id, NULL::bigint AS channel_id, aum_at_end AS numerator, is_client::int AS denominator
FROM assets
