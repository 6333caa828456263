-- A version is what its approved request says, and never changes.
CREATE TRIGGER incentiveversion_append_only BEFORE UPDATE OR DELETE ON loyalty_incentiveversion
    FOR EACH ROW EXECUTE FUNCTION staff_append_only();
CREATE TRIGGER incentiveversion_not_emptied BEFORE TRUNCATE ON loyalty_incentiveversion
    EXECUTE FUNCTION staff_append_only();
CREATE TRIGGER approved BEFORE INSERT ON loyalty_incentiveversion
    FOR EACH ROW EXECUTE FUNCTION staff_needs_approval('loyalty.incentive');

-- Its content is that of the request, whoever writes it; it takes effect from the day asked for, or from its approval.
CREATE FUNCTION loyalty_incentive_as_approved() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    asked jsonb;
    decided timestamptz;
BEGIN
    SELECT proposal, decided_at INTO asked, decided FROM staff_request WHERE id = NEW.request_id;
    IF (asked -> 'content') IS DISTINCT FROM jsonb_build_object(
        'is_active', NEW.is_active, 'name', NEW.name, 'name_en', NEW.name_en, 'rule', NEW.rule, 'period', NEW.period,
        'steps', NEW.steps, 'step_order', NEW.step_order, 'limit_days', NEW.limit_days, 'points', NEW.points,
        'budget', NEW.budget, 'from_stage', NEW.from_stage, 'to_stage', NEW.to_stage, 'effect_days', NEW.effect_days
    ) OR NEW.effective_from < decided OR NEW.effective_from < (asked ->> 'effective_from')::timestamptz THEN
        RAISE EXCEPTION 'an incentive is what its request says' USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER as_approved BEFORE INSERT ON loyalty_incentiveversion
    FOR EACH ROW EXECUTE FUNCTION loyalty_incentive_as_approved();

-- What members earned stays: it can only be marked superseded, once, and a quest be completed.
CREATE FUNCTION loyalty_keep_earned() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    field text;
BEGIN
    IF TG_OP IN ('DELETE', 'TRUNCATE') THEN
        RAISE EXCEPTION '% is append-only', TG_TABLE_NAME USING ERRCODE = 'restrict_violation';
    END IF;
    IF to_jsonb(OLD) - TG_ARGV::text[] IS DISTINCT FROM to_jsonb(NEW) - TG_ARGV::text[] THEN
        RAISE EXCEPTION 'what % recorded cannot be changed', TG_TABLE_NAME USING ERRCODE = 'restrict_violation';
    END IF;
    FOREACH field IN ARRAY TG_ARGV::text[] LOOP
        IF coalesce(to_jsonb(OLD) ->> field, '') NOT IN ('', 'owed', 'paid', 'to_reverse')
           AND to_jsonb(OLD) ->> field IS DISTINCT FROM to_jsonb(NEW) ->> field THEN
            RAISE EXCEPTION 'what % recorded cannot be changed', TG_TABLE_NAME USING ERRCODE = 'restrict_violation';
        END IF;
    END LOOP;
    RETURN NEW;
END $$;
CREATE TRIGGER keep_record BEFORE UPDATE ON loyalty_badgeaward
    FOR EACH ROW EXECUTE FUNCTION loyalty_keep_earned('superseded_at', 'reason');
CREATE TRIGGER keep_record BEFORE UPDATE ON loyalty_stepdone
    FOR EACH ROW EXECUTE FUNCTION loyalty_keep_earned('superseded_at', 'reason');
CREATE TRIGGER keep_record BEFORE UPDATE ON loyalty_questprogress
    FOR EACH ROW EXECUTE FUNCTION loyalty_keep_earned('superseded_at', 'reason', 'earned_at', 'completed_at');
CREATE TRIGGER keep_record BEFORE UPDATE ON loyalty_incentivereward
    FOR EACH ROW EXECUTE FUNCTION loyalty_keep_earned('outcome');
CREATE TRIGGER keep_rows BEFORE DELETE ON loyalty_badgeaward FOR EACH ROW EXECUTE FUNCTION loyalty_keep_earned();
CREATE TRIGGER keep_rows BEFORE DELETE ON loyalty_stepdone FOR EACH ROW EXECUTE FUNCTION loyalty_keep_earned();
CREATE TRIGGER keep_rows BEFORE DELETE ON loyalty_questprogress FOR EACH ROW EXECUTE FUNCTION loyalty_keep_earned();
CREATE TRIGGER keep_rows BEFORE DELETE ON loyalty_incentivereward FOR EACH ROW EXECUTE FUNCTION loyalty_keep_earned();
CREATE TRIGGER not_emptied BEFORE TRUNCATE ON loyalty_badgeaward EXECUTE FUNCTION loyalty_keep_earned();
CREATE TRIGGER not_emptied BEFORE TRUNCATE ON loyalty_stepdone EXECUTE FUNCTION loyalty_keep_earned();
CREATE TRIGGER not_emptied BEFORE TRUNCATE ON loyalty_questprogress EXECUTE FUNCTION loyalty_keep_earned();
CREATE TRIGGER not_emptied BEFORE TRUNCATE ON loyalty_incentivereward EXECUTE FUNCTION loyalty_keep_earned();
