-- Most new facts leave an answer as it is: a login, a buy that neither makes mature nor hides a fall. Where no decline
-- rule and no warning holds, nothing is due, and all facts since the last evaluation are logins and flows at each of
-- which decide.sql would give the same answer, this updates the facts of the standing and removes the claim. The
-- conditions are stricter than necessary (the peak may have left its window meanwhile); members who do not meet them
-- are evaluated.
WITH healthy AS (
    SELECT l.*, c.until, p.empty_aum, p.mature_aum, p.fall_floor, p.warn_floor,
           least(p.idle_days, p.dormant_days) AS idle_days, p.warn_idle_days, p.warn_term_days,
           p.mature_days, p.mature_tenure_days,
           1 - least(p.warn_fall_share, p.fall_share) AS kept_share
    FROM _claim c
    JOIN _locked l USING (member_id)
    JOIN lifecycle_policy p ON p.version = l.policy_version
    WHERE NOT c.is_late AND NOT c.is_new AND NOT c.from_due AND NOT c.has_valuations AND c.until <= %(now)s
      AND l.is_healthy AND l.stage IS NOT NULL AND (l.due_at IS NULL OR l.due_at > %(now)s)
      AND (l.first_invested_at IS NULL OR l.aum > p.empty_aum)
      AND NOT EXISTS (
          SELECT FROM profiles_signal s
          WHERE s.member_id = c.member_id AND s.at > l.evaluated_at AND s.at <= %(now)s
      )
      AND NOT EXISTS (
          SELECT FROM portfolio_transaction t
          WHERE t.member_id = c.member_id AND t.kind = 'payout' AND t.at <= %(now)s
            AND t.at > least(l.evaluated_at, %(now)s) - interval '2 days' - p.payout_grace_days * interval '1 day'
      )
      AND NOT EXISTS (
          SELECT FROM profiles_complaint o
          WHERE o.member_id = c.member_id AND o.received_at > l.evaluated_at AND o.received_at <= %(now)s
      )
),
unchanged AS (
    SELECT h.*, coalesce(flow.amount, 0) AS flow, flow.last_day, greatest(h.last_trade_at, flow.last_at) AS traded_at,
           greatest(h.last_login_at, login.at) AS last_seen_at,
           greatest(h.evaluated_at, h.until, flow.last_at, login.at) AS at, greatest(h.peak, flow.max_aum) AS peak_now
    FROM healthy h
    CROSS JOIN LATERAL (
        SELECT sum(t.amount) AS amount, h.aum + min(t.running) AS min_aum, h.aum + max(t.running) AS max_aum, max(t.at) AS last_at,
               lifecycle_day_of(min(t.at), %(zone)s, %(stable_from)s, %(offset)s::interval) AS first_day,
               lifecycle_day_of(max(t.at), %(zone)s, %(stable_from)s, %(offset)s::interval) AS last_day
        FROM (
            SELECT t.at, signed.amount, sum(signed.amount) OVER (ORDER BY t.at) AS running
            FROM portfolio_transaction t
            CROSS JOIN LATERAL (SELECT CASE t.kind WHEN 'buy' THEN t.amount ELSE -t.amount END AS amount) signed
            WHERE t.member_id = h.member_id AND t.kind IN ('buy', 'redemption', 'payout') AND t.at > h.evaluated_at AND t.at <= %(now)s
        ) t
    ) flow
    CROSS JOIN LATERAL (
        SELECT max(e.at) AS at FROM profiles_event e
        WHERE e.member_id = h.member_id AND e.name = 'login' AND e.at > h.evaluated_at AND e.at <= %(now)s
    ) login
    WHERE flow.last_at IS NULL OR (
        -- Assets are cut off at 0, so sums of flows are wrong at or below it: those members are evaluated.
        least(h.aum, flow.min_aum) > h.empty_aum
        -- Money of who is not registered changes nothing, once it is known since when there is any.
        AND (h.stage = 'acquisition' AND h.first_invested_at IS NOT NULL OR h.stage IN ('growth', 'maturity')
             AND CASE WHEN h.aum >= h.mature_aum THEN flow.min_aum >= h.mature_aum ELSE flow.max_aum < h.mature_aum END
             AND (greatest(h.peak, flow.max_aum) < h.fall_floor
                  OR flow.min_aum > greatest(h.peak, flow.max_aum) * h.kept_share))
        -- A valuation covers the flows of its own day.
        AND (flow.first_day > h.aum_on OR NOT EXISTS (
            SELECT FROM portfolio_valuation v
            WHERE v.member_id = h.member_id AND v.date >= flow.first_day AND v.date <= %(today)s
        ))
    )
),
with_due AS (
    SELECT u.*, CASE WHEN u.stage IN ('growth', 'maturity') THEN least(
               a.active_on + u.idle_days,
               CASE WHEN u.aum + u.flow >= u.warn_floor THEN greatest(
                   a.active_on + u.warn_idle_days,
                   CASE WHEN t.held_until IS NOT NULL THEN least(t.held_until, a.active_on + u.warn_term_days) END
               ) END,
               CASE WHEN u.stage = 'growth' AND u.aum >= u.mature_aum THEN greatest(
                   u.steady_since - 1 + u.mature_days,
                   (SELECT lifecycle_day_of(m.registered_at, %(zone)s, %(stable_from)s, %(offset)s::interval)
                    FROM profiles_member m WHERE m.id = u.member_id) + u.mature_tenure_days
               ) END
           ) END AS due_on
    FROM unchanged u
    CROSS JOIN LATERAL (
        SELECT lifecycle_day_of(
            greatest(u.first_invested_at, u.traded_at, CASE WHEN u.aum > u.empty_aum THEN u.last_seen_at END),
            %(zone)s, %(stable_from)s, %(offset)s::interval
        ) AS active_on
    ) a
    CROSS JOIN LATERAL (
        -- As point_facts.sql has it.
        SELECT max(l.matures_on) AS held_until
        FROM (
            SELECT max(t.matures_on) FILTER (
                       WHERE t.matures_on > lifecycle_day_of(u.at, %(zone)s, %(stable_from)s, %(offset)s::interval)
                   ) AS matures_on
            FROM portfolio_transaction t
            WHERE t.member_id = u.member_id AND t.kind IN ('buy', 'redemption', 'payout') AND t.at <= u.at
              AND EXISTS (
                  SELECT FROM portfolio_transaction o
                  WHERE o.member_id = u.member_id
                    AND o.matures_on > lifecycle_day_of(u.at, %(zone)s, %(stable_from)s, %(offset)s::interval)
              )
            GROUP BY t.product_id
            HAVING t.product_id IS NULL OR sum(CASE t.kind WHEN 'buy' THEN t.amount ELSE -t.amount END) > 0
        ) l
    ) t
),
updated AS (
    UPDATE lifecycle_standing s
    SET aum = d.aum + d.flow, aum_on = greatest(s.aum_on, d.last_day), last_trade_at = d.traded_at,
        last_login_at = d.last_seen_at, evaluated_at = d.at,
        evaluated_on = lifecycle_day_of(d.at, %(zone)s, %(stable_from)s, %(offset)s::interval),
        due_on = coalesce(d.due_on, s.due_on),
        due_at = coalesce(lifecycle_day_start(d.due_on, %(zone)s, %(stable_from)s, %(offset)s::interval), s.due_at),
        -- As decide.sql computes them, where assets changed.
        peak_aum = CASE WHEN d.last_day IS NULL THEN s.peak_aum ELSE d.peak_now END,
        aum_low = CASE WHEN d.last_day IS NULL OR d.stage = 'acquisition' THEN s.aum_low ELSE greatest(
            d.empty_aum + 0.01, CASE WHEN d.aum >= d.mature_aum THEN d.mature_aum END,
            CASE WHEN d.aum + d.flow >= d.warn_floor THEN d.warn_floor END,
            CASE WHEN d.peak_now >= d.fall_floor THEN trunc(d.peak_now * d.kept_share, 2) + 0.01 END) END,
        aum_high = CASE WHEN d.last_day IS NULL OR d.stage = 'acquisition' THEN s.aum_high ELSE least(
            CASE WHEN d.aum < d.mature_aum THEN d.mature_aum - 0.01 END,
            CASE WHEN d.aum + d.flow < d.warn_floor THEN d.warn_floor - 0.01 END,
            CASE WHEN d.peak_now >= d.fall_floor THEN d.peak_now ELSE d.fall_floor - 0.01 END) END
    FROM with_due d
    WHERE s.member_id = d.member_id
    RETURNING s.member_id
)
DELETE FROM _claim c USING updated u WHERE c.member_id = u.member_id
