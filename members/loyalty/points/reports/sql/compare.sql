-- Members without an account count too: their entries and lots belong to nobody's balance. One snapshot sees
-- every posting whole.
WITH entries AS (
    SELECT member_id, programme_id, sum(points) AS points, sum(debt) AS debt FROM loyalty_pointsentry
    WHERE member_id > %(low)s AND member_id <= %(high)s GROUP BY 1, 2
), used AS (
    SELECT member_id, lot_id, sum(points) AS points FROM loyalty_lotuse
    WHERE member_id > %(low)s AND member_id <= %(high)s GROUP BY 1, 2
), lots AS (
    SELECT l.member_id, l.programme_id,
           coalesce(sum(l.remaining) FILTER (WHERE NOT l.pending), 0) AS balance,
           coalesce(sum(l.remaining) FILTER (WHERE l.pending), 0) AS pending,
           count(*) FILTER (WHERE l.remaining <> l.points - coalesce(u.points, 0)
                               OR e.points IS DISTINCT FROM l.points) AS wrong
    FROM loyalty_pointslot l
    LEFT JOIN used u ON u.member_id = l.member_id AND u.lot_id = l.id
    LEFT JOIN loyalty_pointsentry e ON e.member_id = l.member_id AND e.id = l.id
    WHERE l.member_id > %(low)s AND l.member_id <= %(high)s GROUP BY 1, 2
), accounts AS (
    SELECT member_id, programme_id, balance, pending, debt FROM loyalty_pointsaccount
    WHERE member_id > %(low)s AND member_id <= %(high)s
), compared AS (
    SELECT member_id,
           a.member_id IS NULL OR e.member_id IS NULL OR l.member_id IS NULL OR l.wrong > 0
           OR (a.balance, a.pending, a.debt) IS DISTINCT FROM (l.balance, l.pending, e.debt)
           OR a.balance + a.pending <> e.points AS differs
    FROM accounts a
    FULL JOIN entries e USING (member_id, programme_id)
    FULL JOIN lots l USING (member_id, programme_id)
)
SELECT count(*), count(*) FILTER (WHERE differs), (array_agg(member_id) FILTER (WHERE differs))[:20] FROM compared
