-- Claim the next members who have not been reviewed since a policy started.
WITH known AS MATERIALIZED (
    SELECT id AS member_id FROM profiles_member WHERE id > %(done_to)s ORDER BY id LIMIT %(batch)s
),
locked AS MATERIALIZED (
    SELECT s.member_id, s.evaluated_on FROM loyalty_tierstanding s JOIN known USING (member_id)
    WHERE s.programme_id = %(programme)s
    ORDER BY s.member_id FOR UPDATE OF s
),
claimed AS (
    SELECT k.member_id, true AS goes_on FROM known k LEFT JOIN locked l USING (member_id)
    WHERE l.evaluated_on IS NULL OR l.evaluated_on < %(sweep_day)s
),
reached AS (UPDATE loyalty_tiersweep SET done_to = coalesce((SELECT max(member_id) FROM known), done_to),
                ended_at = CASE WHEN (SELECT count(*) FROM known) < %(batch)s THEN %(now)s END
            WHERE id = %(sweep)s)
{claim}
