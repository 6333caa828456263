-- Lock members whose facts changed and whose change has come. A member that another worker holds stays queued.
-- Whoever takes marks off holds their member's standing.
INSERT INTO _held
SELECT DISTINCT ON (member_id) *
FROM (
    SELECT s.member_id, s.evaluated_at, s.due_at, s.recorded_from, s.policy_version, s.first_invested_at, s.stage,
           s.rules = 0 AND s.warnings = 0, s.aum, s.aum_on, coalesce(s.peak_aum, 0), s.last_trade_at, s.last_login_at
    FROM lifecycle_dirty d
    JOIN lifecycle_standing s USING (member_id)
    WHERE d.since <= %(now)s OR d.since_day <= %(today)s
    LIMIT %(batch)s
    FOR UPDATE OF s SKIP LOCKED
) held
