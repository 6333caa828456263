-- The instants at which a claimed member has to be evaluated: where recomputing starts, and each fact after it.
-- A login is one only where it may wake an idle member, or is the last; of the valuations the last is one,
-- and further_instants.sql finds those before it that leave the bounds of an answer.
WITH span AS (
    SELECT c.member_id, greatest(c.from_at, s.recorded_from) AS from_at, c.single, c.late, c.fresh,
           CASE WHEN c.late OR c.fresh THEN %(now)s ELSE least(c.until, %(now)s) END AS until
    FROM _claim c
    JOIN lifecycle_standing s USING (member_id)
),
wide AS (
    SELECT * FROM span WHERE NOT single AND until > from_at
),
instants AS (
    SELECT member_id, from_at AS at FROM span
    UNION
    SELECT w.member_id, t.at FROM wide w
    JOIN portfolio_transaction t
      ON t.member_id = w.member_id AND t.kind IN ('buy', 'sell') AND t.at > w.from_at AND t.at <= w.until
    UNION
    SELECT w.member_id, lifecycle_day_start(v.date, %(zone)s, %(stable_from)s, %(offset)s::interval)
    FROM wide w
    CROSS JOIN LATERAL (
        SELECT max(v.date) AS date FROM portfolio_valuation v
        WHERE v.member_id = w.member_id
          AND v.date > lifecycle_day_of(w.from_at, %(zone)s, %(stable_from)s, %(offset)s::interval)
          AND v.date <= lifecycle_day_of(w.until, %(zone)s, %(stable_from)s, %(offset)s::interval)
    ) v
    WHERE v.date IS NOT NULL
    UNION
    SELECT w.member_id, s.at FROM wide w
    JOIN profiles_signal s ON s.member_id = w.member_id AND s.at > w.from_at AND s.at <= w.until
    UNION
    SELECT w.member_id, e.at
    FROM wide w
    CROSS JOIN LATERAL (
        SELECT e.at, lag(e.at) OVER (ORDER BY e.at) AS before, lead(e.at) OVER (ORDER BY e.at) AS after
        FROM profiles_event e
        WHERE e.member_id = w.member_id AND e.name = 'login' AND e.at > w.from_at AND e.at <= w.until
    ) e
    WHERE e.before IS NULL OR e.after IS NULL OR e.at - e.before >= %(wake_after)s
    UNION
    SELECT w.member_id, i.at
    FROM wide w
    JOIN profiles_member m ON m.id = w.member_id
    CROSS JOIN LATERAL (VALUES (m.known_at), (m.registered_at)) i (at)
    WHERE i.at > w.from_at AND i.at <= w.until
    UNION
    SELECT s.member_id, p.effective_from
    FROM span s
    JOIN lifecycle_policy p ON p.effective_from > s.from_at AND p.effective_from <= %(now)s
)
INSERT INTO _pair
SELECT member_id, at, lifecycle_day_of(at, %(zone)s, %(stable_from)s, %(offset)s::interval), lifecycle_policy_at(at)
FROM instants
