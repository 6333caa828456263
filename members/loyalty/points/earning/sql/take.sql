-- Postings whose fact is gone or another by now are taken back, one call of the ledger each: they are few. Compared as
-- sets: how many there are the planner cannot know.
WITH gone AS MATERIALIZED (
    SELECT h.member_id, h.id, h.points
    FROM _earn_had h
    JOIN (
        SELECT member_id, version_id, source_row, at, amount FROM _earn_had
        EXCEPT SELECT member_id, version_id, source_row, at, amount FROM _earn_fact
    ) x USING (member_id, version_id, source_row, at)
    ORDER BY h.member_id, h.id
), taken AS MATERIALIZED (
    SELECT g.points, loyalty_claw_back(
        %(programme)s, g.member_id, g.id, NULL, 'taken:' || g.id, %(now)s, 'fact_changed'
    ) FROM gone g
)
SELECT count(*), coalesce(sum(points), 0)::bigint FROM taken
