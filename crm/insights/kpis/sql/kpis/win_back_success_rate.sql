-- Approached while in decline, 90 days since the first approach ended in the period; those won back within them.
SELECT first.member_id, NULL::bigint AS channel_id,
       EXISTS (
           SELECT FROM lifecycle_transition AS move
           WHERE move.member_id = first.member_id AND move.superseded_at IS NULL AND move.won_back
             AND move.effective_at > first.at AND move.effective_at < first.at + interval '2160 hours'
       )::int AS numerator,
       1 AS denominator
FROM (
    SELECT member_id, min(at) AS at
    FROM approached
    WHERE at >= %(start)s - interval '2160 hours' AND at < %(end)s - interval '2160 hours' /*among member_id*/
    GROUP BY member_id
) AS first
JOIN lifecycle_standing AS standing ON standing.member_id = first.member_id
LEFT JOIN LATERAL (
    SELECT move.from_stage
    FROM lifecycle_transition AS move
    WHERE move.member_id = first.member_id AND move.superseded_at IS NULL AND move.effective_at > first.at
    ORDER BY move.effective_at
    LIMIT 1
) AS later ON true
WHERE coalesce(later.from_stage, standing.stage) = 'decline'
