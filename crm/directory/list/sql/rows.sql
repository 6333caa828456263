-- What the list shows of members whom the reader may see ("seen"), in no order; the platform's id only for readers who may see it.
SELECT m.id, book.staff_id, m.name, m.mobile, coalesce(manager.display_name, ''),
       CASE WHEN %s::boolean THEN (
           SELECT min(value) FROM profiles_identity AS one WHERE one.member_id = m.id AND one.kind = 'member'
       ) END,
       s.stage, s.sub_state, s.warnings, s.since, s.aum, s.peak_aum, s.due_at, s.last_login_at, s.last_trade_at,
       m.registered_at, m.risk_class, m.region,
       CASE WHEN %s::boolean AND channel.name_en <> '' THEN channel.name_en ELSE channel.name END
FROM ({seen}) AS seen
JOIN profiles_member AS m USING (id)
JOIN lifecycle_standing AS s ON s.member_id = m.id
LEFT JOIN profiles_book AS book ON book.member_id = m.id AND book.ended_at IS NULL
LEFT JOIN staff_staff AS manager ON manager.id = book.staff_id
LEFT JOIN profiles_channel AS channel ON channel.id = m.channel_id
WHERE m.id = ANY(%s::bigint[])
