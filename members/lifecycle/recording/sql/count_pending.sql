-- How many members could be claimed, counted up to a limit of each kind: dirty, due, of another policy, without history.
-- Failed evaluations wait until their facts or the policy change.
SELECT (
    SELECT count(DISTINCT member_id) FROM (
        SELECT member_id FROM lifecycle_dirty WHERE since <= %(now)s OR since_day <= %(today)s LIMIT %(most)s
    ) dirty
) + (
    SELECT count(*) FROM (
        SELECT FROM lifecycle_standing s
        WHERE due_at <= %(now)s AND NOT EXISTS (SELECT FROM lifecycle_evaluationfailure f WHERE f.member_id = s.member_id)
        LIMIT %(most)s
    ) due
) + (
    SELECT count(*) FROM (
        SELECT FROM lifecycle_standing s
        WHERE (policy_version < %(policy_version)s OR policy_version > %(policy_version)s)
          AND NOT EXISTS (SELECT FROM lifecycle_evaluationfailure f WHERE f.member_id = s.member_id)
        LIMIT %(most)s
    ) other
) + (
    SELECT count(*) FROM (
        SELECT FROM lifecycle_standing WHERE %(history)s LIMIT %(most)s
    ) past
) + (
    SELECT count(*) FROM lifecycle_evaluationfailure WHERE policy_version <> %(policy_version)s
)
