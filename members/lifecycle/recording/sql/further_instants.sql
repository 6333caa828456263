-- Where the answers just evaluated end before the next one begins: at their due instant, or on the first day
-- with a valuation outside their bounds, whichever is earlier.
WITH evaluated AS (
    DELETE FROM _pair RETURNING member_id, at
),
reach AS (
    SELECT a.member_id, a.day, a.due_at, a.aum_low, a.aum_high,
           (SELECT min(n.at) FROM _answer n WHERE n.member_id = a.member_id AND n.at > a.at) AS next_at
    FROM evaluated e
    JOIN _answer a USING (member_id, at)
    WHERE a.day < %(today)s OR a.due_at <= %(now)s
),
ends AS (
    SELECT r.member_id, r.next_at, least(r.due_at, (
        SELECT lifecycle_day_start(v.date, %(zone)s, %(stable_from)s, %(offset)s::interval)
        FROM portfolio_valuation v
        WHERE v.member_id = r.member_id AND v.date > r.day AND v.date <= %(today)s
          AND (v.aum < r.aum_low OR v.aum > r.aum_high)
        ORDER BY v.date LIMIT 1
    )) AS at
    FROM reach r
)
INSERT INTO _pair
SELECT e.member_id, e.at, lifecycle_day_of(e.at, %(zone)s, %(stable_from)s, %(offset)s::interval), r.version
FROM ends e
JOIN lifecycle_policy_period r ON r.since <= e.at AND e.at < r.until
WHERE e.at <= %(now)s AND (e.next_at IS NULL OR e.at < e.next_at)
