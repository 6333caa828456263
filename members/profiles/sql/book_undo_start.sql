-- Give the members of an undone assignment back to whom they came from.
INSERT INTO profiles_book (member_id, started_at, staff_id, reason, assigned_by_id)
SELECT member_id, started_at, staff_id, %(reason)s, %(by)s
FROM unnest(%(members)s::bigint[], %(starts)s::timestamptz[], %(managers)s::bigint[])
    AS given (member_id, started_at, staff_id)
WHERE staff_id IS NOT NULL
