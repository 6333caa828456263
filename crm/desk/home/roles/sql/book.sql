-- A book, gone through once: its members by stage, those whose stage ends soonest by itself or may end with a policy
-- that starts soon, and those whose assets differ most from those of a day (their last valuation up to then).
WITH book AS MATERIALIZED (
    SELECT s.*
    FROM ({visible}) AS visible
    JOIN lifecycle_standing AS s USING (member_id)
),
due AS (
    SELECT * FROM book WHERE due_at > %s AND due_at <= %s ORDER BY due_at, member_id LIMIT %s
),
ruled AS (
    -- By the facts stored: whom the coming policy may judge otherwise than the one of the standing. Who does move is
    -- worked out for them afterwards, so it may be too many; first come those whom a number leaves no doubt about.
    SELECT b.member_id, b.stage, b.sub_state, min(n.effective_from) AS due_at, bool_or(sure.differs) AS is_sure
    FROM book b
    JOIN lifecycle_policy o ON o.version = b.policy_version
    JOIN lifecycle_policy n ON n.effective_from > %s AND n.effective_from <= %s
    CROSS JOIN LATERAL (
        SELECT ceil(extract(epoch FROM n.effective_from - greatest(
            b.first_invested_at, b.last_trade_at, CASE WHEN b.aum > n.empty_aum THEN b.last_login_at END
        )) / 86400) AS days,  -- from midnight to midnight
            b.first_invested_at IS NOT NULL AS is_invested
    ) idle
    CROSS JOIN LATERAL (
        SELECT CASE
            WHEN b.stage = 'activation' THEN n.stalled_days <> o.stalled_days
                AND (b.sub_state IS NULL) = (n.stalled_days < o.stalled_days)
            WHEN NOT idle.is_invested THEN false
            ELSE (idle.days >= n.idle_days) <> (b.rules & 1 = 1)
                OR (b.stage = 'decline' AND b.sub_state <> 'churned'
                    AND (idle.days >= n.dormant_days) <> (b.sub_state = 'dormant'))
                OR (b.stage = 'decline' AND b.aum <= n.empty_aum AND b.rules & 4 = 0
                    AND (idle.days >= n.churned_days) <> (b.sub_state = 'churned'))
                OR (b.rules & 2 = 0 AND b.peak_aum >= n.fall_floor AND b.aum <= b.peak_aum * (1 - n.fall_share))
                OR (b.stage = 'growth' AND b.aum >= n.mature_aum AND (
                    n.mature_aum < o.mature_aum OR n.mature_days < o.mature_days
                    OR n.mature_tenure_days < o.mature_tenure_days))
                OR (b.stage = 'maturity' AND (
                    n.mature_aum > o.mature_aum OR n.mature_days > o.mature_days
                    OR n.mature_tenure_days > o.mature_tenure_days))
            END AS differs
    ) sure
    CROSS JOIN LATERAL (
        -- These say nothing by themselves.
        SELECT idle.is_invested AND (
            n.fall_window_days <> o.fall_window_days OR (b.rules & 2 = 2 AND (
                n.fall_share, n.fall_floor, n.fall_recovery_share, n.fall_memory_days
            ) <> (o.fall_share, o.fall_floor, o.fall_recovery_share, o.fall_memory_days)) OR n.empty_aum <> o.empty_aum
            OR (n.signal_days <> o.signal_days AND b.closing_at IS NOT NULL)
        ) AS differs
    ) doubt
    WHERE sure.differs OR doubt.differs
    GROUP BY b.member_id, b.stage, b.sub_state
    ORDER BY is_sure DESC, b.member_id
    LIMIT %s
),
changed AS (
    SELECT book.*, past.aum AS before
    FROM book
    CROSS JOIN LATERAL (
        SELECT v.aum FROM portfolio_valuation AS v
        WHERE v.member_id = book.member_id AND v.date <= %s ORDER BY v.date DESC LIMIT 1
    ) AS past
    WHERE book.aum <> past.aum
    ORDER BY abs(book.aum - past.aum) DESC, book.member_id
    LIMIT %s
)
SELECT 'stage' AS part, count(*) AS number, stage, NULL AS sub_state, NULL::timestamptz AS due_at,
       NULL::numeric AS before, NULL::numeric AS aum
FROM book WHERE stage IS NOT NULL GROUP BY stage
UNION ALL
SELECT 'due', member_id, stage, sub_state, due_at, NULL, NULL FROM due
UNION ALL
SELECT 'ruled', member_id, stage, sub_state, due_at, NULL, NULL FROM ruled
UNION ALL
SELECT 'changed', member_id, NULL, NULL, NULL, before, aum FROM changed
