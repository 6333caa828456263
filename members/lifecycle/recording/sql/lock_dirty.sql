-- Lock the standings of members with dirty rows whose first instant has come, in the order of their ids; members that
-- another worker has locked stay queued. Dirty rows are deleted only with their member's standing locked.
INSERT INTO _locked
SELECT s.member_id, s.evaluated_at, s.due_at, s.recorded_from, s.policy_version, s.first_invested_at, s.stage,
       s.rules = 0 AND s.warnings = 0, s.aum, s.aum_on, coalesce(s.peak_aum, 0), s.last_trade_at, s.last_login_at,
       s.steady_since
FROM (
    -- Read along the index of members, so that a batch out of many rows reads no more than it needs.
    SELECT DISTINCT member_id FROM lifecycle_dirty WHERE since <= %(now)s OR since_day <= %(today)s ORDER BY member_id
) d
JOIN lifecycle_standing s USING (member_id)
LIMIT %(batch)s
FOR UPDATE OF s SKIP LOCKED
