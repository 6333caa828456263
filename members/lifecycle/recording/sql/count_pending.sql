-- How many members could be claimed, counted up to a limit of each kind: dirty, due, of another policy, without history.
SELECT (
    SELECT count(DISTINCT member_id) FROM (
        SELECT member_id FROM lifecycle_dirty WHERE since <= %(now)s OR since_day <= %(today)s LIMIT %(most)s
    ) dirty
) + (
    SELECT count(*) FROM (SELECT FROM lifecycle_standing WHERE due_at <= %(now)s LIMIT %(most)s) due
) + (
    SELECT count(*) FROM (
        SELECT FROM lifecycle_standing
        WHERE policy_version < %(policy_version)s OR policy_version > %(policy_version)s LIMIT %(most)s
    ) other
) + (
    SELECT count(*) FROM (
        SELECT FROM lifecycle_standing WHERE %(history)s LIMIT %(most)s
    ) past
)
