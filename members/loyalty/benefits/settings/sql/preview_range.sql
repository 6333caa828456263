-- Members from %(low)s up to %(high)s by tier and relationship manager, and how many of them count for a shared quota:
-- of a household the member with the best tier does. A JSON array of [tier, staff, members, heads].
SELECT coalesce(json_agg(json_build_array(tier, staff_id, members, heads)), '[]') FROM (
    SELECT t.code AS tier, b.staff_id, count(*) AS members,
        count(*) FILTER (WHERE m.household_id IS NULL OR NOT EXISTS (
            SELECT FROM profiles_member AS o
            JOIN loyalty_tierstanding AS os ON os.member_id = o.id AND os.programme_id = s.programme_id
            JOIN loyalty_tier AS ot ON ot.id = os.tier_id
            WHERE o.household_id = m.household_id AND (ot.rank, -o.id) > (t.rank, -m.id)
        )) AS heads
    FROM loyalty_tierstanding AS s
    JOIN loyalty_tier AS t ON t.id = s.tier_id
    JOIN profiles_member AS m ON m.id = s.member_id
    LEFT JOIN profiles_book AS b ON b.member_id = s.member_id AND b.ended_at IS NULL
    WHERE s.programme_id = %(programme)s AND s.member_id >= %(low)s AND s.member_id < %(high)s
    GROUP BY t.code, b.staff_id
) AS found
