-- Claim, without a lock, the members of a night's part whose whole record is to be evaluated again: every one that does
-- not wait to be restaged.
INSERT INTO _claim
SELECT s.member_id, s.recorded_from, false, true, NULL, true, true
FROM lifecycle_standing s
WHERE s.member_id >= %(low)s AND s.member_id < %(high)s AND s.member_id %% %(parts)s = ANY(%(part)s)
  AND s.recorded_from <= %(now)s AND s.policy_version = %(policy_version)s AND (s.due_at IS NULL OR s.due_at > %(now)s)
  AND NOT EXISTS (SELECT FROM lifecycle_evaluationfailure f WHERE f.member_id = s.member_id)
  AND NOT EXISTS (
      SELECT FROM lifecycle_dirty d
      WHERE d.member_id = s.member_id AND (d.since <= %(now)s OR d.since_day <= %(today)s)
  )
