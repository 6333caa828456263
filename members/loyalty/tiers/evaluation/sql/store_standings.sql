-- Store where the evaluated members stand: the state, when it is due, and within which assets it holds until then.
WITH policy AS (
    SELECT p.*, (SELECT bool_or(t.day_end IS NOT NULL) AND bool_and(t.average IS NULL) FROM _tier_threshold t
                 WHERE t.version = p.version) AS only_day_end,
           (date_trunc('month', %(today)s::timestamp) + interval '1 month')::date AS next_month,
           date_trunc('month', %(today)s::timestamp)::date AS month
    FROM _tier_policy p WHERE p.from_day <= %(today)s AND p.to_day > %(today)s
),
assets AS (
    -- What the month has so far, and the lowest and highest of the days to come as they are known.
    SELECT m.member_id,
           coalesce(sum(o.aum * (least(o.to_day, %(today)s) - o.from_day))
                    FILTER (WHERE o.month = p.month AND o.from_day < %(today)s), 0) AS so_far,
           coalesce(min(o.aum) FILTER (WHERE o.to_day > %(today)s), 0) AS low,
           coalesce(max(o.aum) FILTER (WHERE o.to_day > %(today)s), 0) AS high
    FROM _tier_state m CROSS JOIN policy p LEFT JOIN _tier_piece o USING (member_id)
    GROUP BY m.member_id
),
bound AS (
    SELECT s.member_id, a.low, a.high,
           CASE WHEN p.downgrade <> 'none' THEN ceil(greatest(
               kept.average, (kept.average * (p.next_month - p.month) - a.so_far) / (p.next_month - %(today)s),
               kept.day_end, 0
           ) * 100) / 100 END AS keeps,
           CASE WHEN above.average IS NOT NULL OR above.day_end IS NOT NULL THEN trunc(greatest(least(
               above.average, (above.average * (p.next_month - p.month) - a.so_far) / (p.next_month - %(today)s),
               above.day_end
           ) - 0.01, 0), 2) END AS stays,
           CASE WHEN p.is_daily AND NOT p.only_day_end THEN %(today)s::date + 1 ELSE p.next_month END AS next_review,
           p.is_daily AND p.only_day_end AS at_each_day_end, p.version, p.notice_days
    FROM _tier_state s
    CROSS JOIN policy p
    JOIN assets a USING (member_id)
    LEFT JOIN _tier_threshold kept ON kept.version = p.version AND kept.rank = s.rank
    LEFT JOIN _tier_threshold above ON above.version = p.version AND above.rank = s.rank + 1
),
answer AS (
    SELECT b.*, n.day AS next_on, n.falls_to, CASE WHEN n.falls_to IS NOT NULL THEN n.day END AS falls_on,
           CASE WHEN n.falls_to IS NOT NULL THEN n.day - b.notice_days END AS notice_on,
           b.keeps IS NOT NULL AND b.low < b.keeps AS is_below, b.stays IS NOT NULL AND b.high > b.stays AS is_above
    FROM bound b LEFT JOIN _tier_next n USING (member_id)
),
standing AS (
    SELECT s.*, a.version, a.falls_on, a.falls_to, k.noticed_on AS noticed_before,
           coalesce(lifecycle_day_start(s.since_day, %(zone)s, %(stable_from)s, %(offset)s::interval), k.since) AS since,
           CASE WHEN a.notice_on <= %(today)s THEN a.falls_on
                WHEN k.noticed_on <= %(today)s OR a.falls_on = k.noticed_on THEN k.noticed_on END AS noticed_on,
           least(
               a.next_on,
               CASE WHEN (a.is_below AND NOT a.at_each_day_end) OR a.is_above THEN a.next_review END,
               CASE WHEN a.notice_on > %(today)s THEN a.notice_on END
           ) AS due_on,
           CASE WHEN NOT a.is_below AND a.keeps > 0 THEN a.keeps END AS aum_low,
           CASE WHEN a.is_above THEN a.low ELSE a.stays END AS aum_high
    FROM _tier_state s
    JOIN answer a USING (member_id)
    JOIN _tier_claim k USING (member_id)
),
announced AS (
    INSERT INTO runtime_change (at, kind, member_id, payload)
    SELECT %(now)s,
           CASE WHEN s.noticed_on IS NOT NULL THEN 'tier.will_downgrade' ELSE 'tier.downgrade_averted' END, s.member_id,
           jsonb_strip_nulls(jsonb_build_object(
               'programme', %(programme)s::bigint, 'from', f.code, 'to', t.code, 'on', coalesce(s.noticed_on, s.noticed_before)
           ))
    FROM standing s
    JOIN loyalty_tier f ON f.programme_id = %(programme)s AND f.rank = s.shown
    LEFT JOIN loyalty_tier t ON t.programme_id = %(programme)s AND t.rank = s.falls_to
    WHERE (s.noticed_on > %(today)s AND s.noticed_on IS DISTINCT FROM s.noticed_before)
       OR (s.noticed_on IS NULL AND s.noticed_before > %(today)s)
    ORDER BY s.member_id
)
INSERT INTO loyalty_tierstanding (
    member_id, programme_id, tier_id, earned_id, since, protected_until, steps_from, pending_id, pending_on, pending_inputs,
    falls_on, falls_to_id, noticed_on, policy_version, evaluated_on, due_on, aum_low, aum_high, metrics
)
SELECT s.member_id, %(programme)s, shown.id, earned.id, s.since, s.protected_until, s.steps_from, pending.id, s.pending_on,
       s.pending_inputs, s.falls_on, falls.id, s.noticed_on, s.version, %(today)s, s.due_on, s.aum_low, s.aum_high,
       coalesce(s.inputs, '{}')
FROM standing s
JOIN loyalty_tier shown ON shown.programme_id = %(programme)s AND shown.rank = s.shown
JOIN loyalty_tier earned ON earned.programme_id = %(programme)s AND earned.rank = s.rank
LEFT JOIN loyalty_tier pending ON pending.programme_id = %(programme)s AND pending.rank = s.pending
LEFT JOIN loyalty_tier falls ON falls.programme_id = %(programme)s AND falls.rank = s.falls_to
ORDER BY s.member_id
ON CONFLICT (member_id, programme_id) DO UPDATE SET
    tier_id = EXCLUDED.tier_id, earned_id = EXCLUDED.earned_id, since = EXCLUDED.since,
    protected_until = EXCLUDED.protected_until, steps_from = EXCLUDED.steps_from, pending_id = EXCLUDED.pending_id, pending_on = EXCLUDED.pending_on,
    pending_inputs = EXCLUDED.pending_inputs, falls_on = EXCLUDED.falls_on, falls_to_id = EXCLUDED.falls_to_id,
    noticed_on = EXCLUDED.noticed_on, policy_version = EXCLUDED.policy_version,
    evaluated_on = EXCLUDED.evaluated_on, due_on = EXCLUDED.due_on, aum_low = EXCLUDED.aum_low,
    aum_high = EXCLUDED.aum_high,
    metrics = CASE WHEN EXCLUDED.metrics = '{}' THEN loyalty_tierstanding.metrics ELSE EXCLUDED.metrics END
