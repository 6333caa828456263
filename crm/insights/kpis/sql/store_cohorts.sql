INSERT INTO insights_kpivalue
    (kpi, month, span, through, scope, scope_id, numerator, denominator, members, version, definition, computed_at)
WITH cohort AS (
    {cohorts}
),
scoped AS (
    SELECT cohort.*, book.staff_id, staff.team_id
    FROM cohort
    LEFT JOIN profiles_book AS book
      ON book.member_id = cohort.member_id
     AND book.started_at < %(end)s AND (book.ended_at IS NULL OR book.ended_at >= %(end)s)
    LEFT JOIN staff_staff AS staff ON staff.id = book.staff_id
),
summed AS (
    SELECT month, grouping(staff_id, team_id) AS leaves_out, staff_id, team_id, count(*) AS visitors,
           count(*) FILTER (WHERE is_lead) AS leads,
           count(*) FILTER (WHERE registered) AS registered,
           count(*) FILTER (WHERE registered AND invested) AS invested,
           count(*) FILTER (WHERE registered AND invested AND matured) AS matured
    FROM scoped
    GROUP BY GROUPING SETS ((month), (month, staff_id), (month, team_id))
)
SELECT step.kpi, month, 'month', %(last_day)s, CASE leaves_out WHEN 3 THEN 'all' WHEN 1 THEN 'staff' ELSE 'team' END,
       CASE leaves_out WHEN 3 THEN 0 WHEN 1 THEN staff_id ELSE team_id END, step.reached, visitors, visitors, 1,
       %(definition)s, %(now)s
FROM summed
CROSS JOIN LATERAL (VALUES
    ('cohort.leads', leads), ('cohort.registered', registered), ('cohort.invested', invested),
    ('cohort.matured', matured)
) AS step (kpi, reached)
WHERE leaves_out = 3 OR coalesce(staff_id, team_id) IS NOT NULL
