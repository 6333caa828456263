-- Mark members whose standing or history is not what the evaluation from their first day gives.
WITH evaluated AS (
    SELECT c.member_id, lifecycle_day_start(c.day, %(zone)s, %(stable_from)s, %(offset)s::interval) AS at,
           f.id AS from_id, o.id AS to_id, c.reason, c.version, c.inputs
    FROM _tier_change c
    JOIN loyalty_tier o ON o.programme_id = %(programme)s AND o.rank = c.to_rank
    LEFT JOIN loyalty_tier f ON f.programme_id = %(programme)s AND f.rank = c.from_rank
),
kept AS (
    SELECT t.member_id, t.effective_at, t.from_tier_id, t.to_tier_id, t.reason, t.policy_version, t.inputs
    FROM loyalty_tierchange t JOIN _tier_claim USING (member_id)
    WHERE t.programme_id = %(programme)s AND t.superseded_at IS NULL
),
wrong AS (
    SELECT member_id FROM (TABLE evaluated EXCEPT TABLE kept) missing
    UNION
    SELECT member_id FROM (TABLE kept EXCEPT TABLE evaluated) extra
    UNION
    SELECT s.member_id
    FROM _tier_state s
    JOIN loyalty_tier shown ON shown.programme_id = %(programme)s AND shown.rank = s.shown
    JOIN loyalty_tier earned ON earned.programme_id = %(programme)s AND earned.rank = s.rank
    LEFT JOIN loyalty_tier pending ON pending.programme_id = %(programme)s AND pending.rank = s.pending
    LEFT JOIN loyalty_tierstanding k ON k.member_id = s.member_id AND k.programme_id = %(programme)s
    WHERE (shown.id, earned.id) IS DISTINCT FROM (k.tier_id, k.earned_id)
       OR ((pending.id, s.pending_on) IS DISTINCT FROM (k.pending_id, k.pending_on) AND k.evaluated_on = %(today)s)
),
marked AS (
    INSERT INTO loyalty_tierdirty (member_id, programme_id, since_day)
    SELECT member_id, %(programme)s, date '1800-01-01' FROM wrong
)
SELECT (SELECT max(member_id) FROM _tier_claim), (SELECT count(*) FROM wrong)
