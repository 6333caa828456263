-- A few members at given instants; members of "forecast_ids" also when their stored answer is due and when a policy
-- comes into force.
pair AS MATERIALIZED (
    SELECT i.member_id, i.at,
           lifecycle_day_of(i.at, %(zone)s, %(stable_from)s, %(offset)s::interval) AS day,
           lifecycle_policy_at(i.at) AS policy_version
    FROM (
        SELECT * FROM unnest(%(member_ids)s::bigint[], %(instants)s::timestamptz[]) AS requested (member_id, at)
        UNION
        SELECT member_id, due_at FROM lifecycle_standing
        WHERE member_id = ANY(%(forecast_ids)s::bigint[])
            AND due_at > %(after)s::timestamptz AND due_at <= coalesce(%(until)s::timestamptz, 'infinity')
        UNION
        SELECT m.id, p.effective_from FROM unnest(%(forecast_ids)s::bigint[]) AS m (id), lifecycle_policy p
        WHERE p.effective_from > %(after)s::timestamptz
            AND p.effective_from <= coalesce(%(until)s::timestamptz, 'infinity')
    ) AS i (member_id, at)
),
policies AS (
    SELECT * FROM lifecycle_policy WHERE version IN (SELECT policy_version FROM pair)
),
claimed AS (
    SELECT NULL::bigint AS member_id, NULL::timestamptz AS first_invested_at WHERE false
),
assumed AS (
    SELECT NULL::bigint AS member_id, NULL::numeric AS aum WHERE false
)
