INSERT INTO profiles_member (
    id, name, search_text, mobile, mobile_index, email, email_index, id_number, id_number_index, address, sex, birth_date,
    region, occupation, income_band, language, tags, channel_id, campaign, referrer_id, known_at, registered_at,
    risk_class, risk_assessed_on, investor_type, source, imported_at, updated_at, import_id
)
SELECT
    id, name, search_text, mobile, mobile_index, email, email_index, id_number, id_number_index, address, sex, birth_date,
    region, occupation, income_band, language, tags, channel_pk, campaign, referrer_pk,
    least(registered_at, %(now)s), registered_at,
    risk_class, risk_assessed_on, investor_type, %(source)s, %(now)s, %(now)s, %(import)s::bigint
FROM pg_temp.imports_member WHERE is_new ORDER BY id;
-- No ON CONFLICT: where another load brings the same member at the same moment, the batch is taken again.
INSERT INTO profiles_identity (kind, source, value, member_id)
SELECT 'member', %(source)s, outside_id, id FROM pg_temp.imports_member WHERE is_new ORDER BY outside_id COLLATE "C";
-- By term: neighbours in the index are written together.
INSERT INTO profiles_searchterm (term, member_id)
SELECT term.line, n.id
FROM pg_temp.imports_member AS n
CROSS JOIN unnest(string_to_array(substr(n.search_text, 2), E'\n')) AS term (line)
WHERE n.is_new
ORDER BY term.line COLLATE "C", n.id
