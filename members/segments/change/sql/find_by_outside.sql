-- An id that two systems have given to two members names neither.
UPDATE _listed l SET member_id = found.member_id
FROM (
    SELECT i.value, min(i.member_id) AS member_id
    FROM profiles_identity AS i JOIN _listed w ON w.value = i.value
    WHERE i.kind = 'member'
    GROUP BY i.value HAVING count(DISTINCT i.member_id) = 1
) AS found
JOIN ({seen}) AS seen ON seen.id = found.member_id
WHERE l.value = found.value
