-- Business days and instants: (value, zone, stable from, offset). From the instant `stable from` on, the zone keeps the
-- offset for ever, which is several times faster to apply than a zone by name; before it the zone itself is applied, and
-- of a midnight that comes twice the first counts.
CREATE FUNCTION lifecycle_day_of(timestamptz, text, timestamptz, interval) RETURNS date
LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
    SELECT (CASE WHEN $1 >= $3 THEN $1 AT TIME ZONE $4 ELSE $1 AT TIME ZONE $2 END)::date
$$;
-- STABLE as the sum in it is: declared otherwise it could not be inlined.
CREATE FUNCTION lifecycle_day_start(date, text, timestamptz, interval) RETURNS timestamptz
LANGUAGE sql STABLE PARALLEL SAFE AS $$
    SELECT CASE
        WHEN $1::timestamp AT TIME ZONE $4 > $3 THEN $1::timestamp AT TIME ZONE $4
        ELSE least($1::timestamp AT TIME ZONE $2, ($1::timestamp - interval '1 hour') AT TIME ZONE $2 + interval '1 hour')
    END
$$;

-- The business day of an instant, for triggers. It is a day in UTC until the platform's time zone is written into it
-- after each migrate (members.lifecycle.counts.maintenance.keep_platform_day), since a
-- trigger cannot read settings.
CREATE FUNCTION lifecycle_platform_day(timestamptz) RETURNS date LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $fn$
    SELECT ($1 AT TIME ZONE 'UTC')::date
$fn$;

-- Which version of the policy is in force from when to when. Of several versions effective from one instant the latest
-- is in force; before the first instant, its first version is.
CREATE VIEW lifecycle_policy_period AS
    SELECT max(version) AS version, effective_from AS since,
           lead(effective_from, 1, 'infinity') OVER (ORDER BY effective_from) AS until
    FROM lifecycle_policy GROUP BY effective_from
    UNION ALL
    (SELECT version, '-infinity', effective_from FROM lifecycle_policy ORDER BY effective_from, version LIMIT 1);

-- The version in force at an instant.
CREATE FUNCTION lifecycle_policy_at(timestamptz) RETURNS integer LANGUAGE sql STABLE PARALLEL SAFE AS $$
    SELECT coalesce(
        (SELECT version FROM lifecycle_policy WHERE effective_from <= $1 ORDER BY effective_from DESC, version DESC LIMIT 1),
        (SELECT version FROM lifecycle_policy ORDER BY effective_from, version LIMIT 1)
    )
$$;

-- The instant from which a member evaluated at $1 has to be evaluated again: the start of the first version after $1,
-- at the latest $2, the start of the version in force.
CREATE FUNCTION lifecycle_reevaluate_from(timestamptz, timestamptz) RETURNS timestamptz LANGUAGE sql STABLE AS $$
    SELECT least($2, (SELECT min(effective_from) FROM lifecycle_policy WHERE effective_from > $1))
$$;
