-- The oldest trial that nobody works on: it waits, or its process died. Its row is held before the lock is tried, so that
-- whoever ends a trial cannot do so between the look at its state and the look at its lock.
WITH unfinished AS MATERIALIZED (
    SELECT id FROM lifecycle_policytrial
    WHERE state IN ('waiting', 'running') AND (%(only)s::bigint IS NULL OR id = %(only)s)
    ORDER BY id
    FOR UPDATE SKIP LOCKED
),
free AS MATERIALIZED (
    SELECT id FROM unfinished WHERE pg_try_advisory_xact_lock(hashtextextended('policy trial ' || id, 0))
)
UPDATE lifecycle_policytrial AS trial
SET state = 'running', attempts = trial.attempts + 1, started_at = %(now)s, done = 0, total = NULL
FROM (SELECT min(id) AS id FROM free) AS next
WHERE trial.id = next.id
RETURNING trial.id
