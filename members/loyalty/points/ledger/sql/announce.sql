-- Uses index: pointsaccount_due.
WITH lapsing AS (
    SELECT l.member_id, l.programme_id, sum(l.remaining) AS points,
           (l.expires_at AT TIME ZONE current_setting('perennial.zone'))::date - 1 AS lapses_on
    FROM loyalty_pointsaccount a
    JOIN loyalty_pointslot l ON l.member_id = a.member_id AND l.programme_id = a.programme_id
    WHERE a.due_at <= %(until)s AND l.remaining > 0 AND l.expires_at > %(now)s AND l.expires_at <= %(until)s
    GROUP BY 1, 2, 4
), noted AS (
    INSERT INTO loyalty_pointsnotice (member_id, programme_id, lapses_on, points, at)
    SELECT member_id, programme_id, lapses_on, points, %(now)s FROM lapsing
    ORDER BY member_id, programme_id, lapses_on
    ON CONFLICT DO NOTHING
    RETURNING member_id, programme_id, lapses_on, points
)
INSERT INTO runtime_change (at, kind, member_id, payload)
SELECT %(now)s, %(kind)s, member_id,
       jsonb_build_object('programme', programme_id, 'points', points, 'lapses_on', lapses_on)
FROM noted
