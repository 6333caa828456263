-- Suitability: ratings and house rules come by approved requests and never change, a status is verified by two people,
-- decisions on purchases only grow; whatever changes what fits is told to the change queue.

-- Of each product on a platform day: the highest of the rating that came with it and those of manager and seller
-- (1 for R1), whether one of them has it under review, and the numbers of their ratings.
CREATE FUNCTION portfolio_ratings_on(asked date)
RETURNS TABLE (product_id bigint, risk smallint, is_under_review boolean, version text) LANGUAGE sql STABLE AS $$
    SELECT p.id,
        greatest(right(p.risk, 1), right(m.rating, 1), right(s.rating, 1))::smallint,
        (m.number IS NOT NULL AND m.rating IS NULL) OR (s.number IS NOT NULL AND s.rating IS NULL),
        format('manager %s, seller %s', coalesce(m.number, 0), coalesce(s.number, 0))
    FROM portfolio_product AS p
    LEFT JOIN LATERAL (
        SELECT r.number, r.rating FROM portfolio_productrating AS r
        WHERE r.product_id = p.id AND r.rater = 'manager' AND r.effective_from <= asked
        ORDER BY r.number DESC LIMIT 1
    ) AS m ON true
    LEFT JOIN LATERAL (
        SELECT r.number, r.rating FROM portfolio_productrating AS r
        WHERE r.product_id = p.id AND r.rater = 'seller' AND r.effective_from <= asked
        ORDER BY r.number DESC LIMIT 1
    ) AS s ON true
$$;

-- The house rule of a platform day, one row; before the first version the tables as they are (number 0).
CREATE FUNCTION portfolio_house_rule_on(asked date)
RETURNS TABLE (number integer, highest smallint[], highest_jump smallint, caution_age smallint, old_age smallint)
LANGUAGE sql STABLE AS $$
    SELECT coalesce(h.number, 0),
        ARRAY[
            coalesce(h.highest_c0, 1), coalesce(h.highest_c1, 1), coalesce(h.highest_c2, 2),
            coalesce(h.highest_c3, 3), coalesce(h.highest_c4, 4), coalesce(h.highest_c5, 5)
        ]::smallint[],
        coalesce(h.highest_jump, 5)::smallint, coalesce(h.caution_age, 60)::smallint, coalesce(h.old_age, 65)::smallint
    FROM (VALUES (1)) AS one
    LEFT JOIN LATERAL (
        SELECT * FROM portfolio_houserule AS r WHERE r.effective_from <= asked ORDER BY r.number DESC LIMIT 1
    ) AS h ON true
$$;

-- A rating follows the rater's latest one, and is what its request says; one that nobody approved only puts under
-- review, or keeps what the source had said.
CREATE FUNCTION portfolio_rating_follows() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    latest record;
BEGIN
    PERFORM FROM portfolio_product WHERE id = NEW.product_id FOR NO KEY UPDATE;
    SELECT r.number, r.effective_from INTO latest FROM portfolio_productrating AS r
    WHERE r.product_id = NEW.product_id AND r.rater = NEW.rater ORDER BY r.number DESC LIMIT 1;
    IF NEW.number <> coalesce(latest.number, 0) + 1 OR NEW.effective_from < latest.effective_from THEN
        RAISE EXCEPTION 'rating % of product % no longer follows the latest', NEW.number, NEW.product_id
            USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    IF NEW.request_id IS NOT NULL AND NOT EXISTS (
        SELECT FROM staff_request AS r WHERE r.id = NEW.request_id
          AND r.proposal ->> 'product' = NEW.product_id::text AND r.proposal ->> 'rater' = NEW.rater
          AND r.proposal ->> 'rating' = NEW.rating AND (r.proposal ->> 'effective_from')::date <= NEW.effective_from
    ) THEN
        RAISE EXCEPTION 'a rating is what its request says' USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    IF NEW.is_supplied AND pg_trigger_depth() < 2 THEN
        RAISE EXCEPTION 'a supplied rating is kept by the database alone'
            USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER approved BEFORE INSERT ON portfolio_productrating FOR EACH ROW WHEN (NEW.request_id IS NOT NULL)
    EXECUTE FUNCTION staff_needs_approval('portfolio.product_rating');
CREATE TRIGGER follows BEFORE INSERT ON portfolio_productrating FOR EACH ROW
    EXECUTE FUNCTION portfolio_rating_follows();
CREATE TRIGGER keep_rows BEFORE UPDATE OR DELETE ON portfolio_productrating FOR EACH ROW
    EXECUTE FUNCTION staff_append_only();
CREATE TRIGGER not_emptied BEFORE TRUNCATE ON portfolio_productrating EXECUTE FUNCTION staff_append_only();

-- What counts from a later day on is told on that day (suitability.announce).
CREATE FUNCTION portfolio_suitability_told(told bigint, since date, at timestamptz, reason text) RETURNS void
LANGUAGE plpgsql AS $$
BEGIN
    IF since <= portfolio_day_of(at) THEN
        INSERT INTO runtime_change (at, kind, member_id, payload) VALUES (
            at, 'suitability.product_changed', NULL, jsonb_build_object('product', told, 'reason', reason)
        );
    ELSE
        INSERT INTO portfolio_suitabilitydue (product_id, day) VALUES (told, since) ON CONFLICT DO NOTHING;
    END IF;
END $$;

CREATE FUNCTION portfolio_rating_made() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    PERFORM portfolio_suitability_told(NEW.product_id, NEW.effective_from, NEW.created_at, 'rating');
    RETURN NULL;
END $$;
CREATE TRIGGER told AFTER INSERT ON portfolio_productrating FOR EACH ROW WHEN (NOT NEW.is_supplied)
    EXECUTE FUNCTION portfolio_rating_made();

-- A source that lowers its rating does not lower what counts: what it had said stays as the manager's rating until a
-- second person approves a lower one.
CREATE FUNCTION portfolio_risk_lowered() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    latest record;
BEGIN
    SELECT r.number, r.rating, r.effective_from INTO latest FROM portfolio_productrating AS r
    WHERE r.product_id = NEW.id AND r.rater = 'manager' ORDER BY r.number DESC LIMIT 1;
    IF latest.number IS NULL OR latest.rating < OLD.risk THEN
        INSERT INTO portfolio_productrating (product_id, rater, number, rating, effective_from, basis, is_supplied)
        VALUES (
            NEW.id, 'manager', coalesce(latest.number, 0) + 1, OLD.risk,
            coalesce(latest.effective_from, date '0001-01-01'), 'supplied', true
        );
    END IF;
    RETURN NULL;
END $$;
CREATE TRIGGER risk_lowered AFTER UPDATE OF risk ON portfolio_product FOR EACH ROW WHEN (NEW.risk < OLD.risk)
    EXECUTE FUNCTION portfolio_risk_lowered();

CREATE FUNCTION portfolio_product_changed() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO runtime_change (at, kind, member_id, payload) VALUES (
        now(), 'suitability.product_changed', NULL, jsonb_build_object('product', NEW.id, 'reason', 'product')
    );
    RETURN NULL;
END $$;
CREATE TRIGGER suitability_changed AFTER UPDATE ON portfolio_product FOR EACH ROW
    WHEN (
        (OLD.risk, OLD.regime, OLD.term_days, OLD.registration_code, OLD.closed_on)
            IS DISTINCT FROM (NEW.risk, NEW.regime, NEW.term_days, NEW.registration_code, NEW.closed_on)
    )
    EXECUTE FUNCTION portfolio_product_changed();

-- A house rule is what its request says, one version after the other.
CREATE FUNCTION portfolio_house_rule_follows() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    asked jsonb;
    latest record;
BEGIN
    PERFORM pg_advisory_xact_lock(hashtextextended('portfolio house rule', 0));
    SELECT r.proposal INTO asked FROM staff_request AS r
    WHERE r.id = NEW.request_id AND (r.proposal ->> 'effective_from')::date <= NEW.effective_from;
    IF asked IS NULL OR EXISTS (
        SELECT FROM jsonb_each_text(asked -> 'values') AS given
        FULL JOIN jsonb_each_text(
            to_jsonb(NEW) - ARRAY['id', 'number', 'effective_from', 'note', 'request_id', 'created_at']
        ) AS stored USING (key)
        WHERE given.value IS DISTINCT FROM stored.value
    ) THEN
        RAISE EXCEPTION 'a house rule is what its request says' USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    SELECT r.number, r.effective_from INTO latest FROM portfolio_houserule AS r ORDER BY r.number DESC LIMIT 1;
    IF NEW.number <> coalesce(latest.number, 0) + 1 OR NEW.effective_from < latest.effective_from THEN
        RAISE EXCEPTION 'house rule % no longer follows the latest', NEW.number
            USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER approved BEFORE INSERT ON portfolio_houserule FOR EACH ROW
    EXECUTE FUNCTION staff_needs_approval('portfolio.house_rule');
CREATE TRIGGER follows BEFORE INSERT ON portfolio_houserule FOR EACH ROW
    EXECUTE FUNCTION portfolio_house_rule_follows();
CREATE TRIGGER keep_rows BEFORE UPDATE OR DELETE ON portfolio_houserule FOR EACH ROW
    EXECUTE FUNCTION staff_append_only();
CREATE TRIGGER not_emptied BEFORE TRUNCATE ON portfolio_houserule EXECUTE FUNCTION staff_append_only();

CREATE FUNCTION portfolio_house_rule_made() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    PERFORM portfolio_suitability_told(NULL, NEW.effective_from, NEW.created_at, 'house_rule');
    RETURN NULL;
END $$;
CREATE TRIGGER told AFTER INSERT ON portfolio_houserule FOR EACH ROW EXECUTE FUNCTION portfolio_house_rule_made();

-- A status is what its request says; only its end may be brought forward, once.
CREATE FUNCTION portfolio_status_kept() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    ending CONSTANT text[] := ARRAY['ended_on', 'ended_by_id', 'end_reason'];
BEGIN
    IF TG_OP = 'INSERT' THEN
        IF NEW.ended_on IS NOT NULL OR NOT EXISTS (
            SELECT FROM staff_request AS r WHERE r.id = NEW.request_id
              AND r.proposal ->> 'member' = NEW.member_id::text AND r.proposal ->> 'status' = NEW.status
              AND r.proposal ->> 'basis' = NEW.basis AND r.proposal ->> 'evidence' = NEW.evidence
              AND (r.proposal ->> 'verified_on')::date = NEW.verified_on
              AND (r.proposal ->> 'valid_until')::date = NEW.valid_until
        ) THEN
            RAISE EXCEPTION 'a status is what its request says' USING ERRCODE = 'integrity_constraint_violation';
        END IF;
    ELSIF OLD.ended_on IS NOT NULL OR NEW.ended_on IS NULL
        OR to_jsonb(OLD) - ending IS DISTINCT FROM to_jsonb(NEW) - ending THEN
        RAISE EXCEPTION 'a status is append-only, and ended once' USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER approved BEFORE INSERT ON portfolio_investorstatus FOR EACH ROW
    EXECUTE FUNCTION staff_needs_approval('portfolio.investor_status');
CREATE TRIGGER keep_status BEFORE INSERT OR UPDATE ON portfolio_investorstatus FOR EACH ROW
    EXECUTE FUNCTION portfolio_status_kept();
CREATE TRIGGER keep_rows BEFORE DELETE ON portfolio_investorstatus FOR EACH ROW EXECUTE FUNCTION staff_append_only();
CREATE TRIGGER not_emptied BEFORE TRUNCATE ON portfolio_investorstatus EXECUTE FUNCTION staff_append_only();

CREATE FUNCTION portfolio_status_changed() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO runtime_change (at, kind, member_id, payload)
    VALUES (now(), 'suitability.member_changed', NEW.member_id, jsonb_build_object('reason', 'status'));
    RETURN NULL;
END $$;
CREATE TRIGGER told AFTER INSERT OR UPDATE ON portfolio_investorstatus FOR EACH ROW
    EXECUTE FUNCTION portfolio_status_changed();

CREATE FUNCTION portfolio_class_changed() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO runtime_change (at, kind, member_id, payload)
    VALUES (NEW.updated_at, 'suitability.member_changed', NEW.id, jsonb_build_object('reason', 'class'));
    RETURN NULL;
END $$;
CREATE TRIGGER class_changed AFTER UPDATE OF risk_class, risk_assessed_on, risk_ends_on, birth_date ON profiles_member
    FOR EACH ROW
    WHEN (
        (OLD.risk_class, OLD.risk_assessed_on, OLD.risk_ends_on, OLD.birth_date)
            IS DISTINCT FROM (NEW.risk_class, NEW.risk_assessed_on, NEW.risk_ends_on, NEW.birth_date)
    )
    EXECUTE FUNCTION portfolio_class_changed();

CREATE TRIGGER keep_rows BEFORE UPDATE OR DELETE ON portfolio_purchasedecision FOR EACH ROW
    EXECUTE FUNCTION staff_append_only();
CREATE TRIGGER not_emptied BEFORE TRUNCATE ON portfolio_purchasedecision EXECUTE FUNCTION staff_append_only();
