-- Every change of a fact marks its member dirty in the same transaction, set-based, whoever writes it.
--
-- A session keeps the plan of a trigger's statement as it was made for the first rows, often none. So old and new rows
-- are never joined with each other: they are grouped, which costs the same whatever number was planned for.

CREATE FUNCTION lifecycle_member_inserted() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO lifecycle_standing (member_id, policy_version, rules, warnings, aum)
    SELECT id, 0, 0, 0, 0 FROM new_rows ORDER BY id;
    INSERT INTO lifecycle_dirty (member_id, since, until)
    SELECT id, known_at, greatest(known_at, registered_at) FROM new_rows;
    RETURN NULL;
END $$;

-- The member record counts at once, also where it speaks of the future: a registration to come is a due instant.
-- So a change of it dirties its member from an instant that lies before every record.
CREATE FUNCTION lifecycle_member_updated() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO lifecycle_dirty (member_id, since, until)
    SELECT id, timestamptz '1800-01-01 00:00+00', max(greatest(known_at, registered_at))
    FROM (SELECT id, known_at, registered_at FROM old_rows
          UNION ALL SELECT id, known_at, registered_at FROM new_rows) AS compared
    GROUP BY id
    HAVING min(known_at) < max(known_at) OR min(registered_at) < max(registered_at) OR count(registered_at) = 1;
    RETURN NULL;
END $$;

CREATE FUNCTION lifecycle_transaction_inserted() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO lifecycle_dirty (member_id, since, until)
    SELECT member_id, min(at), max(at) FROM new_rows WHERE kind IN ('buy', 'redemption', 'payout') GROUP BY member_id;
    RETURN NULL;
END $$;
CREATE FUNCTION lifecycle_transaction_deleted() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO lifecycle_dirty (member_id, since, until)
    SELECT member_id, min(at), max(at) FROM old_rows WHERE kind IN ('buy', 'redemption', 'payout') GROUP BY member_id;
    RETURN NULL;
END $$;
CREATE FUNCTION lifecycle_transaction_updated() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO lifecycle_dirty (member_id, since, until)
    SELECT member_id, min(at), max(at) FROM (
        (SELECT member_id, id, at, kind, amount, matures_on, product_id FROM old_rows
         EXCEPT SELECT member_id, id, at, kind, amount, matures_on, product_id FROM new_rows)
        UNION ALL
        (SELECT member_id, id, at, kind, amount, matures_on, product_id FROM new_rows
         EXCEPT SELECT member_id, id, at, kind, amount, matures_on, product_id FROM old_rows)
    ) changed
    WHERE kind IN ('buy', 'redemption', 'payout') GROUP BY member_id;
    RETURN NULL;
END $$;

CREATE FUNCTION lifecycle_event_inserted() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO lifecycle_dirty (member_id, since, until)
    SELECT member_id, min(at), max(at) FROM new_rows WHERE name = 'login' GROUP BY member_id;
    RETURN NULL;
END $$;
CREATE FUNCTION lifecycle_event_deleted() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO lifecycle_dirty (member_id, since, until)
    SELECT member_id, min(at), max(at) FROM old_rows WHERE name = 'login' GROUP BY member_id;
    RETURN NULL;
END $$;
CREATE FUNCTION lifecycle_event_updated() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO lifecycle_dirty (member_id, since, until)
    SELECT member_id, min(at), max(at) FROM (
        (SELECT member_id, id, at, name FROM old_rows EXCEPT SELECT member_id, id, at, name FROM new_rows)
        UNION ALL
        (SELECT member_id, id, at, name FROM new_rows EXCEPT SELECT member_id, id, at, name FROM old_rows)
    ) changed
    WHERE name = 'login' GROUP BY member_id;
    RETURN NULL;
END $$;

CREATE FUNCTION lifecycle_signal_inserted() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO lifecycle_dirty (member_id, since, until)
    SELECT member_id, min(at), max(at) FROM new_rows GROUP BY member_id;
    RETURN NULL;
END $$;
CREATE FUNCTION lifecycle_signal_deleted() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO lifecycle_dirty (member_id, since, until)
    SELECT member_id, min(at), max(at) FROM old_rows GROUP BY member_id;
    RETURN NULL;
END $$;
CREATE FUNCTION lifecycle_signal_updated() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO lifecycle_dirty (member_id, since, until)
    SELECT member_id, min(at), max(at) FROM (
        (SELECT member_id, id, at, kind FROM old_rows EXCEPT SELECT member_id, id, at, kind FROM new_rows)
        UNION ALL
        (SELECT member_id, id, at, kind FROM new_rows EXCEPT SELECT member_id, id, at, kind FROM old_rows)
    ) changed
    GROUP BY member_id;
    RETURN NULL;
END $$;

CREATE FUNCTION lifecycle_newnormal_inserted() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO lifecycle_dirty (member_id, since, until)
    SELECT member_id, min(at), max(at) FROM new_rows GROUP BY member_id;
    RETURN NULL;
END $$;
CREATE TRIGGER lifecycle_inserted AFTER INSERT ON lifecycle_newnormal
    REFERENCING NEW TABLE AS new_rows FOR EACH STATEMENT EXECUTE FUNCTION lifecycle_newnormal_inserted();

-- A complaint is open from its receipt until it is closed, which may lie in the future: a lapse.
CREATE FUNCTION lifecycle_complaint_inserted() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO lifecycle_dirty (member_id, since, until)
    SELECT member_id, min(received_at), max(greatest(received_at, closed_at)) FROM new_rows GROUP BY member_id;
    RETURN NULL;
END $$;
CREATE FUNCTION lifecycle_complaint_deleted() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO lifecycle_dirty (member_id, since, until)
    SELECT member_id, min(received_at), max(greatest(received_at, closed_at)) FROM old_rows GROUP BY member_id;
    RETURN NULL;
END $$;
CREATE FUNCTION lifecycle_complaint_updated() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO lifecycle_dirty (member_id, since, until)
    SELECT member_id, min(since), max(until) FROM (
        SELECT member_id,
               CASE WHEN min(received_at) = max(received_at) THEN min(closed_at) ELSE min(received_at) END AS since,
               max(greatest(received_at, closed_at)) AS until
        FROM (SELECT member_id, id, received_at, closed_at FROM old_rows
              UNION ALL SELECT member_id, id, received_at, closed_at FROM new_rows) AS compared
        GROUP BY member_id, id
        HAVING min(received_at) < max(received_at) OR min(closed_at) < max(closed_at) OR count(closed_at) = 1
    ) AS changed
    GROUP BY member_id;
    RETURN NULL;
END $$;

-- A newer valuation within the bounds of its member's answer only updates the stored assets. The trigger needs the
-- business day for that (crm.runtime.clock.tell_database); without it every valuation dirties its member. So does one
-- of a member whose evaluation failed: it may be what mends it.
CREATE FUNCTION lifecycle_valuation_inserted() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    today date := nullif(current_setting('perennial.today', true), '')::date;
BEGIN
    WITH valued AS (
        SELECT member_id, min(date) AS first, max(date) AS last, min(aum) AS low, max(aum) AS high,
               (array_agg(aum ORDER BY date DESC))[1] AS aum
        FROM new_rows GROUP BY member_id
    ),
    within_bounds AS MATERIALIZED (
        SELECT s.member_id, v.last, v.aum
        FROM lifecycle_standing s
        JOIN valued v USING (member_id)
        WHERE today IS NOT NULL AND v.last <= today
          AND v.first >= s.evaluated_on AND (s.aum_on IS NULL OR v.first > s.aum_on)
          AND (s.due_on IS NULL OR v.last < s.due_on)
          AND (s.aum_low IS NULL OR v.low >= s.aum_low) AND (s.aum_high IS NULL OR v.high <= s.aum_high)
          AND NOT EXISTS (SELECT FROM lifecycle_evaluationfailure f WHERE f.member_id = s.member_id)
        ORDER BY s.member_id
        FOR UPDATE OF s
    ),
    updated AS (
        UPDATE lifecycle_standing s SET aum = b.aum, aum_on = b.last
        FROM within_bounds b WHERE s.member_id = b.member_id
        RETURNING s.member_id
    )
    INSERT INTO lifecycle_dirty (member_id, since_day, until_day)
    SELECT member_id, first, last FROM valued WHERE member_id NOT IN (SELECT member_id FROM updated);
    RETURN NULL;
END $$;
CREATE FUNCTION lifecycle_valuation_deleted() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO lifecycle_dirty (member_id, since_day, until_day)
    SELECT member_id, min(date), max(date) FROM old_rows GROUP BY member_id;
    RETURN NULL;
END $$;
CREATE FUNCTION lifecycle_valuation_updated() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO lifecycle_dirty (member_id, since_day, until_day)
    SELECT member_id, min(date), max(date) FROM (
        (SELECT member_id, date, aum FROM old_rows EXCEPT SELECT member_id, date, aum FROM new_rows)
        UNION ALL
        (SELECT member_id, date, aum FROM new_rows EXCEPT SELECT member_id, date, aum FROM old_rows)
    ) changed
    GROUP BY member_id;
    RETURN NULL;
END $$;

CREATE TRIGGER lifecycle_inserted AFTER INSERT ON profiles_member
    REFERENCING NEW TABLE AS new_rows FOR EACH STATEMENT EXECUTE FUNCTION lifecycle_member_inserted();
CREATE TRIGGER lifecycle_updated AFTER UPDATE ON profiles_member
    REFERENCING OLD TABLE AS old_rows NEW TABLE AS new_rows FOR EACH STATEMENT EXECUTE FUNCTION lifecycle_member_updated();

DO $$
DECLARE
    subject text[];
BEGIN
    FOREACH subject SLICE 1 IN ARRAY ARRAY[
        ['portfolio_transaction', 'transaction'], ['profiles_event', 'event'],
        ['profiles_signal', 'signal'], ['profiles_complaint', 'complaint'], ['portfolio_valuation', 'valuation']
    ] LOOP
        EXECUTE format('CREATE TRIGGER lifecycle_inserted AFTER INSERT ON %I REFERENCING NEW TABLE AS new_rows '
            'FOR EACH STATEMENT EXECUTE FUNCTION %I()', subject[1], 'lifecycle_' || subject[2] || '_inserted');
        EXECUTE format('CREATE TRIGGER lifecycle_deleted AFTER DELETE ON %I REFERENCING OLD TABLE AS old_rows '
            'FOR EACH STATEMENT EXECUTE FUNCTION %I()', subject[1], 'lifecycle_' || subject[2] || '_deleted');
        EXECUTE format('CREATE TRIGGER lifecycle_updated AFTER UPDATE ON %I REFERENCING OLD TABLE AS old_rows NEW TABLE AS new_rows '
            'FOR EACH STATEMENT EXECUTE FUNCTION %I()', subject[1], 'lifecycle_' || subject[2] || '_updated');
    END LOOP;
END $$;
