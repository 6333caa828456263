-- What the overview counts, kept up by the writers of the facts. Writers only add rows (counts up or down): none waits
-- for another. A job adds the rows up later; readers sum over all rows and are right before, during and after it.

CREATE FUNCTION loyalty_month_of(instant timestamptz) RETURNS date LANGUAGE sql STABLE AS $$
    SELECT date_trunc('month', portfolio_day_of(instant)::timestamp)::date
$$;

CREATE FUNCTION loyalty_count_standings() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'INSERT' THEN
        INSERT INTO loyalty_loyaltycount (programme_id, counted, key, count, is_total)
        SELECT programme_id, 'tier', tier_id::text, count(*), false FROM new_rows GROUP BY 1, 3;
    ELSIF TG_OP = 'DELETE' THEN
        INSERT INTO loyalty_loyaltycount (programme_id, counted, key, count, is_total)
        SELECT programme_id, 'tier', tier_id::text, -count(*), false FROM old_rows GROUP BY 1, 3;
    ELSE
        INSERT INTO loyalty_loyaltycount (programme_id, counted, key, count, is_total)
        SELECT programme_id, 'tier', tier_id::text, sum(one), false FROM (
            SELECT programme_id, tier_id, 1 AS one FROM new_rows
            UNION ALL
            SELECT programme_id, tier_id, -1 FROM old_rows
        ) AS changed
        GROUP BY 1, 3 HAVING sum(one) <> 0;
    END IF;
    RETURN NULL;
END $$;
CREATE TRIGGER count_inserted AFTER INSERT ON loyalty_tierstanding
    REFERENCING NEW TABLE AS new_rows FOR EACH STATEMENT EXECUTE FUNCTION loyalty_count_standings();
CREATE TRIGGER count_updated AFTER UPDATE ON loyalty_tierstanding
    REFERENCING OLD TABLE AS old_rows NEW TABLE AS new_rows FOR EACH STATEMENT EXECUTE FUNCTION loyalty_count_standings();
CREATE TRIGGER count_deleted AFTER DELETE ON loyalty_tierstanding
    REFERENCING OLD TABLE AS old_rows FOR EACH STATEMENT EXECUTE FUNCTION loyalty_count_standings();

-- A change of tier changes once, when it is superseded: it is subtracted.
CREATE FUNCTION loyalty_count_moves() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO loyalty_loyaltycount (programme_id, counted, month, key, other, count, is_total)
    SELECT programme_id, 'move', loyalty_month_of(effective_at), coalesce(from_tier_id::text, ''), to_tier_id::text,
        CASE TG_OP WHEN 'INSERT' THEN count(*) ELSE -count(*) END, false
    FROM new_rows WHERE (superseded_at IS NULL) = (TG_OP = 'INSERT')
    GROUP BY 1, 3, 4, 5;
    RETURN NULL;
END $$;
CREATE TRIGGER count_inserted AFTER INSERT ON loyalty_tierchange
    REFERENCING NEW TABLE AS new_rows FOR EACH STATEMENT EXECUTE FUNCTION loyalty_count_moves();
CREATE TRIGGER count_superseded AFTER UPDATE ON loyalty_tierchange
    REFERENCING NEW TABLE AS new_rows FOR EACH STATEMENT EXECUTE FUNCTION loyalty_count_moves();

CREATE FUNCTION loyalty_count_entries() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO loyalty_loyaltycount (programme_id, counted, month, key, count, amount, is_total)
    SELECT programme_id, 'points', loyalty_month_of(at), kind, count(*), sum(points), false
    FROM new_rows GROUP BY 1, 3, 4;
    RETURN NULL;
END $$;
CREATE TRIGGER count_inserted AFTER INSERT ON loyalty_pointsentry
    REFERENCING NEW TABLE AS new_rows FOR EACH STATEMENT EXECUTE FUNCTION loyalty_count_entries();

CREATE FUNCTION loyalty_count_uses() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO loyalty_loyaltycount (programme_id, counted, month, key, count, amount, is_total)
    SELECT b.programme_id, 'benefit', date_trunc('month', u.day::timestamp)::date, u.benefit_id::text,
        CASE TG_OP WHEN 'INSERT' THEN count(*) ELSE -count(*) END,
        CASE TG_OP WHEN 'INSERT' THEN sum(u.cost) ELSE -sum(u.cost) END, false
    FROM new_rows AS u JOIN loyalty_benefit AS b ON b.id = u.benefit_id
    WHERE (u.undone_at IS NULL) = (TG_OP = 'INSERT')
    GROUP BY 1, 3, 4;
    RETURN NULL;
END $$;
CREATE TRIGGER count_inserted AFTER INSERT ON loyalty_benefituse
    REFERENCING NEW TABLE AS new_rows FOR EACH STATEMENT EXECUTE FUNCTION loyalty_count_uses();
CREATE TRIGGER count_undone AFTER UPDATE ON loyalty_benefituse
    REFERENCING NEW TABLE AS new_rows FOR EACH STATEMENT EXECUTE FUNCTION loyalty_count_uses();

-- Awards of badges in the month in which they were earned.
CREATE FUNCTION loyalty_count_awards() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO loyalty_loyaltycount (programme_id, counted, month, key, count, is_total)
    SELECT i.programme_id, 'badge', loyalty_month_of(a.at), a.incentive_id::text,
        CASE TG_OP WHEN 'INSERT' THEN count(*) ELSE -count(*) END, false
    FROM new_rows AS a JOIN loyalty_incentive AS i ON i.id = a.incentive_id
    WHERE (a.superseded_at IS NULL) = (TG_OP = 'INSERT')
    GROUP BY 1, 3, 4;
    RETURN NULL;
END $$;
CREATE TRIGGER count_inserted AFTER INSERT ON loyalty_badgeaward
    REFERENCING NEW TABLE AS new_rows FOR EACH STATEMENT EXECUTE FUNCTION loyalty_count_awards();
CREATE TRIGGER count_superseded AFTER UPDATE ON loyalty_badgeaward
    REFERENCING NEW TABLE AS new_rows FOR EACH STATEMENT EXECUTE FUNCTION loyalty_count_awards();

-- Quests by the month in which they were started, and completed: a row may change either more than once.
CREATE FUNCTION loyalty_count_quests() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'INSERT' THEN
        INSERT INTO loyalty_loyaltycount (programme_id, counted, month, key, other, count, is_total)
        SELECT i.programme_id, 'quest', loyalty_month_of(f.at), q.incentive_id::text, f.what, count(*), false
        FROM new_rows AS q JOIN loyalty_incentive AS i ON i.id = q.incentive_id
        CROSS JOIN LATERAL (VALUES ('started', q.started_at), ('completed', q.completed_at)) AS f (what, at)
        WHERE q.superseded_at IS NULL AND f.at IS NOT NULL GROUP BY 1, 3, 4, 5;
    ELSE
        INSERT INTO loyalty_loyaltycount (programme_id, counted, month, key, other, count, is_total)
        SELECT i.programme_id, 'quest', loyalty_month_of(f.at), q.incentive_id::text, f.what, sum(q.one), false
        FROM (
            SELECT incentive_id, started_at, completed_at, superseded_at, 1 AS one FROM new_rows
            UNION ALL
            SELECT incentive_id, started_at, completed_at, superseded_at, -1 FROM old_rows
        ) AS q
        JOIN loyalty_incentive AS i ON i.id = q.incentive_id
        CROSS JOIN LATERAL (VALUES ('started', q.started_at), ('completed', q.completed_at)) AS f (what, at)
        WHERE q.superseded_at IS NULL AND f.at IS NOT NULL GROUP BY 1, 3, 4, 5 HAVING sum(q.one) <> 0;
    END IF;
    RETURN NULL;
END $$;
CREATE TRIGGER count_inserted AFTER INSERT ON loyalty_questprogress
    REFERENCING NEW TABLE AS new_rows FOR EACH STATEMENT EXECUTE FUNCTION loyalty_count_quests();
CREATE TRIGGER count_updated AFTER UPDATE ON loyalty_questprogress
    REFERENCING OLD TABLE AS old_rows NEW TABLE AS new_rows FOR EACH STATEMENT EXECUTE FUNCTION loyalty_count_quests();
