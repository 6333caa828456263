-- Members who are not registered, or not yet, have no tier: what was recorded of them no longer holds.
WITH stranger AS (
    DELETE FROM _tier_claim k USING profiles_member m
    WHERE m.id = k.member_id AND (m.registered_at IS NULL OR k.first_day > %(today)s)
    RETURNING k.member_id, k.is_known
),
superseded AS (
    UPDATE loyalty_tierchange t SET superseded_at = %(now)s FROM stranger s
    WHERE s.is_known AND t.member_id = s.member_id AND t.programme_id = %(programme)s AND t.superseded_at IS NULL
)
DELETE FROM loyalty_tierstanding t USING stranger s
WHERE s.is_known AND t.member_id = s.member_id AND t.programme_id = %(programme)s
