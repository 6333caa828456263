-- What the list's filters offer: channels, and those who keep a book (all of them, or a team's).
-- Managers stand in the order of their names, the others by their labels.
SELECT kind, value, label FROM (
SELECT 'channel' AS kind, code AS value,
       CASE WHEN %(english)s AND name_en <> '' THEN name_en ELSE name END AS label, '' AS place
FROM profiles_channel
UNION ALL
SELECT 'manager', id::text, display_name, name_key FROM staff_staff
WHERE role IN ('relationship_manager', 'team_lead') AND is_active AND (%(all)s OR team_id = %(team)s)
) AS offered
ORDER BY kind, place, label
