-- What foreign keys would check row by row at the end of a transaction, checked once a statement.

CREATE FUNCTION profiles_identity_of_a_member() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    missing bigint := (
        SELECT a.member_id FROM added AS a
        WHERE NOT EXISTS (SELECT FROM profiles_member AS m WHERE m.id = a.member_id) LIMIT 1
    );
BEGIN
    IF missing IS NOT NULL THEN
        RAISE foreign_key_violation USING MESSAGE = format('an identity names member %s, who does not exist', missing);
    END IF;
    RETURN NULL;
END $$;
CREATE TRIGGER identity_of_a_member AFTER INSERT ON profiles_identity
    REFERENCING NEW TABLE AS added FOR EACH STATEMENT EXECUTE FUNCTION profiles_identity_of_a_member();
CREATE TRIGGER identity_moved_to_a_member AFTER UPDATE ON profiles_identity
    REFERENCING NEW TABLE AS added FOR EACH STATEMENT EXECUTE FUNCTION profiles_identity_of_a_member();

CREATE FUNCTION profiles_member_gone() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF EXISTS (SELECT FROM gone JOIN profiles_identity AS i ON i.member_id = gone.id) THEN
        RAISE foreign_key_violation USING MESSAGE = 'a member that has an identity cannot be deleted';
    END IF;
    DELETE FROM profiles_searchterm AS t
    USING gone, unnest(string_to_array(substr(gone.search_text, 2), E'\n')) AS line
    WHERE t.term = line AND t.member_id = gone.id;
    RETURN NULL;
END $$;
CREATE TRIGGER member_gone AFTER DELETE ON profiles_member
    REFERENCING OLD TABLE AS gone FOR EACH STATEMENT EXECUTE FUNCTION profiles_member_gone();
