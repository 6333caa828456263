WITH spells AS (
    SELECT o.began, (o.joined_at AT TIME ZONE %(zone)s)::date AS joined_on,
           (o.left_at AT TIME ZONE %(zone)s)::date AS left_on
    FROM ({seen}) AS seen JOIN segments_membership AS o ON o.member_id = seen.id
    WHERE o.segment_id = %(segment)s
),
steps AS (
    SELECT joined_on AS day, 1 AS by, (NOT began)::int AS joined, 0 AS gone FROM spells
    UNION ALL
    SELECT left_on, -1, 0, 1 FROM spells WHERE left_on IS NOT NULL
)
SELECT CASE WHEN day >= %(first)s::date THEN day END, sum(by),
       coalesce(sum(joined) FILTER (WHERE day > %(week_ago)s::date), 0),
       coalesce(sum(gone) FILTER (WHERE day > %(week_ago)s::date), 0)
FROM steps GROUP BY 1
