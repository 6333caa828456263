-- The rules of tiers, day by day for each member: docs/loyalty.md in code. A pass over _tier_event in order.
DO $fold$
DECLARE
    today date := current_setting('perennial.tier_day')::date;
    member bigint;
    e record;
    tier smallint;              -- by the rules
    shown smallint;             -- the one that counts
    overridden smallint;
    protected_until date;
    steps_from date;            -- after a downgrade: the first day on which the next one is judged
    pending smallint;
    pending_on date;
    pending_inputs jsonb;
    since_day date;
    inputs jsonb;               -- of the latest day up to today
    is_future boolean;
    is_over boolean;            -- the first change to come is found
    was_shown smallint;
    was_tier smallint;
    was_overridden smallint;
    reached smallint;
    why text;
    because jsonb;
BEGIN
    FOR e IN
        SELECT v.*, c.rank AS c_rank, c.shown AS c_shown, c.override AS c_override, c.protected_until AS c_protected,
               c.steps_from AS c_steps_from,
               c.pending AS c_pending, c.pending_on AS c_pending_on, c.pending_inputs AS c_pending_inputs
        FROM _tier_event v JOIN _tier_claim c USING (member_id) ORDER BY v.member_id, v.day
    LOOP
        IF member IS DISTINCT FROM e.member_id THEN
            member := e.member_id;
            tier := e.c_rank; shown := e.c_shown; overridden := e.c_override; protected_until := e.c_protected;
            steps_from := e.c_steps_from;
            pending := e.c_pending; pending_on := e.c_pending_on; pending_inputs := e.c_pending_inputs;
            since_day := NULL; inputs := NULL; is_future := false; is_over := false;
        END IF;
        CONTINUE WHEN is_over;
        -- A downgrade whose day comes before this one.
        IF pending_on < e.day AND pending_on <= today THEN
            steps_from := (date_trunc('month', pending_on::timestamp) + interval '1 month')::date;
            tier := pending;
            IF coalesce(overridden, tier) <> shown THEN
                INSERT INTO _tier_change
                SELECT member, pending_on, shown, coalesce(overridden, tier), 'not_kept', p.version, pending_inputs
                FROM _tier_policy p WHERE pending_on >= p.from_day AND pending_on < p.to_day;
                shown := coalesce(overridden, tier); since_day := pending_on;
            END IF;
            pending := NULL; pending_on := NULL; pending_inputs := NULL;
        END IF;
        IF e.day > today AND NOT is_future THEN
            is_future := true;
            INSERT INTO _tier_state VALUES
                (member, tier, shown, protected_until, steps_from, pending, pending_on, pending_inputs, since_day, inputs);
        END IF;
        IF pending_on < e.day THEN
            INSERT INTO _tier_next VALUES
                (member, pending_on, CASE WHEN coalesce(overridden, pending) < shown THEN pending END);
            is_over := true;
            CONTINUE;
        END IF;
        was_tier := tier; was_shown := shown; was_overridden := overridden;
        overridden := e.override;
        because := e.inputs;
        IF tier IS NULL THEN
            tier := greatest(e.reached, e.reached_at_once);
        ELSE
            reached := CASE WHEN e.is_review THEN greatest(e.reached, e.reached_at_once) ELSE e.reached_at_once END;
            IF reached > tier THEN
                tier := reached; protected_until := e.day + e.protect_days;
                pending := NULL; pending_on := NULL; pending_inputs := NULL;
            ELSIF reached = tier THEN
                pending := NULL; pending_on := NULL; pending_inputs := NULL;
            ELSIF e.is_review AND e.downgrade = 'none' THEN
                pending := NULL; pending_on := NULL; pending_inputs := NULL;
            ELSIF e.is_review AND (e.downgrade = 'full' OR steps_from IS NULL OR e.day >= steps_from) THEN
                pending := CASE e.downgrade WHEN 'one_step' THEN tier - 1 ELSE reached END;
                IF pending_on IS NULL THEN
                    pending_on := greatest(e.day + e.grace_days, protected_until);
                    pending_inputs := e.inputs;
                END IF;
            END IF;
            IF pending_on <= e.day THEN
                steps_from := (date_trunc('month', e.day::timestamp) + interval '1 month')::date;
                tier := pending; because := pending_inputs;
                pending := NULL; pending_on := NULL; pending_inputs := NULL;
            END IF;
        END IF;
        shown := coalesce(overridden, tier);
        IF NOT is_future THEN
            inputs := e.inputs;
            IF shown IS DISTINCT FROM was_shown THEN
                why := CASE WHEN was_shown IS NULL THEN 'entered'
                            WHEN overridden IS DISTINCT FROM was_overridden AND overridden IS NOT NULL THEN 'override'
                            WHEN overridden IS DISTINCT FROM was_overridden THEN 'returned'
                            WHEN shown > was_shown THEN 'reached' ELSE 'not_kept' END;
                INSERT INTO _tier_change VALUES (member, e.day, was_shown, shown, why, e.version, because);
                since_day := e.day;
            END IF;
        ELSIF shown <> was_shown OR tier <> was_tier THEN
            INSERT INTO _tier_next VALUES (member, e.day, CASE WHEN shown < was_shown THEN shown END);
            is_over := true;
        END IF;
    END LOOP;
END $fold$
