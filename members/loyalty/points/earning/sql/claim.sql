WITH picked AS MATERIALIZED (
    SELECT DISTINCT member_id FROM loyalty_earnmark
    WHERE member_id %% %(parts)s = %(part)s AND since <= %(now)s
    ORDER BY member_id LIMIT %(batch)s
), gone AS (
    DELETE FROM loyalty_earnmark m USING picked p WHERE m.member_id = p.member_id AND m.since <= %(now)s
    RETURNING m.member_id, m.source, m.since
), claimed AS (
    INSERT INTO _earn_claim SELECT member_id, source, min(since) FROM gone GROUP BY member_id, source
)
SELECT count(*) FROM picked
