-- Benefits: versions come by approved requests and never change, uses keep within the quota and can only be undone.

-- What a member may use at an instant: one row for each benefit that the tier (of a shared benefit: the best tier in the
-- household) has then, with what the calendar period has seen of it. Of a shared benefit the uses drawn from the
-- member's household count, and the member's own wherever it was then, so that moving gives nobody a second quota.
CREATE FUNCTION loyalty_benefits_of(subject bigint, instant timestamptz, wanted bigint DEFAULT NULL)
RETURNS TABLE (
    benefit_id bigint, version_id bigint, tier_id bigint, quota integer, used integer, used_by_member integer,
    household_id bigint, period_start date, period_end date, cost numeric, needs_approval boolean
) LANGUAGE plpgsql STABLE AS $$
#variable_conflict use_column
BEGIN
    RETURN QUERY
    WITH person AS (SELECT m.household_id FROM profiles_member AS m WHERE m.id = subject),
    circle AS (
        SELECT subject AS id
        UNION SELECT o.id FROM person AS p JOIN profiles_member AS o ON o.household_id = p.household_id
    ),
    latest AS (
        SELECT DISTINCT ON (v.benefit_id) v.*, b.programme_id, portfolio_day_of(instant) AS day,
            date_trunc(v.period, portfolio_day_of(instant)::timestamp)::date AS first_day,
            CASE v.period WHEN 'month' THEN interval '1 month' WHEN 'quarter' THEN interval '3 months'
                ELSE interval '1 year' END AS span
        FROM loyalty_benefitversion AS v JOIN loyalty_benefit AS b ON b.id = v.benefit_id
        WHERE v.effective_from <= portfolio_day_of(instant) AND (wanted IS NULL OR v.benefit_id = wanted)
        ORDER BY v.benefit_id, v.number DESC
    ),
    version AS (
        SELECT l.*, (l.first_day + l.span)::date AS next_first_day FROM latest AS l
        WHERE (l.valid_from IS NULL OR l.valid_from <= l.day) AND (l.valid_until IS NULL OR l.valid_until >= l.day)
    ),
    held AS MATERIALIZED (
        SELECT p.programme_id, c.id AS member_id, loyalty_tier_at(c.id, p.programme_id, instant) AS tier_id
        FROM (SELECT DISTINCT v.programme_id FROM version AS v) AS p CROSS JOIN circle AS c
    )
    SELECT v.benefit_id, v.id, granted.tier_id, granted.quota, spent.used, spent.own,
        CASE WHEN v.is_shared THEN person.household_id END, v.first_day, v.next_first_day,
        v.cost::numeric, coalesce(v.cost > v.approval_above, false)
    FROM version AS v
    CROSS JOIN person
    CROSS JOIN LATERAL (
        SELECT q.tier_id, q.quota FROM held AS h
        JOIN loyalty_benefitquota AS q ON q.version_id = v.id AND q.tier_id = h.tier_id
        WHERE h.programme_id = v.programme_id AND (h.member_id = subject OR v.is_shared)
        ORDER BY q.quota DESC, (h.member_id = subject) DESC LIMIT 1
    ) AS granted
    CROSS JOIN LATERAL (
        SELECT count(*)::integer AS used, (count(*) FILTER (WHERE one.member_id = subject))::integer AS own
        FROM (
            SELECT u.member_id, u.id FROM loyalty_benefituse AS u
            WHERE u.member_id = subject AND u.benefit_id = v.benefit_id AND u.undone_at IS NULL
              AND u.day >= v.first_day AND u.day < v.next_first_day
            UNION
            SELECT u.member_id, u.id FROM loyalty_benefituse AS u
            WHERE v.is_shared AND u.household_id = person.household_id AND u.benefit_id = v.benefit_id
              AND u.undone_at IS NULL AND u.day >= v.first_day AND u.day < v.next_first_day
        ) AS one
    ) AS spent;
END $$;

-- A use is taken within the quota only: member and household are locked first, so that of two at once the second counts
-- the first. What follows from member, benefit and instant is filled in here, whoever inserts.
CREATE FUNCTION loyalty_benefit_within_quota() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    home bigint;
    found record;
BEGIN
    SELECT household_id INTO home FROM profiles_member WHERE id = NEW.member_id FOR NO KEY UPDATE;
    PERFORM FROM profiles_household WHERE id = home FOR NO KEY UPDATE;
    SELECT * INTO found FROM loyalty_benefits_of(NEW.member_id, NEW.at, NEW.benefit_id);
    IF found.benefit_id IS NULL THEN
        RAISE EXCEPTION 'member % does not have benefit %', NEW.member_id, NEW.benefit_id
            USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    IF found.used >= found.quota THEN
        RAISE EXCEPTION 'quota of benefit % is used up', NEW.benefit_id USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    IF found.needs_approval AND NEW.request_id IS NULL THEN
        RAISE EXCEPTION 'benefit % needs an approved request', NEW.benefit_id
            USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    IF NEW.request_id IS NOT NULL AND NOT EXISTS (
        SELECT FROM staff_request WHERE id = NEW.request_id
          AND proposal ->> 'member' = NEW.member_id::text AND proposal ->> 'benefit' = NEW.benefit_id::text
    ) THEN
        RAISE EXCEPTION 'request % approved something else', NEW.request_id
            USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    IF NEW.undone_at IS NOT NULL THEN
        RAISE EXCEPTION 'a use begins as one' USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    NEW.day := portfolio_day_of(NEW.at);
    NEW.version_id := found.version_id;
    NEW.tier_id := found.tier_id;
    NEW.household_id := found.household_id;
    NEW.cost := found.cost;
    RETURN NEW;
END $$;
CREATE TRIGGER approved BEFORE INSERT ON loyalty_benefituse FOR EACH ROW WHEN (NEW.request_id IS NOT NULL)
    EXECUTE FUNCTION staff_needs_approval('loyalty.benefit_grant');
CREATE TRIGGER within_quota BEFORE INSERT ON loyalty_benefituse FOR EACH ROW
    EXECUTE FUNCTION loyalty_benefit_within_quota();

-- Only undone, once, within a day of its recording.
CREATE FUNCTION loyalty_benefit_use_kept() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    undoing CONSTANT text[] := ARRAY['undone_at', 'undone_by_id', 'undone_source'];
BEGIN
    IF OLD.undone_at IS NOT NULL OR NEW.undone_at IS NULL
       OR NEW.undone_at < OLD.recorded_at OR NEW.undone_at > OLD.recorded_at + interval '1 day'
       OR to_jsonb(OLD) - undoing IS DISTINCT FROM to_jsonb(NEW) - undoing THEN
        RAISE EXCEPTION 'a use of a benefit is append-only, and undone once within a day'
            USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER keep_use BEFORE UPDATE ON loyalty_benefituse FOR EACH ROW EXECUTE FUNCTION loyalty_benefit_use_kept();
CREATE TRIGGER keep_rows BEFORE DELETE ON loyalty_benefituse FOR EACH ROW EXECUTE FUNCTION staff_append_only();
CREATE TRIGGER not_emptied BEFORE TRUNCATE ON loyalty_benefituse EXECUTE FUNCTION staff_append_only();

-- A version is what its request says, one number after the other, each from the day of the one before on or later.
CREATE FUNCTION loyalty_benefit_version_requested() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    asked jsonb;
    latest record;
BEGIN
    PERFORM pg_advisory_xact_lock(hashtextextended('loyalty benefit ' || NEW.benefit_id, 0));
    SELECT r.proposal INTO asked FROM staff_request AS r
    JOIN loyalty_benefit AS b ON b.id = NEW.benefit_id
    WHERE r.id = NEW.request_id AND r.proposal ->> 'programme' = b.programme_id::text
      AND r.proposal ->> 'code' = b.code AND (r.proposal ->> 'effective_from')::date <= NEW.effective_from;
    IF asked IS NULL OR EXISTS (
        SELECT FROM jsonb_each_text(asked -> 'values') AS given
        FULL JOIN jsonb_each_text(to_jsonb(NEW) - ARRAY[
            'id', 'benefit_id', 'number', 'effective_from', 'note', 'request_id', 'created_at'
        ]) AS stored USING (key)
        WHERE given.value IS DISTINCT FROM stored.value
    ) THEN
        RAISE EXCEPTION 'a benefit is what its request says' USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    SELECT v.number, v.effective_from INTO latest FROM loyalty_benefitversion AS v
    WHERE v.benefit_id = NEW.benefit_id ORDER BY v.number DESC LIMIT 1;
    IF NEW.number <> coalesce(latest.number, 0) + 1 OR NEW.effective_from < latest.effective_from THEN
        RAISE EXCEPTION 'version % of benefit % no longer follows the latest', NEW.number, NEW.benefit_id
            USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER approved BEFORE INSERT ON loyalty_benefitversion FOR EACH ROW
    EXECUTE FUNCTION staff_needs_approval('loyalty.benefit');
CREATE TRIGGER as_requested BEFORE INSERT ON loyalty_benefitversion FOR EACH ROW
    EXECUTE FUNCTION loyalty_benefit_version_requested();

CREATE FUNCTION loyalty_benefit_quota_requested() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NOT EXISTS (
        SELECT FROM loyalty_benefitversion AS v JOIN loyalty_benefit AS b ON b.id = v.benefit_id
        JOIN loyalty_tier AS t ON t.id = NEW.tier_id AND t.programme_id = b.programme_id
        JOIN staff_request AS r ON r.id = v.request_id
        WHERE v.id = NEW.version_id AND r.proposal -> 'quotas' ->> t.code = NEW.quota::text
    ) THEN
        RAISE EXCEPTION 'a quota is what its request says' USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER as_requested BEFORE INSERT ON loyalty_benefitquota FOR EACH ROW
    EXECUTE FUNCTION loyalty_benefit_quota_requested();

CREATE TRIGGER keep_record BEFORE UPDATE OR DELETE ON loyalty_benefit
    FOR EACH ROW EXECUTE FUNCTION staff_append_only();
CREATE TRIGGER not_emptied BEFORE TRUNCATE ON loyalty_benefit EXECUTE FUNCTION staff_append_only();
CREATE TRIGGER keep_record BEFORE UPDATE OR DELETE ON loyalty_benefitversion
    FOR EACH ROW EXECUTE FUNCTION staff_append_only();
CREATE TRIGGER not_emptied BEFORE TRUNCATE ON loyalty_benefitversion EXECUTE FUNCTION staff_append_only();
CREATE TRIGGER keep_record BEFORE UPDATE OR DELETE ON loyalty_benefitquota
    FOR EACH ROW EXECUTE FUNCTION staff_append_only();
CREATE TRIGGER not_emptied BEFORE TRUNCATE ON loyalty_benefitquota EXECUTE FUNCTION staff_append_only();
