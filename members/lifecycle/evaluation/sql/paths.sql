-- From "base" and "marks" to what the rules ask of the course of a member's assets (docs/lifecycle.md).
flows AS (
    SELECT *, sum(amount) FILTER (WHERE NOT whole) OVER course AS flow, lead(day) OVER course AS next_day
    FROM marks
    WINDOW course AS (PARTITION BY member_id, at ORDER BY day, whole)
),
levels AS (
    -- AUM from each day with a mark on: a valuation starts anew, flows after it add up; flows on its own day
    -- come before it in the order and so are covered by it. The latest valuation is carried along as the greatest
    -- by day, less the flows that came before it: all windows here are of one order, and sort once.
    SELECT member_id, at, day, today, window_start, next_day,
           greatest(coalesce(flow, 0) + coalesce((max(
               CASE WHEN whole THEN ARRAY[day - today, amount - coalesce(flow, 0)] END
           ) OVER (PARTITION BY member_id, at ORDER BY day, whole))[2], 0), 0) AS level
    FROM flows
),
steps AS (
    SELECT member_id, at, day AS first_day, coalesce(next_day - 1, today) AS last_day, level
    FROM levels
    WHERE next_day IS DISTINCT FROM day AND coalesce(next_day - 1, today) >= window_start
),
walked AS (
    SELECT s.member_id, s.at,
           min(b.worth) AS aum,
           max(s.first_day) AS aum_on,
           min(s.first_day) AS first_day,
           max(s.level) FILTER (WHERE s.last_day > b.day - p.fall_window_days) AS peak,
           max(s.last_day) FILTER (WHERE s.level < p.mature_aum) AS below_on,
           max(s.last_day) FILTER (
               WHERE s.last_day > b.day - p.fall_window_days
                 AND s.level >= p.fall_floor AND b.worth <= s.level * (1 - p.warn_fall_share)
           ) AS warn_high_on,
           max(s.last_day) FILTER (
               WHERE s.last_day > b.day - p.fall_window_days
                 AND s.level >= p.fall_floor AND b.worth <= s.level * (1 - p.fall_share)
           ) AS fall_high_on
    FROM steps s
    JOIN base b USING (member_id, at)
    JOIN policies p ON p.version = b.policy_version
    GROUP BY s.member_id, s.at
)
