-- What was recorded stays: a transition can only be marked superseded, a warning only end or be marked so,
-- a policy version and a new normal never change.
CREATE FUNCTION lifecycle_keep_record() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP IN ('DELETE', 'TRUNCATE') OR TG_TABLE_NAME IN ('lifecycle_policy', 'lifecycle_newnormal') THEN
        RAISE EXCEPTION '% is append-only', TG_TABLE_NAME USING ERRCODE = 'restrict_violation';
    END IF;
    IF to_jsonb(OLD) - TG_ARGV::text[] IS DISTINCT FROM to_jsonb(NEW) - TG_ARGV::text[]
       OR OLD.superseded_at IS NOT NULL THEN
        RAISE EXCEPTION 'what % recorded cannot be changed', TG_TABLE_NAME USING ERRCODE = 'restrict_violation';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER keep_record BEFORE UPDATE ON lifecycle_transition FOR EACH ROW
    WHEN (OLD.superseded_at IS NOT NULL OR (
        OLD.member_id, OLD.id, OLD.effective_at, OLD.recorded_at, OLD.from_stage, OLD.from_sub_state, OLD.to_stage,
        OLD.to_sub_state, OLD.won_back, OLD.settled, OLD.policy_version, OLD.inputs, OLD.dwell
    ) IS DISTINCT FROM (
        NEW.member_id, NEW.id, NEW.effective_at, NEW.recorded_at, NEW.from_stage, NEW.from_sub_state, NEW.to_stage,
        NEW.to_sub_state, NEW.won_back, NEW.settled, NEW.policy_version, NEW.inputs, NEW.dwell
    ))
    EXECUTE FUNCTION lifecycle_keep_record('superseded_at');
CREATE TRIGGER keep_record BEFORE UPDATE ON lifecycle_warning FOR EACH ROW
    WHEN (OLD.superseded_at IS NOT NULL OR (
        OLD.member_id, OLD.id, OLD.kind, OLD.raised_at, OLD.recorded_at, OLD.policy_version, OLD.evidence
    ) IS DISTINCT FROM (
        NEW.member_id, NEW.id, NEW.kind, NEW.raised_at, NEW.recorded_at, NEW.policy_version, NEW.evidence
    ))
    EXECUTE FUNCTION lifecycle_keep_record('superseded_at', 'ended_at');
CREATE TRIGGER keep_rows BEFORE DELETE ON lifecycle_transition FOR EACH ROW EXECUTE FUNCTION lifecycle_keep_record();
CREATE TRIGGER keep_rows BEFORE DELETE ON lifecycle_warning FOR EACH ROW EXECUTE FUNCTION lifecycle_keep_record();

-- A version after the first is stored only while its base is the one in force at its start, and none starts later: one at
-- a time, so that of two approvals at once the second is refused. Where it names no base, this is noted.
CREATE FUNCTION lifecycle_policy_keeps_base() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    PERFORM pg_advisory_xact_lock(hashtextextended('lifecycle policy', 0));
    IF NEW.base_version IS NULL THEN
        NEW.base_version := lifecycle_policy_at(NEW.effective_from);
        RETURN NEW;
    END IF;
    IF NEW.base_version <> lifecycle_policy_at(NEW.effective_from)
       OR EXISTS (SELECT FROM lifecycle_policy WHERE effective_from > NEW.effective_from) THEN
        RAISE EXCEPTION 'policy version % no longer builds on version %', NEW.version, NEW.base_version
            USING ERRCODE = 'restrict_violation';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER keep_base BEFORE INSERT ON lifecycle_policy
    FOR EACH ROW WHEN (NEW.version > 1) EXECUTE FUNCTION lifecycle_policy_keeps_base();
CREATE TRIGGER keep_record BEFORE UPDATE ON lifecycle_policy
    FOR EACH ROW EXECUTE FUNCTION lifecycle_keep_record();
CREATE TRIGGER keep_record BEFORE UPDATE OR DELETE ON lifecycle_newnormal
    FOR EACH ROW EXECUTE FUNCTION lifecycle_keep_record();
CREATE TRIGGER not_emptied BEFORE TRUNCATE ON lifecycle_newnormal EXECUTE FUNCTION lifecycle_keep_record();
CREATE TRIGGER not_emptied BEFORE TRUNCATE ON lifecycle_transition EXECUTE FUNCTION lifecycle_keep_record();
CREATE TRIGGER not_emptied BEFORE TRUNCATE ON lifecycle_warning EXECUTE FUNCTION lifecycle_keep_record();
CREATE TRIGGER not_emptied BEFORE TRUNCATE ON lifecycle_policy EXECUTE FUNCTION lifecycle_keep_record();
-- Every version but the first comes from a request that a second person approved.
CREATE TRIGGER approved BEFORE INSERT ON lifecycle_policy FOR EACH ROW WHEN (NEW.version > 1)
    EXECUTE FUNCTION staff_needs_approval('lifecycle.policy');
