-- The next items of a kind: by priority, then by the instant from which they may run. Each level has a range of the index
-- queueitem_next of its own, so what waits for later is never read. `after` and `after_id` are the place of the last item
-- claimed before on the same level: the index entries of what is gone stand in front of it, and with an old snapshot still
-- open they would be looked at one by one.
UPDATE runtime_queueitem
SET state = 'running', attempts = attempts + 1, leased_until = clock_timestamp() + %(lease)s, worker = %(worker)s
WHERE id = ANY (ARRAY(
    SELECT due.id
    FROM unnest(%(levels)s::smallint[], %(after)s::timestamptz[], %(after_id)s::bigint[]) AS level (priority, after, after_id)
    CROSS JOIN LATERAL (
        SELECT id
        FROM runtime_queueitem
        WHERE state = 'waiting' AND kind = %(kind)s AND priority = level.priority
            AND (run_after, id) > (level.after, level.after_id) AND run_after <= statement_timestamp()
        ORDER BY run_after, id
        LIMIT %(most)s
        FOR UPDATE SKIP LOCKED
    ) AS due
    LIMIT %(most)s
))
RETURNING *
