-- Instants at which the answers just evaluated end before the next one begins: their due instant, or the first day
-- with a valuation outside their bounds, whichever is earlier.
WITH evaluated AS (
    DELETE FROM _pair RETURNING member_id, at
),
-- Materialized: otherwise the planner may look ahead for every answer of the batch, not for those just evaluated.
open_answers AS MATERIALIZED (
    SELECT a.member_id, a.at, a.day, a.due_at, a.aum_low, a.aum_high
    FROM evaluated e
    JOIN _answer a USING (member_id, at)
    WHERE a.day < %(today)s OR a.due_at <= %(now)s
),
ends AS MATERIALIZED (
    SELECT o.member_id, (SELECT min(n.at) FROM _answer n WHERE n.member_id = o.member_id AND n.at > o.at) AS next_at,
           least(o.due_at, (
               SELECT lifecycle_day_start(v.date, %(zone)s, %(stable_from)s, %(offset)s::interval)
               FROM portfolio_valuation v
               WHERE v.member_id = o.member_id AND v.date > o.day AND v.date <= %(today)s
                 AND (v.aum < o.aum_low OR v.aum > o.aum_high)
               ORDER BY v.date LIMIT 1
           )) AS at
    FROM open_answers o
)
INSERT INTO _pair
SELECT e.member_id, e.at, lifecycle_day_of(e.at, %(zone)s, %(stable_from)s, %(offset)s::interval), p.version
FROM ends e
JOIN lifecycle_policy_period p ON p.since <= e.at AND e.at < p.until
WHERE e.at <= %(now)s AND (e.next_at IS NULL OR e.at < e.next_at)
