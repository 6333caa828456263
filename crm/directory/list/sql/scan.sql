-- The next rows of an order: at most so many of its index are looked at ("span"), those that fit are kept.
-- A CTE is read in the order in which it was filled, so the first that fit are the first of the order, and
-- reading ends with them. A last row with found = false is where a span ended that held too few: there the
-- reader may go on. OFFSET 0 keeps the planner from joining all members.
WITH span AS MATERIALIZED (
    {span}
),
fit AS MATERIALIZED (
    SELECT span.member_id, span.place FROM span WHERE EXISTS ({fit} OFFSET 0) LIMIT {rows}
)
SELECT true AS found, member_id, place FROM fit
UNION ALL
SELECT false, member_id, place FROM (
    SELECT member_id, place FROM span ORDER BY place {back}, member_id {back_key} LIMIT 1
) AS end_of_span
WHERE (SELECT count(*) FROM fit) < {rows} AND (SELECT count(*) FROM span) >= {most}
