-- The points ledger: what nobody alters, and its verbs. Each verb locks accounts (by member) before it reads
-- anything else, then lots, then the stock of a reward; settles what is due up to its instant; and gives the same
-- answer to the same key. Errors: LP001 not enough points, LP002 key used for something else, LP003 out of stock,
-- LP004 no such entry, LP005 no such reward, LP006 cancelled already.

CREATE TRIGGER pointsentry_append_only BEFORE UPDATE OR DELETE ON loyalty_pointsentry
    FOR EACH ROW EXECUTE FUNCTION staff_append_only();
CREATE TRIGGER pointsentry_not_emptied BEFORE TRUNCATE ON loyalty_pointsentry EXECUTE FUNCTION staff_append_only();
CREATE TRIGGER lotuse_append_only BEFORE UPDATE OR DELETE ON loyalty_lotuse
    FOR EACH ROW EXECUTE FUNCTION staff_append_only();
CREATE TRIGGER lotuse_not_emptied BEFORE TRUNCATE ON loyalty_lotuse EXECUTE FUNCTION staff_append_only();
CREATE TRIGGER pointslot_kept BEFORE DELETE ON loyalty_pointslot
    FOR EACH ROW EXECUTE FUNCTION staff_append_only();
CREATE TRIGGER pointslot_not_emptied BEFORE TRUNCATE ON loyalty_pointslot EXECUTE FUNCTION staff_append_only();
CREATE TRIGGER pointsaccount_kept BEFORE DELETE ON loyalty_pointsaccount
    FOR EACH ROW EXECUTE FUNCTION staff_append_only();
CREATE TRIGGER pointsaccount_not_emptied BEFORE TRUNCATE ON loyalty_pointsaccount
    EXECUTE FUNCTION staff_append_only();
-- Only the verbs below write to the ledger: the application's role has no right to (models, `withheld`), and whoever
-- has it is refused outside of them.
CREATE FUNCTION loyalty_written_by_its_verbs() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION '% is written by the ledger alone: % refused', TG_TABLE_NAME, TG_OP
        USING ERRCODE = 'integrity_constraint_violation';
END $$;
CREATE TRIGGER pointsentry_by_verbs BEFORE INSERT ON loyalty_pointsentry
    WHEN (current_setting('perennial.ledger', true) IS DISTINCT FROM 'on')
    EXECUTE FUNCTION loyalty_written_by_its_verbs();
CREATE TRIGGER lotuse_by_verbs BEFORE INSERT ON loyalty_lotuse
    WHEN (current_setting('perennial.ledger', true) IS DISTINCT FROM 'on')
    EXECUTE FUNCTION loyalty_written_by_its_verbs();
CREATE TRIGGER pointslot_by_verbs BEFORE INSERT OR UPDATE ON loyalty_pointslot
    WHEN (current_setting('perennial.ledger', true) IS DISTINCT FROM 'on')
    EXECUTE FUNCTION loyalty_written_by_its_verbs();
CREATE TRIGGER pointsaccount_by_verbs BEFORE INSERT OR UPDATE ON loyalty_pointsaccount
    WHEN (current_setting('perennial.ledger', true) IS DISTINCT FROM 'on')
    EXECUTE FUNCTION loyalty_written_by_its_verbs();

CREATE TRIGGER earnruleversion_append_only BEFORE UPDATE OR DELETE ON loyalty_earnruleversion
    FOR EACH ROW EXECUTE FUNCTION staff_append_only();
CREATE TRIGGER earnruleversion_not_emptied BEFORE TRUNCATE ON loyalty_earnruleversion
    EXECUTE FUNCTION staff_append_only();
CREATE TRIGGER rewardversion_append_only BEFORE UPDATE OR DELETE ON loyalty_rewardversion
    FOR EACH ROW EXECUTE FUNCTION staff_append_only();
CREATE TRIGGER rewardversion_not_emptied BEFORE TRUNCATE ON loyalty_rewardversion
    EXECUTE FUNCTION staff_append_only();
CREATE TRIGGER pointsbudget_append_only BEFORE UPDATE OR DELETE ON loyalty_pointsbudget
    FOR EACH ROW EXECUTE FUNCTION staff_append_only();
CREATE TRIGGER pointsbudget_not_emptied BEFORE TRUNCATE ON loyalty_pointsbudget
    EXECUTE FUNCTION staff_append_only();

-- Four eyes: each brought by an approved request of its kind, an adjustment as it was approved.
CREATE TRIGGER earnruleversion_approved BEFORE INSERT ON loyalty_earnruleversion
    FOR EACH ROW EXECUTE FUNCTION staff_needs_approval('loyalty.earn_rule');
CREATE TRIGGER rewardversion_approved BEFORE INSERT ON loyalty_rewardversion
    FOR EACH ROW EXECUTE FUNCTION staff_needs_approval('loyalty.reward');
CREATE TRIGGER pointsbudget_approved BEFORE INSERT ON loyalty_pointsbudget
    FOR EACH ROW EXECUTE FUNCTION staff_needs_approval('loyalty.points_budget');
CREATE TRIGGER pointsentry_approved BEFORE INSERT ON loyalty_pointsentry
    FOR EACH ROW WHEN (NEW.request_id IS NOT NULL)
    EXECUTE FUNCTION staff_needs_approval('loyalty.points_adjustment');

CREATE FUNCTION loyalty_adjusted_as_approved() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NOT EXISTS (
        SELECT FROM staff_request
        WHERE id = NEW.request_id
          AND (proposal ->> 'member')::bigint = NEW.member_id
          AND (proposal ->> 'programme')::bigint = NEW.programme_id
          AND (proposal ->> 'points')::bigint = NEW.points
    ) THEN
        RAISE EXCEPTION 'an adjustment is posted as it was approved: % refused', TG_OP
            USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER pointsentry_as_approved BEFORE INSERT ON loyalty_pointsentry
    FOR EACH ROW WHEN (NEW.request_id IS NOT NULL) EXECUTE FUNCTION loyalty_adjusted_as_approved();

-- A version says what its request said, of the rule, reward or programme that it named, and starts no earlier than
-- it asked for.
CREATE FUNCTION loyalty_version_as_approved() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    asked jsonb;
    said jsonb;
BEGIN
    SELECT proposal INTO asked FROM staff_request WHERE id = NEW.request_id;
    said := to_jsonb(NEW);
    IF (asked ->> 'effective_from')::timestamptz > NEW.effective_from
       OR (TG_TABLE_NAME = 'loyalty_pointsbudget'
           AND ((asked ->> 'points')::bigint, (asked ->> 'programme')::bigint)
               IS DISTINCT FROM ((said ->> 'points')::bigint, (said ->> 'programme_id')::bigint))
       OR (TG_TABLE_NAME <> 'loyalty_pointsbudget' AND EXISTS (
           SELECT FROM jsonb_each_text(asked -> 'values') v
           WHERE CASE WHEN v.key IN ('unit', 'cost', 'value')
                      THEN v.value::numeric IS DISTINCT FROM (said ->> v.key)::numeric
                      ELSE v.value IS DISTINCT FROM (said ->> v.key) END
       ))
       OR (TG_TABLE_NAME = 'loyalty_earnruleversion' AND NOT EXISTS (
           SELECT FROM loyalty_earnrule r WHERE r.id = (said ->> 'rule_id')::bigint
             AND r.code = asked ->> 'code' AND r.programme_id = (asked ->> 'programme')::bigint
       ))
       OR (TG_TABLE_NAME = 'loyalty_rewardversion' AND NOT EXISTS (
           SELECT FROM loyalty_reward r WHERE r.id = (said ->> 'reward_id')::bigint
             AND r.code = asked ->> 'code' AND r.programme_id = (asked ->> 'programme')::bigint
       )) THEN
        RAISE EXCEPTION '% is not what was approved', TG_TABLE_NAME USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER earnruleversion_as_approved BEFORE INSERT ON loyalty_earnruleversion
    FOR EACH ROW EXECUTE FUNCTION loyalty_version_as_approved();
CREATE TRIGGER rewardversion_as_approved BEFORE INSERT ON loyalty_rewardversion
    FOR EACH ROW EXECUTE FUNCTION loyalty_version_as_approved();
CREATE TRIGGER pointsbudget_as_approved BEFORE INSERT ON loyalty_pointsbudget
    FOR EACH ROW EXECUTE FUNCTION loyalty_version_as_approved();

-- An entry of this key, where it is the same posting; NULL where there is none.
CREATE FUNCTION loyalty_entry_of_key(
    p_member bigint, p_key text, p_programme bigint, p_kind text, p_points bigint, p_of_entry bigint
) RETURNS bigint LANGUAGE plpgsql AS $$
DECLARE
    posted record;
BEGIN
    SELECT id, programme_id, kind, points, debt, of_entry INTO posted
    FROM loyalty_pointsentry WHERE member_id = p_member AND key = p_key;
    IF NOT FOUND THEN
        RETURN NULL;
    END IF;
    IF (posted.programme_id, posted.kind) IS DISTINCT FROM (p_programme, p_kind)
       OR posted.points <> coalesce(p_points, posted.points) OR posted.of_entry IS DISTINCT FROM p_of_entry THEN
        RAISE EXCEPTION 'key % is that of another entry', p_key USING ERRCODE = 'LP002';
    END IF;
    RETURN posted.id;
END $$;

-- When time alone next changes a member's account.
CREATE FUNCTION loyalty_points_due(p_member bigint, p_programme bigint) RETURNS timestamptz LANGUAGE sql STABLE AS $$
    SELECT min(CASE WHEN pending THEN available_from ELSE expires_at END) FROM loyalty_pointslot
    WHERE member_id = p_member AND programme_id = p_programme AND remaining > 0
$$;

-- What time has brought these members by p_now: pending points become available and pay debts, then lots lapse
-- (p_lapse false: they wait).
CREATE FUNCTION loyalty_settle(
    p_programme bigint, p_members bigint[], p_now timestamptz, p_lapse boolean DEFAULT true,
    OUT activated bigint, OUT expired bigint
) LANGUAGE plpgsql
    SECURITY DEFINER SET search_path = public, pg_temp SET perennial.ledger = 'on'
    SET plan_cache_mode = force_custom_plan  -- one member or twenty thousand
AS $$
BEGIN
    PERFORM FROM loyalty_pointsaccount WHERE programme_id = p_programme AND member_id = ANY(p_members)
    ORDER BY member_id FOR UPDATE;

    WITH ready AS MATERIALIZED (
        SELECT l.member_id, l.id, l.remaining, l.available_from, nextval('loyalty_points_id') AS payment,
               greatest(0, least(l.remaining, a.debt - coalesce(sum(l.remaining) OVER earlier, 0))) AS paid
        FROM loyalty_pointsaccount a
        JOIN loyalty_pointslot l ON l.member_id = a.member_id AND l.programme_id = a.programme_id
        WHERE a.programme_id = p_programme AND a.member_id = ANY(p_members)
          AND l.pending AND l.available_from <= p_now
        WINDOW earlier AS (PARTITION BY l.member_id ORDER BY l.available_from, l.id
                           ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING)
    ), opened AS (
        UPDATE loyalty_pointslot l SET pending = false, remaining = l.remaining - r.paid
        FROM ready r WHERE l.member_id = r.member_id AND l.id = r.id
    ), payments AS (
        INSERT INTO loyalty_pointsentry
            (member_id, id, programme_id, kind, points, debt, at, counts_from, recorded_at, key, of_entry)
        SELECT member_id, payment, p_programme, 'debt_payment', -paid, -paid, available_from, available_from, p_now,
               '~debt:' || id, id
        FROM ready WHERE paid > 0
    ), uses AS (
        INSERT INTO loyalty_lotuse (member_id, entry_id, lot_id, points)
        SELECT member_id, payment, id, paid FROM ready WHERE paid > 0
    ), sums AS (
        SELECT member_id, sum(remaining) AS points, sum(paid) AS paid FROM ready GROUP BY member_id
    ), accounts AS (
        UPDATE loyalty_pointsaccount a
        SET pending = a.pending - s.points, balance = a.balance + s.points - s.paid, debt = a.debt - s.paid
        FROM sums s WHERE a.member_id = s.member_id AND a.programme_id = p_programme
    )
    SELECT coalesce(sum(points), 0) INTO activated FROM sums;

    WITH lapsed AS MATERIALIZED (
        SELECT l.member_id, l.id, l.remaining, greatest(l.expires_at, l.restored_at) AS at,
               nextval('loyalty_points_id') AS expiry
        FROM loyalty_pointslot l
        WHERE l.programme_id = p_programme AND l.member_id = ANY(p_members)
          AND p_lapse AND NOT l.pending AND l.expires_at <= p_now AND l.remaining > 0
    ), emptied AS (
        UPDATE loyalty_pointslot l SET remaining = 0
        FROM lapsed x WHERE l.member_id = x.member_id AND l.id = x.id
    ), entries AS (
        INSERT INTO loyalty_pointsentry
            (member_id, id, programme_id, kind, points, at, counts_from, recorded_at, key, of_entry)
        SELECT member_id, expiry, p_programme, 'expire', -remaining, at, at, p_now, '~expire:' || expiry, id
        FROM lapsed
    ), uses AS (
        INSERT INTO loyalty_lotuse (member_id, entry_id, lot_id, points)
        SELECT member_id, expiry, id, remaining FROM lapsed
    ), sums AS (
        SELECT member_id, sum(remaining) AS points FROM lapsed GROUP BY member_id
    ), accounts AS (
        UPDATE loyalty_pointsaccount a SET balance = a.balance - s.points
        FROM sums s WHERE a.member_id = s.member_id AND a.programme_id = p_programme
    )
    SELECT coalesce(sum(points), 0) INTO expired FROM sums;

    UPDATE loyalty_pointsaccount a SET due_at = loyalty_points_due(a.member_id, a.programme_id)
    WHERE a.programme_id = p_programme AND a.member_id = ANY(p_members) AND a.due_at <= p_now;
END $$;

-- Post many entries that bring points, each with a lot; points pay debts as soon as they are available.
-- `refused` are the keys that stand for other postings; nothing of these is added.
CREATE FUNCTION loyalty_earn(
    p_programme bigint, p_now timestamptz, p_kind text, p_members bigint[], p_keys text[], p_points bigint[],
    p_ats timestamptz[], p_available timestamptz[], p_expires timestamptz[], p_reasons text[],
    p_versions bigint[], p_rows text[], p_amounts numeric[], p_request bigint,
    OUT added bigint, OUT granted bigint, OUT refused text[]
) LANGUAGE plpgsql
    SECURITY DEFINER SET search_path = public, pg_temp SET perennial.ledger = 'on'
    SET plan_cache_mode = force_custom_plan  -- one member or twenty thousand
AS $$
DECLARE
    ids bigint[];
    all_new boolean := true;  -- neither a key nor an account that is missing comes from somebody else meanwhile
    missing bigint;
    opened bigint[];   -- members who had no account; with all_new theirs holds the points already
    entered bigint[];  -- the ids that are new; NULL: all are
    due bigint[];
    -- Nearly always all keys are new. ON CONFLICT would make each row cost half as much again.
    enter CONSTANT text := $enter$
        INSERT INTO loyalty_pointsentry
            (member_id, id, programme_id, kind, points, at, counts_from, recorded_at, key, reason, rule_version_id,
             source_row, amount, request_id)
        SELECT g.member_id, g.id, $11, $12, g.points, g.at, g.available, $13, g.key, coalesce(g.reason, ''), g.version,
               g.source_row, g.amount, $14
        FROM unnest($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)
             AS g(id, member_id, key, points, at, available, reason, version, source_row, amount)
        ORDER BY g.member_id, g.key  -- whoever inserts the same keys waits in the same order
    $enter$;
BEGIN
    IF p_kind NOT IN ('earn', 'adjust') THEN
        RAISE EXCEPTION 'nothing is earned by %', p_kind;
    END IF;
    SELECT array_agg(nextval('loyalty_points_id')) INTO ids FROM unnest(p_members);
    LOOP
        BEGIN
            -- Accounts before entries: who found none would hold entries and wait for an account whose holder
            -- waits for the entries.
            WITH stranger AS (
                SELECT g.member_id, coalesce(sum(g.points) FILTER (WHERE g.available <= p_now), 0) AS points,
                       coalesce(sum(g.points) FILTER (WHERE g.available > p_now), 0) AS pending,
                       min(CASE WHEN g.available > p_now THEN g.available ELSE g.expires END) AS due_at
                FROM unnest(p_members, p_points, p_available, p_expires) AS g(member_id, points, available, expires)
                WHERE NOT EXISTS (
                    SELECT FROM loyalty_pointsaccount a WHERE a.member_id = g.member_id AND a.programme_id = p_programme
                )
                GROUP BY g.member_id
            ), made AS (
                INSERT INTO loyalty_pointsaccount (member_id, programme_id, balance, pending, due_at)
                SELECT member_id, p_programme, CASE WHEN all_new THEN points ELSE 0 END,
                       CASE WHEN all_new THEN s.pending ELSE 0 END, CASE WHEN all_new THEN s.due_at END
                FROM stranger s ORDER BY member_id
                ON CONFLICT (member_id, programme_id) DO NOTHING
                RETURNING member_id
            )
            SELECT (SELECT count(*) FROM stranger), coalesce(array_agg(member_id), '{}') INTO missing, opened FROM made;
            IF all_new AND cardinality(opened) < missing THEN
                RAISE unique_violation;
            END IF;
            WITH held AS (
                SELECT member_id, due_at FROM loyalty_pointsaccount
                WHERE programme_id = p_programme AND member_id = ANY(p_members) AND member_id <> ALL(opened)
                ORDER BY member_id FOR UPDATE
            )
            SELECT array_agg(member_id) INTO due FROM held WHERE due_at <= p_now;
            IF due IS NOT NULL THEN
                PERFORM loyalty_settle(p_programme, due, p_now);
            END IF;
            IF all_new THEN
                EXECUTE enter USING ids, p_members, p_keys, p_points, p_ats, p_available, p_reasons, p_versions,
                    p_rows, p_amounts, p_programme, p_kind, p_now, p_request;
            ELSE
                EXECUTE 'WITH entered AS (' || enter || ' ON CONFLICT (member_id, key) DO NOTHING RETURNING id)'
                    ' SELECT coalesce(array_agg(id), ''{}'') FROM entered'
                INTO entered
                USING ids, p_members, p_keys, p_points, p_ats, p_available, p_reasons, p_versions,
                    p_rows, p_amounts, p_programme, p_kind, p_now, p_request;
                opened := '{}';
            END IF;
            EXIT;
        EXCEPTION WHEN unique_violation THEN
            IF NOT all_new THEN
                RAISE;
            END IF;
            all_new := false;
        END;
    END LOOP;

    WITH given AS MATERIALIZED (
        SELECT g.*, g.available > p_now AS pending
        FROM unnest(ids, p_members, p_points, p_available, p_expires) AS g(id, member_id, points, available, expires)
        WHERE entered IS NULL OR g.id IN (SELECT unnest(entered))
    ), owed AS MATERIALIZED (
        SELECT member_id, debt FROM loyalty_pointsaccount
        WHERE programme_id = p_programme AND member_id = ANY(p_members) AND debt > 0
    ), paying AS MATERIALIZED (
        SELECT g.member_id, g.id, nextval('loyalty_points_id') AS payment,
               greatest(0, least(g.points, o.debt - coalesce(sum(g.points) OVER earlier, 0)))::bigint AS paid
        FROM owed o
        JOIN given g USING (member_id)
        WHERE NOT g.pending
        WINDOW earlier AS (PARTITION BY g.member_id ORDER BY g.id
                           ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING)
    ), fresh AS MATERIALIZED (
        SELECT g.*, coalesce(p.paid, 0) AS paid FROM given g LEFT JOIN paying p USING (id)
    ), lots AS (
        INSERT INTO loyalty_pointslot
            (member_id, id, programme_id, points, remaining, pending, available_from, expires_at)
        SELECT member_id, id, p_programme, points, points - paid, pending, available, expires FROM fresh
    ), payments AS (
        INSERT INTO loyalty_pointsentry
            (member_id, id, programme_id, kind, points, debt, at, counts_from, recorded_at, key, of_entry)
        SELECT p.member_id, p.payment, p_programme, 'debt_payment', -p.paid, -p.paid, p_now, p_now, p_now,
               '~debt:' || p.id, p.id
        FROM paying p WHERE p.paid > 0
    ), uses AS (
        INSERT INTO loyalty_lotuse (member_id, entry_id, lot_id, points)
        SELECT member_id, payment, id, paid FROM paying WHERE paid > 0
    ), sums AS (
        SELECT member_id, coalesce(sum(points - paid) FILTER (WHERE NOT pending), 0) AS points,
               coalesce(sum(points) FILTER (WHERE pending), 0) AS pending, sum(paid) AS paid,
               min(CASE WHEN pending THEN available ELSE expires END) AS due_at
        FROM fresh WHERE member_id <> ALL(opened) GROUP BY member_id
    ), accounts AS (
        UPDATE loyalty_pointsaccount a
        SET balance = a.balance + s.points, pending = a.pending + s.pending, debt = a.debt - s.paid,
            due_at = least(a.due_at, s.due_at)
        FROM sums s WHERE a.member_id = s.member_id AND a.programme_id = p_programme
    )
    SELECT count(*), coalesce(sum(points), 0),
           array_agg(DISTINCT member_id) FILTER (WHERE NOT pending AND expires <= p_now)  -- a fact that came late
    INTO added, granted, due FROM fresh;

    IF added < cardinality(p_members) THEN
        SELECT array_agg(g.key ORDER BY g.key) INTO refused
        FROM unnest(p_members, p_keys, p_points) AS g(member_id, key, points)
        JOIN loyalty_pointsentry e ON e.member_id = g.member_id AND e.key = g.key
        WHERE (e.programme_id, e.kind, e.points, e.request_id)
              IS DISTINCT FROM (p_programme, p_kind, g.points, p_request);
    END IF;
    IF due IS NOT NULL THEN
        PERFORM loyalty_settle(p_programme, due, p_now);
    END IF;
END $$;

-- Take points from a member's lots, those that lapse first before the others, and record what for.
CREATE FUNCTION loyalty_take_from_lots(
    p_programme bigint, p_member bigint, p_entry bigint, p_points bigint, p_first_lot bigint
) RETURNS void LANGUAGE sql AS $$
    WITH lots AS MATERIALIZED (
        SELECT id, remaining,
               sum(remaining) OVER (ORDER BY (id <> p_first_lot), expires_at NULLS LAST, id) - remaining AS before
        FROM loyalty_pointslot
        WHERE member_id = p_member AND programme_id = p_programme AND NOT pending AND remaining > 0
    ), taken AS (
        SELECT id, least(remaining, p_points - before) AS points FROM lots WHERE before < p_points
    ), emptied AS (
        UPDATE loyalty_pointslot l SET remaining = l.remaining - t.points
        FROM taken t WHERE l.member_id = p_member AND l.id = t.id
    )
    INSERT INTO loyalty_lotuse (member_id, entry_id, lot_id, points) SELECT p_member, p_entry, id, points FROM taken
$$;

-- Redeem points, or take them by an adjustment. Gives the entry and whether it stood there already.
CREATE FUNCTION loyalty_spend(
    p_programme bigint, p_member bigint, p_kind text, p_points bigint, p_key text, p_now timestamptz, p_reason text,
    p_reward_version bigint, p_quantity integer, p_request bigint, OUT entry bigint, OUT repeated boolean
) LANGUAGE plpgsql
    SECURITY DEFINER SET search_path = public, pg_temp SET perennial.ledger = 'on' AS $$
DECLARE
    account record;
    wanted bigint;
    on_stock bigint;
BEGIN
    IF p_kind NOT IN ('redeem', 'adjust') OR p_points <= 0 THEN
        RAISE EXCEPTION 'nothing is spent by % of %', p_kind, p_points;
    END IF;
    SELECT balance, due_at INTO account FROM loyalty_pointsaccount
    WHERE member_id = p_member AND programme_id = p_programme FOR UPDATE;
    entry := loyalty_entry_of_key(p_member, p_key, p_programme, p_kind, -p_points, NULL);
    IF entry IS NOT NULL THEN
        repeated := true;
        RETURN;
    END IF;
    repeated := false;
    IF account.due_at <= p_now THEN
        PERFORM loyalty_settle(p_programme, ARRAY[p_member], p_now);
        SELECT balance, due_at INTO account FROM loyalty_pointsaccount
        WHERE member_id = p_member AND programme_id = p_programme;
    END IF;
    IF coalesce(account.balance, 0) < p_points THEN
        RAISE EXCEPTION 'not enough points' USING ERRCODE = 'LP001', DETAIL = coalesce(account.balance, 0)::text;
    END IF;
    entry := nextval('loyalty_points_id');
    INSERT INTO loyalty_pointsentry
        (member_id, id, programme_id, kind, points, at, counts_from, recorded_at, key, reason, reward_version_id,
         quantity, request_id)
    VALUES (p_member, entry, p_programme, p_kind, -p_points, p_now, p_now, p_now, p_key, p_reason, p_reward_version,
            p_quantity, p_request);
    PERFORM loyalty_take_from_lots(p_programme, p_member, entry, p_points, 0);
    UPDATE loyalty_pointsaccount SET balance = balance - p_points
    WHERE member_id = p_member AND programme_id = p_programme;
    IF p_reward_version IS NOT NULL THEN
        SELECT reward_id INTO wanted FROM loyalty_rewardversion WHERE id = p_reward_version;
        UPDATE loyalty_reward SET stock = stock - p_quantity WHERE id = wanted AND stock >= p_quantity;
        IF NOT FOUND THEN
            SELECT stock INTO on_stock FROM loyalty_reward WHERE id = wanted;
            IF on_stock IS NOT NULL THEN
                RAISE EXCEPTION 'out of stock' USING ERRCODE = 'LP003', DETAIL = on_stock::text;
            END IF;
        END IF;
    END IF;
END $$;

-- Cancel a redemption: its points return to the lots they came from, and lapse when these do.
CREATE FUNCTION loyalty_reverse(
    p_programme bigint, p_member bigint, p_redemption bigint, p_key text, p_now timestamptz, p_reason text,
    OUT entry bigint, OUT repeated boolean
) LANGUAGE plpgsql
    SECURITY DEFINER SET search_path = public, pg_temp SET perennial.ledger = 'on' AS $$
DECLARE
    redeemed record;
    owed bigint;
    paid bigint;
    payment bigint;
BEGIN
    SELECT debt INTO owed FROM loyalty_pointsaccount
    WHERE member_id = p_member AND programme_id = p_programme FOR UPDATE;
    entry := loyalty_entry_of_key(p_member, p_key, p_programme, 'reverse', NULL, p_redemption);
    IF entry IS NOT NULL THEN
        repeated := true;
        RETURN;
    END IF;
    repeated := false;
    SELECT points, reward_version_id, quantity INTO redeemed FROM loyalty_pointsentry
    WHERE member_id = p_member AND id = p_redemption AND programme_id = p_programme AND kind = 'redeem';
    IF NOT FOUND THEN
        RAISE EXCEPTION 'no such redemption' USING ERRCODE = 'LP004';
    END IF;
    IF EXISTS (SELECT FROM loyalty_pointsentry
               WHERE member_id = p_member AND of_entry = p_redemption AND kind = 'reverse') THEN
        RAISE EXCEPTION 'cancelled already' USING ERRCODE = 'LP006';
    END IF;
    PERFORM loyalty_settle(p_programme, ARRAY[p_member], p_now);
    SELECT debt INTO owed FROM loyalty_pointsaccount WHERE member_id = p_member AND programme_id = p_programme;
    paid := least(owed, -redeemed.points);
    entry := nextval('loyalty_points_id');
    INSERT INTO loyalty_pointsentry
        (member_id, id, programme_id, kind, points, at, counts_from, recorded_at, key, reason, of_entry,
         reward_version_id, quantity)
    VALUES (p_member, entry, p_programme, 'reverse', -redeemed.points, p_now, p_now, p_now, p_key, p_reason,
            p_redemption, redeemed.reward_version_id, redeemed.quantity);
    WITH returned AS (
        INSERT INTO loyalty_lotuse (member_id, entry_id, lot_id, points)
        SELECT member_id, entry, lot_id, -points FROM loyalty_lotuse
        WHERE member_id = p_member AND entry_id = p_redemption
        RETURNING lot_id, points
    )
    UPDATE loyalty_pointslot l SET remaining = l.remaining - r.points, restored_at = p_now
    FROM returned r WHERE l.member_id = p_member AND l.id = r.lot_id;
    IF paid > 0 THEN
        payment := nextval('loyalty_points_id');
        INSERT INTO loyalty_pointsentry
            (member_id, id, programme_id, kind, points, debt, at, counts_from, recorded_at, key, of_entry)
        VALUES (p_member, payment, p_programme, 'debt_payment', -paid, -paid, p_now, p_now, p_now,
                '~debt:' || entry, entry);
        PERFORM loyalty_take_from_lots(p_programme, p_member, payment, paid, 0);
    END IF;
    UPDATE loyalty_pointsaccount a
    SET balance = a.balance - redeemed.points - paid, debt = a.debt - paid,
        due_at = loyalty_points_due(a.member_id, a.programme_id)
    WHERE a.member_id = p_member AND a.programme_id = p_programme;
    UPDATE loyalty_reward r SET stock = r.stock + redeemed.quantity
    FROM loyalty_rewardversion v
    WHERE v.id = redeemed.reward_version_id AND r.id = v.reward_id AND r.stock IS NOT NULL;
    PERFORM loyalty_settle(p_programme, ARRAY[p_member], p_now);
END $$;

-- Take back what an entry earned (p_points NULL: all that is left of it): from its own lot, then from the others,
-- and what has been spent as a debt. What had lapsed brought the member nothing and is not owed.
CREATE FUNCTION loyalty_claw_back(
    p_programme bigint, p_member bigint, p_earned bigint, p_points bigint, p_key text, p_now timestamptz,
    p_reason text, OUT entry bigint, OUT repeated boolean
) LANGUAGE plpgsql
    SECURITY DEFINER SET search_path = public, pg_temp SET perennial.ledger = 'on' AS $$
DECLARE
    account record;
    lot record;
    lapsed bigint;
    taken_before bigint;
    wanted bigint;
    available bigint;
BEGIN
    PERFORM FROM loyalty_pointsaccount WHERE member_id = p_member AND programme_id = p_programme FOR UPDATE;
    entry := loyalty_entry_of_key(p_member, p_key, p_programme, 'clawback', NULL, p_earned);
    IF entry IS NOT NULL THEN
        repeated := true;
        RETURN;
    END IF;
    repeated := false;
    PERFORM loyalty_settle(p_programme, ARRAY[p_member], p_now);
    SELECT balance, pending, debt INTO account FROM loyalty_pointsaccount
    WHERE member_id = p_member AND programme_id = p_programme;
    SELECT l.points, l.remaining, l.pending, l.available_from INTO lot
    FROM loyalty_pointslot l JOIN loyalty_pointsentry e ON e.member_id = l.member_id AND e.id = l.id
    WHERE l.member_id = p_member AND l.id = p_earned AND l.programme_id = p_programme AND e.kind = 'earn';
    IF NOT FOUND THEN
        RAISE EXCEPTION 'no such earning' USING ERRCODE = 'LP004';
    END IF;
    SELECT coalesce(sum(-points) FILTER (WHERE kind = 'expire'), 0),
           coalesce(sum(debt - points) FILTER (WHERE kind = 'clawback'), 0)
    INTO lapsed, taken_before
    FROM loyalty_pointsentry
    WHERE member_id = p_member AND of_entry = p_earned AND kind IN ('expire', 'clawback');
    wanted := least(coalesce(p_points, lot.points), greatest(lot.points - lapsed - taken_before, 0));
    available := least(wanted, CASE WHEN lot.pending THEN lot.remaining ELSE account.balance END);
    entry := nextval('loyalty_points_id');
    INSERT INTO loyalty_pointsentry
        (member_id, id, programme_id, kind, points, debt, at, counts_from, recorded_at, key, reason, of_entry)
    VALUES (p_member, entry, p_programme, 'clawback', -available, wanted - available, p_now,
            CASE WHEN lot.pending THEN lot.available_from ELSE p_now END, p_now, p_key, p_reason, p_earned);
    IF lot.pending THEN
        UPDATE loyalty_pointslot SET remaining = remaining - available WHERE member_id = p_member AND id = p_earned;
        INSERT INTO loyalty_lotuse (member_id, entry_id, lot_id, points)
        SELECT p_member, entry, p_earned, available WHERE available > 0;
        UPDATE loyalty_pointsaccount a
        SET pending = a.pending - available, due_at = loyalty_points_due(a.member_id, a.programme_id)
        WHERE a.member_id = p_member AND a.programme_id = p_programme;
    ELSE
        PERFORM loyalty_take_from_lots(p_programme, p_member, entry, available, p_earned);
        UPDATE loyalty_pointsaccount a SET balance = a.balance - available, debt = a.debt + wanted - available
        WHERE a.member_id = p_member AND a.programme_id = p_programme;
    END IF;
END $$;

-- When points that become available at an instant lapse: with the last day of their term, in platform days. Of a
-- month that has no such day the last one counts.
CREATE FUNCTION loyalty_points_lapse(timestamptz, text, integer, integer) RETURNS timestamptz LANGUAGE sql STABLE AS $$
    SELECT CASE $2
        WHEN 'rolling' THEN
            ((($1 AT TIME ZONE current_setting('perennial.zone'))::date + make_interval(months => $3))::date + 1)
                ::timestamp AT TIME ZONE current_setting('perennial.zone')
        WHEN 'year_end' THEN
            (make_date(extract(year FROM $1 AT TIME ZONE current_setting('perennial.zone'))::integer + 1, 1, 1) + $4)
                ::timestamp AT TIME ZONE current_setting('perennial.zone')
    END
$$;
