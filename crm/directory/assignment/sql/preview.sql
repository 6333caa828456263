-- What an assignment would change: members and their assets by present manager, of those the person may see ("seen").
SELECT book.staff_id, coalesce(manager.display_name, ''), count(*), coalesce(sum(s.aum), 0)
FROM ({seen}) AS seen
JOIN profiles_member AS m USING (id)
LEFT JOIN lifecycle_standing AS s ON s.member_id = m.id
LEFT JOIN profiles_book AS book ON book.member_id = m.id AND book.ended_at IS NULL
LEFT JOIN staff_staff AS manager ON manager.id = book.staff_id
WHERE m.id = ANY(%s::bigint[])
GROUP BY book.staff_id, manager.display_name, manager.name_key
ORDER BY count(*) DESC, manager.name_key
