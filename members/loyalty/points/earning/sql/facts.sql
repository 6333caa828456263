INSERT INTO _earn_fact
SELECT f.member_id, {version}, f.source_row, f.at, f.amount
FROM (
    SELECT r.*
    FROM _earn_claim c
    CROSS JOIN LATERAL (  -- member by member, however few rows the planner believes to be left by the condition
        SELECT a.member_id, {row} AS source_row, {at} AS at, {amount} AS amount
        FROM {table} AS a
        WHERE a.member_id = c.member_id AND {at} >= c.since
          AND {at} >= %(from_{version})s AND {at} < %(until_{version})s::timestamptz AND ({condition})
        OFFSET 0
    ) r
    WHERE c.source = '{table}'
) f
WHERE {member_condition}
