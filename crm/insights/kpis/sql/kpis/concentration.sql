-- Assets of the given percentage of clients with the most, over those of all.
SELECT ranked.member_id, NULL::bigint AS channel_id,
       CASE WHEN ranked.place <= ceil(ranked.clients * %(percent)s / 100.0) THEN ranked.aum_at_end ELSE 0 END AS numerator,
       ranked.aum_at_end AS denominator
FROM (
    SELECT member_id, aum_at_end, row_number() OVER (ORDER BY aum_at_end DESC, member_id) AS place,
           count(*) OVER () AS clients
    FROM assets
    WHERE is_client
) AS ranked
