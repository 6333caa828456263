-- A number that names two members names neither. Digits alone are ours unless some in the file are the
-- platform's: then all are, so that an unknown one of the platform never names a member by our number.
UPDATE _listed l SET member_id = found.member_id
FROM (
    WITH outside AS (
        SELECT w.value, i.member_id
        FROM profiles_identity AS i JOIN _listed w ON w.value = i.value
        WHERE i.kind = 'member'
    ),
    ours AS (
        SELECT w.value, m.id AS member_id
        FROM _listed w JOIN profiles_member AS m
            ON m.id = CASE WHEN w.value ~ '^#?[0-9]{1,18}$' THEN ltrim(w.value, '#')::bigint END
        WHERE w.value LIKE '#%%' OR NOT EXISTS (SELECT FROM outside WHERE value ~ '^[0-9]+$')
    )
    SELECT value, min(member_id) AS member_id
    FROM (SELECT * FROM outside UNION ALL SELECT * FROM ours) AS named
    GROUP BY value HAVING count(DISTINCT member_id) = 1
) AS found
JOIN ({seen}) AS seen ON seen.id = found.member_id
WHERE l.value = found.value
