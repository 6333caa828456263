INSERT INTO insights_kpivalue
    (kpi, month, span, through, scope, scope_id, numerator, denominator, members, version, definition, computed_at)
WITH counted AS (
    {kpi}
),
scoped AS (
    SELECT counted.channel_id, counted.numerator, counted.denominator, book.staff_id, staff.team_id
    FROM counted
    LEFT JOIN profiles_book AS book
      ON book.member_id = counted.member_id
     AND book.started_at < %(end)s AND (book.ended_at IS NULL OR book.ended_at >= %(end)s)
    LEFT JOIN staff_staff AS staff ON staff.id = book.staff_id
),
summed AS (
    SELECT grouping(channel_id, staff_id, team_id) AS leaves_out, channel_id, staff_id, team_id,
           coalesce(sum(numerator), 0) AS numerator, coalesce(sum(denominator), 0) AS denominator,
           count(*) FILTER (WHERE denominator <> 0) AS members
    FROM scoped
    GROUP BY GROUPING SETS ((), (channel_id), (staff_id), (team_id))
)
SELECT %(kpi)s, %(month)s, %(span)s, %(last_day)s, scope.kind, scope.id, numerator,
       CASE WHEN %(is_total)s THEN 1 ELSE denominator END, members, %(version)s, %(definition)s, %(now)s
FROM summed
CROSS JOIN LATERAL (SELECT
    CASE leaves_out WHEN 7 THEN 'all' WHEN 3 THEN 'channel' WHEN 5 THEN 'staff' ELSE 'team' END AS kind,
    CASE leaves_out WHEN 7 THEN 0 WHEN 3 THEN channel_id WHEN 5 THEN staff_id ELSE team_id END AS id
) AS scope
WHERE scope.id IS NOT NULL AND scope.kind = ANY(%(scopes)s)
