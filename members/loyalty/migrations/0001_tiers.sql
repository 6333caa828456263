-- Guards and functions of tiers.

-- The tier of a member at an instant: its id, or that of the lowest tier where none is recorded.
-- Uses index: tierchange_one_at_an_instant.
CREATE FUNCTION loyalty_tier_at(bigint, bigint, timestamptz) RETURNS bigint LANGUAGE sql STABLE PARALLEL SAFE AS $$
    SELECT coalesce(
        (SELECT c.to_tier_id FROM loyalty_tierchange c
         WHERE c.member_id = $1 AND c.programme_id = $2 AND c.effective_at <= $3 AND c.superseded_at IS NULL
         ORDER BY c.effective_at DESC LIMIT 1),
        (SELECT t.id FROM loyalty_tier t WHERE t.programme_id = $2 AND t.rank = 0)
    )
$$;

-- What was recorded stays: policies and overrides never change, of a change it can only be noted that it does not hold.
CREATE TRIGGER append_only BEFORE UPDATE OR DELETE ON loyalty_tierpolicy
    FOR EACH ROW EXECUTE FUNCTION staff_append_only();
CREATE TRIGGER not_emptied BEFORE TRUNCATE ON loyalty_tierpolicy EXECUTE FUNCTION staff_append_only();
CREATE TRIGGER append_only BEFORE UPDATE OR DELETE ON loyalty_tieroverride
    FOR EACH ROW EXECUTE FUNCTION staff_append_only();
CREATE TRIGGER not_emptied BEFORE TRUNCATE ON loyalty_tieroverride EXECUTE FUNCTION staff_append_only();
CREATE TRIGGER append_only BEFORE DELETE ON loyalty_tierchange
    FOR EACH ROW EXECUTE FUNCTION staff_append_only();
CREATE TRIGGER not_emptied BEFORE TRUNCATE ON loyalty_tierchange EXECUTE FUNCTION staff_append_only();
CREATE TRIGGER keep_record BEFORE UPDATE ON loyalty_tierchange FOR EACH ROW
    WHEN (OLD.superseded_at IS NOT NULL OR (
        OLD.member_id, OLD.id, OLD.programme_id, OLD.from_tier_id, OLD.to_tier_id, OLD.effective_at, OLD.recorded_at,
        OLD.reason, OLD.policy_version, OLD.inputs
    ) IS DISTINCT FROM (
        NEW.member_id, NEW.id, NEW.programme_id, NEW.from_tier_id, NEW.to_tier_id, NEW.effective_at, NEW.recorded_at,
        NEW.reason, NEW.policy_version, NEW.inputs
    ))
    EXECUTE FUNCTION staff_append_only();

-- A version after the first comes from a request that a second person approved, says what that request says, follows
-- the latest version, and starts no earlier than it. One at a time.
CREATE FUNCTION loyalty_keep_tier_policy() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    latest loyalty_tierpolicy;
BEGIN
    PERFORM pg_advisory_xact_lock(hashtextextended('loyalty tier policy', NEW.programme_id));
    SELECT * INTO latest FROM loyalty_tierpolicy
    WHERE programme_id = NEW.programme_id ORDER BY version DESC LIMIT 1;
    IF NEW.version <> coalesce(latest.version, 0) + 1 OR NEW.effective_from < latest.effective_from THEN
        RAISE EXCEPTION 'tier policy version % does not follow version %', NEW.version, latest.version
            USING ERRCODE = 'restrict_violation';
    END IF;
    IF NEW.version > 1 AND NOT EXISTS (
        SELECT FROM staff_request r WHERE r.id = NEW.request_id
          AND (r.proposal ->> 'programme')::bigint = NEW.programme_id
          AND (r.proposal ->> 'effective_from')::date <= NEW.effective_from
          AND r.proposal -> 'values' = to_jsonb(NEW)
              - ARRAY['id', 'programme_id', 'version', 'effective_from', 'note', 'request_id', 'created_at']
    ) THEN
        RAISE EXCEPTION 'tier policy version % is not what was approved', NEW.version
            USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER approved BEFORE INSERT ON loyalty_tierpolicy FOR EACH ROW WHEN (NEW.version > 1)
    EXECUTE FUNCTION staff_needs_approval('loyalty.tier_policy');
CREATE TRIGGER keep_policy BEFORE INSERT ON loyalty_tierpolicy
    FOR EACH ROW EXECUTE FUNCTION loyalty_keep_tier_policy();

-- An override is what the request says: of that member, programme, tier and end.
CREATE FUNCTION loyalty_keep_tier_override() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NOT EXISTS (
        SELECT FROM staff_request r WHERE r.id = NEW.request_id
          AND (r.proposal ->> 'member')::bigint = NEW.member_id
          AND (r.proposal ->> 'programme')::bigint = NEW.programme_id
          AND (r.proposal ->> 'tier')::bigint = NEW.tier_id
          AND (r.proposal ->> 'ends_on')::date = NEW.ends_on
          AND (r.proposal ->> 'starts_on')::date <= NEW.starts_on
    ) THEN
        RAISE EXCEPTION 'the tier override is not what was approved' USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    INSERT INTO loyalty_tierdirty (member_id, programme_id, since_day)
    VALUES (NEW.member_id, NEW.programme_id, NEW.starts_on - 1);
    RETURN NEW;
END $$;
CREATE TRIGGER approved BEFORE INSERT ON loyalty_tieroverride FOR EACH ROW
    EXECUTE FUNCTION staff_needs_approval('loyalty.tier_override');
CREATE TRIGGER keep_override BEFORE INSERT ON loyalty_tieroverride
    FOR EACH ROW EXECUTE FUNCTION loyalty_keep_tier_override();

-- Tiers keep their place: a rank that moved would change what was decided.
CREATE FUNCTION loyalty_keep_tier() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'UPDATE' AND (OLD.id, OLD.programme_id, OLD.rank) = (NEW.id, NEW.programme_id, NEW.rank) THEN
        RETURN NEW;
    END IF;
    IF EXISTS (SELECT FROM loyalty_tierpolicy WHERE programme_id = OLD.programme_id) THEN
        RAISE EXCEPTION 'the tiers of a programme with a policy are kept' USING ERRCODE = 'restrict_violation';
    END IF;
    RETURN CASE WHEN TG_OP = 'DELETE' THEN OLD ELSE NEW END;
END $$;
CREATE TRIGGER keep_tier BEFORE UPDATE OR DELETE ON loyalty_tier FOR EACH ROW EXECUTE FUNCTION loyalty_keep_tier();

-- Marks: every change of a fact marks its member in the same transaction, for each programme that has a policy.

CREATE FUNCTION loyalty_tier_member_inserted() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO loyalty_tierdirty (member_id, programme_id, since_day)
    SELECT m.id, p.programme_id, lifecycle_platform_day(m.registered_at)
    FROM new_rows m CROSS JOIN (SELECT DISTINCT programme_id FROM loyalty_tierpolicy) p
    WHERE m.registered_at IS NOT NULL;
    RETURN NULL;
END $$;
-- A registration that moves counts from before every record; one that lies in the future again when it comes.
CREATE FUNCTION loyalty_tier_member_updated() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO loyalty_tierdirty (member_id, programme_id, since_day)
    SELECT m.id, p.programme_id, s.day
    FROM (
        SELECT id, max(registered_at) AS registered_at
        FROM (SELECT id, registered_at FROM old_rows UNION ALL SELECT id, registered_at FROM new_rows) compared
        GROUP BY id HAVING min(registered_at) < max(registered_at) OR count(registered_at) = 1
    ) m
    CROSS JOIN LATERAL (VALUES (date '1800-01-01'), (lifecycle_platform_day(m.registered_at))) AS s (day)
    CROSS JOIN (SELECT DISTINCT programme_id FROM loyalty_tierpolicy) p;
    RETURN NULL;
END $$;

-- A newer valuation within the bounds of its member's standing changes no tier before the standing is due.
CREATE FUNCTION loyalty_tier_valuation_inserted() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NOT EXISTS (SELECT FROM loyalty_tierpolicy) THEN
        RETURN NULL;
    END IF;
    WITH valued AS (
        SELECT v.member_id, p.programme_id, min(v.date) AS first, max(v.date) AS last, min(v.aum) AS low, max(v.aum) AS high
        FROM new_rows v CROSS JOIN (SELECT DISTINCT programme_id FROM loyalty_tierpolicy) p
        GROUP BY v.member_id, p.programme_id
    ),
    within_bounds AS MATERIALIZED (
        SELECT s.member_id, s.programme_id
        FROM loyalty_tierstanding s
        JOIN valued v USING (member_id, programme_id)
        WHERE v.first >= s.evaluated_on AND (s.due_on IS NULL OR v.last < s.due_on)
          AND (s.aum_low IS NULL OR v.low >= s.aum_low) AND (s.aum_high IS NULL OR v.high <= s.aum_high)
        ORDER BY s.member_id, s.programme_id
        FOR UPDATE OF s
    )
    INSERT INTO loyalty_tierdirty (member_id, programme_id, since_day)
    SELECT v.member_id, v.programme_id, v.first FROM valued v
    WHERE (v.member_id, v.programme_id) NOT IN (SELECT member_id, programme_id FROM within_bounds);
    RETURN NULL;
END $$;
CREATE FUNCTION loyalty_tier_valuation_deleted() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO loyalty_tierdirty (member_id, programme_id, since_day)
    SELECT v.member_id, p.programme_id, min(v.date)
    FROM old_rows v CROSS JOIN (SELECT DISTINCT programme_id FROM loyalty_tierpolicy) p
    GROUP BY v.member_id, p.programme_id;
    RETURN NULL;
END $$;
CREATE FUNCTION loyalty_tier_valuation_updated() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO loyalty_tierdirty (member_id, programme_id, since_day)
    SELECT v.member_id, p.programme_id, min(v.date)
    FROM (
        (SELECT member_id, date, aum FROM old_rows EXCEPT SELECT member_id, date, aum FROM new_rows)
        UNION ALL
        (SELECT member_id, date, aum FROM new_rows EXCEPT SELECT member_id, date, aum FROM old_rows)
    ) v
    CROSS JOIN (SELECT DISTINCT programme_id FROM loyalty_tierpolicy) p
    GROUP BY v.member_id, p.programme_id;
    RETURN NULL;
END $$;

CREATE TRIGGER loyalty_tier_inserted AFTER INSERT ON profiles_member
    REFERENCING NEW TABLE AS new_rows FOR EACH STATEMENT EXECUTE FUNCTION loyalty_tier_member_inserted();
CREATE TRIGGER loyalty_tier_updated AFTER UPDATE ON profiles_member
    REFERENCING OLD TABLE AS old_rows NEW TABLE AS new_rows
    FOR EACH STATEMENT EXECUTE FUNCTION loyalty_tier_member_updated();
CREATE TRIGGER loyalty_tier_inserted AFTER INSERT ON portfolio_valuation
    REFERENCING NEW TABLE AS new_rows FOR EACH STATEMENT EXECUTE FUNCTION loyalty_tier_valuation_inserted();
CREATE TRIGGER loyalty_tier_deleted AFTER DELETE ON portfolio_valuation
    REFERENCING OLD TABLE AS old_rows FOR EACH STATEMENT EXECUTE FUNCTION loyalty_tier_valuation_deleted();
CREATE TRIGGER loyalty_tier_updated AFTER UPDATE ON portfolio_valuation
    REFERENCING OLD TABLE AS old_rows NEW TABLE AS new_rows
    FOR EACH STATEMENT EXECUTE FUNCTION loyalty_tier_valuation_updated();

-- Points earned, or taken back, where a policy counts them.
CREATE FUNCTION loyalty_tier_points_inserted() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO loyalty_tierdirty (member_id, programme_id, since_day)
    SELECT e.member_id, e.programme_id, min(lifecycle_platform_day(e.at))
    FROM new_rows e
    WHERE e.kind IN ('earn', 'clawback') AND e.programme_id IN (
        SELECT programme_id FROM loyalty_tierpolicy WHERE metric IN ('points', 'all', 'any')
    )
    GROUP BY e.member_id, e.programme_id;
    RETURN NULL;
END $$;
CREATE TRIGGER loyalty_tier_inserted AFTER INSERT ON loyalty_pointsentry
    REFERENCING NEW TABLE AS new_rows FOR EACH STATEMENT EXECUTE FUNCTION loyalty_tier_points_inserted();
