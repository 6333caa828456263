-- Most news leave an answer as it is: a login, a purchase that neither makes mature nor hides a fall. Where no rule of
-- decline and no warning holds, nothing is due, and all that came after the last evaluation are logins and flows
-- that judge.sql would answer the same at each of them, the facts stored are moved along and the claim is settled.
-- What is asked is stricter than need be (the peak of assets may have left its window meanwhile); whoever does not
-- meet it, or waits for maturity to begin, is evaluated.
WITH quiet AS (
    SELECT h.*, c.until, p.empty_aum, p.mature_aum, p.fall_floor,
           least(p.warn_idle_days, p.idle_days, p.dormant_days, p.churned_days) AS idle_days,
           1 - least(p.warn_fall_share, p.fall_share) AS left_share
    FROM _claim c
    JOIN _held h USING (member_id)
    JOIN lifecycle_policy p ON p.version = h.policy_version
    WHERE NOT c.late AND NOT c.fresh AND NOT c.due AND NOT c.by_day AND c.until <= %(now)s
      AND h.quiet AND h.stage IS NOT NULL AND (h.due_at IS NULL OR h.due_at > %(now)s)
      AND NOT (h.stage = 'growth' AND h.aum >= p.mature_aum)
      AND NOT EXISTS (
          SELECT FROM profiles_signal s
          WHERE s.member_id = c.member_id AND s.at > h.evaluated_at AND s.at <= %(now)s
      )
),
news AS (
    SELECT q.*, coalesce(flow.amount, 0) AS flow, flow.last_day, greatest(q.last_trade_at, flow.last_at) AS traded_at,
           greatest(q.last_login_at, login.at) AS seen_at,
           greatest(q.evaluated_at, q.until, flow.last_at, login.at) AS at, greatest(q.peak, flow.most) AS top
    FROM quiet q
    CROSS JOIN LATERAL (
        SELECT sum(t.amount) AS amount, q.aum + min(t.so_far) AS least, q.aum + max(t.so_far) AS most, max(t.at) AS last_at,
               lifecycle_day_of(min(t.at), %(zone)s, %(stable_from)s, %(offset)s::interval) AS first_day,
               lifecycle_day_of(max(t.at), %(zone)s, %(stable_from)s, %(offset)s::interval) AS last_day
        FROM (
            SELECT t.at, signed.amount, sum(signed.amount) OVER (ORDER BY t.at) AS so_far
            FROM portfolio_transaction t
            CROSS JOIN LATERAL (SELECT CASE t.kind WHEN 'buy' THEN t.amount ELSE -t.amount END AS amount) signed
            WHERE t.member_id = q.member_id AND t.kind IN ('buy', 'sell') AND t.at > q.evaluated_at AND t.at <= %(now)s
        ) t
    ) flow
    CROSS JOIN LATERAL (
        SELECT max(e.at) AS at FROM profiles_event e
        WHERE e.member_id = q.member_id AND e.name = 'login' AND e.at > q.evaluated_at AND e.at <= %(now)s
    ) login
    WHERE flow.last_at IS NULL OR (
        -- Empty assets may be less than nothing, cut off; so they are left to the evaluation.
        least(q.aum, flow.least) > q.empty_aum
        AND CASE q.stage WHEN 'growth' THEN flow.most < q.mature_aum WHEN 'maturity' THEN flow.least >= q.mature_aum END
        AND (greatest(q.peak, flow.most) < q.fall_floor
             OR flow.least > greatest(q.peak, flow.most) * q.left_share)
        -- A valuation covers the flows of its own day.
        AND (flow.first_day > q.aum_on OR NOT EXISTS (
            SELECT FROM portfolio_valuation v
            WHERE v.member_id = q.member_id AND v.date >= flow.first_day AND v.date <= %(today)s
        ))
    )
),
dated AS (
    SELECT n.*, CASE WHEN n.stage IN ('growth', 'maturity') THEN n.idle_days + lifecycle_day_of(
               greatest(n.first_invested_at, n.traded_at, CASE WHEN n.aum > n.empty_aum THEN n.seen_at END),
               %(zone)s, %(stable_from)s, %(offset)s::interval) END AS idle_on
    FROM news n
),
moved AS (
    UPDATE lifecycle_standing s
    SET aum = d.aum + d.flow, aum_on = greatest(s.aum_on, d.last_day), last_trade_at = d.traded_at,
        last_login_at = d.seen_at, evaluated_at = d.at,
        evaluated_on = lifecycle_day_of(d.at, %(zone)s, %(stable_from)s, %(offset)s::interval),
        due_on = coalesce(d.idle_on, s.due_on),
        due_at = coalesce(lifecycle_day_start(d.idle_on, %(zone)s, %(stable_from)s, %(offset)s::interval), s.due_at),
        -- As judge.sql has them, where assets did move.
        peak_aum = CASE WHEN d.last_day IS NULL THEN s.peak_aum ELSE d.top END,
        aum_low = CASE WHEN d.last_day IS NULL THEN s.aum_low ELSE greatest(
            d.empty_aum + 0.01, CASE WHEN d.stage = 'maturity' THEN d.mature_aum END,
            CASE WHEN d.top >= d.fall_floor THEN trunc(d.top * d.left_share, 2) + 0.01 END) END,
        aum_high = CASE WHEN d.last_day IS NULL THEN s.aum_high ELSE least(
            CASE WHEN d.stage = 'growth' THEN d.mature_aum - 0.01 END,
            CASE WHEN d.top >= d.fall_floor THEN d.top ELSE d.fall_floor - 0.01 END) END
    FROM dated d
    WHERE s.member_id = d.member_id
    RETURNING s.member_id
)
DELETE FROM _claim c USING moved m WHERE c.member_id = m.member_id
