UPDATE _listed l SET member_id = m.id
FROM ({seen}) AS seen JOIN profiles_member AS m USING (id)
WHERE l.value ~ '^#?[0-9]{1,18}$' AND m.id = ltrim(l.value, '#')::bigint
