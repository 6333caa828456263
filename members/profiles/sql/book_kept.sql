-- A book row says who had a member from when on: once written, only its end may be added, once.

CREATE FUNCTION profiles_book_kept() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'DELETE' THEN
        RAISE EXCEPTION 'book rows are kept: delete refused' USING ERRCODE = 'integrity_constraint_violation';
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
