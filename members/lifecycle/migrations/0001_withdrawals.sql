-- An approved version of the policy goes before it takes effect, once a second person has approved that too: the version
-- moves to lifecycle_withdrawnpolicy. One in force, or one that a later version builds on, stays.
CREATE FUNCTION lifecycle_policy_withdrawn() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    PERFORM pg_advisory_xact_lock(hashtextextended('lifecycle policy', 0));
    IF NOT EXISTS (
        SELECT FROM staff_request r JOIN lifecycle_policy p ON p.version = (r.proposal ->> 'version')::integer
        WHERE r.id = NEW.request_id AND p.version = NEW.version AND p.effective_from = NEW.effective_from
          AND p.effective_from > r.decided_at
          AND NOT EXISTS (SELECT FROM lifecycle_policy l WHERE l.version > p.version)
    ) THEN
        RAISE EXCEPTION 'policy version % cannot be withdrawn', NEW.version USING ERRCODE = 'restrict_violation';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER approved BEFORE INSERT ON lifecycle_withdrawnpolicy FOR EACH ROW
    EXECUTE FUNCTION staff_needs_approval('lifecycle.policy_withdrawal');
CREATE TRIGGER in_time BEFORE INSERT ON lifecycle_withdrawnpolicy FOR EACH ROW
    EXECUTE FUNCTION lifecycle_policy_withdrawn();

CREATE FUNCTION lifecycle_keep_policy() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NOT EXISTS (SELECT FROM lifecycle_withdrawnpolicy WHERE version = OLD.version) THEN
        RAISE EXCEPTION 'lifecycle_policy is append-only' USING ERRCODE = 'restrict_violation';
    END IF;
    RETURN OLD;
END $$;
CREATE TRIGGER keep_policy BEFORE DELETE ON lifecycle_policy FOR EACH ROW EXECUTE FUNCTION lifecycle_keep_policy();

CREATE FUNCTION lifecycle_keep_withdrawal() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'lifecycle_withdrawnpolicy is append-only' USING ERRCODE = 'restrict_violation';
END $$;
CREATE TRIGGER keep_record BEFORE UPDATE OR DELETE ON lifecycle_withdrawnpolicy
    FOR EACH ROW EXECUTE FUNCTION lifecycle_keep_withdrawal();
CREATE TRIGGER not_emptied BEFORE TRUNCATE ON lifecycle_withdrawnpolicy EXECUTE FUNCTION lifecycle_keep_withdrawal();
