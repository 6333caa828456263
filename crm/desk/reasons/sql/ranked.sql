-- The reasons of all sources for the members of a book. A member's place is that of the weightiest reason; members with a
-- reason that is new and urgent come before all others. What has no urgency yet has no place.
WITH book AS MATERIALIZED (
    SELECT s.*
    FROM ({visible}) AS visible
    JOIN lifecycle_standing AS s USING (member_id)
),
found AS MATERIALIZED (
    {reasons}
),
weighed AS (
    SELECT f.*,
        max(stake * urgency) FILTER (WHERE urgency > 0) OVER of_member AS weight,
        bool_or(since >= %(new)s::timestamptz AND urgency >= %(urgent)s::numeric) OVER of_member AS is_new
    FROM found AS f
    WINDOW of_member AS (PARTITION BY member_id)
),
placed AS (
    SELECT w.*,
        CASE WHEN urgency > 0 THEN
            dense_rank() OVER (ORDER BY is_new DESC NULLS LAST, weight DESC NULLS LAST, member_id)
        END AS place,
        row_number() OVER (PARTITION BY source ORDER BY due, stake DESC, member_id) AS source_place
    FROM weighed AS w
),
counted AS (
    SELECT p.*, max(place) FILTER (WHERE is_new) OVER () AS new_count, max(place) OVER () AS total FROM placed AS p
)
SELECT place, source_place, coalesce(is_new, false), new_count, total,
    member_id, source, since, due, stake, urgency, detail
FROM counted
WHERE place <= %(most)s::integer OR source_place <= %(most_of_source)s::integer
ORDER BY place, stake * urgency DESC, source
