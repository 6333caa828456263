INSERT INTO _earn_fact
SELECT f.member_id, {version}, f.source_row, f.at, f.amount
FROM (
    SELECT a.member_id, {row} AS source_row, {at} AS at, {amount} AS amount
    FROM _earn_claim c
    JOIN {table} AS a ON a.member_id = c.member_id
    WHERE c.source = '{table}' AND {at} >= c.since
      AND {at} >= %(from_{version})s AND {at} < %(until_{version})s::timestamptz AND ({condition})
) f
WHERE {member_condition}
