-- A book row says who had a member from when on: once written, only its end may be added, once.

CREATE FUNCTION profiles_book_kept() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP IN ('DELETE', 'TRUNCATE') THEN
        RAISE EXCEPTION 'book rows are kept: % refused', TG_OP USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    IF OLD.ended_at IS NOT NULL OR NEW.ended_at IS NULL
        OR to_jsonb(NEW) - 'ended_at' IS DISTINCT FROM to_jsonb(OLD) - 'ended_at' THEN
        RAISE EXCEPTION 'book row of member %: only its end can be added', OLD.member_id
            USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    RETURN NEW;
END $$;

CREATE TRIGGER book_kept BEFORE UPDATE OR DELETE ON profiles_book
    FOR EACH ROW EXECUTE FUNCTION profiles_book_kept();
CREATE TRIGGER book_not_emptied BEFORE TRUNCATE ON profiles_book EXECUTE FUNCTION profiles_book_kept();

-- What foreign keys would check row by row at the end of a transaction, checked once a statement.

CREATE FUNCTION profiles_identity_has_member() RETURNS trigger LANGUAGE plpgsql AS $$
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
CREATE TRIGGER identity_inserted AFTER INSERT ON profiles_identity
    REFERENCING NEW TABLE AS added FOR EACH STATEMENT EXECUTE FUNCTION profiles_identity_has_member();
CREATE TRIGGER identity_updated AFTER UPDATE ON profiles_identity
    REFERENCING NEW TABLE AS added FOR EACH STATEMENT EXECUTE FUNCTION profiles_identity_has_member();

CREATE FUNCTION profiles_member_deleted() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF EXISTS (SELECT FROM gone JOIN profiles_identity AS i ON i.member_id = gone.id) THEN
        RAISE foreign_key_violation USING MESSAGE = 'a member that has an identity cannot be deleted';
    END IF;
    DELETE FROM profiles_searchterm AS t
    USING gone, unnest(string_to_array(substr(gone.search_text, 2), E'\n')) AS line
    WHERE t.term = line AND t.member_id = gone.id;
    RETURN NULL;
END $$;
CREATE TRIGGER member_deleted AFTER DELETE ON profiles_member
    REFERENCING OLD TABLE AS gone FOR EACH STATEMENT EXECUTE FUNCTION profiles_member_deleted();
