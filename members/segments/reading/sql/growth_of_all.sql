SELECT CASE WHEN day >= %(first)s::date THEN day END, sum(joined - "left" + rebased),
       coalesce(sum(joined) FILTER (WHERE day > %(week_ago)s::date), 0),
       coalesce(sum("left") FILTER (WHERE day > %(week_ago)s::date), 0)
FROM segments_tally WHERE segment_id = %(segment)s GROUP BY 1
