INSERT INTO profiles_preference (member_id, goal, horizon_days, liquidity, categories, stated_on, source)
SELECT identity.member_id, goal, horizon_days, liquidity, string_to_array(categories, '|'), stated_on, %(source)s
FROM unnest(
    %(members)s::text[], %(goals)s::text[], %(horizons)s::int[], %(liquidities)s::text[],
    %(categories)s::text[], %(told)s::date[]
) AS line (outside_id, goal, horizon_days, liquidity, categories, stated_on)
JOIN profiles_identity AS identity
    ON identity.kind = 'member' AND identity.source = %(source)s AND identity.value = line.outside_id
