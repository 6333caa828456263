SELECT max(member_id) FROM (
    SELECT member_id FROM loyalty_pointsaccount WHERE member_id > %(low)s ORDER BY member_id LIMIT %(size)s
) page
