-- From "facts" and "aum_entries" to what the rules ask about a member's assets over time (docs/lifecycle.md):
-- assets now and their day, money paid out that still counts, peak, the last days below maturity and high enough to
-- warn, and falls. Falls are gone through one by one only where some day's assets lie low enough below those of an
-- earlier one. All joins are by member and instant, none by a correlated subquery: nested loops are off.
payments AS (
    -- What was paid out less what was bought, by day; money paid out may be bought with for some days.
    SELECT e.member_id, e.at, e.day, e.today, p.payout_grace_days AS grace,
           sum(e.unspent) AS unspent, bool_or(e.unspent > 0) AS is_payout
    FROM aum_entries e
    JOIN facts f USING (member_id, at)
    JOIN policies p ON p.version = f.policy_version
    WHERE e.unspent <> 0 AND e.day >= e.window_start
    GROUP BY e.member_id, e.at, e.day, e.today, p.payout_grace_days
),
payouts AS (
    SELECT member_id, at, day, today, grace FROM payments WHERE is_payout AND grace > 0
),
unspent_from AS (
    -- What is left on each day of the payouts of a day and of all after it.
    SELECT o.member_id, o.at, o.day + o.grace AS until, d.day, sum(b.unspent) AS unspent
    FROM payouts o
    JOIN (
        SELECT member_id, at, day FROM aum_entries WHERE (member_id, at) IN (SELECT member_id, at FROM payouts)
        UNION
        SELECT member_id, at, day + grace FROM payouts WHERE day + grace <= today
        UNION
        SELECT member_id, at, today FROM payouts
    ) d ON d.member_id = o.member_id AND d.at = o.at AND d.day >= o.day AND d.day < o.day + o.grace
    JOIN payments b ON b.member_id = o.member_id AND b.at = o.at AND b.day BETWEEN o.day AND d.day
    GROUP BY o.member_id, o.at, o.day, o.grace, d.day
),
held AS (
    SELECT member_id, at, day, max(unspent) AS held
    FROM unspent_from
    WHERE unspent > 0
    GROUP BY member_id, at, day
),
held_now AS (
    SELECT u.member_id, u.at, u.unspent AS held, max(u.until) AS held_to
    FROM unspent_from u
    JOIN facts f USING (member_id, at)
    JOIN held h ON h.member_id = u.member_id AND h.at = u.at AND h.day = u.day AND h.held = u.unspent
    WHERE u.day = f.day
    GROUP BY u.member_id, u.at, u.unspent
),
split_entries AS (
    -- Assets count anew on the day after the last one on which money paid out is held.
    SELECT member_id, at, day, is_valuation, amount, today, window_start, false AS is_end FROM aum_entries
    UNION ALL
    SELECT o.member_id, o.at, o.day + o.grace, false, 0, o.today, f.window_start, true
    FROM payouts o
    JOIN facts f USING (member_id, at)
    LEFT JOIN aum_entries e ON e.member_id = o.member_id AND e.at = o.at AND e.day = o.day + o.grace
    WHERE o.day + o.grace <= o.today AND e.member_id IS NULL
),
flows AS (
    SELECT *, sum(amount) FILTER (WHERE NOT is_valuation) OVER by_day AS flow, lead(day) OVER by_day AS next_day
    FROM split_entries
    WINDOW by_day AS (PARTITION BY member_id, at ORDER BY day, is_valuation)
),
levels AS (
    -- AUM from each day with an entry on: a valuation replaces what was before, flows after it add up; flows on its
    -- own day come before it in the order and so are covered by it. The running maximum by day finds the latest
    -- valuation, less the flows before it: all windows here have one order, so one sort serves them.
    SELECT member_id, at, day, today, window_start, next_day, is_end,
           greatest(coalesce(flow, 0) + coalesce((max(
               CASE WHEN is_valuation THEN ARRAY[day - today, amount - coalesce(flow, 0)] END
           ) OVER (PARTITION BY member_id, at ORDER BY day, is_valuation))[2], 0), 0) AS level
    FROM flows
),
counted AS (
    SELECT l.member_id, l.at, l.day, l.today, l.window_start, l.next_day, l.is_end, l.level + coalesce(h.held, 0) AS level
    FROM levels l
    LEFT JOIN held h USING (member_id, at, day)
    WHERE l.next_day IS DISTINCT FROM l.day
),
periods AS (
    SELECT member_id, at, day AS first_day, coalesce(next_day - 1, today) AS last_day, level, is_end,
           max(level) OVER (PARTITION BY member_id, at ORDER BY day ROWS UNBOUNDED PRECEDING) AS highest
    FROM counted
    WHERE coalesce(next_day - 1, today) >= window_start
),
windows AS (
    SELECT s.member_id, s.at,
           min(f.current_aum) AS aum,
           coalesce(min(h.held), 0) AS held, min(h.held_to) AS held_to,
           max(s.first_day) FILTER (WHERE NOT s.is_end) AS aum_on,
           min(s.first_day) AS first_day,
           max(s.level) FILTER (WHERE s.last_day > f.day - p.fall_window_days AND s.last_day >= n.day) AS peak,
           max(s.last_day) FILTER (WHERE s.level < p.mature_aum) AS below_on,
           max(s.last_day) FILTER (
               WHERE s.last_day > f.day - p.fall_window_days AND s.last_day >= n.day
                 AND s.level >= greatest(p.fall_floor, p.warn_floor) AND f.current_aum + coalesce(h.held, 0) <= s.level * (1 - p.warn_fall_share)
           ) AS warn_high_on,
           bool_or(f.wants_falls AND s.highest >= p.fall_floor AND s.level <= s.highest * (1 - p.fall_share)) AS may_fall
    FROM periods s
    JOIN facts f USING (member_id, at)
    JOIN policies p ON p.version = f.policy_version
    LEFT JOIN held_now h USING (member_id, at)
    CROSS JOIN LATERAL (SELECT coalesce(f.normal_on, '-infinity') AS day) n
    GROUP BY s.member_id, s.at
),
curves AS (
    SELECT member_id, at, array_agg(s.first_day ORDER BY s.first_day) AS days, array_agg(s.level ORDER BY s.first_day) AS levels
    FROM periods s
    JOIN (SELECT member_id, at FROM windows WHERE may_fall) w USING (member_id, at)
    GROUP BY member_id, at
),
falls AS (
    SELECT c.member_id, c.at, l.peak AS fall_peak, l.fallen_on, l.trough, l.recovers_from, l.recovers_at, l.forgotten_on,
           l.warned_until, l.falls_today, l.recovered_at, l.came_back, l.lapsed, l.is_gone, l.next_peak
    FROM curves c
    JOIN facts f USING (member_id, at)
    JOIN policies p ON p.version = f.policy_version
    CROSS JOIN LATERAL lifecycle_falls(
        c.days, c.levels, f.day, f.normal_on, p.fall_share, p.fall_floor, p.fall_recovery_share, p.fall_window_days,
        p.fall_memory_days, p.warn_floor
    ) l
),
computed_windows AS (
    SELECT w.member_id, w.at, w.aum, w.held, w.held_to, w.aum_on, w.first_day, w.peak, w.below_on, w.warn_high_on, l.fall_peak, l.fallen_on,
           l.trough, l.recovers_from, l.recovers_at, l.forgotten_on, l.warned_until,
           coalesce(l.falls_today, false) AS falls_today,
           l.recovered_at, coalesce(l.came_back, false) AS came_back, coalesce(l.lapsed, false) AS lapsed,
           coalesce(l.is_gone, false) AS is_gone, CASE WHEN w.may_fall THEN l.next_peak ELSE w.peak END AS next_peak,
           o.member_id IS NOT NULL AS is_unspent
    FROM windows w
    LEFT JOIN falls l USING (member_id, at)
    LEFT JOIN payouts o ON o.member_id = w.member_id AND o.at = w.at AND o.day + o.grace = l.fallen_on
)
