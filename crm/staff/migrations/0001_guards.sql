-- What the database itself refuses, whoever asks: the logs of reveals and exports only grow; a request is
-- decided once and otherwise stays as it was made.

CREATE FUNCTION staff_append_only() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION '% is append-only: % refused', TG_TABLE_NAME, TG_OP
        USING ERRCODE = 'integrity_constraint_violation';
END $$;

CREATE TRIGGER reveal_append_only BEFORE UPDATE OR DELETE ON staff_reveal
    FOR EACH ROW EXECUTE FUNCTION staff_append_only();
CREATE TRIGGER reveal_not_emptied BEFORE TRUNCATE ON staff_reveal EXECUTE FUNCTION staff_append_only();

CREATE TRIGGER export_append_only BEFORE UPDATE OR DELETE ON staff_export
    FOR EACH ROW EXECUTE FUNCTION staff_append_only();
CREATE TRIGGER export_not_emptied BEFORE TRUNCATE ON staff_export EXECUTE FUNCTION staff_append_only();

CREATE FUNCTION staff_request_decided_once() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    decision CONSTANT text[] := ARRAY['state', 'checker_id', 'decided_at', 'opinion'];
    refusal text;
BEGIN
    IF TG_OP = 'INSERT' THEN
        IF NEW.state <> 'pending' THEN
            refusal := 'begins as pending';
        END IF;
    ELSIF OLD.state <> 'pending' THEN
        refusal := 'has been decided';
    ELSIF NEW.state = 'pending' OR to_jsonb(NEW) - decision IS DISTINCT FROM to_jsonb(OLD) - decision THEN
        refusal := 'can only be decided, not altered';
    END IF;
    IF refusal IS NOT NULL THEN
        RAISE EXCEPTION 'request % %', NEW.id, refusal USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    RETURN NEW;
END $$;

CREATE TRIGGER request_decided_once BEFORE INSERT OR UPDATE ON staff_request
    FOR EACH ROW EXECUTE FUNCTION staff_request_decided_once();

CREATE TRIGGER request_kept BEFORE DELETE ON staff_request
    FOR EACH ROW EXECUTE FUNCTION staff_append_only();
CREATE TRIGGER request_not_emptied BEFORE TRUNCATE ON staff_request EXECUTE FUNCTION staff_append_only();

-- A row that only an approved request may bring. The app that owns such a table has this run before each INSERT,
-- with the kind of request; the column request_id names the request, which is used once.
CREATE FUNCTION staff_needs_approval() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NOT EXISTS (
        SELECT FROM staff_request WHERE id = NEW.request_id AND kind = TG_ARGV[0] AND state = 'approved'
    ) THEN
        RAISE EXCEPTION '% needs an approved request: % refused', TG_TABLE_NAME, TG_OP
            USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    RETURN NEW;
END $$;

-- The log of accounts only grows; somebody who can manage accounts is always left.

CREATE TRIGGER accountchange_append_only BEFORE UPDATE OR DELETE ON staff_accountchange
    FOR EACH ROW EXECUTE FUNCTION staff_append_only();
CREATE TRIGGER accountchange_not_emptied BEFORE TRUNCATE ON staff_accountchange
    EXECUTE FUNCTION staff_append_only();

-- Two administrators who close each other's account at once wait here for one another; the second
-- then sees what the first has done.
CREATE FUNCTION staff_keep_an_administrator() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    PERFORM pg_advisory_xact_lock(hashtext('staff administrators'));
    IF NOT EXISTS (SELECT 1 FROM staff_staff WHERE role = 'administrator' AND is_active) THEN
        RAISE EXCEPTION 'the last administrator stays' USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    RETURN NULL;
END $$;

CREATE TRIGGER staff_one_administrator_changed AFTER UPDATE OF role, is_active ON staff_staff
    FOR EACH ROW
    WHEN (OLD.role = 'administrator' AND OLD.is_active AND NOT (NEW.role = 'administrator' AND NEW.is_active))
    EXECUTE FUNCTION staff_keep_an_administrator();

CREATE TRIGGER staff_one_administrator_deleted AFTER DELETE ON staff_staff
    FOR EACH ROW WHEN (OLD.role = 'administrator' AND OLD.is_active)
    EXECUTE FUNCTION staff_keep_an_administrator();
