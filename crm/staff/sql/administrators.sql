-- The log of accounts only grows; somebody who can manage accounts is always left.

CREATE TRIGGER accountchange_append_only BEFORE UPDATE OR DELETE ON staff_accountchange
    FOR EACH ROW EXECUTE FUNCTION staff_append_only();

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
