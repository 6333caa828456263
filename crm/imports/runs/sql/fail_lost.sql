-- A live run's process holds its lock, and its row while it writes the counts; whoever holds neither is dead.
WITH running AS MATERIALIZED (
    SELECT id FROM imports_importrun WHERE state = 'running' FOR UPDATE SKIP LOCKED
), dead AS MATERIALIZED (
    SELECT id FROM running WHERE pg_try_advisory_xact_lock(hashtextextended('import run ' || id, 0))
)
UPDATE imports_importrun AS run
SET state = CASE WHEN again THEN 'waiting' ELSE 'lost' END,
    attempts = run.attempts + again::integer,
    finished_at = CASE WHEN NOT again THEN greatest(%(now)s, run.started_at) END
FROM dead
JOIN imports_importrun AS known USING (id)
LEFT JOIN imports_upload AS upload ON upload.id = known.upload_id
CROSS JOIN LATERAL (
    SELECT upload.id IS NOT NULL AND upload.removed_at IS NULL AND known.attempts < %(attempts)s
        AND NOT known.cancel_asked AS again
) AS chance
WHERE run.id = dead.id
