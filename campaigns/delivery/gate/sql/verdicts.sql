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
    SELECT f.*, {line} AS line FROM facts AS f
),
read AS (
    SELECT j.line, {code} AS code, {outcome} AS said, {reasons} AS told FROM (SELECT DISTINCT line FROM lined) AS j
),
told AS (
    SELECT l.*, r.code, r.said, r.told FROM lined AS l JOIN read AS r ON r.line = l.line
),
verdict AS (
    SELECT t.member_id, %(call)s::bigint AS call, c.copy_version_id, c.template_hash, %(channel)s AS channel,
        %(selection)s AS selection, CASE t.said WHEN 'warn' THEN 'allow' ELSE t.said END AS outcome,
        CASE WHEN t.told[1] = ANY({standing_in}) THEN t.suitability_row ELSE t.code END AS row,
        CASE
            WHEN NOT t.told && {standing_in} THEN t.told
            WHEN t.told[1] = ANY({standing_in}) THEN t.suitability_reasons || {own}
            ELSE {own} || t.suitability_reasons
        END AS reasons,
        %(now)s::timestamptz AS decided_at, CASE WHEN t.said = 'defer' THEN t.allowed_at END AS not_before,
        jsonb_build_object(
            'table', %(table)s::text, 'copy', t.copy_status, 'pack', nullif(c.pack_name || ' ' || c.pack_version, ' '),
            'checker', c.checker_id, 'expires_at', c.expires_at, 'consent', t.consent_id, 'policy', %(policy)s::integer,
            'capped_until', CASE WHEN t.is_capped THEN t.capped_until END{recorded}
        ) AS snapshot
    FROM told AS t CROSS JOIN copy AS c
)
