WITH facts AS (
    SELECT a.member_id, {row} AS source_row, {at} AS at, {amount} AS amount
    FROM {table} AS a
    WHERE {at} >= %(since)s AND {at} <= %(now)s AND a.member_id %% %(one_in)s = 0 AND ({condition})
), earned AS (
    SELECT f.member_id, (f.at AT TIME ZONE current_setting('perennial.zone'))::date AS day,
           least(floor(%(points)s * coalesce(floor(f.amount / %(unit)s::numeric), 1) * {multiplier}), 1e12)::bigint AS points
    FROM facts f WHERE {member_condition}
), by_day AS (
    SELECT member_id, day, sum(points) AS wanted, least(sum(points), %(cap_day)s::bigint) AS points
    FROM earned WHERE points > 0 GROUP BY 1, 2
), by_month AS (
    SELECT member_id, sum(wanted) AS wanted, least(sum(points), %(cap_month)s::bigint) AS points
    FROM by_day GROUP BY member_id, date_trunc('month', day)
)
SELECT count(DISTINCT member_id), coalesce(sum(points), 0)::bigint, coalesce(sum(wanted), 0)::bigint FROM by_month
