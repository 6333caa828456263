-- How many members a claim could take, counted up to a limit: those marked, and those that are due.
SELECT (
    SELECT count(DISTINCT member_id) FROM (
        SELECT member_id FROM lifecycle_dirty WHERE since <= %(now)s OR since_day <= %(today)s LIMIT %(most)s
    ) marks
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
