-- Postings whose fact is gone or another by now are taken back, one call of the ledger each: they are few. Compared as
-- sets: how many there are the planner cannot know.
WITH gone AS MATERIALIZED (
    DELETE FROM _earn_had h USING (
        SELECT member_id, version_id, source_row, at, amount FROM _earn_had WHERE is_claimed
        EXCEPT SELECT member_id, version_id, source_row, at, amount FROM _earn_fact
    ) x
    WHERE h.is_claimed AND (h.member_id, h.version_id, h.source_row, h.at) = (x.member_id, x.version_id, x.source_row, x.at)
    RETURNING h.member_id, h.id, h.points
), ordered AS MATERIALIZED (
    SELECT * FROM gone ORDER BY member_id, id
), taken AS MATERIALIZED (
    SELECT g.points, loyalty_claw_back(
        %(programme)s, g.member_id, g.id, NULL, 'taken:' || g.id, %(now)s, 'fact_changed'
    ) FROM ordered g
)
SELECT count(*), coalesce(sum(points), 0)::bigint FROM taken
