-- Verdicts are never changed; a message needs an allowing verdict of the same member, version, channel and hash, both when
-- it is created and when it is sent.
CREATE TRIGGER verdict_append_only BEFORE UPDATE OR DELETE ON delivery_verdict
    FOR EACH ROW EXECUTE FUNCTION staff_append_only();
CREATE TRIGGER verdict_not_emptied BEFORE TRUNCATE ON delivery_verdict EXECUTE FUNCTION staff_append_only();

-- Refuses a message whose verdict is not one that allows exactly it, or is older than `valid` at `instant`; and, whatever a
-- verdict says, one whose copy is not approved then with exactly this content, or which consent, suppression or suitability
-- do not allow then (delivery_still_allowed, written after each migrate from what the gate asks).
CREATE FUNCTION delivery_needs_verdict(message delivery_message, verdict bigint, instant timestamptz, valid interval)
RETURNS void LANGUAGE plpgsql AS $$
BEGIN
    IF NOT EXISTS (
        SELECT FROM delivery_verdict AS v
        WHERE v.member_id = message.member_id AND v.id = verdict AND v.outcome = 'allow'
          AND v.copy_version_id = message.copy_version_id AND v.channel = message.channel
          AND v.template_hash = message.template_hash AND v.selection = message.selection
          AND v.decided_at BETWEEN instant - valid AND instant
    ) THEN
        RAISE EXCEPTION 'message % of member %: no fresh verdict allows this version on this channel', message.id,
            message.member_id USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    IF NOT EXISTS (
        SELECT FROM review_approved(instant) AS a
        WHERE a.copy_version_id = message.copy_version_id AND a.template_hash = message.template_hash
          AND a.channel = message.channel
    ) THEN
        RAISE EXCEPTION 'message % of member %: copy version % is not approved with this content', message.id,
            message.member_id, message.copy_version_id USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    IF delivery_still_allowed(message.member_id, message.copy_version_id, message.selection, instant) IS NOT TRUE THEN
        RAISE EXCEPTION 'message % of member %: not allowed by consent, suppression or suitability', message.id,
            message.member_id USING ERRCODE = 'integrity_constraint_violation';
    END IF;
END $$;

CREATE FUNCTION delivery_message_allowed() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NEW.state <> 'queued' THEN
        RAISE EXCEPTION 'a message begins as queued' USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    PERFORM delivery_needs_verdict(NEW, NEW.verdict_id, NEW.queued_at, interval '15 minutes');
    RETURN NEW;
END $$;
CREATE TRIGGER allowed BEFORE INSERT ON delivery_message FOR EACH ROW EXECUTE FUNCTION delivery_message_allowed();

-- A queued message may wait longer, and ends once.
CREATE FUNCTION delivery_message_kept() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    moving CONSTANT text[] := ARRAY['state', 'not_before', 'ended_at', 'reason', 'sent_verdict_id'];
BEGIN
    IF OLD.state <> 'queued' OR to_jsonb(OLD) - moving IS DISTINCT FROM to_jsonb(NEW) - moving
       OR NEW.not_before < OLD.not_before THEN
        RAISE EXCEPTION 'a message is queued, and ends once; the rest of it does not change'
            USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    IF NEW.state = 'sent' THEN
        IF NEW.ended_at < NEW.not_before THEN
            RAISE EXCEPTION 'message % may not be sent before %', NEW.id, NEW.not_before
                USING ERRCODE = 'integrity_constraint_violation';
        END IF;
        PERFORM delivery_needs_verdict(NEW, NEW.sent_verdict_id, NEW.ended_at, interval '5 minutes');
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER keep_message BEFORE UPDATE ON delivery_message FOR EACH ROW EXECUTE FUNCTION delivery_message_kept();
CREATE TRIGGER keep_rows BEFORE DELETE ON delivery_message FOR EACH ROW EXECUTE FUNCTION staff_append_only();
CREATE TRIGGER not_emptied BEFORE TRUNCATE ON delivery_message EXECUTE FUNCTION staff_append_only();

-- A deferral waits longer or ends, once.
CREATE FUNCTION delivery_deferral_kept() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    moving CONSTANT text[] := ARRAY['verdict_id', 'decide_at', 'ended_at', 'result'];
BEGIN
    IF OLD.ended_at IS NOT NULL OR to_jsonb(OLD) - moving IS DISTINCT FROM to_jsonb(NEW) - moving THEN
        RAISE EXCEPTION 'a deferral waits, and ends once' USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER keep_deferral BEFORE UPDATE ON delivery_deferral
    FOR EACH ROW EXECUTE FUNCTION delivery_deferral_kept();
CREATE TRIGGER keep_rows BEFORE DELETE ON delivery_deferral FOR EACH ROW EXECUTE FUNCTION staff_append_only();
CREATE TRIGGER not_emptied BEFORE TRUNCATE ON delivery_deferral EXECUTE FUNCTION staff_append_only();
