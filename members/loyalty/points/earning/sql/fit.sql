-- What the budget no longer holds is withheld: the first that does not fit, and all after it.
WITH totals AS (
    SELECT member_id, key, sum(points) OVER (ORDER BY at, member_id, key) AS total
    FROM _earn_new WHERE %(left)s::bigint IS NOT NULL
), withheld AS (
    DELETE FROM _earn_new n USING totals t
    WHERE n.member_id = t.member_id AND n.key = t.key AND t.total > %(left)s::bigint
    RETURNING n.points
)
SELECT coalesce(sum(points), 0)::bigint FROM withheld
