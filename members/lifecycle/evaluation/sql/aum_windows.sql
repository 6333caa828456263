-- From "facts" and "aum_entries" to what the rules ask about a member's assets over time (docs/lifecycle.md):
-- assets now and their day, peak, the last days below maturity and high enough to count as fallen from.
flows AS (
    SELECT *, sum(amount) FILTER (WHERE NOT is_valuation) OVER by_day AS flow, lead(day) OVER by_day AS next_day
    FROM aum_entries
    WINDOW by_day AS (PARTITION BY member_id, at ORDER BY day, is_valuation)
),
levels AS (
    -- AUM from each day with an entry on: a valuation replaces what was before, flows after it add up; flows on its
    -- own day come before it in the order and so are covered by it. The running maximum by day finds the latest
    -- valuation, less the flows before it: all windows here have one order, so one sort serves them.
    SELECT member_id, at, day, today, window_start, next_day,
           greatest(coalesce(flow, 0) + coalesce((max(
               CASE WHEN is_valuation THEN ARRAY[day - today, amount - coalesce(flow, 0)] END
           ) OVER (PARTITION BY member_id, at ORDER BY day, is_valuation))[2], 0), 0) AS level
    FROM flows
),
periods AS (
    SELECT member_id, at, day AS first_day, coalesce(next_day - 1, today) AS last_day, level
    FROM levels
    WHERE next_day IS DISTINCT FROM day AND coalesce(next_day - 1, today) >= window_start
),
computed_windows AS (
    SELECT s.member_id, s.at,
           min(f.current_aum) AS aum,
           max(s.first_day) AS aum_on,
           min(s.first_day) AS first_day,
           max(s.level) FILTER (WHERE s.last_day > f.day - p.fall_window_days) AS peak,
           max(s.last_day) FILTER (WHERE s.level < p.mature_aum) AS below_on,
           max(s.last_day) FILTER (
               WHERE s.last_day > f.day - p.fall_window_days
                 AND s.level >= p.fall_floor AND f.current_aum <= s.level * (1 - p.warn_fall_share)
           ) AS warn_high_on,
           max(s.last_day) FILTER (
               WHERE s.last_day > f.day - p.fall_window_days
                 AND s.level >= p.fall_floor AND f.current_aum <= s.level * (1 - p.fall_share)
           ) AS fall_high_on
    FROM periods s
    JOIN facts f USING (member_id, at)
    JOIN policies p ON p.version = f.policy_version
    GROUP BY s.member_id, s.at
)
