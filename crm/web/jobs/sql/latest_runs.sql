-- The last runs of every job: names are found by jumping from one to the next in the index jobrun_by_name.
WITH RECURSIVE job AS (
    SELECT min(name)::text AS name FROM runtime_jobrun
    UNION ALL
    SELECT (SELECT min(name)::text FROM runtime_jobrun WHERE name > job.name) FROM job WHERE job.name IS NOT NULL
)
SELECT run.*
FROM job
CROSS JOIN LATERAL (
    SELECT * FROM runtime_jobrun WHERE name = job.name ORDER BY started_at DESC, id DESC LIMIT %(shown)s
) AS run
ORDER BY run.started_at DESC, run.id DESC
