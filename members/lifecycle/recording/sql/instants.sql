-- The instants at which a claimed member has to be evaluated: from_at, when its stored answer is due, and each fact
-- from there on. A login is one of them only where it may end inactivity (last_login_instants.sql adds logins that
-- nothing follows); of the valuations the first and the last are, next_instants.sql finds those between that leave an
-- answer's bounds.
WITH span AS (
    SELECT c.member_id, greatest(c.from_at, s.recorded_from) AS from_at, c.one_instant, c.is_late, c.is_new, c.from_due, s.due_at, s.aum_on,
           CASE WHEN NOT c.is_late AND NOT c.is_new THEN s.last_login_at END AS last_login_at,
           CASE WHEN c.is_late OR c.is_new THEN %(now)s ELSE least(c.until, %(now)s) END AS until
    FROM _claim c
    JOIN lifecycle_standing s USING (member_id)
),
several AS (
    SELECT *, lifecycle_day_of(
                  from_at - interval '1 microsecond', %(zone)s, %(stable_from)s, %(offset)s::interval) AS from_day,
              lifecycle_day_of(until, %(zone)s, %(stable_from)s, %(offset)s::interval) AS until_day
    FROM span WHERE NOT one_instant AND until > from_at
    OFFSET 0
),
instants AS (
    SELECT member_id, from_at AS at FROM span WHERE one_instant OR is_late OR is_new OR from_due OR until <= from_at
    UNION
    SELECT member_id, due_at FROM span WHERE due_at >= from_at AND due_at <= %(now)s
    UNION
    -- A later valuation has updated the stored assets already: an older answer may not replace them.
    SELECT member_id, lifecycle_day_start(aum_on, %(zone)s, %(stable_from)s, %(offset)s::interval) FROM span
    WHERE NOT is_late AND NOT is_new
      AND aum_on > lifecycle_day_of(until, %(zone)s, %(stable_from)s, %(offset)s::interval)
    UNION
    SELECT w.member_id, t.at FROM several w
    JOIN portfolio_transaction t
      ON t.member_id = w.member_id AND t.kind IN ('buy', 'redemption', 'payout') AND t.at >= w.from_at AND t.at <= w.until
    UNION
    SELECT w.member_id, lifecycle_day_start(v.date, %(zone)s, %(stable_from)s, %(offset)s::interval)
    FROM several w
    CROSS JOIN LATERAL (
        SELECT min(v.date) AS first, max(v.date) AS last FROM portfolio_valuation v
        WHERE v.member_id = w.member_id AND v.date > w.from_day AND v.date <= w.until_day
    ) ends
    CROSS JOIN LATERAL (VALUES (ends.first), (ends.last)) v (date)
    WHERE w.from_day < w.until_day AND v.date IS NOT NULL
    UNION
    SELECT w.member_id, s.at FROM several w
    JOIN profiles_signal s ON s.member_id = w.member_id AND s.at >= w.from_at AND s.at <= w.until
    UNION
    SELECT w.member_id, i.at FROM several w
    JOIN profiles_complaint c ON c.member_id = w.member_id
    CROSS JOIN LATERAL (VALUES (c.received_at), (c.closed_at)) i (at)
    WHERE i.at >= w.from_at AND i.at <= w.until
    UNION
    SELECT w.member_id, n.at FROM several w
    JOIN lifecycle_newnormal n ON n.member_id = w.member_id AND n.at >= w.from_at AND n.at <= w.until
    UNION
    SELECT w.member_id, e.at
    FROM several w
    CROSS JOIN LATERAL (
        SELECT e.at, lag(e.at) OVER (ORDER BY e.at) AS before
        FROM profiles_event e
        WHERE e.member_id = w.member_id AND e.name = 'login' AND e.at >= w.from_at AND e.at <= w.until
    ) e
    WHERE coalesce(e.at - coalesce(e.before, w.last_login_at) >= %(wake_after)s, true)
    UNION
    SELECT w.member_id, i.at
    FROM several w
    JOIN profiles_member m ON m.id = w.member_id
    CROSS JOIN LATERAL (VALUES (m.known_at), (m.registered_at)) i (at)
    WHERE (w.is_late OR w.is_new) AND i.at >= w.from_at AND i.at <= w.until
    UNION
    SELECT s.member_id, p.effective_from
    FROM span s
    JOIN lifecycle_policy p ON p.effective_from > s.from_at AND p.effective_from <= %(now)s
)
INSERT INTO _pair
SELECT i.member_id, i.at, lifecycle_day_of(i.at, %(zone)s, %(stable_from)s, %(offset)s::interval), r.version
FROM instants i
JOIN lifecycle_policy_period r ON r.since <= i.at AND i.at < r.until
