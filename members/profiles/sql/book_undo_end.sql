-- End the rows that one assignment opened, as far as they are still open: (member, start of the row, manager before).
WITH undone AS (
    UPDATE profiles_book
    SET ended_at = GREATEST(%(now)s, started_at + interval '1 microsecond')
    WHERE staff_id = %(staff)s AND assigned_by_id = %(by)s AND ended_at IS NULL
      AND started_at >= %(at)s AND started_at < %(at)s + interval '1 second'
    RETURNING member_id, started_at, ended_at
)
SELECT undone.member_id, undone.ended_at, before.staff_id
FROM undone
LEFT JOIN profiles_book AS before ON before.member_id = undone.member_id AND before.ended_at = undone.started_at
