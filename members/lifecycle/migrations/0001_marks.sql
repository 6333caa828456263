-- Every change of a fact marks its member dirty in the same transaction, set-based, whoever writes it.

CREATE FUNCTION lifecycle_policy_at(timestamptz) RETURNS integer LANGUAGE sql STABLE PARALLEL SAFE AS $$
    SELECT coalesce(
        (SELECT version FROM lifecycle_policy WHERE effective_from <= $1 ORDER BY effective_from DESC, version DESC LIMIT 1),
        (SELECT version FROM lifecycle_policy ORDER BY effective_from, version LIMIT 1)
    )
$$;

-- From when on a member evaluated at $1 has to be looked at again, the policy in force being of $2.
CREATE FUNCTION lifecycle_policy_since(timestamptz, timestamptz) RETURNS timestamptz LANGUAGE sql STABLE AS $$
    SELECT least($2, (SELECT min(effective_from) FROM lifecycle_policy WHERE effective_from > $1))
$$;

CREATE FUNCTION lifecycle_member_added() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO lifecycle_standing (member_id, policy_version, rules, warnings, aum)
    SELECT id, 0, 0, 0, 0 FROM added ORDER BY id;
    INSERT INTO lifecycle_dirty (member_id, since, until)
    SELECT id, known_at, greatest(known_at, registered_at) FROM added;
    RETURN NULL;
END $$;

-- What the member record says counts at once, also of the future: a registration to come is a due instant.
-- So its changes are taken from the very beginning, which lies before every record.
CREATE FUNCTION lifecycle_member_changed() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO lifecycle_dirty (member_id, since, until)
    SELECT o.id, timestamptz '1800-01-01 00:00+00',
           greatest(o.known_at, n.known_at, o.registered_at, n.registered_at)
    FROM taken o
    JOIN added n USING (id)
    WHERE (o.known_at, o.registered_at) IS DISTINCT FROM (n.known_at, n.registered_at);
    RETURN NULL;
END $$;

CREATE FUNCTION lifecycle_transaction_added() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO lifecycle_dirty (member_id, since, until)
    SELECT member_id, min(at), max(at) FROM added WHERE kind IN ('buy', 'sell') GROUP BY member_id;
    RETURN NULL;
END $$;
CREATE FUNCTION lifecycle_transaction_taken() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO lifecycle_dirty (member_id, since, until)
    SELECT member_id, min(at), max(at) FROM taken WHERE kind IN ('buy', 'sell') GROUP BY member_id;
    RETURN NULL;
END $$;
CREATE FUNCTION lifecycle_transaction_changed() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO lifecycle_dirty (member_id, since, until)
    SELECT member_id, min(at), max(at) FROM (
        (SELECT member_id, id, at, kind, amount FROM taken EXCEPT SELECT member_id, id, at, kind, amount FROM added)
        UNION ALL
        (SELECT member_id, id, at, kind, amount FROM added EXCEPT SELECT member_id, id, at, kind, amount FROM taken)
    ) changed
    WHERE kind IN ('buy', 'sell') GROUP BY member_id;
    RETURN NULL;
END $$;

CREATE FUNCTION lifecycle_event_added() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO lifecycle_dirty (member_id, since, until)
    SELECT member_id, min(at), max(at) FROM added WHERE name = 'login' GROUP BY member_id;
    RETURN NULL;
END $$;
CREATE FUNCTION lifecycle_event_taken() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO lifecycle_dirty (member_id, since, until)
    SELECT member_id, min(at), max(at) FROM taken WHERE name = 'login' GROUP BY member_id;
    RETURN NULL;
END $$;
CREATE FUNCTION lifecycle_event_changed() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO lifecycle_dirty (member_id, since, until)
    SELECT member_id, min(at), max(at) FROM (
        (SELECT member_id, id, at, name FROM taken EXCEPT SELECT member_id, id, at, name FROM added)
        UNION ALL
        (SELECT member_id, id, at, name FROM added EXCEPT SELECT member_id, id, at, name FROM taken)
    ) changed
    WHERE name = 'login' GROUP BY member_id;
    RETURN NULL;
END $$;

CREATE FUNCTION lifecycle_signal_added() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO lifecycle_dirty (member_id, since, until)
    SELECT member_id, min(at), max(at) FROM added GROUP BY member_id;
    RETURN NULL;
END $$;
CREATE FUNCTION lifecycle_signal_taken() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO lifecycle_dirty (member_id, since, until)
    SELECT member_id, min(at), max(at) FROM taken GROUP BY member_id;
    RETURN NULL;
END $$;
CREATE FUNCTION lifecycle_signal_changed() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO lifecycle_dirty (member_id, since, until)
    SELECT member_id, min(at), max(at) FROM (
        (SELECT member_id, id, at, kind FROM taken EXCEPT SELECT member_id, id, at, kind FROM added)
        UNION ALL
        (SELECT member_id, id, at, kind FROM added EXCEPT SELECT member_id, id, at, kind FROM taken)
    ) changed
    GROUP BY member_id;
    RETURN NULL;
END $$;

-- A newer valuation within the bounds of its member's answer only moves the stored assets along. That takes
-- the business day (crm.runtime.clock.tell_database); without it every valuation marks its member.
CREATE FUNCTION lifecycle_valuation_added() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    today date := nullif(current_setting('perennial.today', true), '')::date;
BEGIN
    WITH news AS (
        SELECT member_id, min(date) AS first, max(date) AS last, min(aum) AS low, max(aum) AS high,
               (array_agg(aum ORDER BY date DESC))[1] AS aum
        FROM added GROUP BY member_id
    ),
    quiet AS MATERIALIZED (
        SELECT s.member_id, n.last, n.aum
        FROM lifecycle_standing s
        JOIN news n USING (member_id)
        WHERE today IS NOT NULL AND n.last <= today
          AND n.first >= s.evaluated_on AND (s.aum_on IS NULL OR n.first > s.aum_on)
          AND (s.due_on IS NULL OR n.last < s.due_on)
          AND (s.aum_low IS NULL OR n.low >= s.aum_low) AND (s.aum_high IS NULL OR n.high <= s.aum_high)
        ORDER BY s.member_id
        FOR UPDATE OF s
    ),
    moved AS (
        UPDATE lifecycle_standing s SET aum = q.aum, aum_on = q.last
        FROM quiet q WHERE s.member_id = q.member_id
        RETURNING s.member_id
    )
    INSERT INTO lifecycle_dirty (member_id, since_day, until_day)
    SELECT n.member_id, n.first, n.last
    FROM news n
    LEFT JOIN moved m USING (member_id)
    WHERE m.member_id IS NULL;
    RETURN NULL;
END $$;
CREATE FUNCTION lifecycle_valuation_taken() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO lifecycle_dirty (member_id, since_day, until_day)
    SELECT member_id, min(date), max(date) FROM taken GROUP BY member_id;
    RETURN NULL;
END $$;
CREATE FUNCTION lifecycle_valuation_changed() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO lifecycle_dirty (member_id, since_day, until_day)
    SELECT member_id, min(date), max(date) FROM (
        (SELECT member_id, date, aum FROM taken EXCEPT SELECT member_id, date, aum FROM added)
        UNION ALL
        (SELECT member_id, date, aum FROM added EXCEPT SELECT member_id, date, aum FROM taken)
    ) changed
    GROUP BY member_id;
    RETURN NULL;
END $$;

CREATE TRIGGER lifecycle_added AFTER INSERT ON profiles_member
    REFERENCING NEW TABLE AS added FOR EACH STATEMENT EXECUTE FUNCTION lifecycle_member_added();
CREATE TRIGGER lifecycle_changed AFTER UPDATE ON profiles_member
    REFERENCING OLD TABLE AS taken NEW TABLE AS added FOR EACH STATEMENT EXECUTE FUNCTION lifecycle_member_changed();

DO $$
DECLARE
    subject text[];
BEGIN
    FOREACH subject SLICE 1 IN ARRAY ARRAY[
        ['portfolio_transaction', 'transaction'], ['profiles_event', 'event'],
        ['profiles_signal', 'signal'], ['portfolio_valuation', 'valuation']
    ] LOOP
        EXECUTE format('CREATE TRIGGER lifecycle_added AFTER INSERT ON %I REFERENCING NEW TABLE AS added '
            'FOR EACH STATEMENT EXECUTE FUNCTION %I()', subject[1], 'lifecycle_' || subject[2] || '_added');
        EXECUTE format('CREATE TRIGGER lifecycle_taken AFTER DELETE ON %I REFERENCING OLD TABLE AS taken '
            'FOR EACH STATEMENT EXECUTE FUNCTION %I()', subject[1], 'lifecycle_' || subject[2] || '_taken');
        EXECUTE format('CREATE TRIGGER lifecycle_changed AFTER UPDATE ON %I REFERENCING OLD TABLE AS taken NEW TABLE AS added '
            'FOR EACH STATEMENT EXECUTE FUNCTION %I()', subject[1], 'lifecycle_' || subject[2] || '_changed');
    END LOOP;
END $$;
