-- Bring churn warnings in line with the answers: rows that begin or end at or after from_at.
WITH kinds (bit, kind) AS (
    VALUES (1, 'idle'), (2, 'aum_fall'), (4, 'signal')
),
affected AS (
    -- Where the past is not rewritten, the standing says which warnings are open.
    SELECT * FROM (
        SELECT c.member_id, c.from_at, c.is_late OR c.is_new AS rewritten,
               CASE WHEN c.is_late OR c.is_new THEN 7 ELSE s.warnings | a.bits END AS bits
        FROM _claim c
        JOIN lifecycle_standing s USING (member_id)
        JOIN (SELECT member_id, bit_or(warnings) AS bits FROM _answer GROUP BY member_id) a USING (member_id)
    ) claimed
    WHERE bits <> 0
),
open_before AS (
    SELECT t.member_id, k.kind, w.id, w.ended_at
    FROM affected t
    JOIN kinds k ON (t.bits & k.bit) > 0
    JOIN lifecycle_warning w
      ON w.member_id = t.member_id AND w.kind = k.kind AND w.superseded_at IS NULL
     AND w.raised_at < t.from_at AND (w.ended_at IS NULL OR w.ended_at >= t.from_at)
),
sequence AS (
    SELECT a.member_id, a.at, k.kind, (a.warnings & k.bit) > 0 AS is_on,
           coalesce(
               lag((a.warnings & k.bit) > 0) OVER (PARTITION BY a.member_id, k.kind ORDER BY a.at), r.id IS NOT NULL
           ) AS was_on
    FROM affected t
    JOIN _answer a USING (member_id)
    JOIN kinds k ON (t.bits & k.bit) > 0
    LEFT JOIN open_before r ON r.member_id = a.member_id AND r.kind = k.kind
),
switches AS (
    SELECT member_id, kind, at, is_on, lead(at) OVER (PARTITION BY member_id, kind ORDER BY at) AS next_at,
           row_number() OVER (PARTITION BY member_id, kind ORDER BY at) AS n
    FROM sequence
    WHERE is_on <> was_on
),
ended AS (
    UPDATE lifecycle_warning w
    SET ended_at = r.new_end
    FROM (
        SELECT r.member_id, r.id, r.ended_at, t.at AS new_end
        FROM open_before r
        LEFT JOIN switches t ON t.member_id = r.member_id AND t.kind = r.kind AND t.n = 1
        OFFSET 0  -- keeps this join apart: together with the table the planner expects one row and loops
    ) r
    WHERE w.member_id = r.member_id AND w.id = r.id AND r.new_end IS DISTINCT FROM r.ended_at
),
recorded AS (
    SELECT w.member_id, w.id, w.kind, w.raised_at, w.ended_at, t.at IS NULL AS is_superseded, t.next_at
    FROM affected c
    JOIN lifecycle_warning w
      ON c.rewritten AND w.member_id = c.member_id AND w.superseded_at IS NULL AND w.raised_at >= c.from_at
    LEFT JOIN switches t ON t.member_id = w.member_id AND t.kind = w.kind AND t.at = w.raised_at AND t.is_on
),
corrected AS (
    UPDATE lifecycle_warning w
    SET superseded_at = CASE WHEN b.is_superseded THEN %(now)s END,
        ended_at = CASE WHEN b.is_superseded THEN w.ended_at ELSE b.next_at END
    FROM recorded b
    WHERE w.member_id = b.member_id AND w.id = b.id
      AND (b.is_superseded OR b.next_at IS DISTINCT FROM b.ended_at)
    RETURNING w.member_id, w.kind, w.raised_at, w.superseded_at
),
added AS (
    INSERT INTO lifecycle_warning (member_id, kind, raised_at, recorded_at, policy_version, evidence, ended_at)
    SELECT t.member_id, t.kind, t.at, %(now)s, a.policy_version, jsonb_strip_nulls(CASE t.kind
               WHEN 'idle' THEN jsonb_build_object(
                   'last_login_at', a.last_login_at, 'last_trade_at', a.last_trade_at, 'active_on', a.active_on,
                   'idle_days', a.day - a.active_on, 'threshold_days', a.silent_on - a.active_on)
               WHEN 'aum_fall' THEN jsonb_build_object(
                   'aum', a.aum::text, 'aum_on', a.aum_on, 'peak_aum', a.peak::text,
                   'window_days', p.fall_window_days, 'threshold_share', p.warn_fall_share::text)
               ELSE jsonb_build_object(
                   'closing_at', a.closing_at, 'complaint_at', a.complaint_at, 'threshold_days', p.signal_days)
           END), t.next_at
    FROM switches t
    JOIN _answer a USING (member_id, at)
    JOIN lifecycle_policy p ON p.version = a.policy_version
    WHERE t.is_on AND NOT EXISTS (
        SELECT FROM recorded b WHERE b.member_id = t.member_id AND b.kind = t.kind AND b.raised_at = t.at
    )
    ORDER BY t.member_id, t.at
    RETURNING member_id, kind, raised_at, ended_at
)
INSERT INTO runtime_change (at, kind, member_id, payload)
SELECT raised_at, 'lifecycle.warning', member_id, jsonb_build_object('warning', kind)
FROM added
WHERE ended_at IS NULL AND NOT %(history)s
UNION ALL
SELECT superseded_at, 'lifecycle.warning_superseded', member_id,
       jsonb_build_object('warning', kind, 'raised_at', raised_at)
FROM corrected
WHERE superseded_at IS NOT NULL
