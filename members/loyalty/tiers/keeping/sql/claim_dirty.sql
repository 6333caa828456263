-- Claim members with changed facts: from the state after their last evaluation where the facts are newer, else from their
-- first day. Members whose standing another transaction holds stay queued; facts are read once the standings are locked.
WITH chosen AS MATERIALIZED (
    SELECT DISTINCT member_id FROM loyalty_tierdirty
    WHERE programme_id = %(programme)s AND since_day <= %(today)s
    ORDER BY member_id LIMIT %(batch)s
),
locked AS MATERIALIZED (
    SELECT s.* FROM loyalty_tierstanding s JOIN chosen USING (member_id)
    WHERE s.programme_id = %(programme)s
    ORDER BY s.member_id FOR UPDATE OF s SKIP LOCKED
),
taken AS MATERIALIZED (
    SELECT member_id FROM locked
    UNION ALL
    SELECT member_id FROM chosen c WHERE NOT EXISTS (
        SELECT FROM loyalty_tierstanding s WHERE s.member_id = c.member_id AND s.programme_id = %(programme)s
    )
),
gone AS (
    DELETE FROM loyalty_tierdirty d USING taken t
    WHERE d.member_id = t.member_id AND d.programme_id = %(programme)s AND d.since_day <= %(today)s
    RETURNING d.member_id, d.since_day
),
changed AS (SELECT member_id, min(since_day) AS since FROM gone GROUP BY member_id),
claimed AS (SELECT c.member_id, l.evaluated_on <= c.since AS goes_on FROM changed c LEFT JOIN locked l USING (member_id))
{claim}
