-- What the list shows of members whom the reader may see, in no order; the platform's id only for readers who may see
-- it. "columns" are the expressions of the chosen fields, over the members and the sources of the catalogue in "rows".
SELECT m.id, coalesce(book.staff_id = %(reader)s, false), m.name, m.mobile, coalesce(manager.display_name, ''),
       CASE WHEN %(shows_ids)s::boolean THEN (
           SELECT min(value) FROM profiles_identity AS one WHERE one.member_id = m.id AND one.kind = 'member'
       ) END,
       s.stage, s.sub_state, s.warnings, s.since, s.aum, s.last_login_at, s.last_trade_at{columns}
FROM {rows}
LEFT JOIN staff_staff AS manager ON manager.id = book.staff_id
WHERE m.id = ANY(%(ids)s::bigint[])
