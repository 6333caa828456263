-- Business days and instants. From $3 on the zone keeps the offset $4, which is several times faster to apply than a zone
-- by name; before it the zone is asked, and a midnight that comes twice is the first of the two.
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

-- The business day of an instant, for the triggers below. It speaks of UTC until the platform's time zone is written
-- into it after each migrate (members.lifecycle.counts.tally.keep_zone): a trigger knows no settings.
CREATE FUNCTION lifecycle_platform_day(timestamptz) RETURNS date LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $fn$
    SELECT ($1 AT TIME ZONE 'UTC')::date
$fn$;

-- Of the versions effective from one instant the latest rules; before the first instant, its first version does.
CREATE VIEW lifecycle_ruling AS
    SELECT max(version) AS version, effective_from AS since,
           lead(effective_from, 1, 'infinity') OVER (ORDER BY effective_from) AS until
    FROM lifecycle_policy GROUP BY effective_from
    UNION ALL
    (SELECT version, '-infinity', effective_from FROM lifecycle_policy ORDER BY effective_from, version LIMIT 1);
