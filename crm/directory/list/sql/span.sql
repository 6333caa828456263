-- The next rows of an order: so many of its index are looked at ("span") at the most, those that match are kept.
-- A CTE is read in the order in which it was filled, so the first that match are the first of the order, and
-- reading ends with them. A last row with matches = false is the end of a span that held too few: the reader may
-- go on from there. OFFSET 0 keeps the planner from joining all members.
WITH span AS MATERIALIZED (
    {span}
),
matching AS MATERIALIZED (
    SELECT span.member_id, span.value FROM span WHERE EXISTS ({match} OFFSET 0) LIMIT {rows}
)
SELECT true AS matches, member_id, value FROM matching
UNION ALL
SELECT false, member_id, value FROM (
    SELECT member_id, value FROM span ORDER BY value {back}, member_id {back_key} LIMIT 1
) AS end_of_span
WHERE (SELECT count(*) FROM matching) < {rows} AND (SELECT count(*) FROM span) >= {most}
