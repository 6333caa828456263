-- Those who had the incentive, and those of the same stage who had not by the end of their days, in the same platform
-- months: by band of tenure and assets, who made the transition, and who is still there 90 and 180 days on.
WITH had AS MATERIALIZED (
    SELECT member_id, min(at) AS at
    FROM (
        SELECT member_id, at FROM loyalty_badgeaward
        WHERE incentive_id = %(incentive)s AND superseded_at IS NULL
        UNION ALL
        SELECT member_id, completed_at FROM loyalty_questprogress
        WHERE incentive_id = %(incentive)s AND superseded_at IS NULL AND completed_at IS NOT NULL
    ) earned
    GROUP BY member_id
),
months AS MATERIALIZED (
    SELECT DISTINCT date_trunc('month', at AT TIME ZONE %(zone)s)::date AS month
    FROM had WHERE at + %(days)s * interval '24 hours' <= %(now)s AND at >= %(since)s
),
asked AS (
    SELECT h.member_id, true AS had, h.at, date_trunc('month', h.at AT TIME ZONE %(zone)s)::date AS month
    FROM had h WHERE h.at + %(days)s * interval '24 hours' <= %(now)s AND h.at >= %(since)s
    UNION ALL
    SELECT m.id, false, starts.at, months.month
    FROM months
    CROSS JOIN LATERAL (SELECT months.month::timestamp AT TIME ZONE %(zone)s AS at) starts
    JOIN profiles_member m ON m.known_at <= starts.at
    LEFT JOIN had h ON h.member_id = m.id
    WHERE h.at IS NULL OR h.at > starts.at + %(days)s * interval '24 hours'
),
-- The stage just before: what the first transition from then on left, or that of now where none followed.
staged AS MATERIALIZED (
    SELECT a.member_id, a.had, a.at, a.month
    FROM asked a
    LEFT JOIN LATERAL (
        SELECT t.from_stage AS stage, true AS is_known FROM lifecycle_transition t
        WHERE t.member_id = a.member_id AND t.superseded_at IS NULL AND t.effective_at >= a.at
        ORDER BY t.effective_at LIMIT 1
    ) left_then ON true
    LEFT JOIN lifecycle_standing s ON s.member_id = a.member_id
    WHERE CASE WHEN left_then.is_known THEN left_then.stage ELSE s.stage END = %(from_stage)s
),
banded AS MATERIALIZED (
    SELECT s.member_id, s.had, s.month, moved.at AS moved_at,
           CASE WHEN m.registered_at IS NULL OR m.registered_at > s.at THEN -1 ELSE width_bucket(
               extract(epoch FROM s.at - m.registered_at) / 86400, %(tenures)s::numeric[]) END AS tenure,
           width_bucket(coalesce(v.aum, 0), %(assets)s::numeric[]) AS aum
    FROM staged s
    JOIN profiles_member m ON m.id = s.member_id
    LEFT JOIN LATERAL (
        SELECT v.aum FROM portfolio_valuation v
        WHERE v.member_id = s.member_id AND v.date < (s.at AT TIME ZONE %(zone)s)::date
        ORDER BY v.date DESC LIMIT 1
    ) v ON true
    LEFT JOIN LATERAL (
        SELECT t.effective_at AS at FROM lifecycle_transition t
        WHERE t.member_id = s.member_id AND t.superseded_at IS NULL AND t.to_stage = %(to_stage)s
          AND t.effective_at BETWEEN s.at AND s.at + %(days)s * interval '24 hours'
        ORDER BY t.effective_at LIMIT 1
    ) moved ON true
),
strata AS (
    SELECT month, tenure, aum, count(*) FILTER (WHERE had) AS had, count(moved_at) FILTER (WHERE had) AS had_moved,
           count(*) FILTER (WHERE NOT had) AS others, count(moved_at) FILTER (WHERE NOT had) AS others_moved
    FROM banded GROUP BY month, tenure, aum HAVING bool_or(had)
),
stays AS (
    SELECT b.had, later.days, count(*) AS members,
           count(*) FILTER (
               WHERE CASE WHEN left_then.is_known THEN left_then.stage ELSE s.stage END = %(to_stage)s
           ) AS still
    FROM banded b
    CROSS JOIN (VALUES (90), (180)) AS later (days)
    LEFT JOIN LATERAL (
        SELECT t.from_stage AS stage, true AS is_known FROM lifecycle_transition t
        WHERE t.member_id = b.member_id AND t.superseded_at IS NULL
          AND t.effective_at > b.moved_at + later.days * interval '24 hours'
        ORDER BY t.effective_at LIMIT 1
    ) left_then ON true
    LEFT JOIN lifecycle_standing s ON s.member_id = b.member_id
    WHERE b.moved_at + later.days * interval '24 hours' <= %(now)s
      AND EXISTS (SELECT FROM strata g WHERE (g.month, g.tenure, g.aum) = (b.month, b.tenure, b.aum))
    GROUP BY b.had, later.days
)
SELECT (SELECT coalesce(jsonb_agg(to_jsonb(strata) ORDER BY month, tenure, aum), '[]') FROM strata),
       (SELECT coalesce(jsonb_agg(to_jsonb(stays) ORDER BY had, days), '[]') FROM stays)
