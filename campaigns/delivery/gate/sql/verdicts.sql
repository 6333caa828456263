-- What the gate says of each member (given once): facts, then the line of the table over them, then row, outcome and
-- reasons, which are read once for each line that there is. OFFSET 0 keeps a step from being evaluated again in the next.
-- `told[1]` is the reason of the row that decided; where it stands for suitability, row and reasons are those of suitability.
WITH copy AS MATERIALIZED (
    {copy}
),
many AS MATERIALIZED (
    SELECT %(members)s::bigint[] AS ids
),
asked AS MATERIALIZED (
    SELECT unnest(%(members)s::bigint[]) AS member_id -- of the array itself, so that the planner knows how many
),
consent AS (
    {consent}
),
capped AS (
    {capped}
),
{relations}
contact AS (
    SELECT m.id AS member_id, coalesce(x.until, %(now)s::timestamptz) AS capped_until, a.id AS consent_id,
        coalesce(a.given, {unsaid}) AS is_consented, {suppressed} AS is_suppressed, {has_address} AS has_address,
        {sensitive} AS is_sensitive_consented, {personalisation} AS is_personalisation_on,
        m.id = ANY(%(refused)s::bigint[]) AS is_value_refused, m.id = ANY(%(missing)s::bigint[]) AS is_value_missing,
        {complaint} AS has_complaint, {minor} AS is_minor, coalesce(p.time_zone, '') <> '' AS is_elsewhere
    FROM asked AS k
    JOIN profiles_member AS m ON m.id = k.member_id
    LEFT JOIN consent AS a ON a.member_id = m.id
    LEFT JOIN capped AS x ON x.member_id = m.id
    LEFT JOIN profiles_contactpreference AS p ON p.member_id = m.id
    OFFSET 0
),
timed AS (
    SELECT n.*, CASE
        WHEN n.capped_until = %(now)s::timestamptz AND NOT n.is_elsewhere THEN (SELECT {allowed_here})
        ELSE {allowed_at}
    END AS allowed_at
    FROM contact AS n OFFSET 0
),
facts AS (
    SELECT n.*, c.copy_status, c.purpose, n.capped_until > %(now)s::timestamptz AS is_capped, n.allowed_at > n.capped_until AS is_quiet,
        %(is_sensitive)s::boolean AS is_sensitive, %(is_personalised)s::boolean AS is_personalised,
        %(is_offered)s::boolean AS is_offered, {suitability}
    FROM timed AS n CROSS JOIN copy AS c {joined}
    OFFSET 0
),
lined AS MATERIALIZED (
    SELECT f.*, ARRAY[{line}, f.suitability_line] AS lines FROM facts AS f
),
-- What two lines say, once for each pair that there is: the gate's own reasons, with those of suitability in its place.
-- (One column of both, since the planner takes two for a tenth of the members and sorts them.)
read AS (
    SELECT x.lines, x.said, CASE x.said WHEN 'warn' THEN 'allow' ELSE x.said END AS outcome,
        CASE WHEN x.told[1] = ANY({standing_in}) THEN coalesce(s.code, '') ELSE x.code END AS row,
        CASE
            WHEN NOT x.told && {standing_in} THEN x.told
            WHEN x.told[1] = ANY({standing_in}) THEN coalesce(s.reasons, '{{}}') || {own}
            ELSE {own} || coalesce(s.reasons, '{{}}')
        END AS reasons
    FROM (
        SELECT j.lines, {code} AS code, {outcome} AS said, {reasons} AS told
        FROM (SELECT lines, lines[1] AS line FROM (SELECT DISTINCT lines FROM lined) AS pairs) AS j
        OFFSET 0
    ) AS x
    LEFT JOIN suit_read AS s ON s.line = x.lines[2]
),
-- The part of the snapshot that all have.
shared AS MATERIALIZED (
    SELECT jsonb_build_object(
        'table', %(table)s::text, 'copy', c.copy_status, 'pack', nullif(c.pack_name || ' ' || c.pack_version, ' '),
        'checker', c.checker_id, 'expires_at', c.expires_at, 'policy', %(policy)s::integer, 'capped_until', NULL{of_all}
    ) AS snapshot
    FROM copy AS c {product}
),
verdict AS (
    SELECT t.member_id, %(call)s::bigint AS call, c.copy_version_id, c.template_hash, %(channel)s AS channel,
        %(selection)s AS selection, r.outcome, r.row, r.reasons, %(now)s::timestamptz AS decided_at,
        CASE WHEN r.said = 'defer' THEN t.allowed_at END AS not_before,
        h.snapshot || CASE
            WHEN t.is_capped THEN jsonb_build_object('consent', t.consent_id, 'capped_until', t.capped_until{of_each})
            ELSE jsonb_build_object('consent', t.consent_id{of_each})
        END AS snapshot
    FROM lined AS t
    JOIN read AS r ON r.lines = t.lines
    CROSS JOIN copy AS c
    CROSS JOIN shared AS h
)
