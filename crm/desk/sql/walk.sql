-- The next rows of an order: at most so many of its index are looked at ("span"), those that fit are kept.
-- A last row with found = false is where the span ended, if it was cut: from there the reader may go on.
WITH span AS MATERIALIZED (
    {span}
),
fit AS (
    SELECT span.member_id, span.place FROM span WHERE span.member_id IN ({fit})
    ORDER BY span.place {direction}, span.member_id LIMIT %(rows)s
)
SELECT true AS found, member_id, place FROM fit
UNION ALL
SELECT false, member_id, place FROM (
    SELECT member_id, place FROM span ORDER BY place {opposite}, member_id DESC LIMIT 1
) AS end_of_span
WHERE (SELECT count(*) FROM span) >= %(most)s
