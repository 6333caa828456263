-- Make each household once and put its members into it. Household names are unique in the files.
WITH given AS (
    SELECT household, outside_id
    FROM unnest(%(households)s::text[], %(members)s::text[]) AS line (household, outside_id)
), made AS (
    INSERT INTO profiles_household (name) SELECT DISTINCT household FROM given RETURNING id, name
)
UPDATE profiles_member AS member
SET household_id = made.id
FROM given
JOIN made ON made.name = given.household
JOIN profiles_identity AS identity
    ON identity.kind = 'member' AND identity.source = %(source)s AND identity.value = given.outside_id
WHERE member.id = identity.member_id
