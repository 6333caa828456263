-- A few members at given instants, and at the instants their stored answers are due, with the policies in force.
pair AS MATERIALIZED (
    SELECT i.member_id, i.at,
           lifecycle_day_of(i.at, %(zone)s, %(stable_from)s, %(offset)s::interval) AS day,
           lifecycle_policy_at(i.at) AS policy_version
    FROM (
        SELECT m.id, a.at FROM unnest(%(members)s::bigint[]) AS m (id), unnest(%(instants)s::timestamptz[]) AS a (at)
        UNION
        SELECT member_id, due_at FROM lifecycle_standing
        WHERE member_id = ANY(%(members)s) AND %(foresee)s
            AND due_at > coalesce((%(instants)s::timestamptz[])[1], '-infinity')
    ) AS i (member_id, at)
),
policies AS (
    SELECT * FROM lifecycle_policy WHERE version IN (SELECT policy_version FROM pair)
),
claimed AS (
    SELECT NULL::bigint AS member_id, NULL::timestamptz AS first_invested_at WHERE false
)
