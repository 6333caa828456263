-- A few members at given instants; some also where their stored answers are due and where policies start to apply.
pair AS MATERIALIZED (
    SELECT i.member_id, i.at,
           lifecycle_day_of(i.at, %(zone)s, %(stable_from)s, %(offset)s::interval) AS day,
           lifecycle_policy_at(i.at) AS policy_version
    FROM (
        SELECT * FROM unnest(%(whose)s::bigint[], %(instants)s::timestamptz[]) AS asked (member_id, at)
        UNION
        SELECT member_id, due_at FROM lifecycle_standing
        WHERE member_id = ANY(%(foreseen)s::bigint[])
            AND due_at > %(after)s::timestamptz AND due_at <= coalesce(%(until)s::timestamptz, 'infinity')
        UNION
        SELECT m.id, p.effective_from FROM unnest(%(foreseen)s::bigint[]) AS m (id), lifecycle_policy p
        WHERE p.effective_from > %(after)s::timestamptz
            AND p.effective_from <= coalesce(%(until)s::timestamptz, 'infinity')
    ) AS i (member_id, at)
),
policies AS (
    SELECT * FROM lifecycle_policy WHERE version IN (SELECT policy_version FROM pair)
),
claimed AS (
    SELECT NULL::bigint AS member_id, NULL::timestamptz AS first_invested_at WHERE false
)
