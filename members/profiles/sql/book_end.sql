-- End the open rows that are somebody else's. A row lasts at least a microsecond.
UPDATE profiles_book
SET ended_at = GREATEST(%(now)s, started_at + interval '1 microsecond')
WHERE member_id = ANY(%(members)s) AND ended_at IS NULL AND staff_id <> %(staff)s
